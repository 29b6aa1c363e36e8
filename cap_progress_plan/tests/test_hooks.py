from odoo.tests import Form, tagged
from odoo.tools.convert import convert_file
from odoo.tools.safe_eval import safe_eval

from .. import IMPLIED_GROUPS, STAFF_GROUP, post_init_hook, uninstall_hook
from ..models.plan.project_project import HIDING_ACTIONS, HIDING_FILTER
from .common import PlanCommon


@tagged("-at_install", "post_install")
class TestHooks(PlanCommon):
    """What we set on Odoo's own records is set once, and taken back."""

    def get_contexts(self):
        return [
            safe_eval(self.env.ref(xmlid).context or "{}", {"uid": self.env.uid})
            for xmlid in HIDING_ACTIONS
        ]

    def test_plans_are_hidden_where_projects_open(self):
        for context in self.get_contexts():
            self.assertEqual(context[HIDING_FILTER], 1)
            self.assertGreater(len(context), 1 if HIDING_FILTER in context else 0)
        arch = self.env["project.project"].get_view(
            self.env.ref("project.view_project_project_filter").id, "search"
        )["arch"]
        self.assertIn('name="cap_without_plans"', arch)

    def test_uninstall_takes_back_and_leaves_peoples_work(self):
        plan = self.make_plan()
        stages, tasks = plan.type_ids, plan.task_ids
        uninstall_hook(self.env)
        for context in self.get_contexts():
            self.assertNotIn(HIDING_FILTER, context)
            self.assertGreater(len(context), 1 if HIDING_FILTER in context else 0)
        staff = self.env.ref(STAFF_GROUP)
        for xmlid in IMPLIED_GROUPS:
            self.assertNotIn(self.env.ref(xmlid), staff.implied_ids)
        self.assertTrue(plan.exists() and stages.exists() and tasks.exists())

    def test_nothing_of_peoples_work_is_module_data(self):
        plan = self.make_plan()
        owned = self.env["ir.model.data"].search(
            [
                (
                    "model",
                    "in",
                    ("project.project", "project.task", "project.task.type")
                    + ("event.event", "event.registration"),
                ),
                ("module", "=", "cap_progress_plan"),
            ]
        )
        self.assertFalse(owned)
        self.assertTrue(plan.type_ids)

    def test_installing_again_makes_no_second_set_of_stages(self):
        stages = self.env["project.project"]._cap_get_stages()
        uninstall_hook(self.env)
        post_init_hook(self.env)
        self.assertEqual(self.env["project.project"]._cap_get_stages(), stages)

    def test_installing_again_adopts_the_plans(self):
        """Uninstalling takes our columns away, and leaves the projects."""
        evaluation = self.make_evaluation(levels={"1.1.1.1": 1})
        plan = self.make_plan(evaluation)
        task = plan.task_ids
        line, objective = task.cap_line_id, task.cap_objective_id
        uninstall_hook(self.env)
        plan.cap_partner_id = False
        task.write({"cap_objective_id": False, "cap_line_id": False})
        evaluation.project_id = False
        post_init_hook(self.env)
        self.assertEqual(plan.cap_partner_id, self.structure)
        self.assertEqual((task.cap_line_id, task.cap_objective_id), (line, objective))
        self.assertEqual(evaluation.action_generate_plan(), plan)
        self.assertEqual(plan.task_ids, task)
        post_init_hook(self.env)  # said once: a plan taken apart since stays so

    def test_updating_project_does_not_lose_the_filter(self):
        """Project's own data puts its context back; our data comes after."""
        for xmlid in HIDING_ACTIONS:
            self.env.ref(xmlid).context = "{'display_milestone_deadline': True}"
        convert_file(
            self.env, "cap_progress_plan", "data/project_actions.xml", {}, mode="update"
        )
        for context in self.get_contexts():
            self.assertEqual(context[HIDING_FILTER], 1)

    def test_stages_have_their_english_whatever_the_installer_reads(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.env["project.project"]._cap_get_stages().unlink()
        projects = self.env["project.project"].with_context(lang="fr_FR")
        stages = projects._cap_get_stages()
        names = stages.with_context(lang="en_US").mapped("name")
        self.assertEqual(names, ["To do", "In progress", "Done"])

    def test_deleted_stages_are_made_again(self):
        self.env["project.project"]._cap_get_stages().unlink()
        stages = self.env["project.project"]._cap_get_stages()
        self.assertEqual(stages.mapped("fold"), [False, False, True])
        self.assertFalse(stages.user_id)

    def test_a_plain_task_has_no_cap_page(self):
        project = self.env["project.project"].create({"name": "Roof"})
        task = self.env["project.task"].create({"name": "x", "project_id": project.id})
        form = Form(task, "project.view_task_form2")
        self.assertFalse(form.cap_plan_partner_id)
        page = form._view["tree"].xpath("//page[@name='cap']")[0]
        self.assertEqual(page.get("invisible"), "not cap_plan_partner_id")
