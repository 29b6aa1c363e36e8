from collections import Counter

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL


class CapEvaluation(models.Model):
    """An evaluation feeds the progress plan of its structure, in its company.

    There is one plan for a structure and a company (:meth:`_get_plan_key`), fed by one
    CAP after the other. Who acts on it is said in :meth:`_filter_plan_access`: an old
    CAP opens no door to today's plan.
    """

    _inherit = "cap.evaluation"

    project_id = fields.Many2one(
        "project.project",
        "Progress plan",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        help="The plan of the structure, once this evaluation has fed it.",
    )
    cap_action_count = fields.Integer(
        "Progress actions",
        compute="_compute_cap_action_count",
        groups="cap_evaluation.group_cap_animator",
    )

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {"project_id"}

    def _compute_cap_action_count(self):
        groups = self.env["project.task"]._read_group(
            [("cap_line_id.evaluation_id", "in", self.ids)],
            ["cap_line_id"],
            ["__count"],
        )
        counts = Counter()
        for line, count in groups:
            counts[line.evaluation_id] += count
        for evaluation in self:
            evaluation.cap_action_count = counts[evaluation._origin]

    # ---------------------------------------------------------- generating

    def action_generate_plan(self):
        """Make the structure's progress plan from what this evaluation decided.

        One task for each line that asks for a progress action. Doing it again adds
        what is missing, changes nothing that people wrote, does not bring back the
        actions they dropped, and says so in the plan's chatter. An evaluation with
        no action at all gives an empty plan: that is a right ending.

        :return: the plan (``project.project``), one for each structure
        :raise AccessError: to those who neither pilot, nor facilitate, nor animate
        """
        outcomes = self._generate_plans()
        return self.env["project.project"].browse(
            dict.fromkeys(plan.id for plan, _counts in outcomes.values())
        )

    def action_generate_plan_and_view(self):
        """Generate the plan, tell what was done, then open it."""
        self.ensure_one()
        ((plan_sudo, counts),) = self._generate_plans().values()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": plan_sudo.name,
                "message": self._describe_generation(counts),
                "next": self.action_view_plan(),
            },
        }

    def action_view_plan(self):
        """Open the actions of the structure's plan."""
        self.ensure_one()
        return self._get_plan_sudo().with_env(self.env).action_view_cap_actions()

    def _get_plan_sudo(self):
        """Return the plan of the structure, elevated; none when it has none yet."""
        self.ensure_one()
        self_sudo = self.sudo()
        projects_sudo = self_sudo.env["project.project"]
        plans = projects_sudo._cap_get_plans(self_sudo.partner_id, self_sudo.company_id)
        return plans.get(self_sudo._get_plan_key(), projects_sudo)

    def _get_plan_key(self):
        """Return what there is one plan of, as ``project.project`` tells it."""
        self.ensure_one()
        return self.partner_id, self.company_id

    def _group_by_plan(self):
        """Return ``{plan key: evaluations that feed this plan}``."""
        return self.grouped(lambda evaluation: evaluation._get_plan_key())

    def _check_plan_access(self, series=None):
        """Raise AccessError unless the user may act on the plan of this structure.

        Reading the evaluation is not enough: some read it to review it, some piloted
        it years ago.

        :param series: what :meth:`_get_plan_series` gives, where it is read already
        """
        self.check_access("read")
        refused_sudo = (self - self._filter_plan_access(series)).sudo()
        if refused_sudo:
            raise AccessError(
                self.env._(
                    "The progress plan of “%(structure)s” belongs to the people "
                    "who pilot its CAP: ask one of them.",
                    structure=refused_sudo[0].partner_id.name,
                )
            )

    def _has_plan_access(self):
        """Tell whether to show the user the way to today's plan: see the gate below.

        Who pilots an open CAP does; for a closed one, later ones are looked up.
        """
        self.ensure_one()
        if self._is_open() and self.env.user.partner_id in self.sudo().pilot_ids:
            return True
        return bool(self._filter_plan_access())

    def _filter_plan_access(self, series=None):
        """Return those of these evaluations whose plan, today's, the user may act on.

        CAP managers; the animators of the region where the structure is today; who
        pilots, or facilitates, its current CAPs: for each référentiel the open one,
        else the last that was validated. Whoever was taken off those is out, whatever
        older CAP they still read.
        """
        user = self.env.user
        if self.env.su or user.has_group("cap_evaluation.group_cap_manager"):
            return self
        allowed = self.browse()
        if user.has_group("cap_evaluation.group_cap_animator"):
            allowed = self.filtered(
                lambda e: user in e.sudo().partner_id.cap_region_id.animator_ids
            )
        current = (self - allowed)._get_current_by_plan(series)
        return allowed | (self - allowed).filtered(
            lambda e: (
                user.partner_id in current[e].pilot_ids | current[e].facilitator_id
            )
        )

    def _get_plan_series(self):
        """Return all the CAPs that feed the same plans as these, the last one last.

        Elevated; of the same structures, in the same companies; cancelled ones are out.
        """
        self_sudo = self.sudo()
        return self_sudo.search_fetch(
            [
                ("partner_id", "in", self_sudo.partner_id.ids),
                ("company_id", "in", self_sudo.company_id.ids),
                ("state", "!=", "cancelled"),
            ],
            order="validated_on, id",
        )

    def _get_current_by_plan(self, series=None):
        """Return ``{evaluation: the current CAPs of its structure}``, elevated."""
        rows_sudo = self._get_plan_series() if series is None else series
        series = rows_sudo.grouped(
            lambda e: (e._get_plan_key(), e.version_id.referential_id)
        )
        by_plan = {}
        for (plan_key, _referential), rows in series.items():
            still_open = rows.filtered(lambda e: e._is_open())
            known = by_plan.get(plan_key, rows.browse())
            by_plan[plan_key] = known | (still_open or rows[-1:])
        return {e: by_plan.get(e.sudo()._get_plan_key(), rows_sudo[:0]) for e in self}

    def _generate_plans(self):
        """Generate and return ``{evaluation: (plan, counts)}``, plans elevated.

        Two clicks at once: both update the structure's row, so the second waits, then
        fails to serialise, and Odoo runs its request again on what the first made.
        The unique indexes hold whatever the path.
        """
        self._check_plan_access()
        self._check_not_cancelled()
        evaluations_sudo = self.sudo()
        evaluations_sudo._lock_structures()
        plans = evaluations_sudo._get_or_create_plans()
        outcomes = evaluations_sudo._add_missing_actions(plans)
        evaluations_sudo._log_generation(outcomes)
        return outcomes

    def _check_not_cancelled(self):
        for evaluation in self:
            if evaluation.state == "cancelled":
                raise UserError(
                    self.env._(
                        "“%(evaluation)s” was cancelled: it gives no progress plan.",
                        evaluation=evaluation.display_name,
                    )
                )

    def _lock_structures(self):
        """Let nobody else generate the plans of these structures until commit."""
        if self:
            self.env.cr.execute(
                SQL(
                    "UPDATE res_partner SET write_date = write_date WHERE id IN %s",
                    tuple(self.partner_id.ids),
                ),
                # Coming second is no error: Odoo begins again.
                log_exceptions=False,
            )

    def _get_or_create_plans(self):
        """Return ``{structure: plan}``, creating the plans that do not exist."""
        projects = self.env["project.project"]
        plans = projects._cap_get_plans(self.partner_id, self.company_id)
        projects.concat(*plans.values())._cap_check_active()
        orphans = self.filtered(lambda e: e._get_plan_key() not in plans)
        if orphans:
            created = projects._cap_create_plans(orphans)
            plans.update({plan._cap_get_plan_key(): plan for plan in created})
        for key, evaluations in self._group_by_plan().items():
            unlinked = evaluations.filtered(lambda e: not e.project_id)
            unlinked.with_context(tracking_disable=True).project_id = plans[key]
        return plans

    def _add_missing_actions(self, plans):
        """Create the missing tasks; return ``{evaluation: (plan, counts)}``."""
        tasks = self.env["project.task"]
        counts = {evaluation: Counter() for evaluation in self}
        vals_list = []
        for line, outcome in self._compare_with_plans(plans).items():
            counts[line.evaluation_id][outcome] += 1
            if outcome == "added":
                plan = plans[line.evaluation_id._get_plan_key()]
                vals_list.append(tasks._cap_prepare_action(plan, line))
        tasks._cap_create_actions(vals_list)
        return {e: (plans[e._get_plan_key()], counts[e]) for e in self}

    def _compare_with_plans(self, plans, actions=None):
        """Return ``{line that asks for an action: "added", "kept" or "dropped"}``.

        :param actions: all those of these plans, where they are read already
        """
        tasks = self.env["project.task"]
        if actions is None:
            projects = tasks.project_id.concat(*plans.values())
            actions = tasks._cap_get_actions_of(projects)
        existing = actions._cap_get_existing()
        outcomes = {}
        asking = self.env["cap.evaluation.line"].search_fetch(
            [("evaluation_id", "in", self.ids), ("progress_action", "=", "yes")]
        )
        for line in asking:
            keys = tasks._cap_get_keys(
                plans[line.evaluation_id._get_plan_key()],
                line,
                line.objective_id,
                line.cap_action_model_id,
            )
            known = [existing[key] for key in keys if key in existing]
            outcomes[line] = known[0] if known else "added"
            existing.update(dict.fromkeys(keys, "kept"))
        return outcomes

    def _count_missing_actions(self, plan=None, actions=None):
        """Return how many actions that this evaluation asks for are not in the plan.

        :param plan: the plan, and all its ``actions``, where they are read already
        """
        self.ensure_one()
        self._check_plan_access()
        self_sudo = self.sudo()
        plan = self._get_plan_sudo() if plan is None else plan
        outcomes = self_sudo._compare_with_plans(
            {self_sudo._get_plan_key(): plan}, actions
        )
        return list(outcomes.values()).count("added")

    def _get_plan_owner(self):
        """Return who is in charge of a new action: the pilot who asks, or the first."""
        self.ensure_one()
        user = self.env.user.partner_id
        pilots = self.sudo().pilot_ids
        return user if user in pilots else pilots[:1]

    def _add_plan_action(self, objective, name, due, owner):
        """Add to the plan an action that somebody words; make the plan if need be.

        Asking twice for the very same action, as a double click does, adds one.

        :param due: a date, or False for none
        :return: the action, elevated
        :raise UserError: when the plan already has an action of its own there
        """
        self.ensure_one()
        self._check_plan_access()
        self._check_not_cancelled()
        evaluation_sudo = self.sudo()
        evaluation_sudo._lock_structures()
        evaluation_sudo._get_or_create_plans()
        plan_sudo = self._get_plan_sudo()
        line_sudo = evaluation_sudo.line_ids.filtered(
            lambda line: line.objective_id == objective
        )
        if not line_sudo:
            raise UserError(self.env._("Choose an objective of this CAP."))
        return plan_sudo.task_ids._cap_add_action(
            plan_sudo, line_sudo, name, due, owner
        )

    def _log_generation(self, outcomes):
        """Write what was done in the chatter of each plan, without any mail."""
        bodies = {}
        for evaluation, (plan, counts) in outcomes.items():
            bodies[plan.id] = bodies.get(plan.id, Markup()) + Markup(
                "<p><strong>%s</strong><br/>%s</p>"
            ) % (evaluation.display_name, self._describe_generation(counts))
        self.env["project.project"].browse(bodies)._message_log_batch(bodies=bodies)

    def _describe_generation(self, counts):
        """Return in words how many actions were added, kept and left dropped."""
        if not counts.total():
            return self.env._("No action was chosen, and that is fine.")
        parts = [
            (counts["added"], self.env._("Actions added: %s.", counts["added"])),
            (
                counts["kept"],
                self.env._(
                    "Already in the plan, left as they are: %s.", counts["kept"]
                ),
            ),
            (
                counts["dropped"],
                self.env._("Dropped earlier, not brought back: %s.", counts["dropped"]),
            ),
        ]
        return " ".join(text for count, text in parts if count)
