"""Horizontal bars with one origin and one length, as SVG text (pure Python)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..numbers import percent
from . import svg
from .palette import EDGE, MUTED, NOW, WHITE
from .svg import LINE

if TYPE_CHECKING:  # pragma: no cover
    from .radar import Axis

LEFT, HEIGHT = 2.0, 14.0


def bars(
    axes: Sequence[Axis],
    label: str,
    compact: bool = False,
    tell: Callable[[float | None], str] = percent,
) -> str:
    """Return one bar per axis under its name, the previous value as a dashed mark.

    :param compact: for narrow screens
    :param tell: how a score, or None, is written

    >>> from .radar import Axis
    >>> bars([Axis("1", "Projet", None)], "Bars").count("stroke-dasharray")
    1
    >>> bars([], "Bars")
    ''
    """
    if not axes:
        return ""
    width = 344 if compact else 690
    parts: list[str] = []
    top = 0.0
    for axis in axes:
        for line in svg.wrap(f"{axis.code} {axis.name}", 40 if compact else 80):
            top += LINE + 2
            parts.append(svg.text(line, LEFT, top, weight=600))
        parts.append(bar(axis.value, LEFT, top + 8, width - 70.0, axis.previous))
        parts.append(
            svg.text(tell(axis.value), width - 60.0, top + 20, weight=600),
        )
        top += 44
    return svg.drawing(parts, (0, 0, width, top), label)


def bar(
    value: float | None,
    left: float,
    top: float,
    width: float,
    previous: float | None = None,
    height: float = HEIGHT,
) -> str:
    """Return one bar: full up to ``value`` (0-100), dashed and empty for None.

    >>> bar(50, 0, 0, 200).count("<rect"), 'width="100"' in bar(50, 0, 0, 200)
    (2, True)
    >>> bar(None, 0, 0, 200).count("<rect"), bar(50, 0, 0, 200, 25).count("<line")
    (1, 1)
    """
    shape = {"x": float(left), "y": float(top), "height": float(height), "rx": 4}
    parts = [
        svg.element(
            "rect",
            **shape,
            width=float(width),
            fill=WHITE,
            stroke=EDGE,
            stroke_dasharray="5 4" if value is None else None,
        )
    ]
    if value is not None:
        parts.append(
            svg.element("rect", **shape, width=width * value / 100, fill=NOW),
        )
    if previous is not None:
        x = left + width * previous / 100
        parts.append(
            svg.element(
                "line",
                x1=x,
                x2=x,
                y1=float(top - 4),
                y2=float(top + height + 4),
                stroke=MUTED,
                stroke_width=3,
                stroke_dasharray="3 3",
            )
        )
    return "".join(parts)
