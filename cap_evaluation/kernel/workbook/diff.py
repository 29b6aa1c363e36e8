"""What a workbook changes in an edition, without Odoo.

Both sides are :class:`~.schema.Content`: the edition as it would be exported, and the
file. The same differences are shown, refused where publication froze them, and written.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from ..text import shorten
from .schema import BY_KEY, TABLES, Column, Content, Problem, Row, Table

MAX_SHOWN = 80


class Change(NamedTuple):
    """One difference as it is shown.

    A row that comes (``new``), goes (``removed``) or stands elsewhere (``moved``), or a
    cell that is ``changed``. ``row`` is its number in the file, 0 for one that goes.
    """

    kind: str
    sheet: str
    row: int
    key: str
    column: str = ""
    before: str = ""
    after: str = ""
    frozen: bool = False


class Pair(NamedTuple):
    """A row that is there on both sides, and its columns that differ."""

    stored: Row
    row: Row
    changed: list[Column]


@dataclass
class Difference:
    """What a workbook changes in one table, by what identifies its rows."""

    table: Table
    new: dict[tuple[Any, ...], Row] = field(default_factory=dict)
    pairs: dict[tuple[Any, ...], Pair] = field(default_factory=dict)
    removed: dict[tuple[Any, ...], Row] = field(default_factory=dict)

    def __bool__(self) -> bool:
        changed = any(pair.changed for pair in self.pairs.values())
        return bool(self.new or self.removed or changed)


def compare(stored: Content, content: Content) -> dict[str, Difference]:
    """Return what ``content`` changes in ``stored``: ``{table key: difference}``.

    Only of the tables and the columns that ``content`` speaks of. A cell or a row that
    could not be read changes nothing.
    """
    return {
        table.key: _compare_table(table, stored, content)
        for table in TABLES
        if content.present.get(table.key)
    }


def _compare_table(table: Table, stored: Content, content: Content) -> Difference:
    columns = [c for c in table.columns if c.name in content.present[table.key]]
    rows = content[table.key]
    before, after = table.index(stored[table.key]), table.index(rows)
    difference = Difference(table)
    for key, row in after.items():
        if key not in before:
            difference.new[key] = row
            continue
        old = before[key]
        changed = [
            column
            for column in columns
            if column.name in row.cells
            and row.cells[column.name] != old.cells[column.name]
        ]
        difference.pairs[key] = Pair(old, row, changed)
    if not table.library and all(table.identify(row) for row in rows):
        difference.removed = {k: r for k, r in before.items() if k not in after}
    return difference


def list_changes(differences: dict[str, Difference]) -> list[Change]:
    """Return the differences one by one, sheet by sheet, as they are shown."""
    return [
        change
        for difference in differences.values()
        for change in (*_list_rows(difference), *_list_moved(difference))
    ]


def _list_rows(difference: Difference) -> Iterator[Change]:
    table = difference.table
    for key, row in difference.new.items():
        yield Change(
            "new", table.sheet, row.number, tell(key), frozen=table.frozen_rows
        )
    for key, pair in difference.pairs.items():
        for column in pair.changed:
            yield Change(
                "changed",
                table.sheet,
                pair.row.number,
                tell(key),
                column.name,
                column.write(pair.stored.cells[column.name]),
                column.write(pair.row.cells[column.name]),
                column.frozen,
            )
    for key in difference.removed:
        yield Change("removed", table.sheet, 0, tell(key), frozen=table.frozen_rows)


def _list_moved(difference: Difference) -> Iterator[Change]:
    """Yield the first objective that stands elsewhere among those that stay."""
    if difference.table is not BY_KEY["objectives"]:
        return
    pairs = list(difference.pairs.values())
    before = sorted(pairs, key=lambda pair: pair.stored.number)
    for old, new in zip(before, pairs, strict=True):
        if old is not new:
            was, now = old.row.cells["code"], new.row.cells["code"]
            sheet, number = difference.table.sheet, new.row.number
            yield Change("moved", sheet, number, now, "code", was, now, True)
            return


def get_frozen_problems(changes: list[Change]) -> Iterator[Problem]:
    """Yield the changes that a published edition does not allow, as problems."""
    for change in changes:
        if change.frozen:
            found = change.after if change.kind == "changed" else change.key
            yield Problem(
                f"frozen_{change.kind}",
                change.sheet,
                change.row,
                change.column,
                shorten(found, MAX_SHOWN),
                shorten(change.before, MAX_SHOWN),
            )


def tell(key: tuple[Any, ...]) -> str:
    """Return what identifies a row, as it is shown.

    >>> tell(("1.1", "", 0))
    '1.1 0'
    """
    return " ".join(str(part) for part in key if part not in (None, ""))
