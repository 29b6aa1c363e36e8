"""What the product decides, refused by name to everybody, on every path."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import CapCommon


@tagged("post_install", "-at_install")
class TestSystemFields(CapCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.evaluation = cls.make_evaluation(levels={"1.1.1.1": 2})
        cls.other = cls.make_evaluation(
            cls.other_structure, state="validated", levels={"1.1.1.1": 3}
        )
        cls.draft = cls.make_version(code="DRAFT", publish=False)
        cls.campaign = cls.env["cap.campaign"].create(
            {
                "name": "A",
                "version_id": cls.version.id,
                "animator_id": cls.user_animator.id,
            }
        )
        cls.env.flush_all()

    def _guarded(self):
        """Return ``[(model, field)]`` of all that the system alone writes."""
        return [
            (name, field)
            for name, model in self.env.registry.items()
            if name.startswith("cap.") and not model._abstract
            for field in sorted(
                getattr(self.env[name], "_get_system_fields", frozenset)()
            )
        ]

    def test_what_is_guarded(self):
        """Taking a field off the list is a decision, not a slip."""
        guarded = set(self._guarded())
        for model, names in {
            "cap.evaluation": (
                "state",
                "reviewed",
                "previous_id",
                "validated_on",
                "year",
                "region_id",
                "structure_type_ids",
                "size",
            ),
            "cap.evaluation.line": ("previous_level_id", "active", "aside_version_id"),
            "cap.campaign": ("state", "moving_to_id", "move_total"),
            "cap.referential.version": ("state", "published_on"),
            "cap.objective": ("theme_id", "subtheme_id", "successor_ids"),
            "cap.pilot.invitation": ("state", "reason", "done_on"),
        }.items():
            for name in names:
                with self.subTest(model=model, field=name):
                    self.assertIn((model, name), guarded)

    def test_refused_by_name_to_animators_and_managers(self):
        for user in (self.user_animator, self.user_manager):
            for model, name in self._guarded():
                records = self.env[model].with_user(user)
                label = records._fields[name]._description_string(records.env) or name
                with self.subTest(user=user.login, model=model, field=name):
                    with self.assertRaises(AccessError) as refusal:
                        records.write({name: False})
                    self.assertIn(label, str(refusal.exception))
                    with self.assertRaises(AccessError):
                        records.create({name: False})

    def test_what_is_chosen_at_birth_stays(self):
        company = self.env["res.company"].create({"name": "B"})
        self.user_manager.company_ids |= company
        evaluation = self.evaluation.with_user(self.user_manager)
        for values in (
            {"company_id": company.id},
            {"partner_id": self.other_structure.id},
            {"version_id": self.draft.id},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                evaluation.write(values)
        with self.assertRaises(AccessError):
            self.campaign.with_user(self.user_manager).company_id = company

    def test_no_default_writes_it(self):
        """Neither a key of the context, nor a default that somebody saved."""
        evaluations = self.env["cap.evaluation"].with_user(self.user_animator)
        self.env["ir.default"].with_user(self.user_animator).create(
            {
                "field_id": self.env["ir.model.fields"]
                ._get("cap.evaluation", "year")
                .id,
                "json_value": "1999",
                "user_id": self.user_animator.id,
            }
        )
        structure = self.make_structures(1, self.region_a)
        made = evaluations.with_context(
            default_state="validated",
            default_validated_on="2020-01-01",
            default_region_id=self.region_b.id,
            default_previous_id=self.other.id,
        ).create({"partner_id": structure.id, "version_id": self.version.id})
        self.assertEqual(
            (
                made.state,
                made.validated_on,
                made.year,
                made.region_id,
                made.previous_id,
            ),
            ("draft", False, 0, self.env["cap.region"], evaluations),
        )

    def test_no_default_travels_to_what_the_system_makes(self):
        evaluation = self.make_evaluation(
            self.make_structures(1, self.region_a),
            levels={"1.1.1.1": 1},
            state="validated",
        ).with_user(self.user_animator)
        made = evaluation.with_context(
            default_year=1999, default_reviewed=True, default_size="50_plus"
        ).action_start_next()
        self.assertEqual((made.year, made.reviewed, made.size), (0, False, False))
        self.assertEqual(made.previous_id, evaluation)

    # -------------------------------------------------------- making a CAP

    def _create(self, partner, **values):
        return (
            self.env["cap.evaluation"]
            .with_user(self.user_animator)
            .create({"partner_id": partner.id, "version_id": self.version.id, **values})
        )

    def test_an_animator_makes_the_cap_of_own_regions_only(self):
        own, far = (
            self.make_structures(1, self.region_a),
            self.make_structures(1, self.region_b),
        )
        me = self.user_animator.partner_id
        self.assertEqual(self._create(own).state, "draft")
        for values in (
            {},
            {"facilitator_id": me.id},
            {"pilot_ids": [Command.set(me.ids)]},
            {"region_id": self.region_a.id},
            {"facilitator_id": me.id, "previous_id": self.other.id},
        ):
            with self.subTest(values=values), self.assertRaises(AccessError):
                self._create(far, **values)

    def test_nobody_steals_a_cap_by_leading_it(self):
        """Leading an evaluation is reading it and writing its answers, no more."""
        self.other.sudo().facilitator_id = self.user_animator.partner_id
        led = self.make_evaluation(
            self.make_structures(1, self.region_b),
            facilitator_id=self.user_animator.partner_id.id,
        ).with_user(self.user_animator)
        self.assertTrue(led.has_access("read"))
        led.line_ids[0].comment = "Said on the day"
        for values in ({"mode": "alone"}, {"pilot_ids": [Command.clear()]}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                led.write(values)
        for name in ("action_validate", "action_cancel", "action_start"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                getattr(led, name)()

    def test_lines_are_made_by_the_system(self):
        values = {
            "evaluation_id": self.evaluation.id,
            "objective_id": self.draft.objective_ids[0].id,
        }
        for user in (self.user_animator, self.user_manager, self.user_pilot):
            lines = self.env["cap.evaluation.line"].with_user(user)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                lines.create(values)
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.evaluation.line_ids[0].with_user(user).unlink()

    def test_previous_is_the_last_of_this_structure(self):
        """Made by hand too, a CAP remembers the one before."""
        validated = self.make_evaluation(
            self.make_structures(1, self.region_a),
            levels={"1.1.1.1": 1},
            state="validated",
        )
        self.env.flush_all()
        made = self._create(validated.partner_id)
        self.assertEqual(made.sudo().previous_id, validated)
        made.action_start()
        self.assertEqual(self.get_line(made, "1.1.1.1").previous_level_id.value, 1)

    def test_next_cap_is_refused_where_the_structure_moved_away(self):
        """Its delegate still reads the past one: the next is another region's."""
        validated = self.make_evaluation(
            self.make_structures(1, self.region_a),
            levels={"1.1.1.1": 1},
            state="validated",
        )
        validated.partner_id.cap_region_id = self.region_b
        past = validated.with_user(self.user_animator)
        self.assertEqual(past.state, "validated")
        with self.assertRaises(AccessError):
            past.action_start_next()

    def test_no_cap_starts_in_an_archived_structure(self):
        self.other_structure.active = False
        with self.assertRaisesRegex(UserError, "is archived"):
            self.other.action_start_next()

    # --------------------------------------------------------- publication

    def test_publishing_by_rpc_passes_the_checks(self):
        empty = self.draft.copy({"name": "empty"}).with_user(self.user_manager)
        for values in ({"state": "published"}, {"published_on": "2026-01-01"}):
            with self.subTest(values=values), self.assertRaises(AccessError):
                empty.write(values)
        with self.assertRaisesRegex(UserError, "cannot be published"):
            empty.action_publish()
        self.draft.with_user(self.user_manager).action_publish()
        self.assertEqual(self.draft.state, "published")

    def test_buttons_still_work_for_those_who_may(self):
        evaluation = self.evaluation.with_user(self.user_animator)
        evaluation.action_validate()
        self.assertEqual(
            (evaluation.state, evaluation.region_id), ("validated", self.region_a)
        )
        campaign = self.campaign.with_user(self.user_animator)
        campaign.partner_ids = self.make_structures(2, self.region_a)
        campaign.action_open()
        self.assertEqual(campaign.evaluation_ids.mapped("state"), ["draft"] * 2)
        campaign.action_close()
        self.assertEqual(campaign.state, "closed")
        self.version.with_user(self.user_manager).action_retire()
        self.assertEqual(self.version.state, "retired")
