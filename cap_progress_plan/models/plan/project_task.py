import datetime as dt

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import plaintext2html

from odoo.addons.cap_evaluation.kernel import text

from ...kernel import planning

STAFF = "cap_evaluation.group_cap_animator"
# Noon, universal time, is the same day from Guyane to La Réunion.
NOON = dt.time(12)
STATUSES = [
    ("todo", "To do"),
    ("doing", "In progress"),
    ("done", "Done"),
    ("dropped", "Stopped"),
]


class ProjectTask(models.Model):
    """A progress action: a task of a plan, tied to the objective it serves.

    Where an action comes from (``cap_line_id``, ``cap_reached``) is written by the
    generation only. Anybody may own a task: what we add to tasks and tells something
    of a structure is for the staff of the CAP (``groups``), and read under their own
    rights, never elevated; people of the structure see it on the pages of their plan,
    past :meth:`_cap_elevate`.
    """

    _name = "project.task"
    _inherit = ["project.task", "cap.system.fields.mixin"]

    cap_plan_partner_id = fields.Many2one(
        related="project_id.cap_partner_id",
        string="Structure (CAP)",
        related_sudo=False,
        groups=STAFF,
    )
    cap_line_id = fields.Many2one(
        "cap.evaluation.line",
        "Evaluation line",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups=STAFF,
    )
    cap_objective_id = fields.Many2one(
        "cap.objective",
        "Objective",
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        domain="[('kind', '=', 'operational')]",
    )
    cap_level_id = fields.Many2one(
        "cap.scale.level",
        "Level then",
        compute="_compute_cap_level_id",
        groups=STAFF,
    )
    cap_reached = fields.Float(
        "Share of the scale reached then",
        copy=False,
        readonly=True,
        groups=STAFF,
        help="0 to 1, as the line stood when it gave this action. Serves to sort.",
    )
    cap_target_level_id = fields.Many2one(
        "cap.scale.level", "Level aimed at", ondelete="restrict"
    )
    cap_success_indicator = fields.Text(
        "Success indicator", help="How the structure will know that it worked."
    )
    cap_effort_days = fields.Float("Effort (days)", digits=(6, 1))
    cap_priority = fields.Float(
        "CAP priority",
        digits=(6, 1),
        compute="_compute_cap_priority",
        store=True,
        # Not precomputed: whoever makes a task would have to read it.
        aggregator="avg",
        groups=STAFF,
        help="Gap to close x weight of the objective, against the effort. Serves to "
        "sort; the order stays yours.",
    )
    cap_action_model_id = fields.Many2one(
        "cap.action.model",
        "Starts from",
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    cap_owner_id = fields.Many2one(
        "res.partner",
        "Person in charge",
        index="btree_not_null",
        ondelete="set null",
        domain="[('id', 'child_of', cap_plan_partner_id), ('is_company', '=', False)]",
        help="Somebody of the structure, with or without an account.",
    )
    cap_status = fields.Selection(
        STATUSES, "Where it stands", compute="_compute_cap_status"
    )

    _cap_action_unique = models.UniqueIndex(
        "(project_id, cap_objective_id, COALESCE(cap_action_model_id, 0)) "
        "WHERE project_id IS NOT NULL AND cap_objective_id IS NOT NULL",
        "This plan already has this action, perhaps among the archived ones: change "
        "it, or restore it.",
    )

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {"cap_line_id", "cap_reached"}

    @api.depends("cap_line_id.level_id")
    @api.depends_context("uid")
    def _compute_cap_level_id(self):
        """The level of a line that the reader may read: nobody reads it through us."""
        readable = set(self.cap_line_id._filtered_access("read"))
        for task in self:
            line = task.cap_line_id
            task.cap_level_id = line in readable and line.level_id

    @api.depends("cap_effort_days", "cap_objective_id", "cap_reached")
    def _compute_cap_priority(self):
        """From what the generation copied: saving an answer costs no update here.

        A stored value is computed elevated: only objectives that the user may read
        count, so that trying one on a form tells nothing of another's.
        """
        readable = set(self.cap_objective_id.sudo(False)._filtered_access("read").ids)
        for task in self:
            objective = task.cap_objective_id
            gap = 1 - task.cap_reached if objective.id in readable else 0
            task.cap_priority = planning.priority(
                gap, objective.weight, task.cap_effort_days
            )

    @api.depends("active", "state", "stage_id.fold", "stage_id.sequence", "project_id")
    def _compute_cap_status(self):
        # The stages of the plan first: those of its tasks are among them.
        first = {plan: plan.type_ids.sorted()[:1] for plan in self.project_id}
        for task in self:
            if not task.active or task.state == "1_canceled":
                task.cap_status = "dropped"
            elif task.state == "1_done" or task.stage_id.fold:
                task.cap_status = "done"
            elif not task.stage_id or task.stage_id == first.get(task.project_id):
                task.cap_status = "todo"
            else:
                task.cap_status = "doing"

    def _cap_elevate(self, evaluation=None):
        """Return this action elevated, once the user has passed the gate: the only one.

        The gate is to write on the action (staff), or else to act on the plan that
        ``evaluation`` feeds, of one structure in one company, which this action must
        belong to (its pilots).

        :raise AccessError: for the action of another structure, or another company
        """
        self.ensure_one()
        if not evaluation:
            self.check_access("write")
            return self.sudo()
        evaluation._check_plan_access()
        project_sudo = self.sudo().exists().project_id
        key = evaluation.sudo()._get_plan_key()
        if not project_sudo or project_sudo._cap_get_plan_key() != key:
            raise AccessError(self.env._("This action belongs to another structure."))
        return self.sudo()

    # ------------------------------------------------------------- generating

    @api.model
    def _cap_get_actions_of(self, plans):
        """Return all the actions of ``plans``, those that were dropped included."""
        return self.with_context(active_test=False).search_fetch(
            [("project_id", "in", plans.ids), ("cap_objective_id", "!=", False)],
            ["project_id", "cap_objective_id", "cap_action_model_id", "cap_line_id"]
            + ["active", "state"],
        )

    def _cap_get_existing(self):
        """Return ``{key: "kept" or "dropped"}`` for these actions."""
        existing = {}
        for task in self:
            kept = task.active and task.state != "1_canceled"
            keys = self._cap_get_keys(
                task.project_id,
                task.cap_line_id,
                task.cap_objective_id,
                task.cap_action_model_id,
            )
            existing.update(dict.fromkeys(keys, "kept" if kept else "dropped"))
        return existing

    @api.model
    def _cap_get_keys(self, plan, line, objective, model):
        """Return what tells that an action is in a plan: its line, or what it is."""
        return [("line", line.id), (plan.id, objective.id, model.id)]

    @api.model
    def _cap_prepare_action(self, plan, line):
        """Return the values of the action that ``line`` asks for.

        No effort is written where nobody estimated one.
        """
        objective, model = line.objective_id, line.cap_action_model_id
        levels = objective.version_id.scale_id.level_ids
        scale = levels.mapped("value")
        target = planning.target_level(line._get_level_value(), scale)
        details = [planning.remaining_lines(line.progress_comment), model.description]
        description = "\n\n".join(detail for detail in details if detail)
        return {
            "project_id": plan.id,
            "name": planning.action_title(
                line.progress_comment, model.name, objective.name
            ),
            "description": description and plaintext2html(description),
            "cap_line_id": line.id,
            "cap_reached": 1 - planning.gap_to_close(line._get_level_value(), scale),
            "cap_objective_id": objective.id,
            "cap_action_model_id": model.id,
            "cap_target_level_id": levels.filtered(lambda lv: lv.value == target)[
                :1
            ].id,
            "cap_offer_ids": [Command.set((model.offer_ids | objective.offer_ids).ids)],
            "cap_success_indicator": model.success_indicator,
            "cap_effort_days": model.effort_days,
            "cap_owner_id": line.evaluation_id._get_plan_owner().id,
            "date_deadline": self._cap_get_deadline(model),
            "user_ids": False,
        }

    @api.model
    def _cap_add_action(self, plan, line, name, due, owner):
        """Return the action ``name`` of ``plan``, made unless it is there already."""
        found = self._cap_get_own_actions(plan).get(line.objective_id)
        if not found:
            vals = {
                **self._cap_prepare_action(plan, line),
                "name": name,
                "description": False,
                "cap_action_model_id": False,
                "cap_success_indicator": False,
                "cap_effort_days": 0,
                "cap_owner_id": owner.id,
                "date_deadline": due and dt.datetime.combine(due, NOON),
            }
            return self._cap_create_actions([vals])
        if found.name != name or found.cap_status == "dropped":
            raise UserError(found._cap_taken_message())
        return found

    @api.model
    def _cap_get_own_actions(self, plan):
        """Return ``{objective: its action that starts from no model}``."""
        tasks = self.with_context(active_test=False).search(
            [
                ("project_id", "=", plan.id),
                ("cap_objective_id", "!=", False),
                ("cap_action_model_id", "=", False),
            ]
        )
        return tasks.grouped("cap_objective_id") if plan else {}

    def _cap_taken_message(self):
        if self.cap_status == "dropped":
            return self.env._(
                "The plan has a stopped action for this objective, “%(action)s”. Take "
                "it up again from the list of the stopped actions, or choose another "
                "objective.",
                action=self.name,
            )
        return self.env._(
            "The plan already has an action for this objective, “%(action)s”. Complete "
            "that one, or choose another objective.",
            action=self.name,
        )

    @api.model
    def _cap_get_deadline(self, model):
        """Return when to be done: as the model says, else by the days it takes."""
        months = model.delay_months or planning.delay_in_months(model.effort_days)
        today = fields.Date.context_today(self)
        return dt.datetime.combine(planning.deadline(today, months), NOON)

    @api.model
    def _cap_create_actions(self, vals_list):
        """Create generated actions in one batch: no mail, no tracking, no follower."""
        return self.with_context(
            tracking_disable=True, cap_without_followers=True
        ).create(vals_list)

    def message_subscribe(self, partner_ids=None, subtype_ids=None):
        """A generated action starts without followers: people are on the plan."""
        if self.env.context.get("cap_without_followers"):
            return True
        return super().message_subscribe(partner_ids, subtype_ids)

    # --------------------------------------------------------------- following

    def _cap_update(self, vals, note=""):
        """Set how an action stands; the caller has checked who may.

        Stopping it archives it; any other status brings it back.

        :param dict vals: values of fields, as ``write`` takes them, but for
            ``cap_status``, one of ``STATUSES``, and ``date_deadline``, a day or False
        :param str note: some news, kept in the chatter
        :return: whether something changed
        """
        self.ensure_one()
        changes = {
            name: value
            for name, value in vals.items()
            if value != self._cap_get_value(name)
        }
        if "cap_status" in changes:
            changes.update(self._cap_prepare_status(changes.pop("cap_status")))
        if changes.get("date_deadline"):
            changes["date_deadline"] = dt.datetime.combine(
                changes["date_deadline"], NOON
            )
        if changes:
            self.write(changes)
        if note:
            self._message_log(body=plaintext2html(text.typed(note)))
        return bool(changes or note)

    def _cap_get_value(self, name):
        """Return what a field holds, as :meth:`_cap_update` takes it."""
        if name == "date_deadline":
            return self._cap_get_due()
        return self._fields[name].convert_to_write(self[name], self)

    def _cap_prepare_status(self, status):
        """Return the values that make an action stand at ``status``."""
        stages = self.project_id.type_ids.sorted()
        closed = stages.filtered("fold")[:1] or stages[-1:]
        if status == "dropped":
            return {"active": False, "state": "1_canceled"}
        if status == "done":
            return {"active": True, "state": "1_done", "stage_id": closed.id}
        opened = stages - closed
        stage = opened[:1] if status == "todo" else opened[1:2] or opened[:1]
        return {"active": True, "state": "01_in_progress", "stage_id": stage.id}

    def _cap_get_due(self):
        """Return the day this action is for, False without one."""
        self.ensure_one()
        return self.date_deadline and fields.Date.context_today(
            self, self.date_deadline
        )

    def _cap_get_lateness(self):
        """Return ``{action: (kind, days)}`` for the open ones that need a word.

        ``kind`` is ``late`` (its date has passed) or ``quiet`` (under way, without
        news); ``days`` is since when. Neither is a fault.
        """
        today = fields.Date.context_today(self)
        found = {}
        for task in self:
            if task.cap_status not in ("todo", "doing"):
                continue
            news = task.cap_status == "doing" and task.write_date.date()
            why = planning.why_update(today, task._cap_get_due() or None, news or None)
            if why:
                found[task] = why
        return found

    def _cap_get_public_news(self, limit=5):
        """Return ``{action: its last news that people of its structure may read}``.

        Those that they wrote: staff write in the same chatter, and their notes are
        not for the pages of the plan. The newest first.
        """
        writers = self.project_id.cap_partner_id.commercial_partner_id
        messages = self.env["mail.message"].search(
            [
                ("model", "=", self._name),
                ("res_id", "in", self.ids),
                ("author_id.commercial_partner_id", "in", writers.ids),
            ],
            order="id desc",
        )
        by_task = messages.filtered("body").grouped("res_id")
        return {
            task: by_task.get(task.id, messages.browse()).filtered(
                lambda message, structure=task.project_id.cap_partner_id: (
                    message.author_id.commercial_partner_id
                    == structure.commercial_partner_id
                )
            )[:limit]
            for task in self
        }

    def _cap_get_levels(self):
        """Return the levels that this action may aim at, from the lowest."""
        self.ensure_one()
        levels = self.cap_objective_id.version_id.scale_id.level_ids
        return levels.sorted("value")

    def _cap_is_unnamed(self):
        """Tell whether nobody has named this action: it still has its objective's."""
        self.ensure_one()
        objective = self.cap_objective_id
        return bool(objective) and self.name == planning.action_title(objective.name)

    def _cap_get_done_share(self, steps=None):
        """Return what is done of this action, 0 to 1: its own state, or its steps.

        :param steps: the tasks under this one, where they are read already
        """
        self.ensure_one()
        if self.cap_status == "done":
            return 1.0
        steps = self.child_ids if steps is None else steps
        return sum(step.is_closed for step in steps) / len(steps) if steps else 0.0

    def _cap_get_contacts(self):
        """Return the people known at the structure of this action."""
        self.ensure_one()
        return self.project_id._cap_get_contacts()
