"""The calendar of a plan as one SVG: bars, today's line, the booked trainings.

Pure text in, pure text out. Fills are literal, so that a PDF draws the same picture.

>>> bar = Bar("Write a page", dt.date(2026, 11, 2), dt.date(2027, 1, 31), "Owner")
>>> svg = draw([bar], [], dt.date(2026, 11, 21), "Calendar", month_label=str)
>>> svg.count("<rect"), "Owner" in svg
(1, True)
>>> draw([], [], dt.date(2026, 11, 21), "Calendar", month_label=str)
''
"""

import datetime as dt
import textwrap
from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import NamedTuple

WIDTH, LEFT, RIGHT = 1110, 330, 1089
TOP, PITCH, HEIGHT = 42, 46, 26
TITLE_CHARS, CHAR = 40, 7
TICKS = 12
LINE, INK, ACCENT, SOFT = "#ddd7d0", "#2b2523", "#714b67", "#f4eef2"
HALO = 'style="paint-order:stroke;stroke:#fff;stroke-width:4px"'


class Bar(NamedTuple):
    """An action: from when to when, whose, and the share that is done (0 to 1)."""

    title: str
    start: dt.date
    end: dt.date
    owner: str = ""
    done: float = 0.0


class Mark(NamedTuple):
    """A day worth a sign under the bars: a booked training."""

    label: str
    day: dt.date


def draw(
    bars: Sequence[Bar],
    marks: Sequence[Mark],
    today: dt.date,
    label: str,
    month_label: Callable[[dt.date], str],
) -> str:
    """Return the SVG, or nothing when there is no bar to draw."""
    if not bars:
        return ""
    days = [today, *(mark.day for mark in marks)]
    days += [day for bar in bars for day in (bar.start, bar.end)]
    first, last = min(days).replace(day=1), _next_month(max(days))
    axis = _Axis(first, last)
    bottom = TOP + PITCH * len(bars) + 16
    parts = [*_ticks(axis, bottom, month_label)]
    x = axis.x(today)
    parts.append(_vertical(x, bottom, INK, 2))
    for rank, bar in enumerate(bars):
        parts += _bar(axis, bar, TOP + 12 + PITCH * rank)
    rows = _mark_rows(axis, marks)
    parts += [_mark(axis, mark, bottom + 14 + 26 * row) for mark, row in rows]
    height = bottom + (max(row for _, row in rows) + 1) * 26 + 8 if rows else bottom
    return (
        f'<svg class="cap-chart d-none d-md-block" viewBox="0 0 {WIDTH} {height}" '
        f'role="img" aria-label="{escape(label)}">{"".join(parts)}</svg>'
    )


class _Axis:
    """Turns a day into a horizontal place."""

    def __init__(self, first: dt.date, last: dt.date):
        self.first, self.last = first, last
        self.days = (last - first).days

    def x(self, day: dt.date) -> float:
        return round(LEFT + (RIGHT - LEFT) * (day - self.first).days / self.days, 1)

    def months(self) -> list[dt.date]:
        months, day = [], self.first
        while day < self.last:
            months.append(day)
            day = _next_month(day)
        return months


def _next_month(day: dt.date) -> dt.date:
    """Return the first day of the month after.

    >>> _next_month(dt.date(2026, 12, 31))
    datetime.date(2027, 1, 1)
    """
    return (day.replace(day=28) + dt.timedelta(days=4)).replace(day=1)


def _ticks(axis: _Axis, bottom: int, month_label) -> Iterable[str]:
    """One line per month, or per several; above them each year is said once."""
    months, year = axis.months(), None
    for month in months[:: -(-len(months) // TICKS)]:
        x = axis.x(month)
        yield _vertical(x, bottom, LINE, 1)
        yield _text(x + 6, TOP - 8, month_label(month))
        if month.year != year:
            year = month.year
            yield _text(x + 6, TOP - 26, str(year), ' font-weight="600"')


def _vertical(x: float, bottom: int, color: str, width: int) -> str:
    return (
        f'<line x1="{x}" x2="{x}" y1="{TOP}" y2="{bottom}" stroke="{color}" '
        f'stroke-width="{width}"/>'
    )


def _text(x: float, y: float, text: str, extra: str = "") -> str:
    return f'<text x="{x}" y="{y}" font-size="13"{extra}>{escape(text)}</text>'


def _bar(axis: _Axis, bar: Bar, y: int) -> Iterable[str]:
    start = axis.x(min(bar.start, bar.end))
    width = max(6.0, round(axis.x(bar.end) - start, 1))
    yield _title(bar.title, y + (10 if len(bar.title) > TITLE_CHARS else 18))
    yield _rect(start, y, width, SOFT, f' stroke="{ACCENT}"')
    if bar.done > 0:
        yield _rect(start, y, round(width * min(bar.done, 1.0), 1), ACCENT)
    yield _owner(bar, start, width, y + 18)


def _rect(x: float, y: float, width: float, fill: str, extra: str = "") -> str:
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{HEIGHT}" rx="4" '
        f'fill="{fill}"{extra}/>'
    )


def _title(title: str, y: int) -> str:
    """Two lines at most, broken here: no SVG reader breaks them."""
    lines = textwrap.wrap(title, TITLE_CHARS, max_lines=2, placeholder="…")
    spans = "".join(
        f'<tspan x="0" y="{y + 17 * rank}">{escape(line)}</tspan>'
        for rank, line in enumerate(lines)
    )
    return f'<text font-size="14">{spans}</text>'


def _owner(bar: Bar, start: float, width: float, y: int) -> str:
    """After the bar where there is room, else before it, else upon it."""
    room = len(bar.owner) * CHAR + 16
    if not bar.owner:
        return ""
    if start + width + room <= WIDTH:
        return _text(start + width + 8, y, bar.owner, f" {HALO}")
    if start - room >= LEFT:
        return _text(start - 8, y, bar.owner, f' text-anchor="end" {HALO}')
    return _text(start + 10, y, bar.owner, f" {HALO}")


def _mark_rows(axis: _Axis, marks: Sequence[Mark]) -> list[tuple[Mark, int]]:
    """Give each mark the first row where its words meet no other's."""
    placed, ends = [], []
    for mark in sorted(marks, key=lambda mark: mark.day):
        left, right = _mark_span(axis, mark)
        row = next((i for i, end in enumerate(ends) if end < left), len(ends))
        ends[row : row + 1] = [right]
        placed.append((mark, row))
    return placed


def _mark_span(axis: _Axis, mark: Mark) -> tuple[float, float]:
    x, room = axis.x(mark.day), len(mark.label) * CHAR + 16
    return (x - 10, x + room) if x + room <= WIDTH else (x - room, x + 10)


def _mark(axis: _Axis, mark: Mark, y: int) -> str:
    x, room = axis.x(mark.day), len(mark.label) * CHAR + 16
    after = x + room <= WIDTH
    place = 'x="14"' if after else 'x="-14" text-anchor="end"'
    return (
        f'<g transform="translate({x},{y})">'
        f'<path d="M0 -8 8 0 0 8 -8 0z" fill="#fff" stroke="{INK}" stroke-width="2"/>'
        f'<text {place} y="5" font-size="13">{escape(mark.label)}</text></g>'
    )
