"""The calendar of a plan as one SVG: bars, today's line, the booked trainings.

Pure text in, pure text out. Fills are literal, so that a PDF draws the same picture.

>>> bar = Bar("Write a page", dt.date(2026, 11, 2), dt.date(2027, 1, 31), "Owner")
>>> calendar = draw([bar], [], dt.date(2026, 11, 21), "Calendar", month_label=str)
>>> calendar.count("<rect"), "Owner" in calendar
(1, True)
>>> draw([], [], dt.date(2026, 11, 21), "Calendar", month_label=str)
''
>>> mark = Mark("Training", dt.date(2026, 12, 9))
>>> "Training" in draw([], [mark], dt.date(2026, 11, 21), "Calendar", month_label=str)
True
"""

import datetime as dt
import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from odoo.addons.cap_evaluation.kernel.charts import svg
from odoo.addons.cap_evaluation.kernel.charts.palette import (
    ACTION,
    HAIR,
    INK,
    SOFT,
    WHITE,
)

WIDTH, LEFT, RIGHT = 1110, 330, 1089
TOP, PITCH, HEIGHT = 42, 46, 26
TITLE_CHARS, CHAR = 40, 7
MIN_WIDTH, ARROW = 6.0, 10
TICKS = 12
#: Months drawn before and after today, at most: one odd date flattens nothing.
PAST_MONTHS, FUTURE_MONTHS = 6, 18
HALO = f"paint-order:stroke;stroke:{WHITE};stroke-width:4px"


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
    """Return the SVG, or nothing when there is neither a bar nor a mark to draw."""
    if not bars and not marks:
        return ""
    axis = _Axis(*get_window(bars, marks, today))
    bottom = TOP + PITCH * len(bars) + 16
    parts = [*_ticks(axis, bottom, month_label)]
    x = axis.x(today)
    parts.append(_vertical(x, bottom, INK, 2))
    for rank, bar in enumerate(bars):
        parts += _bar(axis, bar, TOP + 12 + PITCH * rank)
    rows = _mark_rows(axis, marks)
    parts += [_mark(axis, mark, bottom + 14 + 26 * row) for mark, row in rows]
    height = bottom + (max(row for _, row in rows) + 1) * 26 + 8 if rows else bottom
    return svg.drawing(
        parts, (0, 0, WIDTH, height), label, "cap-chart d-none d-md-block"
    )


def get_window(
    bars: Sequence[Bar], marks: Sequence[Mark], today: dt.date
) -> tuple[dt.date, dt.date]:
    """Return the first day drawn, and the first day that is not.

    >>> far = Bar("Far", dt.date(2026, 11, 2), dt.date(2999, 1, 31))
    >>> get_window([far], [], dt.date(2026, 11, 21))
    (datetime.date(2026, 11, 1), datetime.date(2028, 5, 1))
    """
    days = [today, *(mark.day for mark in marks)]
    days += [day for bar in bars for day in (bar.start, bar.end)]
    return (
        max(min(days).replace(day=1), _add_months(today, -PAST_MONTHS)),
        min(_next_month(max(days)), _add_months(today, FUTURE_MONTHS)),
    )


def is_cut(bar: Bar, window: tuple[dt.date, dt.date]) -> bool:
    """Tell whether a bar goes on, or lies, out of the days drawn."""
    return min(bar.start, bar.end) < window[0] or max(bar.start, bar.end) > window[1]


class _Axis:
    """Turns a day into a horizontal place."""

    def __init__(self, first: dt.date, last: dt.date) -> None:
        self.first, self.last = first, last
        self.days = (last - first).days

    def x(self, day: dt.date) -> float:
        """Return where a day is, in the drawing's units; the edge for one outside."""
        shown = min(max(day, self.first), self.last)
        return round(LEFT + (RIGHT - LEFT) * (shown - self.first).days / self.days, 1)

    def months(self) -> list[dt.date]:
        """Return the first day of each month that begins a column."""
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


def _add_months(day: dt.date, months: int) -> dt.date:
    """Return the first day of the month so many months later.

    >>> _add_months(dt.date(2026, 11, 21), 18), _add_months(dt.date(2026, 1, 31), -1)
    (datetime.date(2028, 5, 1), datetime.date(2025, 12, 1))
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, 1)


def _ticks(
    axis: _Axis, bottom: int, month_label: Callable[[dt.date], str]
) -> Iterable[str]:
    """One line per month, or per several; above them each year is said once."""
    months, year = axis.months(), None
    for month in months[:: -(-len(months) // TICKS)]:
        x = axis.x(month)
        yield _vertical(x, bottom, HAIR, 1)
        yield _text(x + 6, TOP - 8, month_label(month))
        if month.year != year:
            year = month.year
            yield _text(x + 6, TOP - 26, str(year), weight=600)


def _vertical(x: float, bottom: int, color: str, width: int) -> str:
    return svg.element(
        "line", x1=x, x2=x, y1=TOP, y2=bottom, stroke=color, stroke_width=width
    )


def _text(x: float, y: float, words: str, **attributes: Any) -> str:
    return svg.text(words, x, y, size=13, **attributes)


def _bar(axis: _Axis, bar: Bar, y: int) -> Iterable[str]:
    start = min(axis.x(min(bar.start, bar.end)), RIGHT - MIN_WIDTH)
    width = max(MIN_WIDTH, round(axis.x(bar.end) - start, 1))
    yield _title(bar.title, y + (10 if len(bar.title) > TITLE_CHARS else 18))
    yield _rect(start, y, width, SOFT, ACTION)
    if bar.done > 0:
        yield _rect(start, y, round(width * min(bar.done, 1.0), 1), ACTION)
    yield from _cuts(axis, bar, start, start + width, y + HEIGHT / 2)
    yield _owner(axis, bar, start, width, y + 18)


def _cuts(axis: _Axis, bar: Bar, left: float, right: float, y: float) -> Iterable[str]:
    """An arrow at each end where the bar goes on out of the picture."""
    if min(bar.start, bar.end) < axis.first:
        yield _arrow(left, y, -1)
    if max(bar.start, bar.end) > axis.last:
        yield _arrow(right, y, 1)


def _arrow(x: float, y: float, way: int) -> str:
    tip = x + way * ARROW
    return svg.element(
        "path",
        d=f"M{x} {y - 13} {tip} {y} {x} {y + 13}z",
        fill=ACTION,
        class_="cap-cut",
    )


def _rect(
    x: float, y: float, width: float, fill: str, stroke: str | None = None
) -> str:
    return svg.element(
        "rect", x=x, y=y, width=width, height=HEIGHT, rx=4, fill=fill, stroke=stroke
    )


def _title(title: str, y: int) -> str:
    """Two lines at most, broken here: no SVG reader breaks them."""
    lines = textwrap.wrap(title, TITLE_CHARS, max_lines=2, placeholder="…")
    return svg.element("text", svg.lines(lines, 0, y, 17), font_size=14)


def _owner(axis: _Axis, bar: Bar, start: float, width: float, y: int) -> str:
    """After the bar where there is room, else before it, else upon it."""
    room = len(bar.owner) * CHAR + 16 + ARROW
    if not bar.owner:
        return ""
    if start + width + room <= WIDTH:
        after = start + width + 8 + ARROW * (bar.end > axis.last)
        return _text(after, y, bar.owner, style=HALO)
    if start - room >= LEFT:
        return _text(start - 8, y, bar.owner, anchor="end", style=HALO)
    return _text(start + 10, y, bar.owner, style=HALO)


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
    sign = svg.element(
        "path", d="M0 -8 8 0 0 8 -8 0z", fill=WHITE, stroke=INK, stroke_width=2
    )
    words = _text(14 if after else -14, 5, mark.label, anchor=None if after else "end")
    return svg.element("g", sign + words, transform=f"translate({x},{y})")
