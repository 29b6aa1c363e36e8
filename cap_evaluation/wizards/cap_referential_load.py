from odoo import fields, models


class CapReferentialLoad(models.TransientModel):
    """Choose, among the référentiels that this module carries, the one to load."""

    _name = "cap.referential.load"
    _description = "Load a CAP Référentiel"

    code = fields.Selection(
        [
            ("CAP", "CAP - COORACE Ambition et Progrès"),
            ("CAP_RSE", "CAP RSE (ISO 26000)"),
            ("CAP_ISO9001", "CAP ISO 9001"),
            ("CEDRE_V2", "CEDRE, version 2"),
            ("SIAE_AXES", "SIAE: the four axes of the agreement"),
        ],
        "Référentiel",
        default="CAP",
        required=True,
    )

    def action_load(self):
        """Load the chosen référentiel and show its edition, or what would change."""
        self.ensure_one()
        return self.env["cap.referential.import"].action_load_shipped(self.code)
