"""Writing référentiel workbooks, without Odoo: ``.xlsx``, ``.zip`` of ``.csv``.

Every text is written as text, so that codes stay codes and nothing is run as a formula;
reading what was written gives the same content back.
"""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any

import xlsxwriter

from .read import GUARDED
from .schema import (
    GUIDE_HEADINGS,
    GUIDE_LINES,
    GUIDE_SHEET,
    MAX_ROWS,
    TABLES,
    Column,
    Content,
    Table,
)

EPOCH = (1980, 1, 1, 0, 0, 0)
WIDE, NARROW = 60, 16
GUIDE_WIDTHS = (18, 20, 14, 70, 50)


def list_columns() -> list[tuple[str, str, str, str, str]]:
    """Return what is told of each column: sheet, name, required, content, choices."""
    return [
        (
            table.sheet,
            column.name,
            "oui" if column.required else "non",
            column.help,
            ", ".join(column.choices),
        )
        for table in TABLES
        for column in table.columns
    ]


def write_csv(table: Table, content: Content) -> str:
    """Return a table as CSV; what looks like a formula gets an apostrophe.

    >>> from .schema import BY_KEY, Row
    >>> row = Row(2, {"terme": "GES", "definition": "=1+1"})
    >>> print(write_csv(BY_KEY["glossary"], Content({"glossary": [row]})))
    terme;definition;source
    GES;'=1+1;
    <BLANKLINE>
    """
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    for row in content[table.key]:
        writer.writerow(
            [_guard(column, row.cells.get(column.name)) for column in table.columns]
        )
    return stream.getvalue()


def _guard(column: Column, value: Any) -> str:
    text = column.write(value)
    if not column.kind.is_number and GUARDED.match(text):
        return f"'{text}"
    return text


def write_zip(content: Content) -> bytes:
    """Return the tables as a ``.zip`` of ``.csv``, the same bytes for the same rows."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in TABLES:
            info = zipfile.ZipInfo(table.filename, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, write_csv(table, content).encode("utf-8-sig"))
    return stream.getvalue()


def write_xlsx(content: Content) -> bytes:
    """Return the tables as a workbook, with help on headings and drop-down lists.

    Without rows, this is the template to fill in.
    """
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as workbook:
        top = {"valign": "top"}
        bold = {"bold": True, "text_wrap": True, **top}
        formats = {
            "heading": workbook.add_format({**bold, "bg_color": "#e7dfd6"}),
            "required": workbook.add_format({**bold, "bg_color": "#f0b64c"}),
            "text": workbook.add_format({**top, "num_format": "@", "text_wrap": True}),
            "number": workbook.add_format(top),
        }
        _write_guide(workbook.add_worksheet(GUIDE_SHEET), formats)
        for table in TABLES:
            _write_sheet(workbook.add_worksheet(table.sheet), table, content, formats)
        workbook.get_worksheet_by_name(TABLES[0].sheet).activate()
    return stream.getvalue()


def _write_sheet(sheet: Any, table: Table, content: Content, formats: Any) -> None:
    sheet.freeze_panes(1, 1)
    for position, column in enumerate(table.columns):
        style = formats["number" if column.kind.is_number else "text"]
        sheet.set_column(position, position, WIDE if column.wide else NARROW, style)
        heading = formats["required" if column.required else "heading"]
        sheet.write_string(0, position, column.name, heading)
        sheet.write_comment(0, position, column.help)
        if column.choices:
            rule = {"validate": "list", "source": list(column.choices)}
            sheet.data_validation(1, position, MAX_ROWS, position, rule)
    for number, row in enumerate(content[table.key], 1):
        for position, column in enumerate(table.columns):
            value = row.cells.get(column.name)
            if column.kind.is_number and value is not None:
                sheet.write_number(number, position, value, formats["number"])
            elif text := column.write(value):
                sheet.write_string(number, position, text, formats["text"])


def _write_guide(sheet: Any, formats: Any) -> None:
    """Write how to fill the workbook in, and what each column holds."""
    for position, width in enumerate(GUIDE_WIDTHS):
        sheet.set_column(position, position, width)
    last = len(GUIDE_WIDTHS) - 1
    for number, line in enumerate(GUIDE_LINES):
        sheet.merge_range(number, 0, number, last, line, formats["text"])
    top = len(GUIDE_LINES) + 1
    for position, title in enumerate(GUIDE_HEADINGS):
        sheet.write_string(top, position, title, formats["heading"])
    for number, cells in enumerate(list_columns(), top + 1):
        for position, text in enumerate(cells):
            sheet.write_string(number, position, text, formats["text"])
