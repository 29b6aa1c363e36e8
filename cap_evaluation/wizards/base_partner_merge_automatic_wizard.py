from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_list


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts keeps the rules of what points to them."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Refuse, before any write, what merging these contacts would give or break.

        Odoo moves what points to a contact in SQL: roles in a CAP pass to the contact
        that stays, whoever asks, and the unique index of open CAPs would stop it
        halfway, without a word that people understand.

        :raise AccessError: to who has no CAP role, where one would be handed on
        :raise UserError: naming the CAPs that are both open, and what to do
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        self._check_cap_roles(partners)
        self._check_open_caps(partners)
        return super()._merge(partner_ids, dst_partner, extra_checks)

    def _check_cap_roles(self, partners):
        if self.env.su or partners._is_cap_staff():
            return
        # In every company: whoever has a role anywhere.
        roles = (
            self.env["cap.evaluation"]
            .sudo()
            .search_count(
                [
                    "|",
                    ("pilot_ids", "in", partners.ids),
                    ("facilitator_id", "in", partners.ids),
                ],
                limit=1,
            )
        )
        if roles or any(partners.sudo().mapped("cap_is_pilot")):
            raise AccessError(
                self.env._(
                    "One of these people has a role in a CAP, which merging would "
                    "hand on: ask a CAP manager to merge them."
                )
            )

    def _check_open_caps(self, partners):
        # Of every company: the merge moves them all.
        open_sudo = (
            self.env["cap.evaluation"]
            .sudo()
            .search([("partner_id", "in", partners.ids), ("is_open", "=", True)])
        )
        same = open_sudo.grouped(lambda e: (e.version_id, e.company_id))
        for clashing in same.values():
            if len(clashing.partner_id) > 1:
                raise UserError(
                    self.env._(
                        "%(evaluations)s are both open, and a structure has only one "
                        "open CAP of an edition. Open them from the structures: "
                        "validate or cancel the one that does not go on, then merge "
                        "the contacts.",
                        evaluations=format_list(
                            self.env, [f"“{e.display_name}”" for e in clashing]
                        ),
                    )
                )
