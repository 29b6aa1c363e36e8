from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...kernel.charts.palette import LevelColors, is_color, level_colors
from ...tools.names import search_names


class CapScaleLevel(models.Model):
    """One step of a scale, with its meaning and its colour."""

    _name = "cap.scale.level"
    _description = "CAP Scale Level"
    _inherit = ["cap.shared.mixin"]
    _order = "scale_id, value"

    scale_id = fields.Many2one(
        "cap.scale", required=True, index=True, ondelete="cascade"
    )
    value = fields.Integer(required=True)
    name = fields.Char(required=True)
    meaning = fields.Text()
    color = fields.Char(default="#857a70", help="A colour written #rrggbb.")

    _value_unique = models.Constraint(
        "UNIQUE (scale_id, value)", "A scale has each value once."
    )

    def _filter_shared(self):
        """Return those of a scale that all companies share."""
        return self.filtered(lambda level: level.scale_id._filter_shared())

    @api.depends("value", "name")
    def _compute_display_name(self):
        for level in self:
            level.display_name = f"{level.value} {level.name or ''}".strip()

    @api.model
    def _search_display_name(self, operator, value):
        """Find a level by its number, its name, or both."""
        return search_names(self, operator, value, texts=["name"], numbers=["value"])

    def _get_colors(self) -> LevelColors:
        """Return what this level is drawn with: fill, edge and text."""
        self.ensure_one()
        return level_colors(self.color)

    @api.constrains("color")
    def _check_color(self):
        for level in self:
            if level.color and not is_color(level.color):
                raise ValidationError(
                    self.env._(
                        "“%(color)s” is not a colour: write it like #1f7a6c.",
                        color=level.color,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a level more on the scale of a published edition."""
        scales = self.env["cap.scale"].browse({vals["scale_id"] for vals in vals_list})
        scales._check_not_frozen()
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        """Refuse any change on the scale of a published edition."""
        self.scale_id._check_not_frozen()
        self.env.registry.clear_cache()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.scale_id._check_not_frozen()
        self.env.registry.clear_cache()
