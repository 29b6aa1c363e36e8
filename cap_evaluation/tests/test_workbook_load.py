"""Loading and importing without losing what people did: shown, asked, told after."""

import base64

from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from ..kernel.workbook import read, write
from ..models.exchange.exporter import Exporter
from .common import CapCommon
from .test_workbook_read import cap_tables, to_xlsx


@tagged("post_install", "-at_install")
class TestWorkbookLoad(CapCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wizards = cls.env["cap.referential.import"].with_user(cls.user_manager)

    def _wizard(self, data, filename="cap.xlsx"):
        return self.wizards.create(
            {"file": base64.b64encode(data), "filename": filename}
        )

    def _export(self, version, **cells):
        """Return the edition as a workbook, cells of its first sheet replaced."""
        content = Exporter(version).get_content()
        content["referential"][0].cells.update(cells)
        return content

    def _find(self, version, code):
        return version.objective_ids.filtered(lambda o: o.code == code)

    def _history(self, version):
        return " ".join(str(body) for body in version.message_ids.mapped("body"))

    # -------------------------------------------------------------- loading again

    def test_loading_again_keeps_what_somebody_edited(self):
        version = self.wizards.load_shipped("CAP")
        leaf = self._find(version, "1.1.1.1")
        extra = leaf.copy({"code": "1.1.1.9", "name": "Ours"})
        leaf.name = "Our wording"
        for again in (
            lambda: self.wizards.load_shipped("CAP"),
            lambda: self.wizards.action_load_cap(),
            lambda: (
                self.env["cap.referential.load"]
                .with_user(self.user_manager)
                .create({"code": "CAP"})
                .action_load()
            ),
        ):
            again()
            self.assertEqual(leaf.name, "Our wording")
            self.assertTrue(extra.exists())

    def test_loading_again_shows_what_it_would_undo_and_asks(self):
        version = self.wizards.load_shipped("CAP")
        leaf = self._find(version, "1.1.1.1")
        before = leaf.name
        leaf.copy({"code": "1.1.1.9", "name": "Ours"})
        leaf.name = "Our wording"
        action = self.wizards.action_load_cap()
        self.assertEqual(action["res_model"], "cap.referential.import")
        wizard = self.wizards.browse(action["res_id"])
        self.assertEqual(
            [(c.kind, c.key, c.column or "") for c in wizard.change_ids],
            [("changed", "1.1.1.1", "intitule"), ("removed", "1.1.1.9", "")],
        )
        opened = wizard.action_open_edition()
        self.assertEqual(opened["res_id"], version.id)
        self.assertEqual(leaf.name, "Our wording")
        wizard.action_import()
        self.assertEqual(leaf.name, before)
        self.assertEqual(len(version.objective_ids), 120)
        history = self._history(version)
        self.assertIn("Our wording", history)
        self.assertIn("1.1.1.9", history)

    def test_loading_again_what_nobody_edited_opens_it(self):
        version = self.wizards.load_shipped("CAP")
        action = self.wizards.action_load_cap()
        self.assertEqual(
            (action["res_model"], action["res_id"]), (version._name, version.id)
        )
        self.assertFalse(self.wizards.search([("shipped", "=", "CAP")]).change_ids)

    # ------------------------------------------------------------------- template

    def test_the_template_needs_no_file(self):
        """The button saves the form first: nothing may be required there."""
        form = Form(self.wizards)
        action = form.save().action_download_template()
        self.assertEqual(action["type"], "ir.actions.act_url")
        with self.assertRaisesRegex(UserError, "Choose a file"):
            form.save().action_check()

    # -------------------------------------------------------------------- history

    def test_confirming_by_workbook_is_told_as_by_the_button(self):
        version = self.make_version(code="HIST")
        content = self._export(version)
        for row in content["objectives"][3:5]:
            row.cells["confirme"] = True
        self._wizard(write.write_xlsx(content)).action_import()
        self.assertEqual(version.proposal_count, 12)
        history = self._history(version)
        self.assertIn("Wording confirmed: 1.1.1.1, 1.1.1.2.", history)
        self.assertIn("cap.xlsx", history)

    def test_what_an_import_changed_is_told(self):
        version = self.make_version(code="HIST", publish=False)
        content = self._export(version)
        content["objectives"][3].cells["intitule"] = "Another <b>wording</b>"
        content["objectives"].pop()
        self._wizard(write.write_xlsx(content)).action_import()
        history = self._history(version)
        self.assertIn("Another &lt;b&gt;wording", history)
        self.assertIn("Decisions are known to all", history)
        self.assertIn("2.1.1.2", history)
        count = len(version.message_ids)
        again = write.write_xlsx(self._export(version))
        self._wizard(again).action_import()
        self.assertEqual(len(version.message_ids), count)

    def test_a_new_edition_tells_where_it_comes_from(self):
        version = self.make_version(code="HIST")
        content = self._export(version, edition="2027")
        action = self._wizard(write.write_zip(content), "a.zip").action_import()
        other = self.env["cap.referential.version"].browse(action["res_id"])
        self.assertIn("a.zip", self._history(other))

    # ----------------------------------------------------------------- what is told

    def test_sheets_that_are_not_read_are_told(self):
        tables = cap_tables()
        tables["Questions 2026"] = [["a"]]
        wizard = self._wizard(to_xlsx(tables))
        wizard.action_check()
        self.assertFalse(wizard.problem_ids)
        self.assertIn("“Questions 2026”", wizard.summary)
        action = wizard.action_import()
        version = self.env["cap.referential.version"].browse(action["res_id"])
        self.assertIn("Questions 2026", self._history(version))

    def test_nothing_changes_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        version = self.make_version(code="HIST")
        wizard = self._wizard(write.write_xlsx(self._export(version)))
        wizard = wizard.with_context(lang="fr_FR")
        wizard.action_check()
        self.assertNotIn("nothing", wizard.summary)
        self.assertNotIn("The file", wizard.summary)

    def test_a_renamed_referential_is_told_before(self):
        version = self.make_version(code="NAMED")
        for edition in ("2026", "2027"):
            content = self._export(version, nom="Another name", edition=edition)
            wizard = self._wizard(write.write_xlsx(content))
            wizard.action_check()
            with self.subTest(edition=edition):
                renaming = wizard.change_ids.filtered(lambda c: c.column == "nom")
                self.assertEqual(
                    (renaming.before, renaming.after), ("NAMED", "Another name")
                )
                self.assertEqual(version.referential_id.name, "NAMED")
        wizard.action_import()
        self.assertEqual(version.referential_id.name, "Another name")

    # ------------------------------------------------------------------- companies

    def _make_two(self):
        """Return a shared référentiel and one of the company, of the same code."""
        shared = self.make_version(code="TWICE")
        own = shared.referential_id.copy({"company_id": self.env.company.id})
        return shared, own

    def test_of_two_of_one_code_it_asks(self):
        shared, own = self._make_two()
        content = self._export(shared, edition="2030")
        wizard = self._wizard(write.write_xlsx(content))
        wizard.action_import()
        self.assertEqual(wizard.problem_ids.column, "code")
        self.assertEqual(wizard.candidate_ids, shared.referential_id | own)
        self.assertFalse(own.version_ids)
        wizard.referential_id = own
        action = wizard.action_import()
        version = self.env["cap.referential.version"].browse(action["res_id"])
        self.assertEqual((version.referential_id, version.name), (own, "2030"))
        self.assertEqual(shared.referential_id.version_ids, shared)

    def test_a_foreign_referential_is_not_taken(self):
        shared, own = self._make_two()
        other = self.make_version(code="OTHER").referential_id
        wizard = self._wizard(write.write_xlsx(self._export(shared, edition="2030")))
        wizard.referential_id = other
        wizard.action_import()
        self.assertEqual(wizard.problem_ids.column, "code")
        self.assertFalse((own | other).version_ids.filtered(lambda v: v.name == "2030"))

    def test_another_company_s_is_not_seen(self):
        shared, own = self._make_two()
        own.company_id = self.env["res.company"].create({"name": "Elsewhere"})
        wizard = self._wizard(write.write_xlsx(self._export(shared, edition="2030")))
        action = wizard.action_import()
        self.assertEqual(action["res_model"], "cap.referential.version")
        self.assertEqual(len(shared.referential_id.version_ids), 2)

    def test_shipped_ones_are_shared(self):
        own = self.env["cap.referential"].create(
            {"code": "CAP", "name": "Ours", "company_id": self.env.company.id}
        )
        version = self.wizards.load_shipped("CAP")
        self.assertFalse(version.referential_id.company_id)
        self.assertFalse(own.version_ids)
        self.assertEqual(self.wizards.load_shipped("CAP"), version)

    # ------------------------------------------------------------------- hostile

    def test_a_file_that_is_no_base64(self):
        for value in ("hello world", "é", "====", "a"):
            with self.subTest(value=value):
                wizard = self.wizards.create({"file": value, "filename": "x"})
                wizard.action_check()
                self.assertTrue(wizard.problem_ids)

        for value in ([1, 2], 7, {"a": 1}):
            with self.subTest(value=value), self.assertRaises(UserError):
                self.wizards.create({"file": value})

    def test_a_carriage_return_in_an_offer_s_code(self):
        """It broke the CSV's row, and what followed started a cell of its own."""
        offer = self.env["cap.offer"].create({"code": "A\r=1+1", "name": "x\r=2+2"})
        version = self.make_version(code="CR", publish=False)
        version.objective_ids[3].offer_ids = offer
        data = write.write_zip(self._export(version))
        again = read.read_file(data)
        self.assertEqual(again.problems, [])
        self.assertEqual(again["offers"][0].cells["ref"], "A =1+1")
        self.assertEqual(again["objectives"][3].cells["offres"], ("A =1+1",))
        tables = write.write_csv(write.TABLES[4], Exporter(version).get_content())
        self.assertNotIn("\r", tables)
        self.assertEqual(len(tables.splitlines()), 2)

    def test_codes_in_lists_take_the_case_they_have_here(self):
        version = self.make_version(code="CASE", publish=False)
        self.env["cap.offer"].create({"code": "OFF-A", "name": "A"})
        content = self._export(version)
        content["objectives"][3].cells["types_structure"] = ("aci", "ai")
        content["objectives"][3].cells["offres"] = ("off-a",)
        self._wizard(write.write_xlsx(content)).action_import()
        leaf = self._find(version, "1.1.1.1")
        self.assertEqual(set(leaf.structure_type_ids.mapped("code")), {"AI", "ACI"})
        self.assertEqual(leaf.offer_ids.mapped("code"), ["OFF-A"])

    def test_defects_of_the_file_and_of_the_database_at_once(self):
        tables = cap_tables()
        tables["Référentiel"][1][3] = "français"
        tables["Objectifs"][4][3] = ""
        tables["Objectifs"][5][8] = "XYZ"
        tables["Objectifs"][6][11] = "OFF-NONE"
        tables["Objectifs"][7][1] = "9.9.9"
        links = tables["Correspondances"]
        next(row for row in links if row[1] == "ISO9001:2015")[3] = "99.9"
        wizard = self._wizard(to_xlsx(tables))
        wizard.action_import()
        found = {(p.sheet, p.row, p.column) for p in wizard.problem_ids}
        self.assertLessEqual(
            {
                ("Référentiel", 2, "langue"),
                ("Objectifs", 5, "intitule"),
                ("Objectifs", 6, "types_structure"),
                ("Objectifs", 7, "offres"),
                ("Objectifs", 8, "code_parent"),
            },
            found,
        )
        self.assertIn(
            ("Correspondances", "code_cible"), {(s, c) for s, _row, c in found}
        )
        self.assertIn("6 lines to correct", wizard.summary)

    def test_messages_do_not_repeat_the_place(self):
        tables = cap_tables()
        tables["Objectifs"][0][3] = "intitule long"
        wizard = self._wizard(to_xlsx(tables))
        wizard.action_import()
        for problem in wizard.problem_ids:
            self.assertNotIn("Objectifs", problem.message)
        self.assertIn("intitule", wizard.problem_ids[0].message)

    def test_another_scale_for_a_draft_with_descriptors(self):
        """Descriptors follow the levels of the new scale."""
        version = self.wizards.load_shipped("CAP_RSE")
        scale = version.scale_id
        content = self._export(version, echelle="OTHER")
        self._wizard(write.write_xlsx(content)).action_import()
        self.assertEqual(version.scale_id.code, "OTHER")
        descriptors = version.objective_ids.descriptor_ids
        self.assertEqual(len(descriptors), 176)
        self.assertEqual(descriptors.level_id.scale_id, version.scale_id)
        self.assertEqual(len(scale.level_ids), len(version.scale_id.level_ids))

    def test_a_waiting_link_is_made_once_its_target_is_here(self):
        target = self.make_version(code="TARGET", publish=False)
        source = self.make_version(code="SOURCE", publish=False)
        objective = self._find(source, "1.1.1.1")
        self.env["cap.objective.mapping.waiting"].create(
            {
                "source_id": objective.id,
                "referential_code": "TARGET",
                "edition": "2026",
                "code": "1.1.1.2",
                "confirmed": True,
            }
        )
        self._wizard(write.write_xlsx(self._export(source))).action_import()
        link = objective.mapping_ids
        self.assertEqual(link.target_id, self._find(target, "1.1.1.2"))
        self.assertTrue(link.confirmed)
        self.assertFalse(
            self.env["cap.objective.mapping.waiting"].search(
                [("source_id", "=", objective.id)]
            )
        )
