from odoo import api, fields, models


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
