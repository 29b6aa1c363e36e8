from odoo import api, fields, models

from ..kernel.setup import rules as setup_rules


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
        return list(setup_rules.regions().items())

    @api.onchange("region_id")
    def _onchange_region_id(self):
        if self.region_id:
            self.new_region = False


class CapSetupIssue(models.TransientModel):
    """A structure that stays without a region or a type, or whose values differ."""

    _name = "cap.setup.issue"
    _description = "Structure to look at"
    _order = "kind, id"

    setup_id = fields.Many2one(
        "cap.setup", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one(
        "res.partner", "Structure", required=True, ondelete="cascade"
    )
    kind = fields.Selection(
        [
            ("no_region", "Stays without a region"),
            ("no_type", "Stays without a type"),
            ("region", "Region already set"),
            ("types", "Types already set"),
        ],
        "What",
        required=True,
    )
    now = fields.Char("Today")
    proposed = fields.Char("Proposed, or why")
    replaced = fields.Boolean(compute="_compute_replaced")

    @api.depends("kind", "setup_id.overwrite_types", "setup_id.overwrite_regions")
    def _compute_replaced(self):
        for issue in self:
            setup = issue.setup_id
            issue.replaced = (issue.kind == "region" and setup.overwrite_regions) or (
                issue.kind == "types" and setup.overwrite_types
            )
