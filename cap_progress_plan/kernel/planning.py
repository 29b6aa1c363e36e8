"""The arithmetic of a progress plan: what to do first, how far, until when.

Nothing here knows Odoo: levels are the integer values of a scale, dates are dates.
The models read their records into these functions and write the results back.

>>> scale = (0, 1, 2, 3)
>>> target_level(1, scale), round(gap_to_close(1, scale), 2)
(2, 0.67)
>>> priority(gap_to_close(1, scale), weight=1.0, effort_days=1.0)
33.3
"""

import calendar
import datetime as dt
from collections.abc import Sequence

TITLE_LENGTH = 120
QUIET_DAYS = 60
DEFAULT_EFFORT_DAYS = 2.0
YEARS_AHEAD = 10
#: Months given to an action of up to so many days, when no model says better.
DELAYS = ((2.0, 3), (5.0, 6), (float("inf"), 12))


def target_level(value: int | None, scale: Sequence[int]) -> int:
    """Return the level to aim at: one step up, never above the scale.

    An objective that nobody scored aims at the first level above the lowest.

    >>> target_level(0, (0, 1, 2, 3)), target_level(3, (0, 1, 2, 3))
    (1, 3)
    >>> target_level(None, (0, 1, 2, 3)), target_level(2, (1, 2, 4))
    (1, 4)
    """
    ranked = sorted(scale)
    current = ranked[0] if value is None else value
    return next((level for level in ranked if level > current), ranked[-1])


def gap_to_close(value: int | None, scale: Sequence[int]) -> float:
    """Return the share of the scale that is still above ``value`` (0 to 1).

    >>> gap_to_close(0, (0, 1, 2, 3)), gap_to_close(3, (0, 1, 2, 3))
    (1.0, 0.0)
    >>> gap_to_close(None, (0, 1, 2, 3)), gap_to_close(1, (1,))
    (1.0, 0.0)
    >>> gap_to_close(None, ())
    0.0
    """
    if not scale:
        return 0.0
    low, high = min(scale), max(scale)
    if high == low:
        return 0.0
    return 1.0 if value is None else (high - value) / (high - low)


def priority(gap: float, weight: float, effort_days: float) -> float:
    """Return the rank of an action: gap to close x weight, against the effort.

    One more day counts less and less, so that a long action on an important
    objective still finds its place. An effort that nobody estimated (0) is taken for
    an ordinary one. The result only serves to sort.

    >>> priority(1.0, 2.0, 1), priority(0.0, 5.0, 1)
    (100.0, 0.0)
    >>> priority(1.0, 1.0, 0) == priority(1.0, 1.0, DEFAULT_EFFORT_DAYS)
    True
    >>> priority(1.0, 1.0, 1) > priority(1.0, 1.0, 3) > priority(0.3, 1.0, 3)
    True
    """
    effort = effort_days if effort_days > 0 else DEFAULT_EFFORT_DAYS
    return round(100 * gap * weight / (1 + effort), 1)


def delay_in_months(effort_days: float) -> int:
    """Return the months to give an action of so many days of work.

    >>> [delay_in_months(days) for days in (0, 2, 2.5, 5, 30)]
    [3, 3, 6, 6, 12]
    """
    return next(months for limit, months in DELAYS if effort_days <= limit)


def deadline(start: dt.date, months: int) -> dt.date:
    """Return the date ``months`` later, on a working day of the week.

    >>> deadline(dt.date(2026, 11, 30), 3)
    datetime.date(2027, 3, 1)
    >>> deadline(dt.date(2026, 11, 20), 1)
    datetime.date(2026, 12, 21)
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    day = dt.date(year, month + 1, min(start.day, last))
    return day + dt.timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0))


def date_problem(today: dt.date, due: dt.date, closed: bool = False) -> str | None:
    """Return what is wrong with a date that somebody has just typed.

    >>> today = dt.date(2026, 11, 21)
    >>> date_problem(today, today), date_problem(today, dt.date(2026, 11, 20))
    (None, 'past')
    >>> date_problem(today, dt.date(2026, 11, 20), closed=True) is None
    True
    >>> date_problem(today, dt.date(2036, 11, 21)) is None
    True
    >>> date_problem(today, dt.date(2036, 11, 22), closed=True)
    'far'
    """
    if (due.year - YEARS_AHEAD, due.month, due.day) > (
        today.year,
        today.month,
        today.day,
    ):
        return "far"
    return "past" if due < today and not closed else None


def action_title(*texts: str | None) -> str:
    """Return the first line with something in it, cut between two words.

    >>> action_title("  \\n Tenir un relevé.\\nDétails", "Modèle")
    'Tenir un relevé.'
    >>> action_title("", None, "Modèle")
    'Modèle'
    >>> len(action_title("mot " * 80)) <= TITLE_LENGTH
    True
    """
    lines = (line.strip() for text in texts for line in (text or "").splitlines())
    title = next((line for line in lines if line), "")
    if len(title) <= TITLE_LENGTH:
        return title
    return title[: TITLE_LENGTH - 1].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"


def remaining_lines(text: str | None) -> str:
    """Return what ``action_title`` leaves aside: all but a short first line.

    >>> remaining_lines("Titre\\nPremier point\\nSecond point")
    'Premier point\\nSecond point'
    >>> remaining_lines("Titre"), remaining_lines(None)
    ('', '')
    """
    lines = (text or "").strip().splitlines()
    if lines and len(lines[0].strip()) > TITLE_LENGTH:
        return "\n".join(lines)
    return "\n".join(lines[1:]).strip()


def why_update(
    today: dt.date, due: dt.date | None, last_news: dt.date | None
) -> tuple[str, int] | None:
    """Return why an open action needs a word, with the days it has waited.

    A date that has passed comes before silence; neither is a fault.

    >>> today = dt.date(2026, 11, 21)
    >>> why_update(today, dt.date(2026, 11, 20), today)
    ('late', 1)
    >>> why_update(today, today, dt.date(2026, 9, 1))
    ('quiet', 81)
    >>> why_update(today, None, today) is None
    True
    """
    if due and due < today:
        return "late", (today - due).days
    if last_news and (today - last_news).days > QUIET_DAYS:
        return "quiet", (today - last_news).days
    return None
