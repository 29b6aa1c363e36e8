"""From one level to another on the steps of a scale, as SVG text (pure Python)."""

from __future__ import annotations

from collections.abc import Sequence

from . import svg
from .palette import HAIR, INK, NOW, WHITE

WIDTH, HEIGHT, LEFT, MIDDLE = 214, 44, 14, 14.0


def steps(values: Sequence[int], before: int, after: int) -> str:
    """Return the way from ``before`` (hollow) to ``after`` (full) among ``values``.

    Where nothing changed, a dashed ring surrounds the one point. It is decoration: the
    same is said in words beside it.

    >>> moved, same = steps([0, 1, 2, 3], 0, 3), steps([0, 1, 2, 3], 2, 2)
    >>> moved.count("<circle"), 'cx="14"' in moved, 'cx="200"' in moved
    (2, True, True)
    >>> same.count("stroke-dasharray"), moved.count("stroke-dasharray")
    (1, 0)
    >>> steps([1], 1, 1).count("<text")
    1
    """
    pitch = (WIDTH - 2 * LEFT) / max(1, len(values) - 1)
    places = {value: LEFT + pitch * rank for rank, value in enumerate(sorted(values))}
    start, end = places[before], places[after]
    parts = []
    for value, x in places.items():
        parts.append(svg.element("line", x1=x, x2=x, y1=4, y2=24, stroke=HAIR))
        parts.append(svg.text(str(value), x, 40, "middle", 12))
    way = {"x1": start, "x2": end, "y1": MIDDLE, "y2": MIDDLE}
    parts.append(svg.element("line", **way, stroke=INK, stroke_width=3))
    parts.append(_circle(start, 6, WHITE, stroke=INK, stroke_width=2))
    if start == end:
        ring = {"stroke": INK, "stroke_width": 1.5, "stroke_dasharray": "3 3"}
        parts.append(_circle(start, 10, "none", **ring))
    else:
        parts.append(_circle(end, 7, NOW))
    return svg.drawing(parts, (0, 0, WIDTH, HEIGHT), "", "cap-steps")


def _circle(x: float, size: int, fill: str, **style: object) -> str:
    return svg.element("circle", cx=x, cy=MIDDLE, r=size, fill=fill, **style)
