"""Reading référentiel workbooks: an ``.xlsx``, a ``.zip`` of ``.csv``, or a folder.

Reading never stops at the first problem: what can be read is, and every
:class:`~.schema.Problem` of it is kept, each with its sheet, row and column. Nothing
here touches a database: on any problem there is nothing to undo.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any

from lxml import etree

from ..text import fold, one_line, storable
from . import check, sheets
from .cells import ERRORS, BadValueError, Odd, is_blank, show
from .schema import GUIDE_SHEET, TABLES, Column, Content, Problem, Row, Table

MAX_FILE_BYTES = 10 * 1024**2
MAX_UNPACKED_BYTES = 100 * 1024**2
MAX_TABLE_BYTES = 20 * 1024**2
MAX_LINE = 1_000_000  # characters between two line ends of a table
MAX_LINES = 1_000_000
MAX_SHOWN = 60
MEGABYTE = 1024**2

# All that is raised on a file that is broken, or made to be.
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    etree.LxmlError,
    SyntaxError,
    EOFError,
    LookupError,
    NotImplementedError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
# Texts that a spreadsheet would run, or take for an error: kept behind an apostrophe.
GUARDED = re.compile(rf"'*(?:[=+\-@\t\r]|(?:{'|'.join(map(re.escape, ERRORS))})$)")
_OLD_FORMAT = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_DELIMITERS = ";,\t"
_SEPARATOR_LINE = re.compile(rf"sep=([{_DELIMITERS}])", re.IGNORECASE)

RawTable = dict[int, dict[int, Any]]


class UnreadableError(Exception):
    """The file as a whole cannot be read; ``problem`` says why."""

    def __init__(self, code: str, **details: Any):
        super().__init__(code)
        self.problem = Problem(code, **details)


def read_file(data: bytes, filename: str = "") -> Content:
    """Return the content of an ``.xlsx`` workbook or a ``.zip`` of ``.csv``.

    What is no such file, or too large a one, gives a content without rows whose only
    problem says so.
    """
    try:
        return _read(data, filename)
    except UnreadableError as error:
        return Content(problems=[error.problem])
    except BROKEN:
        return Content(problems=[Problem("not_a_workbook", found=filename)])


def read_folder(folder: Path) -> Content:
    """Return the content of the ``.csv`` tables lying in ``folder``."""
    return _read_csv_files(
        {path.name: path.read_bytes() for path in folder.glob("*.csv")}
    )


def _read(data: bytes, filename: str) -> Content:
    _refuse_size(len(data), MAX_FILE_BYTES)
    if data.startswith(_OLD_FORMAT):
        raise UnreadableError("old_format", found=filename)
    if not zipfile.is_zipfile(io.BytesIO(data)):
        single = filename.lower().endswith((".csv", ".tsv", ".txt"))
        code = "single_table" if single else "not_a_workbook"
        raise UnreadableError(code, found=filename)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        _refuse_size(
            sum(info.file_size for info in archive.infolist()), MAX_UNPACKED_BYTES
        )
        names = set(archive.namelist())
        if "content.xml" in names or "xl/workbook.bin" in names:
            raise UnreadableError("other_format", found=filename)
        if "[Content_Types].xml" in names:
            return _read_workbook(sheets.Workbook(archive))
        return _read_csv_files(
            {
                info.filename: archive.read(info)
                for info in archive.infolist()
                if not _is_hidden(info)
            }
        )


def _refuse_size(size: int, most: int) -> None:
    if size > most:
        raise UnreadableError("too_large", expected=str(most // MEGABYTE))


def _is_hidden(info: zipfile.ZipInfo) -> bool:
    """Whether a member is a folder, or one of those that systems add by themselves."""
    path = PurePosixPath(info.filename)
    return info.is_dir() or path.name.startswith(".") or "__MACOSX" in path.parts


# -------------------------------------------------------------------- an .xlsx


def _read_workbook(workbook: sheets.Workbook) -> Content:
    content = Content()
    named = [(sheet.name, sheet.name, sheet) for sheet in workbook.sheets]
    for table, sheet in _choose(content, named, lambda table: table.sheet):
        try:
            raw, merged = workbook.read(sheet)
        except sheets.TooManyCells:
            _note_too_many(content, table)
            continue
        content.problems += _fill_merged(table, raw, merged)
        _read_table(content, table, raw)
    return _finish(content)


def _fill_merged(table: Table, raw: RawTable, merged: list[str]) -> Iterator[Problem]:
    """Fill down what was merged over several rows; other merges are problems."""
    for text in merged:
        place = sheets.parse_range(text)
        if place is None:
            continue
        top, left, bottom, right = place
        value = raw.get(top, {}).get(left)
        if value is None:
            continue
        if left != right:
            yield Problem("merged", table.sheet, top, found=text)
            continue
        for row in raw.keys() & range(top + 1, bottom + 1):
            raw[row].setdefault(left, value)


# ------------------------------------------------------------------ .csv files


def _read_csv_files(files: dict[str, bytes]) -> Content:
    """Return the content of ``{path: bytes}``."""
    content = Content()
    named = [(path, PurePosixPath(path).stem, path) for path in sorted(files)]
    tables = [item for item in named if item[0].lower().endswith(".csv")]
    content.ignored += [one_line(item[0]) for item in named if item not in tables]
    for table, path in _choose(
        content, tables, lambda table: table.filename.removesuffix(".csv")
    ):
        try:
            _read_table(content, table, _read_csv(table, files[path]))
        except UnreadableError as error:
            content.problems.append(error.problem._replace(sheet=table.sheet))
    return _finish(content)


def _read_csv(table: Table, data: bytes) -> RawTable:
    _refuse_size(len(data), MAX_TABLE_BYTES)
    text = _decode(data)
    lines = io.StringIO(text, newline="")
    delimiter = _find_delimiter(table, text)
    reader = csv.reader(_bounded(lines), delimiter=delimiter, strict=True)
    raw: RawTable = {}
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            if number == 1 and _SEPARATOR_LINE.fullmatch(
                delimiter.join(cells).strip(" ")
            ):
                continue
            filled = {i: _unguard(cell) for i, cell in enumerate(cells) if cell}
            if filled:
                raw[number] = filled
            if len(raw) > table.max_rows + 1:
                break
    except csv.Error:
        raise UnreadableError("not_a_table", row=number + 1) from None
    return raw


def _decode(data: bytes) -> str:
    """Return a text in any of the encodings that spreadsheets save.

    >>> _decode("é".encode("utf-16")), _decode("é".encode("cp1252")), _decode(b"a")
    ('é', 'é', 'a')
    >>> _decode("é;".encode("utf-16-le"))
    'é;'
    """
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\x00" in data[:200]:
        encodings = ["utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"]
    else:
        encodings = ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableError("not_a_text")


def _find_delimiter(table: Table, text: str) -> str:
    """Return what parts the columns: what its first line says, or what fits best."""
    lines = text[:MAX_LINE].splitlines()
    said = _SEPARATOR_LINE.match(lines[0]) if lines else None
    if said:
        return said[1]
    first = next((line for line in lines if line.strip(f"{_DELIMITERS} ")), "")
    known = {fold(column.name) for column in table.columns}
    return max(
        _DELIMITERS,
        key=lambda sign: len(known & {fold(c.strip('"')) for c in first.split(sign)}),
    )


def _bounded(lines: Iterable[str]) -> Iterator[str]:
    """Yield lines as long as people write them, and no more than they write."""
    for number, line in enumerate(lines):
        if len(line) > MAX_LINE or number > MAX_LINES:
            raise csv.Error("too long")
        yield line


def _unguard(cell: str) -> Any:
    """Return a cell without the apostrophe that kept a text from being a formula.

    >>> _unguard("'=A1"), _unguard("=A1"), _unguard("'til"), _unguard("''-1")
    ('=A1', '=A1', "'til", "'-1")
    >>> _unguard("#N/A"), _unguard("'#N/A")
    (Odd(code='error_cell', text='#N/A'), '#N/A')
    """
    if cell.startswith("'") and GUARDED.match(cell):
        return cell[1:]
    return Odd("error_cell", cell) if cell.strip() in ERRORS else cell


# -------------------------------------------------------------------- a table


def _choose(
    content: Content,
    named: list[tuple[str, str, Any]],
    label: Callable[[Table], str],
) -> Iterator[tuple[Table, Any]]:
    """Yield ``(table, sheet)``; note the tables that are missing, or there twice.

    :param named: (name to show, name of the table, what to read) of each sheet
    """
    by_name: dict[str, list[tuple[str, Any]]] = {}
    for shown, name, item in named:
        by_name.setdefault(fold(name), []).append((shown, item))
    by_name.pop(fold(GUIDE_SHEET), None)
    for table in TABLES:
        found = by_name.pop(fold(label(table)), [])
        if len(found) > 1:
            names = ", ".join(f"“{storable(shown)}”" for shown, _item in found)
            content.problems.append(Problem("double_sheet", table.sheet, found=names))
        elif found:
            yield table, found[0][1]
        elif not table.optional:
            content.problems.append(
                Problem("missing_sheet", table.sheet, expected=label(table))
            )
    content.ignored += [
        one_line(shown) for found in by_name.values() for shown, _item in found
    ]


def _note_too_many(content: Content, table: Table) -> None:
    content.problems.append(
        Problem("too_many_rows", table.sheet, expected=str(table.max_rows))
    )


def _read_table(content: Content, table: Table, raw: RawTable) -> None:
    """Add to ``content`` the rows of a table; the first one is its heading."""
    numbers = sorted(
        n for n, cells in raw.items() if any(map(_is_seen, cells.values()))
    )
    if len(numbers) - 1 > table.max_rows:
        _note_too_many(content, table)
        return
    if not table.optional and len(numbers) < 2:
        content.problems.append(Problem("empty_sheet", table.sheet))
    if not numbers:
        return
    columns, problems = _match_heading(table, numbers[0], raw[numbers[0]])
    if columns:
        content.present[table.key] = {column.name for column in columns.values()}
        content.rows[table.key] = [
            _read_row(table, columns, number, raw[number], problems)
            for number in numbers[1:]
        ]
    content.problems += problems


def _is_seen(raw: Any) -> bool:
    return isinstance(raw, Odd) or not is_blank(show(raw))


def _match_heading(
    table: Table, number: int, heading: dict[int, Any]
) -> tuple[dict[int, Column], list[Problem]]:
    """Return ``{position: column}``, and the headings that are missing or unknown."""
    by_name = {fold(column.name): column for column in table.columns}
    names = {i: one_line(show(raw)) for i, raw in sorted(heading.items())}
    found: dict[int, Column] = {}
    problems = []
    for position, title in names.items():
        column = by_name.get(fold(title))
        where = (table.sheet, number, title[:MAX_SHOWN])
        if column and column in found.values():
            problems.append(Problem("double_column", *where))
        elif column:
            found[position] = column
        elif title:
            close = get_close_matches(fold(title), by_name, 1)
            expected = close[0] if close else ", ".join(by_name)
            problems.append(
                Problem("unknown_column", *where, title[:MAX_SHOWN], expected)
            )
    if not found:
        expected = ", ".join(column.name for column in table.columns)
        return {}, [Problem("no_heading", table.sheet, number, expected=expected)]
    problems += [
        Problem("missing_column", table.sheet, number, column.name)
        for column in table.columns
        if column.required and column not in found.values()
    ]
    return found, problems


def _read_row(
    table: Table,
    columns: dict[int, Column],
    number: int,
    raw: dict[int, Any],
    problems: list[Problem],
) -> Row:
    """Return a row, noting each cell that is wrong; a wrong cell is not in it."""
    cells: dict[str, Any] = {}
    for position, column in columns.items():
        cell = raw.get(position)
        where = (table.sheet, number, column.name)
        try:
            value = column.read(cell)
        except BadValueError as error:
            found = show(cell)[:MAX_SHOWN]
            problems.append(Problem(error.code, *where, found, error.expected))
            continue
        if column.required and value in (None, "", ()):
            problems.append(Problem("empty_cell", *where))
        else:
            cells[column.name] = value
    stray = " ".join(show(cell) for i, cell in raw.items() if i not in columns).strip()
    told = any(p.code == "unknown_column" for p in problems)
    if stray and not told:
        where = (table.sheet, number, "")
        problems.append(Problem("cell_without_heading", *where, stray[:MAX_SHOWN]))
    return Row(number, cells)


def _finish(content: Content) -> Content:
    content.problems += check.check(content)
    return content
