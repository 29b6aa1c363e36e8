from odoo import api, fields, models

from ..kernel.setup import areas


class CapSetupRegion(models.TransientModel):
    """The region that one département belongs to."""

    _name = "cap.setup.region"
    _description = "Département to Region"
    _order = "area"

    setup_id = fields.Many2one(
        "cap.setup", required=True, ondelete="cascade", index=True
    )
    area = fields.Char(required=True, readonly=True)
    name = fields.Char("In the département", required=True, readonly=True)
    count = fields.Integer("Structures", readonly=True)
    region_id = fields.Many2one("cap.region", ondelete="set null")
    new_region = fields.Selection(
        "_get_administrative_regions",
        "Region to create",
        help="Created when you apply. Empty both columns to leave these structures "
        "without a region.",
    )

    @api.model
    def _get_administrative_regions(self):
        return list(areas.regions().items())

    @api.onchange("region_id")
    def _onchange_region_id(self):
        if self.region_id:
            self.new_region = False
