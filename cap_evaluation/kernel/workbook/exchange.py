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
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

MAX_FILE_BYTES = 10 * 1024**2
MAX_UNPACKED_BYTES = 100 * 1024**2
MAX_ROWS = 8_000
MAX_CELL = 30_000
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
# All that Python's zipfile raises on a file that is broken, or made to be.
BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
)
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
COLLEGES = {
    "permanent": "permanent",
    "parcours": "parcours",
    "bénévole": "benevole",
    "administrateur": "administrateur",
    "partenaire": "partenaire",
}
STRENGTHS = {"totale": "full", "partielle": "partial"}
BOOLEANS = {"oui": True, "non": False}
# A text that a spreadsheet would run as a formula, behind any apostrophes.
FORMULA = re.compile(r"'*[=+\-@\t]")


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
    """A column of a table: how to read its cells, and what to say of them.

    ``default`` is what an empty cell means; ``frozen``: publication freezes it.
    """

    name: str
    read: Callable[[Any], Any] = to_text
    required: bool = False
    help: str = ""
    choices: dict[str, Any] = {}
    default: Any = ""
    frozen: bool = False


class Table(NamedTuple):
    """A sheet of the workbook, a ``.csv`` of the folder.

    ``identity`` names the columns that tell a row from the others. The rows of a
    ``library`` serve every référentiel: a workbook adds to them, removes none.
    ``frozen_rows``: once published, no row comes or goes.
    """

    key: str
    sheet: str
    filename: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...] = ()
    optional: bool = False
    library: bool = False
    frozen_rows: bool = False


def _choice(name: str, choices: dict[str, Any], text: str, **options: Any) -> Column:
    return Column(name, choice_of(choices), help=text, choices=choices, **options)


_SOURCE = Column("source", help="Titre et année. Vide : proposition.")
_CONFIRMED = _choice(
    "confirme", BOOLEANS, "oui : validé par COORACE. Vide : proposition.", default=False
)
_OBJECTIVE = Column(
    "code_objectif", to_code, True, "Code d'un objectif de la feuille Objectifs."
)

TABLES = (
    Table(
        "referential",
        "Référentiel",
        "referentiel.csv",
        (
            Column("code", to_code, True, "Code court et stable : CAP, CAP_RSE..."),
            Column("nom", required=True, help="Nom du référentiel."),
            Column("edition", required=True, help="Nom de l'édition, comme 2026."),
            Column("langue", required=True, help="fr_FR par exemple.", frozen=True),
            Column(
                "echelle",
                to_code,
                True,
                "Code de l'échelle décrite dans la feuille Échelle.",
                frozen=True,
            ),
        ),
        frozen_rows=True,
    ),
    Table(
        "levels",
        "Échelle",
        "echelle.csv",
        (
            Column("valeur", to_integer, True, "Nombre entier : 0, 1, 2, 3..."),
            Column("nom", required=True, help="Nom du niveau.", frozen=True),
            Column("signification", help="Ce que le niveau veut dire.", frozen=True),
            Column("couleur", to_color, help="Couleur, #1f7a6c.", frozen=True),
        ),
        ("valeur",),
        frozen_rows=True,
    ),
    Table(
        "objectives",
        "Objectifs",
        "objectifs.csv",
        (
            Column("code", to_code, True, "Code stable, au format texte : 1.10."),
            Column(
                "code_parent",
                to_code,
                help="Code de l'élément auquel celui-ci appartient. Vide : un thème.",
                frozen=True,
            ),
            _choice("type", KINDS, "Niveau de l'arbre.", required=True, frozen=True),
            Column("intitule", required=True, help="Libellé.", frozen=True),
            Column("guide", help="Questions à se poser, preuves possibles."),
            Column("note", help="Note du mot marqué * dans l'intitulé."),
            Column(
                "poids",
                to_number,
                help="2 compte double. Vide : 1.",
                default=1.0,
                frozen=True,
            ),
            Column(
                "niveau_requis",
                to_integer,
                help="Niveau minimum du point de passage. Vide : aucun.",
                default=None,
                frozen=True,
            ),
            Column(
                "types_structure",
                to_codes,
                help="Codes séparés par des virgules : AI,ACI. Vide : toutes.",
                default=(),
                frozen=True,
            ),
            _CONFIRMED,
            _SOURCE,
            Column(
                "offres",
                to_codes,
                help="Refs d'offres séparées par des virgules.",
                default=(),
            ),
        ),
        ("code",),
        frozen_rows=True,
    ),
    Table(
        "indicators",
        "Indicateurs",
        "indicateurs.csv",
        (
            _OBJECTIVE,
            Column("indicateur", required=True, help="Libellé.", frozen=True),
            _SOURCE,
        ),
        ("code_objectif",),
        optional=True,
        frozen_rows=True,
    ),
    Table(
        "offers",
        "Offres",
        "offres.csv",
        (
            Column("ref", to_code, True, "Référence stable de l'offre."),
            Column("nom", required=True, help="Nom de l'offre."),
            _choice("type", OFFER_KINDS, "Nature de l'offre.", required=True),
            Column("duree_heures", to_number, help="Durée en heures.", default=0.0),
            Column("description"),
            _SOURCE,
        ),
        ("ref",),
        optional=True,
        library=True,
    ),
    Table(
        "descriptors",
        "Descripteurs",
        "descripteurs.csv",
        (
            _OBJECTIVE,
            Column("niveau", to_integer, True, "Valeur d'un niveau de l'échelle."),
            Column(
                "description",
                required=True,
                help="Ce que ce niveau veut dire pour cet objectif.",
                frozen=True,
            ),
            _SOURCE,
        ),
        ("code_objectif", "niveau"),
        optional=True,
        frozen_rows=True,
    ),
    Table(
        "questions",
        "Questions",
        "questions.csv",
        (
            _OBJECTIVE,
            _choice("college", COLLEGES, "À qui la question se pose.", required=True),
            Column("question", required=True, help="La question, en mots simples."),
            Column("exemple", help="Un exemple concret."),
            _SOURCE,
        ),
        ("code_objectif", "college"),
        optional=True,
    ),
    Table(
        "mappings",
        "Correspondances",
        "correspondances.csv",
        (
            _OBJECTIVE,
            Column(
                "cible",
                to_code,
                True,
                "Code d'un référentiel (CAP_RSE) ou d'une norme (ISO9001:2015).",
            ),
            Column("edition_cible", help="Édition visée. Vide : la plus récente."),
            Column("code_cible", to_code, True, "Code de l'objectif ou de l'article."),
            _choice("force", STRENGTHS, "Tout, ou une partie.", required=True),
            Column("justification", help="Pourquoi, en une phrase."),
            _CONFIRMED,
        ),
        ("code_objectif", "cible", "edition_cible", "code_cible"),
        optional=True,
    ),
    Table(
        "glossary",
        "Glossaire",
        "glossaire.csv",
        (
            Column("terme", required=True, help="Le mot expliqué."),
            Column("definition", required=True, help="Son sens."),
            _SOURCE,
        ),
        ("terme",),
        optional=True,
        library=True,
    ),
)
BY_KEY = {table.key: table for table in TABLES}


@dataclass
class Content:
    """The rows of each table, read; ``problems`` holds all that is wrong with them.

    ``present`` names the columns of each table that the file speaks of: what it does
    not speak of stays as it is.
    """

    rows: dict[str, list[Row]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    present: dict[str, set[str]] = field(default_factory=dict)

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
            if "xl/workbook.xml" in archive.namelist():
                raw = _read_xlsx(data, filename)
            else:
                raw = _read_csv_files(_csv_members(archive))
    except BROKEN_ZIP:
        raise UnreadableError(Problem("not_a_workbook", found=filename)) from None
    return _parse(raw)


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


def _unquoted(rows: Iterable[list[str]]) -> Iterator[list[str]]:
    """Yield rows without the apostrophe that kept a text from being a formula.

    >>> list(_unquoted([["'=A1", "=A1", "'til", "''-1"]]))
    [['=A1', '=A1', "'til", "'-1"]]
    """
    for cells in rows:
        yield [
            cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
            for cell in cells
        ]


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
                raw[table.key] = _limited(_unquoted(reader), table.filename)
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
        if lines:
            content.present[table.key] = {column.name for column in columns.values()}
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
        if CONTROL.search(text):
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
    for row in content["referential"][1:]:
        yield Problem("one_row_only", "Référentiel", row.number)
    if len(content["levels"]) < 2:
        yield Problem("one_level", "Échelle")
    for table in TABLES:
        if table.identity and table.key != "indicators":
            yield from _check_repeated(table, content[table.key])
    yield from _check_tree(content)
    yield from _check_numbers(content)
    yield from _check_links(content)


def identify(table: Table, row: Row) -> tuple[Any, ...]:
    """Return what tells ``row`` from the other rows of its table."""
    return tuple(row.cells.get(name) or "" for name in table.identity)


def _check_repeated(table: Table, rows: list[Row]) -> Iterator[Problem]:
    seen = set()
    for row in rows:
        key = tuple(row.cells.get(name) for name in table.identity)
        if key in seen:
            found = " ".join(str(part) for part in key if part not in (None, ""))
            column = table.identity[-1]
            yield Problem("duplicate", table.sheet, row.number, column, found)
        seen.add(key)


def _check_tree(content: Content) -> Iterator[Problem]:
    kinds = {row.cells["code"]: row.cells["type"] for row in content["objectives"]}
    labels = {kind: label for label, kind in KINDS.items()}
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


def _check_numbers(content: Content) -> Iterator[Problem]:
    values = {row.cells["valeur"] for row in content["levels"]}
    scale = ", ".join(map(str, sorted(values)))
    for row in content["objectives"]:
        weight = row.cells.get("poids")
        if weight is not None and weight <= 0:
            yield Problem(
                "weight_not_positive", "Objectifs", row.number, "poids", str(weight)
            )
    for key, column in (("objectives", "niveau_requis"), ("descriptors", "niveau")):
        for row in content[key]:
            level = row.cells.get(column)
            if level is not None and level not in values:
                where = (BY_KEY[key].sheet, row.number, column)
                yield Problem("outside_scale", *where, str(level), scale)
    for row in content["offers"]:
        hours = row.cells.get("duree_heures")
        if hours is not None and hours < 0:
            yield Problem("negative", "Offres", row.number, "duree_heures", str(hours))


def _check_links(content: Content) -> Iterator[Problem]:
    codes = {row.cells["code"] for row in content["objectives"]}
    for key in ("indicators", "descriptors", "questions", "mappings"):
        for row in content[key]:
            code = row.cells["code_objectif"]
            if code not in codes:
                sheet = BY_KEY[key].sheet
                yield Problem("orphan", sheet, row.number, "code_objectif", code)
    own = {row.cells["code"]: row.cells["edition"] for row in content["referential"]}
    for row in content["mappings"]:
        edition = own.get(row.cells["cible"])
        if edition and (row.cells.get("edition_cible") or edition) == edition:
            where = ("Correspondances", row.number, "cible")
            yield Problem("own_edition", *where, row.cells["cible"])


def check_known(
    content: Content, column: str, known: set[str], code: str
) -> Iterator[Problem]:
    """Yield the codes of ``column`` (Objectifs) that are not among ``known``."""
    for row in content["objectives"]:
        for value in row.cells.get(column) or ():
            if value not in known:
                yield Problem(code, "Objectifs", row.number, column, value)
