from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_list


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Refuse, before any write, what merging two contacts would give or break.

        Odoo moves what points to a contact in SQL: roles in a CAP pass to the contact
        that stays, whoever asks, and two open CAPs meet on a unique index.
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        self._check_cap_roles(partners)
        self._check_open_caps(partners)
        return super()._merge(partner_ids, dst_partner, extra_checks)

    def _check_cap_roles(self, partners):
        """Raise AccessError where somebody without a CAP role hands roles on."""
        if self.env.su or partners._is_cap_staff():
            return
        # In every company: whoever has a role anywhere.
        evaluations_sudo = self.env["cap.evaluation"].sudo()
        roles = evaluations_sudo.search_count(
            [
                "|",
                ("pilot_ids", "in", partners.ids),
                ("facilitator_id", "in", partners.ids),
            ],
            limit=1,
        )
        if roles or any(partners.sudo().mapped("cap_is_pilot")):
            raise AccessError(
                self.env._(
                    "One of these people has a role in a CAP, which merging would "
                    "hand on: ask a CAP manager to merge them."
                )
            )

    def _check_open_caps(self, partners):
        """Raise UserError where two of these structures have an open CAP alike."""
        # In every company: the unique index is met in each.
        opened_sudo = (
            self.env["cap.evaluation"]
            .sudo()
            .search([("partner_id", "in", partners.ids), ("is_open", "=", True)])
        )
        alike = opened_sudo.grouped(lambda e: (e.version_id, e.company_id))
        for evaluations_sudo in alike.values():
            if len(evaluations_sudo) > 1:
                raise UserError(
                    self.env._(
                        "These structures each have an open CAP, and a structure has "
                        "one: %(evaluations)s. Validate one of them, or cancel it, "
                        "then merge the contacts.",
                        evaluations=format_list(
                            self.env, evaluations_sudo.mapped("display_name")
                        ),
                    )
                )
