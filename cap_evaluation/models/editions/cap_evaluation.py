from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .edition_mover import EditionMover


class CapEvaluation(models.Model):
    """Moving open evaluations to a later edition of their référentiel.

    ``write`` refuses to change an edition, and goes on refusing: this is the one way,
    and it carries every answer. ``kernel/edition_move.py`` says what becomes of them,
    ``edition_mover.py`` does it.
    """

    _inherit = "cap.evaluation"

    aside_line_ids = fields.One2many(
        "cap.evaluation.line",
        "evaluation_id",
        "Kept aside",
        domain=[("active", "=", False)],
        context={"active_test": False},
        readonly=True,
        help="What was said under earlier editions and did not go on unchanged.",
    )
    can_move_edition = fields.Boolean(compute="_compute_can_move_edition")

    @api.depends("state", "version_id")
    def _compute_can_move_edition(self):
        for version, evaluations in self.grouped("version_id").items():
            later = version and version._get_later_editions()
            for evaluation in evaluations:
                evaluation.can_move_edition = bool(later) and evaluation._is_open()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept_aside(self):
        for evaluation in self:
            if evaluation.aside_line_ids:
                raise UserError(
                    self.env._(
                        "“%(evaluation)s” holds answers kept aside from an earlier "
                        "edition: cancel it instead of deleting it.",
                        evaluation=evaluation.display_name,
                    )
                )

    def action_move_edition(self):
        """Show what moving to the last published edition would do, before it is done.

        :raise UserError: when closed, or when there is no later edition
        """
        self.ensure_one()
        self.check_access("write")
        return self.env["cap.edition.move"]._open_for(self)

    # ------------------------------------------------------------------- moving

    def _move_to_edition(self, version):
        """Move these open evaluations to ``version``, answers and all; return counts.

        In one transaction and a number of queries that does not depend on the lines.
        Somebody who saves an answer at the same moment makes this be retried, and the
        other way round: both hold the evaluation's row.

        :return: ``{evaluation: Counter of the kinds of steps}``
        :raise UserError: unless all are open, of an earlier edition, and free to move
        """
        self.check_access("write")
        evaluations = self.sudo()
        evaluations._lock_to_move(version)
        mover = EditionMover(evaluations, version)
        mover.apply()
        bodies = {evaluation.id: mover.tell(evaluation) for evaluation in evaluations}
        evaluations._message_log_batch(bodies=bodies)
        return {evaluation: mover.count(evaluation) for evaluation in self}

    def _lock_to_move(self, version):
        """Check that all may move, and hold them until commit."""
        version._check_published()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT id, state, version_id FROM cap_evaluation WHERE id IN %s "
                "ORDER BY id FOR UPDATE",
                tuple(self.ids),
            )
        )
        for evaluation_id, state, _version in rows:
            if state not in self._get_open_states():
                self.browse(evaluation_id)._raise_closed(state)
        self.invalidate_recordset(["state", "version_id"], flush=False)
        for origin in self.version_id:
            if version not in origin._get_later_editions():
                raise UserError(
                    self.env._(
                        "“%(edition)s” is not a later published edition of the same "
                        "référentiel as “%(origin)s”.",
                        edition=version.display_name,
                        origin=origin.display_name,
                    )
                )
        self._check_none_open(version)

    def _check_none_open(self, version):
        blocked = self._get_blocked(version)
        if blocked:
            raise UserError(
                self.env._(
                    "“%(structure)s” already has an open evaluation with "
                    "“%(edition)s”: go on with that one.",
                    structure=blocked[0].partner_id.name,
                    edition=version.display_name,
                )
            )

    def _get_blocked(self, version):
        """Return those whose structure is already on ``version`` with another one."""
        others = self.sudo().search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("version_id", "=", version.id),
                ("is_open", "=", True),
            ]
        )
        keys = {(other.partner_id, other.company_id) for other in others}
        return self.filtered(lambda e: (e.partner_id, e.company_id) in keys)
