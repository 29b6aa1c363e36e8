from psycopg2.errors import UniqueViolation
from werkzeug.exceptions import NotFound, abort

from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.http import content_disposition, request, route

from odoo.addons.portal.controllers.portal import CustomerPortal, pager

from ..models.evaluation.cap_evaluation import OPEN_STATES
from .answer_form import AnswerForm
from .pages import EvaluationPage, ResultsPage

ANSWER_KEYS = ("level", "na_reason", "comment", "progress_action", "progress_comment")


class CapPortal(CustomerPortal):
    """The pages of a pilot: their CAPs, one objective at a time, the photographie.

    Every page first finds the evaluation under the user's own rules
    (:meth:`_get_evaluation`); transitions, on which portal users have no right, are
    then done in sudo. What is not theirs and what does not exist give one same answer.
    """

    # ------------------------------------------------------------------ access

    def _get_cap_domain(self):
        """Return the evaluations listed for the user: those they pilot or lead."""
        partner = request.env.user.partner_id
        return Domain("state", "!=", "cancelled") & (
            Domain("pilot_ids", "in", partner.ids)
            | Domain("facilitator_id", "=", partner.id)
        )

    def _get_evaluation(self, evaluation_id):
        """Return an evaluation under the user's own rules, or stop there."""
        evaluation = request.env["cap.evaluation"].search(
            [("id", "=", evaluation_id), ("state", "!=", "cancelled")]
        )
        if not evaluation:
            self._stop_not_accessible()
        return evaluation

    def _get_line(self, evaluation, line_id):
        """Return a line of ``evaluation``, or stop with a clear page."""
        line = request.env["cap.evaluation.line"].search(
            [("id", "=", line_id), ("evaluation_id", "=", evaluation.id)]
        )
        if not line:
            self._stop_not_accessible()
        return line

    def _stop_not_accessible(self):
        """Answer "This page is not accessible", whether it exists or not."""
        response = request.render(
            "cap_evaluation.portal_not_accessible",
            {"page_name": "cap", "no_breadcrumbs": False},
            status=404,
        )
        response.flatten()
        abort(response)

    def _can_conclude(self, evaluation):
        """Tell whether the user may validate, or start the next CAP.

        Pilots may, and staff who may write on it; a facilitator accompanies.
        """
        return request.env.user.partner_id in evaluation.pilot_ids or (
            evaluation.has_access("write")
        )

    def _get_structure_to_pilot(self):
        """Return the structure whose CAP the user may start, or none."""
        partner_sudo = request.env.user.partner_id.sudo()
        parent_sudo = partner_sudo.parent_id
        if partner_sudo.cap_is_pilot and parent_sudo.is_company:
            return parent_sudo
        return parent_sudo.browse()

    # -------------------------------------------------------------- home, list

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if not counters:  # the page itself; its script only takes counts
            values["cap_is_pilot"] = bool(self._get_structure_to_pilot())
        if "cap_count" in counters:
            values["cap_count"] = request.env["cap.evaluation"].search_count(
                self._get_cap_domain()
            )
        return values

    @route(
        ["/my/cap", "/my/cap/page/<int:page>"], type="http", auth="user", website=True
    )
    def portal_my_cap(self, page=1, **kwargs):
        """List the user's CAPs, and let a pilot start theirs."""
        evaluations = request.env["cap.evaluation"]
        domain = self._get_cap_domain()
        pages = pager(
            url="/my/cap",
            total=evaluations.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        evaluations = evaluations.search(
            domain, limit=self._items_per_page, offset=max(pages["offset"], 0)
        )
        structure_sudo = self._get_structure_to_pilot()
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "cap",
            "evaluations": evaluations,
            "progress": EvaluationPage.tell_progress,
            "to_start": self._get_edition_to_start(structure_sudo),
            "structure_sudo": structure_sudo,
            "pager": pages,
        }
        return request.render("cap_evaluation.portal_my_cap", values)

    def _get_edition_to_start(self, structure_sudo):
        """Return the edition that ``structure_sudo`` may start, or none.

        None either where one is under way: people go on with it.
        """
        versions = request.env["cap.referential.version"]
        if not structure_sudo:
            return versions
        version = versions._get_latest_published("CAP")
        under_way = structure_sudo.env["cap.evaluation"].search_count(
            [
                ("partner_id", "=", structure_sudo.id),
                ("company_id", "=", request.env.company.id),
                ("version_id.referential_id", "=", version.referential_id.id),
                ("state", "in", OPEN_STATES),
            ],
            limit=1,
        )
        return versions if under_way else version

    @route("/my/cap/start", type="http", auth="user", website=True, methods=["POST"])
    def portal_cap_start(self, evaluation_id=None, **kwargs):
        """Start the CAP of the user's structure, or one that a campaign opened.

        A double click, or two people at once, end on the same evaluation.
        """
        if evaluation_id and evaluation_id.isdigit():
            evaluation_sudo = self._get_evaluation(int(evaluation_id)).sudo()
        else:
            evaluation_sudo = self._open_for_user()
        if evaluation_sudo.state == "draft":
            evaluation_sudo.action_start()
        return request.redirect(f"/my/cap/{evaluation_sudo.id}")

    def _open_for_user(self):
        structure_sudo = self._get_structure_to_pilot()
        version = request.env["cap.referential.version"]._get_latest_published("CAP")
        if not (structure_sudo and version):
            self._stop_not_accessible()
        return self._create_once(
            lambda: structure_sudo.env["cap.evaluation"]._open_for_structure(
                structure_sudo,
                request.env.user.partner_id,
                version.sudo(),
                request.env.company,
            )
        )

    def _create_once(self, create):
        """Return what ``create`` makes; when somebody just did, the request is run
        again from the start and finds theirs."""
        try:
            with request.env.cr.savepoint():
                evaluation_sudo = create()
                evaluation_sudo.flush_recordset()
        except UniqueViolation as error:
            raise ConcurrencyError(str(error)) from error
        return evaluation_sudo

    # ---------------------------------------------------------------- evaluate

    @route(
        ["/my/cap/<int:evaluation_id>", "/my/cap/<int:evaluation_id>/<int:line_id>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_evaluation(self, evaluation_id, line_id=None, objective=None, **kwargs):
        """Show one objective to evaluate; the first unanswered one by default."""
        evaluation = self._get_evaluation(evaluation_id)
        page = EvaluationPage(evaluation, self._can_conclude(evaluation))
        line = page.find_line(line_id, objective)
        if not line and (line_id or objective):
            self._stop_not_accessible()
        return self._render_evaluation(page, line)

    def _render_evaluation(self, page, line, **values):
        return request.render(
            "cap_evaluation.portal_evaluation",
            {
                **self._prepare_portal_layout_values(),
                **page.prepare(line),
                **values,
            },
        )

    @route(
        "/my/cap/<int:evaluation_id>/save",
        type="jsonrpc",
        auth="user",
        methods=["POST"],
    )
    def portal_save(self, evaluation_id, line_id, values, base=None):
        """Save what changed on a line (see ``cap.evaluation.line.save_answer``)."""
        line = request.env["cap.evaluation.line"].search(
            [("id", "=", int(line_id)), ("evaluation_id", "=", evaluation_id)]
        )
        if not line:
            raise NotFound
        return line.save_answer(self._keep_known(values), self._keep_known(base))

    def _keep_known(self, values):
        """Return the answer's own keys of ``values``, with texts as texts."""
        values = values if isinstance(values, dict) else {}
        known = {key: values[key] for key in ANSWER_KEYS if key in values}
        for key in ("na_reason", "comment", "progress_comment"):
            if key in known and not isinstance(known[key], str):
                known[key] = ""
        return known

    @route(
        "/my/cap/<int:evaluation_id>/line/<int:line_id>",
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
        form = AnswerForm(post)
        if request.env.user._is_public():
            return request.render(
                "cap_evaluation.portal_session_expired",
                {
                    "page_name": "cap",
                    "form": form,
                    "url": f"/my/cap/{evaluation_id}/line/{line_id}",
                    "back_url": f"/my/cap/{evaluation_id}/{line_id}",
                },
            )
        evaluation = self._get_evaluation(evaluation_id)
        line = self._get_line(evaluation, line_id)
        page = EvaluationPage(evaluation, self._can_conclude(evaluation))
        if not request.validate_csrf(csrf_token):
            return self._render_evaluation(page, line, form=form, unsent=True)
        return self._save_form(page, line, form)

    def _save_form(self, page, line, form):
        errors = form.check()
        result = {}
        if not errors:
            try:
                with request.env.cr.savepoint():
                    result = line.save_answer(form.get_changes(), form.base)
            except UserError as error:
                errors = {"form": str(error)}
        if errors:
            return self._render_evaluation(page, line, form=form, errors=errors)
        if result.get("status") == "conflict":
            form.rebase(result["line"])
            return self._render_evaluation(page, line, form=form, conflict=result)
        return request.redirect(page.get_next_url(line, form.direction), code=303)

    # ------------------------------------------------------------------ results

    @route(
        "/my/cap/<int:evaluation_id>/results", type="http", auth="user", website=True
    )
    def portal_results(self, evaluation_id, **kwargs):
        """Show the photographie."""
        evaluation = self._get_evaluation(evaluation_id)
        page = ResultsPage(evaluation, self._can_conclude(evaluation))
        return request.render(
            "cap_evaluation.portal_results",
            {**self._prepare_portal_layout_values(), **page.prepare()},
        )

    @route("/my/cap/<int:evaluation_id>/pdf", type="http", auth="user", website=True)
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
        name = f"Photographie {evaluation.display_name}.pdf"
        return request.make_response(
            content,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(content)),
                ("Content-Disposition", content_disposition(name)),
            ],
        )

    # --------------------------------------------------------------- transitions

    @route("/my/cap/<int:evaluation_id>/finish", type="http", auth="user", website=True)
    def portal_finish(self, evaluation_id, **kwargs):
        """Say what remains to answer, and offer to validate."""
        evaluation = self._get_evaluation(evaluation_id)
        return self._render_finish(evaluation)

    def _render_finish(self, evaluation, error=None):
        page = EvaluationPage(evaluation, self._can_conclude(evaluation))
        return request.render(
            "cap_evaluation.portal_finish",
            {
                **self._prepare_portal_layout_values(),
                **page.prepare_finish(),
                "error": error,
            },
        )

    @route(
        "/my/cap/<int:evaluation_id>/validate",
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
            return self._render_finish(evaluation, error=message)
        try:
            with request.env.cr.savepoint():
                evaluation.sudo().action_validate()
        except UserError as error:
            return self._render_finish(evaluation, error=str(error))
        return request.redirect(f"/my/cap/{evaluation.id}/results", code=303)

    @route(
        "/my/cap/<int:evaluation_id>/next",
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
