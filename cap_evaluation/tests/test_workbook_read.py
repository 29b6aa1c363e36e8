"""Reading and checking workbooks, without a database."""

import csv
import doctest
import io
import unicodedata
import zipfile
from pathlib import Path

from openpyxl import Workbook, load_workbook

from odoo.tests import BaseCase

from ..kernel.tree import PARENTS
from ..kernel.workbook import cells, read, schema, sheets, write

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

    def test_eight_thousand_rows_are_the_most(self):
        tables = cap_tables()
        tables["Indicateurs"] += [["1.1.1.1", f"i{n}"] for n in range(8_001)]
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

    def test_thirteen_defects_at_once(self):
        """Whatever layer they belong to, in one round."""
        tables = cap_tables()
        objectives = tables["Objectifs"]
        del tables["Échelle"]  # 1
        objectives[0][10] = "sources"  # 2
        objectives[2][2] = "chapitre"  # 3
        objectives[4][3] = ""  # 4
        objectives[5][1] = "9.9.9"  # 5
        objectives[6][6] = "-1"  # 6
        objectives[7][0] = objectives[8][0]  # 7
        objectives[9][9] = "peut-être"  # 8
        tables["Indicateurs"].append(["8.8.8.8", "Nowhere", ""])  # 9
        tables["Offres"][1][3] = "1_5"  # 10
        tables["Questions"].append(tables["Questions"][1])  # 11
        tables["Correspondances"][1][1] = "CAP"  # 12
        tables["Glossaire"][1][1] = ""  # 13
        found = {(p.code, p.sheet, p.column) for p in self._read(tables).problems}
        self.assertLessEqual(
            {
                ("missing_sheet", "Échelle", ""),
                ("unknown_column", "Objectifs", "sources"),
                ("bad_value", "Objectifs", "type"),
                ("empty_cell", "Objectifs", "intitule"),
                ("orphan", "Objectifs", "code_parent"),
                ("weight_not_positive", "Objectifs", "poids"),
                ("duplicate", "Objectifs", "code"),
                ("bad_value", "Objectifs", "confirme"),
                ("orphan", "Indicateurs", "code_objectif"),
                ("bad_value", "Offres", "duree_heures"),
                ("duplicate", "Questions", "college"),
                ("own_edition", "Correspondances", "cible"),
                ("empty_cell", "Glossaire", "definition"),
            },
            found,
        )

    def test_numbers_are_written_as_people_write_them(self):
        for text, value in (
            ("1,5", 1.5),
            ("1 000", 1000.0),
            ("1\u202f000,5", 1000.5),
            ("2", 2.0),
            (2, 2.0),
        ):
            self.assertEqual(cells.NUMBER.read(text), value)
        for text in ("1_5", "1 5", "nan", "1e400", "²", "1.2.3", True, "9" * 5000):
            with self.subTest(text=text), self.assertRaises(cells.BadValueError):
                cells.NUMBER.read(text)

    def test_texts_look_alike_are_alike(self):
        """Decomposed accents, signs that nobody sees, no-break spaces."""
        tables = cap_tables()
        objectives = tables["Objectifs"]
        for row in objectives[1:]:
            row[2] = unicodedata.normalize("NFD", row[2]).replace("-", "\u200b-")
        objectives[1][0] = "\ufeff1\u200b"
        objectives[2][0] = "1.1\u00a0"
        objectives[4][3] = unicodedata.normalize("NFD", "Réunions régulières")
        for row in tables["Questions"][1:]:
            row[1] = f"{row[1].upper()}\u00a0"
        content = self._read(tables)
        self.assertEqual(content.problems, [])
        rows = [row.cells for row in content["objectives"]]
        self.assertEqual([row["code"] for row in rows[:2]], ["1", "1.1"])
        self.assertEqual(rows[3]["intitule"], "Réunions régulières")

    def test_lists_of_codes(self):
        for text in ("AI,ACI", "AI;ACI", "AI\nACI", " ACI ; AI,", "AI\u200b\n\nACI"):
            with self.subTest(text=text):
                self.assertEqual(cells.CODES.read(text), ("ACI", "AI"))

    def test_a_code_in_lists_holds_no_separator(self):
        tables = cap_tables()
        tables["Offres"][1][0] = "OFF;01"
        problem = self._problem(self._read(tables), "bad_value")
        self.assertEqual((problem.column, problem.expected), ("ref", "reference"))

    def test_booleans(self):
        tables = cap_tables()
        tables["Objectifs"][4][9] = True
        self.assertEqual(self._read(tables).problems, [])
        tables["Objectifs"][4][3] = True
        problem = self._problem(self._read(tables), "boolean")
        self.assertEqual((problem.column, problem.found), ("intitule", "TRUE"))

    def test_long_texts_are_refused(self):
        tables = cap_tables()
        tables["Objectifs"][4][0] = "1" * 101
        tables["Objectifs"][5][3] = "x" * 2_001
        tables["Objectifs"][6][4] = "x" * 30_001
        tables["Indicateurs"] = tables["Questions"] = tables["Correspondances"] = []
        found = [p for p in self._read(tables).problems if p.code == "long_cell"]
        self.assertEqual(
            [(p.column, p.expected) for p in found],
            [("code", "100"), ("intitule", "2000"), ("guide", "30000")],
        )

    def test_a_glossary_is_bounded(self):
        tables = cap_tables()
        tables["Glossaire"] += [[f"term {n}", "A word.", ""] for n in range(1001)]
        problems = self._refused(to_xlsx(tables), "too_many_rows")
        self.assertEqual(
            (problems[0].sheet, problems[0].expected), ("Glossaire", "1000")
        )

    def test_sheets_that_are_not_read_are_named(self):
        tables = cap_tables()
        tables["Indicateurs (2)"] = tables["Questions 2026"] = [["a"]]
        tables["Lisez-moi"] = [["b"]]
        content = self._read(tables)
        self.assertEqual(content.problems, [])
        self.assertEqual(content.ignored, ["Indicateurs (2)", "Questions 2026"])

    def test_files_of_a_zip_that_are_not_read_are_named(self):
        data = self._zip(
            {
                **self._files(),
                "dossier/notes.txt": b"hello",
                "brouillon.csv": b"a;b",
                "__MACOSX/._objectifs.csv": b"\x00\x05",
                ".DS_Store": b"\x00",
                "dossier/": b"",
            }
        )
        content = read.read_file(data, "cap.zip")
        self.assertEqual(content.problems, [])
        self.assertEqual(content.ignored, ["dossier/notes.txt", "brouillon.csv"])

    def test_a_blank_first_row_changes_nothing(self):
        tables = cap_tables()
        for rows in tables.values():
            rows.insert(0, [None, " "])
        tables["Objectifs"][5][3] = ""
        problem = self._problem(self._read(tables), "empty_cell")
        self.assertEqual(problem.row, 6)
        data = to_zip(tables)
        self.assertEqual(len(read.read_file(data).problems), 1)

    def test_a_title_above_the_headings_is_one_message(self):
        tables = cap_tables()
        tables["Objectifs"].insert(0, ["Les objectifs du CAP"])
        problem = self._problem(self._read(tables), "no_heading")
        self.assertEqual((problem.sheet, problem.row), ("Objectifs", 1))
        self.assertEqual(len(self._read(tables).problems), 1)

    def test_a_missing_column_of_parents_is_one_message(self):
        tables = cap_tables()
        for row in tables["Objectifs"]:
            del row[1]
        problem = self._problem(self._read(tables), "missing_column")
        self.assertEqual(problem.column, "code_parent")

    def test_merged_over_columns_is_refused_with_the_range(self):
        workbook = load_workbook(io.BytesIO(to_xlsx(cap_tables())))
        sheet = workbook["Objectifs"]
        sheet.merge_cells("D5:E6")
        sheet.merge_cells("Z90:AA91")
        stream = io.BytesIO()
        workbook.save(stream)
        content = read.read_file(stream.getvalue())
        self.assertEqual(self._problem(content, "merged").found, "D5:E6")

    def test_merges_that_say_nothing_are_left_aside(self):
        data = self._rewrite(
            write.write_xlsx(read.read_folder(CAP)),
            (
                b"</sheetData>",
                b'</sheetData><mergeCells><mergeCell ref="A9000:B9001"/>'
                b'<mergeCell ref="nowhere"/></mergeCells>',
            ),
        )
        self.assertEqual(read.read_file(data).problems, [])

    def test_too_many_cells(self):
        self.patch(sheets, "MAX_CELLS", 300)
        problems = self._read(cap_tables()).problems
        found = [p.sheet for p in problems if p.code == "too_many_rows"]
        self.assertIn("Objectifs", found)

    def test_too_many_rows_of_a_csv(self):
        tables = cap_tables()
        tables["Glossaire"] += [[f"term {n}", "A word.", ""] for n in range(1500)]
        problems = self._refused(to_zip(tables), "too_many_rows")
        self.assertEqual(problems[0].sheet, "Glossaire")

    def test_a_column_twice_and_an_empty_sheet(self):
        tables = cap_tables()
        tables["Objectifs"][0].append("CODE")
        tables["Questions"] = []
        tables["Glossaire"] = tables["Glossaire"][:1]
        content = self._read(tables)
        self.assertEqual(self._problem(content, "double_column").column, "CODE")
        self.assertEqual(len(content.problems), 1)
        self.assertNotIn("questions", content.present)
        self.assertIn("glossary", content.present)

    def test_the_template_says_what_to_fill_in(self):
        problems = self._refused(write.write_xlsx(schema.Content()), "empty_sheet")
        sheets_ = [problem.sheet for problem in problems]
        self.assertEqual(sheets_, ["Référentiel", "Échelle", "Objectifs"])

    def test_a_gap_between_headings(self):
        tables = cap_tables()
        for row in tables["Objectifs"]:
            row.insert(3, None)
        tables["Objectifs"][0][3] = "\u200b"
        self.assertEqual(self._read(tables).problems, [])

    def test_a_heading_with_nul(self):
        data = self._zip({**self._files(), "objectifs.csv": b"co\x00de;type\n1;x\n"})
        for problem in read.read_file(data).problems:
            self.assertNotIn("\x00", "".join(map(str, problem)))

    def test_any_encoding(self):
        expected = read.read_folder(CAP).rows
        for encoding in ("utf-8", "utf-16", "utf-16-le", "utf-16-be", "cp1252"):
            with self.subTest(encoding=encoding):
                content = read.read_file(to_zip(cap_tables(), encoding), "cap.zip")
                self.assertEqual(content.problems, [])
                self.assertEqual(content.rows, expected)
        data = self._zip({**self._files(), "objectifs.csv": b"code;\x81\x8d"})
        content = read.read_file(data)
        self.assertEqual(self._problem(content, "not_a_text").sheet, "Objectifs")

    def test_lost_letters_never_enter(self):
        tables = cap_tables()
        tables["Objectifs"][4][3] = "R\ufffdunions"
        for data in (to_xlsx(tables), to_zip(tables)):
            problem = self._problem(read.read_file(data), "bad_character")
            self.assertEqual((problem.row, problem.column), (5, "intitule"))

    def test_error_words_of_a_csv(self):
        tables = cap_tables()
        tables["Objectifs"][4][4] = "#VALEUR!"
        tables["Objectifs"][5][4] = "'#N/A"  # written so on purpose
        content = read.read_file(to_zip(tables))
        self.assertEqual(self._problem(content, "error_cell").found, "#VALEUR!")
        self.assertEqual(content["objectives"][4].cells["guide"], "#N/A")

    def test_sep_line_and_tabs(self):
        expected = read.read_folder(CAP).rows
        for delimiter, sep in (
            (";", "sep=;"),
            (",", "SEP=,"),
            ("\t", ""),
            ("\t", "sep=\t"),
        ):
            with self.subTest(delimiter=delimiter, sep=sep):
                files = self._files(delimiter)
                if sep:
                    files = {
                        name: f"{sep}\r\n".encode() + data
                        for name, data in files.items()
                    }
                content = read.read_file(self._zip(files))
                self.assertEqual(content.problems, [])
                for key, rows in expected.items():
                    self.assertEqual(
                        [row.cells for row in content[key]], [row.cells for row in rows]
                    )
                first = content["objectives"][0].number
                self.assertEqual(first, 3 if sep else 2)

    def test_separators_by_the_million(self):
        """99 MB of semicolons in a zip of 100 kB were a MemoryError."""
        table = b"code" + b";" * 99_000_000
        content = read.read_file(self._zip({**self._files(), "objectifs.csv": table}))
        problem = self._problem(content, "too_large")
        self.assertEqual((problem.sheet, problem.expected), ("Objectifs", "20"))

    def test_lines_are_bounded(self):
        """No line is longer, and no table has more lines, than people write."""
        self.patch(read, "MAX_LINE", 2_000)
        self.patch(read, "MAX_LINES", 2_000)
        for table in (b"code" + b";" * 2_001, b"code;type" + b"\n" * 2_002):
            data = self._zip({**self._files(), "objectifs.csv": table})
            problem = self._problem(read.read_file(data), "not_a_table")
            self.assertEqual(problem.sheet, "Objectifs")

    def test_an_open_quotation_mark(self):
        table = b'code;type\n1;"' + b"x\n" * 200
        data = self._zip({**self._files(), "objectifs.csv": table})
        problem = self._problem(read.read_file(data), "not_a_table")
        self.assertEqual((problem.sheet, problem.row), ("Objectifs", 2))

    def test_other_files_are_named(self):
        for data, name, code in (
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "cap.xls", "old_format"),
            (b"code;nom", "objectifs.csv", "single_table"),
            (self._zip({"xl/workbook.bin": b""}), "cap.xlsb", "other_format"),
            (self._zip({"[Content_Types].xml": b"<x/>"}), "cap.docx", "not_a_workbook"),
        ):
            with self.subTest(name=name):
                problems = self._refused(data, code, name)
                self.assertEqual(problems[0].found, name)

    def test_strict_open_xml_is_read(self):
        """The other dialect: other namespaces, dates in words."""
        data = self._rewrite(
            to_xlsx(cap_tables()),
            (
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/spreadsheetml/main",
            ),
            (
                b"http://schemas.openxmlformats.org/officeDocument/2006/relationships",
                b"http://purl.oclc.org/ooxml/officeDocument/relationships",
            ),
        )
        content = read.read_file(data)
        self.assertEqual(content.problems, [])
        self.assertEqual(content.rows, read.read_folder(CAP).rows)

    def test_entities_are_never_resolved(self):
        data = write.write_xlsx(read.read_folder(CAP))
        for root in (b"workbook", b"styleSheet", b"sst", b"worksheet"):
            with self.subTest(root=root):
                start = b"<%s " % root
                doctype = b'<!DOCTYPE %s [<!ENTITY a "b">]>' % root
                broken = self._rewrite(data, (start, doctype + start))
                self._refused(broken, "not_a_workbook")

    # ------------------------------------------------------------------ helpers

    def _files(self, delimiter=";"):
        """Return the CAP's tables: ``{file name: bytes}``."""
        with zipfile.ZipFile(
            io.BytesIO(to_zip(cap_tables(), "utf-8", delimiter))
        ) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def _zip(self, files):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in files.items():
                archive.writestr(name, data)
        return stream.getvalue()

    def _rewrite(self, data, *replacements):
        """Return a workbook with texts of its parts replaced."""
        files = {}
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                files[name] = archive.read(name)
                for before, after in replacements:
                    files[name] = files[name].replace(before, after)
        return self._zip(files)
