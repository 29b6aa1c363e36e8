from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_list


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts keeps the rules of what points to them."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Refuse to merge structures that each have an open CAP, before any write.

        Odoo moves what points to a contact in SQL: the unique index of open CAPs
        would stop it halfway, without a word that people understand.

        :raise UserError: naming the CAPs, and what to do
        """
        evaluations = self.env["cap.evaluation"]
        # Of every company: the merge moves them all.
        open_sudo = evaluations.sudo().search(
            [
                ("partner_id", "in", partner_ids),
                ("state", "in", evaluations._get_open_states()),
            ]
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
        return super()._merge(partner_ids, dst_partner, extra_checks)
