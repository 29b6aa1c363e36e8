"""The tree of a référentiel: what holds what, and the codes of its objectives.

Codes are proposed once, and never changed by moving what they name.
"""

import re
from collections.abc import Collection, Sequence

# From the top to what is scored
KINDS = ("theme", "subtheme", "general", "operational")
# What may hold each kind; nothing holds a theme
PARENTS: dict[str, tuple[str, ...]] = {
    "theme": (),
    "subtheme": ("theme",),
    "general": ("subtheme",),
    "operational": ("subtheme", "general"),
}
NUMBERED = re.compile(r"(?P<base>.*?)(?P<number>\d+)")


def may_hold(parent: str | bool | None, kind: str) -> bool:
    """Return whether ``kind`` may lie below the kind ``parent`` (none: at the top).

    >>> may_hold("theme", "subtheme"), may_hold("theme", "operational")
    (True, False)
    >>> may_hold(None, "theme"), may_hold("theme", "theme"), may_hold(False, "general")
    (True, False, False)
    """
    above = PARENTS[kind]
    return parent in above if parent else not above


def get_next_code(parent: str, siblings: Sequence[str], taken: Collection[str]) -> str:
    """Return the next free code below the code ``parent`` ("" for a theme).

    It goes on from ``siblings``, whatever their shape, and skips the codes ``taken``
    elsewhere in the edition.

    >>> get_next_code("1.1", ["1.1.1", "1.1.2"], {"1.1.1", "1.1.2"})
    '1.1.3'
    >>> get_next_code("2", [], {"2", "2.1"})
    '2.2'
    >>> get_next_code("", ["RSE-08", "RSE-09"], set())
    'RSE-10'
    >>> get_next_code("", [], set())
    '1'
    """
    base, number, width = (f"{parent}." if parent else ""), 0, 1
    for code in siblings:
        found = NUMBERED.fullmatch(code)
        if not found:
            continue
        if found["base"] != base:
            base, number, width = found["base"], 0, 1
        number = max(number, int(found["number"]))
        width = max(width, len(found["number"]))
    while f"{base}{number + 1:0{width}}" in taken:
        number += 1
    return f"{base}{number + 1:0{width}}"


def get_copied_code(code: str, source: str, copy: str) -> str:
    """Return the code below ``copy`` that answers to ``code`` below ``source``.

    >>> get_copied_code("1.1.2.1", "1.1.2", "1.1.3")
    '1.1.3.1'
    >>> get_copied_code("7.1", "A", "B")
    ''
    """
    prefix = f"{source}."
    return f"{copy}.{code.removeprefix(prefix)}" if code.startswith(prefix) else ""
