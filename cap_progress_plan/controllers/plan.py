from collections import Counter

from odoo.exceptions import AccessError
from odoo.http import request, route

from odoo.addons.cap_evaluation.controllers.access import CapPortal
from odoo.addons.cap_evaluation.kernel.numbers import read_id

from .pages.plan import PlanPage

TOLD = "cap_progress_plan_told"


class CapPlanPortal(CapPortal):
    """The progress plan on the portal: plain forms, one gate, then elevated records.

    Every route first reads the evaluation under the user's own rules, then asks it
    whether this person may act on the plan; only then does it see the project.
    """

    # ------------------------------------------------------------------- gates

    def _get_plan(self, evaluation_id):
        """Return the evaluation, and elevated: its structure's plan (maybe none), the
        CAPs that feed it."""
        if not read_id(evaluation_id):
            self._stop_not_accessible()
        evaluation = self._get_evaluation(evaluation_id)
        series_sudo = evaluation._get_plan_series()
        try:
            evaluation._check_plan_access(series_sudo)
        except AccessError:
            self._stop_not_accessible()
        return evaluation, evaluation._get_plan_sudo(), series_sudo

    def _get_action(self, evaluation_id, task_id):
        """Return the evaluation and one action of its plan, elevated."""
        if not (read_id(evaluation_id) and read_id(task_id)):
            self._stop_not_accessible()
        evaluation = self._get_evaluation(evaluation_id)
        try:
            task_sudo = (
                request.env["project.task"].browse(task_id)._cap_elevate(evaluation)
            )
        except AccessError:
            self._stop_not_accessible()
        return evaluation, task_sudo

    # ------------------------------------------------------- what was just done

    def _tell(self, evaluation, what, counts=None):
        """Keep what was just done for the next page, then lead to the plan.

        It goes by the session: an address that says it could be sent to anybody.
        """
        request.session[TOLD] = {
            "evaluation": evaluation.id,
            "what": what,
            "counts": dict(counts or {}),
        }
        return request.redirect(f"/my/cap/{evaluation.id}/plan", code=303)

    def _take_told(self, evaluation):
        """Return what was just done to this plan, and its counts; say it once."""
        told = request.session.pop(TOLD, None) or {}
        if told.get("evaluation") != evaluation.id:
            return "", Counter()
        return told["what"], Counter(told["counts"])

    # ------------------------------------------------------------------- pages

    @route(
        "/my/cap/<cap_id:evaluation_id>/plan", type="http", auth="user", website=True
    )
    def cap_plan(self, evaluation_id, **_query):
        """Show the plan, or how to get one."""
        page = PlanPage(*self._get_plan(evaluation_id))
        page.told, page.counts = self._take_told(page.evaluation)
        return self._render_page("cap_progress_plan.portal_plan", page)

    @route(
        "/my/cap/<cap_id:evaluation_id>/plan/create",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def cap_plan_create(self, evaluation_id, **_form):
        """Generate the plan, or add to it what is missing."""
        evaluation, plan_sudo, _series_sudo = self._get_plan(evaluation_id)
        outcomes, problem = self._try(evaluation._generate_plans)
        if problem:
            page = PlanPage(evaluation, plan_sudo)
            return self._render_page("cap_progress_plan.portal_plan", page, problem)
        ((_plan, counts),) = outcomes.values()
        return self._tell(evaluation, "generated", counts)
