from urllib.parse import quote, urlsplit

from odoo import api, fields, models
from odoo.exceptions import ValidationError


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
    url = fields.Char(
        "Link",
        help="Where people find it: they follow it from their CAP and their plan.",
    )
    document = fields.Binary(
        attachment=True, help="The tool or the guide itself, for people to download."
    )
    document_name = fields.Char("Document's name")
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

    @api.constrains("url")
    def _check_url(self):
        """Keep to addresses of the web: others would run in the reader's page."""
        for offer in self.filtered("url"):
            if not self._is_web_address(offer.url):
                raise ValidationError(
                    self.env._(
                        "“%(url)s” is not an address of the web: write it whole, as "
                        "https://www.example.org/tool.",
                        url=offer.url,
                    )
                )

    @api.model
    def _is_web_address(self, url):
        try:
            parts = urlsplit(url)
        except ValueError:  # a bracket that opens no address of a machine
            return False
        return parts.scheme in ("http", "https") and bool(parts.netloc)

    def _get_address(self):
        """Return where to find this offer, its document first, or "" for nowhere."""
        self.ensure_one()
        # The size alone is read, not the document.
        if self.document_name and self.with_context(bin_size=True).document:
            name = quote(self.document_name, safe="")
            return f"/web/content/cap.offer/{self.id}/document/{name}?download=1"
        return self.url or ""

    @api.model
    def _get_by_code(self, codes):
        """Return ``{code: offer}`` for the ``codes`` known here, archived included."""
        offers = self.with_context(active_test=False).search([("code", "in", codes)])
        return {offer.code: offer for offer in offers}
