from odoo import fields, models

SEATS_PARAMETER = "cap_progress_plan.seats_per_structure"
#: Of an ordinary session of twelve: one structure never takes half of it.
SEATS_PER_STRUCTURE = 5


class ResConfigSettings(models.TransientModel):
    """The settings of the plan, among those of Events."""

    _inherit = "res.config.settings"

    cap_seats_per_structure = fields.Integer(
        "Seats per structure",
        config_parameter=SEATS_PARAMETER,
        default=SEATS_PER_STRUCTURE,
        help="How many seats of one session a structure books from its plan. Staff "
        "book more for it.",
    )
