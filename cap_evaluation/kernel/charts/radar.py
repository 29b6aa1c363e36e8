"""The radar of a photographie, as SVG text (pure Python).

The axis always goes from 0 to 100. A value of None is a gap, never a zero: the line
stops there and no point is drawn. A value that only a part of its objectives gave has a
hollow point.
"""

# pylint: disable=bad-builtin-groupby  # neighbours are wanted, and no Odoo here

import math
from collections.abc import Callable, Sequence
from itertools import groupby
from typing import NamedTuple
from xml.sax.saxutils import escape

from ..numbers import percent
from . import svg
from .bars import bars
from .palette import GRID, HAIR, INK, MUTED, NOW, WHITE
from .svg import CHAR, FONT, LINE, Point

MAX_NAMED_AXES = 14  # beyond, names would overlap: codes only

# How the last time is drawn: never like this year, even in grey.
PREVIOUS = {"stroke": MUTED, "stroke_width": 2, "stroke_dasharray": "5 5"}

Tell = Callable[[float | None], str]
Box = tuple[float, float, float, float]


class Axis(NamedTuple):
    """One direction of the radar: what is measured, now and last time (0-100).

    ``whole`` tells whether every objective of it that counts is scored.
    """

    code: str
    name: str
    value: float | None
    previous: float | None = None
    theme: str = ""
    whole: bool = True


def runs(values: Sequence[float | None], closed: bool = True) -> list[list[int]]:
    """Return the stretches of indexes that carry a value, in order.

    On a ``closed`` line the last index touches the first one.

    >>> runs([1, 2, None, 4])
    [[3, 0, 1]]
    >>> runs([1, 2, None, 4], closed=False)
    [[0, 1], [3]]
    >>> runs([None, None]), runs([1, 2, 3])
    ([], [[0, 1, 2]])
    """
    found = [
        [index for index, _value in group]
        for present, group in groupby(enumerate(values), lambda p: p[1] is not None)
        if present
    ]
    wraps = closed and len(found) > 1
    if wraps and found[0][0] == 0 and found[-1][-1] == len(values) - 1:
        found[0] = found.pop() + found[0]
    return found


def radar(
    axes: Sequence[Axis],
    label: str,
    rings: int = 3,
    compact: bool = False,
    tell: Tell = percent,
) -> str:
    """Return a radar of ``axes``; with fewer than three, horizontal bars.

    :param label: what a screen reader says of the drawing
    :param rings: circles of the grid, one for each step of the scale
    :param compact: codes instead of names, for narrow screens
    :param tell: how a score, or None, is written

    >>> axes = [Axis(f"1.{i}", "A & <b>", v) for i, v in enumerate([50, None, 100, 0])]
    >>> drawing = radar(axes, "Radar")
    >>> drawing.count("<circle"), "&lt;b&gt;" in drawing, "var(" in drawing
    (3, True, False)
    >>> radar(axes[:2], "Bars").count("<rect")
    3
    >>> radar([], "Nothing")
    ''
    """
    if len(axes) < 3:
        return bars(axes, label, compact, tell)
    radius = 128.0 if compact else 172.0
    named = not compact and len(axes) <= MAX_NAMED_AXES
    labels = [_axis_label(axes, index, radius, named) for index in range(len(axes))]
    parts = [
        *_grid(len(axes), radius, rings),
        *_theme_arcs(axes, radius + 8),
        *_series([axis.value for axis in axes], radius),
        *_previous([axis.previous for axis in axes], radius),
        *_points(axes, radius),
        *_ring_labels(radius, rings, tell),
        *(text for text, _box in labels),
    ]
    box = _view_box([box for _text, box in labels], radius + 12)
    return svg.drawing(parts, box, label)


def sign(name: str) -> str:
    """Return the small drawing of a legend: ``now``, ``before`` or ``part``.

    >>> sign("now").count("<circle"), sign("before").count("<circle")
    (1, 0)
    >>> WHITE in sign("part"), "aria-hidden" in sign("part")
    (True, True)
    """
    line = {"x1": 0, "x2": 34, "y1": 6, "y2": 6}
    if name == "before":
        parts = [svg.element("line", **line, **PREVIOUS)]
    else:
        fill = NOW if name == "now" else WHITE
        parts = [
            svg.element("line", **line, stroke=NOW, stroke_width=3),
            svg.element(
                "circle", cx=17, cy=6, r=5, fill=fill, stroke=NOW, stroke_width=2
            ),
        ]
    return svg.drawing(parts, (0, 0, 34, 12), "", "cap-sign-line")


# ------------------------------------------------------------------- pieces


def _angle(index: float, count: int) -> float:
    """Return the angle of an axis; the first one points up, they turn clockwise."""
    return -math.pi / 2 + 2 * math.pi * index / count


def _at(angle: float, distance: float) -> Point:
    return distance * math.cos(angle), distance * math.sin(angle)


def _spots(values: Sequence[float | None], radius: float) -> list[Point | None]:
    return [
        None if v is None else _at(_angle(i, len(values)), radius * v / 100)
        for i, v in enumerate(values)
    ]


def _grid(count: int, radius: float, rings: int) -> list[str]:
    parts = []
    for ring in range(1, rings + 1):
        corners = (_at(_angle(i, count), radius * ring / rings) for i in range(count))
        parts.append(
            svg.element(
                "polygon", points=svg.coordinates(corners), fill="none", stroke=GRID
            )
        )
    for index in range(count):
        x, y = _at(_angle(index, count), radius)
        parts.append(svg.element("line", x1=0, y1=0, x2=x, y2=y, stroke=HAIR))
    return parts


def _theme_arcs(axes: Sequence[Axis], radius: float) -> list[str]:
    """Return one arc over the neighbouring axes of each theme, when it has a name."""
    count, parts, first = len(axes), [], 0
    for theme, group in groupby(axes, lambda axis: axis.theme):
        last = first + len(list(group)) - 1
        if theme:
            start = svg.coordinates([_at(_angle(first - 0.42, count), radius)])
            end = svg.coordinates([_at(_angle(last + 0.42, count), radius)])
            large = int((last - first + 0.84) / count > 0.5)
            size = svg.number(radius)
            parts.append(
                svg.element(
                    "path",
                    d=f"M{start}A{size} {size} 0 {large} 1 {end}",
                    fill="none",
                    stroke=INK,
                    stroke_width=3,
                )
            )
        first = last + 1
    return parts


def _series(values: Sequence[float | None], radius: float) -> list[str]:
    spots = _spots(values, radius)
    style = {"stroke": NOW, "stroke_width": 3, "stroke_linejoin": "round"}
    area = {"fill": NOW, "fill_opacity": ".12"}
    if None not in spots:
        return [
            svg.element("polygon", points=svg.coordinates(spots), **area, **style),
        ]
    parts = []
    for run in runs(values):
        line = svg.coordinates(spots[i] for i in run)
        if len(run) > 1:
            area_of_run = {"points": f"0,0 {line}", **area, "stroke": "none"}
            parts.append(svg.element("polygon", **area_of_run))
            parts.append(svg.element("polyline", points=line, fill="none", **style))
    return parts


def _previous(values: Sequence[float | None], radius: float) -> list[str]:
    spots = _spots(values, radius)
    style = {"fill": "none", **PREVIOUS}
    if None not in spots:
        return [svg.element("polygon", points=svg.coordinates(spots), **style)]
    return [
        svg.element("polyline", points=svg.coordinates(spots[i] for i in run), **style)
        if len(run) > 1
        else _lone_square(spots[run[0]])
        for run in runs(values)
    ]


def _lone_square(spot: Point) -> str:
    """Return a small square: a lone previous value, which no line can show."""
    return svg.element(
        "rect",
        x=spot[0] - 4,
        y=spot[1] - 4,
        width=8,
        height=8,
        fill=WHITE,
        stroke=MUTED,
        stroke_width=2,
    )


def _points(axes: Sequence[Axis], radius: float) -> list[str]:
    size = 5 if len(axes) <= 16 else 4
    return [
        svg.element(
            "circle",
            cx=spot[0],
            cy=spot[1],
            r=size,
            fill=NOW if axis.whole else WHITE,
            stroke=WHITE if axis.whole else NOW,
            stroke_width=1.5 if axis.whole else 2.0,
        )
        for axis, spot in zip(
            axes, _spots([a.value for a in axes], radius), strict=True
        )
        if spot
    ]


def _ring_labels(radius: float, rings: int, tell: Tell) -> list[str]:
    """Return what the circles are worth, on a white ground, left of the first axis."""
    shown = range(1, rings + 1) if rings <= 4 else (rings // 2, rings)
    parts = []
    for ring in shown:
        text = tell(100 * ring / rings)
        y = -radius * ring / rings + (14 if ring == rings else 0)
        width = 8.1 * len(text)
        parts.append(
            svg.element(
                "rect",
                x=-7 - width,
                y=y - 10.5,
                fill=WHITE,
                fill_opacity=".85",
                width=width + 2,
                height=13,
            )
        )
        parts.append(svg.text(text, -6, y, "end", 13, fill=MUTED))
    return parts


def _axis_label(
    axes: Sequence[Axis], index: int, radius: float, named: bool
) -> tuple[str, Box]:
    """Return the text of an axis and the box it takes, broken in lines."""
    axis, angle = axes[index], _angle(index, len(axes))
    crowded = len(axes) > 16
    x, y = _at(angle, radius + (22 if named or crowded else 20))
    lean = math.cos(angle)
    anchor = "middle" if abs(lean) < 0.1 else ("start" if lean > 0 else "end")
    lines = svg.wrap(f"{axis.code} {axis.name}") if named else [axis.code]
    height = LINE * len(lines)
    top = y - height * (1 - math.sin(angle)) / 2
    size = FONT if named else (11.5 if crowded else 14.0)
    spans = (
        svg.element(
            "tspan",
            _line(line, axis.code, row),
            x=x,
            y=top + LINE * (row + 0.78),
        )
        for row, line in enumerate(lines)
    )
    text = svg.element(
        "text",
        "".join(spans),
        text_anchor=anchor,
        font_size=size,
        fill=MUTED if axis.value is None else INK,
    )
    width = max(len(line) for line in lines) * size * CHAR if any(lines) else 0
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return text, (left, top, left + width, top + height)


def _line(line: str, code: str, row: int) -> str:
    """Return a line of a label, its code in bold on the first one."""
    if row or not code or not line.startswith(code):
        return escape(line)
    return svg.element("tspan", escape(code), font_weight=600) + escape(
        line[len(code) :]
    )


def _view_box(boxes: Sequence[Box], radius: float) -> Box:
    """Return the frame that holds the circle and every label, the circle centred."""
    half = max(radius, *(max(-box[0], box[2]) for box in boxes)) + 4
    top = min(-radius, *(box[1] for box in boxes)) - 4
    bottom = max(radius, *(box[3] for box in boxes)) + 4
    return -half, top, 2 * half, bottom - top
