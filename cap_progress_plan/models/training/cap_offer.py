from odoo import api, fields, models

TRAINING_KINDS = ("training", "training_action")


class CapOffer(models.Model):
    _inherit = "cap.offer"

    cap_event_ids = fields.One2many("event.event", "cap_offer_id", "Sessions")
    cap_session_count = fields.Integer(
        "Sessions to come", compute="_compute_cap_session_count"
    )

    @api.depends("cap_event_ids.date_begin", "cap_event_ids.kanban_state")
    def _compute_cap_session_count(self):
        sessions = self.env["event.event"].sudo()._cap_get_sessions(self)
        for offer in self:
            offer.cap_session_count = len(sessions.get(offer, ()))

    def _is_training(self):
        """Tell whether this offer can have sessions."""
        self.ensure_one()
        return self.kind in TRAINING_KINDS

    def _get_sessions_described(self):
        """Return the sessions to come of this offer, in words, for any reader."""
        self.ensure_one()
        sessions = self.env["event.event"].sudo()._cap_get_sessions(self)
        return [session._cap_describe() for session in sessions.get(self, ())]
