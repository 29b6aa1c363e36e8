"""Reading and checking workbooks, without a database."""

import csv
import doctest
import io
import zipfile
from pathlib import Path

from openpyxl import Workbook

from odoo.tests import BaseCase

from ..kernel.tree import PARENTS
from ..kernel.workbook import cells, read, schema, sheets

CAP = Path(__file__).parent.parent / "data" / "referentials" / "cap"


def cap_tables():
    """Return the CAP as ``{sheet: rows of cells}``, headings included."""
    tables = {}
    for table in schema.TABLES:
        path = CAP / table.filename
        if path.exists():
            with open(path, encoding="utf-8", newline="") as file:
                tables[table.sheet] = list(csv.reader(file, delimiter=";"))
    return tables


def to_xlsx(tables):
    """Return ``tables`` as the bytes of a workbook."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for title, rows in tables.items():
        sheet = workbook.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def to_zip(tables, encoding="utf-8-sig", delimiter=";"):
    """Return ``tables`` as the bytes of a zip of .csv files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in schema.TABLES:
            if table.sheet in tables:
                text = io.StringIO()
                csv.writer(text, delimiter=delimiter).writerows(tables[table.sheet])
                archive.writestr(table.filename, text.getvalue().encode(encoding))
    return stream.getvalue()


class TestExchange(BaseCase):
    def _read(self, tables):
        return read.read_file(to_xlsx(tables), "cap.xlsx")

    def _problem(self, content, code):
        found = [problem for problem in content.problems if problem.code == code]
        self.assertEqual(len(found), 1, content.problems[:5])
        return found[0]

    def _refused(self, data, code, filename="file"):
        content = read.read_file(data, filename)
        self.assertEqual({p.code for p in content.problems}, {code})
        return content.problems

    def test_doctests(self):
        for module in (cells, schema, sheets, read):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 2)
            self.assertFalse(result.failed)

    def test_the_shipped_cap_is_right(self):
        content = read.read_folder(CAP)
        self.assertEqual(content.problems, [])
        kinds = [row.cells["type"] for row in content["objectives"]]
        self.assertEqual([kinds.count(kind) for kind in PARENTS], [4, 11, 33, 72])
        self.assertEqual(len(content["indicators"]), 167)
        self.assertEqual(len(content["offers"]), 53)

    def test_three_shapes_of_one_content(self):
        folder = read.read_folder(CAP)
        tables = cap_tables()
        for data in (
            to_xlsx(tables),
            to_zip(tables),
            to_zip(tables, delimiter=","),
        ):
            content = read.read_file(data, "cap")
            self.assertEqual(content.problems, [])
            self.assertEqual(content.rows, folder.rows)

    def test_missing_sheets_are_all_named(self):
        tables = cap_tables()
        del tables["Objectifs"], tables["Échelle"]
        problems = self._refused(to_xlsx(tables), "missing_sheet")
        self.assertEqual({p.sheet for p in problems}, {"Objectifs", "Échelle"})

    def test_sheet_and_column_names_in_any_case(self):
        tables = cap_tables()
        tables["ECHELLE "] = tables.pop("Échelle")
        tables["Objectifs"][0][3] = "Intitulé"
        self.assertEqual(self._read(tables).problems, [])

    def test_wrong_column_is_located_with_a_suggestion(self):
        tables = cap_tables()
        tables["Objectifs"][0][3] = "intitule long"
        content = self._read(tables)
        problem = self._problem(content, "unknown_column")
        self.assertEqual((problem.sheet, problem.row), ("Objectifs", 1))
        self.assertEqual(problem.expected, "intitule")
        self.assertEqual(self._problem(content, "missing_column").column, "intitule")

    def test_text_where_a_number_is_expected(self):
        tables = cap_tables()
        tables["Échelle"][2][0] = "deux"
        tables["Objectifs"][5][6] = "lourd"
        problems = self._read(tables).problems
        self.assertEqual(
            [(p.code, p.sheet, p.row, p.column, p.found) for p in problems],
            [
                ("bad_value", "Échelle", 3, "valeur", "deux"),
                ("bad_value", "Objectifs", 6, "poids", "lourd"),
            ],
        )

    def test_duplicate_orphan_and_misplaced_codes(self):
        tables = cap_tables()
        rows = tables["Objectifs"]
        rows[4][0] = "1.1.1.2"  # was 1.1.1.1: now twice
        rows[6][1] = "9.9.9"
        rows[8][1] = "1"
        content = self._read(tables)
        self.assertEqual(self._problem(content, "duplicate").found, "1.1.1.2")
        self.assertEqual(self._problem(content, "misplaced").row, 9)
        orphans = [p for p in content.problems if p.code == "orphan"]
        self.assertIn(
            ("Objectifs", 7, "9.9.9"), [(p.sheet, p.row, p.found) for p in orphans]
        )
        self.assertIn("Indicateurs", {p.sheet for p in orphans})

    def test_a_code_that_excel_turned_into_a_number(self):
        tables = cap_tables()
        tables["Objectifs"][2][0] = 1.1
        problem = self._problem(self._read(tables), "bad_value")
        self.assertEqual((problem.column, problem.expected), ("code", "text"))

    def test_empty_cells_and_stray_cells(self):
        tables = cap_tables()
        tables["Objectifs"][3][3] = "  "
        tables["Objectifs"][4].append("forgotten note")
        content = self._read(tables)
        self.assertEqual(self._problem(content, "empty_cell").row, 4)
        self.assertEqual(
            self._problem(content, "cell_without_heading").found, "forgotten note"
        )

    def test_gate_outside_the_scale_and_weight_zero(self):
        tables = cap_tables()
        tables["Objectifs"][4][7] = "7"
        tables["Objectifs"][5][6] = "0"
        content = self._read(tables)
        self.assertEqual(self._problem(content, "outside_scale").expected, "0, 1, 2, 3")
        self.assertEqual(self._problem(content, "weight_not_positive").row, 6)

    def test_ten_thousand_rows_are_refused(self):
        tables = cap_tables()
        tables["Indicateurs"] += [["1.1.1.1", f"i{n}", ""] for n in range(10_000)]
        self._refused(to_xlsx(tables), "too_many_rows")

    def test_a_far_away_formatted_row_is_not_ten_thousand_rows(self):
        tables = cap_tables()
        tables["Offres"] += [[None] * 6] * 5000
        self.assertEqual(self._read(tables).problems, [])

    def test_what_is_not_a_workbook(self):
        for data in (b"", b"hello", b"PK\x03\x04 broken", b"%PDF-1.4", bytes(5000)):
            with self.subTest(data=data[:10]):
                self._refused(data, "not_a_workbook")

    def test_truncated_workbook(self):
        data = to_xlsx(cap_tables())
        self._refused(data[: len(data) // 2], "not_a_workbook")

    def test_zip_bomb(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("objectifs.csv", b"0" * (read.MAX_UNPACKED_BYTES + 1))
        self.assertLess(len(stream.getvalue()), 1_000_000)
        self._refused(stream.getvalue(), "too_large")

    def test_zip_that_lies_about_its_size(self):
        """A member that declares 10 bytes and holds more is a broken file."""
        data = bytearray(to_zip(cap_tables()))
        position = data.rfind(b"PK\x01\x02")
        data[position + 24 : position + 28] = (10).to_bytes(4, "little")
        self._refused(bytes(data), "not_a_workbook")

    def test_xml_entities(self):
        data = to_xlsx(cap_tables())
        stream = io.BytesIO()
        with (
            zipfile.ZipFile(io.BytesIO(data)) as source,
            zipfile.ZipFile(stream, "w") as target,
        ):
            for info in source.infolist():
                content = source.read(info)
                if info.filename == "xl/workbook.xml":
                    content = b'<!DOCTYPE x [<!ENTITY a "b">]>' + content
                target.writestr(info.filename, content)
        self._refused(stream.getvalue(), "not_a_workbook")

    def test_too_large_a_file(self):
        self._refused(bytes(read.MAX_FILE_BYTES + 1), "too_large")

    def test_excel_french_csv(self):
        """cp1252, as a French Excel saves it."""
        content = read.read_file(to_zip(cap_tables(), "cp1252"), "cap.zip")
        self.assertEqual(content.problems, [])
        self.assertEqual(content.rows, read.read_folder(CAP).rows)
