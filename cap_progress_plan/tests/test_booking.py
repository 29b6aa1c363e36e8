import datetime as dt
import re
from unittest.mock import patch

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, users

from ..kernel.person import Person
from .common import PlanCommon


class TestBooking(PlanCommon):
    """Seats for named people: all or none, for one's own action, while it is time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.evaluation = cls.make_evaluation(levels={"1.1.1.1": 1})
        cls.plan = cls.make_plan(cls.evaluation)
        cls.task = cls.plan.task_ids
        cls.session = cls.make_session(seats=2)

    def book(self, *people, **where):
        """Return the seats that are booked now."""
        booked, _kept = self.book_or_keep(*people, **where)
        return booked

    def book_or_keep(
        self, *people, session=None, user=None, task=None, evaluation=None
    ):
        user = user or self.user_pilot
        evaluation = (evaluation or self.evaluation).with_user(user)
        task_sudo = (task or self.task).with_user(user)._cap_elevate(evaluation)
        session_sudo = (session or self.session).with_user(user).sudo()
        return task_sudo._cap_book_seats(session_sudo, list(people))

    def assertRefused(self, words, *people, **where):
        """Check that the booking is refused with these words and takes no seat."""
        session = where.get("session") or self.session
        before = session.registration_ids
        with self.assertRaisesRegex(UserError, words), self.env.cr.savepoint():
            self.book(*people, **where)
        session.invalidate_recordset()
        self.assertEqual(session.registration_ids, before)

    def test_seats_for_a_contact_and_a_name(self):
        contact = Person(self.contact.name, self.contact.email, self.contact.id)
        seats = self.book(contact, Person("Élève Nouvelle", "new@example.org"))
        self.assertEqual(seats.mapped("name"), ["Known Contact", "Élève Nouvelle"])
        self.assertEqual(
            seats.mapped("email"), ["known@example.org", "new@example.org"]
        )
        self.assertEqual(seats.partner_id, self.contact | self.user_pilot.partner_id)
        self.assertEqual(set(seats.mapped("state")), {"open"})
        self.assertEqual(seats.cap_task_id, self.task)
        self.assertEqual(set(seats.mapped("company_name")), {"Atelier des Tests"})
        self.assertEqual(self.session.seats_available, 0)
        self.assertIn("Known Contact and Élève Nouvelle", self.task.message_ids[0].body)
        self.assertEqual(self.task.message_ids[0].author_id, self.user_pilot.partner_id)

    def test_full_session(self):
        self.book(*self.people("A", "B"))
        self.assertRefused("is full: nothing was booked", Person("C"))

    def test_more_people_than_seats(self):
        self.assertRefused("has 2 free seats left", *self.people("A", "B", "C"))

    def test_without_a_limit(self):
        session = self.make_session(seats=0)
        self.book(*self.people(*"ABCDE"), session=session)
        self.assertEqual(len(session.registration_ids), 5)

    def test_past_cancelled_and_foreign_sessions(self):
        past = self.make_session(days=-3)
        self.assertRefused("already begun", Person("A"), session=past)
        cancelled = self.make_session(kanban_state="cancel")
        self.assertRefused("was cancelled", Person("A"), session=cancelled)
        ended = self.make_session(stage_id=self.env.ref("event.event_stage_done").id)
        self.assertRefused("was cancelled", Person("A"), session=ended)
        archived = self.make_session(active=False)
        self.assertRefused("no longer exists", Person("A"), session=archived)
        other = self.make_session(
            offer=self.env["cap.offer"].create({"code": "T-9", "name": "Other"})
        )
        self.assertRefused("not one of the trainings", Person("A"), session=other)

    def test_a_session_that_begins_now_is_too_late(self):
        with freeze_time(self.session.date_begin):
            self.assertRefused("already begun", Person("A"))

    def test_somebody_registered_already(self):
        self.book(Person("Ana", "ana@example.org"))
        self.assertRefused("already has a seat", Person("A. Diaz", "ANA@example.org "))
        self.session.seats_max = 9
        self.assertRefused(
            "^A. Diaz and B. Diaz already have a seat",
            *(Person(name, "ana@example.org") for name in ("A. Diaz", "B. Diaz")),
        )

    def test_asking_again_keeps_the_seats(self):
        """A double click, or the form sent again, even once the session is full."""
        ana = Person("Ana", "ana@example.org")
        contact = Person(self.contact.name, self.contact.email, self.contact.id)
        seats = self.book(ana, contact)
        self.contact.email = "new@example.org"
        messages = self.task.message_ids
        booked, kept = self.book_or_keep(
            Person(" ana ", "ANA@example.org"),
            contact._replace(email="new@example.org"),
        )
        self.assertFalse(booked)
        self.assertEqual(kept, seats)
        self.assertEqual(self.task.message_ids, messages)
        self.assertEqual(len(self.session.registration_ids), 2)

    def test_only_those_without_a_seat_are_booked(self):
        first = self.book(Person("No Address"))
        booked, kept = self.book_or_keep(Person("no  address"), Person("Marc"))
        self.assertEqual(booked.mapped("name"), ["Marc"])
        self.assertEqual(kept, first)
        self.assertEqual(self.session.seats_available, 0)
        self.assertIn("”: Marc.", self.task.message_ids[0].body)

    def test_a_seat_for_another_action_of_the_structure_is_ours(self):
        seat = self.book(Person("Ana"))
        other = self.make_plan(self.evaluation, **{"1.1.1.2": "Second"}).task_ids
        other = other.filtered(lambda task: task.name == "Second")
        other.cap_offer_ids = self.training
        booked, kept = self.book_or_keep(Person("Ana"), task=other)
        self.assertEqual((booked, kept), (seat.browse(), seat))

    def test_somebody_elses_registration_is_not_told(self):
        """At the desk, or by another structure: whose address it is says nothing."""
        self.session.seats_max = 4
        self.env["event.registration"].create(
            {"event_id": self.session.id, "name": "Ana", "email": "ana@example.org"}
        )
        for email in ("ana@example.org", "marc@example.org"):
            booked, kept = self.book_or_keep(Person(email, email))
            self.assertEqual((booked.mapped("email"), len(kept)), ([email], 0))

    def test_staff_see_every_seat(self):
        self.session.seats_max = 4
        self.env["event.registration"].create(
            {"event_id": self.session.id, "name": "Ana", "email": "ana@example.org"}
        )
        with self.assertRaisesRegex(UserError, "^Ana already has a seat"):
            self.task._cap_book_seats(
                self.session, [Person("Ana", "ana@example.org")], by_staff=True
            )

    def test_twice_in_one_form(self):
        self.assertRefused(
            "already has a seat", Person("A", "a@x.org"), Person("B", "a@x.org")
        )

    def test_namesakes_of_two_structures_both_come(self):
        self.book(Person("Some Body"))
        evaluation = self.make_evaluation(self.other_structure)
        plan = self.make_plan(evaluation)
        self.book(
            Person("Some Body"),
            user=self.user_other_pilot,
            task=plan.task_ids,
            evaluation=evaluation,
        )
        self.assertEqual(len(self.session.registration_ids), 2)

    def test_a_cancelled_seat_can_be_taken_again(self):
        seats = self.book(Person("A", "a@x.org"), Person("B", "b@x.org"))
        seats[0].action_cancel()
        self.book(Person("A", "a@x.org"))
        self.assertEqual(self.session.seats_available, 0)

    def test_nobody_and_wrong_people(self):
        self.assertRefused("at least one person")
        self.assertRefused("not an e-mail address", Person("A", "not-an-address"))
        stranger = self.user_other_pilot.partner_id
        self.assertRefused(
            "not a contact of this structure", Person("X", "", stranger.id)
        )

    def test_another_structure_cannot_use_our_action(self):
        evaluation = self.make_evaluation(self.other_structure)
        with self.assertRaisesRegex(AccessError, "another structure"):
            self.book(Person("A"), user=self.user_other_pilot, evaluation=evaluation)
        with self.assertRaises(AccessError):
            self.book(Person("A"), user=self.user_other_pilot)
        with self.assertRaises(AccessError):
            self.book(Person("A"), user=self.user_portal)
        self.assertFalse(self.session.registration_ids)

    def test_tickets(self):
        now = fields.Datetime.now()
        over, open_ticket = self.env["event.event.ticket"].create(
            [
                {
                    "event_id": self.session.id,
                    "name": "Early",
                    "end_sale_datetime": now - dt.timedelta(days=1),
                    "seats_max": 5,
                },
                {"event_id": self.session.id, "name": "Members", "seats_max": 1},
            ]
        )
        self.assertRefused("has only one free seat left", *self.people("A", "B"))
        self.assertEqual(self.book(Person("A")).event_ticket_id, open_ticket)
        self.assertRefused("is full", Person("B"))
        self.assertFalse(over.registration_ids)

    def test_closed_tickets(self):
        self.env["event.event.ticket"].create(
            {
                "event_id": self.session.id,
                "name": "Early",
                "end_sale_datetime": fields.Datetime.now() - dt.timedelta(days=1),
            }
        )
        self.assertRefused("is full|is closed", Person("A"))

    def test_who_to_ask_about_a_session(self):
        staff = self.user_animator
        staff.partner_id.write({"phone": "05 00 00 00 00", "email": "c@example.org"})
        self.session.write({"user_id": staff.id, "organizer_id": self.structure.id})
        self.env["event.event.ticket"].create(
            [
                {"event_id": self.session.id, "name": name, "seats_max": 1}
                for name in ("One", "Two")
            ]
        )
        contact = f"{staff.name}, 05 00 00 00 00, c@example.org"
        self.assertRefused(f"is closed.*{re.escape(contact)}", *self.people("A", "B"))
        self.session.user_id = False
        self.assertEqual(self.session._cap_get_contact()["name"], self.structure.name)
        self.session.organizer_id = False
        self.assertFalse(self.session._cap_get_contact())
        self.assertRefused("ask your regional delegate", *self.people("A", "B"))

    def test_the_sessions_own_name_is_told_when_it_says_more(self):
        self.assertEqual(self.session._cap_describe()["name"], "Session")
        self.session.name = self.training.name
        self.assertEqual(self.session._cap_describe()["name"], "")

    def test_mails_are_left_to_the_schedulers(self):
        """No PDF, no mail in the call; the cron sends the confirmation after."""
        self.assertTrue(self.session.event_mail_ids)
        cron = self.env.ref("event.event_mail_scheduler")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        mails = self.env["mail.mail"].search([])
        report = self.env.registry["ir.actions.report"]
        with patch.object(report, "_render_qweb_pdf") as render:
            self.book(Person("Ana", "ana@example.org"))
            self.env.flush_all()
        render.assert_not_called()
        self.assertEqual(self.env["mail.mail"].search([]), mails)
        self.assertGreater(
            self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)]), triggers
        )
        with patch.object(report, "_render_qweb_pdf", return_value=(b"", "pdf")):
            self.env["event.mail"].schedule_communications()
        sent = self.env["mail.mail"].search([]) - mails
        self.assertEqual(len(sent), 1)
        self.assertIn("ana@example.org", sent.email_to or "")

    def test_registering_elsewhere_is_as_odoo_does(self):
        schedulers = self.env.registry["event.mail"]
        with patch.object(schedulers, "execute", autospec=True) as execute:
            self.env["event.registration"].create(
                {"event_id": self.session.id, "name": "At the desk"}
            )
        self.assertTrue(execute.called)

    def test_a_session_has_one_date(self):
        with self.assertRaisesRegex(ValidationError, "several time slots"):
            self.session.is_multi_slots = True

    def test_sessions_shown_on_the_action(self):
        self.make_session(days=-2)
        self.make_session(kanban_state="cancel")
        later = self.make_session(days=90)
        self.task.invalidate_recordset()
        self.assertEqual(self.task.cap_session_ids, self.session | later)
        self.assertEqual(self.training.cap_session_count, 2)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        later.company_id = company
        sessions = self.env["event.event"]._cap_get_sessions(
            self.training, self.env.company
        )
        self.assertEqual(sessions[self.training], self.session)

    def test_an_existing_event_is_adopted(self):
        event = self.env["event.event"].create(
            {
                "name": "Already there",
                "date_begin": fields.Datetime.now() + dt.timedelta(days=9),
                "date_end": fields.Datetime.now() + dt.timedelta(days=10),
            }
        )
        with Form(event, "event.view_event_form") as form:
            form.cap_offer_id = self.training
        self.assertIn(event, self.task.cap_session_ids)

    def test_words_of_a_session(self):
        begin = dt.datetime(2027, 2, 9, 8)
        cases = [
            (begin + dt.timedelta(hours=8), "9 February 2027"),
            (begin + dt.timedelta(days=1), "9 and 10 February 2027"),
            (begin + dt.timedelta(days=2), "9 to 11 February 2027"),
            (begin + dt.timedelta(days=30), "9 February to 11 March 2027"),
            (begin + dt.timedelta(hours=15, minutes=30), "9 and 10 February 2027"),
        ]
        for end, expected in cases:
            with self.subTest(expected=expected):
                self.session.write({"date_begin": begin, "date_end": end})
                described = self.session._cap_describe()
                self.assertEqual(described["when"], expected)

    def test_the_first_of_a_month_in_french(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        begin = dt.datetime(2027, 2, 1, 8)
        session = self.session.with_context(lang="fr_FR")
        session.write({"date_begin": begin, "date_end": begin + dt.timedelta(hours=8)})
        self.assertEqual(session._cap_describe()["when"], "1er février 2027")
        session.date_end = begin + dt.timedelta(days=10)
        self.assertIn("1er", session._cap_describe()["when"])
        self.assertNotIn("11er", session._cap_describe()["when"])

    # ------------------------------------------------- what one structure takes

    def test_one_structure_takes_a_few_seats(self):
        session = self.make_session(seats=30)
        self.book(*self.people("A", "B", "C"), session=session)
        self.assertRefused(
            "5 seats of a session at most", *self.people("D", "E", "F"), session=session
        )
        settings = self.env["ir.config_parameter"]
        for value, limit in (("6", 6), ("0", 5), ("-3", 5), ("many", 5), ("²", 5)):
            settings.set_param("cap_progress_plan.seats_per_structure", value)
            self.assertEqual(session._cap_get_limit(), limit)
        settings.set_param("cap_progress_plan.seats_per_structure", "6")
        self.book(*self.people("D", "E", "F"), session=session)
        booked, _kept = self.task._cap_book_seats(
            session, self.people("G", "H"), by_staff=True
        )
        self.assertEqual(len(booked), 2)

    def test_giving_up_to_begin_again_has_an_end(self):
        session = self.make_session(seats=30)
        task_sudo = self.task.with_user(self.user_pilot).sudo()
        for turn in range(4):
            names = (f"{name} {turn}" for name in "ABCDE")
            seats = self.book(*self.people(*names), session=session)
            for seat in seats:
                task_sudo._cap_cancel_seat(seat)
        self.assertRefused("at most", Person("Once more"), session=session)

    def test_give_up_a_seat(self):
        seat = self.book(Person("A"))
        task_sudo = self.task.with_user(self.user_pilot).sudo()
        task_sudo._cap_cancel_seat(seat)
        self.assertEqual(seat.state, "cancel")
        self.assertEqual(self.session.seats_available, 2)
        self.assertIn("Seat given up", self.task.message_ids[0].body)
        other = self.make_plan(self.make_evaluation(self.other_structure)).task_ids
        with self.assertRaisesRegex(UserError, "not one of your plan"):
            other._cap_cancel_seat(self.book(Person("B")))
        last = self.book(Person("C"))
        with freeze_time(self.session.date_begin):
            with self.assertRaisesRegex(UserError, "already begun"):
                task_sudo._cap_cancel_seat(last)

    def test_names_and_addresses_hold_on_one_line(self):
        seat = self.book(
            Person("Ana\r\nBcc: x@example.org", "ana@exa\u200bmple.org\r\n")
        )
        self.assertEqual(seat.name, "Ana Bcc: x@example.org")
        self.assertEqual(seat.email, "ana@example.org")
        self.assertRefused("longer than 100 characters", Person("A" * 101))
        self.assertRefused("not an e-mail", Person("B", "b\r\nc@x.org, d@x.org"))

    def test_composed_and_decomposed_accents_are_one_person(self):
        self.book(Person("Zo\u00e9"))
        booked, kept = self.book_or_keep(Person("Zoe\u0301"))
        self.assertEqual((len(booked), len(kept)), (0, 1))

    # ------------------------------------------------------- what a session tells

    def test_times_of_day_are_those_of_the_place(self):
        begin = dt.datetime(2027, 2, 9, 8, 30)
        self.session.write(
            {"date_begin": begin, "date_end": begin + dt.timedelta(hours=7.5)}
        )
        for zone in ("Europe/Paris", "America/Cayenne"):
            described = self.session.with_context(tz=zone)._cap_describe()
            self.assertEqual(described["hours"], "9:30 to 17:00")

    def test_a_confirmation_is_promised_where_one_is_sent(self):
        self.assertTrue(self.session._cap_sends_confirmation())
        self.session.event_mail_ids.filtered(
            lambda mail: mail.interval_type == "after_sub"
        ).unlink()
        self.assertFalse(self.session._cap_sends_confirmation())

    def test_a_session_says_whether_it_is_offered(self):
        self.assertIn("book it", self.session.cap_offered)
        self.session.kanban_state = "cancel"
        self.assertIn("was cancelled", self.session.cap_offered)
        self.session.write({"kanban_state": "normal", "cap_offer_id": False})
        self.assertFalse(self.session.cap_offered)

    def test_a_priced_seat_is_not_given_away(self):
        """The sale of tickets is a module of Odoo: what it adds is stood in for."""
        self.env["event.event.ticket"].create(
            {"event_id": self.session.id, "name": "Members"}
        )
        ticket = self.env.registry["event.event.ticket"]
        with patch.object(ticket, "_cap_get_price", lambda _self: 60.0):
            self.assertRefused("costs .*60.00.*not bought here", Person("A"))
            described = self.session._cap_describe()
            self.assertEqual((described["free"], bool(described["price"])), (0, True))
        self.book(Person("A"))

    # ------------------------------------------------------------------ wizard

    @users("cap_animator")
    def test_wizard(self):
        task = self.task.with_user(self.env.user)
        action = task.action_book_training()
        self.assertEqual(action["res_model"], "cap.book.training")
        form = Form(self.env["cap.book.training"].with_context(**action["context"]))
        self.assertEqual(form.session_id, self.session)
        form.partner_ids = self.contact
        form.new_people = "Élève Nouvelle, new@example.org"
        result = form.save().action_book()
        self.assertEqual(
            result["params"]["message"],
            "Seats booked for Known Contact and Élève Nouvelle.",
        )
        result = form.save().action_book()
        self.assertEqual(
            result["params"]["message"],
            "Known Contact and Élève Nouvelle already have a seat.",
        )
        self.assertEqual(
            sorted(task.cap_seat_ids.mapped("name")),
            ["Known Contact", "Élève Nouvelle"],
        )

    def test_wizard_for_another_region_is_refused(self):
        wizard = self.env["cap.book.training"].with_user(self.user_other_animator)
        booking = wizard.sudo().create(
            {"task_id": self.task.id, "session_id": self.session.id, "new_people": "A"}
        )
        with self.assertRaises(AccessError):
            booking.with_user(self.user_other_animator).action_book()
        self.assertFalse(self.session.registration_ids)

    @users("cap_pilot", "cap_employee")
    def test_wizard_is_for_staff(self):
        with self.assertRaises(AccessError):
            self.env["cap.book.training"].create({"task_id": self.task.id})
        with self.assertRaises(AccessError):
            self.task.with_user(self.env.user).action_book_training()
