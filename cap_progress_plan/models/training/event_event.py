from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL, format_amount, format_list

from odoo.addons.cap_evaluation.kernel.numbers import read_id
from odoo.addons.cap_evaluation.tools.dates import format_day

from ...tools.words import describe_clock
from .res_config_settings import SEATS_PARAMETER, SEATS_PER_STRUCTURE

#: Registrations of one structure in one session, given up ones included: each one
#: sends mails, and giving up to begin again has an end.
CHANGES_OF_MIND = 4


class EventEvent(models.Model):
    """An event that is a session of a CAP training: structures book it from a plan.

    ``cap_offer_id`` makes it one. It is **offered** while it is to come, not
    cancelled, and, where Odoo's website publishes events, published: an event that is
    being prepared is nobody's yet (:meth:`_cap_get_offered_domain`, said on its form by
    ``cap_offered``). A structure sees the sessions of the company that follows it, and
    those without a company.

    A **booking** has one way in, ``project.task._cap_book_seats``: past one gate, all
    is elevated. It ends in :meth:`_cap_take_seats`, which holds the event's row, then
    counts, then registers all the people or none: never overbooked, whatever meets it.

    What a booking tells is what its structure knows: seats of its own plan. Whether
    somebody else's address has a seat is not told; such a double is for the organiser
    to see. A structure takes a few seats of one session (a setting), staff the rest.

    A ticket that costs something is never given away: its session says the price and
    whom to ask, and the order is made where Odoo sells tickets.
    """

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
    cap_offered = fields.Char("In progress plans", compute="_compute_cap_offered")

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

    @api.depends("cap_offer_id", "date_begin", "kanban_state", "stage_id", "active")
    def _compute_cap_offered(self):
        """Say whether structures can book this session today, else why not."""
        for event in self:
            event.cap_offered = ""
            if event.cap_offer_id:
                event.cap_offered = event._cap_find_closed() or self.env._(
                    "Structures see this session and book it."
                )

    # --------------------------------------------------------------- sessions

    @api.model
    def _cap_get_offered_domain(self):
        """Return the events that are still to come, for everybody to see."""
        domain = (
            Domain("date_begin", ">", fields.Datetime.now())
            & Domain("kanban_state", "!=", "cancel")
            & Domain("stage_id.pipe_end", "=", False)
        )
        # Odoo's website is not one of our modules: maybe there is no publishing.
        if "is_published" in self._fields:
            domain &= Domain("is_published", "=", True)
        return domain

    @api.model
    def _cap_get_sessions(self, offers, companies):
        """Return ``{offer: its sessions to come}``, the nearest first.

        :param companies: whose sessions; those without a company are everybody's
        """
        domain = self._cap_get_offered_domain() & (
            Domain("cap_offer_id", "in", offers.ids)
            & Domain("company_id", "in", [False, *companies.ids])
        )
        sessions = self.search_fetch(domain, order="date_begin, id")
        return sessions.grouped("cap_offer_id")

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

    def _cap_to_local(self, moment):
        """Return a moment as the clocks of this session's place tell it."""
        local = self.with_context(tz=self.date_tz)
        return fields.Datetime.context_timestamp(local, moment)

    def _cap_to_day(self, moment):
        return self._cap_to_local(moment).date()

    def _cap_describe(self):
        """Return this session in words, for the pages of the portal.

        ``name`` is its own name where the training's does not say it; ``hours`` are
        those of its days; ``free`` is a number, None where seats are not counted;
        ``price`` is what a seat costs, where none is free of charge (then ``free`` is
        0); ``until`` is the last day to register, if one is set. Whom to ask is told by
        :meth:`_cap_get_contact`.
        """
        self.ensure_one()
        price = self._cap_describe_price()
        closing = [t.end_sale_datetime for t in self.event_ticket_ids]
        until = closing and all(closing) and self._cap_to_day(max(closing))
        return {
            "session": self,
            "name": self.name if self.name != self.cap_offer_id.name else "",
            "when": self._cap_describe_dates(),
            "hours": self._cap_describe_hours(),
            "price": price,
            "price_text": price
            and self.env._("%(price)s a seat, not bought here", price=price),
            "where": self.address_id.city or self.address_id.name or "",
            "free": self._cap_get_free_seats(),
            "until": until and format_day(self.env, until, "d MMMM"),
        }

    def _cap_get_contact(self):
        """Return whom to ask about this session: ``name``, ``phone``, ``email``.

        The person in charge, else the organiser; nothing without either.
        """
        self.ensure_one()
        person = self.user_id.partner_id
        if not person or not self.user_id.active:
            person = self.organizer_id
        if not person:
            return {}
        return {
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

    def _cap_describe_hours(self):
        """Return the hours of each day: “9:30 to 17:00”."""
        first, last = map(self._cap_to_local, (self.date_begin, self.date_end))
        return self.env._(
            "%(opening)s to %(closing)s",
            opening=describe_clock(self.env, first),
            closing=describe_clock(self.env, last),
        )

    def _cap_describe_price(self):
        """Return the lowest price of a seat, nothing where one is free of charge."""
        prices = [
            ticket._cap_get_price()
            for ticket in self.event_ticket_ids
            if ticket.is_launched and not ticket.is_expired
        ]
        if not prices or not all(prices):
            return ""
        company = self.company_id or self.env.company
        return format_amount(self.env, min(prices), company.currency_id)

    def _cap_sends_confirmation(self):
        """Tell whether registering here sends a mail to who has an address."""
        self.ensure_one()
        return any(
            mail.interval_type == "after_sub"
            and mail.notification_type == "mail"
            and mail.template_ref
            for mail in self.event_mail_ids
        )

    def _cap_has_begun(self):
        """Tell whether it is too late to change who comes."""
        self.ensure_one()
        return self.date_begin <= fields.Datetime.now()

    def _cap_find_closed(self):
        """Return why no seat can be booked here any more, or yet; else nothing."""
        self.ensure_one()
        if not self.active or not self.cap_offer_id:
            return self.env._("This session no longer exists: choose another date.")
        if self.kanban_state == "cancel" or self.stage_id.pipe_end:
            return self.env._(
                "“%(session)s” was cancelled: choose another date.", session=self.name
            )
        if self._cap_has_begun():
            return self.env._(
                "“%(session)s” has already begun: choose another date.",
                session=self.name,
            )
        if not self.filtered_domain(self._cap_get_offered_domain()):
            return self.env._(
                "“%(session)s” is not published yet: choose another date.",
                session=self.name,
            )
        return ""

    # ---------------------------------------------------------------- booking

    def _cap_take_seats(self, people, plan=None, by_staff=False, **values):
        """Register ``people`` (:class:`Person`), all or none, never overbooking.

        Transactions read a snapshot: two of them can both see the last seat free.
        So the event's row is updated first, then seats are counted. Of two that
        come together the second waits for the first, then fails to serialise and
        must begin again with a fresh snapshot. Odoo does that for every request and
        every RPC call; a script or a cron calls this through
        ``odoo.service.model.retrying(function, env)``, which does the same.

        :param plan: the project these seats are for; who has one for it keeps it
        :param by_staff: compare with all the seats, and forget the limit
        :param values: given to each ``event.registration``
        :return: ``(seats booked now, seats that these people had for the plan)``
        :raise UserError: full, past, cancelled, to be paid for, too many for one
            structure, or somebody comes twice
        """
        self.ensure_one()
        self._cap_lock()
        closed = self._cap_find_closed()
        if closed:
            raise UserError(closed)
        company = values.get("company_name")
        asked = self._cap_get_seats(plan)
        held = asked.filtered(lambda seat: seat.active and seat.state != "cancel")
        people, kept = self._cap_split_seated(held, people, company)
        if not people:
            return held.browse(), kept
        known = held if plan and not by_staff else self._cap_get_all_seats()
        self._cap_check_not_registered(people, known, company)
        if plan and not by_staff:
            self._cap_check_share(len(asked), len(held) + len(people))
        ticket = self._cap_check_seats(len(people))
        booked = (
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
        return booked, kept

    def _cap_lock(self):
        """Make this event ours until commit, and forget what was read before.

        Coming second is no error: Odoo begins again, and the log says nothing.
        """
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                "UPDATE event_event SET write_date = write_date WHERE id = %s", self.id
            ),
            log_exceptions=False,
        )
        self.invalidate_recordset()
        self.event_ticket_ids.invalidate_recordset()

    def _cap_get_all_seats(self):
        """Return the seats taken here, whoever took them."""
        return self.registration_ids.filtered(lambda seat: seat.state != "cancel")

    def _cap_get_seats(self, plan):
        """Return what ``plan`` asked for here, seats given up included (elevated)."""
        registrations = self.env["event.registration"].with_context(active_test=False)
        if not plan:
            return registrations
        return registrations.search(
            [("event_id", "=", self.id), ("cap_task_id.project_id", "=", plan.id)],
            order="id",
        )

    @api.model
    def _cap_split_seated(self, held, people, company):
        """Return the people who have none of these seats, and the seats of the rest."""
        others, kept = [], held.browse()
        for person in people:
            seat = held.filtered(
                lambda s, person=person: person.is_same(s._cap_get_person(), company)
            )[:1]
            kept |= seat
            if not seat:
                others.append(person)
        return others, kept

    def _cap_check_not_registered(self, people, known, company):
        """Raise UserError naming those who come twice, or share one of these seats."""
        seen, twice = set(), []
        for seat in known:
            seen |= seat._cap_get_person().identities(seat.company_name)
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

    def _cap_check_share(self, asked, count):
        """Raise UserError where one structure would hold too many seats here.

        :param asked: how many it asked for, those it gave up included
        :param count: how many it would hold

        Names cost nothing to invent, and each one is written to.
        """
        limit = self._cap_get_limit()
        if count <= limit and asked < CHANGES_OF_MIND * limit:
            return
        raise UserError(
            self.env._(
                "A structure books %(limit)s seats of a session at most, so that "
                "others come too: nothing was booked. For more, ask the person who "
                "organises the session, or your regional delegate. %(contact)s",
                limit=limit,
                contact=", ".join(filter(None, self._cap_get_contact().values())),
            ).strip()
        )

    @api.model
    def _cap_get_limit(self):
        """Return the seats that one structure may book in a session."""
        settings = self.env["ir.config_parameter"].sudo()
        return read_id(settings.get_param(SEATS_PARAMETER)) or SEATS_PER_STRUCTURE

    def _cap_check_seats(self, count):
        """Return the ticket to use, if any; raise UserError without seats for all."""
        price = self._cap_describe_price()
        if price:
            raise UserError(self._cap_priced_message(price))
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

    def _cap_priced_message(self, price):
        contact = self._cap_get_contact()
        if not contact:
            return self.env._(
                "A seat in “%(session)s” costs %(price)s, and is not bought here: ask "
                "your regional delegate where to order it.",
                session=self.name,
                price=price,
            )
        return self.env._(
            "A seat in “%(session)s” costs %(price)s, and is not bought here: order it "
            "from %(contact)s.",
            session=self.name,
            price=price,
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
