"""What is wrong between the rows of a workbook, without a database.

A cell that could not be read is not in its row: it was told of already, and every check
leaves it aside, so that all that is wrong is told at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..tree import PARENTS, may_hold
from .schema import BY_KEY, KINDS, TABLES, Content, Problem, Row, Table

REFERENTIAL, LEVELS, OBJECTIVES = (
    BY_KEY[key].sheet for key in ("referential", "levels", "objectives")
)
OFFERS, MAPPINGS = (BY_KEY[key].sheet for key in ("offers", "mappings"))


def check(content: Content) -> Iterator[Problem]:
    """Yield what is wrong between the rows of a workbook.

    >>> [problem.code for problem in check(Content({"levels": [Row(2, {})]}))]
    ['one_level']
    """
    for row in content["referential"][1:]:
        yield Problem("one_row_only", REFERENTIAL, row.number)
    if len(content["levels"]) == 1:
        yield Problem("one_level", LEVELS)
    for table in TABLES:
        if not table.by_rank:
            yield from check_repeated(table, content[table.key])
    yield from _check_tree(content)
    yield from _check_numbers(content)
    yield from _check_links(content)


def check_repeated(table: Table, rows: list[Row]) -> Iterator[Problem]:
    """Yield the rows that are there twice.

    >>> rows = [Row(n, {"terme": "GES"}) for n in (2, 3)]
    >>> [problem.row for problem in check_repeated(BY_KEY["glossary"], rows)]
    [3]
    """
    seen = set()
    for row in rows:
        key = table.identify(row)
        if key in seen:
            found = " ".join(str(part) for part in key if part not in (None, ""))
            column = table.identity[-1]
            yield Problem("duplicate", table.sheet, row.number, column, found)
        elif key is not None:
            seen.add(key)


def check_known(
    content: Content, column: str, known: Collection[str], code: str
) -> Iterator[Problem]:
    """Yield the codes of ``column`` (objectives) that are not among ``known``."""
    for row in content["objectives"]:
        for value in row.cells.get(column, ()):
            if value not in known:
                yield Problem(code, OBJECTIVES, row.number, column, value)


def _check_tree(content: Content) -> Iterator[Problem]:
    labels = {kind: label for label, kind in KINDS.items()}
    kinds = {
        row.cells["code"]: row.cells.get("type")
        for row in content["objectives"]
        if "code" in row.cells
    }
    if kinds and "code_parent" not in content.present["objectives"]:
        yield Problem("missing_column", OBJECTIVES, 1, "code_parent")
    for row in content["objectives"]:
        kind, parent = row.cells.get("type"), row.cells.get("code_parent")
        where = (OBJECTIVES, row.number, "code_parent")
        if parent and parent not in kinds:
            yield Problem("orphan", *where, parent)
            continue
        above = kinds[parent] if parent else ""
        if None in (kind, parent, above) or may_hold(above, kind):
            continue
        expected = ", ".join(labels[allowed] for allowed in PARENTS[kind])
        code = ("misplaced" if expected else "on_top") if parent else "no_parent"
        yield Problem(code, *where, labels[kind], expected)
    types = {row.cells.get("type") for row in content["objectives"]}
    if types and not {None, "operational"} & types:
        yield Problem("nothing_to_score", OBJECTIVES)


def _check_numbers(content: Content) -> Iterator[Problem]:
    for row in content["objectives"]:
        weight = row.cells.get("poids", 1)
        if weight <= 0:
            where = (OBJECTIVES, row.number, "poids")
            yield Problem("weight_not_positive", *where, f"{weight:g}")
    for row in content["offers"]:
        hours = row.cells.get("duree_heures") or 0
        if hours < 0:
            where = (OFFERS, row.number, "duree_heures")
            yield Problem("negative", *where, f"{hours:g}")
    values = {row.cells.get("valeur") for row in content["levels"]}
    if not values or None in values:
        return
    scale = ", ".join(map(str, sorted(values)))
    for key, column in (("objectives", "niveau_requis"), ("descriptors", "niveau")):
        for row in content[key]:
            level = row.cells.get(column)
            if level is not None and level not in values:
                where = (BY_KEY[key].sheet, row.number, column)
                yield Problem("outside_scale", *where, str(level), scale)


def _check_links(content: Content) -> Iterator[Problem]:
    codes = {row.cells.get("code") for row in content["objectives"]}
    for key in ("indicators", "descriptors", "questions", "mappings"):
        for row in content[key]:
            code = row.cells.get("code_objectif", "")
            if codes and code and code not in codes:
                sheet = BY_KEY[key].sheet
                yield Problem("orphan", sheet, row.number, "code_objectif", code)
    own = {r.cells.get("code"): r.cells.get("edition") for r in content["referential"]}
    for row in content["mappings"]:
        target, edition = row.cells.get("cible"), row.cells.get("edition_cible")
        if target and own.get(target) and edition in ("", own[target]):
            yield Problem("own_edition", MAPPINGS, row.number, "cible", target)
