from odoo import api, fields, models
from odoo.exceptions import UserError


class CapEvaluationLine(models.Model):
    """The action that a line asks for may start from a proven one of the library."""

    _inherit = "cap.evaluation.line"

    cap_action_model_id = fields.Many2one(
        "cap.action.model",
        "Starts from",
        ondelete="set null",
        index="btree_not_null",
        domain="[('id', 'in', cap_action_model_choice_ids)]",
        help="A proven action of the library. Its text is yours to change.",
    )
    cap_action_model_choice_ids = fields.Many2many(
        related="objective_id.cap_action_model_ids",
        related_sudo=False,
        string="Proven actions",
    )

    @api.model
    def _get_answer_fields(self):
        """The model that an action starts from is part of the answer: same rules."""
        return super()._get_answer_fields() | {"cap_action_model_id"}

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse a model that is not one of the line's objective.

        The system copies lines that moved to another edition as they were.
        """
        lines = super().create(vals_list)
        for line, vals in zip(lines, vals_list, strict=True):
            if vals.get("cap_action_model_id") and not self.env.su:
                line._check_action_model(vals["cap_action_model_id"])
        return lines

    def write(self, vals):
        """Refuse a model of another objective, or of a library that is not theirs."""
        if vals.get("cap_action_model_id"):
            self._check_action_model(vals["cap_action_model_id"])
        return super().write(vals)

    def _check_action_model(self, model_id):
        """Raise UserError unless ``model_id`` is a proven action of each objective."""
        for line in self:
            if model_id not in line.objective_id.cap_action_model_ids.ids:
                raise UserError(
                    self.env._(
                        "This model is not one of this objective: choose another."
                    )
                )

    @api.onchange("cap_action_model_id")
    def _onchange_cap_action_model_id(self):
        if self.cap_action_model_id:
            self.update(self._prepare_from_model(self.cap_action_model_id))

    def _prepare_from_model(self, model):
        """Return the answer that starting from ``model`` gives: no text is lost."""
        texts = [self.progress_comment, model.name]
        if model.name in (self.progress_comment or ""):
            texts.pop()
        return {
            "progress_action": "yes",
            "progress_comment": "\n".join(text for text in texts if text),
        }

    def _start_from_model(self, model):
        """Make ``model`` the action of this line, under the rights of the user.

        :raise UserError: when the model is one of another objective
        """
        self.ensure_one()
        self.check_access("write")
        self._check_action_model(model.id)
        self.write({"cap_action_model_id": model.id, **self._prepare_from_model(model)})

    def _get_level_value(self):
        """Return the value of the level, None where nothing is scored: 0 is a level."""
        return self.level_id.value if self.level_id else None
