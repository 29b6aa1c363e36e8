from odoo import api, fields, models

from ...tools.names import search_names


class CapStructureType(models.Model):
    """What a structure is: AI, ACI, EI... One structure often is several."""

    _name = "cap.structure.type"
    _description = "CAP Structure Type"
    _inherit = ["cap.shared.mixin"]
    _order = "sequence, code"

    code = fields.Char(required=True)
    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)

    _code_unique = models.Constraint(
        "UNIQUE (code)", "A structure type with this code already exists."
    )

    @api.depends("code")
    def _compute_display_name(self):
        for structure_type in self:
            structure_type.display_name = structure_type.code

    @api.model
    def _search_display_name(self, operator, value):
        """Find a type by its code, which is all that is shown, or by its name."""
        return search_names(self, operator, value, texts=["name"], codes=["code"])

    def _get_first(self):
        """Return the first of these types in their order, or none."""
        return self.sorted(lambda kind: (kind.sequence, kind.code))[:1]
