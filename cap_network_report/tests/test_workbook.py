import io
from zipfile import ZipFile

from freezegun import freeze_time
from openpyxl import load_workbook

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from odoo.addons.cap_evaluation.kernel.workbook import xlsx as xlsx_writer

from .common import NetworkCommon

INJECTION = "=1+1"


@tagged("post_install", "-at_install")
class TestWorkbook(NetworkCommon):
    """The network's workbook, read back as a spreadsheet does."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second = cls.make_pair()

    def make(self, user=None, **values):
        workbooks = self.env["cap.network.workbook"].with_user(
            user or self.user_manager
        )
        return workbooks.create(
            {"version_id": self.weighted.id, "year": "2026", **values}
        )

    def write_book(self, workbook):
        target = io.BytesIO()
        self.counts = workbook._write(target)
        return target

    def read_book(self, workbook):
        """Return ``{sheet name: rows}``, the heading first."""
        book = load_workbook(self.write_book(workbook), read_only=True)
        return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}

    def get_cells(self, rows):
        """Return the rows as dicts by heading."""
        heading, *others = rows
        return [dict(zip(heading, row, strict=True)) for row in others]

    def test_sheets(self):
        sheets = self.read_book(self.make())
        self.assertEqual(
            list(sheets), ["Read me", "Summary", "Sub-themes", "Structures", "Lines"]
        )
        self.assertEqual(self.counts["Lines"], 12)
        self.assertEqual(self.counts["Structures"], 2)

    def test_summary_by_region_and_theme(self):
        rows = self.get_cells(self.read_book(self.make())["Summary"])
        table = {
            row["Region"]: (
                row["Structures"],
                row["1 Identity: score"] and round(row["1 Identity: score"], 2),
                round(row["1 Identity: coverage"], 2),
                row["2 Services: score"],
                row["2 Services: coverage"],
                round(row["Whole CAP: score"], 2),
            )
            for row in rows
        }
        self.assertEqual(
            table,
            {
                "Region A": (1, 61.11, 100, None, 0, 61.11),
                "Region B": (1, 33.33, 75, 50, 100, 38.10),
                "All together": (2, 48.48, 85.71, 50, 50, 48.72),
            },
        )

    def test_subthemes_in_reading_order(self):
        rows = self.read_book(self.make())["Sub-themes"]
        self.assertEqual(
            [row[0] for row in rows[1:]], ["1.1 Values", "1.2 Project", "2.1 To people"]
        )
        self.assertEqual([round(row[1], 2) for row in rows[1:]], [45.83, 55.56, 50])

    def test_radar_in_the_file(self):
        with ZipFile(self.write_book(self.make())) as archive:
            names = [n for n in archive.namelist() if n.startswith("xl/charts/chart")]
            (xml,) = [archive.read(name).decode() for name in names]
        self.assertIn("<c:radarChart>", xml)
        self.assertIn('<c:max val="100"/><c:min val="0"/>', xml)
        self.assertIn("'Sub-themes'!$B$2:$B$4", xml)

    def test_lines(self):
        rows = self.get_cells(self.read_book(self.make())["Lines"])
        zero = next(
            r
            for r in rows
            if r["Structure"] == self.structure.name and r["Code"] == "1.1.1.1"
        )
        self.assertEqual(
            (zero["Level"], zero["Score"], zero["Weight"], zero["State"]),
            (0, 0, 1, "Scored"),
        )
        self.assertEqual(zero["Types"], self.type_ai.code)
        todo = next(
            r
            for r in rows
            if r["Structure"] == self.structure.name and r["Code"] == "2.1.1.1"
        )
        self.assertEqual(
            (todo["Level"], todo["Score"], todo["State"]), (None, None, "To do")
        )
        not_applicable = next(
            r
            for r in rows
            if r["Structure"] == self.structure.name and r["Code"] == "1.2.1.1"
        )
        self.assertEqual(not_applicable["Why it does not apply"], "Not our trade")
        codes = [r["Code"] for r in rows if r["Structure"] == self.structure.name]
        self.assertEqual(codes, sorted(codes))

    def test_no_formula(self):
        """A structure, its comments and reasons may start with anything."""
        structure = self.make_structures(1, self.region_a)
        structure.name = INJECTION
        evaluation = self.make_evaluation(
            structure, {"1.1.1.1": 1}, version=self.weighted
        )
        starts = ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)"]
        for line, text in zip(evaluation.line_ids, starts, strict=False):
            line.comment = line.progress_comment = text
        evaluation.line_ids[5].na_reason = "=2+2"
        self.validate(evaluation)
        book = load_workbook(self.write_book(self.make()))
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        self.assertFalse([cell for cell in cells if cell.data_type == "f"])
        values = {cell.value for cell in cells}
        self.assertLessEqual({INJECTION, "=2+2", *starts}, values)

    def test_read_me(self):
        rows = dict(self.read_book(self.make())["Read me"][1:])
        self.assertEqual(rows["Year"], "2026")
        self.assertEqual(rows["Structures"], "2")
        self.assertEqual(rows["Regions"], "Region A, Region B")
        self.assertIn("8 objectives scored out of 11", rows["Objectives scored"])
        self.assertTrue(rows["Coverage"].startswith("Scored objectives out of"))
        self.assertIn("fewer than 10 structures", rows["Confidentiality"])

    def test_animator_gets_own_regions_only(self):
        """Even when they name a region that is not theirs."""
        sheets = self.read_book(self.make(self.user_animator))
        text = repr(sheets)
        self.assertIn(self.structure.name, text)
        self.assertNotIn(self.other_structure.name, text)
        self.assertNotIn("Region B", text)
        foreign = self.make(self.user_animator, region_ids=[(6, 0, self.region_b.ids)])
        with self.assertRaises(UserError):
            self.read_book(foreign)

    def test_lines_are_read_under_the_rules(self):
        """Even asked for by its id, another region's evaluation gives no line."""
        workbook = self.make(self.user_animator)
        rows = workbook._get_builder().read_lines((self.first + self.second).ids)
        self.assertEqual({row[0] for row in rows}, set(self.first.ids))

    def test_regions_chosen(self):
        workbook = self.make(region_ids=[(6, 0, self.region_b.ids)])
        self.assertEqual(workbook.structure_count, 1)
        self.assertNotIn(self.structure.name, repr(self.read_book(workbook)))

    def test_regions_offered(self):
        """The list holds the regions the person follows, all of them for a manager."""
        for user, expected in (
            (self.user_animator, self.region_a),
            (self.user_manager, self.region_a + self.region_b),
        ):
            workbooks = self.env["cap.network.workbook"].with_user(user)
            domain = workbooks._get_region_domain()
            found = self.env["cap.region"].search(domain)
            self.assertEqual(found & (self.region_a + self.region_b), expected)

    def test_one_evaluation_per_structure(self):
        again = self.make_evaluation(
            self.structure, {"1.1.1.1": 3}, version=self.weighted
        )
        self.validate(again, "2026-12-01")
        rows = self.get_cells(self.read_book(self.make())["Structures"])
        self.assertEqual(len(rows), 2)
        (row,) = [r for r in rows if r["Structure"] == self.structure.name]
        self.assertEqual(round(row["Score"]), 100)

    def test_empty_scope_says_what_to_do(self):
        workbook = self.make(
            year=str(self.env["cap.network.workbook"]._get_years()[0][0])
        )
        workbook.region_ids = self.env["cap.region"].create({"code": "X", "name": "X"})
        with self.assertRaises(UserError) as refusal:
            workbook.action_download()
        self.assertIn("Choose another year", str(refusal.exception))

    def test_defaults_and_download(self):
        with Form(
            self.env["cap.network.workbook"].with_user(self.user_manager)
        ) as form:
            self.assertTrue(form.version_id)
            form.version_id = self.weighted
            form.year = "2026"
            self.assertEqual(form.structure_count, 2)
        workbook = form.save()
        action = workbook.action_download()
        self.assertEqual(action["url"], f"/cap/network/workbook/{workbook.id}")
        self.assertTrue(workbook._get_filename().endswith(".xlsx"))

    def test_in_french(self):
        self.user_manager.lang = "fr_FR"
        workbook = self.make().with_context(lang="fr_FR")
        sheets = self.read_book(workbook)
        self.assertEqual(
            list(sheets),
            ["Lisez-moi", "Synthèse", "Sous-thèmes", "Structures", "Lignes"],
        )
        self.assertIn("Pourquoi non applicable", sheets["Lignes"][0])

    def test_theme_scores_with_their_coverage(self):
        (row,) = [
            row
            for row in self.get_cells(self.read_book(self.make())["Structures"])
            if row["Structure"] == self.structure.name
        ]
        self.assertEqual(round(row["1 Identity: score"]), 61)
        self.assertEqual(row["1 Identity: coverage"], 100)
        self.assertEqual(
            (row["2 Services: score"], row["2 Services: coverage"]), (None, 0)
        )

    def test_mean_of_the_network_beside(self):
        """What anybody may be shown, and nothing of a year that is not over."""
        levels = {code: 1 for code in ("1.1.1.1", "1.1.1.2", "1.2.1.1", "1.2.1.2")}
        levels |= {"2.1.1.1": 1, "2.1.1.2": 2}
        for region in (self.region_a, self.region_b):
            self.make_validated(10, levels, region, on="2025-03-01")
        means = {}
        for year in ("2025", "2026"):
            book = self.read_book(
                self.make(self.user_animator, version_id=self.version.id, year=year)
                if year == "2025"
                else self.make(year=year)
            )
            means[year] = [
                row["Mean of the network"] for row in self.get_cells(book["Sub-themes"])
            ]
        self.assertEqual(means, {"2025": [None, None, 50], "2026": [None] * 3})

    def test_company_apart(self):
        """Another company's CAP of the same structure stays out."""
        company = self.env["res.company"].create({"name": "Another network"})
        other = self.make_evaluation(
            self.structure,
            {"1.1.1.1": 3},
            version=self.weighted,
            company_id=company.id,
        )
        self.validate(other, "2026-12-01")
        self.user_manager.company_ids += company
        workbook = self.make().with_context(
            allowed_company_ids=(self.env.company + company).ids
        )
        rows = self.get_cells(self.read_book(workbook)["Structures"])
        self.assertEqual(len(rows), 2)

    def test_day_in_words(self):
        with freeze_time("2026-12-01"):
            self.user_manager.lang = "fr_FR"
            rows = dict(
                self.read_book(self.make().with_context(lang="fr_FR"))["Lisez-moi"][1:]
            )
        self.assertEqual(rows["Établi le"], "1er décembre 2026")
        self.assertNotIn("définition", " ".join(rows))

    def test_too_long_for_a_sheet(self):
        self.patch(xlsx_writer, "MAX_ROWS", 20)
        with self.assertRaises(UserError):
            evaluations = self.make_evaluation(
                self.make_structures(4), {"1.1.1.1": 1}, version=self.weighted
            )
            self.validate(evaluations)
            self.write_book(self.make())
