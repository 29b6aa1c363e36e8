from odoo import api, fields, models

from ...kernel.person import Person


class EventRegistration(models.Model):
    """A seat, and the progress action it was booked for.

    Who organises events sees the seats of every structure, not what each of them works
    on: the action is held by the system, and shown to those who may read it.
    """

    _name = "event.registration"
    _inherit = ["event.registration", "cap.system.fields.mixin"]

    cap_task_id = fields.Many2one(
        "project.task",
        "Action it was booked for",
        index="btree_not_null",
        ondelete="set null",
        copy=False,
        groups=fields.NO_ACCESS,
    )
    cap_action_id = fields.Many2one(
        "project.task",
        "Progress action",
        compute="_compute_cap_action_id",
        groups="cap_evaluation.group_cap_animator",
        help="The action of a progress plan that this seat was booked for.",
    )

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {"cap_task_id"}

    @api.depends("cap_task_id")
    @api.depends_context("uid")
    def _compute_cap_action_id(self):
        tasks = self.sudo().cap_task_id.with_env(self.env)._filtered_access("read")
        for registration in self:
            task = registration.sudo().cap_task_id.with_env(self.env)
            registration.cap_action_id = task & tasks

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
