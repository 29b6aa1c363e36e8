from odoo import fields, models


class CapSetupType(models.TransientModel):
    """The structure types that one contact tag stands for."""

    _name = "cap.setup.type"
    _description = "Contact Tag to Structure Types"
    _order = "count desc, id"

    setup_id = fields.Many2one(
        "cap.setup", required=True, ondelete="cascade", index=True
    )
    category_id = fields.Many2one(
        "res.partner.category", "Tag", required=True, readonly=True, ondelete="cascade"
    )
    count = fields.Integer("Structures", readonly=True)
    structure_type_ids = fields.Many2many(
        "cap.structure.type", "cap_setup_type_rel", string="Types"
    )
