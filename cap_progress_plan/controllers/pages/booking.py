from functools import cached_property

from odoo.tools import format_list

from .base import BasePlanPage


class BookingPage(BasePlanPage):
    """The form that books a training for people of the structure.

    :param form: what was posted, empty at first
    """

    def __init__(self, evaluation, task_sudo, offer_sudo, form):
        super().__init__(evaluation, task_sudo.project_id)
        self.task = task_sudo
        self.offer = offer_sudo
        self.form = form

    @cached_property
    def sessions(self):
        """The dates to come, in words, with who of the structure has a seat there."""
        sessions = self.plan.env["event.event"]._cap_get_sessions(
            self.offer, self.plan.company_id
        )
        return [
            {
                **session._cap_describe(),
                "seated": format_list(
                    self.env, self._get_seats(session).mapped("name")
                ),
            }
            for session in sessions.get(self.offer, ())
        ]

    @cached_property
    def bookable(self):
        """Those of the dates where a seat is left to book here."""
        return [session for session in self.sessions if session["free"] != 0]

    @cached_property
    def limit_text(self):
        """Say how many seats of a session one structure books."""
        return self.env._(
            "A structure books %(limit)s seats of a session at most.",
            limit=self.plan.env["event.event"]._cap_get_limit(),
        )

    @cached_property
    def picked(self):
        """The date that is ticked: the one posted, or the only one."""
        posted = self.form.get_text("session")
        if posted or len(self.bookable) != 1:
            return posted
        return str(self.bookable[0]["session"].id)

    @cached_property
    def _seats(self):
        return self.plan._cap_get_seats().grouped("event_id")

    def _get_seats(self, session):
        return self._seats.get(session, self.plan.env["event.registration"])

    @cached_property
    def contacts(self):
        """The people known at the structure."""
        return self.task._cap_get_contacts()

    @cached_property
    def seated(self):
        """Return ``{contact id: the dates they have a seat for}``, in words."""
        seated = {}
        for session in self.sessions:
            for seat in self._get_seats(session["session"]):
                person = seat._cap_get_person()
                if person.partner_id:
                    seated.setdefault(person.partner_id, []).append(session["when"])
        return {
            contact: format_list(self.env, dates) for contact, dates in seated.items()
        }

    @cached_property
    def confirms(self):
        """Tell whether each date that can be booked sends a confirmation."""
        return all(s["session"]._cap_sends_confirmation() for s in self.bookable)


class BookedPage(BasePlanPage):
    """Who of the structure has a seat in a session, as the database tells it now."""

    def __init__(self, evaluation, task_sudo, session_sudo):
        super().__init__(evaluation, task_sudo.project_id)
        self.task = task_sudo
        self.session = session_sudo

    @cached_property
    def registrations(self):
        """The seats of this plan there, those that were given up included."""
        return self.session.registration_ids.filtered(
            lambda seat: seat.cap_task_id.project_id == self.plan
        ).sorted("id")

    @cached_property
    def seats(self):
        """The seats that people have."""
        return self.registrations.filtered(lambda seat: seat.state != "cancel")

    @cached_property
    def given_up(self):
        """The seats that were given up."""
        return self.registrations - self.seats

    @cached_property
    def described(self):
        """This session in words."""
        return self.session._cap_describe()

    @cached_property
    def confirms(self):
        """Tell whether those who have an address get a confirmation."""
        return self.session._cap_sends_confirmation()

    @cached_property
    def can_cancel(self):
        """Tell whether a seat can still be given up here."""
        return not self.session._cap_has_begun()
