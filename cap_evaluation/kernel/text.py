"""What a typed text becomes before it is kept: the only place that cleans one.

PostgreSQL holds no NUL and no half of a surrogate pair, and two texts that look the
same must be the same: accents are composed (NFC), line ends are ``\\n``.
"""

from __future__ import annotations

import re
import unicodedata

# What PostgreSQL refuses, and what no keyboard writes on purpose.
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
# Seen by nobody, so that two equal codes or addresses would differ.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_BLANKS = re.compile(r"\s+")
# Letters that no decomposition takes apart: oe and ae.
_LIGATURES = {0x153: "oe", 0xE6: "ae"}
_WORDS = re.compile("[a-z0-9]+")


def storable(text: object) -> str:
    """Return ``text`` as it can be kept: composed, plain line ends, nothing that
    PostgreSQL refuses. What is not a text is "".

    >>> storable("Re\\u0301union\\r\\nle 3\\x00")
    'Réunion\\nle 3'
    >>> storable("half \\ud83d of one"), storable(None), storable(3)
    ('half  of one', '', '')
    """
    if not isinstance(text, str):
        return ""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return unicodedata.normalize("NFC", _UNSTORABLE.sub("", plain))


def typed(text: object) -> str:
    """Return a text that somebody typed in a large field: storable, trimmed.

    >>> typed("  one\\r\\ntwo  ")
    'one\\ntwo'
    """
    return storable(text).strip()


def one_line(text: object) -> str:
    """Return a name, a code or an address: on one line, without invisible signs.

    >>> one_line(" A\\u200bCI\\u00a0\\n 2 ")
    'ACI 2'
    """
    return _BLANKS.sub(" ", _INVISIBLE.sub("", storable(text))).strip()


def fold(text: object) -> str:
    """Return ``text`` for comparing: one line, lower case, without accents.

    >>> fold(" Écoles  d'Été ")
    "ecoles d'ete"
    """
    decomposed = unicodedata.normalize("NFD", one_line(text).casefold())
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def plain(text: object) -> str:
    """Return the words of ``text`` alone: folded, without any punctuation.

    >>> plain("  Île-de-France "), plain("Côtes-d'Armor"), plain("Œuvre")
    ('ile de france', 'cotes d armor', 'oeuvre')
    """
    return " ".join(_WORDS.findall(fold(text).translate(_LIGATURES)))


def shorten(text: str, limit: int = 44) -> str:
    """Return ``text`` cut at a word, with "…", when it is longer than ``limit``.

    >>> shorten("1.1.1.1 Decisions are known to all", 24)
    '1.1.1.1 Decisions are…'
    >>> shorten("Short"), shorten("a" * 50, 10)
    ('Short', 'aaaaaaaaa…')
    """
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"
