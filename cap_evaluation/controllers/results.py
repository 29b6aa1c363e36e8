from odoo.http import content_disposition, request, route

from .access import CapPortal
from .pages.results import ResultsPage


class CapResults(CapPortal):
    """The photographie, on the page and on paper."""

    @route(
        "/my/cap/<cap_id:evaluation_id>/results", type="http", auth="user", website=True
    )
    def portal_results(self, evaluation_id, **kwargs):
        """Show the photographie."""
        evaluation = self._get_evaluation(evaluation_id)
        page = ResultsPage(evaluation, self._can_conclude(evaluation))
        return self._render_page("cap_evaluation.portal_results", page)

    @route("/my/cap/<cap_id:evaluation_id>/pdf", type="http", auth="user", website=True)
    def portal_results_pdf(self, evaluation_id, **kwargs):
        """Download the photographie as a PDF."""
        evaluation = self._get_evaluation(evaluation_id)
        content, _kind = (
            request.env["ir.actions.report"]
            .sudo()
            ._render_qweb_pdf(
                "cap_evaluation.action_report_photographie", evaluation.ids
            )
        )
        name = f"{evaluation._get_photographie_name()}.pdf"
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
            ],
        )
