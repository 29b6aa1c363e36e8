"""The line of a score over the years, as SVG text (pure Python)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from ..numbers import percent
from . import svg
from .palette import EDGE, HAIR, MUTED, NOW, WHITE

LEFT, RIGHT, LOW, HIGH = 34.0, 246.0, 112.0, 12.0


class Moment(NamedTuple):
    """A score at one time; ``part`` says what it covers, where that is not all."""

    name: str
    value: float | None
    part: str = ""


def trend(
    moments: Sequence[Moment],
    label: str,
    tell: Callable[[float | None], str] = percent,
) -> str:
    """Return the small line of a score over time: full points where all is scored.

    A part of the objectives is a hollow point on a dashed line: no rise, no fall.

    :param tell: how a score is written

    >>> moments = [Moment("2022", 42), Moment("2024", None), Moment("2026", 67, "3/4")]
    >>> drawing = trend(moments, "Identité")
    >>> drawing.count("<circle"), drawing.count("<polyline"), "3/4" in drawing
    (2, 0, True)
    >>> drawing.count('fill="#ffffff"')
    1
    >>> moments = [Moment("2024", 60), Moment("2025", 62), Moment("2026", 53, "5/26")]
    >>> trend(moments, "A").count("stroke-dasharray")
    1
    >>> trend([Moment("2024", 42), Moment("2026", 67)], "A").count("<polyline")
    1
    >>> trend([], "Nothing")
    ''
    """
    if not moments:
        return ""
    step = (RIGHT - LEFT) / max(len(moments) - 1, 1)
    places = [LEFT + rank * step for rank in range(len(moments))]
    spots = [
        None if moment.value is None else (x, LOW - (LOW - HIGH) * moment.value / 100)
        for x, moment in zip(places, moments, strict=True)
    ]
    height = 152 if any(moment.part for moment in moments) else 136
    parts = [*_frame(), *_lines(moments, spots)]
    for rank, moment in enumerate(moments):
        parts += _names(moment, places[rank])
        if spots[rank]:
            parts += _point(tell(moment.value), spots[rank], not moment.part)
    return svg.drawing(parts, (0, 0, 290, height), label)


def _frame() -> list[str]:
    """Return the lines of 0, 50 and 100, and what the ends are worth."""
    parts = [
        svg.element("line", x1=20, x2=262, y1=y, y2=y, stroke=color)
        for y, color in ((112, EDGE), (62, HAIR), (12, HAIR))
    ]
    return [
        *parts,
        svg.text("100", 286, 16, "end", 12),
        svg.text("0", 286, 116, "end", 12),
    ]


def _lines(moments: Sequence[Moment], spots: Sequence[svg.Point | None]) -> list[str]:
    """Return a line between each two scores, dashed where one is of a part."""
    lines = []
    for (before, start), (after, end) in pairwise(zip(moments, spots, strict=True)):
        if start and end:
            dashes = {"stroke_dasharray": "5 5"} if before.part or after.part else {}
            lines.append(
                svg.element(
                    "polyline",
                    points=svg.coordinates((start, end)),
                    fill="none",
                    stroke=NOW,
                    stroke_width=2.5,
                    **dashes,
                )
            )
    return lines


def _names(moment: Moment, x: float) -> list[str]:
    parts = [svg.text(moment.name, x, 130, "middle", 13)]
    if moment.part:
        parts.append(svg.text(moment.part, x, 146, "middle", 12, fill=MUTED))
    return parts


def _point(told: str, spot: svg.Point, full: bool) -> list[str]:
    above = spot[1] - 10 if spot[1] > 24 else spot[1] + 20
    return [
        svg.element(
            "circle",
            cx=spot[0],
            cy=spot[1],
            r=5,
            fill=NOW if full else WHITE,
            stroke=NOW,
            stroke_width=2,
        ),
        svg.text(told, spot[0], above, "middle", 13, 600),
    ]
