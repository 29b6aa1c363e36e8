from odoo.tests import HttpCase, tagged

from .common import PlanCommon


@tagged("-at_install", "post_install")
class TestPlanTour(PlanCommon, HttpCase):
    """A pilot gets a plan, updates an action and books a seat, in a browser."""

    def test_pilot(self):
        evaluation = self.make_evaluation(levels={"1.1.1.1": 1, "1.1.1.2": 0})
        self.ask(evaluation, **{"1.1.1.1": "Write a page", "1.1.1.2": "Meet"})
        session = self.make_session(seats=2)
        self.start_tour(
            f"/my/cap/{evaluation.id}/plan",
            "cap_progress_plan_pilot",
            login="cap_pilot",
        )
        tasks = evaluation.project_id.task_ids
        self.assertEqual(len(tasks), 2)
        self.assertEqual(tasks.filtered(lambda t: t.cap_status == "doing").name, "Meet")
        self.assertEqual(
            sorted(session.registration_ids.mapped("name")),
            ["Known Contact", "New Person"],
        )
