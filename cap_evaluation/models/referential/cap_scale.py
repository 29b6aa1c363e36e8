from odoo import api, fields, models
from odoo.exceptions import UserError

from ...kernel.scoring import Bounds


class CapScale(models.Model):
    """An ordered scale: the CAP's is 0, 1, 2, 3."""

    _name = "cap.scale"
    _description = "CAP Scale"
    _inherit = ["cap.shared.mixin"]
    _order = "code, id"

    code = fields.Char(required=True)
    name = fields.Char(required=True)
    level_ids = fields.One2many("cap.scale.level", "scale_id", copy=True)
    version_ids = fields.One2many("cap.referential.version", "scale_id")
    is_frozen = fields.Boolean(
        compute="_compute_is_frozen", help="An edition already in use relies on it."
    )

    _code_unique = models.Constraint(
        "UNIQUE (code)", "A scale with this code already exists: choose another code."
    )

    @api.depends("version_ids.state")
    def _compute_is_frozen(self):
        used_sudo = self.sudo().version_ids.filtered(lambda v: v.state != "draft")
        for scale in self:
            scale.is_frozen = scale._origin in used_sudo.scale_id

    def _filter_shared(self):
        """Return those that an edition shared by all companies is scored on."""
        return self.filtered(
            lambda scale: any(not v.company_id for v in scale.version_ids)
        )

    def _get_bounds(self) -> Bounds:
        """Return the lowest and highest value of this scale."""
        self.ensure_one()
        values = self.level_ids.mapped("value")
        return Bounds(min(values), max(values))

    def _get_used_editions(self):
        """Return the editions in use, of any company, that rely on these scales."""
        return self.sudo().version_ids.filtered(lambda v: v.state != "draft")

    def _is_frozen(self):
        """Whether an edition in use relies on these scales: they change no more."""
        return bool(self._get_used_editions())

    def _check_not_frozen(self):
        """Raise UserError when an edition already in use relies on these scales."""
        used = self._get_used_editions()
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
        """Refuse another code or level once a published edition uses the scale."""
        if "code" in vals or "level_ids" in vals:
            self._check_not_frozen()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_not_frozen()
