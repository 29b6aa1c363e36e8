from odoo.http import Controller, request, route

from .pages.preview import PreviewPage


class CapPreview(Controller):
    """What the editor of référentiels shows "as the pilot sees it"."""

    @route("/cap/preview/<cap_id:objective_id>", type="http", auth="user", website=True)
    def preview(self, objective_id, **kwargs):
        """Show an objective with the pilot's own page, under the user's rights."""
        objective = request.env["cap.objective"].search([("id", "=", objective_id)])
        if not objective:
            return request.not_found()
        return request.render(
            "cap_evaluation.objective_preview", PreviewPage(objective).prepare_layout()
        )
