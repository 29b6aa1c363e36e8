"""What a cell holds: read from a file, taken from a record, written again. No Odoo.

A :class:`Kind` says it for one sort of column. Whichever way a value comes, from a cell
or from a record, it takes the same form: two values are the same when they are equal.
"""

# Plain classes: what they call read and write is no model's.
# pylint: disable=method-required-super

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, NamedTuple

from ..charts.palette import is_color
from ..text import fold, one_line, typed

MAX_CODE = 100  # a database indexes codes, and refuses very long ones
MAX_NAME = 2_000
MAX_CELL = 30_000  # a spreadsheet holds 32,767 characters in a cell
EMPTY: tuple[Any, ...] = (None, "", ())

_NUMBER = re.compile(
    r"[+-]?(?:\d+|\d{1,3}(?: \d{3})+)(?:[.,]\d+)?(?:[eE][+-]?\d+)?", re.ASCII
)
# What spreadsheets make of 1.1.1 or 2026-1: no code looks like this.
_DATE = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}|\d{4}-\d\d-\d\d(?:[ T][\d:.]+)?", re.ASCII)
_SOFT_BREAKS = re.compile("[\x0b\x0c]")
_LINE_ENDS = re.compile(r"\s*\n\s*")
_LISTED = re.compile(r"[,;\n]")
_UNREADABLE = re.compile("[\ufffd-\uffff]")
# Said by spreadsheets in the place of a value, in English and in French.
ERRORS = frozenset(
    "#REF! #N/A #DIV/0! #VALUE! #NAME? #NULL! #NUM! #SPILL! #CALC! #GETTING_DATA "
    "#N/D #VALEUR! #NOM? #NUL! #NOMBRE!".split()
)


class Odd(NamedTuple):
    """A cell that holds no value of its own: ``code`` names why, ``text`` is seen."""

    code: str
    text: str


class BadValueError(ValueError):
    """A cell does not hold what its column expects."""

    def __init__(self, expected: str = "", code: str = "bad_value"):
        super().__init__(code, expected)
        self.expected = expected
        self.code = code


def show(raw: Any) -> str:
    """Return a raw cell as its reader sees it, on as many lines as it has.

    >>> show(" a\\r\\nb\\x0bc "), show(2.0), show(None), show(True)
    ('a\\nb\\nc', '2', '', 'TRUE')
    >>> show(Odd("error_cell", "#N/A"))
    '#N/A'
    """
    if raw is None:
        return ""
    if isinstance(raw, str) and raw.isascii() and raw.isprintable():
        return raw.strip()  # most cells: nothing to compose, nothing to take out
    if isinstance(raw, Odd):
        return raw.text
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, float) and raw.is_integer():
        raw = int(raw)
    return typed(_SOFT_BREAKS.sub("\n", str(raw)))


def is_blank(text: str) -> bool:
    """Tell whether nothing of a text, already trimmed, is seen.

    >>> is_blank(""), is_blank("\\u200b"), is_blank("é")
    (True, True, False)
    """
    return not text or (not text.isascii() and not one_line(text))


@dataclass(frozen=True)
class Kind:
    """How the cells of a column are read, and written: a text of several lines.

    >>> PARAGRAPH.read(" Une\\r\\nDeux "), PARAGRAPH.clean(False), NAME.read("a \\n b")
    ('Une\\nDeux', '', 'a b')
    """

    limit: int = MAX_CELL
    empty: Any = ""
    is_number: ClassVar[bool] = False

    def read(self, raw: Any) -> Any:
        """Return the value of a raw cell, ``empty`` for a blank one.

        :raise BadValueError: the cell holds something else
        """
        if isinstance(raw, Odd):
            raise BadValueError(code=raw.code)
        text = show(raw)
        if len(text) > self.limit:
            raise BadValueError(str(self.limit), "long_cell")
        if _UNREADABLE.search(text):
            raise BadValueError(code="bad_character")
        return self.empty if is_blank(text) else self._parse(raw, text)

    def _parse(self, raw: Any, text: str) -> Any:
        """Return the value of a cell that holds ``text``, not blank."""
        if isinstance(raw, bool):
            raise BadValueError(code="boolean")
        return self._shape(text)

    def clean(self, stored: Any) -> Any:
        """Return the value that a record holds, in the form that reading gives."""
        text = show(_UNREADABLE.sub("", str(stored or "")))
        return self.empty if is_blank(text) else self._shape(text)

    def write(self, value: Any) -> str:
        """Return a value as its cell is written: a text, as it is."""
        return value

    def _shape(self, text: str) -> str:
        return text


class Name(Kind):
    """A text on one line, its spaces kept as they were typed."""

    def _shape(self, text: str) -> str:
        return _LINE_ENDS.sub(" ", text)


class Code(Kind):
    """A code: on one line, without signs that nobody sees; never a date.

    >>> CODE.read(" A\\u200b1 "), CODE.read(2026)
    ('A1', '2026')
    """

    def _parse(self, raw: Any, text: str) -> Any:
        if isinstance(raw, float) and not raw.is_integer():
            raise BadValueError("text")  # 1.10 lost its zero on the way
        if _DATE.fullmatch(text):
            raise BadValueError(code="date")
        return super()._parse(raw, text)

    def _shape(self, text: str) -> str:
        return one_line(text)


class Reference(Code):
    """A code that lists of codes name: it holds none of what separates them."""

    def _parse(self, raw: Any, text: str) -> Any:
        if _LISTED.search(text):
            raise BadValueError("reference")
        return super()._parse(raw, text)


class Codes(Code):
    """Codes separated by commas, semicolons or line ends, each once, sorted.

    >>> CODES.read("B; A,,B"), CODES.write(("A", "B")), CODES.clean(["b", "a"])
    (('A', 'B'), 'A,B', ('a', 'b'))
    """

    def _parse(self, raw: Any, text: str) -> Any:
        super()._parse(raw, text)
        return self.clean(_LISTED.split(text))

    def clean(self, stored: Any) -> Any:
        """Return the codes of a list, each once, sorted."""
        codes = {one_line(code) for code in stored or ()}
        return tuple(sorted(codes - {""}))

    def write(self, value: Any) -> str:
        """Return the codes separated by commas."""
        return ",".join(value)


@dataclass(frozen=True)
class Number(Kind):
    """A number, decimal comma welcome.

    :param whole: without decimals
    :param zero: whether 0 says something; otherwise it is an empty cell

    >>> NUMBER.read("1,5"), NUMBER.read("1\\u202f000"), NUMBER.read("")
    (1.5, 1000.0, None)
    >>> NUMBER.write(0.5), NUMBER.write(2.0)
    ('0,5', '2')
    >>> WHOLE.read(2.0), WHOLE.write(2), QUANTITY.read("0")
    (2, '2', None)
    """

    empty: Any = None
    whole: bool = False
    zero: bool = True
    is_number: ClassVar[bool] = True

    def _parse(self, raw: Any, text: str) -> Any:
        plain = one_line(text)
        expected = "integer" if self.whole else "number"
        if isinstance(raw, bool) or not (
            isinstance(raw, int | float) or _NUMBER.fullmatch(plain)
        ):
            raise BadValueError(expected)
        number = float(plain.replace(" ", "").replace(",", "."))
        if not abs(number) < 1e9 or (self.whole and not number.is_integer()):
            raise BadValueError(expected)
        return self.clean(int(number) if self.whole else number)

    def clean(self, stored: Any) -> Any:
        """Return the number itself; none for a 0 that says nothing."""
        return stored if stored or self.zero else None

    def write(self, value: Any) -> str:
        """Return the number with a decimal comma, without useless zeros."""
        return f"{value!r}".removesuffix(".0").replace(".", ",")


class Color(Kind):
    """A colour written ``#rrggbb``."""

    def _parse(self, raw: Any, text: str) -> Any:
        if not is_color(one_line(text)):
            raise BadValueError("color")
        return self._shape(text)

    def _shape(self, text: str) -> str:
        return one_line(text).lower()


@dataclass(frozen=True)
class Choice(Kind):
    """One of ``choices``, whatever the case and the accents: ``{cell: value}``.

    >>> Choice(choices={"oui": True, "non": False}).read("Oui")
    True
    >>> Choice(choices={"thème": "theme"}).write("theme")
    'thème'
    """

    empty: Any = None
    choices: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def _folded(self) -> dict[str, Any]:
        return {fold(label): value for label, value in self.choices.items()}

    def _parse(self, raw: Any, text: str) -> Any:
        if isinstance(raw, bool) and raw in self.choices.values():
            return raw
        try:
            return self._folded[fold(text)]
        except KeyError:
            raise BadValueError(", ".join(self.choices)) from None

    def clean(self, stored: Any) -> Any:
        """Return the value itself: choices are kept as they are stored."""
        return stored

    def write(self, value: Any) -> str:
        """Return the word for a value."""
        return next((k for k, known in self.choices.items() if known == value), "")


PARAGRAPH = Kind()
NAME = Name(MAX_NAME)
CODE = Code(MAX_CODE)
REFERENCE = Reference(MAX_CODE)
CODES = Codes(empty=())
NUMBER = Number(MAX_CODE)
WHOLE = Number(MAX_CODE, whole=True)
QUANTITY = Number(MAX_CODE, zero=False)
COLOR = Color(MAX_CODE)
