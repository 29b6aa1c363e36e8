from odoo import fields, models


class CapObjective(models.Model):
    """An objective offers the proven actions of the library that have its code."""

    _inherit = "cap.objective"

    cap_action_model_ids = fields.Many2many(
        "cap.action.model",
        string="Action models",
        compute="_compute_cap_action_model_ids",
        help="Proven actions of the library for this objective, by its code.",
    )

    def _compute_cap_action_model_ids(self):
        library = self.env["cap.action.model"]
        models_by_key = library.search(
            [
                ("referential_id", "in", self.version_id.referential_id.ids),
                ("objective_code", "in", self.mapped("code")),
            ]
        ).grouped(lambda model: (model.referential_id, model.objective_code))
        for objective in self:
            key = (objective.version_id.referential_id, objective.code)
            objective.cap_action_model_ids = models_by_key.get(key, library)
