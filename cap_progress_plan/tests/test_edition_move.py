from odoo.fields import Command

from .common import PlanCommon


class TestEditionMove(PlanCommon):
    """What moving an evaluation to a later edition does to the actions of its plan."""

    def make_next(self, merges=None, drops=()):
        draft = self.version.action_new_edition()
        new = {o.code: o for o in draft.objective_ids}
        for code, sources in (merges or {}).items():
            old = [self.objectives[source].id for source in sources]
            new[code].predecessor_ids = [Command.set(old)]
        for code in drops:
            new[code].unlink()
        draft.action_publish()
        draft.published_on = "2099-01-01"
        return draft

    def test_actions_keep_their_line_and_are_not_made_twice(self):
        evaluation = self.make_evaluation(levels={"1.1.1.1": 1, "1.2.1.1": 2})
        plan = self.make_plan(evaluation, **{"1.1.1.1": "Write", "1.2.1.1": "Review"})
        lines = {task.name: task.cap_line_id for task in plan.task_ids}
        evaluation._move_to_edition(self.make_next())
        self.assertEqual({t.name: t.cap_line_id for t in plan.task_ids}, lines)
        self.assertEqual(evaluation.cap_action_count, 2)
        self.assertEqual(evaluation._count_missing_actions(), 0)
        evaluation.action_generate_plan()
        self.assertEqual(len(plan.task_ids), 2)

    def test_a_merged_line_makes_no_second_action(self):
        evaluation = self.make_evaluation(levels={"1.1.1.1": 1, "1.1.1.2": 2})
        plan = self.make_plan(evaluation, **{"1.1.1.2": "Meet"})
        line = plan.task_ids.cap_line_id
        evaluation._move_to_edition(
            self.make_next({"1.1.1.1": ["1.1.1.1", "1.1.1.2"]}, ["1.1.1.2"])
        )
        self.assertEqual(plan.task_ids.cap_line_id, line)
        self.assertEqual(line.objective_id.code, "1.1.1.1")
        self.assertEqual(line.progress_comment, "Meet")
        self.assertEqual(evaluation._count_missing_actions(), 0)

    def test_an_action_of_a_dropped_objective_stays_in_the_plan(self):
        evaluation = self.make_evaluation(levels={"1.1.1.1": 1, "2.1.1.1": 2})
        plan = self.make_plan(evaluation, **{"2.1.1.1": "Explain"})
        evaluation._move_to_edition(self.make_next(drops=["2.1.1.1"]))
        self.assertEqual(plan.task_ids.cap_line_id, evaluation.aside_line_ids)
        self.assertEqual(evaluation.cap_action_count, 1)
        self.assertEqual(evaluation._count_missing_actions(), 0)
        evaluation.action_generate_plan()
        self.assertEqual(len(plan.task_ids), 1)
