from odoo.http import request, route

from odoo.addons.cap_evaluation.controllers.evaluate import CapEvaluate
from odoo.addons.cap_evaluation.controllers.forms.line import LineForm
from odoo.addons.cap_evaluation.controllers.pages.line import LinePage


class CapLineModelPortal(CapEvaluate):
    """The library of proven actions, on the page of a line."""

    @route(
        "/my/cap/<cap_id:evaluation_id>/line/<cap_id:line_id>/model",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def cap_line_model(self, evaluation_id, line_id, model_id="", **post):
        """Start the action of a line from a model of the library.

        The button lies in the form of the line: what it holds is saved first.
        """
        evaluation = self._get_evaluation(evaluation_id)
        line = self._get_line(evaluation, line_id)
        model = line.objective_id.cap_action_model_ids.filtered(
            lambda model: str(model.id) == model_id
        )
        form = LineForm(request.env, {**post, "direction": "stay"})
        page = LinePage(evaluation, self._can_conclude(evaluation), line, form)
        response = self._save_form(page)
        if model and response.status_code == 303:
            _done, problem = self._try(line._start_from_model, model)
            if problem:
                return self._render_line(page, problem)
        return response
