"""Numbers as people read them, and numbers read from what people (or anybody) send."""

from __future__ import annotations

MAX_ID = 2**31 - 1


def whole(value: float) -> int:
    """Return ``value``, at least 0, as a whole number, halves up.

    >>> whole(62.5), whole(61.49), whole(0)
    (63, 61, 0)
    """
    return int(value + 0.5)


def percent(value: float | None, shape: str = "%(number)s%%", none: str = "–") -> str:
    """Return a percentage as it is read, ``none`` where there is none.

    :param shape: how a number and its sign are written in this language

    >>> percent(62.5, "%(number)s\\u00a0%%"), percent(0), percent(None)
    ('63\\xa0%', '0%', '–')
    """
    return none if value is None else shape % {"number": whole(value)}


def decimal(value: float, point: str = ".") -> str:
    """Return ``value`` without useless zeros, with the decimal ``point`` of a language.

    >>> decimal(2.0), decimal(0.5, ",")
    ('2', '0,5')
    """
    return f"{value:g}".replace(".", point or ".")


def read_id(text: object) -> int | None:
    """Return the id that an address or a form names; None for anything else.

    >>> read_id("12"), read_id(12), read_id("²"), read_id("9" * 5000), read_id("0")
    (12, 12, None, None, None)
    >>> read_id(True), read_id(None), read_id("-3"), read_id(1.5)
    (None, None, None, None)
    """
    if isinstance(text, bool) or not isinstance(text, int | str):
        return None
    if isinstance(text, str):
        if len(text) > 10 or not (text.isascii() and text.isdigit()):
            return None
        text = int(text)
    return text if 0 < text <= MAX_ID else None
