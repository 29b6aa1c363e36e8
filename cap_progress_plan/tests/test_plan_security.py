from odoo.exceptions import AccessError
from odoo.tests import new_test_user, users

from .common import PlanCommon


class TestPlanSecurity(PlanCommon):
    """Who sees a structure's plan, who acts on it, who does not: kind by kind."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.evaluation = cls.make_evaluation(levels={"1.1.1.1": 1})
        cls.plan = cls.make_plan(cls.evaluation)
        cls.task = cls.plan.task_ids
        cls.other_evaluation = cls.make_evaluation(cls.other_structure)
        cls.other_plan = cls.make_plan(cls.other_evaluation)
        cls.plans = cls.plan | cls.other_plan
        cls.user_project = new_test_user(
            cls.env, "cap_project_user", "base.group_user,project.group_project_user"
        )

    def seen(self, model="project.project"):
        """Return what the current user finds of the plans, or of their actions."""
        records = self.plans if model == "project.project" else self.plans.task_ids
        return self.env[model].search([("id", "in", records.ids)])

    @users("cap_pilot", "cap_other_pilot", "cap_portal", "cap_employee")
    def test_no_rpc_to_plans(self):
        """Pilots included: their plan is on their own pages."""
        self.assertFalse(self.seen())
        self.assertFalse(self.seen("project.task"))
        for record in (self.plan, self.task):
            with self.assertRaises(AccessError):
                record.with_user(self.env.user).read(["name"])
            with self.assertRaises(AccessError):
                record.with_user(self.env.user).write({"name": "Taken"})

    @users("cap_project_user")
    def test_project_users_of_the_house_see_no_plan(self):
        self.assertFalse(self.seen())
        self.assertFalse(self.seen("project.task"))
        with self.assertRaises(AccessError):
            self.task.with_user(self.env.user).write({"name": "Taken"})

    @users("cap_animator")
    def test_animator_follows_the_plans_of_their_regions(self):
        self.assertEqual(self.seen(), self.plan)
        self.assertEqual(self.seen("project.task"), self.task)
        task = self.task.with_user(self.env.user)
        task.write({"cap_effort_days": 3, "cap_owner_id": self.contact.id})
        task.read()
        self.env["project.task"].create({"name": "More", "project_id": self.plan.id})
        with self.assertRaises(AccessError):
            task.unlink()

    @users("cap_other_animator")
    def test_animator_of_another_region(self):
        self.assertEqual(self.seen(), self.other_plan)
        with self.assertRaises(AccessError):
            self.task.with_user(self.env.user).read(["name"])
        with self.assertRaises(AccessError):
            self.task.with_user(self.env.user).write({"name": "Taken"})
        with self.assertRaises(AccessError):
            self.env["project.task"].create(
                {"name": "More", "project_id": self.plan.id}
            )
        with self.assertRaises(AccessError):
            self.evaluation.with_user(self.env.user).action_generate_plan()

    @users("cap_manager")
    def test_manager_sees_all(self):
        self.assertEqual(self.seen(), self.plans)
        self.assertEqual(self.seen("project.task"), self.plans.task_ids)
        self.task.with_user(self.env.user).write({"cap_effort_days": 3})

    def test_following_a_moved_structure(self):
        """A structure that changes region takes its plan along."""
        self.structure.cap_region_id = self.region_b
        for user, expected in (
            (self.user_animator, self.env["project.project"]),
            (self.user_other_animator, self.plans),
        ):
            with self.subTest(user=user.login):
                seen = self.env["project.project"].with_user(user)
                found = seen.search([("cap_partner_id", "!=", False)])
                self.assertEqual(found, expected)

    @users("cap_pilot", "cap_animator", "cap_manager")
    def test_those_who_may_generate(self):
        plan = self.evaluation.with_user(self.env.user).action_generate_plan()
        self.assertEqual(plan, self.plan)

    @users("cap_other_pilot", "cap_portal", "cap_employee", "cap_project_user")
    def test_those_who_may_not_generate(self):
        with self.assertRaises(AccessError):
            self.evaluation.with_user(self.env.user).action_generate_plan()
        with self.assertRaises(AccessError):
            self.evaluation.with_user(self.env.user)._count_missing_actions()

    @users("cap_pilot", "cap_portal", "cap_employee", "cap_animator")
    def test_library_is_read_by_all_and_kept_by_managers(self):
        model = self.model.with_user(self.env.user)
        self.assertEqual(model.name, "Keep a one-page record")
        with self.assertRaises(AccessError):
            model.write({"name": "Other"})
        with self.assertRaises(AccessError):
            self.env["cap.action.model"].create(self.prepare_model(name="Mine"))
        with self.assertRaises(AccessError):
            model.unlink()

    @users("cap_manager")
    def test_managers_keep_the_library(self):
        self.model.with_user(self.env.user).write({"name": "Other", "confirmed": True})
        self.env["cap.action.model"].create(self.prepare_model(name="Mine")).unlink()

    def test_library_of_another_company(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.version.referential_id.company_id = company
        for user in (self.user_manager, self.user_animator, self.user_pilot):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.model.with_user(user).read(["name"])

    @users("cap_pilot", "cap_portal", "cap_employee")
    def test_bookings_are_not_open_to_rpc(self):
        session = self.make_session()
        for model in ("event.registration", "event.event"):
            with self.assertRaises(AccessError):
                self.env[model].search([])
        with self.assertRaises(AccessError):
            self.env["event.registration"].create(
                {"event_id": session.id, "name": "Me", "cap_task_id": self.task.id}
            )

    @users("cap_animator")
    def test_animators_organise_sessions(self):
        session = (
            self.env["event.event"]
            .with_user(self.env.user)
            .create(
                {
                    "name": "Ours",
                    "date_begin": "2035-01-01 08:00:00",
                    "date_end": "2035-01-01 16:00:00",
                    "cap_offer_id": self.training.id,
                }
            )
        )
        self.assertIn(session, self.task.with_user(self.env.user).cap_session_ids)

    def test_other_company_sees_no_plan(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.plan.sudo().company_id = company
        plans = self.env["project.project"].with_user(self.user_manager)
        found = plans.search([("cap_partner_id", "!=", False)])
        self.assertEqual(found, self.other_plan)
