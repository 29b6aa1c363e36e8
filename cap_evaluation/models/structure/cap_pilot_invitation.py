from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.auth_signup.models.res_partner import SignupError

BATCH = 100


class CapPilotInvitation(models.Model):
    """A person to invite as pilot of a structure's CAP, and what became of it.

    Making one costs nothing; a cron does the work, one person after the other, through
    Odoo's own portal wizard and in the name of whoever asked. One that Odoo refuses
    says why and holds nobody else up.
    """

    _name = "cap.pilot.invitation"
    _description = "Invitation of a CAP Pilot"
    _inherit = ["cap.system.fields.mixin"]
    _order = "id desc"
    _rec_name = "contact_id"

    structure_id = fields.Many2one(
        "res.partner",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    contact_id = fields.Many2one(
        "res.partner",
        "Person",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        readonly=True,
        default=lambda self: self.env.company,
    )
    welcome_message = fields.Text("Message", readonly=True)
    state = fields.Selection(
        [
            ("todo", "Waiting"),
            ("sent", "Invited"),
            ("known", "Had an account"),
            ("refused", "Not invited"),
        ],
        default="todo",
        required=True,
        readonly=True,
        index=True,
    )
    reason = fields.Char(readonly=True)
    done_on = fields.Datetime("Handled on", readonly=True)

    _once = models.UniqueIndex(
        "(structure_id, contact_id, company_id) WHERE state = 'todo'",
        "This person is already waiting for this invitation.",
    )

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {"state", "reason", "done_on"}

    @api.model
    def _get_birth_fields(self):
        chosen = {"structure_id", "contact_id", "company_id", "welcome_message"}
        return super()._get_birth_fields() | chosen

    @api.model_create_multi
    def create(self, vals_list):
        """Wake the cron up, so that nobody waits for its hour."""
        invitations = super().create(vals_list)
        if invitations:
            self.env.ref("cap_evaluation.cron_pilot_invitation").sudo()._trigger()
        return invitations

    @api.model
    def _cron_invite(self, limit=BATCH):
        """Handle the invitations that wait, committing after each person."""
        waiting = [("state", "=", "todo")]
        cron = self.env["ir.cron"]
        total = self.search_count(waiting)
        cron._commit_progress(remaining=total)
        for invitation in self.search(waiting, limit=limit, order="id"):
            locked = invitation.try_lock_for_update().filtered_domain(waiting)
            locked._handle()
            if not cron._commit_progress(1):
                break
        if total:
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()

    def _handle(self):
        """Invite this person; keep the reason when Odoo or the rights refuse."""
        for invitation in self:
            user = invitation.create_uid
            asked = invitation.with_user(user).with_company(invitation.company_id)
            asked = asked.with_context(
                allowed_company_ids=invitation.company_id.ids, lang=user.lang
            )
            try:
                with self.env.cr.savepoint():
                    values = {"state": asked._invite(), "reason": False}
            except (UserError, SignupError) as error:
                values = {"state": "refused", "reason": str(error)}
            invitation.write(values | {"done_on": fields.Datetime.now()})

    def _invite(self):
        """Give portal access when it lacks, then the role; return the new state."""
        self.ensure_one()
        wizard = self.env["portal.wizard"].create(
            {
                "partner_ids": [fields.Command.set(self.contact_id.ids)],
                "welcome_message": self.welcome_message,
            }
        )
        access = wizard.user_ids
        state = "known" if access.is_portal and access.user_id.active else "sent"
        if state == "sent":
            access.with_context(cap_mail_queue=True).action_grant_access()
        self._make_pilot()
        return state

    def _make_pilot(self):
        """Mark the person, and put them on the open evaluations of the structure.

        The right to ask was checked by the portal wizard; the evaluations are those
        that the person who asks may change.
        """
        contact, structure = self.contact_id, self.structure_id
        if not contact.cap_is_pilot:
            contact.check_access("write")
            contact.sudo().cap_is_pilot = True
        evaluations = self.env["cap.evaluation"].search(
            [
                ("partner_id", "=", structure.id),
                ("company_id", "=", self.company_id.id),
                ("is_open", "=", True),
                ("pilot_ids", "not in", contact.ids),
            ]
        )
        evaluations.write({"pilot_ids": [fields.Command.link(contact.id)]})
