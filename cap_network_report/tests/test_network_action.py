from freezegun import freeze_time

from odoo.tests import tagged

from .common import NetworkCommon


@tagged("post_install", "-at_install")
class TestNetworkAction(NetworkCommon):
    """The plans' tasks, seen by the network."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan, cls.other_plan = cls.env["project.project"].create(
            [
                {"name": "Plan A", "cap_partner_id": cls.structure.id},
                {"name": "Plan B", "cap_partner_id": cls.other_structure.id},
            ]
        )
        cls.env["project.project"].create({"name": "Not a plan"}).task_ids = [
            (0, 0, {"name": "Elsewhere"})
        ]
        cls.structure.cap_size = "10_49"
        cls.evaluation = cls.make_evaluation(cls.structure, {"1.1.1.1": 1})
        cls.validate(cls.evaluation)
        cls.line = cls.get_line(cls.evaluation, "1.1.1.1")
        cls.task = cls.make_task(
            cls.plan,
            cap_line_id=cls.line.id,
            cap_objective_id=cls.line.objective_id.id,
            date_deadline="2026-06-30 12:00:00",
        )

    @classmethod
    def make_task(cls, plan, **values):
        return cls.env["project.task"].create(
            {"name": "Write the welcome booklet", "project_id": plan.id, **values}
        )

    def get_action(self, task):
        return self.env["cap.network.action"].search([("task_id", "=", task.id)])

    def test_dimensions(self):
        self.structure.cap_region_id = self.region_b  # moves after its validation
        action = self.get_action(self.task)
        self.assertEqual(action.partner_id, self.structure)
        self.assertEqual(action.region_id, self.region_a)
        self.assertEqual(action.theme_id, self.objectives["1"])
        self.assertEqual(action.subtheme_id, self.objectives["1.1"])
        self.assertEqual(action.evaluation_id, self.evaluation)
        self.assertEqual((action.action_count, action.is_open), (1, 1))

    def test_added_by_hand(self):
        """No line: region and size are the structure's own."""
        action = self.get_action(self.make_task(self.other_plan))
        self.assertEqual(action.region_id, self.region_b)
        self.assertFalse(action.theme_id)

    def test_only_plans(self):
        self.assertFalse(
            self.env["cap.network.action"].search([("name", "=", "Elsewhere")])
        )

    def test_dropped_actions_are_out(self):
        self.task.active = False
        self.assertFalse(self.get_action(self.task))

    def test_overdue_is_decided_when_asked(self):
        """The same registry, two days: nothing was baked in when it was loaded."""
        for moment, overdue in (
            ("2026-06-30 11:00:00", 0),
            ("2026-06-30 13:00:00", 1),
            ("2027-01-01", 1),
        ):
            with freeze_time(moment):
                self.env.invalidate_all()
                self.assertEqual(self.get_action(self.task).overdue, overdue, moment)

    def test_done_is_not_overdue(self):
        self.task.state = "1_done"
        with freeze_time("2027-01-01"):
            action = self.get_action(self.task)
            self.assertEqual(
                (action.overdue, action.is_done, action.is_open), (0, 1, 0)
            )

    def test_without_date_is_not_overdue(self):
        with freeze_time("2030-01-01"):
            action = self.get_action(self.make_task(self.plan))
            self.assertEqual(action.overdue, 0)

    def test_structure_with_two_types_counts_once(self):
        self.structure.cap_structure_type_ids = self.type_ai + self.type_aci
        types = (self.type_ai + self.type_aci).ids
        rows = self.env["cap.network.action"]._read_group(
            [
                ("structure_type_ids", "in", types),
                ("partner_id", "=", self.structure.id),
            ],
            [],
            ["action_count:sum"],
        )
        self.assertEqual(rows, [(1,)])

    def test_opens_the_task(self):
        action = self.get_action(self.task).action_open_task()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("project.task", self.task.id)
        )

    def test_states_in_the_reader_s_language(self):
        """The list and the graph take their words from here, not from the raw list."""
        actions = self.env["cap.network.action"].with_context(lang="fr_FR")
        tasks = self.env["project.task"].with_context(lang="fr_FR")
        shown = dict(actions.fields_get(["state"])["state"]["selection"])
        self.assertEqual(shown, dict(tasks.fields_get(["state"])["state"]["selection"]))
        self.assertNotEqual(shown["1_done"], "Done")
