from odoo.http import request, route

from odoo.addons.cap_evaluation.kernel.numbers import read_id

from .forms.booking import BookingForm
from .pages.booking import BookedPage, BookingPage
from .plan import CapPlanPortal


class CapBookingPortal(CapPlanPortal):
    """Seats in a training, for people of the structure."""

    @route(
        "/my/cap/<cap_id:evaluation_id>/plan/<cap_id:task_id>/book/<cap_id:offer_id>",
        type="http",
        auth="user",
        website=True,
        methods=["GET", "POST"],
    )
    def cap_book(self, evaluation_id, task_id, offer_id, **post):
        """Choose a session and people, then book; an error keeps what was typed."""
        evaluation, task_sudo = self._get_action(evaluation_id, task_id)
        offer_sudo = task_sudo._cap_get_trainings().filtered(
            lambda offer: offer.id == offer_id
        )
        if not offer_sudo:
            return request.redirect(f"/my/cap/{evaluation_id}/plan")
        form = BookingForm(
            request.env, post, request.httprequest.form.getlist("partner")
        )
        problem = None
        if request.httprequest.method == "POST":
            booking, problem = self._try(
                lambda: task_sudo._cap_book_seats(*form.read(task_sudo))
            )
            if not problem:
                session_sudo = (booking[0] | booking[1]).event_id
                return self._lead_to_booked(evaluation, task_sudo, session_sudo)
        page = BookingPage(evaluation, task_sudo, offer_sudo, form)
        return self._render_page("cap_progress_plan.portal_book", page, problem)

    def _lead_to_booked(self, evaluation, task_sudo, session_sudo):
        return request.redirect(
            f"/my/cap/{evaluation.id}/plan/{task_sudo.id}/booked/{session_sudo.id}",
            code=303,
        )

    @route(
        "/my/cap/<cap_id:evaluation_id>/plan/<cap_id:task_id>/booked/<cap_id:session_id>",
        type="http",
        auth="user",
        website=True,
    )
    def cap_booked(self, evaluation_id, task_id, session_id, **_query):
        """Tell who of the structure has a seat in that session, as it is now."""
        page = self._get_booked(evaluation_id, task_id, session_id)
        return self._render_page("cap_progress_plan.portal_booked", page)

    def _get_booked(self, evaluation_id, task_id, session_id):
        """Return the page of the seats that this plan has, or had, in a session."""
        evaluation, task_sudo = self._get_action(evaluation_id, task_id)
        session_sudo = request.env["event.event"].sudo()
        if read_id(session_id):
            session_sudo = session_sudo.browse(session_id).exists()
        page = BookedPage(evaluation, task_sudo, session_sudo)
        if not page.registrations:
            self._stop_not_accessible()
        return page

    @route(
        "/my/cap/<cap_id:evaluation_id>/plan/<cap_id:task_id>/booked/<cap_id:session_id>/cancel",
        type="http",
        auth="user",
        website=True,
        methods=["POST"],
    )
    def cap_cancel_seat(self, evaluation_id, task_id, session_id, seat="", **_post):
        """Give up one seat of the plan: somebody else may take it."""
        page = self._get_booked(evaluation_id, task_id, session_id)
        seat_sudo = page.registrations.filtered(lambda s: s.id == read_id(seat))
        problem = None
        if seat_sudo:
            _done, problem = self._try(page.task._cap_cancel_seat, seat_sudo)
        if problem:
            return self._render_page("cap_progress_plan.portal_booked", page, problem)
        return self._lead_to_booked(page.evaluation, page.task, page.session)
