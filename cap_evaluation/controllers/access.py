from psycopg2.errors import UniqueViolation
from werkzeug.exceptions import abort

from odoo.exceptions import ConcurrencyError, UserError
from odoo.fields import Domain
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal


class CapPortal(CustomerPortal):
    """What every page of a CAP starts with: who may come in, what the others are told.

    Every page first finds the evaluation under the user's own rules
    (:meth:`_get_evaluation`); transitions, on which portal users have no right, are
    then done in sudo. What is not theirs and what does not exist give one same answer.
    """

    # ------------------------------------------------------------------- gates

    def _look_in_all_companies(self):
        """Let the user's own rules see every company they are allowed in.

        With *website*, a request sees the site's company only: somebody whose
        structure is followed by two would never meet the CAPs of the other one. The
        current company stays the site's: it is there that a new CAP starts.
        """
        companies = request.env.company | request.env.user.company_ids
        request.update_context(allowed_company_ids=companies.ids)

    def _get_cap_domain(self):
        """Return the evaluations listed for the user: those they pilot or lead."""
        partner = request.env.user.partner_id
        return Domain("state", "!=", "cancelled") & (
            Domain("pilot_ids", "in", partner.ids)
            | Domain("facilitator_id", "=", partner.id)
        )

    def _get_evaluation(self, evaluation_id):
        """Return an evaluation under the user's own rules, or stop there."""
        self._look_in_all_companies()
        evaluation = request.env["cap.evaluation"].search_fetch(
            [("id", "=", evaluation_id), ("state", "!=", "cancelled")]
        )
        if not evaluation:
            self._stop_not_accessible()
        return evaluation

    def _get_line(self, evaluation, line_id):
        """Return a line of ``evaluation``, kept aside or not, or stop there."""
        lines = request.env["cap.evaluation.line"].with_context(active_test=False)
        line = lines.search(
            [("id", "=", line_id), ("evaluation_id", "=", evaluation.id)]
        ).with_env(request.env)
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

        Pilots may, and staff who may write on it; a facilitator accompanies. What
        follows a validated CAP belongs to who pilots the current one.
        """
        # In sudo: the pilots of a CAP that one sees are no secret, and their partners'
        # own rules would be asked eight times.
        current_sudo = evaluation.sudo()._get_current()
        return request.env.user.partner_id in current_sudo.pilot_ids or (
            evaluation.has_access("write")
        )

    # ----------------------------------------------------------------- writing

    def _try(self, function, *args):
        """Return ``(result, None)``, or ``(None, error)`` with nothing written."""
        try:
            with request.env.cr.savepoint():
                return function(*args), None
        except UserError as error:
            return None, error

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

    # --------------------------------------------------------------- rendering

    def _render_page(self, template, page, problem=None, **values):
        """Render ``template``, which reads ``page``, and what was refused if anything.

        :param page: a :class:`~.pages.base.Page`
        :param problem: the error that stopped what was asked. The template gets its
            words as ``problem``; where it is a :class:`~.forms.base.FieldError`,
            ``errors`` is ``{name of the field: words}``, empty otherwise.
        """
        field = getattr(problem, "field", None)
        return request.render(
            template,
            {
                **self._prepare_portal_layout_values(),
                **page.prepare_layout(),
                "problem": str(problem) if problem else "",
                "errors": {field: str(problem)} if field else {},
                **values,
            },
        )
