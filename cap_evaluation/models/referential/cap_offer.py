from odoo import api, fields, models


class CapOffer(models.Model):
    """An item of the service offer, shown beside the objectives it helps with."""

    _name = "cap.offer"
    _description = "CAP Offer"
    _inherit = ["cap.shared.mixin"]
    _order = "kind desc, code"
    _rec_names_search = ["name", "code"]

    code = fields.Char(required=True)
    name = fields.Char(required=True)
    kind = fields.Selection(
        [
            ("training", "Training"),
            ("training_action", "Training action"),
            ("tool", "Tool"),
            ("guide", "Guide"),
            ("support", "Support"),
        ],
        required=True,
        default="training",
    )
    duration_hours = fields.Float(string="Duration (hours)")
    description = fields.Text()
    source = fields.Char(help="Where this offer is published. Empty: a proposal.")
    active = fields.Boolean(default=True)
    objective_ids = fields.Many2many(
        "cap.objective",
        "cap_objective_offer_rel",
        "offer_id",
        "objective_id",
        string="Objectives",
    )

    _code_unique = models.Constraint(
        "UNIQUE (code)", "An offer with this code already exists."
    )
    _duration_positive = models.Constraint(
        "CHECK (duration_hours >= 0)", "A duration is 0 hours or more."
    )

    @api.model
    def _get_by_code(self, codes):
        """Return ``{code: offer}`` for the ``codes`` known here, archived included."""
        offers = self.with_context(active_test=False).search([("code", "in", codes)])
        return {offer.code: offer for offer in offers}
