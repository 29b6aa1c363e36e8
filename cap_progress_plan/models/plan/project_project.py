import json
import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.cap_evaluation.kernel.numbers import read_id

STAFF = "cap_evaluation.group_cap_animator"
STAGES_PARAMETER = "cap_progress_plan.stage_ids"
KEPT_PARAMETER = "cap_progress_plan.kept_plans"
HIDING_FILTER = "search_default_cap_without_plans"
#: Where Odoo opens projects and tasks of everybody: plans are not ticked there.
HIDING_ACTIONS = (
    "project.open_view_project_all",
    "project.open_view_project_all_group_stage",
    "project.action_view_all_task",
)


class ProjectProject(models.Model):
    """A structure's progress plan is a project, and its actions are tasks.

    One plan per structure and company, fed by one evaluation after the other. People
    of the structure read and update it on their own portal pages, never by project
    sharing: the project is for invited people only, and the delegates of the region
    come in through a rule. Whose plan it is, and of which company, is decided once, by
    the generation.
    """

    _name = "project.project"
    _inherit = ["project.project", "cap.system.fields.mixin"]

    cap_partner_id = fields.Many2one(
        "res.partner",
        "Structure (CAP)",
        copy=False,
        ondelete="restrict",
        readonly=True,
        domain="[('is_company', '=', True)]",
        help="This project is the progress plan of this structure.",
    )
    cap_region_id = fields.Many2one(
        related="cap_partner_id.cap_region_id",
        string="CAP Region",
        related_sudo=False,
        groups=STAFF,
    )
    cap_evaluation_ids = fields.One2many(
        "cap.evaluation", "project_id", "Evaluations that fed the plan", groups=STAFF
    )
    cap_done_count = fields.Integer("Actions done", compute="_compute_cap_counts")
    cap_action_count = fields.Integer("Actions", compute="_compute_cap_counts")

    _cap_partner_unique = models.UniqueIndex(
        "(cap_partner_id, COALESCE(company_id, 0)) WHERE cap_partner_id IS NOT NULL",
        "This structure already has a progress plan.",
    )

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {"cap_partner_id"}

    def write(self, vals):
        """A plan stays in the company that made it: its evaluations are there.

        :raise AccessError: naming the field, but for the system
        """
        if "company_id" in vals and not self.env.su:
            moved = self.sudo().filtered(
                lambda project: (
                    project.cap_partner_id
                    and project.company_id.id != vals["company_id"]
                )
            )
            if moved:
                self._check_system_fields({"company_id"})
        return super().write(vals)

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
    def _cap_get_plans(self, partners, companies):
        """Return ``{(structure, company): plan}``, archived plans included."""
        plans = self.with_context(active_test=False).search_fetch(
            [
                ("cap_partner_id", "in", partners.ids),
                ("company_id", "in", companies.ids),
            ]
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
        kept = (settings.get_param(STAGES_PARAMETER) or "").split(",")
        ids = [number for number in map(read_id, kept) if number]
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

    def _cap_get_contacts(self):
        """Return the people known at the structure of this plan, in its company."""
        self.ensure_one()
        return self._cap_get_contacts_of(self.cap_partner_id, self.company_id)

    @api.model
    def _cap_get_contacts_of(self, structure, company):
        """Return the people known at ``structure`` by ``company``, or by all."""
        return self.env["res.partner"].search(
            [
                ("id", "child_of", structure.ids),
                ("is_company", "=", False),
                ("type", "=", "contact"),
                ("company_id", "in", [False, company.id]),
            ],
            order="name, id",
        )

    # ------------------------------------------------------------------ effects

    def _cap_get_effects(self, actions=None, evaluations=None):
        """Return ``{plan: [(action, level before, level after)]}``, in batch.

        For the actions that are done, where the structure has validated a CAP since it
        closed them, in the same company: what became of the objective, followed from
        edition to edition; the lowest level where it was split. A level that was said
        before the end owes nothing to it. Scales are never compared.

        :param actions: those of these plans, where they are read already
        :param evaluations: likewise the CAPs of their structures
        """
        actions = self.task_ids if actions is None else actions
        done = actions.filtered(
            lambda task: task.cap_status == "done" and task.cap_line_id
        )
        if not done:
            return {plan: [] for plan in self}
        if evaluations is None:
            evaluations = self.cap_evaluation_ids._get_plan_series()
        validated = evaluations.filtered(lambda e: e.state == "validated")
        last = {self._cap_get_cap_key(e): e for e in validated}
        levels = self._cap_get_levels_in(last, done)
        effects = {plan: [] for plan in self}
        for task in done.sorted(lambda task: (task.sequence, -task.cap_priority)):
            origin, before = task.cap_line_id.evaluation_id, task.cap_level_id
            after = last.get(self._cap_get_cap_key(origin), origin)
            closed = task.date_end or task.date_last_stage_update or task.create_date
            later = origin.validated_on and after.validated_on > max(
                origin.validated_on, closed
            )
            level = levels.get(task, before)
            if before and later and level.scale_id == before.scale_id:
                effects[task.project_id].append((task, before, level))
        return effects

    def _cap_get_levels_now(self, actions, evaluations):
        """Return ``{action: the level of its objective today}``.

        The one of the last CAP of the structure, open or validated, where that scores
        it on the scale that the action aims on; else the action is left out.

        :param evaluations: the CAPs of these plans' structures, the last one last
        """
        tasks = actions.filtered("cap_line_id")
        if not tasks:
            return {}
        ended = evaluations.filtered(lambda e: e.state == "validated")
        in_order = ended + (evaluations - ended)
        levels = self._cap_get_levels_in(
            {self._cap_get_cap_key(e): e for e in in_order}, tasks
        )
        return {
            task: level
            for task, level in levels.items()
            if level and level.scale_id == task.cap_target_level_id.scale_id
        }

    @api.model
    def _cap_get_cap_key(self, evaluation):
        """Return what CAPs follow one another in: a plan's key, and a référentiel."""
        return *evaluation._get_plan_key(), evaluation.version_id.referential_id

    @api.model
    def _cap_get_levels_in(self, last, tasks):
        """Return ``{task: the level that the last CAP gives its objective}``.

        Followed from edition to edition; the lowest where it was split. Nothing is read
        where the last CAP is the one that gave the action: that level is known.
        """
        later = {}
        for task in tasks:
            origin = task.cap_line_id.evaluation_id
            after = last.get(self._cap_get_cap_key(origin))
            if after and after != origin:
                later[task] = after
        found = {task: task.cap_level_id for task in tasks if task not in later}
        lines = self.env["cap.evaluation.line"].search_fetch(
            [
                ("evaluation_id", "in", list({e.id for e in later.values()})),
                ("level_id", "!=", False),
            ],
            ["evaluation_id", "objective_id", "level_id"],
        )
        given = {(ln.evaluation_id, ln.objective_id.id): ln.level_id for ln in lines}
        successors = {}
        for task, after in later.items():
            objective = task.cap_objective_id
            key = after.version_id, objective.version_id
            if key not in successors:
                same = key[0] == key[1]
                successors[key] = {} if same else key[0]._get_successors(key[1])
            ids = successors[key].get(objective.id, ())
            levels = self.env["cap.scale.level"]
            for objective_id in objective.ids if key[0] == key[1] else ids:
                levels |= given.get((after, objective_id), levels)
            found[task] = levels.sorted("value")[:1]
        return found

    # -------------------------------------------------------------- installing

    @api.model
    def _cap_remember_plans(self):
        """Write down which projects are plans, for who installs this module again.

        Uninstalling takes our fields away and leaves people their projects: what they
        were would be lost, and a structure would get a second plan of the same name.
        """
        plans = self.with_context(active_test=False).search(
            [("cap_partner_id", "!=", False)]
        )
        kept = [
            {
                "id": plan.id,
                "partner": plan.cap_partner_id.id,
                "actions": [
                    [task.id, task.cap_objective_id.id, task.cap_line_id.id]
                    for task in plan.with_context(active_test=False).task_ids
                    if task.cap_objective_id
                ],
            }
            for plan in plans
        ]
        settings = self.env["ir.config_parameter"].sudo()
        settings.set_param(KEPT_PARAMETER, json.dumps(kept) if kept else False)

    @api.model
    def _cap_adopt_plans(self):
        """Make plans again of the projects that were before an uninstallation.

        Each action is told its objective, where the référentiel is still there, so
        that generating again does not add it a second time.

        :return: the plans
        """
        settings = self.env["ir.config_parameter"].sudo()
        kept = json.loads(settings.get_param(KEPT_PARAMETER) or "[]")
        settings.set_param(KEPT_PARAMETER, False)
        adopted = self.browse()
        for row in kept:
            plan = self.browse(row["id"]).exists()
            partner = self.env["res.partner"].browse(row["partner"]).exists()
            if plan and partner and not plan.cap_partner_id:
                plan.cap_partner_id = partner
                plan._cap_adopt_actions(row["actions"])
                adopted |= plan
        return adopted

    def _cap_adopt_actions(self, rows):
        """Tell the tasks of this plan which objective and line each one serves."""
        tasks = self.with_context(active_test=False).task_ids.grouped("id")
        objectives = self.env["cap.objective"].browse({row[1] for row in rows}).exists()
        lines = self.env["cap.evaluation.line"].browse({row[2] for row in rows})
        lines = lines.exists()
        for task_id, objective_id, line_id in rows:
            task = tasks.get(task_id)
            if task and objective_id in objectives.ids:
                line = lines.filtered(lambda ln, line_id=line_id: ln.id == line_id)
                task.with_context(tracking_disable=True).write(
                    {"cap_objective_id": objective_id, "cap_line_id": line.id}
                )

    # ----------------------------------------------------------------- showing

    @api.model
    def _cap_hide_plans_by_default(self, hidden):
        """Tick, or untick, "Without progress plans" where projects and tasks open.

        The filter stays in the search bar, for people to take away. A context may
        name the user who reads it: it is changed as the text it is.
        """
        for xmlid in HIDING_ACTIONS:
            action = self.env.ref(xmlid, raise_if_not_found=False)
            if not action:
                continue
            context = re.sub(
                rf"\s*['\"]{HIDING_FILTER}['\"]\s*:\s*1\s*,?",
                "",
                action.context or "{}",
            )
            if hidden:
                context = context.replace("{", f"{{'{HIDING_FILTER}': 1, ", 1)
            action.sudo().context = context

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
