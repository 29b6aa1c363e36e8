"""The drawings of a photographie, as SVG text: radar, bars, path (pure Python).

Made for a web page and for wkhtmltopdf alike: literal colours, no CSS variable, no
script, and labels broken in lines here. The axis always goes from 0 to 100. A value of
None is a gap, never a zero: the line stops there and no point is drawn.
"""

# pylint: disable=bad-builtin-groupby  # neighbours are wanted, and no Odoo here

import math
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

INK, MUTED = "#2b2523", "#5f564f"
GRID, HAIR, EDGE = "#b9b0a7", "#ddd7d0", "#857a70"
NOW = "#22366f"
FONT, LINE, CHAR = 13.5, 16.0, 0.58  # size, line height, mean width of a character
MAX_NAMED_AXES = 14  # beyond, names would overlap: codes only

Point = tuple[float, float]


class Axis(NamedTuple):
    """One direction of the radar: what is measured, now and last time (0-100)."""

    code: str
    name: str
    value: float | None
    previous: float | None = None
    theme: str = ""


def percent(value: float | None, sep: str = "\u00a0", none: str = "–") -> str:
    """Return a score as people read it, without a decimal.

    >>> percent(66.5, sep=""), percent(0.0, sep=""), percent(None)
    ('67%', '0%', '–')
    """
    return none if value is None else f"{math.floor(value + 0.5)}{sep}%"


def wrap(text: str, width: int = 19, lines: int = 4) -> list[str]:
    """Break ``text`` at spaces in lines of about ``width`` characters.

    >>> wrap("Principes et valeurs de l'ESS")
    ['Principes et', "valeurs de l'ESS"]
    >>> wrap("anticonstitutionnellement", width=10)
    ['anticonstitutionnellement']
    >>> wrap("un deux trois quatre cinq", width=5, lines=2)
    ['un', 'deux…']
    >>> wrap("")
    []
    """
    result: list[str] = []
    for word in text.split():
        if result and len(result[-1]) + 1 + len(word) <= width:
            result[-1] += f" {word}"
        else:
            result.append(word)
    if len(result) > lines:
        result = result[:lines]
        result[-1] += "…"
    return result


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
    sep: str = "\u00a0",
    none: str = "–",
) -> str:
    """Return a radar of ``axes``; with fewer than three, horizontal bars.

    :param label: what a screen reader says of the drawing
    :param rings: circles of the grid, one for each step of the scale
    :param compact: codes instead of names, for narrow screens
    :param none: what bars say where nothing is scored

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
        return bars(axes, label, compact, sep, none)
    radius = 128.0 if compact else 172.0
    named = not compact and len(axes) <= MAX_NAMED_AXES
    labels = [_axis_label(axes, index, radius, named) for index in range(len(axes))]
    parts = [
        *_grid(len(axes), radius, rings),
        *_theme_arcs(axes, radius + 8),
        *_series([axis.value for axis in axes], radius),
        *_previous([axis.previous for axis in axes], radius),
        *_points([axis.value for axis in axes], radius),
        *_ring_labels(radius, rings, sep),
        *(text for text, _box in labels),
    ]
    return _svg(parts, _view_box([box for _text, box in labels], radius + 12), label)


def bars(
    axes: Sequence[Axis],
    label: str,
    compact: bool = False,
    sep: str = "\u00a0",
    none: str = "–",
) -> str:
    """Return one horizontal bar per axis, the previous value as a dashed mark.

    >>> bars([Axis("1", "Projet", None)], "Bars").count("stroke-dasharray")
    1
    """
    if not axes:
        return ""
    width = 344 if compact else 690
    parts: list[str] = []
    top = 0.0
    for axis in axes:
        lines = wrap(f"{axis.code} {axis.name}", 40 if compact else 80)
        for line in lines:
            top += LINE + 2
            parts.append(_text(line, 2, top, weight=600))
        parts += _bar(axis, top + 8, width - 70, sep, none)
        top += 44
    return _svg(parts, (0, 0, width, top), label)


def trend(
    points: Sequence[tuple[str, float | None]], label: str, sep: str = "\u00a0"
) -> str:
    """Return the small line of a score over the years; the last one is full.

    >>> drawing = trend([("2022", 42), ("2024", None), ("2026", 67)], "Identité")
    >>> drawing.count("<circle"), drawing.count("<polyline")
    (2, 0)
    >>> trend([("2024", 42), ("2026", 67)], "Identité").count("<polyline")
    1
    """
    if not points:
        return ""
    left, right, low, high = 34.0, 246.0, 112.0, 12.0
    step = (right - left) / max(len(points) - 1, 1)
    spots = [
        None if value is None else (left + i * step, low - (low - high) * value / 100)
        for i, (_name, value) in enumerate(points)
    ]
    parts = [
        f'<line x1="20" x2="262" y1="{y}" y2="{y}" stroke="{color}"/>'
        for y, color in ((112, EDGE), (62, HAIR), (12, HAIR))
    ]
    parts += [_text("100", 286, 16, "end", 11), _text("0", 286, 116, "end", 11)]
    parts += [
        f'<polyline points="{_coords(spots[i] for i in run)}" fill="none" '
        f'stroke="{NOW}" stroke-width="2.5"/>'
        for run in runs([s and s[0] for s in spots], closed=False)
        if len(run) > 1
    ]
    for index, ((name, value), spot) in enumerate(zip(points, spots, strict=True)):
        parts += _trend_point(name, value, spot, left + index * step, sep)
    parts = _fill_last_point(parts)
    return _svg(parts, (0, 0, 290, 136), label)


# ------------------------------------------------------------------- pieces


def _svg(parts: Iterable[str], box: tuple, label: str) -> str:
    x, y, width, height = (_num(side) for side in box)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="cap-chart" '
        f'viewBox="{x} {y} {width} {height}" role="img" '
        f"aria-label={quoteattr(label)}>{''.join(parts)}</svg>"
    )


def _num(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")


def _coords(points: Iterable[Point | None]) -> str:
    return " ".join(f"{_num(p[0])},{_num(p[1])}" for p in points if p)


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


def _text(
    text: str,
    x: float,
    y: float,
    anchor: str = "start",
    size: float = FONT,
    weight: int = 400,
    fill: str = INK,
) -> str:
    return (
        f'<text x="{_num(x)}" y="{_num(y)}" text-anchor="{anchor}" '
        f'font-size="{_num(size)}" font-weight="{weight}" fill="{fill}">'
        f"{escape(text)}</text>"
    )


def _grid(count: int, radius: float, rings: int) -> list[str]:
    parts = []
    for ring in range(1, rings + 1):
        corners = (_at(_angle(i, count), radius * ring / rings) for i in range(count))
        parts.append(
            f'<polygon points="{_coords(corners)}" fill="none" stroke="{GRID}"/>'
        )
    for index in range(count):
        x, y = _at(_angle(index, count), radius)
        parts.append(
            f'<line x1="0" y1="0" x2="{_num(x)}" y2="{_num(y)}" stroke="{HAIR}"/>'
        )
    return parts


def _theme_arcs(axes: Sequence[Axis], radius: float) -> list[str]:
    """Return one arc over the neighbouring axes of each theme, when it has a name."""
    count, parts, first = len(axes), [], 0
    for theme, group in groupby(axes, lambda axis: axis.theme):
        last = first + len(list(group)) - 1
        if theme:
            start = _at(_angle(first - 0.42, count), radius)
            end = _at(_angle(last + 0.42, count), radius)
            large = int((last - first + 0.84) / count > 0.5)
            parts.append(
                f'<path d="M{_num(start[0])} {_num(start[1])}A{_num(radius)} '
                f'{_num(radius)} 0 {large} 1 {_num(end[0])} {_num(end[1])}" '
                f'fill="none" stroke="{INK}" stroke-width="3"/>'
            )
        first = last + 1
    return parts


def _series(values: Sequence[float | None], radius: float) -> list[str]:
    spots = _spots(values, radius)
    style = f'stroke="{NOW}" stroke-width="3" stroke-linejoin="round"'
    area = f'fill="{NOW}" fill-opacity=".12"'
    if None not in spots:
        return [f'<polygon points="{_coords(spots)}" {area} {style}/>']
    parts = []
    for run in runs(values):
        line = _coords(spots[i] for i in run)
        if len(run) > 1:
            parts.append(f'<polygon points="0,0 {line}" {area} stroke="none"/>')
            parts.append(f'<polyline points="{line}" fill="none" {style}/>')
    return parts


def _previous(values: Sequence[float | None], radius: float) -> list[str]:
    spots = _spots(values, radius)
    style = f'fill="none" stroke="{MUTED}" stroke-width="2" stroke-dasharray="5 5"'
    if None not in spots:
        return [f'<polygon points="{_coords(spots)}" {style}/>']
    return [
        f'<polyline points="{_coords(spots[i] for i in run)}" {style}/>'
        if len(run) > 1
        else _hollow(spots[run[0]])
        for run in runs(values)
    ]


def _hollow(spot: Point) -> str:
    """Return a small square: a lone previous value, which no line can show."""
    x, y = _num(spot[0] - 4), _num(spot[1] - 4)
    return (
        f'<rect x="{x}" y="{y}" width="8" height="8" fill="#fff" stroke="{MUTED}" '
        f'stroke-width="2"/>'
    )


def _points(values: Sequence[float | None], radius: float) -> list[str]:
    size = 5 if len(values) <= 16 else 4
    return [
        f'<circle cx="{_num(spot[0])}" cy="{_num(spot[1])}" r="{size}" fill="{NOW}" '
        f'stroke="#fff" stroke-width="1.5"/>'
        for spot in _spots(values, radius)
        if spot
    ]


def _ring_labels(radius: float, rings: int, sep: str) -> list[str]:
    """Return what the circles are worth, on a white ground, left of the first axis."""
    shown = range(1, rings + 1) if rings <= 4 else (rings // 2, rings)
    parts = []
    for ring in shown:
        text = percent(100 * ring / rings, sep)
        y = -radius * ring / rings + (14 if ring == rings else 0)
        width = 7.2 * len(text)
        parts.append(
            f'<rect x="{_num(-7 - width)}" y="{_num(y - 10.5)}" fill="#fff" '
            f'fill-opacity=".85" width="{_num(width + 2)}" height="13"/>'
        )
        parts.append(_text(text, -6, y, "end", 11.5, fill=MUTED))
    return parts


def _axis_label(axes: Sequence[Axis], index: int, radius: float, named: bool):
    """Return the text of an axis and the box it takes, broken in lines."""
    axis, angle = axes[index], _angle(index, len(axes))
    crowded = len(axes) > 16
    x, y = _at(angle, radius + (22 if named or crowded else 20))
    lean = math.cos(angle)
    anchor = "middle" if abs(lean) < 0.1 else ("start" if lean > 0 else "end")
    lines = wrap(f"{axis.code} {axis.name}") if named else [axis.code]
    height = LINE * len(lines)
    top = y - height * (1 - math.sin(angle)) / 2
    size = FONT if named else (11.5 if crowded else 14)
    spans = [
        f'<tspan x="{_num(x)}" y="{_num(top + LINE * (row + 0.78))}">'
        f"{_line(line, axis.code, row)}</tspan>"
        for row, line in enumerate(lines)
    ]
    fill = MUTED if axis.value is None else INK
    text = (
        f'<text text-anchor="{anchor}" font-size="{_num(size)}" fill="{fill}">'
        f"{''.join(spans)}</text>"
    )
    width = max(len(line) for line in lines) * size * CHAR if any(lines) else 0
    left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
    return text, (left, top, left + width, top + height)


def _line(line: str, code: str, row: int) -> str:
    """Return a line of a label, its code in bold on the first one."""
    if row or not code or not line.startswith(code):
        return escape(line)
    return f'<tspan font-weight="600">{escape(code)}</tspan>{escape(line[len(code) :])}'


def _view_box(boxes: Sequence[tuple], radius: float) -> tuple:
    """Return the frame that holds the circle and every label, the circle centred."""
    half = max(radius, *(max(-box[0], box[2]) for box in boxes)) + 4
    top = min(-radius, *(box[1] for box in boxes)) - 4
    bottom = max(radius, *(box[3] for box in boxes)) + 4
    return -half, top, 2 * half, bottom - top


def _bar(axis: Axis, top: float, width: float, sep: str, none: str) -> list[str]:
    dash = ' stroke-dasharray="5 4"' if axis.value is None else ""
    parts = [
        f'<rect x="2" y="{_num(top)}" width="{_num(width)}" height="14" rx="4" '
        f'fill="#fff" stroke="{EDGE}"{dash}/>'
    ]
    if axis.value is not None:
        parts.append(
            f'<rect x="2" y="{_num(top)}" width="{_num(width * axis.value / 100)}" '
            f'height="14" rx="4" fill="{NOW}"/>'
        )
    if axis.previous is not None:
        x = _num(2 + width * axis.previous / 100)
        parts.append(
            f'<line x1="{x}" x2="{x}" y1="{_num(top - 4)}" y2="{_num(top + 18)}" '
            f'stroke="{MUTED}" stroke-width="3" stroke-dasharray="3 3"/>'
        )
    text = percent(axis.value, sep, none)
    return [*parts, _text(text, width + 10, top + 12, weight=600)]


def _trend_point(name, value, spot, x, sep) -> list[str]:
    parts = [_text(name, x, 130, "middle", 13)]
    if spot is None:
        return parts
    above = spot[1] - 10 if spot[1] > 24 else spot[1] + 20
    return [
        f'<circle cx="{_num(spot[0])}" cy="{_num(spot[1])}" r="5" fill="#fff" '
        f'stroke="{NOW}" stroke-width="2"/>',
        _text(percent(value, sep), x, above, "middle", 13, 600),
        *parts,
    ]


def _fill_last_point(parts: list[str]) -> list[str]:
    """Return the same drawing with its last point full: this year's."""
    last = max((i for i, p in enumerate(parts) if p.startswith("<circle")), default=-1)
    return [
        part.replace('fill="#fff"', f'fill="{NOW}"') if index == last else part
        for index, part in enumerate(parts)
    ]
