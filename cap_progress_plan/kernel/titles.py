"""Titles put together."""

from collections.abc import Iterable


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
