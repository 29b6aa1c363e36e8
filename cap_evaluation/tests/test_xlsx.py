import datetime as dt
import doctest
import io
import re
from zipfile import ZipFile

from openpyxl import load_workbook

from odoo.tests import BaseCase

from ..kernel.workbook import xlsx as xlsx_writer
from ..kernel.workbook.xlsx import (
    MAX_TEXT,
    Column,
    Radar,
    Sheet,
    TooManyRows,
    fit,
    sheet_name,
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

    def test_radar_of_which_columns(self):
        """Its names and values are those of the columns it tells."""
        columns = [Column(name) for name in "ABCD"]
        rows = [tuple("wxyz")] * 3
        radar = Radar("T", "D", names=2, values=3)
        with ZipFile(self.write_book(Sheet("A/B", columns, rows, radar))) as archive:
            xml = archive.read("xl/charts/chart1.xml").decode()
            drawing = archive.read("xl/drawings/drawing1.xml").decode()
        self.assertEqual(
            re.findall(r"<c:(?:v|f)>(.*?)</c:(?:v|f)>", xml),
            ["D", "'A B'!$C$2:$C$4", "'A B'!$D$2:$D$4"],
        )
        for piece in (
            '<c:radarStyle val="marker"/>',
            '<a:rPr lang="en-US" sz="1200" baseline="0"/><a:t>T</a:t>',
            '<a:ln w="28575"><a:solidFill><a:srgbClr val="22366F"/></a:solidFill>',
            '<c:symbol val="circle"/><c:size val="5"/><c:spPr><a:solidFill>'
            '<a:srgbClr val="22366F"/>',
            '<c:numFmt formatCode="0" sourceLinked="0"/>',
            '<c:majorUnit val="25"/>',
        ):
            self.assertIn(piece, xml)
        self.assertNotIn("<c:legend>", xml)
        # beside the columns, one left free; 760 wide, 560 high
        corners = re.findall(r"<xdr:(?:col|row)(?:Off)?>(\d+)<", drawing)
        self.assertEqual(corners, "5 0 0 0 16 533400 28 0".split())

    def test_page(self):
        """columns, rows, portrait -> what is filtered, how it is printed."""
        for width, rows, portrait, filtered in (
            (3, 2, True, "A1:C3"),
            (3, 1, False, "A1:C2"),
            (3, 0, False, None),
            (2, 2, False, None),
        ):
            columns = [Column("A", width=20)] + [Column("B")] * (width - 1)
            lines = [["x"] * width] * rows
            book = self.read_book(Sheet("S", columns, lines, portrait=portrait))
            sheet = book["S"]
            with self.subTest(width=width, rows=rows):
                self.assertEqual(sheet.auto_filter.ref, filtered)
                setup = sheet.page_setup
                self.assertEqual((setup.paperSize, setup.fitToWidth), (9, None))
                self.assertEqual(setup.fitToHeight, 0)
                way = "portrait" if portrait else "landscape"
                self.assertEqual(setup.orientation, way)
                self.assertTrue(sheet.sheet_properties.pageSetUpPr.fitToPage)
                self.assertEqual(sheet.print_title_rows, "$1:$1")
                self.assertEqual(sheet.freeze_panes, "A2")
                footer = sheet.oddFooter
                self.assertEqual(footer.left.text, "&A")
                self.assertEqual(footer.right.text, "&P / &N")
                self.assertAlmostEqual(sheet.column_dimensions["A"].width, 20.71, 2)
                self.assertAlmostEqual(sheet.column_dimensions["B"].width, 14.71, 2)

    def test_what_cells_look_like(self):
        """kind, value -> number format, wrapped, across; all at the top."""
        day = dt.date(2026, 1, 2)
        table = [
            ("text", "a", "General", None, None),
            ("paragraph", "a", "General", True, None),
            ("integer", 3, "0", None, None),
            ("number", 2.5, "0.0#", None, None),
            ("percent", 50, '0" %"', None, None),
            ("date", day, "dd/mm/yyyy", None, "left"),
        ]
        columns = [Column(kind.title(), kind) for kind, *_rest in table]
        sheet = Sheet("S", columns, [[value for _kind, value, *_rest in table]])
        cells = list(self.read_book(sheet)["S"].iter_rows())
        for (kind, value, shape, wrapped, across), heading, cell in zip(
            table, *cells, strict=True
        ):
            with self.subTest(kind=kind):
                self.assertEqual(heading.value, kind.title())
                self.assertTrue(heading.font.bold and heading.alignment.wrap_text)
                self.assertEqual(heading.border.bottom.style, "thin")
                found = cell.value.date() if kind == "date" else cell.value
                self.assertEqual((found, cell.number_format), (value, shape))
                alignment = cell.alignment
                self.assertEqual(alignment.wrap_text, wrapped)
                self.assertEqual(alignment.horizontal, across)
                self.assertEqual(alignment.vertical, heading.alignment.vertical)
                self.assertEqual(alignment.vertical, "top")

    def test_counts_title_and_names(self):
        target = io.BytesIO()
        sheets = [Sheet("A/B", [Column("A")], [("x",)] * 2), Sheet("C", [], [])]
        self.assertEqual(write_workbook(target, sheets, "Book"), {"A/B": 2, "C": 0})
        book = load_workbook(target)
        self.assertEqual(book.sheetnames, ["A B", "C"])
        self.assertEqual(book.properties.title, "Book")
        target = io.BytesIO()
        self.assertEqual(write_workbook(target, []), {})
        self.assertFalse(load_workbook(target).properties.title)

    def test_names_that_spreadsheets_take(self):
        for name, expected in (
            ("[a]:b*c?d/e\\f", "a  b c d e f"),
            ("'quoted'", "quoted"),
            (" x ", "x"),
            ("x" * 31, "x" * 31),
            ("x" * 32, "x" * 31),
        ):
            self.assertEqual(sheet_name(name), expected)

    def test_texts_that_fit(self):
        for length in (MAX_TEXT, MAX_TEXT + 1):
            text = "x" * length
            expected = text if length == MAX_TEXT else "x" * (MAX_TEXT - 1) + "…"
            self.assertEqual(fit(text), expected)
            book = self.read_book(Sheet("S", [Column("A")], [(text,)]))
            self.assertEqual(book["S"]["A2"].value, expected)

    def test_as_many_rows_as_a_sheet_holds(self):
        self.patch(xlsx_writer, "MAX_ROWS", 3)
        book = self.read_book(Sheet("S", [Column("A", "integer")], [(1,), (2,)]))
        self.assertEqual(book["S"].max_row, 3)
        with self.assertRaisesRegex(TooManyRows, "^S$"):
            self.write_book(Sheet("S", [Column("A", "integer")], [(1,)] * 3))

    def test_empty_sheet_has_no_chart(self):
        columns = [Column("Name"), Column("Mean", "percent")]
        target = self.write_book(Sheet("S", columns, [], Radar("T", "D")))
        with ZipFile(target) as archive:
            self.assertFalse([n for n in archive.namelist() if "chart" in n])
