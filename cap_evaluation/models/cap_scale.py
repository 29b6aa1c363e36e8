import re

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..scoring import Bounds

COLOR = re.compile(r"#[0-9a-fA-F]{6}")


class CapScale(models.Model):
    """An ordered scale: the CAP's is 0, 1, 2, 3."""

    _name = "cap.scale"
    _description = "CAP Scale"
    _order = "code, id"

    code = fields.Char(required=True)
    name = fields.Char(required=True)
    level_ids = fields.One2many("cap.scale.level", "scale_id", copy=True)
    version_ids = fields.One2many("cap.referential.version", "scale_id")

    _code_unique = models.Constraint(
        "UNIQUE (code)", "A scale with this code already exists: choose another code."
    )

    def _get_bounds(self) -> Bounds:
        """Return the lowest and highest value of this scale."""
        self.ensure_one()
        values = self.level_ids.mapped("value")
        return Bounds(min(values), max(values))

    def _check_not_frozen(self):
        """Raise UserError when an edition already in use relies on these scales."""
        used = self.sudo().version_ids.filtered(lambda v: v.state != "draft")
        if used:
            raise UserError(
                self.env._(
                    "The scale “%(scale)s” belongs to the published edition "
                    "“%(edition)s” and no longer changes. Make a new scale for the "
                    "next edition.",
                    scale=used[0].scale_id.name,
                    edition=used[0].display_name,
                )
            )

    def write(self, vals):
        if "code" in vals or "level_ids" in vals:
            self._check_not_frozen()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_not_frozen()


class CapScaleLevel(models.Model):
    """One step of a scale, with its meaning and its colour."""

    _name = "cap.scale.level"
    _description = "CAP Scale Level"
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

    @api.depends("value", "name")
    def _compute_display_name(self):
        for level in self:
            level.display_name = f"{level.value} {level.name or ''}".strip()

    @api.constrains("color")
    def _check_color(self):
        for level in self:
            if level.color and not COLOR.fullmatch(level.color):
                raise ValidationError(
                    self.env._(
                        "“%(color)s” is not a colour: write it like #1f7a6c.",
                        color=level.color,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        scales = self.env["cap.scale"].browse({vals["scale_id"] for vals in vals_list})
        scales._check_not_frozen()
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.scale_id._check_not_frozen()
        self.env.registry.clear_cache()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self.scale_id._check_not_frozen()
        self.env.registry.clear_cache()
