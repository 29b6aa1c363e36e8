from collections import Counter

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize

from ..kernel.setup import pilots
from ..tools.sent import read_ids


class CapPilotInvite(models.TransientModel):
    """Choose whom to invite to pilot the CAP of several structures.

    It proposes one person per structure, says of each what inviting them would do, and
    leaves the work to ``cap.pilot.invitation``.
    """

    _name = "cap.pilot.invite"
    _description = "Invite CAP Pilots"

    line_ids = fields.One2many("cap.pilot.invite.line", "invite_id", "People")
    welcome_message = fields.Text(
        "Message",
        default=lambda self: self.env._(
            "You pilot your structure's CAP. Your account opens it: go to “My account”,"
            " then “CAP”."
        ),
        help="Added to Odoo's invitation.",
    )
    ready_count = fields.Integer(compute="_compute_counts")
    known_count = fields.Integer(compute="_compute_counts")
    skipped_count = fields.Integer(compute="_compute_counts")
    done = fields.Boolean(readonly=True)
    report = fields.Text(readonly=True)

    @api.depends("line_ids.status")
    def _compute_counts(self):
        for invite in self:
            counts = Counter(invite.line_ids.mapped("status"))
            invite.ready_count = counts["ready"]
            invite.known_count = counts["known"]
            invite.skipped_count = (
                len(invite.line_ids) - counts["ready"] - counts["known"]
            )

    # ------------------------------------------------------------------ opening

    @api.model
    def action_open_for(self, structure_ids):
        """Return the action that shows the people proposed for these structures.

        :raise UserError: when no company is among them
        """
        self.check_access("create")
        structures = self.env["res.partner"].search(
            [
                ("id", "in", read_ids(self.env, structure_ids)),
                ("is_company", "=", True),
            ]
        )
        if not structures:
            raise UserError(
                self.env._("Choose structures first: contacts that are companies.")
            )
        invite = self.create({"line_ids": self._prepare_lines(structures)})
        return invite._reopen()

    @api.model
    def _prepare_lines(self, structures):
        """Return one line per person proposed, one empty where nobody stands out."""
        people = dict.fromkeys(structures, [])
        contacts = self.env["res.partner"].search_fetch(
            [("parent_id", "in", structures.ids), ("is_company", "=", False)],
            ["name", "parent_id", "function", "email", "cap_is_pilot"],
            order="id",
        )
        for contact in contacts:
            people[contact.parent_id] = people[contact.parent_id] + [
                pilots.Person(
                    contact.id,
                    contact.function or "",
                    email_normalize(contact.email or "") or "",
                    contact.cap_is_pilot,
                )
            ]
        return [
            Command.create({"structure_id": structure.id, "contact_id": key})
            for structure in structures
            for key in pilots.choose_pilots(people[structure]) or [False]
        ]

    # ------------------------------------------------------------------ inviting

    def action_invite(self):
        """Hand over those who can be invited; the others stay listed, with why."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.status in ("ready", "known"))
        if not lines:
            raise UserError(
                self.env._(
                    "Nobody can be invited yet: choose a person with an e-mail for at "
                    "least one structure."
                )
            )
        lines.contact_id.check_access("write")
        pairs = {(line.structure_id, line.contact_id) for line in lines}
        self.env["cap.pilot.invitation"].create(
            [
                {
                    "structure_id": structure.id,
                    "contact_id": contact.id,
                    "welcome_message": self.welcome_message,
                }
                for structure, contact in sorted(
                    pairs, key=lambda pair: (pair[0].id, pair[1].id)
                )
            ]
        )
        self.report = self._describe(Counter(lines.mapped("status")))
        self.done = True
        return self._reopen()

    def _describe(self, counts):
        return self.env._(
            "%(ready)s invitations are leaving, in a few minutes. %(known)s people had "
            "an account already: they become pilots, without a mail. %(skipped)s lines "
            "stay to complete.",
            ready=counts["ready"],
            known=counts["known"],
            skipped=self.skipped_count,
        )

    def action_view_invitations(self):
        """Show how far the invitations are."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "cap_evaluation.cap_pilot_invitation_action"
        )

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Invite the pilots"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }
