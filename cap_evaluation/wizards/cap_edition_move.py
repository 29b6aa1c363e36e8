from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..kernel.edition_move import KINDS
from ..models.editions.edition_mover import EditionMover


class CapEditionMove(models.TransientModel):
    """What moving to a later edition would do, shown before it is done.

    For one evaluation, with its levels; or for a whole campaign, objective by
    objective, and then a job does it.
    """

    _name = "cap.edition.move"
    _description = "Move to a Later CAP Edition"

    evaluation_id = fields.Many2one("cap.evaluation", readonly=True)
    campaign_id = fields.Many2one("cap.campaign", readonly=True)
    origin_id = fields.Many2one(
        "cap.referential.version", "From", required=True, readonly=True
    )
    choice_ids = fields.Many2many(
        "cap.referential.version", compute="_compute_choice_ids"
    )
    version_id = fields.Many2one(
        "cap.referential.version",
        "To",
        required=True,
        domain="[('id', 'in', choice_ids)]",
    )
    same_scale = fields.Boolean(compute="_compute_same_scale")
    line_ids = fields.One2many("cap.edition.move.line", "move_id")
    kept_ids = fields.One2many(
        "cap.edition.move.line", "move_id", domain=[("kind", "=", "kept")]
    )
    new_ids = fields.One2many(
        "cap.edition.move.line", "move_id", domain=[("kind", "=", "new")]
    )
    changed_ids = fields.One2many(
        "cap.edition.move.line", "move_id", domain=[("kind", "in", ("merged", "split"))]
    )
    dropped_ids = fields.One2many(
        "cap.edition.move.line", "move_id", domain=[("kind", "=", "dropped")]
    )
    summary = fields.Char(compute="_compute_summary")
    to_move_count = fields.Integer("To move", compute="_compute_campaign_counts")
    validated_count = fields.Integer(
        "Validated: they stay", compute="_compute_campaign_counts"
    )
    blocked_count = fields.Integer(
        "Already open with that edition", compute="_compute_campaign_counts"
    )

    @api.depends("origin_id")
    def _compute_choice_ids(self):
        for move in self:
            move.choice_ids = move.origin_id._get_later_editions()

    @api.depends("origin_id", "version_id")
    def _compute_same_scale(self):
        for move in self:
            move.same_scale = move.origin_id.scale_id == move.version_id.scale_id

    @api.depends("line_ids.kind")
    def _compute_summary(self):
        for move in self:
            counts = Counter(move.line_ids.mapped("kind"))
            move.summary = self.env._(
                "Kept: %(kept)s; new: %(new)s; merged: %(merged)s; split: %(split)s; "
                "dropped and kept aside: %(dropped)s.",
                **{kind: counts[kind] for kind in KINDS},
            )

    @api.depends("campaign_id", "version_id")
    def _compute_campaign_counts(self):
        for move in self:
            evaluations = move.campaign_id.evaluation_ids
            opened = evaluations.filtered(
                lambda e, m=move: e._is_open() and e.version_id != m.version_id
            )
            blocked = opened._get_blocked(move.version_id)
            move.to_move_count = len(opened - blocked)
            move.blocked_count = len(blocked)
            move.validated_count = len(
                evaluations.filtered(lambda e: e.state == "validated")
            )

    # ----------------------------------------------------------------- opening

    @api.model
    def _open_for(self, subject):
        """Return the action that shows the move of an evaluation, or of a campaign."""
        field = {"cap.evaluation": "evaluation_id", "cap.campaign": "campaign_id"}
        if subject._name == "cap.evaluation":
            subject._check_open()
        origin = subject.version_id
        later = origin._get_later_editions()
        if not later:
            raise UserError(
                self.env._(
                    "“%(edition)s” is the last published edition: there is none to "
                    "move to.",
                    edition=origin.display_name,
                )
            )
        move = self.create(
            {
                field[subject._name]: subject.id,
                "origin_id": origin.id,
                "version_id": later[0].id,
            }
        )
        move._fill()
        return move._get_action()

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Move to another edition"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_preview(self):
        """Show what moving to the edition chosen would do."""
        self._fill()
        return self._get_action()

    def _fill(self):
        """Write the preview down, line by line, for who may do what it shows.

        The plan is made elevated, and names each level.

        :raise AccessError: to who may not change the evaluation, or the campaign
        """
        self.ensure_one()
        self.evaluation_id.check_access("write")
        self.campaign_id.check_access("write")
        rows = self._prepare_rows()
        self.line_ids = [Command.clear(), *(Command.create(row) for row in rows)]

    def _prepare_rows(self):
        """Return the lines of the preview: what ``EditionMover`` planned, in words."""
        if self.campaign_id:
            steps = EditionMover.plan_edition(self.origin_id, self.version_id)
        else:
            mover = EditionMover(self.evaluation_id, self.version_id)
            (steps,) = mover.plans.values()
        return [self._prepare_row(step) for step in steps]

    def _prepare_row(self, step):
        """Return one line of the preview: where from, what is carried, where to."""
        before = self._get_level_names(self.origin_id)
        told = [
            line.code
            if line.answer.level is None
            else f"{line.code} ({before[line.answer.level]})"
            for line in step.sources
        ]
        return {
            "kind": step.kind,
            "objective_id": step.target or step.sources[0].objective_id,
            "origin": ", ".join(told),
            "level": self._get_level_names(self.version_id).get(step.level, ""),
        }

    def _get_level_names(self, version):
        """Return ``{value of a level: its name}`` on the scale of an edition."""
        return {level.value: level.display_name for level in version.scale_id.level_ids}

    # ------------------------------------------------------------------ moving

    def action_move(self):
        """Move the evaluation now, or let the job move those of the campaign."""
        self.ensure_one()
        if self.campaign_id:
            self.campaign_id._start_moving(self.version_id)
        else:
            self.evaluation_id._move_to_edition(self.version_id)
        return {"type": "ir.actions.client", "tag": "soft_reload"}
