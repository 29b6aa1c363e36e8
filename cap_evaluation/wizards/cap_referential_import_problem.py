from odoo import fields, models


class CapReferentialImportProblem(models.TransientModel):
    """One thing to correct in a workbook, where it stands."""

    _name = "cap.referential.import.problem"
    _description = "Problem in a CAP Référentiel Workbook"
    _order = "id"

    wizard_id = fields.Many2one(
        "cap.referential.import", required=True, ondelete="cascade", index=True
    )
    sheet = fields.Char()
    row = fields.Integer()
    column = fields.Char()
    message = fields.Text("To correct")
