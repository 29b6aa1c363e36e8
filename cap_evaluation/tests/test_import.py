import base64

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import CapCommon
from .test_exchange import cap_tables, to_xlsx, to_zip


@tagged("post_install", "-at_install")
class TestImport(CapCommon):
    def _wizard(self, data, filename="cap.xlsx"):
        return (
            self.env["cap.referential.import"]
            .with_user(self.user_manager)
            .create({"file": base64.b64encode(data), "filename": filename})
        )

    def _tables(self, code="MINE", edition="1"):
        tables = cap_tables()
        tables["Référentiel"][1][:5] = [code, "Mine", edition, "fr_FR", code]
        return tables

    def _import(self, tables):
        wizard = self._wizard(to_xlsx(tables))
        action = wizard.action_import()
        self.assertEqual(action["res_model"], "cap.referential.version", wizard.summary)
        return self.env["cap.referential.version"].browse(action["res_id"])

    def _counts(self):
        models = ("cap.scale", "cap.referential", "cap.objective", "cap.offer")
        return [self.env[model].search_count([]) for model in models]

    def test_load_the_cap(self):
        version = (
            self.env["cap.referential.import"]
            .with_user(self.user_manager)
            .load_shipped("CAP")
        )
        self.assertEqual(version.display_name, "CAP 2026")
        self.assertEqual(version.state, "draft")
        kinds = version.objective_ids.mapped("kind")
        self.assertEqual(
            [kinds.count(k) for k in ("theme", "subtheme", "general", "operational")],
            [4, 11, 33, 72],
        )
        self.assertEqual(len(version.objective_ids.indicator_ids), 167)
        self.assertEqual(version.scale_id.level_ids.mapped("value"), [0, 1, 2, 3])
        leaf = version.objective_ids.filtered(lambda o: o.code == "2.1.1.2")
        self.assertIn("autre structure", leaf.footnote)
        self.assertEqual(
            set(leaf.offer_ids.mapped("code")), {"OFF-01", "OFF-02", "OFF-03"}
        )
        self.assertTrue(leaf.confirmed)
        self.assertEqual(version.proposal_count, 102)

    def test_loading_twice_changes_nothing(self):
        wizard = self.env["cap.referential.import"]
        version = wizard.load_shipped("CAP")
        before = version.objective_ids.mapped("write_date")
        self.assertEqual(wizard.load_shipped("CAP"), version)
        self.assertEqual(version.objective_ids.mapped("write_date"), before)
        version.action_publish()
        self.assertEqual(wizard.load_shipped("CAP"), version)
        self.assertEqual(version.state, "published")

    def test_unknown_shipped_code(self):
        for code in ("NOPE", "../cap", ""):
            with self.subTest(code=code), self.assertRaises(UserError):
                self.env["cap.referential.import"].load_shipped(code)

    def test_workbook_and_zip_give_the_same(self):
        version = self._import(self._tables())
        other = self._tables("OTHER")
        wizard = self._wizard(to_zip(other), "cap.zip")
        action = wizard.action_import()
        twin = self.env["cap.referential.version"].browse(action["res_id"])
        for name in ("code", "name", "guidance", "weight", "kind", "confirmed"):
            self.assertEqual(
                version.objective_ids.mapped(name), twin.objective_ids.mapped(name)
            )

    def test_check_writes_nothing(self):
        before = self._counts()
        wizard = self._wizard(to_xlsx(self._tables()))
        action = wizard.action_check()
        self.assertEqual(action["res_id"], wizard.id)
        self.assertIn("120 new objectives", wizard.summary)
        self.assertFalse(wizard.problem_ids)
        self.assertEqual(self._counts(), before)

    def test_problems_are_all_shown_and_nothing_written(self):
        tables = self._tables()
        tables["Objectifs"][4][11] = "OFF-NONE"
        tables["Objectifs"][5][8] = "XYZ"
        tables["Référentiel"][1][3] = "français"
        before = self._counts()
        wizard = self._wizard(to_xlsx(tables))
        action = wizard.action_import()
        self.assertEqual(action["res_model"], "cap.referential.import")
        self.assertEqual(
            [(p.sheet, p.row, p.column) for p in wizard.problem_ids],
            [
                ("Objectifs", 6, "types_structure"),
                ("Objectifs", 5, "offres"),
                ("Référentiel", 2, "langue"),
            ],
        )
        self.assertIn("OFF-NONE", wizard.problem_ids[1].message)
        self.assertIn("3 lines to correct", wizard.summary)
        self.assertEqual(self._counts(), before)

    def test_unreadable_file_is_explained(self):
        wizard = self._wizard(b"not a workbook", "photo.png")
        wizard.action_import()
        self.assertIn("photo.png", wizard.problem_ids.message)

    def test_no_file(self):
        wizard = self.env["cap.referential.import"].create({})
        with self.assertRaisesRegex(UserError, "Choose a file"):
            wizard.action_import()

    def test_every_message_can_be_written(self):
        """No message asks for a value that a problem does not have."""
        wizard = self.env["cap.referential.import"]
        values = {"found": "x", "expected": "y"}
        for code, message in wizard._get_messages().items():
            with self.subTest(code=code):
                self.assertTrue(message % values)

    def test_a_draft_follows_its_file(self):
        tables = self._tables()
        version = self._import(tables)
        kept = {o.code: o.id for o in version.objective_ids}
        rows = tables["Objectifs"]
        rows[4][3] = "A new wording"
        dropped = rows.pop(5)[0]
        tables["Indicateurs"] = [r for r in tables["Indicateurs"] if r[0] != dropped]
        tables["Indicateurs"].append(["1.1.1.1", "One more", ""])
        self.assertEqual(self._import(tables), version)
        now = {o.code: o for o in version.objective_ids}
        self.assertEqual(now["1.1.1.1"].name, "A new wording")
        self.assertEqual(now["1.1.1.1"].id, kept["1.1.1.1"])
        self.assertNotIn(dropped, now)
        self.assertEqual(now["1.1.1.1"].indicator_ids[-1].name, "One more")

    def test_a_published_edition_is_never_touched(self):
        tables = self._tables()
        self._import(tables).action_publish()
        tables["Objectifs"][4][3] = "A new wording"
        wizard = self._wizard(to_xlsx(tables))
        wizard.action_import()
        self.assertIn("no longer changes", wizard.problem_ids.message)
        tables["Référentiel"][1][2] = "2"
        self.assertEqual(self._import(tables).state, "draft")

    def test_scale_of_a_published_edition_is_never_touched(self):
        tables = self._tables()
        self._import(tables).action_publish()
        tables["Référentiel"][1][2] = "2"
        tables["Échelle"][1][1] = "Another name"
        wizard = self._wizard(to_xlsx(tables))
        wizard.action_import()
        self.assertIn("another code", wizard.problem_ids.message)

    def test_no_query_per_row(self):
        """Twice the rows cost the rows' own INSERTs, of 100 rows each, and no more."""
        counts = []
        for size in (100, 200):
            tables = self._tables(f"SIZE{size}")
            theme = tables["Objectifs"][1:5]
            tables["Objectifs"] = [tables["Objectifs"][0], *theme] + [
                [f"1.1.1.{n}", "1.1.1", "objectif opérationnel", f"O{n}"]
                for n in range(2, size)
            ]
            tables["Indicateurs"] = tables["Indicateurs"][:1]
            wizard = self._wizard(to_xlsx(tables))
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            wizard.action_import()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLess(counts[1] - counts[0], 20)
