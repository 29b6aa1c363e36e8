"""Inviting pilots in bulk: whom it proposes, whom it skips, and mails sent once."""

from collections import Counter
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from odoo.addons.cap_evaluation.kernel.text import plain

from .common import CapCommon

BULK = 500


@tagged("post_install", "-at_install")
class TestPilotInvite(CapCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.structures = cls.make_structures(3, cls.region_a, cls.type_ai)
        cls.first, cls.second, cls.third = cls.structures
        cls.anna = cls.make_contact(cls.first, "Anna", function="Directrice")
        cls.ben = cls.make_contact(cls.first, "Ben", function="Comptable")
        cls.chloe = cls.make_contact(cls.second, "Chloé")
        cls.invitations = cls.env["cap.pilot.invitation"]
        cls.invitations.search([]).unlink()

    @classmethod
    def make_contact(cls, structure, name, **values):
        """Return a person of this structure, with an e-mail of their own."""
        email = f"{plain(name)}.{structure.id}@example.com"
        return cls.env["res.partner"].create(
            {"name": name, "parent_id": structure.id, "email": email} | values
        )

    def open_invite(self, structures, user=None):
        """Return the wizard opened on these structures."""
        invites = self.env["cap.pilot.invite"].with_user(user or self.user_manager)
        action = invites.action_open_for(structures.ids)
        return invites.browse(action["res_id"])

    def run_cron(self):
        """Let the cron work as the scheduler would; return the mails it queued."""
        before = self.env["mail.mail"].search([])
        with self.enter_registry_test_mode():
            self.env.ref("cap_evaluation.cron_pilot_invitation").method_direct_trigger()
        self.env.invalidate_all()
        return self.env["mail.mail"].search([]) - before

    def invite(self, structures):
        """Invite those proposed for these structures; return the mails queued."""
        self.open_invite(structures).action_invite()
        return self.run_cron()

    def get_statuses(self, invite):
        return {line.contact_id: line.status for line in invite.line_ids}

    # ------------------------------------------------------------------ proposals

    def test_whom_it_proposes(self):
        invite = self.open_invite(self.structures)
        self.assertEqual(
            [(line.structure_id, line.contact_id) for line in invite.line_ids],
            [
                (self.first, self.anna),
                (self.second, self.chloe),
                (self.third, self.env["res.partner"]),
            ],
        )
        self.assertEqual(invite.line_ids.mapped("status"), ["ready", "ready", "nobody"])
        self.assertEqual(
            (invite.ready_count, invite.known_count, invite.skipped_count), (2, 0, 1)
        )

    def test_every_pilot_is_proposed(self):
        self.ben.cap_is_pilot = self.anna.cap_is_pilot = True
        invite = self.open_invite(self.first)
        self.assertEqual(invite.line_ids.contact_id, self.anna | self.ben)

    def test_the_person_can_be_changed(self):
        invite = self.open_invite(self.first)
        with Form(invite) as form, form.line_ids.edit(0) as line:
            line.contact_id = self.ben
            self.assertEqual(line.status, "ready")
        invite.action_invite()
        self.run_cron()
        self.assertTrue(self.ben.user_ids)
        self.assertFalse(self.anna.user_ids)

    def test_only_structures(self):
        with self.assertRaises(UserError):
            self.open_invite(self.anna)
        invite = self.open_invite(self.first | self.anna)
        self.assertEqual(invite.line_ids.structure_id, self.first)

    # ------------------------------------------------------------------ inviting

    def test_what_an_invitation_gives(self):
        open_one = self.make_evaluation(self.first, state="draft")
        other = self.make_evaluation(self.second, state="draft")
        closed = self.make_evaluation(
            self.first,
            {"1.1.1.1": 2},
            version=self.make_version("OLD"),
            state="validated",
        )
        mails = self.invite(self.first)
        user = self.anna.user_ids
        self.assertTrue(user._is_portal())
        self.assertEqual(user.login, self.anna.email)
        self.assertTrue(self.anna.cap_is_pilot)
        self.assertFalse(self.ben.cap_is_pilot)
        self.assertEqual(open_one.pilot_ids, self.anna)
        self.assertFalse(other.pilot_ids)
        self.assertFalse(closed.pilot_ids)
        self.assertEqual(mails.mapped("state"), ["outgoing"])
        self.assertEqual(mails.recipient_ids, self.anna)
        self.assertIn("You pilot your structure", mails.body_html)
        open_one.with_user(user).check_access("read")

    def test_mails_wait_in_the_queue(self):
        """Odoo's portal wizard would send each at once."""
        mails = type(self.env["mail.mail"])
        with patch.object(mails, "send", autospec=True) as send:
            self.invite(self.first)
            send.assert_not_called()

    def test_nothing_happens_before_the_cron(self):
        self.open_invite(self.first).action_invite()
        self.assertFalse(self.anna.user_ids)
        self.assertFalse(self.anna.cap_is_pilot)
        self.assertEqual(self.invitations.search([]).mapped("state"), ["todo"])

    def test_the_cron_is_woken_up(self):
        cron = self.env.ref("cap_evaluation.cron_pilot_invitation")
        triggers = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.open_invite(self.first).action_invite()
        self.assertEqual(
            self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]),
            triggers + 1,
        )

    def test_nobody_is_invited_twice(self):
        self.assertEqual(len(self.invite(self.first)), 1)
        again = self.open_invite(self.first)
        self.assertEqual(again.line_ids.status, "known")
        again.action_invite()
        self.assertFalse(self.run_cron())
        self.assertFalse(self.run_cron())
        self.assertEqual(
            self.invitations.search([], order="id").mapped("state"), ["sent", "known"]
        )

    def test_asking_twice_before_the_cron(self):
        self.open_invite(self.first).action_invite()
        again = self.open_invite(self.first)
        self.assertEqual(again.line_ids.status, "waiting")
        with self.assertRaises(UserError):
            again.action_invite()
        self.assertEqual(len(self.run_cron()), 1)

    def test_a_mail_that_failed_is_told_and_sent_again(self):
        (mail,) = self.invite(self.first)
        invitation = self.invitations.search([])
        self.assertEqual(invitation.status, "sent")
        mail.write({"state": "exception", "failure_reason": "Mailbox full"})
        invitation.invalidate_recordset()
        manager = invitation.with_user(self.user_manager)
        self.assertEqual((manager.state, manager.status), ("sent", "failed"))
        self.assertIn(self.anna.email, manager.advice)
        self.assertIn("Mailbox full", manager.advice)
        search = manager.search
        self.assertEqual(search([("status", "=", "failed")]), manager)
        self.assertFalse(search([("status", "=", "sent")]))
        manager.action_send_again()
        self.assertEqual(manager.status, "todo")
        (second,) = self.run_cron()
        self.assertEqual(second.recipient_ids, self.anna)
        self.assertEqual((manager.state, manager.status), ("sent", "sent"))
        with self.assertRaisesRegex(UserError, "None of these"):
            manager.action_send_again()
        second.unlink()
        self.assertEqual(manager.status, "sent", "it left: Odoo keeps it no more")

    def test_who_has_an_account_becomes_pilot_without_a_mail(self):
        evaluation = self.make_evaluation(self.first, state="draft", pilots=self.ben)
        self.user_portal.partner_id.write(
            {"parent_id": self.first.id, "cap_is_pilot": True}
        )
        invite = self.open_invite(self.first)
        self.assertEqual(invite.line_ids.status, "known")
        invite.action_invite()
        self.assertFalse(self.run_cron())
        self.assertEqual(evaluation.pilot_ids, self.ben | self.user_portal.partner_id)

    # ------------------------------------------------------------------ skipped

    def test_whom_it_skips_and_what_to_do(self):
        """One person per reason; the good one among them is still invited."""
        people = {
            "ready": self.make_contact(self.third, "Zoé"),
            "no_email": self.make_contact(self.third, "Yann", email="yann(at)ici"),
            "taken": self.make_contact(
                self.third, "Xan", email=f"<{self.user_pilot.login}@b.c>"
            ),
            "duplicate": self.make_contact(self.third, "Will", email="same@b.c"),
            "internal": self.user_employee.partner_id,
            "archived": self.user_portal.partner_id,
        }
        twin = self.make_contact(self.third, "Vic", email="Same@B.C ")
        self.user_pilot.login = f"{self.user_pilot.login}@b.c"
        self.user_portal.active = False
        everyone = twin.union(*people.values())
        everyone.write({"parent_id": self.third.id, "cap_is_pilot": True})
        invite = self.open_invite(self.third)
        statuses = self.get_statuses(invite)
        self.assertEqual(statuses.pop(twin), "duplicate")
        self.assertEqual(statuses, {person: key for key, person in people.items()})
        for line in invite.line_ids:
            self.assertEqual(bool(line.advice), line.status != "ready")
        invite.action_invite()
        mails = self.run_cron()
        self.assertEqual(len(mails), 1)
        self.assertEqual(mails.recipient_ids, people["ready"])
        self.assertEqual(self.invitations.search([]).contact_id, people["ready"])
        self.assertIn("6 lines stay", invite.report)

    def test_nobody_at_all(self):
        with self.assertRaises(UserError):
            self.open_invite(self.third).action_invite()

    def test_a_refusal_holds_nobody_up(self):
        """An account takes the e-mail between the wizard and the cron."""
        self.open_invite(self.first | self.second).action_invite()
        self.user_portal.login = self.anna.email
        mails = self.run_cron()
        self.assertEqual(len(mails), 1)
        self.assertEqual(mails.recipient_ids, self.chloe)
        refused = self.invitations.search([("contact_id", "=", self.anna.id)])
        self.assertEqual(refused.state, "refused")
        self.assertIn("same email", refused.reason)
        self.assertFalse(self.anna.cap_is_pilot)

    def test_rights_lost_before_the_cron(self):
        self.open_invite(self.first).action_invite()
        self.user_manager.group_ids = self.env.ref("base.group_user")
        self.assertFalse(self.run_cron())
        self.assertEqual(self.invitations.search([]).state, "refused")
        self.assertFalse(self.anna.user_ids)

    # ------------------------------------------------------------------ ways in

    def test_from_a_campaign(self):
        campaign = self.env["cap.campaign"].create(
            {
                "name": "2026",
                "version_id": self.version.id,
                "partner_ids": self.structures.ids,
            }
        )
        campaign.action_open()
        action = campaign.with_user(self.user_manager).action_invite_pilots()
        invite = self.env["cap.pilot.invite"].browse(action["res_id"])
        self.assertEqual(invite.line_ids.structure_id, self.structures)
        invite.with_user(self.user_manager).action_invite()
        self.run_cron()
        pilots = {e.partner_id: e.pilot_ids for e in campaign.evaluation_ids}
        self.assertEqual(pilots[self.first], self.anna)
        self.assertEqual(pilots[self.second], self.chloe)
        campaign.animator_id = self.user_animator
        with self.assertRaises(AccessError):
            campaign.with_user(self.user_animator).action_invite_pilots()

    def test_from_the_list_of_structures(self):
        action = self.env.ref("cap_evaluation.cap_pilot_invite_action")
        context = {"active_model": "res.partner", "active_ids": self.structures.ids}
        shown = action.with_user(self.user_manager).with_context(**context).run()
        self.assertEqual(shown["res_model"], "cap.pilot.invite")
        with self.assertRaises(AccessError):
            action.with_user(self.user_animator).with_context(**context).run()

    def test_from_the_setup(self):
        self.env["res.partner"].search([]).category_id = False
        tag = self.env["res.partner.category"].create({"name": "Réseau"})
        self.structures.category_id = tag
        setup = self.env["cap.setup"].with_user(self.user_manager)
        setup = setup.create({"category_ids": tag.ids})
        while setup.step != "done":
            setup.action_next()
        action = setup.action_invite_pilots()
        invite = self.env["cap.pilot.invite"].browse(action["res_id"])
        self.assertEqual(invite.line_ids.structure_id, self.structures)

    # ------------------------------------------------------------------ refusals

    def test_only_managers_invite(self):
        self.open_invite(self.first).action_invite()
        invitation = self.invitations.search([])
        for user in (self.user_animator, self.user_employee, self.user_pilot):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    self.open_invite(self.first, user)
                with self.assertRaises(AccessError):
                    invitation.with_user(user).read(["reason"])
                with self.assertRaises(AccessError):
                    self.invitations.with_user(user).create(
                        {"structure_id": self.first.id, "contact_id": self.ben.id}
                    )

    def test_invitations_of_another_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.open_invite(self.first).action_invite()
        invitation = self.invitations.search([])
        invitation.company_id = other
        with self.assertRaises(AccessError):
            invitation.with_user(self.user_manager).read(["reason"])

    # ------------------------------------------------------------------ volume

    def make_bulk(self, count):
        structures = self.make_structures(count, self.region_b)
        self.env["res.partner"].create(
            [
                {
                    "name": f"Director {structure.id}",
                    "function": "Direction",
                    "parent_id": structure.id,
                    "email": f"direction.{structure.id}@example.com",
                }
                for structure in structures
            ]
        )
        return structures

    def test_proposing_and_asking_do_not_grow_with_the_structures(self):
        """Measured: 15 for 100 structures, 23 for 500."""
        costs = []
        for count in (20, 100, BULK):
            structures = self.make_bulk(count)
            costs.append(
                self.count_queries(
                    lambda s=structures: self.open_invite(s).action_invite()
                )
            )
        _warm, small, large = costs
        self.assertLessEqual(large - small, 15)

    def test_the_cron_goes_on_where_it_stopped(self):
        structures = self.make_bulk(7)
        self.open_invite(structures).action_invite()
        progress = []

        def note(_cron, *args, **values):
            progress.append((args, values))
            return 1

        cron = type(self.env["ir.cron"])
        with patch.object(cron, "_commit_progress", note):
            self.invitations._cron_invite(limit=3)
            states = Counter(self.invitations.search([]).mapped("state"))
            self.assertEqual(states, {"sent": 3, "todo": 4})
            self.invitations._cron_invite(limit=10)
        states = Counter(self.invitations.search([]).mapped("state"))
        self.assertEqual(states, {"sent": 7})
        self.assertEqual(progress[:2], [((), {"remaining": 7}), ((1,), {})])
        mails = self.env["mail.mail"].search([("recipient_ids", "!=", False)])
        invited = mails.recipient_ids.parent_id & structures
        self.assertEqual((len(mails), invited), (7, structures))
