from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_list


class BasePartnerMergeAutomaticWizard(models.TransientModel):
    """Merging contacts keeps the rules of what points to them."""

    _inherit = "base.partner.merge.automatic.wizard"

    def _merge(self, partner_ids, dst_partner=None, extra_checks=True):
        """Refuse to merge two structures that both have a plan, before any write.

        Odoo moves what points to a contact in SQL: the unique index of the plans
        would stop it halfway, without a word that people understand.

        :raise UserError: naming the plans, and what to do
        """
        partners = self.env["res.partner"].browse(partner_ids).exists()
        # Of every company: the merge moves them all.
        companies = self.env["res.company"].sudo().search([("id", "!=", False)])
        plans = self.env["project.project"].sudo()
        plans = plans.concat(*plans._cap_get_plans(partners, companies).values())
        for clashing in plans.grouped("company_id").values():
            if len(clashing) > 1:
                raise UserError(self._get_two_plans_message(clashing))
        return super()._merge(partner_ids, dst_partner, extra_checks)

    def _get_two_plans_message(self, plans):
        named = [
            self.env._(
                "“%(plan)s” (actions: %(count)s)",
                plan=plan.name,
                count=plan.cap_action_count,
            )
            for plan in plans
        ]
        return self.env._(
            "%(names)s each have a progress plan, and a structure has only one: "
            "%(plans)s. Choose the plan to keep, move the actions of the other one "
            "into it, delete the other plan, then merge the contacts.",
            names=format_list(self.env, plans.cap_partner_id.mapped("name")),
            plans=format_list(self.env, named),
        )
