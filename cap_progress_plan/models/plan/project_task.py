import datetime as dt

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tools import email_normalize, format_list, plaintext2html

from ...kernel import planning

CLOSED_STATES = ("1_done", "1_canceled")
# Noon, universal time, is the same day from Guyane to La Réunion.
NOON = dt.time(12)
STATUSES = [
    ("todo", "To do"),
    ("doing", "In progress"),
    ("done", "Done"),
    ("dropped", "Stopped"),
]


class ProjectTask(models.Model):
    """A progress action: a task of a plan, tied to the objective it serves."""

    _inherit = "project.task"

    cap_plan_partner_id = fields.Many2one(
        related="project_id.cap_partner_id", string="Structure (CAP)"
    )
    cap_line_id = fields.Many2one(
        "cap.evaluation.line",
        "Evaluation line",
        copy=False,
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
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
        related="cap_line_id.level_id", string="Level then", related_sudo=True
    )
    cap_target_level_id = fields.Many2one(
        "cap.scale.level", "Level aimed at", ondelete="restrict"
    )
    cap_offer_ids = fields.Many2many(
        "cap.offer",
        "project_task_cap_offer_rel",
        "task_id",
        "offer_id",
        string="Offers that help",
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
        precompute=True,
        aggregator="avg",
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
    cap_registration_ids = fields.One2many(
        "event.registration",
        "cap_task_id",
        "Seats booked",
        groups="event.group_event_registration_desk",
    )
    cap_session_ids = fields.Many2many(
        "event.event",
        string="Sessions to come",
        compute="_compute_cap_session_ids",
        groups="event.group_event_registration_desk",
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

    @api.depends("cap_effort_days", "cap_objective_id", "cap_line_id")
    def _compute_cap_priority(self):
        """A line's level is read, not watched: saving an answer costs no update."""
        for task in self:
            line_sudo, objective = task.cap_line_id.sudo(), task.cap_objective_id
            values = objective.version_id.scale_id.level_ids.mapped("value")
            task.cap_priority = values and planning.priority(
                planning.gap_to_close(line_sudo._get_level_value(), values),
                objective.weight,
                task.cap_effort_days,
            )

    @api.depends("cap_offer_ids")
    def _compute_cap_session_ids(self):
        events = self.env["event.event"]
        sessions = events._cap_get_sessions(self.cap_offer_ids)
        for task in self:
            found = [sessions.get(offer, events) for offer in task.cap_offer_ids]
            task.cap_session_ids = events.concat(*found).sorted("date_begin")

    @api.depends("active", "state", "stage_id.fold", "stage_id.sequence", "project_id")
    def _compute_cap_status(self):
        for task in self:
            stages_sudo = task.project_id.sudo().type_ids.sorted()
            if not task.active or task.state == "1_canceled":
                task.cap_status = "dropped"
            elif task.state == "1_done" or task.stage_id.fold:
                task.cap_status = "done"
            elif task.stage_id.id in (False, stages_sudo[:1].id):
                task.cap_status = "todo"
            else:
                task.cap_status = "doing"

    # ------------------------------------------------------------- generating

    @api.model
    def _cap_get_existing(self, plans):
        """Return ``{key: "kept" or "dropped"}`` for all the actions of ``plans``."""
        tasks = self.with_context(active_test=False).search_fetch(
            [("project_id", "in", plans.ids), ("cap_objective_id", "!=", False)],
            ["project_id", "cap_objective_id", "cap_action_model_id", "cap_line_id"]
            + ["active", "state"],
        )
        existing = {}
        for task in tasks:
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
        """Return the values of the action that ``line`` asks for."""
        objective, model = line.objective_id, line.cap_action_model_id
        levels = objective.version_id.scale_id.level_ids
        target = planning.target_level(line._get_level_value(), levels.mapped("value"))
        effort = model.effort_days or planning.DEFAULT_EFFORT_DAYS
        details = [planning.remaining_lines(line.progress_comment), model.description]
        return {
            "project_id": plan.id,
            "name": planning.action_title(
                line.progress_comment, model.name, objective.name
            ),
            "description": plaintext2html("\n\n".join(d for d in details if d)),
            "cap_line_id": line.id,
            "cap_objective_id": objective.id,
            "cap_action_model_id": model.id,
            "cap_target_level_id": levels.filtered(lambda lv: lv.value == target)[
                :1
            ].id,
            "cap_offer_ids": [Command.set((model.offer_ids | objective.offer_ids).ids)],
            "cap_success_indicator": model.success_indicator,
            "cap_effort_days": effort,
            "cap_owner_id": line.evaluation_id._get_plan_owner().id,
            "date_deadline": self._cap_get_deadline(model, effort),
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
    def _cap_get_deadline(self, model, effort_days):
        months = model.delay_months or planning.delay_in_months(effort_days)
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

    def _cap_update(
        self, status=None, due=None, owner=None, note=None, target=None, **facts
    ):
        """Set how an action stands; the caller has checked who may.

        Stopping it archives it; any other status brings it back.

        :param str status: one of ``STATUSES``
        :param due: a date, or False for none
        :param facts: other fields of the action; None leaves one as it is
        """
        self.ensure_one()
        vals = {
            name: value
            for name, value in facts.items()
            if value is not None and value != self[name]
        }
        if status and status != self.cap_status:
            vals.update(self._cap_prepare_status(status))
        if due is not None and due != self._cap_get_due():
            vals["date_deadline"] = due and dt.datetime.combine(due, NOON)
        if owner is not None and owner != self.cap_owner_id:
            vals["cap_owner_id"] = owner.id
        if target is not None and target != self.cap_target_level_id:
            vals["cap_target_level_id"] = target.id
        if vals:
            self.write(vals)
        if note:
            self._message_log(body=plaintext2html(note))
        return bool(vals or note)

    def _cap_prepare_status(self, status):
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

    def _cap_get_done_share(self):
        """Return what is done of this action, 0 to 1: its own state, or its steps."""
        self.ensure_one()
        if self.cap_status == "done":
            return 1.0
        steps = self.child_ids
        return len(steps.filtered("is_closed")) / len(steps) if steps else 0.0

    # ----------------------------------------------------------------- booking

    def action_book_training(self):
        """Open the booking of seats in a training that helps with this action."""
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cap_progress_plan.cap_book_training_action"
        )
        action["context"] = {"default_task_id": self.id}
        return action

    def _cap_book_seats(self, evaluation, session, people):
        """Book seats in ``session`` for ``people``: the only way to a seat.

        One gate, then everything is elevated: portal users have no right on events.
        The gate is to write on the action (staff), or else to act on the plan of
        ``evaluation``, which this action must belong to (pilots). A caller outside a
        request wraps this in ``odoo.service.model.retrying``.

        Somebody who has a seat there for this structure keeps it: asking twice, as a
        double click does, books once.

        :param people: list of ``Person``
        :return: ``(seats booked now, seats they already had)``, elevated
        :raise UserError: when a seat cannot be had; nothing is booked then
        """
        self.ensure_one()
        task_sudo = self._cap_elevate(evaluation)
        session_sudo = session.sudo()
        task_sudo._cap_check_booking(session_sudo, people)
        session_sudo._cap_lock()
        structure = task_sudo.cap_plan_partner_id
        held = session_sudo._cap_get_seats(structure)
        people, kept = task_sudo._cap_split_seated(held, people)
        if not people:
            return held.browse(), kept
        booked = session_sudo._cap_take_seats(
            people,
            cap_task_id=task_sudo.id,
            company_name=structure.name,
            partner_id=self.env.user.partner_id.id,
        )
        task_sudo._cap_log_booking(session_sudo, people)
        return booked, kept

    def _cap_split_seated(self, held, people):
        """Return the people who have none of these seats, and the seats of the rest."""
        company = self.cap_plan_partner_id.name
        others, kept = [], held.browse()
        for person in people:
            seat = held.filtered(
                lambda s, person=person: person.is_same(s._cap_get_person(), company)
            )[:1]
            kept |= seat
            if not seat:
                others.append(person)
        return others, kept

    def _cap_elevate(self, evaluation=None):
        """Return this action elevated, once the user has passed the gate.

        :raise AccessError: for the action of another structure
        """
        self.ensure_one()
        if not evaluation:
            self.check_access("write")
            return self.sudo()
        evaluation._check_plan_access()
        if self.sudo().exists().cap_plan_partner_id != evaluation.sudo().partner_id:
            raise AccessError(self.env._("This action belongs to another structure."))
        return self.sudo()

    def _cap_check_booking(self, session, people):
        """Raise UserError unless the session suits the action, and people are ours."""
        if session.cap_offer_id not in self.cap_offer_ids:
            raise UserError(
                self.env._("This session is not one of the trainings of this action.")
            )
        if not people:
            raise UserError(self.env._("Choose at least one person."))
        contacts = self._cap_get_contacts()
        for person in people:
            if person.partner_id and person.partner_id not in contacts.ids:
                raise UserError(
                    self.env._(
                        "%(name)s is not a contact of this structure.", name=person.name
                    )
                )
            if person.email and not email_normalize(person.email):
                raise UserError(
                    self.env._(
                        "“%(email)s” is not an e-mail address: correct it, or leave it "
                        "empty.",
                        email=person.email,
                    )
                )

    def _cap_get_contacts(self):
        """Return the people known at the structure of this action."""
        self.ensure_one()
        return self._cap_get_contacts_of(self.cap_plan_partner_id)

    @api.model
    def _cap_get_contacts_of(self, structure):
        return self.env["res.partner"].search(
            [("id", "child_of", structure.id), ("is_company", "=", False)]
            + [("type", "=", "contact")],
            order="name, id",
        )

    def _cap_log_booking(self, session, people):
        body = self.env._(
            "Seats booked in “%(session)s”: %(names)s.",
            session=session.name,
            names=format_list(self.env, [person.name for person in people]),
        )
        self._message_log(body=body)
