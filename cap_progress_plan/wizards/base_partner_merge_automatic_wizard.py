from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_list


class MergePartnerAutomatic(models.TransientModel):
    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Refuse to merge two structures that both have a plan, before any write.

        Odoo moves what points to a contact in SQL: the unique index of the plans
        would stop it halfway, without a word that people understand.
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        plans = self.env["project.project"].sudo()._cap_get_plans(partners)
        for structures in self._get_structures_by_company(plans.values()).values():
            if len(structures) > 1:
                raise UserError(self._get_two_plans_message(structures))
        return super()._merge(partner_ids, dst_partner, extra_checks)

    def _get_structures_by_company(self, plans):
        found = {}
        for plan in plans:
            found.setdefault(plan.company_id, []).append(plan.cap_partner_id.name)
        return found

    def _get_two_plans_message(self, names):
        return self.env._(
            "%(names)s each have a progress plan, and a structure has only one. "
            "Choose the plan to keep, move the actions of the other one into it, "
            "delete the other plan, then merge the contacts.",
            names=format_list(self.env, names),
        )
