"""What the fields that we add to Odoo's models tell to people without a CAP role."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user

from .common import PlanCommon

USER = "base.group_user"


class TestPlanSecrets(PlanCommon):
    """A level, a link, a title: read by who may read its source, by no detour."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.evaluation = cls.make_evaluation(levels={"1.1.1.1": 2})
        cls.plan = cls.make_plan(cls.evaluation)
        cls.task = cls.plan.task_ids
        cls.line = cls.task.cap_line_id
        cls.session = cls.make_session(seats=9)
        cls.seat, _kept = cls.task._cap_book_seats(cls.session, cls.people("Ana"))
        cls.user_project, cls.user_project_admin, cls.user_event = (
            new_test_user(cls.env, login, groups=f"{USER},{group}")
            for login, group in (
                ("cap_project_user", "project.group_project_user"),
                ("cap_project_admin", "project.group_project_manager"),
                ("cap_event_admin", "event.group_event_manager"),
            )
        )

    def own_task(self, user):
        """Return a task of one's own, in a project of one's own."""
        project = self.env["project.project"].create(
            {"name": "Mine", "privacy_visibility": "employees"}
        )
        task = self.env["project.task"].with_user(user)
        return task.create(
            {"name": "x", "project_id": project.id, "user_ids": [Command.set(user.ids)]}
        )

    def assertRefused(self, work):
        with self.assertRaises(AccessError), self.env.cr.savepoint():
            work()
            self.env.flush_all()

    def test_nobody_links_a_line_to_a_task(self):
        for user in (
            self.user_project,
            self.user_project_admin,
            self.user_other_animator,
            self.user_manager,
        ):
            task = self.own_task(user)
            for vals in ({"cap_line_id": self.line.id}, {"cap_reached": 1}):
                with self.subTest(user=user.login, vals=vals):
                    self.assertRefused(lambda task=task, v=vals: task.write(v))
                    self.assertRefused(
                        lambda task=task, v=vals: task.create({"name": "y", **v})
                    )

    def test_a_default_links_nothing(self):
        tasks = self.env["project.task"].with_user(self.user_other_animator)
        made = tasks.with_context(default_cap_line_id=self.line.id).create(
            {"name": "x", "project_id": self.own_task(self.user_other_animator).id}
            | {"project_id": False}
        )
        self.assertFalse(made.sudo().cap_line_id)

    def test_trying_on_a_form_tells_no_level(self):
        """An onchange computes on what it is given and writes nothing."""
        spec = {name: {} for name in ("cap_level_id", "cap_priority", "cap_status")}
        given = {
            "name": "x",
            "project_id": self.plan.id,
            "cap_objective_id": self.line.objective_id.id,
        }
        told = []
        for value in range(4):
            self.line.level_id = self.scale.level_ids[value]
            self.env.flush_all()
            tasks = self.env["project.task"].with_user(self.user_other_animator)
            answer = tasks.onchange(
                {**given, "cap_line_id": self.line.id}, ["cap_line_id"], spec
            )
            told.append(str(answer.get("value")))
        self.assertEqual(len(set(told)), 1, told)

    def test_fields_of_the_plan_are_for_the_staff(self):
        names = ("cap_level_id", "cap_line_id", "cap_priority", "cap_reached")
        for user in (self.user_project, self.user_project_admin, self.user_employee):
            task = self.own_task(self.user_project).sudo().with_user(user)
            for name in (*names, "cap_plan_partner_id"):
                with self.subTest(user=user.login, name=name):
                    self.assertRefused(lambda t=task, n=name: t.read([n]))

    def test_staff_read_the_level_of_what_they_may_read(self):
        self.assertEqual(self.task.with_user(self.user_animator).cap_level_id.value, 2)
        self.structure.cap_region_id = self.region_b
        self.evaluation.region_id = self.region_a
        task = self.task.with_user(self.user_other_animator)
        self.env.invalidate_all()
        self.assertTrue(task.name)
        self.assertFalse(task.cap_level_id)
        task.cap_effort_days = 4
        self.env.flush_all()
        self.assertGreater(self.task.cap_priority, 0)

    def test_whose_plan_it_is_stays(self):
        for user in (self.user_manager, self.user_animator):
            plan = self.plan.with_user(user)
            company = self.env["res.company"].create({"name": f"Of {user.login}"})
            user.company_ids |= company
            for vals in (
                {"cap_partner_id": self.other_structure.id},
                {"company_id": company.id},
            ):
                with self.subTest(user=user.login, vals=vals):
                    self.assertRefused(lambda plan=plan, v=vals: plan.write(v))
            self.assertRefused(
                lambda plan=plan: plan.create(
                    {"name": "x", "cap_partner_id": self.structure.id}
                )
            )
            evaluation = self.evaluation.with_user(user)
            self.assertRefused(
                lambda e=evaluation: e.write({"project_id": self.plan.id})
            )

    def test_seats_do_not_tell_what_a_structure_works_on(self):
        """Who organises events sees who comes, not for which action."""
        for user in (self.user_event, self.user_other_animator, self.user_manager):
            seat = self.seat.with_user(user)
            with self.subTest(user=user.login):
                self.assertEqual(seat.name, "Ana")
                self.assertRefused(lambda seat=seat: seat.read(["cap_task_id"]))
                self.assertRefused(lambda seat=seat: seat.write({"cap_task_id": False}))
                self.assertRefused(
                    lambda seat=seat: seat.search([("cap_task_id.name", "like", "W")])
                )
        self.assertRefused(
            lambda: self.seat.with_user(self.user_event).read(["cap_action_id"])
        )
        for user, action in (
            (self.user_animator, self.task),
            (self.user_other_animator, self.env["project.task"]),
        ):
            self.env.invalidate_all()
            self.assertEqual(self.seat.with_user(user).cap_action_id, action)
        self.assertEqual(
            self.task.with_user(self.user_animator).cap_seat_ids, self.seat
        )

    def test_a_model_of_another_objective_or_company(self):
        line = self.get_line(self.evaluation, "1.1.1.2").with_user(self.user_pilot)
        foreign = self.model.copy(
            {
                "ref": "F",
                "referential_id": self.make_version("OTHER").referential_id.id,
            }
        )
        for model in (self.model, foreign):
            with self.assertRaisesRegex(UserError, "not one of this objective"):
                line.write({"cap_action_model_id": model.id})
        own = self.get_line(self.evaluation, "1.1.1.1").with_user(self.user_pilot)
        own.write({"cap_action_model_id": self.model.id})
        self.assertEqual(own.cap_action_model_id, self.model)


class TestPlanDoors(PlanCommon):
    """Who comes to today's plan, and from which company."""

    def make_second_company(self):
        """Return another company that follows the same structure, and its CAP."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        pilot = new_test_user(
            self.env,
            "cap_second_pilot",
            "base.group_portal",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        evaluation = self.make_evaluation(
            company_id=company.id, pilots=pilot.partner_id
        )
        return company, evaluation, pilot

    def test_a_former_pilot_stays_out_of_todays_plan(self):
        """An old CAP can still be read; it opens no door to what is done since."""
        former, pilot = self.user_portal, self.user_pilot
        old = self.make_evaluation(levels={"1.1.1.1": 1})
        old.pilot_ids = former.partner_id | pilot.partner_id
        plan = self.make_plan(old)
        self.validate(old, on="2025-03-01")
        old_for_both = (old.with_user(former), old.with_user(pilot))
        for evaluation in old_for_both:
            evaluation._check_plan_access()
        following = old.action_start_next()
        following.pilot_ids = pilot.partner_id
        for state in ("open", "validated"):
            self.assertEqual(old_for_both[0].year, 2025)
            with self.subTest(state=state), self.assertRaises(AccessError):
                old_for_both[0]._check_plan_access()
            with self.subTest(state=state), self.assertRaises(AccessError):
                plan.task_ids.with_user(former)._cap_elevate(old_for_both[0])
            self.assertFalse(old_for_both[0]._has_plan_access())
            # From whatever address, the current pilot comes in.
            old_for_both[1]._check_plan_access()
            if state == "open":
                self.set_levels(following, {"1.1.1.1": 2})
                self.validate(following, on="2026-03-01")

    def test_an_animator_whose_structure_moved_stays_out(self):
        evaluation = self.make_evaluation(levels={"1.1.1.1": 1})
        self.make_plan(evaluation)
        self.validate(evaluation, on="2026-03-01")
        self.structure.cap_region_id = self.region_b
        seen = evaluation.with_user(self.user_animator)
        self.assertTrue(seen.display_name)
        with self.assertRaises(AccessError):
            seen._check_plan_access()

    def test_one_structure_that_two_companies_follow(self):
        _company, theirs, their_pilot = self.make_second_company()
        ours = self.make_evaluation(levels={"1.1.1.1": 1})
        our_plan, their_plan = self.make_plan(ours), self.make_plan(theirs)
        self.assertNotEqual(our_plan, their_plan)
        self.assertEqual(theirs.with_user(their_pilot)._get_plan_sudo(), their_plan)
        with self.assertRaisesRegex(AccessError, "another structure"):
            our_plan.task_ids.with_user(their_pilot)._cap_elevate(
                theirs.with_user(their_pilot)
            )
        with self.assertRaises(AccessError):
            ours.with_user(their_pilot)._check_plan_access()

    def test_a_session_of_another_company(self):
        company, _theirs, _pilot = self.make_second_company()
        task = self.make_plan().task_ids
        foreign = self.make_session(company_id=company.id)
        shared = self.make_session(company_id=False)
        with self.assertRaisesRegex(UserError, "not one of the trainings"):
            task._cap_book_seats(foreign, self.people("A"))
        task._cap_book_seats(shared, self.people("A"))
        events = self.env["event.event"].sudo()
        found = events._cap_get_sessions(self.training, self.env.company)
        self.assertEqual(found[self.training], shared)
        described = self.training._get_sessions_described(self.env.company)
        self.assertEqual([d["session"] for d in described], [shared])

    def test_a_contact_of_another_company(self):
        company, _theirs, _pilot = self.make_second_company()
        hidden = self.contact.copy({"name": "Hidden", "company_id": company.id})
        hidden.parent_id = self.structure
        contacts = self.make_plan()._cap_get_contacts()
        self.assertIn(self.contact, contacts)
        self.assertNotIn(hidden, contacts)

    def test_what_actions_changed_ignores_the_other_company(self):
        _company, theirs, _pilot = self.make_second_company()
        ours = self.make_evaluation(levels={"1.1.1.1": 1})
        plan = self.make_plan(ours)
        self.validate(ours, on="2025-03-01")
        plan.task_ids._cap_update({"cap_status": "done"})
        self.set_levels(theirs, {"1.1.1.1": 3})
        self.validate(theirs, on="2026-03-01")
        self.assertEqual(plan._cap_get_effects(), {plan: []})
