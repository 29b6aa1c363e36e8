from odoo import fields, models


class CapReferential(models.Model):
    """A référentiel through its editions: the CAP, and those that follow it."""

    _name = "cap.referential"
    _description = "CAP Référentiel"
    _inherit = ["cap.shared.mixin"]
    _order = "code"
    _rec_names_search = ["name", "code"]

    code = fields.Char(required=True, help="Short and stable: CAP, CAP_RSE...")
    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: shared by all companies."
    )
    version_ids = fields.One2many(
        "cap.referential.version", "referential_id", string="Editions"
    )

    _code_unique = models.UniqueIndex(
        "(code, COALESCE(company_id, 0))",
        "A référentiel with this code already exists: add an edition to it.",
    )

    def _filter_shared(self):
        """Return those that no single company owns."""
        return self.filtered(lambda referential: not referential.company_id)

    def _get_latest_editions(self):
        """Return ``{référentiel: its last published edition}``, in one query."""
        published = self.env["cap.referential.version"].search(
            [("referential_id", "in", self.ids), ("state", "=", "published")],
            order="published_on, id",
        )
        return {version.referential_id: version for version in published}
