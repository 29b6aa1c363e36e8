"""Writes a workbook row by row, in constant memory, without Odoo.

Text is always written as text, never as a formula or a link, whatever it starts with.
Rows come from any iterable, and are never kept: a workbook of a million lines needs the
memory of one row.

>>> import io
>>> columns = [Column("Nom"), Column("Score", "percent")]
>>> write_workbook(io.BytesIO(), [Sheet("Bilan", columns, [("=1+1", 50.0)])])
{'Bilan': 1}
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

MAX_TEXT = 32_767  # what a cell holds
MAX_ROWS = 1_048_576  # what a sheet holds
MAX_SHEET_NAME = 31
CUT = "…"
ACCENT = "#22366F"

FORMATS = {
    "text": {"text_wrap": False, "valign": "top"},
    "paragraph": {"text_wrap": True, "valign": "top"},
    "integer": {"num_format": "0", "valign": "top"},
    "number": {"num_format": "0.0#", "valign": "top"},
    "percent": {"num_format": '0" %"', "valign": "top"},
    "date": {"num_format": "dd/mm/yyyy", "align": "left", "valign": "top"},
}
TEXTS = {"text", "paragraph"}


@dataclass(frozen=True)
class Column:
    """A column: its heading, what it holds (a key of FORMATS) and its width."""

    label: str
    kind: str = "text"
    width: float = 14


@dataclass(frozen=True)
class Radar:
    """A native radar chart over the rows of its sheet, its axis always 0 to 100."""

    title: str
    description: str
    names: int = 0
    values: int = 1


@dataclass(frozen=True)
class Sheet:
    """A sheet: a heading row, then ``rows``; a value of ``None`` leaves a blank."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence]
    radar: Radar | None = None
    portrait: bool = False


class TooManyRows(ValueError):
    """A sheet cannot hold that many rows."""


def sheet_name(name: str) -> str:
    """Return ``name`` as spreadsheets accept it.

    >>> sheet_name("Thèmes / régions [2026]")
    'Thèmes   régions  2026'
    >>> len(sheet_name("x" * 40))
    31
    """
    cleaned = re.sub(r"[\[\]:*?/\\]", " ", name).strip().strip("'")
    return cleaned[:MAX_SHEET_NAME]


def fit(text: str) -> str:
    """Return ``text`` cut to what a cell holds, with a mark where it was cut.

    >>> fit("court")
    'court'
    >>> len(fit("x" * 40_000)), fit("x" * 40_000)[-1]
    (32767, '…')
    """
    return text if len(text) <= MAX_TEXT else text[: MAX_TEXT - 1] + CUT


def write_workbook(
    target: str | BinaryIO, sheets: Iterable[Sheet], title: str = ""
) -> dict[str, int]:
    """Write ``sheets`` to ``target``; return the number of rows of each."""
    with Workbook(target, {"constant_memory": True}) as workbook:
        workbook.set_properties({"title": title})
        formats = {kind: workbook.add_format(spec) for kind, spec in FORMATS.items()}
        heading = workbook.add_format(
            {"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"}
        )
        return {
            sheet.name: _write_sheet(workbook, sheet, formats, heading)
            for sheet in sheets
        }


def _write_sheet(
    workbook: Workbook, sheet: Sheet, formats: dict[str, Format], heading: Format
) -> int:
    worksheet = workbook.add_worksheet(sheet_name(sheet.name))
    for number, column in enumerate(sheet.columns):
        worksheet.set_column(number, number, column.width)
        worksheet.write_string(0, number, column.label, heading)
    worksheet.freeze_panes(1, 0)
    count = _write_rows(worksheet, sheet, formats)
    _set_up_page(worksheet, sheet, count)
    if sheet.radar and count:
        _add_radar(workbook, worksheet, sheet, sheet.radar, count)
    return count


def _write_rows(worksheet: Worksheet, sheet: Sheet, formats: dict[str, Format]) -> int:
    """Write the rows below the heading; this loop is the cost of a workbook."""
    writers = [
        (number, _writer(worksheet, column.kind), formats[column.kind])
        for number, column in enumerate(sheet.columns)
    ]
    row = 0
    for row, values in enumerate(sheet.rows, 1):
        if row >= MAX_ROWS:
            raise TooManyRows(sheet.name)
        for value, (number, write, style) in zip(values, writers, strict=True):
            # the writer cuts a text that is too long, and says so: mark where
            if value is not None and write(row, number, value, style):
                write(row, number, fit(value), style)
    return row


def _writer(worksheet: Worksheet, kind: str) -> Callable[..., int]:
    if kind in TEXTS:
        return worksheet.write_string
    return worksheet.write_datetime if kind == "date" else worksheet.write_number


def _set_up_page(worksheet: Worksheet, sheet: Sheet, count: int) -> None:
    """Filter on the headings; print them on each page, as wide as the paper."""
    if count and len(sheet.columns) > 2:
        worksheet.autofilter(0, 0, count, len(sheet.columns) - 1)
    worksheet.repeat_rows(0)
    worksheet.set_paper(9)
    worksheet.fit_to_pages(1, 0)
    worksheet.set_footer("&L&A&R&P / &N")
    if not sheet.portrait:
        worksheet.set_landscape()


def _add_radar(
    workbook: Workbook, worksheet: Worksheet, sheet: Sheet, radar: Radar, count: int
) -> None:
    name = sheet_name(sheet.name)
    chart = workbook.add_chart({"type": "radar", "subtype": "with_markers"})
    chart.add_series(
        {
            "name": sheet.columns[radar.values].label,
            "categories": [name, 1, radar.names, count, radar.names],
            "values": [name, 1, radar.values, count, radar.values],
            "line": {"color": ACCENT, "width": 2.25},
            "marker": {"type": "circle", "size": 5, "fill": {"color": ACCENT}},
        }
    )
    chart.set_title({"name": radar.title, "name_font": {"size": 12}})
    chart.set_y_axis({"min": 0, "max": 100, "major_unit": 25, "num_format": "0"})
    chart.set_legend({"none": True})
    chart.set_size({"width": 760, "height": 560})
    worksheet.insert_chart(
        0, len(sheet.columns) + 1, chart, {"description": radar.description}
    )
