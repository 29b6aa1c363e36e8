from odoo.exceptions import UserError

from .common import PlanCommon


class TestPartnerMerge(PlanCommon):
    """Odoo's tool that merges contacts, on structures that have plans."""

    def merge(self, *structures):
        partners = self.env["res.partner"].concat(*structures)
        wizard = self.env["base.partner.merge.automatic.wizard"].create(
            {"partner_ids": partners.ids, "dst_partner_id": partners[0].id}
        )
        return wizard.action_merge()

    def test_two_plans_are_refused_before_anything_is_written(self):
        plan = self.make_plan()
        other_plan = self.make_plan(self.make_evaluation(self.other_structure))
        self.structure.ref = "before"
        with self.assertRaisesRegex(UserError, "each have a progress plan"):
            self.merge(self.structure, self.other_structure)
        self.assertTrue(self.other_structure.exists())
        self.assertEqual(plan.cap_partner_id, self.structure)
        self.assertEqual(other_plan.cap_partner_id, self.other_structure)

    def test_an_archived_plan_counts(self):
        self.make_plan()
        other = self.make_plan(self.make_evaluation(self.other_structure))
        other.action_archive()
        with self.assertRaisesRegex(UserError, "each have a progress plan"):
            self.merge(self.structure, self.other_structure)

    def test_one_plan_follows_its_structure(self):
        plan = self.make_plan()
        partner = self.env["res.partner"].create(
            {"name": "Same structure", "is_company": True}
        )
        self.merge(partner, self.structure)
        plan.invalidate_recordset()
        self.assertEqual(plan.cap_partner_id, partner)
