import base64

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..models.exchange import messages
from ..models.exchange.exporter import Exporter
from .common import CapCommon
from .test_workbook_cases import CASES, READ, REFUSED, read_case
from .test_workbook_read import cap_tables, to_xlsx, to_zip


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

    def test_only_a_list_that_is_cut_says_so(self):
        wizard = self._wizard(to_xlsx(self._tables()))
        wizard.action_check()
        self.assertEqual(len(wizard.change_ids), 200)
        self.assertIn("Below: the first 200 of them.", wizard.summary)
        wizard.action_import()
        tables = self._tables()
        tables["Offres"][1][1] += " again"
        wizard = self._wizard(to_xlsx(tables))
        wizard.action_check()
        self.assertEqual(len(wizard.change_ids), 1)
        self.assertIn("changed cells: 1; removed rows: 0.", wizard.summary)
        self.assertNotIn("first", wizard.summary)

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
                ("Référentiel", 2, "langue"),
                ("Objectifs", 5, "offres"),
                ("Objectifs", 6, "types_structure"),
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
        values = {"found": "x", "expected": "y"}
        for code, message in messages.get_messages(self.env).items():
            with self.subTest(code=code):
                self.assertTrue(message % values)

    def test_a_draft_follows_its_file(self):
        tables = self._tables()
        version = self._import(tables)
        kept = {o.code: o.id for o in version.objective_ids}
        rows = tables["Objectifs"]
        rows[4][3] = "A new wording"
        dropped = rows.pop(5)[0]
        for sheet in ("Indicateurs", "Questions", "Correspondances"):
            tables[sheet] = [r for r in tables[sheet] if r[0] != dropped]
        tables["Indicateurs"].append(["1.1.1.1", "One more", ""])
        self.assertEqual(self._import(tables), version)
        now = {o.code: o for o in version.objective_ids}
        self.assertEqual(now["1.1.1.1"].name, "A new wording")
        self.assertEqual(now["1.1.1.1"].id, kept["1.1.1.1"])
        self.assertNotIn(dropped, now)
        self.assertEqual(now["1.1.1.1"].indicator_ids[-1].name, "One more")

    def test_what_is_frozen_in_a_published_edition_is_refused_whole(self):
        tables = self._tables()
        version = self._import(tables)
        version.action_publish()
        before = self._snapshot(version)
        tables["Objectifs"][4][4] = "Free guidance, not written all the same"
        tables["Objectifs"][4][3] = "A new wording"
        tables["Objectifs"][5][6] = "2"
        tables["Objectifs"].append(
            ["9", "", "thème", "One more", "", "", "", "", "", "", "", ""]
        )
        tables["Indicateurs"][1][1] = "Another indicator"
        last = tables["Indicateurs"].pop()
        tables["Échelle"][1][1] = "Another level"
        wizard = self._wizard(to_xlsx(tables))
        action = wizard.action_import()
        self.assertEqual(action["res_model"], "cap.referential.import")
        self.assertEqual(
            [(p.sheet, p.row, p.column) for p in wizard.problem_ids],
            [
                ("Échelle", 2, "nom"),
                ("Objectifs", 5, "intitule"),
                ("Objectifs", 6, "poids"),
                ("Objectifs", 122, ""),
                ("Indicateurs", 2, "indicateur"),
                ("Indicateurs", 0, ""),
            ],
        )
        self.assertIn("A new wording", wizard.problem_ids[1].message)
        self.assertIn("no longer changes", wizard.problem_ids[1].message)
        self.assertIn(last[0], wizard.problem_ids[-1].message)
        self.assertEqual(self._snapshot(version), before)
        tables["Référentiel"][1][2] = "2"
        tables["Référentiel"][1][4] = "MINE2"
        self.assertEqual(self._import(tables).state, "draft")

    def test_reordering_a_published_edition_is_refused(self):
        tables = self._tables()
        self._import(tables).action_publish()
        rows = tables["Objectifs"]
        rows[4], rows[5] = rows[5], rows[4]
        wizard = self._wizard(to_xlsx(tables))
        wizard.action_import()
        self.assertEqual([(p.row, p.column) for p in wizard.problem_ids], [(5, "code")])

    def test_free_parts_of_a_published_edition_follow_the_file(self):
        tables = self._tables()
        version = self._import(tables)
        version.action_publish()
        objectives, questions = tables["Objectifs"], tables["Questions"]
        objectives[4][4], objectives[4][9], objectives[4][10] = "How?", "oui", "X, 2026"
        objectives[4][11] = "OFF-01"
        tables["Indicateurs"][1][2] = "Y, 2026"
        questions[1][2] = "Is it so?"
        dropped = questions.pop(2)
        tables["Correspondances"][1][6] = "oui"
        tables["Glossaire"][1][1] = "Another definition"
        tables["Référentiel"][1][1] = "Mine, renamed"
        self.assertEqual(self._import(tables), version)
        self.assertEqual(version.referential_id.name, "Mine, renamed")
        self.assertEqual(version.state, "published")
        leaf = version.objective_ids.filtered(lambda o: o.code == "1.1.1.1")
        self.assertEqual((leaf.guidance, leaf.source), ("How?", "X, 2026"))
        self.assertTrue(leaf.confirmed)
        self.assertEqual(leaf.offer_ids.mapped("code"), ["OFF-01"])
        self.assertEqual(leaf.indicator_ids[0].source, "Y, 2026")
        asked = {(q.college, q.question) for q in leaf.question_ids}
        self.assertIn(("permanent", "Is it so?"), asked)
        self.assertNotIn(dropped[1], {college for college, _question in asked})
        self.assertEqual(leaf.mapping_ids.filtered("confirmed").mapped("strength"), [])
        waiting = self.env["cap.objective.mapping.waiting"].search(
            [("source_id.version_id", "=", version.id), ("confirmed", "=", True)]
        )
        self.assertEqual(len(waiting), 1)
        term = self.env["cap.glossary.term"].search(
            [("name", "=", tables["Glossaire"][1][0]), ("lang", "=", "fr_FR")]
        )
        self.assertEqual(term.definition, "Another definition")

    def test_what_the_file_does_not_speak_of_stays(self):
        tables = self._tables()
        version = self._import(tables)
        before = self._snapshot(version)
        for sheet in ("Indicateurs", "Offres", "Questions", "Correspondances"):
            del tables[sheet]
        for row in tables["Objectifs"]:
            del row[4:]
        self.assertEqual(self._import(tables), version)
        self.assertEqual(self._snapshot(version), before)

    def test_links_load_in_any_order(self):
        wizard = self.env["cap.referential.import"]
        source = wizard.load_shipped("CAP")
        links = source.objective_ids.mapping_ids
        self.assertEqual(len(links.filtered("clause_id")), 219)
        self.assertFalse(links.filtered("target_id"))
        for code in ("CAP_RSE", "CEDRE_V2", "CAP_ISO9001", "SIAE_AXES"):
            wizard.load_shipped(code)
        source.invalidate_recordset()
        objectives = source.objective_ids
        self.assertEqual(len(objectives.mapping_ids.filtered("target_id")), 272)
        self.assertEqual(len(objectives.reverse_mapping_ids), 58)
        self.assertFalse(self.env["cap.objective.mapping.waiting"].search([]))

    def test_every_shipped_referential(self):
        wizard = self.env["cap.referential.import"].with_user(self.user_manager)
        leaves = {"CAP": 72, "CAP_RSE": 44, "CAP_ISO9001": 35, "CEDRE_V2": 20}
        leaves["SIAE_AXES"] = 25
        for code, count in leaves.items():
            with self.subTest(code=code):
                version = wizard.load_shipped(code)
                self.assertEqual(version.objective_count, count)
                version.action_publish()
                sources = version.objective_ids.mapped("source")
                self.assertFalse([s for s in sources if s and ".txt" in s])
        rse = wizard.load_shipped("CAP_RSE").objective_ids
        self.assertEqual(len(rse.descriptor_ids), 176)
        self.assertEqual(len(rse.filtered("is_gate")), 6)

    def test_unknown_targets_are_located(self):
        tables = self._tables()
        links = tables["Correspondances"]
        clause = next(n for n, row in enumerate(links) if row[1] == "ISO9001:2015")
        links[clause][3] = "99.9"
        own = tables["Objectifs"][4][0]
        links.append([own, "MINE", "", own, "totale", "", ""])
        wizard = self._wizard(to_xlsx(tables))
        wizard.action_import()
        self.assertEqual(
            [(p.row, p.column) for p in wizard.problem_ids],
            [(clause + 1, "code_cible"), (len(links), "cible")],
        )

    def test_check_shows_what_would_change(self):
        tables = self._tables()
        version = self._import(tables)
        wizard = self._wizard(to_xlsx(tables))
        wizard.action_check()
        self.assertFalse(wizard.change_ids)
        self.assertIn("changes nothing", wizard.summary)
        before = self._snapshot(version)
        tables["Objectifs"][4][3] = "A new wording"
        tables["Objectifs"][5][6] = "2"
        gone = tables["Questions"].pop()
        wizard = self._wizard(to_xlsx(tables))
        wizard.action_check()
        changes = {
            (c.kind, c.sheet, c.key, c.column or "", c.after or "")
            for c in wizard.change_ids
        }
        college = {"bénévole": "benevole"}.get(gone[1], gone[1])
        self.assertEqual(
            changes,
            {
                ("changed", "Objectifs", "1.1.1.1", "intitule", "A new wording"),
                ("changed", "Objectifs", "1.1.1.2", "poids", "2"),
                ("removed", "Questions", f"{gone[0]} {college}", "", ""),
            },
        )
        self.assertEqual(self._snapshot(version), before)

    def _snapshot(self, version):
        """Return every cell of ``version`` as it would be exported."""
        return Exporter(version).get_content().rows

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
            counts.append(self.count_queries(wizard.action_import, cold=False))
        self.assertLess(counts[1] - counts[0], 20)

    def test_no_query_per_changed_row(self):
        """Changing twice as many rows costs no more queries, bar the batches' own."""
        counts = []
        for size in (60, 120):
            tables = self._tables(f"CHANGE{size}")
            self._import(tables)
            for row in tables["Objectifs"][1:size]:
                row[4] += " More."
                row[9] = "oui"
            for row in tables["Questions"][1:size]:
                row[2] += " Really?"
            wizard = self._wizard(to_xlsx(tables))
            counts.append(self.count_queries(wizard.action_import))
        self.assertLess(counts[1] - counts[0], 20)


@tagged("post_install", "-at_install")
class TestWorkbookCasesImport(CapCommon):
    def test_imported_exactly_or_not_at_all(self):
        for name in sorted({*REFUSED, *READ}):
            with self.subTest(name=name):
                wizard = self.env["cap.referential.import"].create(
                    {
                        "file": base64.b64encode((CASES / name).read_bytes()),
                        "filename": name,
                    }
                )
                with self.env.cr.savepoint() as savepoint:
                    action = wizard.action_import()
                    version = self.env["cap.referential.version"].search(
                        [("referential_id.code", "=", "ESSAI")]
                    )
                    self.assertEqual(bool(version), name in READ)
                    if version:
                        self.assertEqual(action["res_id"], version.id)
                        stored = Exporter(version).get_content()["objectives"]
                        self.assertEqual(
                            [row.cells for row in stored],
                            [row.cells for row in read_case(name)["objectives"]],
                        )
                    else:
                        self.assertEqual(len(wizard.problem_ids), len(REFUSED[name]))
                    savepoint.close(rollback=True)
                    self.env.invalidate_all(flush=False)
