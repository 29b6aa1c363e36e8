"""Every objective at a glance: one small bar each, by sub-theme (pure Python)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from . import svg
from .palette import EDGE, MUTED, WHITE, LevelColors

WIDTH = 690.0
CELL, GAP, BETWEEN = 20.0, 2.0, 16.0
TALL, SHORT, FOOT = 40.0, 18.0, 24.0
SIZE = 13.0  # over 9 points on an A4 page


class Cell(NamedTuple):
    """One objective: what is written on its bar, how high it is (0-1), its colours.

    Without colours it has no level: not applicable, or to do.
    """

    text: str
    height: float = 0.0
    colors: LevelColors | None = None


class Group(NamedTuple):
    """The objectives of one sub-theme."""

    name: str
    cells: Sequence[Cell]


def strip(groups: Sequence[Group], label: str) -> str:
    """Return the bars of ``groups``, side by side, on as many rows as it takes.

    A group that is wider than a row goes on over the next ones.

    >>> known = LevelColors("#1f7a6c", "#1f7a6c", "#ffffff")
    >>> cells = [Cell("2", 0.5, known), Cell("NA"), Cell("")]
    >>> drawing = strip([Group("1.1", cells)], "Levels")
    >>> drawing.count("<rect"), drawing.count("stroke-dasharray"), ">1.1<" in drawing
    (3, 2, True)
    >>> wide = strip([Group("1", [Cell("")] * 40), Group("2", [Cell("")])], "Two rows")
    >>> wide.count('y="22.5"'), wide.count('y="86.5"')
    (31, 10)
    >>> strip([], "Nothing")
    ''
    """
    if not groups:
        return ""
    parts: list[str] = []
    x, y = 0.0, 0.0
    for group in groups:
        if x and x + _width(group) > WIDTH:
            x, y = 0.0, y + TALL + FOOT
        parts.append(svg.text(group.name, x, y + TALL + 15, size=SIZE, fill=MUTED))
        for cell in group.cells:
            if x + CELL > WIDTH:
                x, y = 0.0, y + TALL + FOOT
            parts.append(_cell(cell, x, y))
            x += CELL + GAP
        x += BETWEEN
    return svg.drawing(parts, (0, 0, WIDTH, y + TALL + 20), label)


def _width(group: Group) -> float:
    return len(group.cells) * (CELL + GAP)


def _cell(cell: Cell, x: float, y: float) -> str:
    height = SHORT + (TALL - SHORT) * cell.height
    paint = cell.colors or LevelColors(WHITE, EDGE, MUTED)
    box = svg.element(
        "rect",
        x=x + 0.5,
        y=y + TALL - height + 0.5,
        width=CELL - 1,
        height=height - 1,
        rx=2,
        fill=paint.fill,
        stroke=paint.edge,
        stroke_dasharray=None if cell.colors else "2 2",
    )
    if not cell.text:
        return box
    words = svg.text(
        cell.text,
        x + CELL / 2,
        y + TALL - 4.5,
        "middle",
        SIZE,
        600,
        paint.text,
    )
    return box + words
