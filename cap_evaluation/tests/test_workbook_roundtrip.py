"""Export, import, export: the same bytes, for every référentiel and for any content."""

import base64
import doctest
import io
import zipfile

from openpyxl import load_workbook

from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..kernel.workbook import diff, read, schema, write
from ..models.exchange import exporter
from ..wizards.cap_referential_import import SHIPPED
from .common import CapCommon

CODES = ("CAP", "CAP_RSE", "CAP_ISO9001", "CEDRE_V2", "SIAE_AXES")


@tagged("post_install", "-at_install")
class TestRoundTrip(CapCommon):
    def _export(self, version, file_format="zip"):
        """Return the file that a manager downloads, as bytes."""
        wizard = (
            self.env["cap.referential.export"]
            .with_user(self.user_manager)
            .create({"version_id": version.id, "file_format": file_format})
        )
        action = wizard.action_export()
        self.assertIn(f"/{wizard.filename}?download", action["url"])
        return base64.b64decode(wizard.file)

    def _import(self, data, filename="cap.zip"):
        wizard = (
            self.env["cap.referential.import"]
            .with_user(self.user_manager)
            .create({"file": base64.b64encode(data), "filename": filename})
        )
        action = wizard.action_import()
        self.assertEqual(
            action["res_model"],
            "cap.referential.version",
            wizard.problem_ids.mapped("message")[:5],
        )
        return self.env["cap.referential.version"].browse(action["res_id"])

    def _tables(self, data):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return {name: archive.read(name) for name in archive.namelist()}

    def _rewrite(self, data, **cells):
        """Return the zip with cells of the Référentiel table replaced."""
        content = read.read_file(data, "cap.zip")
        content["referential"][0].cells.update(cells)
        return write.write_zip(content)

    def test_doctests(self):
        for module in (diff, exporter):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 0)
            self.assertFalse(result.failed)

    def test_shipped_tables_come_back_byte_for_byte(self):
        load = self.env["cap.referential.import"].load_shipped
        versions = {code: load(code) for code in CODES}
        for code, version in versions.items():
            tables = self._tables(self._export(version))
            for path in sorted((SHIPPED / code.lower()).glob("*.csv")):
                if (code, path.name) == ("CAP", "offres.csv"):
                    continue  # the CAP brings the whole service offer
                with self.subTest(code=code, table=path.name):
                    exported = tables[path.name].decode("utf-8-sig")
                    self.assertEqual(exported, path.read_text(encoding="utf-8"))

    def test_export_import_export(self):
        load = self.env["cap.referential.import"].load_shipped
        for code in CODES:
            version = load(code)
            for file_format in ("zip", "xlsx"):
                with self.subTest(code=code, file_format=file_format):
                    first = self._export(version)
                    data = self._export(version, file_format)
                    self.assertEqual(self._import(data, f"cap.{file_format}"), version)
                    self.assertEqual(self._export(version), first)

    def test_into_a_new_edition(self):
        """What comes out of one edition makes another one, the same but its name."""
        first = self._export(self.env["cap.referential.import"].load_shipped("CAP_RSE"))
        other = self._import(self._rewrite(first, edition="2027"))
        self.assertEqual(other.name, "2027")
        second = self._rewrite(self._export(other), edition="2026")
        self.assertEqual(self._tables(second), self._tables(first))

    def test_the_published_edition_comes_back_unchanged(self):
        version = self.env["cap.referential.import"].load_shipped("CAP_RSE")
        version.action_publish()
        first = self._export(version)
        self.assertEqual(self._import(first), version)
        self.assertEqual(self._export(version), first)

    def test_awkward_texts_survive(self):
        """Formulas, quotes, line breaks, spreadsheet escapes, whatever was typed."""
        version = self.make_version(code="ODD", publish=False)
        texts = (
            "=1+1",
            "'=1+1",
            '-2 points; "quoted"',
            "@home",
            "'til",
            "a\r\nb",
            "tab\there",
            "_x0041_ and _x000D_",
            "  é ünï 日本 🎉 ",
            "nul\x0bcontrol",
            "+33 1",
            "1.10",
            "1,5",
            "TRUE",
        )
        objectives = version.objective_ids
        for objective, text in zip(objectives, texts, strict=True):
            objective.write({"guidance": text, "footnote": text, "weight": 1 / 3})
        for file_format in ("zip", "xlsx"):
            with self.subTest(file_format=file_format):
                first = self._export(version)
                data = self._export(version, file_format)
                self._import(data, f"odd.{file_format}")
                self.assertEqual(self._export(version), first)
                self.assertEqual(objectives[0].guidance, "=1+1")
                self.assertEqual(objectives[1].guidance, "'=1+1")
                self.assertEqual(objectives[0].weight, 1 / 3)
        self.assertIn(b"'=1+1", self._tables(first)["objectifs.csv"])

    def test_no_cell_is_a_formula_and_codes_are_text(self):
        version = self.make_version(code="ODD", publish=False)
        version.objective_ids[0].guidance = "=HYPERLINK(1)"
        workbook = load_workbook(io.BytesIO(self._export(version, "xlsx")))
        sheet = workbook["Objectifs"]
        types = {cell.data_type for row in sheet.iter_rows() for cell in row}
        self.assertLessEqual(types, {"s", "n"})
        self.assertEqual([cell.data_type for cell in sheet["A"][1:]], ["s"] * 14)

    def test_template_has_headings_help_and_lists(self):
        wizard = self.env["cap.referential.import"].with_user(self.user_manager)
        wizard.create({}).action_download_template()
        export = self.env["cap.referential.export"].search([], order="id desc", limit=1)
        data = base64.b64decode(export.file)
        workbook = load_workbook(io.BytesIO(data))
        self.assertEqual(workbook.sheetnames[0], "Lisez-moi")
        for table in schema.TABLES:
            sheet = workbook[table.sheet]
            heading = [cell.value for cell in sheet[1]]
            self.assertEqual(heading, [column.name for column in table.columns])
            helped = [bool(cell.comment) for cell in sheet[1]]
            self.assertEqual(helped, [bool(column.help) for column in table.columns])
            closed = [column for column in table.columns if column.choices]
            lists = sheet.data_validations.dataValidation
            self.assertEqual(len(lists), len(closed))
        problems = read.read_file(data, "template.xlsx").problems
        self.assertEqual({p.code for p in problems}, {"empty_sheet"})

    def test_only_managers_export_and_load(self):
        for user in (self.user_animator, self.user_employee, self.user_pilot):
            for model in ("cap.referential.export", "cap.referential.load"):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    self.env[model].with_user(user).create({})

    def test_load_from_the_first_screen(self):
        wizard = self.env["cap.referential.load"].with_user(self.user_manager)
        self.assertEqual(len(wizard._fields["code"].selection), 5)
        action = wizard.create({"code": "CEDRE_V2"}).action_load()
        self.assertEqual(action["res_model"], "cap.referential.version")
