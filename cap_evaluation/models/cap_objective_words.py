from odoo import api, fields, models
from odoo.tools import format_list


class CapObjective(models.Model):
    """What the weight and the types of an objective mean, said in words."""

    # One subject a file: the class would be 500 lines long.
    _inherit = "cap.objective"  # pylint: disable=consider-merging-classes-inherited

    weight_text = fields.Char("Weight in words", compute="_compute_weight_text")
    types_text = fields.Char("For whom", compute="_compute_types_text")

    @api.depends("weight")
    @api.depends_context("lang")
    def _compute_weight_text(self):
        words = {
            0.5: self.env._("counts half"),
            1.0: "",
            2.0: self.env._("counts double"),
            3.0: self.env._("counts triple"),
        }
        for objective in self:
            weight = objective.weight
            objective.weight_text = words.get(weight)
            if weight not in words:
                decimal = self.env["res.lang"]._lang_get(self.env.lang or "en_US")
                number = f"{weight:g}".replace(".", decimal.decimal_point or ".")
                objective.weight_text = self.env._("counts ×%(weight)s", weight=number)

    @api.depends("structure_type_ids.code")
    @api.depends_context("lang")
    def _compute_types_text(self):
        for objective in self:
            codes = objective.structure_type_ids.mapped("code")
            told = self.env._("for %(types)s", types=format_list(self.env, codes))
            objective.types_text = told if codes else ""
