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
        """Load the chosen référentiel and show its edition."""
        self.ensure_one()
        version = self.env["cap.referential.import"].load_shipped(self.code)
        return version._get_records_action()
