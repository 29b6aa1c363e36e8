from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import email_normalize, format_list

from odoo.addons.cap_evaluation.kernel import text

from ...kernel.person import Person
from .cap_offer import TRAINING_KINDS

NAME_LENGTH = 100
EMAIL_LENGTH = 200


class ProjectTask(models.Model):
    """The trainings that help with an action, and the seats booked for it."""

    _inherit = "project.task"

    cap_offer_ids = fields.Many2many(
        "cap.offer",
        "project_task_cap_offer_rel",
        "task_id",
        "offer_id",
        string="Offers that help",
    )
    # Held by the system: ``cap_seat_ids`` shows what the reader may read.
    cap_registration_ids = fields.One2many(
        "event.registration", "cap_task_id", "Registrations", groups=fields.NO_ACCESS
    )
    cap_seat_ids = fields.Many2many(
        "event.registration",
        string="Seats booked",
        compute="_compute_cap_seat_ids",
        groups="event.group_event_registration_desk",
    )
    cap_session_ids = fields.Many2many(
        "event.event",
        string="Sessions to come",
        compute="_compute_cap_session_ids",
        groups="event.group_event_registration_desk",
    )

    @api.depends("cap_registration_ids.state")
    @api.depends_context("uid")
    def _compute_cap_seat_ids(self):
        """Seats of the actions that the reader may read, if they may read seats."""
        readable = self._origin._filtered_access("read")
        for task in self:
            seats_sudo = (task._origin & readable).sudo().cap_registration_ids
            task.cap_seat_ids = seats_sudo.sudo(False)._filtered_access("read")

    @api.depends("cap_offer_ids", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_cap_session_ids(self):
        events = self.env["event.event"]
        sessions = events._cap_get_sessions(self.cap_offer_ids, self.env.companies)
        for task in self:
            companies = task.company_id or self.env.companies
            found = [sessions.get(offer, events) for offer in task.cap_offer_ids]
            task.cap_session_ids = events.concat(*found).filtered(
                lambda session, companies=companies: (
                    not session.company_id or session.company_id in companies
                )
            )

    def _cap_get_trainings(self):
        """Return the offers of these actions that can have sessions."""
        return self.cap_offer_ids.filtered(lambda offer: offer.kind in TRAINING_KINDS)

    # ----------------------------------------------------------------- booking

    def action_book_training(self):
        """Open the booking of seats in a training that helps with this action."""
        self.ensure_one()
        self.check_access("write")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cap_progress_plan.cap_book_training_action"
        )
        action["context"] = {"default_task_id": self.id}
        return action

    def _cap_book_seats(self, session, people, by_staff=False):
        """Book seats in ``session`` for ``people``: the only way to a seat from a plan.

        This action and the session are elevated already, past :meth:`_cap_elevate`:
        portal users have no right on events. A caller outside a request wraps this
        in ``odoo.service.model.retrying``.

        Somebody who has a seat there for this plan keeps it: asking twice, as a
        double click does, books once.

        :param people: list of ``Person``
        :param by_staff: staff see every seat, and are not held to the seats that one
            structure may take
        :return: ``(seats booked now, seats they already had)``
        :raise UserError: when a seat cannot be had; nothing is booked then
        """
        self.ensure_one()
        people = [self._cap_clean_person(person) for person in people]
        self._cap_check_booking(session, people)
        structure = self.cap_plan_partner_id
        booked, kept = session._cap_take_seats(
            people,
            plan=self.project_id,
            by_staff=by_staff,
            cap_task_id=self.id,
            company_name=structure.name,
            partner_id=self.env.user.partner_id.id,
        )
        if booked:
            self._cap_log_booking(session, booked)
        return booked, kept

    @api.model
    def _cap_clean_person(self, person):
        """Return a person whose name and address hold on one line of a mail."""
        return Person(
            text.one_line(person.name), text.one_line(person.email), person.partner_id
        )

    def _cap_check_booking(self, session, people):
        """Raise UserError unless the session suits the action, and people are ours."""
        company = self.project_id.company_id
        if session.cap_offer_id not in self._cap_get_trainings() or (
            session.company_id and session.company_id != company
        ):
            raise UserError(
                self.env._("This session is not one of the trainings of this action.")
            )
        if not people:
            raise UserError(self.env._("Choose at least one person."))
        known = any(person.partner_id for person in people)
        contact_ids = self._cap_get_contacts().ids if known else ()
        for person in people:
            if person.partner_id and person.partner_id not in contact_ids:
                raise UserError(
                    self.env._(
                        "%(name)s is not a contact of this structure.", name=person.name
                    )
                )
            problem = self._cap_find_person_problem(person)
            if problem:
                raise UserError(problem[1])

    @api.model
    def _cap_find_person_problem(self, person):
        """Return ``("name" or "email", what is wrong)``, None where nothing is."""
        if not person.name:
            return "name", self.env._(
                "Write the name of the person at %s.", person.email
            )
        if len(person.name) > NAME_LENGTH:
            return "name", self.env._(
                "This name is longer than %s characters: shorten it.", NAME_LENGTH
            )
        if person.email and (
            not email_normalize(person.email) or len(person.email) > EMAIL_LENGTH
        ):
            return "email", self.env._(
                "“%(email)s” is not an e-mail address: correct it, or leave it empty.",
                email=person.email[:EMAIL_LENGTH],
            )
        return None

    def _cap_log_booking(self, session, seats):
        body = self.env._(
            "Seats booked in “%(session)s”: %(names)s.",
            session=session.name,
            names=format_list(self.env, seats.mapped("name")),
        )
        self._message_log(body=body)

    def _cap_cancel_seat(self, seat):
        """Give up a seat that this plan holds, while its session has not begun.

        This action and the seat are elevated already.

        :raise UserError: for a seat of another plan, or too late
        """
        self.ensure_one()
        if seat.cap_task_id.project_id != self.project_id or not seat.active:
            raise UserError(self.env._("This seat is not one of your plan."))
        session = seat.event_id
        if session._cap_has_begun():
            raise UserError(
                self.env._(
                    "“%(session)s” has already begun: its seats are no longer given "
                    "up here.",
                    session=session.name,
                )
            )
        if seat.state == "cancel":
            return
        session._cap_lock()
        seat.action_cancel()
        self._message_log(
            body=self.env._(
                "Seat given up in “%(session)s”: %(name)s.",
                session=session.name,
                name=seat.name,
            )
        )
