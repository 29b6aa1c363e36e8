"""Leaving: no error in the log, no name of ours left behind."""

from odoo.tests import tagged

from odoo.addons.cap_evaluation import uninstall_hook

from .common import CapCommon


@tagged("post_install", "-at_install")
class TestUninstall(CapCommon):
    def test_clauses_can_go_and_no_note_stays(self):
        clauses = self.env["cap.clause"].search([], limit=2)
        self.env["cap.objective.mapping"].create(
            {"source_id": self.objectives["1.1.1.1"].id, "clause_id": clauses[0].id}
        )
        notes = self.env["ir.model.data"].search
        ours = [("name", "=like", r"model\_inherit\_\_cap\_%")]
        others = [*ours, ("module", "=", "portal")]
        self.assertTrue(notes(others), "what the test looks for")
        uninstall_hook(self.env)
        clauses.unlink()
        self.assertFalse(clauses.exists())
        self.assertFalse(notes(others))
        self.assertTrue(notes([*ours, ("module", "=", "cap_evaluation")]))

    def test_types_can_go_that_a_validated_cap_counts_under(self):
        """The types we bring are deleted before the evaluations."""
        self.structure.cap_structure_type_ids = self.type_aci
        evaluation = self.make_evaluation(state="validated", levels={"1.1.1.1": 2})
        self.assertEqual(evaluation.main_type_id, self.type_aci)
        uninstall_hook(self.env)
        self.type_aci.unlink()
        self.assertFalse(self.type_aci.exists())
