from odoo import api, fields, models
from odoo.exceptions import ValidationError

SIZES = [
    ("under_10", "Under 10 FTE"),
    ("10_49", "10 to 49 FTE"),
    ("50_plus", "50 FTE and more"),
]


class ResPartner(models.Model):
    """A structure of the network is a company; the people who pilot are contacts."""

    _inherit = "res.partner"

    cap_size = fields.Selection(SIZES, "Size (FTE)")
    cap_region_id = fields.Many2one(
        "cap.region", "CAP Region", index="btree_not_null", ondelete="restrict"
    )
    cap_structure_type_ids = fields.Many2many(
        "cap.structure.type",
        "cap_structure_type_partner_rel",
        "partner_id",
        "structure_type_id",
        string="Structure Types",
    )
    cap_main_type_id = fields.Many2one(
        "cap.structure.type",
        "Main Type",
        compute="_compute_cap_main_type_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        domain="[('id', 'in', cap_structure_type_ids)]",
        help="The one type under which the network counts this structure.",
    )
    cap_is_pilot = fields.Boolean(
        "Pilots the CAP",
        help="This person starts and fills in the CAP of the company they belong to.",
    )
    cap_evaluation_ids = fields.One2many(
        "cap.evaluation", "partner_id", string="CAP Evaluations"
    )
    cap_evaluation_count = fields.Integer(
        "CAPs", compute="_compute_cap_evaluation_count"
    )

    @api.depends("cap_structure_type_ids")
    def _compute_cap_main_type_id(self):
        """Keep the main type that was chosen while it is carried, else take the first
        one in the order of types."""
        for partner in self:
            types = partner.cap_structure_type_ids
            if partner.cap_main_type_id not in types:
                partner.cap_main_type_id = types._get_first()

    @api.constrains("cap_main_type_id", "cap_structure_type_ids")
    def _check_cap_main_type(self):
        for partner in self:
            main = partner.cap_main_type_id
            if main and main not in partner.cap_structure_type_ids:
                raise ValidationError(
                    self.env._(
                        "“%(structure)s” is not of the type %(type)s: add this type "
                        "to it first, or choose its main type among those it has.",
                        structure=partner.display_name,
                        type=main.display_name,
                    )
                )

    def _compute_cap_evaluation_count(self):
        counts = dict(
            self.env["cap.evaluation"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.cap_evaluation_count = counts.get(partner._origin, 0)

    def _get_cap_pilots(self):
        """Return ``{structure: contacts who pilot its CAP}`` for these structures."""
        pilots = dict.fromkeys(self, self.browse())
        contacts = self.search(
            [("parent_id", "in", self.ids), ("cap_is_pilot", "=", True)]
        )
        for contact in contacts:
            pilots[contact.parent_id] |= contact
        return pilots

    def action_view_cap_evaluations(self):
        """Open the CAP evaluations of this structure."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cap_evaluation.cap_evaluation_action"
        )
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {"default_partner_id": self.id}
        return action
