from odoo.tests import HttpCase, tagged

from .common import CapCommon


@tagged("post_install", "-at_install")
class TestReferentialEditorTour(CapCommon, HttpCase):
    """A manager changes the content of a draft in a real browser."""

    def test_editor(self):
        draft = self.make_version(name="2027", publish=False)
        action = self.env.ref("cap_evaluation.cap_referential_version_action")
        self.start_tour(
            f"/odoo/action-{action.id}/{draft.id}",
            "cap_referential_editor",
            login="cap_manager",
        )
        order = draft.objective_ids.sorted("sequence").mapped("code")
        self.assertEqual(
            [code for code in order if code.startswith(("1.1", "2.1.1"))],
            ["1.1", "1.1.1", "1.1.1.1", "1.1.1.2"]
            + ["2.1.1", "2.1.1.1"]
            + [code for code in order if code in ("2.1.1.2", "1.1.1.3")],
        )
        added = draft.objective_ids.filtered(lambda o: o.code == "1.1.1.3")
        self.assertEqual(added.name, "Members decide together")
        self.assertEqual(added.parent_id.code, "2.1.1")
        copied = draft.objective_ids.filtered(lambda o: o.code.startswith("1.3"))
        self.assertEqual(len(copied), 4)
