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

from .diff import format_cell
from .exchange import (
    CONTROL,
    FORMULA,
    MAX_ROWS,
    TABLES,
    Content,
    Table,
    to_integer,
    to_number,
)

EPOCH = (1980, 1, 1, 0, 0, 0)
NUMBERS = (to_number, to_integer)
WIDE = {"guide", "note", "description", "signification", "justification"}
WIDE |= {"intitule", "indicateur", "question", "exemple", "definition", "nom"}
README = (
    "Un référentiel par classeur, une feuille par sujet, une ligne par élément.",
    "Les feuilles Référentiel, Échelle et Objectifs sont nécessaires.",
    "Ce dont le classeur ne parle pas (feuille ou colonne absente) reste tel quel.",
    "Les codes sont du texte : 1.10 n'est pas 1.1.",
    "Vérifier d'abord avec « Vérifier seulement » : rien n'est alors écrit.",
)


def clean(text: Any) -> str:
    r"""Return a stored text as a file can hold it.

    >>> clean(" a\r\nb\x00 "), clean(False)
    ('a\nb', '')
    """
    if not text:
        return ""
    lines = str(text).replace("\r\n", "\n").replace("\r", "\n")
    return CONTROL.sub("", lines).strip()


def write_csv(table: Table, content: Content) -> str:
    """Return a table as CSV; what looks like a formula gets an apostrophe."""
    stream = io.StringIO()
    writer = csv.writer(stream, delimiter=";", lineterminator="\n")
    writer.writerow([column.name for column in table.columns])
    for row in content[table.key]:
        writer.writerow(
            [_protect(column, row.cells.get(column.name)) for column in table.columns]
        )
    return stream.getvalue()


def _protect(column: Any, value: Any) -> str:
    text = format_cell(column, value)
    if column.read not in NUMBERS and FORMULA.match(text):
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
        formats = {
            "heading": workbook.add_format({"bold": True, "bg_color": "#e7dfd6"}),
            "required": workbook.add_format({"bold": True, "bg_color": "#f0b64c"}),
            "text": workbook.add_format(
                {"num_format": "@", "text_wrap": True, "valign": "top"}
            ),
            "number": workbook.add_format({"valign": "top"}),
        }
        _write_readme(workbook.add_worksheet("Lisez-moi"), formats)
        for table in TABLES:
            _write_sheet(workbook.add_worksheet(table.sheet), table, content, formats)
        workbook.get_worksheet_by_name(TABLES[0].sheet).activate()
    return stream.getvalue()


def _write_sheet(sheet: Any, table: Table, content: Content, formats: Any) -> None:
    sheet.freeze_panes(1, 1)
    for position, column in enumerate(table.columns):
        style = formats["number" if column.read in NUMBERS else "text"]
        sheet.set_column(position, position, 60 if column.name in WIDE else 16, style)
        heading = formats["required" if column.required else "heading"]
        sheet.write_string(0, position, column.name, heading)
        if column.help:
            sheet.write_comment(0, position, column.help)
        if column.choices:
            sheet.data_validation(
                1,
                position,
                MAX_ROWS,
                position,
                {"validate": "list", "source": list(column.choices)},
            )
    for number, row in enumerate(content[table.key], 1):
        for position, column in enumerate(table.columns):
            value = row.cells.get(column.name)
            if column.read in NUMBERS and value is not None:
                sheet.write_number(number, position, value, formats["number"])
            elif text := format_cell(column, value):
                sheet.write_string(number, position, text, formats["text"])


def _write_readme(sheet: Any, formats: Any) -> None:
    """Write how to fill the workbook in, and what each column holds."""
    sheet.set_column(0, 1, 18)
    sheet.set_column(2, 2, 12)
    sheet.set_column(3, 4, 60)
    for number, line in enumerate(README):
        sheet.write_string(number, 0, line)
    number = len(README) + 1
    for position, title in enumerate(
        ("feuille", "colonne", "nécessaire", "contenu", "valeurs possibles")
    ):
        sheet.write_string(number, position, title, formats["heading"])
    for table in TABLES:
        for column in table.columns:
            number += 1
            required = "oui" if column.required else ""
            choices = ", ".join(column.choices)
            for position, text in enumerate(
                (table.sheet, column.name, required, column.help, choices)
            ):
                sheet.write_string(number, position, text)
