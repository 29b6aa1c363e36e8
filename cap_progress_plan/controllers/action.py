from odoo.http import request, route

from .forms.action import ActionForm, NewActionForm
from .pages.action import ActionPage, NewActionPage
from .plan import CapPlanPortal


class CapActionPortal(CapPlanPortal):
    """One action: how it stands, and an action that the CAP did not ask for."""

    @route(
        "/my/cap/<cap_id:evaluation_id>/plan/<cap_id:task_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def cap_action(self, evaluation_id, task_id, **post):
        """Show one action with the form that updates it."""
        evaluation, task_sudo = self._get_action(evaluation_id, task_id)
        problem = None
        if request.httprequest.method == "POST":
            form = ActionForm(request.env, post)
            _done, problem = self._try(
                lambda: task_sudo._cap_update(form.read(task_sudo), form.note)
            )
            if not problem:
                return self._tell(evaluation, "updated")
        page = ActionPage(evaluation, task_sudo, post)
        return self._render_page("cap_progress_plan.portal_action", page, problem)

    @route(
        "/my/cap/<cap_id:evaluation_id>/plan/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def cap_action_new(self, evaluation_id, **post):
        """Add an action that the CAP did not ask for."""
        evaluation, plan_sudo, _series_sudo = self._get_plan(evaluation_id)
        page = NewActionPage(evaluation, plan_sudo, post)
        problem = None
        if request.httprequest.method == "POST":
            form = NewActionForm(request.env, post)
            _task, problem = self._try(
                lambda: page.evaluation._add_plan_action(*form.read(page))
            )
            if not problem:
                return self._tell(page.evaluation, "created")
        return self._render_page("cap_progress_plan.portal_action_new", page, problem)
