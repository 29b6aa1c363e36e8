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
