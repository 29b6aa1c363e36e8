from odoo import fields, models


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
