"""Who may read and write what: each kind of person, refusals included."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import CapCommon


@tagged("post_install", "-at_install")
class TestAccess(CapCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.evaluation = cls.make_evaluation(levels={"1.1.1.1": 2})
        cls.other_evaluation = cls.make_evaluation(cls.other_structure)
        cls.draft = cls.make_version(code="DRAFT", publish=False)
        cls.env.flush_all()

    def _visible(self, user, model="cap.evaluation"):
        return self.env[model].with_user(user).search([])

    def _save(self, user, evaluation):
        line = evaluation.line_ids[1].with_user(user)
        return line.save_answer({"level": 1}, {})

    # ---------------------------------------------------------------- reading

    def test_pilot_reads_own_evaluation_only(self):
        self.assertEqual(self._visible(self.user_pilot), self.evaluation)
        lines = self._visible(self.user_pilot, "cap.evaluation.line")
        self.assertEqual(lines, self.evaluation.line_ids)

    def test_colleague_of_the_structure_who_does_not_pilot_reads_nothing(self):
        self.user_portal.partner_id.parent_id = self.structure
        self.assertFalse(self._visible(self.user_portal))

    def test_portal_and_employee_of_nobody_read_nothing(self):
        for user in (self.user_portal, self.user_employee):
            with self.subTest(user=user.login):
                self.assertFalse(self._visible(user))
                self.assertFalse(self._visible(user, "cap.evaluation.line"))
                with self.assertRaises(AccessError):
                    self.evaluation.with_user(user).read(["score"])
                with self.assertRaises(AccessError):
                    self.evaluation.with_user(user).get_scores("all")

    def test_animator_reads_own_regions(self):
        self.assertEqual(self._visible(self.user_animator), self.evaluation)
        self.assertEqual(self._visible(self.user_other_animator), self.other_evaluation)

    def test_animator_keeps_a_validated_evaluation_after_a_move(self):
        self.evaluation.action_validate()
        self.structure.cap_region_id = self.region_b
        self.assertIn(self.evaluation, self._visible(self.user_animator))
        self.assertNotIn(self.evaluation, self._visible(self.user_other_animator))

    def test_manager_reads_all(self):
        self.assertEqual(len(self._visible(self.user_manager)), 2)

    def test_facilitator_reads_the_one_they_accompany(self):
        self.evaluation.facilitator_id = self.user_employee.partner_id
        self.assertEqual(self._visible(self.user_employee), self.evaluation)

    def test_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.user_manager.write(
            {"company_ids": [(6, 0, company.ids)], "company_id": company.id}
        )
        self.assertFalse(self._visible(self.user_manager))

    def test_only_managers_read_drafts_of_referentials(self):
        version = "cap.referential.version"
        for user in (self.user_pilot, self.user_employee, self.user_animator):
            with self.subTest(user=user.login):
                self.assertNotIn(self.draft, self._visible(user, version))
                self.assertIn(self.version, self._visible(user, version))
                objectives = self._visible(user, "cap.objective")
                self.assertNotIn(self.draft, objectives.version_id)
        self.assertIn(self.draft, self._visible(self.user_manager, version))

    # ---------------------------------------------------------------- writing

    def test_pilot_saves_own_lines_only(self):
        self.assertEqual(
            self._save(self.user_pilot, self.evaluation)["status"], "saved"
        )
        for user in (self.user_other_pilot, self.user_portal, self.user_employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._save(user, self.evaluation)

    def test_pilot_cannot_write_the_evaluation_itself(self):
        evaluation = self.evaluation.with_user(self.user_pilot)
        for values in ({"state": "validated"}, {"pilot_ids": [(5,)]}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                evaluation.write(values)
        with self.assertRaises(AccessError):
            evaluation.action_validate()
        with self.assertRaises(AccessError):
            evaluation.unlink()

    def test_pilot_cannot_create(self):
        with self.assertRaises(AccessError):
            self.env["cap.evaluation"].with_user(self.user_pilot).create(
                {
                    "partner_id": self.other_structure.id,
                    "version_id": self.version.id,
                    "pilot_ids": [(6, 0, self.user_pilot.partner_id.ids)],
                }
            )

    def test_pilot_cannot_name_themselves(self):
        """Being a pilot is a field of the contact: portal users cannot write it."""
        with self.assertRaises(AccessError):
            self.user_portal.partner_id.with_user(self.user_portal).write(
                {"cap_is_pilot": True}
            )

    def test_animator_writes_own_region_only(self):
        own = self.evaluation.with_user(self.user_animator)
        own.mode = "accompanied"
        with self.assertRaises(AccessError):
            self.other_evaluation.with_user(self.user_animator).mode = "alone"
        with self.assertRaises(AccessError):
            own.unlink()

    def test_animator_opens_own_region_only(self):
        campaign = self.env["cap.campaign"].with_user(self.user_animator)
        partners = self.make_structures(1, self.region_a)
        own = campaign.create(
            {
                "name": "Own",
                "version_id": self.version.id,
                "partner_ids": partners.ids,
            }
        )
        own.action_open()
        self.assertEqual(own.evaluation_ids.partner_id, partners)
        far = campaign.create(
            {
                "name": "Far",
                "version_id": self.version.id,
                "partner_ids": self.make_structures(1, self.region_b).ids,
            }
        )
        with self.assertRaisesRegex(UserError, "Not in your regions.*Region B"):
            far.action_open()
        self.assertFalse(far.evaluation_ids)

    def test_campaigns_are_for_their_region_and_managers(self):
        campaign = self.env["cap.campaign"].create(
            {
                "name": "Region A",
                "version_id": self.version.id,
                "region_ids": self.region_a.ids,
                "animator_id": self.user_manager.id,
            }
        )
        self.assertIn(campaign, self._visible(self.user_animator, "cap.campaign"))
        self.assertNotIn(
            campaign, self._visible(self.user_other_animator, "cap.campaign")
        )
        self.assertIn(campaign, self._visible(self.user_manager, "cap.campaign"))
        with self.assertRaises(AccessError):
            campaign.with_user(self.user_animator).name = "Mine now"
        with self.assertRaises(AccessError):
            campaign.with_user(self.user_animator).action_close()
        for user in (self.user_pilot, self.user_employee):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._visible(user, "cap.campaign")

    def test_a_national_campaign_shows_to_the_regions_of_its_structures(self):
        campaign = self.env["cap.campaign"].create(
            {
                "name": "National",
                "version_id": self.version.id,
                "partner_ids": self.structure.ids,
                "animator_id": self.user_manager.id,
            }
        )
        self.assertIn(campaign, self._visible(self.user_animator, "cap.campaign"))
        self.assertNotIn(
            campaign, self._visible(self.user_other_animator, "cap.campaign")
        )

    def test_only_managers_change_the_referential(self):
        objective = self.objectives["1.1.1.1"]
        for user in (self.user_pilot, self.user_employee, self.user_animator):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    objective.with_user(user).guidance = "x"
                with self.assertRaises(AccessError):
                    self.scale.with_user(user).name = "x"
                with self.assertRaises(AccessError):
                    self.env["cap.referential.import"].with_user(user).create({})
                with self.assertRaises(AccessError):
                    self.env["cap.referential.import"].with_user(user).load_shipped(
                        "CAP"
                    )
                with self.assertRaises(AccessError):
                    self.region_a.with_user(user).name = "x"
        objective.with_user(self.user_manager).guidance = "x"
