from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

# The first batch is small, so that a job killed early has progressed.
FIRST_BATCH, BATCH = 5, 50
MAX_CLASHES = 5


class CapCampaign(models.Model):
    """Moving all the open evaluations of a campaign to a later edition, by a job.

    What is left to move is read from the evaluations themselves: wherever the job is
    killed, the next one goes on, and nothing is moved twice.
    """

    _inherit = "cap.campaign"

    moving_to_id = fields.Many2one(
        "cap.referential.version",
        "Moving to",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    move_total = fields.Integer("To move at first", readonly=True, copy=False)
    move_done = fields.Integer("Moved", compute="_compute_move_progress")
    move_progress = fields.Float("Moved (%)", compute="_compute_move_progress")
    can_move_edition = fields.Boolean(compute="_compute_can_move_edition")

    @api.depends("moving_to_id", "move_total")
    def _compute_move_progress(self):
        for campaign in self:
            left = len(campaign._get_to_move()) if campaign.moving_to_id else 0
            campaign.move_done = max(campaign.move_total - left, 0)
            total = campaign.move_total
            campaign.move_progress = 100 * campaign.move_done / total if total else 0

    @api.depends("version_id", "moving_to_id", "state", "can_change")
    def _compute_can_move_edition(self):
        for campaign in self:
            campaign.can_move_edition = (
                campaign.can_change
                and campaign.state != "draft"
                and not campaign.moving_to_id
                and bool(campaign.version_id._get_later_editions())
            )

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {"moving_to_id", "move_total"}

    def action_move_edition(self):
        """Show what moving the evaluations to the last edition would do."""
        self.ensure_one()
        self._check_may_change()
        return self.env["cap.edition.move"]._open_for(self)

    def _get_to_move(self, limit=None):
        """Return the open evaluations left to move, but those that cannot be."""
        self.ensure_one()
        evaluations_sudo = self.env["cap.evaluation"].sudo()
        version = self.moving_to_id
        opened = [
            ("version_id.referential_id", "=", version.referential_id.id),
            ("is_open", "=", True),
        ]
        taken = evaluations_sudo.search(
            [
                ("version_id", "=", version.id),
                ("is_open", "=", True),
                ("company_id", "=", self.company_id.id),
            ]
        )
        return evaluations_sudo.search(
            [
                *opened,
                ("campaign_id", "=", self.id),
                ("version_id", "!=", version.id),
                ("partner_id", "not in", taken.partner_id.ids),
            ],
            order="id",
            limit=limit,
        )

    def _start_moving(self, version):
        """Let the job move the open evaluations of this campaign to ``version``.

        :raise AccessError: to whoever may not change each of these evaluations
        """
        self.ensure_one()
        self._check_may_change()
        if version not in self.version_id._get_later_editions():
            raise UserError(
                self.env._(
                    "“%(edition)s” is not a later published edition of the référentiel "
                    "of this campaign.",
                    edition=version.display_name,
                )
            )
        if self.moving_to_id:
            raise UserError(
                self.env._("This campaign is already moving: let the job finish.")
            )
        self.sudo().moving_to_id = version
        evaluations = self._get_to_move().with_env(self.env)
        evaluations.check_access("write")
        self.sudo().move_total = len(evaluations)
        self._message_log(
            body=self._in_the_language_of(version).env._(
                "Moving %(count)s open evaluations to “%(edition)s”.",
                count=len(evaluations),
                edition=version.display_name,
            )
        )
        self.env.ref("cap_evaluation.cron_move_editions").sudo()._trigger()

    # ------------------------------------------------------------------ the job

    @api.model
    def _cron_move_editions(self):
        """Move what is left, batch by batch, each one committed."""
        campaigns = self.search([("moving_to_id", "!=", False)])
        remaining = sum(len(campaign._get_to_move()) for campaign in campaigns)
        self.env["ir.cron"]._commit_progress(remaining=remaining)
        size, clashes = FIRST_BATCH, 0
        while campaigns:
            batch = campaigns[0]._get_to_move(limit=size)
            try:
                if batch:
                    batch._move_to_edition(campaigns[0].moving_to_id)
                else:
                    campaigns[0]._finish_moving()
                    campaigns = campaigns[1:]
                self.env.flush_all()
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                # Somebody saved an answer at that moment: read it, then try again.
                self.env.cr.rollback()
                clashes += 1
                if clashes > MAX_CLASHES:
                    raise
                continue
            size, clashes = BATCH, 0
            if not self.env["ir.cron"]._commit_progress(len(batch)):
                return

    def _finish_moving(self):
        """Say what was done; the campaign goes on with its new edition."""
        self.ensure_one()
        version = self.moving_to_id
        stayed = self.env["cap.evaluation"].search_count(
            [("campaign_id", "=", self.id), ("version_id", "!=", version.id)]
        )
        self.write({"version_id": version.id, "moving_to_id": False})
        self._message_log(
            body=self._in_the_language_of(version).env._(
                "Moved to “%(edition)s”: %(moved)s evaluations. Left where they are "
                "(validated, cancelled, or already open with it): %(stayed)s.",
                edition=version.display_name,
                moved=self.move_total,
                stayed=stayed,
            )
        )

    def _in_the_language_of(self, version):
        """Return self in the words of an edition: the job itself speaks no language."""
        return self.with_context(lang=version._get_lang())
