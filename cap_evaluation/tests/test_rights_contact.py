"""What contact rights do not give: a role in a CAP, a region, a type."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CapCommon


@tagged("post_install", "-at_install")
class TestContactRights(CapCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user_contacts = cls._make_user(
            "cap_contacts", "base.group_user,base.group_partner_manager"
        )
        cls.user_animator.group_ids |= cls.env.ref("base.group_partner_manager")
        cls.evaluation = cls.make_evaluation(levels={"1.1.1.1": 2})
        cls.pilot = cls.user_pilot.partner_id
        cls.free = cls.make_structures(1)

    def _person(self, **values):
        return self.env["res.partner"].create({"name": "Somebody", **values})

    def _as(self, user, record):
        return record.with_user(user)

    def test_an_employee_who_edits_contacts_gives_no_role(self):
        me = self.user_contacts.partner_id
        person = self._person(parent_id=self.structure.id)
        types = [Command.set(self.type_aci.ids)]
        default_env = self.env.transaction.default_env
        self.addCleanup(setattr, self.env.transaction, "default_env", default_env)
        for record, values in (
            (person, {"cap_is_pilot": True}),
            (me, {"cap_is_pilot": True, "parent_id": self.structure.id}),
            (self.structure, {"cap_region_id": self.region_b.id}),
            (self.structure, {"cap_structure_type_ids": types}),
            (self.structure, {"cap_size": "50_plus"}),
            (
                self.structure,
                {"child_ids": [Command.create({"name": "New", "cap_is_pilot": True})]},
            ),
        ):
            with self.subTest(values=values):
                # Commands run as whom the request is for: in a test, nobody is.
                self.env.transaction.default_env = self.env(user=self.user_contacts)
                with self.assertRaisesRegex(AccessError, "CAP's team"):
                    self._as(self.user_contacts, record).write(values)
        partners = self.env["res.partner"].with_user(self.user_contacts)
        with self.assertRaisesRegex(AccessError, "Pilots the CAP"):
            partners.create({"name": "New", "cap_is_pilot": True})
        made = partners.with_context(default_cap_is_pilot=True).create({"name": "New"})
        self.assertFalse(made.cap_is_pilot)

    def test_contacts_stay_theirs_to_edit(self):
        """What is sent along unchanged is no refusal."""
        pilot = self._as(self.user_contacts, self.pilot)
        pilot.write({"name": "Renamed", "cap_is_pilot": True, "phone": "01"})
        structure = self._as(self.user_contacts, self.structure)
        structure.write({"city": "Rennes", "cap_region_id": self.region_a.id})
        self.assertTrue(pilot.cap_is_pilot)

    def test_a_role_is_for_one_structure(self):
        """Moved by a contact editor, a pilot leaves the role behind, and it is told."""
        pilot = self._as(self.user_contacts, self.pilot)
        pilot.parent_id = self.other_structure
        self.assertFalse(self.pilot.cap_is_pilot)
        self.assertIn("No longer pilots", self.pilot.message_ids[:1].body)
        self._as(self.user_contacts, self.other_structure).write(
            {"child_ids": [Command.link(self.user_other_pilot.partner_id.id)]}
        )
        self.assertTrue(self.user_other_pilot.partner_id.cap_is_pilot)

    def test_sending_the_role_along_does_not_move_it(self):
        """Unchanged, it is no refusal; moved with the person, it stays behind."""
        pilot = self._as(self.user_contacts, self.pilot)
        pilot.write({"parent_id": self.other_structure.id, "cap_is_pilot": True})
        self.assertFalse(self.pilot.cap_is_pilot)

    def test_a_delegate_moves_no_role_out_of_own_regions(self):
        pilot = self._as(self.user_animator, self.pilot)
        pilot.parent_id = self.make_structures(1, self.region_a)
        self.assertTrue(self.pilot.cap_is_pilot)
        pilot.parent_id = self.other_structure
        self.assertFalse(self.pilot.cap_is_pilot)
        self.assertIn("No longer pilots", self.pilot.message_ids[:1].body)

    def test_becoming_pilot_is_in_the_history(self):
        person = self._person(parent_id=self.structure.id).with_context(
            tracking_disable=False
        )
        self.env.cr.precommit.clear()
        self._as(self.user_manager, person).cap_is_pilot = True
        self.env.cr.flush()
        tracked = person.message_ids.tracking_value_ids.field_id
        self.assertIn("cap_is_pilot", tracked.mapped("name"))

    def test_a_delegate_keeps_to_own_regions(self):
        """No structure is moved into a region to be read there."""
        own, far, free = (
            self._as(self.user_animator, record)
            for record in (self.structure, self.other_structure, self.free)
        )
        own.write({"cap_size": "10_49"})
        free.cap_region_id = self.region_a
        for record, values in (
            (far, {"cap_region_id": self.region_a.id}),
            (far, {"cap_size": "10_49"}),
            (own, {"cap_region_id": self.region_b.id}),
            (own, {"cap_region_id": False}),
            (
                self._as(self.user_animator, self.user_other_pilot.partner_id),
                {"cap_is_pilot": False},
            ),
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                record.write(values)
        with self.assertRaisesRegex(AccessError, "not in your regions"):
            self.env["res.partner"].with_user(self.user_animator).create(
                {
                    "name": "Me",
                    "parent_id": self.other_structure.id,
                    "cap_is_pilot": True,
                }
            )
        self.free.cap_region_id = False
        self.make_evaluation(self.free)
        with self.assertRaisesRegex(AccessError, "not in your regions"):
            free.cap_region_id = self.region_a
        self._as(self.user_manager, self.other_structure).cap_region_id = self.region_a

    def test_a_former_pilot_is_told_on_the_contact(self):
        self.evaluation.pilot_ids = self.pilot
        self.assertFalse(self.pilot.cap_former_evaluation_ids)
        self.pilot.parent_id = self.other_structure
        self.pilot.invalidate_recordset()
        pilot = self._as(self.user_manager, self.pilot)
        self.assertEqual(pilot.cap_former_evaluation_ids, self.evaluation)
        for user in (self.user_employee, self.user_other_animator):
            with self.subTest(user=user.login):
                self.assertFalse(self._as(user, self.pilot).cap_former_evaluation_ids)
        pilot.action_leave_former_caps()
        self.assertFalse(self.evaluation.pilot_ids)
        self.assertIn("No longer pilots", self.pilot.message_ids[:1].body)
        with self.assertRaises(AccessError):
            self.evaluation.with_user(self.user_pilot).read(["state"])

    def test_leaving_former_caps_takes_rights_on_them(self):
        self.evaluation.pilot_ids = self.user_employee.partner_id
        partner = self._as(self.user_employee, self.user_employee.partner_id)
        self.assertEqual(partner.cap_former_evaluation_ids, self.evaluation)
        with self.assertRaises(AccessError):
            partner.action_leave_former_caps()

    def _merge(self, user, partners):
        wizard = self.env["base.partner.merge.automatic.wizard"].with_user(user)
        return wizard.create({})._merge(partners.ids, partners[0])

    def test_merging_hands_no_role_on(self):
        """Odoo moves the links of a contact in SQL, whoever asks."""
        named = self._person(email="a@test.example")
        mine = self._person(email="a@test.example")
        self.evaluation.pilot_ids = named
        self.env.flush_all()
        with self.assertRaisesRegex(AccessError, "role in a CAP"):
            self._merge(self.user_contacts, mine | named)
        self.env.invalidate_all()
        self.assertEqual(self.evaluation.pilot_ids, named)

    def test_merging_two_structures_with_an_open_cap_says_which(self):
        self.make_evaluation(self.other_structure)
        both = "TEST 2026, Relais des Essais.*TEST 2026, Atelier des Tests.*both open"
        with self.assertRaisesRegex(UserError, both):
            self._merge(self.user_manager, self.other_structure | self.structure)
