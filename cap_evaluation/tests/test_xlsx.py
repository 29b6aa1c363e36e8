import doctest
import io
from zipfile import ZipFile

from openpyxl import load_workbook

from odoo.tests import BaseCase

from ..kernel.workbook import xlsx as xlsx_writer
from ..kernel.workbook.xlsx import (
    Column,
    Radar,
    Sheet,
    TooManyRows,
    write_workbook,
)


class TestXlsxWriter(BaseCase):
    """The writer, without Odoo."""

    def write_book(self, *sheets):
        """Return the bytes of a workbook of ``sheets``."""
        target = io.BytesIO()
        write_workbook(target, sheets)
        return target

    def read_book(self, *sheets):
        return load_workbook(self.write_book(*sheets))

    def test_doctests(self):
        result = doctest.testmod(xlsx_writer)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def test_text_is_never_a_formula_nor_a_link(self):
        texts = ["=1+1", "+1", "-1", "@SUM(A1)", "{=1}", "mailto:a@b.c", "0012"]
        sheet = Sheet("Texts", [Column("Text")], [(text,) for text in texts])
        book = self.read_book(sheet)
        cells = [row[0] for row in book["Texts"].iter_rows(min_row=2)]
        self.assertEqual([cell.value for cell in cells], texts)
        self.assertEqual({cell.data_type for cell in cells}, {"s"})
        self.assertFalse([cell for cell in cells if cell.hyperlink])

    def test_zero_is_written_and_nothing_stays_blank(self):
        columns = [Column("A", "percent"), Column("B", "integer"), Column("C")]
        book = self.read_book(Sheet("S", columns, [(0.0, 0, ""), (None, None, None)]))
        rows = list(book["S"].iter_rows(min_row=2, values_only=True))
        self.assertEqual(rows[0][:2], (0, 0))
        self.assertEqual(book["S"]["A3"].value, None)
        self.assertEqual(book["S"]["B3"].value, None)

    def test_long_text_is_cut_with_a_mark(self):
        book = self.read_book(Sheet("S", [Column("A")], [("x" * 40_000,)]))
        text = book["S"]["A2"].value
        self.assertEqual((len(text), text[-1]), (32_767, "…"))

    def test_rows_are_streamed(self):
        """Each row is asked for only when the one before it is written."""
        alive = []

        class Row(tuple):
            def __del__(self):
                alive.append(-1)

        def rows():
            for number in range(500):
                alive.append(1)
                self.assertLess(sum(alive), 4)
                yield Row((number,))

        self.write_book(Sheet("S", [Column("A", "integer")], rows()))

    def test_too_many_rows(self):
        self.patch(xlsx_writer, "MAX_ROWS", 3)
        with self.assertRaises(TooManyRows):
            self.write_book(Sheet("S", [Column("A", "integer")], [(1,), (2,), (3,)]))

    def test_row_and_columns_must_agree(self):
        with self.assertRaises(ValueError):
            self.write_book(Sheet("S", [Column("A")], [("a", "b")]))

    def test_radar_is_native_with_a_fixed_axis(self):
        columns = [Column("Name"), Column("Mean", "percent")]
        radar = Radar("Title", "What it shows")
        target = self.write_book(Sheet("S", columns, [("a", 1.0), ("b", None)], radar))
        with ZipFile(target) as archive:
            charts = [name for name in archive.namelist() if "/charts/chart" in name]
            self.assertEqual(len(charts), 1)
            xml = archive.read(charts[0]).decode()
            drawing = archive.read("xl/drawings/drawing1.xml").decode()
        self.assertIn("<c:radarChart>", xml)
        self.assertIn('<c:max val="100"/><c:min val="0"/>', xml)
        self.assertIn("S!$B$2:$B$3", xml)
        self.assertIn('descr="What it shows"', drawing)

    def test_empty_sheet_has_no_chart(self):
        columns = [Column("Name"), Column("Mean", "percent")]
        target = self.write_book(Sheet("S", columns, [], Radar("T", "D")))
        with ZipFile(target) as archive:
            self.assertFalse([n for n in archive.namelist() if "chart" in n])
