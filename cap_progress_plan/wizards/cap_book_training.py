from odoo import api, fields, models
from odoo.tools import format_list

from ..kernel.person import Person, parse_lines


class CapBookTraining(models.TransientModel):
    """Book seats in a training session for people of a structure."""

    _name = "cap.book.training"
    _description = "Book a Training"

    task_id = fields.Many2one(
        "project.task", "Action", required=True, readonly=True, ondelete="cascade"
    )
    # Under the rights of who books: naming an action is not reading it.
    structure_id = fields.Many2one(
        related="task_id.cap_plan_partner_id", related_sudo=False
    )
    session_choice_ids = fields.Many2many(
        related="task_id.cap_session_ids", related_sudo=False
    )
    session_id = fields.Many2one(
        "event.event",
        required=True,
        ondelete="cascade",
        domain="[('id', 'in', session_choice_ids)]",
        compute="_compute_session_id",
        store=True,
        readonly=False,
        context={"name_with_seats_availability": True},
    )
    date_begin = fields.Datetime(related="session_id.date_begin", related_sudo=False)
    seats_limited = fields.Boolean(
        related="session_id.seats_limited", related_sudo=False
    )
    seats_available = fields.Integer(
        related="session_id.seats_available", related_sudo=False
    )
    partner_ids = fields.Many2many(
        "res.partner",
        string="Contacts",
        domain="[('id', 'child_of', structure_id), ('is_company', '=', False)]",
    )
    new_people = fields.Text(
        "Other people", help="One person per line: name, e-mail address."
    )

    @api.depends("task_id")
    def _compute_session_id(self):
        for booking in self:
            if booking.session_id not in booking.session_choice_ids:
                booking.session_id = booking.session_choice_ids[:1]

    def action_book(self):
        """Book the seats, all or none, and tell who has one."""
        self.ensure_one()
        people = [
            Person(partner.name, partner.email or "", partner.id)
            for partner in self.partner_ids
        ] + parse_lines(self.new_people)
        task_sudo = self.task_id._cap_elevate()
        booked, kept = task_sudo._cap_book_seats(
            self.session_id.sudo(), people, by_staff=True
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.session_id.name,
                "message": self._describe_booking(booked, kept),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _describe_booking(self, booked, kept):
        parts = []
        if booked:
            names = format_list(self.env, booked.mapped("name"))
            parts.append(self.env._("Seats booked for %(names)s.", names=names))
        if len(kept) == 1:
            parts.append(self.env._("%(name)s already has a seat.", name=kept.name))
        elif kept:
            names = format_list(self.env, kept.mapped("name"))
            parts.append(self.env._("%(names)s already have a seat.", names=names))
        return " ".join(parts)
