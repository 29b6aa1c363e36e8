import datetime as dt
from unittest.mock import patch

from freezegun import freeze_time
from psycopg2.errors import UniqueViolation

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import users
from odoo.tools import mute_logger

from .common import PlanCommon


class TestGenerate(PlanCommon):
    """From the wishes of an evaluation to a plan, once and again."""

    def test_one_task_per_wish_and_no_other(self):
        evaluation = self.make_evaluation(levels={"1.1.1.1": 1, "1.1.1.2": 3})
        self.get_line(evaluation, "1.1.1.2").progress_action = "no"
        plan = self.make_plan(evaluation, **{"1.1.1.1": "Write\nin detail"})
        self.assertEqual(plan.cap_partner_id, self.structure)
        self.assertEqual(evaluation.project_id, plan)
        (task,) = plan.task_ids
        self.assertEqual(task.name, "Write")
        self.assertIn("in detail", task.description)
        self.assertEqual(task.cap_line_id.objective_id.code, "1.1.1.1")
        self.assertEqual(task.cap_objective_id, task.cap_line_id.objective_id)
        self.assertEqual(task.cap_level_id.value, 1)
        self.assertEqual(task.cap_target_level_id.value, 2)
        self.assertEqual(task.cap_offer_ids, self.training)
        self.assertEqual(task.cap_owner_id, self.user_pilot.partner_id)
        self.assertFalse(task.user_ids)
        self.assertEqual(task.cap_status, "todo")

    def test_in_charge_is_the_pilot_who_asks_else_the_first(self):
        """Whoever clicks without being a pilot does not take the actions."""
        first, second = self.contact, self.user_pilot.partner_id
        pilots = first | second
        self.assertEqual(pilots.sorted()[0], first)
        cases = ((self.user_pilot, second), (self.user_animator, first))
        for code, (user, owner) in zip(("1.1.1.1", "1.1.1.2"), cases, strict=True):
            evaluation = self.make_evaluation(pilots=pilots)
            self.ask(evaluation, **{code: "x"})
            evaluation.with_user(user).action_generate_plan()
            task = evaluation.project_id.task_ids.sorted("id")[-1]
            self.assertEqual(task.cap_objective_id.code, code)
            self.assertEqual(task.cap_owner_id, owner)
            evaluation.action_cancel()

    def test_name_falls_back_on_the_model_then_the_objective(self):
        evaluation = self.make_evaluation()
        self.get_line(evaluation, "1.1.1.1").cap_action_model_id = self.model
        plan = self.make_plan(evaluation, **{"1.1.1.1": " ", "1.1.1.2": False})
        self.assertEqual(
            plan.task_ids.sorted("cap_objective_id").mapped("name"),
            ["Keep a one-page record", "Everyone takes part"],
        )

    @freeze_time("2026-11-20 10:00:00")
    def test_model_gives_its_figures(self):
        evaluation = self.make_evaluation(levels={"1.1.1.1": 0})
        self.get_line(evaluation, "1.1.1.1")._start_from_model(self.model)
        (task,) = evaluation.action_generate_plan().task_ids
        self.assertEqual(task.cap_action_model_id, self.model)
        self.assertEqual(task.cap_effort_days, 1.5)
        self.assertEqual(task.cap_success_indicator, "Six records in a row")
        self.assertEqual(task.cap_offer_ids, self.training | self.tool)
        self.assertEqual(task._cap_get_due(), dt.date(2027, 3, 22))
        self.assertEqual(task.cap_priority, 40.0)

    def test_level_zero_unscored_and_top(self):
        evaluation = self.make_evaluation(levels={"1.1.1.1": 0, "1.1.1.2": 3})
        plan = self.make_plan(
            evaluation, **{"1.1.1.1": "a", "1.1.1.2": "b", "1.2.1.1": "c"}
        )
        found = {
            task.name: (task.cap_target_level_id.value, task.cap_priority)
            for task in plan.task_ids
        }
        self.assertEqual(found, {"a": (1, 33.3), "b": (3, 0.0), "c": (1, 33.3)})

    def test_weight_of_the_objective_counts(self):
        tree = {
            "1": ("theme", "A"),
            "1.1": ("subtheme", "B"),
            "1.1.1": ("general", "C"),
            "1.1.1.1": ("operational", "D"),
            "1.1.1.2": ("operational", "E"),
        }
        version = self.make_version(code="HEAVY", tree=tree, publish=False)
        version.objective_ids.filtered(lambda o: o.code == "1.1.1.2").weight = 2
        version.action_publish()
        evaluation = self.make_evaluation(version=version)
        plan = self.make_plan(evaluation, **{"1.1.1.1": "light", "1.1.1.2": "heavy"})
        light, heavy = plan.task_ids.sorted("cap_priority")
        self.assertEqual((light.name, heavy.name), ("light", "heavy"))
        self.assertAlmostEqual(heavy.cap_priority, 2 * light.cap_priority, delta=0.2)

    def test_again_adds_only_what_is_missing(self):
        evaluation = self.make_evaluation()
        plan = self.make_plan(evaluation, **{"1.1.1.1": "First"})
        task = plan.task_ids
        task.write({"name": "Ours now", "cap_effort_days": 9, "date_deadline": False})
        self.ask(evaluation, **{"1.1.1.1": "Other words", "1.1.1.2": "Second"})
        self.assertEqual(evaluation._count_missing_actions(), 1)
        self.assertEqual(evaluation.action_generate_plan(), plan)
        self.assertEqual(self.actions(plan).mapped("name"), ["Ours now", "Second"])
        self.assertEqual((task.cap_effort_days, task.date_deadline), (9, False))
        self.assertEqual(evaluation._count_missing_actions(), 0)

    def test_dropped_actions_do_not_come_back(self):
        evaluation = self.make_evaluation()
        plan = self.make_plan(evaluation, **{"1.1.1.1": "a", "1.1.1.2": "b"})
        archived, cancelled = plan.task_ids
        archived.action_archive()
        cancelled.state = "1_canceled"
        evaluation.action_generate_plan()
        self.assertEqual(self.actions(plan), archived | cancelled)
        self.assertFalse(archived.active)
        self.assertIn("Dropped earlier, not brought back: 2", plan.message_ids[0].body)

    def test_a_line_keeps_one_action_when_its_model_changes(self):
        evaluation = self.make_evaluation()
        plan = self.make_plan(evaluation)
        self.get_line(evaluation, "1.1.1.1").cap_action_model_id = self.model
        evaluation.action_generate_plan()
        self.assertEqual(len(self.actions(plan)), 1)

    def test_two_models_on_one_objective_are_two_actions(self):
        plan = self.make_plan()
        values = {"project_id": plan.id, "name": "x"}
        objective = self.objectives["1.1.1.1"]
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.env["project.task"].create(
                    {**values, "cap_objective_id": objective.id}
                )
        plan.task_ids.action_archive()
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            with self.env.cr.savepoint():
                self.env["project.task"].create(
                    {**values, "cap_objective_id": objective.id}
                )
        self.env["project.task"].create(
            {
                **values,
                "cap_objective_id": objective.id,
                "cap_action_model_id": self.model.id,
            }
        )
        self.assertEqual(len(self.actions(plan)), 2)

    def test_no_action_is_a_right_ending(self):
        evaluation = self.make_evaluation(levels={"1.1.1.1": 2}, state="validated")
        plan = evaluation.action_generate_plan()
        self.assertFalse(self.actions(plan))
        self.assertIn("No action was chosen, and that is fine", plan.message_ids.body)

    def test_a_structure_has_one_plan_for_ever(self):
        first = self.make_evaluation(levels={"1.1.1.1": 1})
        plan = self.make_plan(first)
        first.action_validate()
        second = first.action_start_next()
        self.ask(second, **{"1.1.1.1": "Again", "1.2.1.1": "New"})
        self.assertEqual(second.action_generate_plan(), plan)
        self.assertEqual(plan.cap_evaluation_ids, first | second)
        self.assertEqual(self.actions(plan).mapped("name"), ["Write a page", "New"])
        with self.assertRaises(UniqueViolation), mute_logger("odoo.sql_db"):
            self.env["project.project"].create(
                {
                    "name": "Another",
                    "cap_partner_id": self.structure.id,
                    "company_id": plan.company_id.id,
                }
            )

    def test_several_structures_at_once(self):
        evaluations = self.make_evaluation() | self.make_evaluation(
            self.other_structure
        )
        for evaluation in evaluations:
            self.ask(evaluation, **{"1.1.1.1": "a", "1.2.1.1": "b"})
        plans = evaluations.action_generate_plan()
        self.assertEqual(plans.cap_partner_id, self.structure | self.other_structure)
        self.assertEqual([len(plan.task_ids) for plan in plans], [2, 2])
        self.assertEqual(plans[0].type_ids, plans[1].type_ids)

    def test_says_what_it_did(self):
        evaluation = self.ask(
            self.make_evaluation(), **{"1.1.1.1": "a", "1.2.1.1": "b"}
        )
        action = evaluation.action_generate_plan_and_view()
        self.assertEqual(action["tag"], "display_notification")
        self.assertIn("Actions added: 2.", action["params"]["message"])
        self.assertEqual(
            action["params"]["next"]["domain"],
            [("project_id", "=", evaluation.project_id.id), ("parent_id", "=", False)],
        )
        self.assertIn("Actions added: 2.", evaluation.project_id.message_ids.body)
        again = evaluation.action_generate_plan_and_view()
        self.assertIn("left as they are: 2.", again["params"]["message"])

    def test_refusals(self):
        evaluation = self.make_evaluation()
        evaluation.action_cancel()
        with self.assertRaisesRegex(UserError, "was cancelled"):
            evaluation.action_generate_plan()
        plan = self.make_plan()
        plan.action_archive()
        with self.assertRaisesRegex(UserError, "was archived"):
            plan.cap_evaluation_ids.action_generate_plan()
        self.assertFalse(plan.active)

    @users("cap_pilot")
    def test_quietly_without_mail_or_follower(self):
        evaluation = self.ask(
            self.make_evaluation(), **{"1.1.1.1": "a", "1.2.1.1": "b"}
        )
        mails = self.env["mail.mail"].sudo().search_count([])
        notified = self.env["mail.notification"].sudo().search_count([])
        plan = evaluation.with_user(self.env.user).action_generate_plan().sudo()
        self.env.flush_all()
        self.assertEqual(len(plan.task_ids), 2)
        self.assertFalse(plan.task_ids.message_partner_ids)
        self.assertFalse(plan.message_partner_ids)
        self.assertFalse(plan.user_id)
        self.assertEqual(self.env["mail.mail"].sudo().search_count([]), mails)
        self.assertEqual(
            self.env["mail.notification"].sudo().search_count([]), notified
        )
        self.assertEqual(plan.message_ids.author_id, self.env.user.partner_id)

    def test_project_is_closed_and_has_no_timesheet(self):
        plan = self.make_plan()
        self.assertEqual(plan.privacy_visibility, "followers")
        self.assertFalse(plan.account_id)
        if "allow_timesheets" in plan._fields:
            self.assertFalse(plan.allow_timesheets)

    def test_animator_of_the_campaign_leads_the_plan(self):
        campaign = self.env["cap.campaign"].create(
            {
                "name": "Spring",
                "version_id": self.version.id,
                "animator_id": self.user_animator.id,
            }
        )
        evaluation = self.make_evaluation(campaign_id=campaign.id)
        self.assertEqual(self.make_plan(evaluation).user_id, self.user_animator)

    def test_names_in_every_language(self):
        french = self.env["res.lang"]._activate_lang("fr_FR")
        plan = self.make_plan()
        self.assertTrue(french)
        self.assertEqual(plan.with_context(lang="en_US").name[:14], "Progress plan:")
        names = plan.with_context(lang="fr_FR").type_ids.mapped("name")
        self.assertEqual(len(names), 3)

    def test_uses_one_savepoint_free_batch(self):
        evaluation = self.ask(
            self.make_evaluation(), **{"1.1.1.1": "a", "1.2.1.1": "b"}
        )
        tasks = self.env.registry["project.task"]
        with patch.object(
            tasks, "create", autospec=True, side_effect=tasks.create
        ) as create:
            evaluation.action_generate_plan()
        self.assertEqual(create.call_count, 1)

    def test_gate_for_those_who_only_read(self):
        """A reader who neither pilots nor facilitates may not act on the plan."""
        evaluation = self.make_evaluation()
        evaluation.facilitator_id = self.user_portal.partner_id
        as_portal = evaluation.with_user(self.user_portal)
        self.assertTrue(as_portal.action_generate_plan())
        with patch.object(
            type(evaluation), "check_access", autospec=True, return_value=None
        ):
            evaluation.facilitator_id = False
            with self.assertRaises(AccessError):
                as_portal.action_generate_plan()

    def test_each_company_has_its_own_plan_of_a_structure(self):
        """Two companies follow one structure: neither writes in the other's plan."""
        company = self.env["res.company"].create({"name": "Another federation"})
        first = self.make_plan()
        evaluation = self.make_evaluation(levels={"1.1.1.2": 0}, company_id=company.id)
        self.ask(evaluation, **{"1.1.1.2": "Write a page"})
        second = evaluation.action_generate_plan()
        self.assertNotEqual(second, first)
        self.assertEqual(second.company_id, company)
        self.assertEqual(second.cap_partner_id, first.cap_partner_id)
        self.assertEqual(len(first.task_ids), 1)
        self.assertEqual(len(second.task_ids), 1)


class TestGenerateCost(PlanCommon):
    """Thirty actions cost no more than a bare create of the same tasks."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tree = {
            "1": ("theme", "A"),
            "1.1": ("subtheme", "B"),
            "1.1.1": ("general", "C"),
        }
        for number in range(1, 36):
            tree[f"1.1.1.{number}"] = ("operational", f"Objective {number}")
        cls.big = cls.make_version(code="BIG", tree=tree)
        for objective in cls.big.objective_ids.filtered(
            lambda o: o.kind == "operational"
        ):
            objective.offer_ids = cls.training | cls.tool

    def generate(self, number):
        partner = self.make_structures(1, self.region_a)
        evaluation = self.make_evaluation(partner, version=self.big)
        wishes = {f"1.1.1.{n}": f"Action {n}" for n in range(1, number + 1)}
        self.ask(evaluation, **wishes)
        queries = self.count_queries(evaluation.action_generate_plan)
        self.assertEqual(len(evaluation.project_id.task_ids), number)
        return queries, evaluation.project_id

    def create_bare(self, plan):
        tasks = plan.task_ids
        project = self.env["project.project"].create({"name": "Bare"})
        project.type_ids = plan.type_ids
        vals_list = [
            {
                "project_id": project.id,
                "name": task.name,
                "description": task.description,
                "cap_line_id": task.cap_line_id.id,
                "cap_objective_id": task.cap_objective_id.id,
                "cap_target_level_id": task.cap_target_level_id.id,
                "cap_offer_ids": [Command.set(task.cap_offer_ids.ids)],
                "cap_effort_days": task.cap_effort_days,
                "date_deadline": fields.Datetime.now(),
            }
            for task in tasks
        ]
        bare = self.env["project.task"].with_context(tracking_disable=True)
        return self.count_queries(lambda: bare.create(vals_list))

    def test_cost(self):
        few, few_plan = self.generate(5)
        many, many_plan = self.generate(30)
        bare_few, bare_many = self.create_bare(few_plan), self.create_bare(many_plan)
        # Measured, the project included: 53 queries for 5 actions (the first plan of
        # the database makes the stages), 41 for 30; bare creates 47 and 115.
        self.assertLessEqual(many - few, bare_many - bare_few)
        self.assertLessEqual(few, bare_few + 20)
        self.assertLessEqual(many, bare_many)
