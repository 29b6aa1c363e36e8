"""Days in words, in the reader's language."""

import re

from odoo.tools import format_date

# A lone "d" of a pattern of dates, or a quoted text, which is left alone.
_DAY = re.compile(r"'[^']*'|(?<!d)d(?!d)")


def format_day(env, day, shape: str = "d MMM y") -> str:
    """Return a day in words, "" for none; French says “1er janv.”, never “1 janv.”.

    :param day: a date, or a datetime already in the reader's time zone
    :param shape: a pattern of Babel, where ``d`` is the day of the month
    """
    if day and day.day == 1:
        first = env._("%(first_day)s", first_day=1)  # of the month: French "1er"
        shape = _DAY.sub(lambda m: f"'{first}'" if m[0] == "d" else m[0], shape)
    return format_date(env, day, date_format=shape)
