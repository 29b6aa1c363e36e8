from collections import Counter

from odoo import api, fields, models
from odoo.tools import email_normalize

STATUSES = [
    ("ready", "To invite"),
    ("known", "Has an account"),
    ("waiting", "Invitation under way"),
    ("nobody", "To choose"),
    ("no_email", "No valid e-mail"),
    ("duplicate", "E-mail shared"),
    ("taken", "E-mail of another account"),
    ("internal", "Internal account"),
    ("archived", "Closed account"),
    ("elsewhere", "Account of another company"),
]


class CapPilotInviteLine(models.TransientModel):
    """A person to invite for a structure, and what stands in the way if anything does.

    The checks are those of Odoo's portal wizard, made for all lines at once.
    """

    _name = "cap.pilot.invite.line"
    _description = "Person to invite as CAP Pilot"
    _order = "id"

    invite_id = fields.Many2one(
        "cap.pilot.invite", required=True, ondelete="cascade", index=True
    )
    structure_id = fields.Many2one(
        "res.partner", required=True, readonly=True, ondelete="cascade"
    )
    contact_id = fields.Many2one(
        "res.partner",
        "Person",
        domain="[('parent_id', '=', structure_id), ('is_company', '=', False)]",
        ondelete="cascade",
    )
    function = fields.Char(related="contact_id.function")
    email = fields.Char(related="contact_id.email")
    status = fields.Selection(STATUSES, compute="_compute_status")
    advice = fields.Char("What to do", compute="_compute_status")

    @api.depends("contact_id.email", "structure_id", "invite_id.line_ids.contact_id")
    def _compute_status(self):
        advices = self._get_advices()
        for invite, lines in self.grouped("invite_id").items():
            contacts = (invite.line_ids | lines).contact_id
            statuses = self._get_statuses(contacts._origin)
            waiting = lines._get_waiting()
            for line in lines:
                contact = line.contact_id._origin
                status = statuses.get(contact, "nobody")
                if status in ("ready", "known") and (
                    (line.structure_id._origin, contact) in waiting
                ):
                    status = "waiting"
                line.status = status
                line.advice = advices[status]

    def _get_waiting(self):
        """Return the ``{(structure, person)}`` whose invitation waits for the cron."""
        invitations = self.env["cap.pilot.invitation"].search_fetch(
            [
                ("state", "=", "todo"),
                ("company_id", "=", self.env.company.id),
                ("contact_id", "in", self.contact_id._origin.ids),
            ],
            ["structure_id", "contact_id"],
        )
        return {(i.structure_id, i.contact_id) for i in invitations}

    def _get_advices(self):
        """Return ``{status: what to do}``."""
        return {
            "ready": False,
            "known": self.env._("Becomes pilot, without a mail."),
            "waiting": self.env._("Leaves in a few minutes."),
            "nobody": self.env._("Choose a person, or add them to the contacts."),
            "no_email": self.env._("Write their own e-mail on the contact."),
            "duplicate": self.env._(
                "Several people share this e-mail: give each their own."
            ),
            "taken": self.env._(
                "Another person's account has this e-mail: give another one, or choose "
                "that person."
            ),
            "internal": self.env._(
                "Works in Odoo already: add them to “Pilots” on the evaluation."
            ),
            "archived": self.env._(
                "Their account was closed: open it again in “Users” first."
            ),
            "elsewhere": self.env._(
                "Their account is not allowed in “%(company)s”: ask the administrator "
                "to add this company to it.",
                company=self.env.company.name,
            ),
        }

    @api.model
    def _get_statuses(self, contacts):
        """Return ``{contact: status}``, by the checks of Odoo's portal wizard.

        Accounts lie outside what a CAP manager reads: hence ``sudo``, to look only.
        """
        access_sudo = self.env["portal.wizard.user"].sudo()
        access_sudo = access_sudo.concat(
            *(
                access_sudo.new({"partner_id": contact.id, "email": contact.email})
                for contact in contacts
            )
        )
        access_sudo._compute_email_state()
        holders = Counter(email_normalize(c.email or "") for c in contacts)
        return {
            one.partner_id._origin.sudo(False): self._get_status(
                one, holders[email_normalize(one.email or "")] > 1
            )
            for one in access_sudo
        }

    def _get_status(self, access_sudo, shared):
        if access_sudo.partner_id._origin._get_shut_out(self.env.company):
            return "elsewhere"
        if access_sudo.is_internal:
            return "internal"
        if access_sudo.is_portal:
            return "known" if access_sudo.user_id.active else "archived"
        if access_sudo.email_state == "ko":
            return "no_email"
        if access_sudo.email_state == "exist":
            return "taken"
        return "duplicate" if shared else "ready"
