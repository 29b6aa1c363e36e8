import json

from odoo.http import Controller, request, route

from .answer_form import EMPTY
from .pages import CapPage, explain_objective


class PreviewPage(CapPage):
    """One objective as a pilot will meet it, before any evaluation exists.

    The portal's own form is rendered for an evaluation that is never stored.
    """

    def __init__(self, objective):
        env = objective.env
        evaluation = env["cap.evaluation"].new({"version_id": objective.version_id.id})
        super().__init__(evaluation)
        self.objective = objective

    def prepare(self):
        """Return the values of the page."""
        objective = self.objective
        line = self.env["cap.evaluation.line"].new({"objective_id": objective.id})
        general = objective.parent_id
        told = [objective.code]
        if general.kind == "general":
            told.append(general.name)
        return {
            **self.prepare_layout(),
            "line": line,
            "objective": objective,
            "levels": objective.version_id.scale_id.level_ids,
            "position": " · ".join(told),
            "answer": EMPTY,
            "answer_json": json.dumps(EMPTY),
            **explain_objective(objective),
            "previous_name": "",
            "first": False,
            "last": False,
            "previous_url": "",
            "next_url": "",
            "errors": {},
            "form": None,
        }


class CapPreview(Controller):
    """What the editor of référentiels shows "as the pilot sees it"."""

    @route("/cap/preview/<int:objective_id>", type="http", auth="user", website=True)
    def preview(self, objective_id, **kwargs):
        """Show an objective with the pilot's own page, under the user's rights."""
        objective = request.env["cap.objective"].search([("id", "=", objective_id)])
        if not objective:
            return request.not_found()
        return request.render(
            "cap_evaluation.objective_preview", PreviewPage(objective).prepare()
        )
