from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_list

from odoo.addons.cap_evaluation.tools.dates import format_day


class EventEvent(models.Model):
    _inherit = "event.event"

    cap_offer_id = fields.Many2one(
        "cap.offer",
        "CAP training",
        index="btree_not_null",
        ondelete="set null",
        domain="[('kind', 'in', ('training', 'training_action'))]",
        tracking=True,
        help="This event is a session of that training: structures see it in their "
        "progress plan and book seats there.",
    )

    @api.constrains("cap_offer_id", "is_multi_slots")
    def _check_cap_one_slot(self):
        for event in self:
            if event.cap_offer_id and event.is_multi_slots:
                raise ValidationError(
                    self.env._(
                        "“%(event)s” has several time slots: a session that "
                        "structures book from their plan has one date. Make one event "
                        "per date.",
                        event=event.name,
                    )
                )

    # --------------------------------------------------------------- sessions

    @api.model
    def _cap_get_sessions(self, offers, company=None):
        """Return ``{offer: its sessions to come}``, the nearest first.

        :param company: only its sessions and the shared ones
        """
        domain = [
            ("cap_offer_id", "in", offers.ids),
            ("date_begin", ">", fields.Datetime.now()),
            ("kanban_state", "!=", "cancel"),
            ("stage_id.pipe_end", "=", False),
        ]
        if company:
            domain.append(("company_id", "in", [False, company.id]))
        return self.search(domain, order="date_begin, id").grouped("cap_offer_id")

    def _cap_get_free_seats(self):
        """Return how many seats are left, None where they are not counted."""
        self.ensure_one()
        free = None
        if self.seats_limited and self.seats_max:
            free = max(0, self.seats_available)
        if self.event_ticket_ids:
            tickets = [ticket._cap_get_free_seats() for ticket in self.event_ticket_ids]
            if None not in tickets:
                free = min(sum(tickets), sum(tickets) if free is None else free)
        return free

    def _cap_get_day(self):
        """Return the day this session begins, where it takes place."""
        self.ensure_one()
        return self._cap_to_day(self.date_begin)

    def _cap_to_day(self, moment):
        local = self.with_context(tz=self.date_tz)
        return fields.Datetime.context_timestamp(local, moment).date()

    def _cap_describe(self):
        """Return this session in words, for the pages of the portal.

        ``name`` is its own name where the training's does not say it; ``free`` is a
        number, None where seats are not counted; ``until`` is the last day to
        register, if one is set; ``contact`` is whom to ask, if anybody.
        """
        self.ensure_one()
        closing = [t.end_sale_datetime for t in self.event_ticket_ids]
        until = closing and all(closing) and self._cap_to_day(max(closing))
        return {
            "session": self,
            "name": self.name if self.name != self.cap_offer_id.name else "",
            "when": self._cap_describe_dates(),
            "where": self.address_id.city or self.address_id.name or "",
            "free": self._cap_get_free_seats(),
            "until": until and format_day(self.env, until, "d MMMM"),
            "contact": self._cap_get_contact(),
        }

    def _cap_get_contact(self):
        """Return whom to ask about this session: ``name``, ``phone``, ``email``.

        The person in charge, else the organiser; nothing without either.
        """
        self.ensure_one()
        person = self.user_id.partner_id
        if not person or not self.user_id.active:
            person = self.organizer_id
        return person and {
            "name": person.name or "",
            "phone": person.phone or "",
            "email": person.email or "",
        }

    def _cap_describe_dates(self):
        first, last = self._cap_get_day(), self._cap_to_day(self.date_end)
        end = format_day(self.env, last, "d MMMM y")
        if first == last:
            return end
        same_month = (first.year, first.month) == (last.year, last.month)
        shape = "d" if same_month else "d MMMM"
        start = format_day(self.env, first, shape)
        if (last - first).days == 1:
            return self.env._("%(start)s and %(end)s", start=start, end=end)
        return self.env._("%(start)s to %(end)s", start=start, end=end)

    def _cap_check_bookable(self):
        """Raise UserError unless this is a session that still takes people."""
        self.ensure_one()
        if not self.active or not self.cap_offer_id:
            raise UserError(
                self.env._("This session no longer exists: choose another date.")
            )
        if self.kanban_state == "cancel" or self.stage_id.pipe_end:
            raise UserError(
                self.env._(
                    "“%(session)s” was cancelled: choose another date.",
                    session=self.name,
                )
            )
        if self.date_begin <= fields.Datetime.now():
            raise UserError(
                self.env._(
                    "“%(session)s” has already begun: choose another date.",
                    session=self.name,
                )
            )

    # ---------------------------------------------------------------- booking

    def _cap_take_seats(self, people, **values):
        """Register ``people`` (:class:`Person`), all or none, never overbooking.

        Transactions read a snapshot: two of them can both see the last seat free.
        So the event's row is updated first, then seats are counted. Of two that
        come together the second waits for the first, then fails to serialise and
        must begin again with a fresh snapshot. Odoo does that for every request and
        every RPC call; a script or a cron calls this through
        ``odoo.service.model.retrying(function, env)``, which does the same.

        :param values: given to each ``event.registration``
        :raise UserError: full, past, cancelled, or somebody is registered already
        """
        self.ensure_one()
        self._cap_lock()
        self._cap_check_bookable()
        self._cap_check_not_registered(people, values.get("company_name"))
        ticket = self._cap_check_seats(len(people))
        return (
            self.env["event.registration"]
            .with_context(mail_create_nosubscribe=True, cap_mails_by_cron=True)
            .create(
                [
                    {
                        "event_id": self.id,
                        "event_ticket_id": ticket.id,
                        "name": person.name,
                        "email": person.email,
                        **values,
                        "partner_id": person.partner_id or values.get("partner_id"),
                    }
                    for person in people
                ]
            )
        )

    def _cap_lock(self):
        """Make this event ours until commit, and forget what was read before."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL("UPDATE event_event SET write_date = write_date WHERE id = %s", self.id)
        )
        self.invalidate_recordset()
        self.event_ticket_ids.invalidate_recordset()

    def _cap_check_not_registered(self, people, company):
        """Raise UserError naming those who have a seat already, or come twice."""
        seen, twice = self._cap_get_registered(), []
        for person in people:
            identities = person.identities(company)
            if identities & seen:
                twice.append(person.name)
            seen |= identities
        if twice:
            raise UserError(self._cap_registered_message(twice))

    def _cap_registered_message(self, names):
        if len(names) == 1:
            return self.env._(
                "%(name)s already has a seat in “%(session)s”, or shares an e-mail "
                "address with somebody who has. Take this name off the list, or give "
                "another address.",
                name=names[0],
                session=self.name,
            )
        return self.env._(
            "%(names)s already have a seat in “%(session)s”, or share an e-mail "
            "address with somebody who has. Take these names off the list, or give "
            "other addresses.",
            names=format_list(self.env, names),
            session=self.name,
        )

    def _cap_get_seats(self, structure):
        """Return the seats that ``structure`` holds here for its progress actions."""
        return self.registration_ids.filtered(
            lambda seat: (
                seat.state != "cancel"
                and seat.cap_task_id.cap_plan_partner_id == structure
            )
        ).sorted("id")

    def _cap_get_registered(self):
        """Return what identifies those who have a seat here."""
        identities = set()
        for registration in self.registration_ids:
            if registration.state != "cancel":
                person = registration._cap_get_person()
                identities |= person.identities(registration.company_name)
        return identities

    def _cap_check_seats(self, count):
        """Return the ticket to use, if any; raise UserError without seats for all."""
        free = self._cap_get_free_seats()
        if free is not None and free < count:
            raise UserError(self._cap_full_message(free))
        tickets = self.event_ticket_ids
        fitting = tickets.filtered(lambda ticket: ticket._cap_takes(count))[:1]
        if tickets and not fitting:
            raise UserError(self._cap_closed_message())
        return fitting

    def _cap_closed_message(self):
        contact = self._cap_get_contact()
        if not contact:
            return self.env._(
                "Registration for “%(session)s” is closed, or its seats are split: ask "
                "your regional delegate.",
                session=self.name,
            )
        return self.env._(
            "Registration for “%(session)s” is closed, or its seats are split: ask the "
            "person who organises the session, %(contact)s.",
            session=self.name,
            contact=", ".join(word for word in contact.values() if word),
        )

    def _cap_full_message(self, free):
        if not free:
            return self.env._(
                "“%(session)s” is full: nothing was booked. Choose another date.",
                session=self.name,
            )
        if free == 1:
            return self.env._(
                "“%(session)s” has only one free seat left: nothing was booked. Choose "
                "one person, or another date.",
                session=self.name,
            )
        return self.env._(
            "“%(session)s” has %(free)s free seats left: nothing was booked. Choose "
            "fewer people, or another date.",
            session=self.name,
            free=free,
        )
