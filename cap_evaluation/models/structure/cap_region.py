from odoo import fields, models


class CapRegion(models.Model):
    """A region of the network, and the people who animate it."""

    _name = "cap.region"
    _description = "CAP Region"
    _inherit = ["cap.shared.mixin"]
    _order = "name"
    _rec_names_search = ["name", "code"]

    code = fields.Char(required=True)
    name = fields.Char(required=True)
    animator_ids = fields.Many2many(
        "res.users",
        "cap_region_animator_rel",
        "region_id",
        "user_id",
        string="Animators",
        domain="[('share', '=', False)]",
        help="They see the structures and evaluations of this region.",
    )
    partner_ids = fields.One2many("res.partner", "cap_region_id", string="Structures")

    _code_unique = models.Constraint(
        "UNIQUE (code)", "A region with this code already exists."
    )
