from werkzeug.exceptions import NotFound

from odoo.http import request, route

from ..kernel import answer
from ..kernel.numbers import read_id
from .access import CapPortal
from .forms.line import LineForm
from .pages.line import ExpiredPage, LinePage


class CapEvaluate(CapPortal):
    """One objective at a time: its page, and the two ways of saving what it says."""

    @route(
        [
            "/my/cap/<cap_id:evaluation_id>",
            "/my/cap/<cap_id:evaluation_id>/<cap_id:line_id>",
        ],
        type="http",
        auth="user",
        website=True,
    )
    def portal_evaluation(
        self, evaluation_id, line_id=None, objective=None, erased=None, **kwargs
    ):
        """Show one objective to evaluate; the first unanswered one by default."""
        evaluation = self._get_evaluation(evaluation_id)
        page = LinePage(evaluation, self._can_conclude(evaluation))
        page.is_erased = bool(erased)
        if line_id or objective:
            page.line = page.find_line(line_id, objective)
        if line_id and not page.line:
            page.follow(self._get_line(evaluation, line_id))
        if objective and not page.line:
            self._stop_not_accessible()
        return self._render_line(page)

    def _render_line(self, page, problem=None):
        """Show the page of one line, with what its form holds if it was refused."""
        return self._render_page("cap_evaluation.portal_evaluation", page, problem)

    @route(
        "/my/cap/<cap_id:evaluation_id>/save",
        type="jsonrpc",
        auth="user",
        methods=["POST"],
    )
    def portal_save(self, evaluation_id, line_id, values, base=None):
        """Save what changed on a line (see ``cap.evaluation.line.save_answer``)."""
        lines = request.env["cap.evaluation.line"].with_context(active_test=False)
        line = lines.search(
            [("id", "=", read_id(line_id)), ("evaluation_id", "=", evaluation_id)]
        )
        if not line:
            raise NotFound
        return line.with_env(request.env).save_answer(values, base)

    @route(
        "/my/cap/<cap_id:evaluation_id>/line/<cap_id:line_id>",
        type="http",
        auth="public",
        website=True,
        methods=["POST"],
        csrf=False,  # checked below: a refused form must not lose what was typed
    )
    def portal_save_form(self, evaluation_id, line_id, csrf_token=None, **post):
        """Save a line from a plain form, then go to the next objective.

        A session that expired meanwhile, or a form of the session before, writes
        nothing and gives the text back.
        """
        form = LineForm(request.env, post)
        if request.env.user._is_public():
            back_url = f"/my/cap/{evaluation_id}/{line_id}"
            return self._render_page(
                "cap_evaluation.portal_session_expired",
                ExpiredPage(form, request.httprequest.path, back_url),
            )
        evaluation = self._get_evaluation(evaluation_id)
        line = self._get_line(evaluation, line_id)
        page = LinePage(evaluation, self._can_conclude(evaluation), line, form)
        if not (isinstance(csrf_token, str) and request.validate_csrf(csrf_token)):
            page.is_unsent = True
            return self._render_line(page)
        if not line.active:
            page.follow(line)
            return self._render_line(page)
        return self._save_form(page)

    def _save_form(self, page):
        """Save what ``page.form`` holds, then lead to where it asks to go."""
        saved, problem = self._try(self._save, page.line, page.form)
        if problem:
            return self._render_line(page, problem)
        if saved["status"] == "conflict":
            page.conflict = saved
            return self._render_line(page)
        return request.redirect(page.get_next_url(page.form.direction), code=303)

    def _save(self, line, form):
        """Save what ``form`` holds; in a conflict it then stands on what is stored."""
        wanted = form.read(line)
        saved = line._save_answer(form.seen, wanted)
        if saved["status"] == "conflict":
            form.rebase(answer.read_seen(saved["line"]), wanted)
        return saved
