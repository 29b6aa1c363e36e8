from odoo import fields, models

from ...kernel.person import Person


class EventRegistration(models.Model):
    _inherit = "event.registration"

    cap_task_id = fields.Many2one(
        "project.task",
        "Progress action",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        help="The action of a progress plan that this seat was booked for.",
    )

    def _cap_get_person(self):
        """Return who sits here: a contact when the seat is theirs.

        Those who book for others are the contact of these seats too.
        """
        self.ensure_one()
        contact = self.partner_id
        own = contact.id if contact.name == self.name else 0
        return Person(self.name or "", self.email or "", own)

    def _update_mail_schedulers(self):
        """Leave a booking's mails to Odoo's own schedulers, which run by cron.

        Sent at once they would render the ticket's PDF inside the request.
        """
        if not self.env.context.get("cap_mails_by_cron"):
            return super()._update_mail_schedulers()
        for xmlid in (
            "event.event_mail_scheduler",
            "mail.ir_cron_mail_scheduler_action",
        ):
            cron = self.env.ref(xmlid, raise_if_not_found=False)
            if cron:
                cron.sudo()._trigger()
