"""Days in words, in the reader's language."""

import re

from odoo.tools import format_date


def format_day(env, day, shape: str = "d MMM y") -> str:
    """Return a day in words; French says “1er janv.” and never “1 janv.”."""
    text = format_date(env, day, date_format=shape)
    if (env.lang or "").startswith("fr") and re.match(r"d\b", shape):
        return re.sub(r"^1\b", "1er", text)
    return text
