from psycopg2.errors import UniqueViolation

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CapCommon

SAMPLE = {"1.1.1.1": 3, "1.1.1.2": 0, "1.2.1.1": 2, "2.1.1.1": "na"}


@tagged("post_install", "-at_install")
class TestEvaluation(CapCommon):
    def test_opening_makes_one_line_per_operational_objective(self):
        evaluation = self.make_evaluation(state="draft")
        self.assertEqual(
            evaluation.line_ids.objective_id.mapped("code"),
            ["1.1.1.1", "1.1.1.2", "1.2.1.1", "1.2.1.2", "2.1.1.1", "2.1.1.2"],
        )
        self.assertEqual(set(evaluation.line_ids.mapped("state")), {"todo"})
        self.assertEqual(evaluation.pilot_ids, self.user_pilot.partner_id)

    def test_start_adds_missing_lines_then_pools_when_alone(self):
        evaluation = self.make_evaluation(state="draft")
        evaluation.line_ids[0].unlink()
        evaluation.action_start()
        self.assertEqual(len(evaluation.line_ids), 6)
        self.assertEqual(evaluation.state, "consensus")

    def test_start_collects_when_participatory(self):
        evaluation = self.make_evaluation(state="draft", mode="participatory")
        evaluation.action_start()
        self.assertEqual(evaluation.state, "collecting")
        evaluation.action_open_consensus()
        self.assertEqual(evaluation.state, "consensus")

    def test_scores_by_kind(self):
        """3, 0 and 2 over 3; one not applicable; two to do."""
        evaluation = self.make_evaluation(levels=SAMPLE)
        (total,) = evaluation.get_scores("all")
        self.assertIs(total["objective_id"], False)
        self.assertAlmostEqual(total["score"], 100 * 5 / 9)
        self.assertAlmostEqual(total["coverage"], 100 * 3 / 5)
        themes = evaluation.get_scores("theme")
        self.assertEqual(
            [t["objective_id"] for t in themes],
            [self.objectives["1"].id, self.objectives["2"].id],
        )
        self.assertAlmostEqual(themes[0]["score"], 100 * 5 / 9)
        self.assertEqual(themes[0]["coverage"], 75.0)
        self.assertIsNone(themes[1]["score"])
        self.assertEqual(themes[1]["coverage"], 0.0)
        self.assertEqual(themes[1]["not_applicable"], 1)
        subthemes = {s["objective_id"]: s for s in evaluation.get_scores("subtheme")}
        self.assertEqual(len(subthemes), 3)
        self.assertEqual(subthemes[self.objectives["1.1"].id]["score"], 50.0)

    def test_scores_use_weights(self):
        draft = self.make_version(code="WEIGHED", publish=False)
        draft.objective_ids.filtered(lambda o: o.code == "1.1.1.1").weight = 3
        draft.action_publish()
        evaluation = self.make_evaluation(
            version=draft, levels={"1.1.1.1": 3, "1.1.1.2": 0}
        )
        self.assertEqual(evaluation.get_scores("all")[0]["score"], 75.0)

    def test_zero_everywhere_is_a_score(self):
        codes = self.version.objective_ids.mapped("code")
        evaluation = self.make_evaluation(levels=dict.fromkeys(codes, 0))
        (total,) = evaluation.get_scores("all")
        self.assertEqual((total["score"], total["coverage"]), (0.0, 100.0))
        self.assertEqual(evaluation.scored_count, 6)

    def test_unknown_kind_of_score(self):
        with self.assertRaisesRegex(UserError, "no score by"):
            self.make_evaluation().get_scores("colour")

    def test_validation_copies_the_dimensions(self):
        self.structure.cap_size = "10_49"
        evaluation = self.validate(self.make_evaluation(levels=SAMPLE), "2025-12-31")
        self.structure.write({"cap_region_id": self.region_b.id, "cap_size": "50_plus"})
        self.structure.cap_structure_type_ids = self.type_aci
        self.assertEqual(evaluation.region_id, self.region_a)
        self.assertEqual(evaluation.structure_type_ids, self.type_ai)
        self.assertEqual((evaluation.size, evaluation.year), ("10_49", 2025))
        self.assertFalse(evaluation.reviewed)

    def test_validation_needs_an_answer(self):
        with self.assertRaisesRegex(UserError, "at least one objective"):
            self.make_evaluation().action_validate()

    def test_validated_evaluation_never_changes(self):
        evaluation = self.make_evaluation(levels=SAMPLE, state="validated")
        for values in (
            {"state": "consensus"},
            {"region_id": self.region_b.id},
            {"year": 1999},
            {"structure_type_ids": [Command.clear()]},
            {"line_ids": [Command.update(evaluation.line_ids[0].id, {"comment": "x"})]},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                evaluation.write(values)
        for action in ("action_start", "action_validate", "action_cancel"):
            with self.subTest(action=action), self.assertRaises(UserError):
                getattr(evaluation, action)()
        with self.assertRaises(UserError):
            evaluation.line_ids.unlink()
        with self.assertRaises(UserError):
            evaluation.unlink()

    def test_cancelled_evaluation_keeps_what_was_typed(self):
        evaluation = self.make_evaluation(levels=SAMPLE)
        evaluation.action_cancel()
        self.assertEqual(evaluation.scored_count, 3)
        with self.assertRaisesRegex(UserError, "was cancelled"):
            evaluation.line_ids[0].comment = "x"
        with self.assertRaises(UserError):
            evaluation.unlink()

    def test_structure_and_edition_stay_once_lines_exist(self):
        evaluation = self.make_evaluation()
        with self.assertRaisesRegex(UserError, "stay as they were"):
            evaluation.partner_id = self.other_structure

    def test_a_draft_edition_opens_no_evaluation(self):
        draft = self.make_version(code="ODD", publish=False)
        with self.assertRaisesRegex(UserError, "is not published"):
            self.env["cap.evaluation"].create(
                {"partner_id": self.structure.id, "version_id": draft.id}
            )

    @mute_logger("odoo.sql_db")
    def test_one_open_evaluation_per_structure_and_edition(self):
        self.make_evaluation()
        with self.assertRaises(UniqueViolation):
            self.make_evaluation()

    def test_starting_twice_gives_the_same_evaluation(self):
        model = self.env["cap.evaluation"]
        pilots = self.user_pilot.partner_id
        asked = (self.structure, pilots, self.version, self.env.company)
        first = model._open_for_structure(*asked)
        again = model._open_for_structure(*asked)
        self.assertEqual(first, again)

    def test_next_evaluation_remembers_the_levels(self):
        evaluation = self.make_evaluation(levels=SAMPLE, state="validated")
        following = evaluation.action_start_next()
        self.assertEqual(following.previous_id, evaluation)
        self.assertEqual(following.state, "consensus")
        self.assertEqual(following.pilot_ids, evaluation.pilot_ids)
        line = self.get_line(following, "1.1.1.2")
        self.assertEqual(line.previous_level_id.value, 0)
        self.assertTrue(line.previous_level_id)
        self.assertFalse(line.level_id)
        self.assertFalse(self.get_line(following, "1.2.1.2").previous_level_id)
        self.assertEqual(evaluation.action_start_next(), following)

    def test_next_takes_the_last_edition_and_carries_by_code(self):
        evaluation = self.make_evaluation(levels=SAMPLE, state="validated")
        newer = self.make_version(name="2027")
        following = evaluation.action_start_next()
        self.assertEqual(following.version_id, newer)
        self.assertEqual(self.get_line(following, "1.1.1.1").previous_level_id.value, 3)

    def test_next_of_an_open_one_is_refused(self):
        with self.assertRaisesRegex(UserError, "is still open"):
            self.make_evaluation().action_start_next()

    def test_state_changes_are_tracked(self):
        evaluation = self.make_evaluation(levels=SAMPLE)
        evaluation = evaluation.with_context(tracking_disable=False)
        self.flush_tracking()
        evaluation.action_validate()
        self.flush_tracking()
        values = evaluation.message_ids.sudo().tracking_value_ids
        self.assertIn("state", values.field_id.mapped("name"))

    def flush_tracking(self):
        self.env.flush_all()
        self.cr.precommit.run()

    def test_lists_compute_scores_in_one_query(self):
        evaluations = self.env["cap.evaluation"]
        for partner in self.make_structures(4):
            evaluations |= self.make_evaluation(partner, levels=SAMPLE)
        self.env.flush_all()
        evaluations.invalidate_recordset()
        evaluations.mapped("version_id.scale_id.level_ids.value")
        with self.assertQueryCount(1):
            self.assertEqual(evaluations.mapped("scored_count"), [3] * 4)

    def test_each_year_has_its_own_name(self):
        evaluation = self.make_evaluation(levels=SAMPLE)
        self.assertEqual(evaluation.display_name, "TEST 2026, Atelier des Tests")
        self.validate(evaluation, "2024-05-02")
        self.assertEqual(evaluation.display_name, "TEST 2024, Atelier des Tests")
        following = evaluation.action_start_next()
        self.assertEqual(following.display_name, "TEST 2026, Atelier des Tests")
        self.set_levels(following, SAMPLE)
        self.validate(following, on="2026-02-01")
        again = following.action_start_next()
        self.assertEqual(again.display_name, "TEST 2026, under way, Atelier des Tests")
        self.assertEqual(following.display_name, "TEST 2026, Atelier des Tests")
        other = self.make_evaluation(self.other_structure)
        self.assertEqual(other.display_name, "TEST 2026, Relais des Essais")
