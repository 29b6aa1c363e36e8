from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...kernel.workbook.schema import get_frozen_fields
from ...tools.names import search_names


class CapObjectiveDescriptor(models.Model):
    """What one level of the scale means for one objective, in this edition's words."""

    _name = "cap.objective.descriptor"
    _description = "CAP Level Descriptor"
    _inherit = ["cap.edition.content"]
    _order = "objective_id, level_id, id"
    _edition_frozen_fields = get_frozen_fields("descriptors")
    _edition_parent_field = "objective_id"
    _edition_wording_field = "description"

    objective_id = fields.Many2one(
        "cap.objective", required=True, index=True, ondelete="cascade"
    )
    level_id = fields.Many2one(
        "cap.scale.level", required=True, index=True, ondelete="cascade"
    )
    description = fields.Text(required=True)
    source = fields.Char(help="Title and year. Empty: a proposal.")

    _level_unique = models.Constraint(
        "UNIQUE (objective_id, level_id)", "An objective words each level once."
    )

    def _get_editions(self):
        return self.objective_id.version_id

    @api.depends("level_id", "objective_id.code")
    def _compute_display_name(self):
        for descriptor in self:
            code, level = descriptor.objective_id.code, descriptor.level_id
            descriptor.display_name = f"{code or ''}: {level.display_name or ''}"

    @api.model
    def _search_display_name(self, operator, value):
        return search_names(
            self,
            operator,
            value,
            texts=["level_id.name"],
            codes=["objective_id.code"],
            numbers=["level_id.value"],
        )

    @api.constrains("objective_id", "level_id")
    def _check_level(self):
        for descriptor in self:
            scale = descriptor.objective_id.version_id.scale_id
            if descriptor.level_id.scale_id != scale:
                raise ValidationError(
                    self.env._(
                        "“%(level)s” is not a level of the scale “%(scale)s”.",
                        level=descriptor.level_id.display_name,
                        scale=scale.name,
                    )
                )
