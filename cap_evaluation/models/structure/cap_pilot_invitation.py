from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

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
    status = fields.Selection(
        "_get_statuses",
        compute="_compute_status",
        search="_search_status",
        help="Invited: the mail has left, or is about to.",
    )
    reason = fields.Char(readonly=True)
    advice = fields.Char("Why", compute="_compute_status")
    mail_id = fields.Many2one(
        "mail.mail",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="base.group_system",
        help="Odoo's own invitation, while it is kept: it goes once it has left.",
    )
    again = fields.Boolean(
        "Asked again", readonly=True, help="Its first mail did not leave."
    )
    done_on = fields.Datetime("Handled on", readonly=True)

    _once = models.UniqueIndex(
        "(structure_id, contact_id, company_id) WHERE state = 'todo'",
        "This person is already waiting for this invitation.",
    )

    @api.model
    def _get_system_fields(self):
        decided = {"state", "reason", "done_on", "mail_id", "again"}
        return super()._get_system_fields() | decided

    @api.model
    def _get_birth_fields(self):
        chosen = {"structure_id", "contact_id", "company_id", "welcome_message"}
        return super()._get_birth_fields() | chosen

    # ------------------------------------------------------------------- status

    @api.model
    def _get_statuses(self):
        """Return the states, and what only the mail of an invitation knows."""
        states = self._fields["state"]._description_selection(self.env)
        return [*states, ("failed", self.env._("Mail not sent"))]

    @api.depends("state", "reason")
    @api.depends_context("lang")
    def _compute_status(self):
        """An invitation whose mail failed reached nobody, whatever its state says.

        In sudo: what is read of the mail is whether it left, and why it did not.
        """
        for invitation in self:
            mail_sudo = invitation.sudo().mail_id
            failed = invitation.state == "sent" and mail_sudo.state == "exception"
            invitation.status = "failed" if failed else invitation.state
            invitation.advice = invitation.reason
            if failed:
                invitation.advice = self.env._(
                    "Check the address %(email)s, then send it again. %(reason)s",
                    email=invitation.contact_id.email or "",
                    reason=mail_sudo.failure_reason or "",
                )

    @api.model
    def _search_status(self, operator, value):
        if operator != "in":
            return NotImplemented
        failed_sudo = self.sudo().search(
            [("state", "=", "sent"), ("mail_id.state", "=", "exception")]
        )
        failed = Domain("id", "in", failed_sudo.ids)
        by_state = Domain("state", "in", list(value)) & ~failed
        return by_state | failed if "failed" in value else by_state

    def action_send_again(self):
        """Invite again those of these whose mail failed, or who were refused.

        :raise UserError: when none of them is to be sent again
        """
        self.check_access("write")
        waiting = self.search([("state", "=", "todo")])
        pending = {(w.structure_id, w.contact_id, w.company_id) for w in waiting}
        again = self.browse()
        for invitation in self.filtered(lambda i: i.status in ("failed", "refused")):
            key = (
                invitation.structure_id,
                invitation.contact_id,
                invitation.company_id,
            )
            if key not in pending:
                pending.add(key)
                again |= invitation
        if not again:
            raise UserError(
                self.env._(
                    "None of these needs sending again: choose invitations whose mail "
                    "was not sent, or people who were not invited."
                )
            )
        again.sudo().write(
            {"state": "todo", "again": True, "reason": False, "done_on": False}
        )
        self._wake_cron_up()
        return True

    @api.model
    def _wake_cron_up(self):
        self.env.ref("cap_evaluation.cron_pilot_invitation").sudo()._trigger()

    # ------------------------------------------------------------------ the job

    @api.model_create_multi
    def create(self, vals_list):
        """Wake the cron up, so that nobody waits for its hour."""
        invitations = super().create(vals_list)
        if invitations:
            self._wake_cron_up()
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
        self._check_company_open()
        wizard = self.env["portal.wizard"].create(
            {
                "partner_ids": [fields.Command.set(self.contact_id.ids)],
                "welcome_message": self.welcome_message,
            }
        )
        access = wizard.user_ids.with_context(cap_mail_queue=True)
        known = access.is_portal and access.user_id.active
        if not known:
            access.action_grant_access()
        elif self.again:
            access.action_invite_again()
        self._make_pilot()
        if known and not self.again:
            return "known"
        self.sudo().mail_id = self._find_mail(access)
        return "sent"

    def _find_mail(self, access):
        """Return the mail that Odoo's portal wizard has just put in the queue."""
        return (
            self.env["mail.mail"]
            .sudo()
            .search(
                [("model", "=", "res.users"), ("res_id", "=", access.user_id.id)],
                order="id desc",
                limit=1,
            )
        )

    def _check_company_open(self):
        """Raise UserError where the account of this person is another company's."""
        if self.contact_id._get_shut_out(self.company_id):
            raise UserError(
                self.env._(
                    "Their account is not allowed in “%(company)s”: they would open "
                    "nothing there. Ask the administrator to add this company to "
                    "their account, then invite them again.",
                    company=self.company_id.name,
                )
            )

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
