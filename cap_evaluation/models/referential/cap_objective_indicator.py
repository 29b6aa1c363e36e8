from odoo import fields, models

from ...kernel.workbook.schema import get_frozen_fields


class CapObjectiveIndicator(models.Model):
    """A proposed indicator: what to look at to judge of an objective."""

    _name = "cap.objective.indicator"
    _description = "CAP Proposed Indicator"
    _inherit = ["cap.edition.content"]
    _order = "objective_id, sequence, id"
    _edition_frozen_fields = get_frozen_fields("indicators") | {"sequence"}
    _edition_parent_field = "objective_id"

    objective_id = fields.Many2one(
        "cap.objective", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(default=10)
    name = fields.Char("Indicator", required=True)
    source = fields.Char(help="Title and year. Empty: a proposal.")

    def _get_editions(self):
        return self.objective_id.version_id
