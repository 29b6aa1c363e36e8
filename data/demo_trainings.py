"""The demo's training sessions: to come, full, past; and who goes."""

import datetime as dt
import random
from typing import NamedTuple

from odoo.fields import Command

from odoo.addons.cap_progress_plan.kernel.person import Person

from data.clock import at, moment


class Session(NamedTuple):
    """A session: its offer, in how many days, the town (empty: online), the seats."""

    offer: str
    name: str
    days: int
    town: str
    seats: int
    taken: int


#: OFF-P06 (évaluer son utilité sociale) is left without any date, on purpose.
SESSIONS = (
    Session(
        "OFF-P11",
        "Encadrement technique : transmettre et évaluer",
        80,
        "Valmarec",
        12,
        6,
    ),
    Session(
        "OFF-P11",
        "Encadrement technique : transmettre et évaluer",
        132,
        "Garonzac",
        12,
        2,
    ),
    Session("OFF-P08", "Langage clair, FALC et accessibilité", 38, "", 8, 8),
    Session(
        "OFF-01", "Accompagnement socio-professionnel, niveau 1", 45, "Valmarec", 14, 9
    ),
    Session(
        "OFF-01", "Accompagnement socio-professionnel, niveau 2", 101, "Ourvenne", 14, 3
    ),
    Session("OFF-P02", "Construire et piloter son plan de progrès", 24, "", 16, 11),
    Session(
        "OFF-P02", "Construire et piloter son plan de progrès", -52, "Penvarec", 15, 13
    ),
    Session(
        "OFF-P13", "DUERP et prévention en mise à disposition", 59, "Montferrin", 12, 5
    ),
    Session("OFF-P05", "Mesurer la satisfaction", 66, "Garonzac", 10, 4),
    Session("OFF-P07", "RGPD : les essentiels", 31, "", 20, 7),
    Session(
        "OFF-P03",
        "Administrateurs et administratrices : prendre sa place",
        73,
        "Ourvenne",
        18,
        6,
    ),
    Session("OFF-P04", "Préparer son dialogue de gestion", 94, "", 25, 8),
    Session(
        "OFF-P01",
        "Animer une auto-évaluation CAP participative",
        -165,
        "Valmarec",
        12,
        10,
    ),
    Session(
        "OFF-P14",
        "Égalité femmes-hommes, lutte contre les discriminations",
        87,
        "Caudrebosc",
        14,
        2,
    ),
)
HOURS_A_DAY = 7


def out_of_holidays(day: dt.date) -> dt.date:
    """Return the day, or one three weeks later (seven in summer) in the holidays.

    >>> out_of_holidays(dt.date(2026, 12, 23)), out_of_holidays(dt.date(2026, 7, 23))
    (datetime.date(2027, 1, 13), datetime.date(2026, 9, 10))
    """
    if (day.month, day.day) >= (12, 20) or (day.month, day.day) <= (1, 4):
        return day + dt.timedelta(days=21)
    if (7, 10) <= (day.month, day.day) <= (8, 31):
        return day + dt.timedelta(days=49)
    return day


class Trainings:
    """Makes sessions, and books seats as structures do, from their plans."""

    def __init__(self, env, seed, today, staff, pilot_structure):
        self.env = env
        self.rng = random.Random(f"trainings {seed}")
        self.today = today
        self.staff = staff
        self.pilot_structure = pilot_structure

    def make(self):
        offers = self.env["cap.offer"]._get_by_code([s.offer for s in SESSIONS])
        for session in SESSIONS:
            if session.offer in offers:
                event = self._make_event(session, offers[session.offer])
                self._book(event, session)

    def _make_event(self, session, offer):
        day = out_of_holidays(self.today + dt.timedelta(session.days))
        begin = moment(day, 8).replace(minute=0)
        days = max(1, round((offer.duration_hours or HOURS_A_DAY) / HOURS_A_DAY))
        begin -= dt.timedelta(days=begin.weekday() if days > 2 else 0)
        if begin.weekday() + days > 5:
            begin -= dt.timedelta(days=days - 1)
        return self.env["event.event"].create(
            {
                "name": session.name,
                "cap_offer_id": offer.id,
                "date_begin": begin,
                "date_end": begin + dt.timedelta(days=days - 1, hours=8),
                "date_tz": "Europe/Paris",
                "seats_limited": True,
                "seats_max": session.seats,
                "address_id": self._get_venue(session.town).id,
                "stage_id": self.env.ref("event.event_stage_announced").id,
                "user_id": self.staff["national"].id,
                "lang": self.env.user.lang,
                # Nobody gets a mail from the demo.
                "event_mail_ids": [Command.clear()],
            }
        )

    def _get_venue(self, town):
        """Return the place of a session, none for one online."""
        partners = self.env["res.partner"]
        if not town:
            return partners
        name = f"Maison des associations de {town}"
        if town[0] in "AEIOU":
            name = name.replace(" de ", " d'")
        found = partners.search([("name", "=", name)], limit=1)
        return found or partners.create(
            {
                "name": name,
                "is_company": True,
                "city": town,
                "country_id": self.env.ref("base.fr").id,
            }
        )

    # ------------------------------------------------------------------- bookings

    def _book(self, event, session):
        """Take the seats, one structure after another, before the session begins.

        The structure to look at first has a seat in one session only: the others are
        hers to book.
        """
        left = session.taken
        with at(min(moment(self.today), event.date_begin - dt.timedelta(days=12))):
            for task in self._get_tasks(event.cap_offer_id):
                contacts = task._cap_get_contacts()
                people = self.rng.sample(list(contacts), min(len(contacts), left, 2))
                self._book_seats(event, task, people)
                left -= len(people)
                if not left:
                    break
            if left:
                self._book_without_plan(event, left)
        if event.date_end < moment(self.today):
            event.registration_ids.state = "done"
            event.stage_id = self.env.ref("event.event_stage_done")

    def _get_tasks(self, offer):
        """Return one action per structure that this offer helps with, shuffled."""
        domain = [
            ("cap_offer_ids", "in", offer.ids),
            ("cap_plan_partner_id", "!=", self.pilot_structure.id),
        ]
        tasks = self.env["project.task"].search(domain, order="id")
        first = {task.cap_plan_partner_id: task for task in tasks}
        chosen = list(first.values())
        self.rng.shuffle(chosen)
        return chosen

    def _book_seats(self, event, task, people):
        event._cap_take_seats(
            [Person(p.name, p.email, p.id) for p in people],
            plan=task.project_id,
            by_staff=True,
            cap_task_id=task.id,
            company_name=task.cap_plan_partner_id.name,
        )

    def _book_without_plan(self, event, count):
        """Seats of people whose structure has no plan, booked by the federation."""
        contacts = self.env["res.partner"].search(
            [
                ("parent_id.cap_region_id", "!=", False),
                ("parent_id", "!=", self.pilot_structure.id),
                ("id", "not in", event.registration_ids.partner_id.ids),
            ],
            order="id",
        )
        for person in self.rng.sample(list(contacts), min(count, len(contacts))):
            event._cap_take_seats(
                [Person(person.name, person.email, person.id)],
                company_name=person.parent_id.name,
            )
