from odoo import api, models


class CapReferentialImport(models.TransientModel):
    """Loading a shipped référentiel brings its library too."""

    _inherit = "cap.referential.import"

    @api.model
    def load_shipped(self, code):
        """With a shipped référentiel comes its library of proven actions."""
        version = super().load_shipped(code)
        self.env["cap.action.model"]._load_shipped(version)
        return version
