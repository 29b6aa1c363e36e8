from odoo import fields, models


class CapReferentialImportChange(models.TransientModel):
    """One thing that importing a workbook would change."""

    _name = "cap.referential.import.change"
    _description = "Change of a CAP Référentiel Workbook"
    _order = "id"

    wizard_id = fields.Many2one(
        "cap.referential.import", required=True, ondelete="cascade", index=True
    )
    kind = fields.Selection(
        [
            ("new", "New"),
            ("changed", "Changed"),
            ("moved", "Moved"),
            ("removed", "Removed"),
        ],
        "Change",
    )
    sheet = fields.Char()
    key = fields.Char("Row")
    column = fields.Char()
    before = fields.Text("From")
    after = fields.Text("To")
