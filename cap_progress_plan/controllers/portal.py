from collections import Counter

from odoo import http
from odoo.exceptions import AccessError, UserError
from odoo.http import request

from odoo.addons.cap_evaluation.controllers.evaluate import CapEvaluate
from odoo.addons.cap_evaluation.controllers.forms.line import LineForm
from odoo.addons.cap_evaluation.controllers.pages.line import LinePage

from ..kernel.person import Person
from ..models.plan.cap_action_model import describe_number
from .action_form import ActionForm
from .plan_page import PlanPage

NEW_PEOPLE = 3
MAX_PEOPLE = 20


class CapPlanPortal(CapEvaluate):
    """The progress plan on the portal: plain forms, one gate, then elevated records.

    Every route first reads the evaluation under the user's own rules, then asks it
    whether this person may act on the plan; only then does it see the project.
    """

    def _get_plan(self, evaluation_id):
        """Return the evaluation, and its structure's plan, elevated (maybe none)."""
        evaluation = self._get_evaluation(evaluation_id)
        try:
            evaluation._check_plan_access()
        except AccessError:
            self._stop_not_accessible()
        return evaluation, evaluation._get_plan_sudo()

    def _get_action(self, evaluation_id, task_id):
        """Return the evaluation and one action of its plan, elevated."""
        evaluation, _plan_sudo = self._get_plan(evaluation_id)
        task = request.env["project.task"].browse(task_id)
        try:
            task_sudo = task._cap_elevate(evaluation)
        except AccessError:
            self._stop_not_accessible()
        return evaluation, task_sudo

    def _render_plan(self, template, page, problem=None, **values):
        return self._render_page(
            f"cap_progress_plan.{template}", page, problem, **values
        )

    # -------------------------------------------------------------------- plan

    @http.route(
        "/my/cap/<int:evaluation_id>/plan", type="http", auth="user", website=True
    )
    def cap_plan(self, evaluation_id, **query):
        """Show the plan, or how to get one."""
        evaluation, plan_sudo = self._get_plan(evaluation_id)
        counts = {
            name: int(query[name])
            for name in ("added", "kept", "dropped")
            if query.get(name, "").isdigit()
        }
        return self._render_plan(
            "portal_plan",
            PlanPage(evaluation, plan_sudo),
            generated=counts and evaluation._describe_generation(Counter(counts)),
            updated="updated" in query,
            created="created" in query,
        )

    @http.route(
        "/my/cap/<int:evaluation_id>/plan/create",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def cap_plan_create(self, evaluation_id, **_form):
        """Generate the plan, or add to it what is missing."""
        evaluation, _plan_sudo = self._get_plan(evaluation_id)
        outcomes, problem = self._try(evaluation._generate_plans)
        if problem:
            page = PlanPage(evaluation, evaluation._get_plan_sudo())
            return self._render_plan("portal_plan", page, problem=problem)
        ((_plan, counts),) = outcomes.values()
        query = "&".join(f"{name}={count}" for name, count in counts.items())
        return request.redirect(
            f"/my/cap/{evaluation_id}/plan?{query or 'added=0'}", code=303
        )

    # ------------------------------------------------------------------ action

    @http.route(
        "/my/cap/<int:evaluation_id>/plan/<int:task_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def cap_action(self, evaluation_id, task_id, **form):
        """Show one action with the form that updates it."""
        evaluation, task_sudo = self._get_action(evaluation_id, task_id)
        problem = None
        if request.httprequest.method == "POST":
            _done, problem = self._try(self._update, task_sudo, form)
            if not problem:
                return request.redirect(
                    f"/my/cap/{evaluation_id}/plan?updated=1", code=303
                )
        return self._render_plan(
            "portal_action",
            PlanPage(evaluation, task_sudo.project_id),
            plan_action=task_sudo,
            problem=problem,
            contacts=task_sudo._cap_get_contacts() | task_sudo.cap_owner_id,
            values={**self._get_action_values(task_sudo), **form},
        )

    def _get_action_values(self, task_sudo):
        """Return what the form of an action holds before anybody types."""
        due = task_sudo._cap_get_due()
        unnamed = task_sudo._cap_is_unnamed()
        return {
            "status": task_sudo.cap_status,
            "name": "" if unnamed else task_sudo.name,
            "due": due.isoformat() if due else "",
            "owner": str(task_sudo.cap_owner_id.id or ""),
            "effort": describe_number(request.env, task_sudo.cap_effort_days),
            "target": str(task_sudo.cap_target_level_id.id or ""),
            "indicator": task_sudo.cap_success_indicator or "",
            "note": "",
        }

    def _update(self, task_sudo, form):
        task_sudo._cap_update(**ActionForm(request.env, form).read_update(task_sudo))

    @http.route(
        "/my/cap/<int:evaluation_id>/plan/new",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def cap_action_new(self, evaluation_id, **form):
        """Add an action that the CAP did not ask for."""
        evaluation, plan_sudo = self._get_plan(evaluation_id)
        page = PlanPage(evaluation, plan_sudo)
        problem = None
        if request.httprequest.method == "POST":
            _task, problem = self._try(self._add, page, form)
            if not problem:
                return request.redirect(
                    f"/my/cap/{evaluation_id}/plan?created=1", code=303
                )
        return self._render_plan(
            "portal_action_new",
            page,
            problem=problem,
            values={
                "objective": "",
                "name": "",
                "due": "",
                "owner": str(evaluation._get_plan_owner().id or ""),
                **form,
            },
        )

    def _add(self, page, form):
        reader = ActionForm(request.env, {"name": "", **form})
        return page.evaluation._add_plan_action(
            reader.read_objective(page.objectives),
            reader.read_name(),
            reader.read_due(),
            reader.read_owner(page.contacts),
        )

    # ----------------------------------------------------------------- booking

    @http.route(
        "/my/cap/<int:evaluation_id>/plan/<int:task_id>/book/<int:offer_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def cap_book(self, evaluation_id, task_id, offer_id, **form):
        """Choose a session and people, then book; an error keeps what was typed."""
        evaluation, task_sudo = self._get_action(evaluation_id, task_id)
        page = PlanPage(evaluation, task_sudo.project_id)
        offer_sudo = task_sudo.cap_offer_ids.filtered(lambda o: o.id == offer_id)
        if not offer_sudo:
            return request.redirect(f"/my/cap/{evaluation_id}/plan")
        problem = None
        if request.httprequest.method == "POST":
            session, problem = self._try(self._book, evaluation, task_sudo, form)
            if session:
                return request.redirect(
                    f"/my/cap/{evaluation_id}/plan/{task_id}/booked/{session}",
                    code=303,
                )
        sessions = page._get_sessions(offer_sudo).get(offer_sudo, ())
        return self._render_plan(
            "portal_book",
            page,
            plan_action=task_sudo,
            offer=offer_sudo,
            sessions=page.describe_sessions(sessions),
            seated=page.describe_seated(sessions),
            contacts=task_sudo._cap_get_contacts(),
            chosen=set(request.httprequest.form.getlist("partner")),
            new_people=range(1, NEW_PEOPLE + 1),
            values=form,
            problem=problem,
        )

    def _book(self, evaluation, task_sudo, form):
        """Book what the form asks for; return the end of the address that tells it.

        :raise UserError: when a seat cannot be had
        """
        number = form.get("session", "")
        session = request.env["event.event"].browse(
            int(number) if number.isdigit() else []
        )
        if not session.sudo().exists():
            raise UserError(request.env._("Choose a date."))
        task = request.env["project.task"].browse(task_sudo.id)
        people = self._read_people(task_sudo, form)
        _booked, kept = task._cap_book_seats(evaluation, session, people)
        return f"{session.id}?kept={','.join(map(str, kept.ids))}"

    def _read_people(self, task_sudo, form):
        """Return the people of the form: contacts that are ticked, names typed."""
        ticked = set(request.httprequest.form.getlist("partner")[:MAX_PEOPLE])
        people = [
            Person(contact.name, contact.email or "", contact.id)
            for contact in task_sudo._cap_get_contacts()
            if str(contact.id) in ticked
        ]
        for number in range(1, NEW_PEOPLE + 1):
            name = form.get(f"name_{number}", "").strip()
            email = form.get(f"email_{number}", "").strip()
            if email and not name:
                raise UserError(
                    request.env._("Write the name of the person at %s.", email)
                )
            if name:
                people.append(Person(name, email))
        return people

    @http.route(
        "/my/cap/<int:evaluation_id>/plan/<int:task_id>/booked/<int:session_id>",
        type="http",
        auth="user",
        website=True,
    )
    def cap_booked(self, evaluation_id, task_id, session_id, kept="", **_query):
        """Confirm: who of the structure has a seat in that session."""
        evaluation, task_sudo = self._get_action(evaluation_id, task_id)
        session_sudo = request.env["event.event"].sudo().browse(session_id).exists()
        registrations_sudo = session_sudo._cap_get_seats(task_sudo.cap_plan_partner_id)
        if not registrations_sudo:
            return request.redirect(f"/my/cap/{evaluation_id}/plan")
        page = PlanPage(evaluation, task_sudo.project_id)
        return self._render_plan(
            "portal_booked",
            page,
            plan_action=task_sudo,
            registrations=registrations_sudo,
            kept={int(number) for number in kept.split(",") if number.isdigit()},
            session=session_sudo._cap_describe(),
        )

    # ------------------------------------------------------------ action model

    @http.route(
        "/my/cap/<int:evaluation_id>/line/<int:line_id>/model",
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
