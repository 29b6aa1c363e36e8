from odoo.tests import HttpCase, tagged

from .common import CapCommon


@tagged("post_install", "-at_install")
class TestPortalTour(CapCommon, HttpCase):
    """A pilot takes a CAP in a real browser, from the first click to the validation."""

    def test_pilot(self):
        self.make_version(code="CAP", name="Test edition")
        self.start_tour("/my/cap", "cap_evaluation_pilot", login="cap_pilot")
        evaluation = self.structure.cap_evaluation_ids
        self.assertEqual(evaluation.state, "validated")
        first = self.get_line(evaluation, "1.1.1.1")
        self.assertEqual(first.level_id.value, 0)
        self.assertEqual(first.comment, "Said aloud, never written")
        self.assertEqual(first.progress_action, "yes")
        self.assertEqual(self.get_line(evaluation, "1.1.1.2").level_id.value, 3)
        third = self.get_line(evaluation, "1.2.1.1")
        self.assertEqual(third.na_reason, "No volunteers here")
