"""Référentiel workbooks, without Odoo: what they hold, how they are read and checked.

A workbook is an ``.xlsx`` with the sheets below, a ``.zip`` of the same tables as
``.csv``, or a folder of them. Reading gives :class:`Row` objects; checking gives
*every* :class:`Problem` at once, each with its sheet, row and column. Nothing here
touches a database: on any problem there is nothing to undo.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

MAX_FILE_BYTES = 10 * 1024**2
MAX_UNPACKED_BYTES = 100 * 1024**2
MAX_ROWS = 8_000
MAX_CELL = 10_000
COLOR = re.compile(r"#[0-9a-fA-F]{6}")

KINDS = {
    "thème": "theme",
    "sous-thème": "subtheme",
    "objectif général": "general",
    "objectif opérationnel": "operational",
}
PARENTS = {
    "theme": (),
    "subtheme": ("theme",),
    "general": ("subtheme",),
    "operational": ("subtheme", "general"),
}
OFFER_KINDS = {
    "formation": "training",
    "formation-action": "training_action",
    "outil": "tool",
    "guide": "guide",
    "accompagnement": "support",
}
BOOLEANS = {"oui": True, "non": False}


class Problem(NamedTuple):
    """One thing to correct. ``code`` names the message, the rest fills it in."""

    code: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    found: str = ""
    expected: str = ""


class UnreadableError(Exception):
    """The file as a whole cannot be read; ``problems`` says why."""

    def __init__(self, *problems: Problem):
        super().__init__(problems)
        self.problems = list(problems)


class BadValueError(ValueError):
    """A cell does not hold what its column expects."""

    def __init__(self, expected: str):
        super().__init__(expected)
        self.expected = expected


class Row(NamedTuple):
    """A row of a table: its number in the file, and its cells by column name."""

    number: int
    cells: dict[str, Any]


def to_text(value: Any) -> str:
    """Return a cell as clean text.

    >>> to_text("  a\\r\\nb "), to_text(2.0), to_text(None)
    ('a\\nb', '2', '')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).replace("\r\n", "\n").strip()


def to_code(value: Any) -> str:
    """Return a code; a number with decimals lost its zeros on the way (1.10)."""
    if isinstance(value, float) and not value.is_integer():
        raise BadValueError("text")
    return to_text(value)


def to_number(value: Any) -> float | None:
    """Return a number, decimal comma welcome; None for an empty cell.

    >>> to_number("1,5"), to_number("")
    (1.5, None)
    """
    text = to_text(value).replace("\u202f", "").replace("\xa0", "").replace(",", ".")
    try:
        number = float(text) if text else None
    except ValueError:
        raise BadValueError("number") from None
    if number is not None and not abs(number) < 1e9:
        raise BadValueError("number")
    return number


def to_integer(value: Any) -> int | None:
    """Return a whole number; None for an empty cell."""
    number = to_number(value)
    if number is not None and not number.is_integer():
        raise BadValueError("integer")
    return None if number is None else int(number)


def to_codes(value: Any) -> list[str]:
    """Return the codes of a cell, separated by commas.

    >>> to_codes("A, B,,A")
    ['A', 'B']
    """
    return list(dict.fromkeys(filter(None, map(str.strip, to_text(value).split(",")))))


def to_color(value: Any) -> str:
    """Return a colour written ``#rrggbb``, or nothing."""
    text = to_text(value)
    if text and not COLOR.fullmatch(text):
        raise BadValueError("color")
    return text.lower()


def choice_of(choices: dict[str, Any]) -> Callable[[Any], Any]:
    """Return a reader of one of ``choices``, whatever the case.

    >>> choice_of(BOOLEANS)("Oui")
    True
    """

    def read(value: Any) -> Any:
        text = to_text(value)
        if not text:
            return None
        if text.lower() not in choices:
            raise BadValueError(", ".join(choices))
        return choices[text.lower()]

    return read


class Column(NamedTuple):
    """A column of a table: how to read its cells, and whether they may be empty."""

    name: str
    read: Callable[[Any], Any] = to_text
    required: bool = False


class Table(NamedTuple):
    """A sheet of the workbook, a ``.csv`` of the folder."""

    key: str
    sheet: str
    filename: str
    columns: tuple[Column, ...]
    optional: bool = False


TABLES = (
    Table(
        "referential",
        "Référentiel",
        "referentiel.csv",
        (
            Column("code", to_code, True),
            Column("nom", required=True),
            Column("edition", required=True),
            Column("langue", required=True),
            Column("echelle", to_code, True),
        ),
    ),
    Table(
        "levels",
        "Échelle",
        "echelle.csv",
        (
            Column("valeur", to_integer, True),
            Column("nom", required=True),
            Column("signification"),
            Column("couleur", to_color),
        ),
    ),
    Table(
        "objectives",
        "Objectifs",
        "objectifs.csv",
        (
            Column("code", to_code, True),
            Column("code_parent", to_code),
            Column("type", choice_of(KINDS), True),
            Column("intitule", required=True),
            Column("guide"),
            Column("note"),
            Column("poids", to_number),
            Column("niveau_requis", to_integer),
            Column("types_structure", to_codes),
            Column("confirme", choice_of(BOOLEANS)),
            Column("source"),
            Column("offres", to_codes),
        ),
    ),
    Table(
        "indicators",
        "Indicateurs",
        "indicateurs.csv",
        (
            Column("code_objectif", to_code, True),
            Column("indicateur", required=True),
            Column("source"),
        ),
        optional=True,
    ),
    Table(
        "offers",
        "Offres",
        "offres.csv",
        (
            Column("ref", to_code, True),
            Column("nom", required=True),
            Column("type", choice_of(OFFER_KINDS), True),
            Column("duree_heures", to_number),
            Column("description"),
            Column("source"),
        ),
        optional=True,
    ),
)


@dataclass
class Content:
    """The rows of each table, read; ``problems`` holds all that is wrong with them."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def __getitem__(self, key: str) -> list[Row]:
        return self.rows.get(key, [])


# --------------------------------------------------------------------- reading


def read_file(data: bytes, filename: str) -> Content:
    """Return the content of an ``.xlsx`` workbook or a ``.zip`` of ``.csv``.

    :raises UnreadableError: not such a file, too large, a zip bomb, a missing sheet
    """
    if len(data) > MAX_FILE_BYTES:
        raise UnreadableError(Problem("too_large", expected=_megabytes(MAX_FILE_BYTES)))
    if not zipfile.is_zipfile(io.BytesIO(data)):
        raise UnreadableError(Problem("not_a_workbook", found=filename))
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_archive(archive)
            names = archive.namelist()
            if "xl/workbook.xml" in names:
                return _parse(_read_xlsx(data, filename))
            return _parse(_read_csv_files(_csv_members(archive)))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        raise UnreadableError(Problem("not_a_workbook", found=filename)) from None


def read_folder(folder: Path) -> Content:
    """Return the content of the ``.csv`` tables lying in ``folder``."""
    return _parse(
        _read_csv_files({path.name: path.read_bytes() for path in folder.glob("*.csv")})
    )


def _megabytes(size: int) -> str:
    return str(size // 1024**2)


def _check_archive(archive: zipfile.ZipFile) -> None:
    """Refuse an archive that unpacks to too much, or that declares XML entities."""
    if sum(info.file_size for info in archive.infolist()) > MAX_UNPACKED_BYTES:
        raise UnreadableError(
            Problem("too_large", expected=_megabytes(MAX_UNPACKED_BYTES))
        )
    for info in archive.infolist():
        if info.filename.endswith((".xml", ".rels")):
            with archive.open(info) as part:
                if b"<!DOCTYPE" in part.read(2048):
                    raise UnreadableError(
                        Problem("not_a_workbook", found=info.filename)
                    )


def _read_xlsx(data: bytes, filename: str) -> dict[str, list[list[Any]]]:
    """Return ``{table key: raw rows}`` of a workbook."""
    from openpyxl import load_workbook

    try:
        workbook = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = {_fold(sheet.title): sheet for sheet in workbook.worksheets}
        raw = {}
        for table in TABLES:
            sheet = sheets.get(_fold(table.sheet))
            if sheet is not None:
                sheet.reset_dimensions()
                raw[table.key] = _limited(
                    sheet.iter_rows(values_only=True), table.sheet
                )
    except UnreadableError:
        raise
    except Exception:  # openpyxl raises about anything on a broken file
        raise UnreadableError(Problem("not_a_workbook", found=filename)) from None
    _check_tables_present(raw, lambda table: table.sheet)
    return raw


def _csv_members(archive: zipfile.ZipFile) -> dict[str, bytes]:
    return {
        Path(info.filename).name: archive.read(info)
        for info in archive.infolist()
        if info.filename.lower().endswith(".csv")
    }


def _read_csv_files(files: dict[str, bytes]) -> dict[str, list[list[Any]]]:
    """Return ``{table key: raw rows}`` of ``{file name: bytes}``."""
    raw = {}
    for table in TABLES:
        if table.filename in files:
            text = _decode(files[table.filename])
            delimiter = ";" if ";" in text.partition("\n")[0] else ","
            reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
            try:
                raw[table.key] = _limited(reader, table.filename)
            except csv.Error:
                raise UnreadableError(
                    Problem("not_a_table", sheet=table.filename)
                ) from None
    _check_tables_present(raw, lambda table: table.filename)
    return raw


def _decode(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _limited(rows: Iterable[Iterable[Any]], sheet: str) -> list[list[Any]]:
    """Return ``rows`` with their empty ones, so that numbers hold; stop at too many."""
    result: list[list[Any]] = []
    last = 0
    for cells in rows:
        result.append(list(cells))
        if any(to_text(cell) for cell in result[-1]):
            last = len(result)
        if last > MAX_ROWS + 1 or len(result) - last > 2 * MAX_ROWS:
            break
    if last > MAX_ROWS + 1:
        raise UnreadableError(
            Problem("too_many_rows", sheet=sheet, expected=str(MAX_ROWS))
        )
    return result[:last]


def _check_tables_present(raw: dict[str, Any], label: Callable[[Table], str]) -> None:
    missing = [t for t in TABLES if t.key not in raw and not t.optional]
    if missing:
        raise UnreadableError(
            *(Problem("missing_sheet", sheet=label(table)) for table in missing)
        )


def _fold(text: Any) -> str:
    """Return a heading without case, accents or spaces at its ends.

    >>> _fold(" Échelle") == _fold("echelle")
    True
    """
    decomposed = unicodedata.normalize("NFKD", to_text(text).lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _parse(raw: dict[str, list[list[Any]]]) -> Content:
    """Return the raw rows read by their columns, with every defect found on the way."""
    content = Content()
    for table in TABLES:
        lines = raw.get(table.key, [])
        columns = _match_header(table, lines[0] if lines else [], content.problems)
        content.rows[table.key] = [
            Row(number, _read_cells(table, columns, number, cells, content.problems))
            for number, cells in enumerate(lines[1:], 2)
            if any(to_text(cell) for cell in cells)
        ]
        if not table.optional and not content.rows[table.key]:
            content.problems.append(Problem("empty_sheet", table.sheet))
    if not content.problems:
        content.problems.extend(check(content))
    return content


def _match_header(
    table: Table, header: list[Any], problems: list[Problem]
) -> dict[int, Column]:
    """Return ``{position: column}``; a missing or unknown heading is a problem."""
    by_name = {_fold(column.name): column for column in table.columns}
    found: dict[int, Column] = {}
    for position, title in enumerate(header):
        name = _fold(title)
        if not name:
            continue
        if name not in by_name:
            close = get_close_matches(name, by_name, 1)
            problems.append(
                Problem(
                    "unknown_column",
                    table.sheet,
                    1,
                    to_text(title),
                    to_text(title),
                    close[0] if close else ", ".join(by_name),
                )
            )
        elif by_name[name] in found.values():
            problems.append(Problem("double_column", table.sheet, 1, to_text(title)))
        else:
            found[position] = by_name[name]
    problems.extend(
        Problem("missing_column", table.sheet, 1, column.name)
        for column in table.columns
        if column.required and column not in found.values() and header
    )
    return found


def _read_cells(
    table: Table,
    columns: dict[int, Column],
    number: int,
    cells: list[Any],
    problems: list[Problem],
) -> dict[str, Any]:
    """Return the cells of a row by column name, noting each that is wrong."""
    result: dict[str, Any] = {}
    for position, column in columns.items():
        cell = cells[position] if position < len(cells) else None
        text = to_text(cell)
        where = (table.sheet, number, column.name)
        try:
            result[column.name] = column.read(cell)
        except BadValueError as error:
            problems.append(Problem("bad_value", *where, text[:60], error.expected))
            continue
        if column.required and result[column.name] in (None, ""):
            problems.append(Problem("empty_cell", *where))
        if len(text) > MAX_CELL:
            problems.append(Problem("long_cell", *where, "", str(MAX_CELL)))
        if any(ord(character) < 32 and character not in "\n\t" for character in text):
            problems.append(Problem("bad_character", *where))
    extra = [to_text(cell) for i, cell in enumerate(cells) if i not in columns]
    if any(extra) and not any(p.code == "unknown_column" for p in problems):
        problems.append(
            Problem(
                "cell_without_heading", table.sheet, number, "", "".join(extra)[:60]
            )
        )
    return result


# -------------------------------------------------------------------- checking


def check(content: Content) -> Iterator[Problem]:
    """Yield what is wrong between the rows of a workbook whose cells are all right."""
    yield from _check_edition(content)
    yield from _check_levels(content)
    yield from _check_tree(content)
    yield from _check_links(content)


def _repeated(rows: list[Row], column: str) -> Iterator[tuple[Row, Any]]:
    seen = set()
    for row in rows:
        value = row.cells[column]
        if value in seen:
            yield row, value
        seen.add(value)


def _check_edition(content: Content) -> Iterator[Problem]:
    for row in content["referential"][1:]:
        yield Problem("one_row_only", "Référentiel", row.number)


def _check_levels(content: Content) -> Iterator[Problem]:
    for row, value in _repeated(content["levels"], "valeur"):
        yield Problem("duplicate", "Échelle", row.number, "valeur", str(value))
    if len(content["levels"]) < 2:
        yield Problem("one_level", "Échelle")


def _check_tree(content: Content) -> Iterator[Problem]:
    kinds = {row.cells["code"]: row.cells["type"] for row in content["objectives"]}
    labels = {kind: label for label, kind in KINDS.items()}
    for row, code in _repeated(content["objectives"], "code"):
        yield Problem("duplicate", "Objectifs", row.number, "code", code)
    for row in content["objectives"]:
        where = ("Objectifs", row.number, "code_parent")
        parent, kind = row.cells.get("code_parent") or "", row.cells["type"]
        expected = ", ".join(labels[allowed] for allowed in PARENTS[kind])
        if not parent and expected:
            yield Problem("no_parent", *where, labels[kind], expected)
        elif parent and parent not in kinds:
            yield Problem("orphan", *where, parent)
        elif parent and kinds[parent] not in PARENTS[kind]:
            yield Problem("misplaced", *where, labels[kind], expected)
    if "operational" not in kinds.values():
        yield Problem("nothing_to_score", "Objectifs")


def _check_links(content: Content) -> Iterator[Problem]:
    codes = {row.cells["code"] for row in content["objectives"]}
    values = {row.cells["valeur"] for row in content["levels"]}
    for row in content["objectives"]:
        weight = row.cells.get("poids")
        if weight is not None and weight <= 0:
            yield Problem(
                "weight_not_positive", "Objectifs", row.number, "poids", str(weight)
            )
        gate = row.cells.get("niveau_requis")
        if gate is not None and gate not in values:
            yield Problem(
                "outside_scale",
                "Objectifs",
                row.number,
                "niveau_requis",
                str(gate),
                ", ".join(map(str, sorted(values))),
            )
    for row in content["indicators"]:
        code = row.cells["code_objectif"]
        if code not in codes:
            yield Problem("orphan", "Indicateurs", row.number, "code_objectif", code)
    for row, code in _repeated(content["offers"], "ref"):
        yield Problem("duplicate", "Offres", row.number, "ref", code)
    for row in content["offers"]:
        hours = row.cells.get("duree_heures")
        if hours is not None and hours < 0:
            yield Problem("negative", "Offres", row.number, "duree_heures", str(hours))


def check_known(
    content: Content, column: str, known: set[str], code: str
) -> Iterator[Problem]:
    """Yield the codes of ``column`` (Objectifs) that are not among ``known``."""
    for row in content["objectives"]:
        for value in row.cells.get(column) or ():
            if value not in known:
                yield Problem(code, "Objectifs", row.number, column, value)
