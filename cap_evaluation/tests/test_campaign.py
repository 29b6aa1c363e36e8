from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CapCommon


@tagged("post_install", "-at_install")
class TestCampaign(CapCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.env["cap.campaign"].create(
            {
                "name": "CAP 2026",
                "version_id": cls.version.id,
                "region_ids": [Command.set(cls.region_a.ids)],
                "partner_ids": [Command.set(cls.structure.ids)],
            }
        )

    def test_open_gives_each_structure_its_lines(self):
        action = self.campaign.action_open()
        evaluation = self.campaign.evaluation_ids
        self.assertEqual(evaluation.partner_id, self.structure)
        self.assertEqual((evaluation.state, len(evaluation.line_ids)), ("draft", 6))
        self.assertEqual(evaluation.pilot_ids, self.user_pilot.partner_id)
        self.assertEqual(action["domain"], [("campaign_id", "in", self.campaign.ids)])
        self.assertEqual(self.campaign.state, "open")

    def test_open_again_adds_what_is_missing_only(self):
        self.campaign.action_open()
        first = self.campaign.evaluation_ids
        first.line_ids[0].comment = "Kept"
        self.campaign.partner_ids |= self.other_structure
        self.campaign.action_open()
        self.assertEqual(len(self.campaign.evaluation_ids), 2)
        self.assertIn(first, self.campaign.evaluation_ids)
        self.assertEqual(first.line_ids[0].comment, "Kept")

    def test_open_adopts_an_evaluation_under_way(self):
        evaluation = self.make_evaluation(levels={"1.1.1.1": 2})
        self.campaign.action_open()
        self.assertEqual(self.campaign.evaluation_ids, evaluation)
        self.assertEqual(evaluation.scored_count, 1)

    def test_open_without_structure_says_what_to_do(self):
        self.campaign.partner_ids = False
        with self.assertRaisesRegex(UserError, "no structure yet"):
            self.campaign.action_open()
        self.assertEqual(self.campaign.state, "draft")

    def test_open_with_a_retired_edition_is_refused(self):
        self.version.action_retire()
        with self.assertRaisesRegex(UserError, "is not published"):
            self.campaign.action_open()

    def test_a_person_is_no_structure(self):
        with self.assertRaisesRegex(ValidationError, "is a person"):
            self.campaign.partner_ids |= self.user_pilot.partner_id

    def test_second_campaign_remembers_the_first(self):
        self.campaign.action_open()
        first = self.campaign.evaluation_ids
        self.set_levels(first, {"1.1.1.1": 1})
        self.validate(first)
        second = self.campaign.copy({"name": "CAP 2027"})
        second.partner_ids = self.structure
        second.action_open()
        line = self.get_line(second.evaluation_ids, "1.1.1.1")
        self.assertEqual(second.evaluation_ids.previous_id, first)
        self.assertEqual(line.previous_level_id.value, 1)

    def test_bulk_opening_writes_no_message(self):
        campaign = self.campaign.with_context(tracking_disable=False)
        campaign.partner_ids = self.make_structures(3)
        campaign.action_open()
        self.assertFalse(campaign.evaluation_ids.message_ids)

    def test_who_only_reads_a_campaign_has_no_button_and_clear_words(self):
        """A region takes part in the national campaign: it does not lead it."""
        self.campaign.animator_id = self.user_manager
        self.campaign.action_open()
        delegate = self.campaign.with_user(self.user_animator)
        self.assertFalse(delegate.can_change)
        self.assertFalse(delegate.can_move_edition)
        for action in (delegate.action_open, delegate.action_close):
            with self.assertRaisesRegex(AccessError, "somebody else"):
                action()
        self.assertEqual(self.campaign.state, "open")
        self.assertTrue(self.campaign.with_user(self.user_manager).can_change)
        self.campaign.animator_id = self.user_animator
        self.assertTrue(delegate.can_change)
        new = self.env["cap.campaign"].with_user(self.user_animator).new({})
        self.assertTrue(new.can_change)
