"""What is typed in a search finds what the screen shows under that name."""

from odoo.tests import tagged

from .common import CapCommon


@tagged("post_install", "-at_install")
class TestNames(CapCommon):
    def _find(self, model, text, operator="ilike", **context):
        records = self.env[model].with_context(**context)
        return records.search([("display_name", operator, text)])

    def test_type_found_by_code_and_no_other(self):
        """ "AI" stands in many names of types: only the type of that code is found."""
        self.assertEqual(self._find("cap.structure.type", "AI"), self.type_ai)
        self.assertEqual(self._find("cap.structure.type", "aci"), self.type_aci)
        found = self._find("cap.structure.type", "association")
        self.assertIn(self.type_ai, found)

    def test_contacts_by_type(self):
        partners = self.env["res.partner"]
        ours = ("id", "in", (self.structure | self.other_structure).ids)
        for code, structure in (("AI", self.structure), ("ACI", self.other_structure)):
            found = partners.search([("cap_structure_type_ids", "ilike", code), ours])
            self.assertEqual(found, structure)

    def test_negative(self):
        found = self._find("cap.structure.type", "ACI", "not ilike")
        self.assertIn(self.type_ai, found)
        self.assertNotIn(self.type_aci, found)

    def test_edition_by_what_is_shown(self):
        self.make_version("TEST_RSE", "2026")
        self.assertEqual(
            self._find("cap.referential.version", "TEST 2026"), self.version
        )
        self.assertEqual(
            self._find("cap.referential.version", "test rse 2026").display_name,
            "TEST RSE 2026",
        )

    def test_objective_by_code_and_by_all_that_is_shown(self):
        objective = self.objectives["1.2.1.1"]
        self.assertEqual(self._find("cap.objective", "1.2.1.1"), objective)
        for text in (objective.display_name, "1.2.1.1 written"):
            self.assertEqual(self._find("cap.objective", text), objective)
        shown = objective.with_context(show_edition=True).display_name
        self.assertEqual(
            self._find("cap.objective", shown, "=", show_edition=True), objective
        )

    def test_level_by_number(self):
        level = self.scale.level_ids[2]
        ours = [("scale_id", "=", self.scale.id)]
        levels = self.env["cap.scale.level"]
        for text in ("2", "2 In place", "place"):
            found = levels.name_search(text, domain=ours)
            self.assertEqual([found_id for found_id, _name in found], level.ids, text)

    def test_evaluation_by_edition_year_or_structure(self):
        old = self.make_evaluation(levels={"1.1.1.1": 2}, state="validated")
        current = self.make_evaluation()
        for evaluation in (old, current):
            self.assertEqual(
                self._find("cap.evaluation", evaluation.display_name), evaluation
            )
        self.assertLessEqual(old | current, self._find("cap.evaluation", "TEST"))
        self.assertIn(current, self._find("cap.evaluation", "Atelier des"))
        self.assertFalse(self._find("cap.evaluation", "TEST Nowhere"))

    def test_others_by_all_that_is_shown(self):
        objective = self.objectives["1.1.1.1"]
        clause = self.env["cap.clause"].search([], limit=1)
        link = self.env["cap.objective.mapping"].create(
            {"source_id": objective.id, "clause_id": clause.id}
        )
        draft = self.make_version("OTHER", "1", publish=False, scale=self.scale)
        words = self.env["cap.objective.descriptor"].create(
            {
                "objective_id": draft.objective_ids[3].id,
                "level_id": self.scale.level_ids[1].id,
                "description": "Begun here",
            }
        )
        question = self.env["cap.objective.question"].create(
            {
                "objective_id": objective.id,
                "college": "benevole",
                "question": "Do you know what is decided?",
            }
        )
        for record in (clause, link, words, question):
            found = self._find(record._name, record.display_name, "=")
            self.assertEqual(found, record)

    def test_contacts_load_back(self):
        """An export of contacts, imported again, finds each type and region."""
        self.structure.cap_structure_type_ids |= self.type_aci
        names = ["id", "name", "cap_region_id", "cap_structure_type_ids", "cap_size"]
        rows = self.structure.export_data(names)["datas"]
        self.structure.write({"cap_region_id": False, "cap_structure_type_ids": False})
        result = self.env["res.partner"].load(names, rows)
        self.assertFalse(result["messages"])
        self.assertEqual(self.structure.cap_region_id, self.region_a)
        self.assertEqual(
            self.structure.cap_structure_type_ids, self.type_ai | self.type_aci
        )
