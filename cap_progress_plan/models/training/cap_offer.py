from odoo import api, fields, models

TRAINING_KINDS = ("training", "training_action")


class CapOffer(models.Model):
    """A training of the service offer has sessions: events that people book."""

    _inherit = "cap.offer"

    cap_event_ids = fields.One2many("event.event", "cap_offer_id", "Sessions")
    cap_session_count = fields.Integer(
        "Sessions to come",
        compute="_compute_cap_session_count",
        compute_sudo=False,
        groups="event.group_event_registration_desk",
    )

    @api.depends("cap_event_ids.date_begin", "cap_event_ids.kanban_state")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_cap_session_count(self):
        events = self.env["event.event"]
        sessions = events._cap_get_sessions(self, self.env.companies)
        for offer in self:
            offer.cap_session_count = len(sessions.get(offer, ()))

    def _get_sessions_described(self, company):
        """Return the sessions to come of this offer, in words, for any reader.

        :param company: the one that follows the structure; its sessions, and those
            that all companies share
        """
        self.ensure_one()
        sessions = self.env["event.event"].sudo()._cap_get_sessions(self, company)
        return [session._cap_describe() for session in sessions.get(self, ())]
