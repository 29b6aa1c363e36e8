"""Words that need more than a translated text: days, titles put together."""

import re
from collections.abc import Iterable

from odoo.tools import format_date


def format_day(env, day, shape: str = "d MMM y") -> str:
    """Return a day in words; French says “1er janv.” and never “1 janv.”."""
    text = format_date(env, day, date_format=shape)
    if (env.lang or "").startswith("fr") and re.match(r"d\b", shape):
        return re.sub(r"^1\b", "1er", text)
    return text


def split_titles(titles: Iterable[str]) -> dict[str, list[str]]:
    """Return ``{what titles begin with: their last words}``, each title once.

    >>> split_titles(["CAP 2026", "CAP 2025", "CAP 2026", "Label"])
    {'CAP': ['2026', '2025'], '': ['Label']}
    """
    found = {}
    for title in dict.fromkeys(titles):
        start, _space, end = title.rpartition(" ")
        found.setdefault(start, []).append(end)
    return found
