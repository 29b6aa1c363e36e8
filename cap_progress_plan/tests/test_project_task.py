import datetime as dt

from odoo.tests import Form

from .common import PlanCommon


class TestProjectTask(PlanCommon):
    """A progress action lives: its status, its date, its copy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plan = cls.make_plan(**{"1.1.1.1": "Write a page"})
        cls.task = cls.plan.task_ids

    def test_status_follows_stage_and_state(self):
        todo, doing, done = self.plan.type_ids
        self.assertEqual(self.task.cap_status, "todo")
        self.task.stage_id = doing
        self.assertEqual(self.task.cap_status, "doing")
        self.task.stage_id = done
        self.assertEqual(self.task.cap_status, "done")
        self.task.write({"stage_id": todo.id, "state": "1_done"})
        self.assertEqual(self.task.cap_status, "done")
        self.task.state = "1_canceled"
        self.assertEqual(self.task.cap_status, "dropped")
        self.task.write({"state": "01_in_progress", "active": False})
        self.assertEqual(self.task.cap_status, "dropped")

    def test_update_to_each_status_and_back(self):
        for status in ("doing", "done", "dropped", "todo", "dropped", "done", "doing"):
            with self.subTest(status=status):
                self.task._cap_update({"cap_status": status})
                self.assertEqual(self.task.cap_status, status)
                self.assertEqual(self.task.active, status != "dropped")

    def test_update_date_owner_and_note(self):
        self.task._cap_update(
            {
                "date_deadline": dt.date(2027, 2, 15),
                "cap_owner_id": self.contact.id,
            },
            "Half is <written>",
        )
        self.assertEqual(self.task._cap_get_due(), dt.date(2027, 2, 15))
        self.assertEqual(self.task.cap_owner_id, self.contact)
        self.assertIn("Half is &lt;written&gt;", self.task.message_ids[0].body)
        self.task._cap_update({"date_deadline": False, "cap_owner_id": False})
        self.assertFalse(self.task.date_deadline)
        self.assertFalse(self.task.cap_owner_id)

    def test_update_with_nothing_new_writes_nothing(self):
        before = self.task.write_date
        messages = self.task.message_ids
        self.assertFalse(
            self.task._cap_update(
                {
                    "cap_status": "todo",
                    "date_deadline": self.task._cap_get_due(),
                    "cap_owner_id": self.task.cap_owner_id.id,
                    "cap_effort_days": self.task.cap_effort_days,
                    "cap_target_level_id": self.task.cap_target_level_id.id,
                }
            )
        )
        self.assertEqual(self.task.write_date, before)
        self.assertEqual(self.task.message_ids, messages)

    def test_the_day_is_the_same_overseas(self):
        self.task._cap_update({"date_deadline": dt.date(2027, 2, 15)})
        for zone in ("America/Cayenne", "Europe/Paris", "Indian/Reunion"):
            with self.subTest(zone=zone):
                task = self.task.with_context(tz=zone)
                self.assertEqual(task._cap_get_due(), dt.date(2027, 2, 15))

    def test_done_share_comes_from_the_steps(self):
        self.assertEqual(self.task._cap_get_done_share(), 0)
        steps = self.env["project.task"].create(
            [
                {"name": n, "parent_id": self.task.id, "project_id": self.plan.id}
                for n in ("one", "two")
            ]
        )
        steps[0].state = "1_done"
        self.assertEqual(self.task._cap_get_done_share(), 0.5)
        self.task.state = "1_done"
        self.assertEqual(self.task._cap_get_done_share(), 1)

    def test_priority_follows_the_effort(self):
        self.task.cap_effort_days = 1
        high = self.task.cap_priority
        self.task.cap_effort_days = 9
        self.assertLess(self.task.cap_priority, high)

    def test_saving_an_answer_does_not_touch_the_tasks(self):
        """The 12 queries of a saved answer hold with a plan too."""
        line = self.task.cap_line_id
        line.level_id = self.scale.level_ids[0]
        self.env.flush_all()
        fields = self.env.registry.field_computed.values()
        self.assertTrue(fields)
        with self.assertQueriesNot("project_task"):
            line.level_id = self.scale.level_ids[2]
            self.env.flush_all()

    def assertQueriesNot(self, table):
        """Check that no UPDATE goes to ``table`` meanwhile."""
        test, cursor = self, self.env.cr

        class Watch:
            def __enter__(self):
                self.execute = cursor.execute
                self.seen = []
                cursor.execute = self.watch
                test.addCleanup(cursor.__dict__.pop, "execute", None)

            def watch(self, query, *args, **kwargs):
                self.seen.append(str(getattr(query, "code", query)))
                return self.execute(query, *args, **kwargs)

            def __exit__(self, *error):
                cursor.__dict__.pop("execute", None)
                updates = [q for q in self.seen if f'UPDATE "{table}"' in q]
                test.assertFalse(updates)

        return Watch()

    def test_a_copy_is_a_plain_task(self):
        copy = self.task.copy()
        self.assertFalse(copy.cap_objective_id)
        self.assertFalse(copy.cap_line_id)

    def test_a_copied_project_is_no_second_plan(self):
        copy = self.plan.copy()
        self.assertFalse(copy.cap_partner_id)

    def test_form_shows_the_cap_page(self):
        with Form(self.task, "project.view_task_form2") as form:
            form.cap_effort_days = 4
            form.cap_owner_id = self.contact
        self.assertEqual(self.task.cap_effort_days, 4)
        self.assertEqual(self.task.cap_owner_id, self.contact)

    def test_plans_are_counted(self):
        self.assertEqual(self.plan.cap_action_count, 1)
        self.task.state = "1_done"
        self.plan.invalidate_recordset()
        self.assertEqual(self.plan.cap_done_count, 1)
        action = self.plan.action_view_cap_actions()
        self.assertEqual(
            action["domain"],
            [("project_id", "=", self.plan.id), ("parent_id", "=", False)],
        )

    def test_evaluation_counts_its_actions(self):
        evaluation = self.task.cap_line_id.evaluation_id
        self.assertEqual(evaluation.cap_action_count, 1)
        self.assertEqual(
            evaluation.action_view_plan()["domain"],
            [("project_id", "=", self.plan.id), ("parent_id", "=", False)],
        )
