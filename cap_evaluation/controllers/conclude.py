from odoo.exceptions import UserError
from odoo.http import request, route

from .access import CapPortal
from .pages.finish import FinishPage


class CapConclude(CapPortal):
    """The end of a CAP: what remains, validating it, starting the next one."""

    @route(
        "/my/cap/<cap_id:evaluation_id>/finish", type="http", auth="user", website=True
    )
    def portal_finish(self, evaluation_id, **kwargs):
        """Say what remains to answer, and offer to validate."""
        return self._render_finish(self._get_evaluation(evaluation_id))

    def _render_finish(self, evaluation, problem=None):
        page = FinishPage(evaluation, self._can_conclude(evaluation))
        return self._render_page("cap_evaluation.portal_finish", page, problem)

    @route(
        "/my/cap/<cap_id:evaluation_id>/validate",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_validate(self, evaluation_id, confirmed=None, **kwargs):
        """Validate, once the box that says "it will not change any more" is ticked."""
        evaluation = self._get_evaluation(evaluation_id)
        if not self._can_conclude(evaluation):
            self._stop_not_accessible()
        if not confirmed:
            message = request.env._("Tick the box to confirm, then validate.")
            return self._render_finish(evaluation, UserError(message))
        _done, problem = self._try(evaluation.sudo().action_validate)
        if problem:
            return self._render_finish(evaluation, problem)
        return request.redirect(f"/my/cap/{evaluation.id}/results", code=303)

    @route(
        "/my/cap/<cap_id:evaluation_id>/next",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_start_next(self, evaluation_id, **kwargs):
        """Start the CAP that follows a validated one."""
        evaluation = self._get_evaluation(evaluation_id)
        if not self._can_conclude(evaluation) or evaluation.state != "validated":
            self._stop_not_accessible()
        next_sudo = self._create_once(evaluation.sudo().action_start_next)
        return request.redirect(f"/my/cap/{next_sudo.id}", code=303)

    @route(
        "/my/cap/<cap_id:evaluation_id>/cancel",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def portal_cancel_start(self, evaluation_id, **kwargs):
        """Take back the start of a CAP in which nothing is written yet."""
        evaluation = self._get_evaluation(evaluation_id)
        if not self._can_conclude(evaluation):
            self._stop_not_accessible()
        evaluation_sudo = evaluation.sudo()
        if evaluation_sudo._can_cancel_start():
            evaluation_sudo.action_cancel()
            return request.redirect("/my/cap", code=303)
        return request.redirect(f"/my/cap/{evaluation.id}", code=303)
