"""The cells of a workbook (``.xlsx``) as they lie in its file, sheet by sheet.

Every cell is told as its reader sees it: what holds no value of its own (a date, an
error, a formula that was never computed) comes as :class:`~.cells.Odd`. Only cells that
hold something are kept, so that a far away coloured one costs nothing. XML entities are
never resolved. Both dialects of Open XML are read, whatever their namespaces.

See ECMA-376, part 1, chapter 18.
"""

# Plain classes: what they call read and write is no model's.
# pylint: disable=method-required-super

from __future__ import annotations

import datetime as dt
import posixpath
import re
import zipfile
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from lxml import etree

from .cells import Odd

MAX_CELLS = 2_000_000  # of a sheet, empty ones included

Rows = dict[int, dict[int, Any]]

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CELL = re.compile(r"([A-Z]{1,3})(\d{1,7})")
# What a number's format shows, its quoted texts and its colours put aside.
_FORMAT_ASIDE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_DATE_LETTERS = re.compile(r"[dmyhs]", re.IGNORECASE)
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}


class TooManyCells(Exception):
    """A sheet holds more cells than any référentiel does."""


class Sheet(NamedTuple):
    """A sheet: its name, whether it is hidden, and where its cells lie."""

    name: str
    hidden: bool
    part: str


class Workbook:
    """A workbook open for reading.

    :raise ValueError, KeyError, etree.LxmlError: it is broken
    """

    def __init__(self, archive: zipfile.ZipFile):
        self.archive = archive
        main = next(iter(self._read_targets("", "officeDocument").values()), "")
        root = self._parse(main)
        if etree.QName(root).localname != "workbook":
            raise ValueError("This is another kind of document")
        properties = root.find("{*}workbookPr")
        later = properties is not None and properties.get("date1904") in ("1", "true")
        self.epoch = dt.datetime(1904, 1, 1) if later else dt.datetime(1899, 12, 30)
        parts = self._read_targets(main, "worksheet")
        self.sheets = [
            Sheet(node.get("name"), node.get("state", "visible") != "visible", part)
            for node in root.iterfind("{*}sheets/{*}sheet")
            if (part := parts.get(_get_link(node)))
        ]
        self.texts = [
            text
            for part in self._read_targets(main, "sharedStrings").values()
            for text in self._read_texts(part)
        ]
        self.dated = [
            style
            for part in self._read_targets(main, "styles").values()
            for style in self._read_styles(part)
        ]

    def _parse(self, part: str) -> etree._Element:
        parser = etree.XMLParser(resolve_entities=False, no_network=True)
        with self.archive.open(part) as stream:
            root = etree.parse(stream, parser).getroot()
        _refuse_entities(root)
        return root

    def _read_targets(self, part: str, kind: str) -> dict[str, str]:
        """Return ``{id: part}`` of what ``part`` refers to as a ``kind``."""
        folder, name = posixpath.split(part)
        links = posixpath.join(folder, "_rels", f"{name}.rels")
        return {
            node.get("Id"): posixpath.normpath(
                posixpath.join("/", folder, node.get("Target"))
            ).lstrip("/")
            for node in self._parse(links).iterfind("{*}Relationship")
            if node.get("Type", "").endswith(f"/{kind}")
        }

    def _iterate(self, part: str, *tags: str) -> Iterator[etree._Element]:
        """Yield the elements of ``part`` that have these tags, forgotten one by one."""
        with self.archive.open(part) as stream:
            names = [f"{{*}}{tag}" for tag in tags]
            options = {"resolve_entities": False, "no_network": True}
            known = False
            for _event, node in etree.iterparse(stream, tag=names, **options):
                if not known:
                    _refuse_entities(node)
                    known = True
                yield node
                node.clear()
                while node.getprevious() is not None:
                    del node.getparent()[0]

    def _read_texts(self, part: str) -> Iterator[str]:
        for node in self._iterate(part, "si"):
            yield _get_text(node)

    def _read_styles(self, part: str) -> Iterator[bool]:
        """Yield, for each style of a cell, whether it shows numbers as dates."""
        root = self._parse(part)
        formats = {
            node.get("numFmtId"): node.get("formatCode", "")
            for node in root.iterfind("{*}numFmts/{*}numFmt")
        }
        for node in root.iterfind("{*}cellXfs/{*}xf"):
            number = node.get("numFmtId", "0")
            shown = _FORMAT_ASIDE.sub("", formats.get(number, ""))
            known = number not in formats and int(number) in _DATE_FORMATS
            yield known or bool(_DATE_LETTERS.search(shown))

    # ------------------------------------------------------------------ a sheet

    def read(self, sheet: Sheet) -> tuple[Rows, list[str]]:
        """Return the cells of a sheet and the ranges of its merged cells.

        ``{row: {column: value}}``, rows from 1 and columns from 0, without blanks.

        :raise TooManyCells: there are too many, or they say they lie too far
        """
        rows: Rows = {}
        merged = []
        row, column, count = 0, -1, 0
        for node in self._iterate(sheet.part, "c", "row", "mergeCell"):
            tag = etree.QName(node).localname
            if tag == "mergeCell":
                merged.append(node.get("ref", ""))
            elif tag == "row":
                row, column = int(node.get("r") or row or 1) + 1, -1
            else:
                count += 1
                if count > MAX_CELLS:
                    raise TooManyCells(sheet.name)
                row, column = self._locate(node, row, column)
                value = self._get_value(node)
                if value not in (None, ""):
                    rows.setdefault(row, {})[column] = value
        return rows, merged

    def _locate(self, node: etree._Element, row: int, column: int) -> tuple[int, int]:
        """Return where a cell lies: as it says, else just after the one before."""
        place = _CELL.fullmatch(node.get("r", ""))
        if place:
            return int(place[2]), column_index(place[1])
        said = node.getparent().get("r")
        return int(said) if said else row or 1, column + 1

    def _get_value(self, node: etree._Element) -> Any:
        kind, text = node.get("t", "n"), node.findtext("{*}v")
        if kind == "inlineStr":
            inline = node.find("{*}is")
            return "" if inline is None else _get_text(inline)
        if not text:
            computed = node.find("{*}f") is None or kind == "str"
            return None if computed else Odd("formula", "")
        if kind == "s":
            return self.texts[int(text)]
        if kind == "str":
            return _unescape(text)
        if kind == "e":
            return Odd("error_cell", text)
        if kind == "b":
            return text in ("1", "true")
        if kind == "d":
            return Odd("date", text)
        number = float(text)
        style = int(node.get("s") or 0)
        if style < len(self.dated) and self.dated[style]:
            return Odd("date", self._show_date(number))
        return int(number) if text.lstrip("-").isdecimal() else number

    def _show_date(self, number: float) -> str:
        """Return a date or a time as most people write it."""
        try:
            moment = self.epoch + dt.timedelta(days=number)
        except OverflowError:
            return f"{number:g}"
        if 0 <= number < 1:
            return f"{moment:%H:%M}"
        return f"{moment:%d/%m/%Y}"


@cache
def column_index(letters: str) -> int:
    """Return the rank of a column, from 0.

    >>> column_index("A"), column_index("AB"), column_index("XFD")
    (0, 27, 16383)
    """
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - ord("A") + 1
    return index - 1


def parse_range(text: str) -> tuple[int, int, int, int] | None:
    """Return (first row, first column, last row, last column) of a range.

    >>> parse_range("G4:H5"), parse_range("nothing")
    ((4, 6, 5, 7), None)
    """
    ends = [_CELL.fullmatch(end) for end in text.split(":")]
    if len(ends) != 2 or not all(ends):
        return None
    first, last = ((int(end[2]), column_index(end[1])) for end in ends if end)
    return (*first, *last)


def _get_link(node: etree._Element) -> str:
    """Return the ``r:id`` of a sheet, whatever the namespace of this dialect."""
    return next(
        (value for name, value in node.items() if name.endswith("}id")),
        "",
    )


def _get_text(node: etree._Element) -> str:
    """Return a text, its runs put together, without how it is pronounced."""
    return _unescape(
        "".join(
            piece.text or ""
            for piece in node.iter("{*}t")
            if etree.QName(piece.getparent()).localname != "rPh"
        )
    )


def _unescape(text: str) -> str:
    r"""Return a text with the signs that XML cannot hold.

    >>> _unescape("one_x000D_\ntwo"), _unescape("_x005F_x0041_")
    ('one\r\ntwo', '_x0041_')
    """
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _refuse_entities(node: etree._Element) -> None:
    if node.getroottree().docinfo.doctype:
        raise ValueError("A document type has no place in a workbook")
