from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools.safe_eval import safe_eval

STAGES_PARAMETER = "cap_progress_plan.stage_ids"
HIDING_FILTER = "search_default_cap_without_plans"
PROJECT_ACTIONS = (
    "project.open_view_project_all",
    "project.open_view_project_all_group_stage",
)


class ProjectProject(models.Model):
    """A structure's progress plan is a project, and its actions are tasks.

    One plan per structure and company, fed by one evaluation after the other. People
    of the structure read and update it on their own portal pages, never by project
    sharing: the project is for invited people only, and the delegates of the region
    come in through a rule.
    """

    _inherit = "project.project"

    cap_partner_id = fields.Many2one(
        "res.partner",
        "Structure (CAP)",
        copy=False,
        ondelete="restrict",
        domain="[('is_company', '=', True)]",
        help="This project is the progress plan of this structure.",
    )
    cap_region_id = fields.Many2one(
        related="cap_partner_id.cap_region_id", string="CAP Region"
    )
    cap_evaluation_ids = fields.One2many(
        "cap.evaluation", "project_id", "Evaluations that fed the plan"
    )
    cap_done_count = fields.Integer("Actions done", compute="_compute_cap_counts")
    cap_action_count = fields.Integer("Actions", compute="_compute_cap_counts")

    _cap_partner_unique = models.UniqueIndex(
        "(cap_partner_id, COALESCE(company_id, 0)) WHERE cap_partner_id IS NOT NULL",
        "This structure already has a progress plan.",
    )

    def _compute_cap_counts(self):
        counts = {}
        for project, state, count in self.env["project.task"]._read_group(
            [("project_id", "in", self.ids), ("parent_id", "=", False)],
            ["project_id", "state"],
            ["__count"],
        ):
            counts.setdefault(project, {})[state] = count
        for project in self:
            states = counts.get(project._origin, {})
            project.cap_done_count = states.get("1_done", 0)
            project.cap_action_count = sum(states.values()) - states.get(
                "1_canceled", 0
            )

    # ------------------------------------------------------------------ making

    @api.model
    def _cap_get_plans(self, partners):
        """Return ``{(structure, company): plan}``, archived plans included."""
        plans = self.with_context(active_test=False).search(
            [("cap_partner_id", "in", partners.ids)]
        )
        return {plan._cap_get_plan_key(): plan for plan in plans}

    def _cap_get_plan_key(self):
        """Return what there is one plan of: a structure, as one company follows it."""
        self.ensure_one()
        return self.cap_partner_id, self.company_id

    @api.model
    def _cap_create_plans(self, evaluations):
        """Create the plans of the structures of ``evaluations``, one each."""
        stages = self._cap_get_stages()
        vals_list = [
            self._cap_prepare_plan(next(iter(evaluations_of)), stages)
            for evaluations_of in evaluations._group_by_plan().values()
        ]
        plans = self.with_context(
            tracking_disable=True, mail_auto_subscribe_no_notify=True
        ).create(vals_list)
        plans._cap_translate(lambda plan: plan._cap_get_names())
        return plans

    @api.model
    def _cap_prepare_plan(self, evaluation, stages):
        """Return the values of the plan that ``evaluation`` starts."""
        vals = {
            "name": evaluation.partner_id.name,
            "cap_partner_id": evaluation.partner_id.id,
            "company_id": evaluation.company_id.id,
            "user_id": evaluation.campaign_id.animator_id.id,
            "privacy_visibility": "followers",
            "type_ids": [Command.set(stages.ids)],
            "date_start": fields.Date.context_today(evaluation),
        }
        # hr_timesheet would make an analytic account for each plan.
        if "allow_timesheets" in self._fields:
            vals["allow_timesheets"] = False
        return vals

    @api.model
    def _cap_get_stages(self):
        """Return the stages that all plans share: to do, in progress, done.

        They are plain records, known by a setting and not by module data: they stay
        with the tasks when this module is uninstalled.
        """
        settings = self.env["ir.config_parameter"].sudo()
        ids = [
            int(i) for i in (settings.get_param(STAGES_PARAMETER) or "").split(",") if i
        ]
        stages = self.env["project.task.type"].sudo().browse(ids).exists()
        if stages:
            return stages
        # In English whatever the reader's language: it is what all others come from.
        stages = stages.with_context(lang="en_US").create(
            [
                {"name": name, "sequence": rank, "fold": rank == 3, "user_id": False}
                for rank, name in enumerate(("To do", "In progress", "Done"), 1)
            ]
        )
        self._cap_translate(
            lambda stage: {"name": self._cap_get_stage_name(stage)}, stages
        )
        settings.set_param(STAGES_PARAMETER, ",".join(map(str, stages.ids)))
        return stages

    def _cap_get_stage_name(self, stage):
        names = {
            1: stage.env._("To do"),
            2: stage.env._("In progress"),
            3: stage.env._("Done"),
        }
        return names[stage.sequence]

    def _cap_get_names(self):
        """Return what this plan and its tasks are called, in the context's language."""
        structure = self.cap_partner_id.name
        return {
            "name": self.env._("Progress plan: %(structure)s", structure=structure),
            "label_tasks": self.env._("Actions"),
        }

    def _cap_translate(self, describe, records=None):
        """Write what ``describe`` says of each record in every installed language.

        People of one plan do not all read the language of who made it.
        """
        for code, _name in self.env["res.lang"].get_installed():
            for record in (self if records is None else records).with_context(
                lang=code
            ):
                record.write(describe(record))

    def _cap_check_active(self):
        """Raise UserError for an archived plan: only staff bring it back."""
        archived = self.filtered(lambda plan: not plan.active)
        if archived:
            raise UserError(
                self.env._(
                    "“%(plan)s” was archived: ask your regional delegate to restore it "
                    "before adding actions.",
                    plan=archived[0].name,
                )
            )

    # ----------------------------------------------------------------- showing

    @api.model
    def _cap_hide_plans_by_default(self, hidden):
        """Tick, or untick, "Without progress plans" where Projects open.

        The filter stays in the search bar, for people to take away.
        """
        for xmlid in PROJECT_ACTIONS:
            action = self.env.ref(xmlid, raise_if_not_found=False)
            if not action:
                continue
            context = dict(safe_eval(action.context or "{}"))
            context.pop(HIDING_FILTER, None)
            if hidden:
                context[HIDING_FILTER] = 1
            action.sudo().context = str(context)

    def action_view_cap_actions(self):
        """Open the actions of this plan."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cap_progress_plan.project_task_action_cap_of_plan"
        )
        action["domain"] = [("project_id", "=", self.id), ("parent_id", "=", False)]
        action["context"] = {
            "active_id": self.id,
            "active_model": self._name,
            "default_project_id": self.id,
        }
        action["display_name"] = self.name
        return action
