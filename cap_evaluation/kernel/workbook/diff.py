"""What a workbook would change in an edition, cell by cell, without Odoo.

Both sides are :class:`~.exchange.Content`: the edition as it would be exported, and the
file. The same list shows what importing would do, and names what a published edition
does not allow.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from .exchange import BY_KEY, TABLES, Column, Content, Problem, Row, Table, identify


class Change(NamedTuple):
    """One difference: a row that comes (new) or goes (removed), or a changed cell."""

    kind: str
    sheet: str
    row: int
    key: str
    column: str = ""
    before: str = ""
    after: str = ""
    frozen: bool = False


def diff(stored: Content, content: Content) -> list[Change]:
    """Return what importing ``content`` would change in ``stored``, sheet by sheet."""
    changes: list[Change] = []
    for table in TABLES:
        if table.key in content.present:
            columns = content.present[table.key]
            changes += _diff_table(
                table, columns, stored[table.key], content[table.key]
            )
    changes += _diff_order(stored["objectives"], content["objectives"])
    return changes


def get_frozen_problems(changes: list[Change]) -> Iterator[Problem]:
    """Yield the changes that a published edition does not allow, as problems."""
    for change in changes:
        if change.frozen:
            yield Problem(
                f"frozen_{change.kind}",
                change.sheet,
                change.row,
                change.column,
                _short(change.after if change.kind == "changed" else change.key),
                _short(change.before),
            )


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:79]}…"


def _index(table: Table, rows: list[Row]) -> dict[tuple[Any, ...], Row]:
    """Return ``{identity: row}``; indicators are told apart by their rank."""
    if table.key != "indicators":
        return {identify(table, row): row for row in rows}
    result: dict[tuple[Any, ...], Row] = {}
    ranks: dict[Any, int] = {}
    for row in rows:
        code = row.cells["code_objectif"]
        ranks[code] = ranks.get(code, 0) + 1
        result[code, ranks[code]] = row
    return result


def _diff_table(
    table: Table, present: set[str], stored: list[Row], rows: list[Row]
) -> Iterator[Change]:
    before, after = _index(table, stored), _index(table, rows)
    columns = [column for column in table.columns if column.name in present]
    for key, row in after.items():
        label = " ".join(str(part) for part in key if part != "")
        if key not in before:
            frozen = table.frozen_rows
            yield Change("new", table.sheet, row.number, label, frozen=frozen)
            continue
        for column in columns:
            old, new = (normal(column, r.cells) for r in (before[key], row))
            if old != new:
                yield Change(
                    "changed",
                    table.sheet,
                    row.number,
                    label,
                    column.name,
                    format_cell(column, old),
                    format_cell(column, new),
                    column.frozen,
                )
    if not table.library:
        for key in before.keys() - after.keys():
            label = " ".join(str(part) for part in key if part != "")
            yield Change("removed", table.sheet, 0, label, frozen=table.frozen_rows)


def _diff_order(stored: list[Row], rows: list[Row]) -> Iterator[Change]:
    """Yield the first objective that stands elsewhere among those that stay."""
    codes = {row.cells["code"] for row in rows}
    before = [row.cells["code"] for row in stored if row.cells["code"] in codes]
    kept = set(before)
    after = [row for row in rows if row.cells["code"] in kept]
    for old, row in zip(before, after, strict=False):
        new = row.cells["code"]
        if old != new:
            sheet = BY_KEY["objectives"].sheet
            yield Change("changed", sheet, row.number, new, "code", old, new, True)
            return


def normal(column: Column, cells: dict[str, Any]) -> Any:
    """Return a cell so that two ways of writing the same thing are equal.

    >>> from .exchange import BY_KEY
    >>> normal(BY_KEY["objectives"].columns[6], {"poids": None})
    1.0
    """
    value = cells.get(column.name)
    if value is None or value == "" or value == []:
        return column.default
    return tuple(sorted(value)) if isinstance(value, list) else value


def format_cell(column: Column, value: Any) -> str:
    """Return a value as its cell is written.

    >>> from .exchange import BY_KEY
    >>> columns = {c.name: c for c in BY_KEY["objectives"].columns}
    >>> format_cell(columns["confirme"], True), format_cell(columns["poids"], 1.5)
    ('oui', '1,5')
    """
    if value is None or value == "":
        return ""
    if column.choices:
        return next(label for label, key in column.choices.items() if key == value)
    if isinstance(value, (list, tuple)):
        return ",".join(value)
    if isinstance(value, float):
        value = int(value) if value.is_integer() else value
        return str(value).replace(".", ",")
    return str(value)
