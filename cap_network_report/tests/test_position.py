from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import NetworkCommon

REFUSED = {"objective_id", "year", "shown", "own", "reason", "wider"}


@tagged("post_install", "-at_install")
class TestPosition(NetworkCommon):
    """Positions: thresholds, differencing, words accepted, whose value is beside."""

    def ask(self, objective=None, cohort=None, evaluation=None, user=None):
        """Return the position, asked by an animator unless told otherwise."""
        positions = self.env["cap.position"].with_user(user or self.user_animator)
        objective = objective or self.objectives["1.1"]
        return positions.get_position(objective.id, cohort, evaluation)

    def assertRefused(self, position):
        self.assertFalse(position["shown"])
        self.assertEqual(set(position), REFUSED)

    # -------------------------------------------------------------- thresholds

    def test_four_are_refused(self):
        self.make_validated(4)
        self.assertRefused(self.ask())

    def test_five_have_a_mean_but_no_quartiles(self):
        self.make_validated(4, {"1.1.1.1": 3, "1.1.1.2": 0})
        self.make_validated(1, {"1.1.1.1": 0})
        position = self.ask()
        self.assertTrue(position["shown"])
        self.assertEqual(position["count"], 5)
        self.assertEqual(position["mean"], 40)  # (4 x 50 + 0) / 5
        self.assertEqual(position["shares"], {0: 56, 1: 0, 2: 0, 3: 44})
        self.assertIsNone(position["quartiles"])

    def test_nine_have_no_quartiles(self):
        self.make_validated(9)
        self.assertIsNone(self.ask()["quartiles"])

    def test_ten_have_quartiles(self):
        for level, count in ((0, 3), (1, 3), (2, 3), (3, 1)):
            self.make_validated(count, {"1.1.1.1": level})
        position = self.ask()
        self.assertEqual(position["quartiles"], (8, 33, 67))
        self.assertEqual(position["mean"], 40)  # (0 + 100 + 200 + 100) / 10

    def test_a_refusal_never_tells_how_many(self):
        """Nobody, one or four: the same answer, word for word."""
        answers = [self.ask()]
        for count in (1, 3):
            self.make_validated(count)
            answers.append(self.ask())
        for answer in answers:
            self.assertRefused(answer)
            self.assertEqual(answer["reason"], answers[0]["reason"])
            self.assertEqual(answer["wider"], [])

    def test_only_those_who_scored_count(self):
        """Five validated, four of them scored the sub-theme."""
        self.make_validated(4)
        self.make_validated(1, {"2.1.1.1": 1})
        self.assertRefused(self.ask())
        self.make_validated(1)
        self.assertEqual(self.ask()["count"], 5)

    def test_one_per_structure(self):
        """Four structures, one of them twice in the year: still four."""
        evaluations = self.make_validated(4)
        again = self.make_evaluation(evaluations[0].partner_id, {"1.1.1.1": 0})
        self.validate(again, "2026-12-01")
        self.assertRefused(self.ask())
        self.make_validated(1)
        self.assertEqual(self.ask()["mean"], 53)  # (4 x 66.67 + 0) / 5

    def test_open_evaluations_do_not_count(self):
        self.make_validated(4)
        self.make_evaluation(self.make_structures(1), {"1.1.1.1": 2})
        self.assertRefused(self.ask())

    def test_weights(self):
        """Structures weigh the same, objectives their weight: 75 each."""
        structures = self.make_structures(5)
        evaluations = self.make_evaluation(
            structures, {"1.1.1.1": 0, "1.1.1.2": 3}, version=self.weighted
        )
        self.validate(evaluations)
        self.assertEqual(self.ask(self.nodes["1.1"])["mean"], 75)

    # ------------------------------------------------------------ differencing

    def test_complement_of_a_region(self):
        """Nine and three: the whole minus the nine would give the three away."""
        self.make_validated(9, region=self.region_a)
        self.make_validated(3, region=self.region_b)
        whole = self.ask()
        self.assertEqual(whole["count"], 12)
        position = self.ask(cohort={"region": self.region_a.id})
        self.assertRefused(position)
        self.assertEqual(position["wider"], [{}])
        self.make_validated(2, region=self.region_b)
        self.assertEqual(self.ask(cohort={"region": self.region_a.id})["count"], 9)

    def test_complement_of_a_type(self):
        self.make_validated(8, types=self.type_ai)
        self.make_validated(2, types=self.type_aci)
        self.assertRefused(self.ask(cohort={"type": self.type_ai.id}))

    def test_structure_with_two_types(self):
        """AI + ACI - all would be the structure that carries both."""
        self.make_validated(8, types=self.type_ai)
        self.make_validated(7, types=self.type_aci)
        self.make_validated(1, types=self.type_ai + self.type_aci)
        shown = [
            self.ask(cohort={"type": kind.id})["shown"]
            for kind in (self.type_ai, self.type_aci)
        ]
        self.assertEqual(shown, [True, False])

    def test_decided_on_those_who_scored_this_objective(self):
        """Each region is large enough, but not for what few of them scored."""
        self.make_validated(6, {"1.1.1.1": 2, "2.1.1.1": 1}, region=self.region_a)
        self.make_validated(3, {"1.1.1.1": 2}, region=self.region_b)
        self.make_validated(2, {"1.1.1.1": 2, "2.1.1.1": 1}, region=self.region_b)
        cohort = {"region": self.region_a.id}
        self.assertTrue(self.ask(cohort=cohort)["shown"])
        self.assertRefused(self.ask(self.objectives["2.1"], cohort))

    def test_wider_groups_offered(self):
        self.make_validated(6, region=self.region_a, cap_size="10_49")
        self.make_validated(6, region=self.region_b, cap_size="under_10")
        self.make_validated(1, region=self.region_b, cap_size="10_49")
        position = self.ask(cohort={"region": self.region_b.id, "size": "10_49"})
        self.assertRefused(position)
        self.assertIn({"region": self.region_b.id}, position["wider"])

    # ------------------------------------------------------------------- words

    def test_cohort_words_only(self):
        for cohort in (
            {"domain": [("id", "=", 1)]},
            {"region_id": self.region_a.id},
            {"region": [self.region_a.id, self.region_b.id]},
            {"region": str(self.region_a.id)},
            {"region": True},
            {"type": {"id": 1}},
            {"size": "giant"},
            {"size": ["10_49"]},
            {"year": "2026"},
            [("region", "=", 1)],
            "region",
        ):
            with self.subTest(cohort=cohort), self.assertRaises(ValidationError):
                self.ask(cohort=cohort)

    def test_objectives_with_a_position(self):
        with self.assertRaises(UserError):
            self.ask(self.objectives["1.1.1"])  # a general objective
        positions = self.env["cap.position"].with_user(self.user_animator)
        for objective in (-1, "1", True, self.structure):
            with self.subTest(objective=objective), self.assertRaises(ValidationError):
                positions.get_position(objective)

    def test_every_kind(self):
        self.make_validated(5, {"1.1.1.1": 3, "1.2.1.1": 0})
        for code, mean in (("1", 50), ("1.1", 100), ("1.1.1.1", 100), ("1.2", 0)):
            self.assertEqual(self.ask(self.objectives[code])["mean"], mean, code)
        evaluation = self.make_evaluation(self.structure, {"1.1.1.1": 1})
        positions = self.env["cap.position"].with_user(self.user_manager)
        whole = positions.get_position(evaluation=evaluation.id)
        self.assertEqual((whole["mean"], whole["own"]["score"]), (50, 33))

    def test_year_and_size(self):
        self.make_validated(5, {"1.1.1.1": 0}, on="2025-05-05", cap_size="10_49")
        self.make_validated(5, {"1.1.1.1": 3}, on="2026-05-05")
        self.assertEqual(self.ask()["mean"], 100)  # the last year, by default
        self.assertEqual(self.ask(cohort={"year": 2025})["mean"], 0)
        sized = {"year": 2025, "size": "10_49"}
        self.assertEqual(self.ask(cohort=sized)["count"], 5)
        self.assertRefused(self.ask(cohort={"year": 2026, "size": "10_49"}))

    # -------------------------------------------------------------- whose value

    def test_own_value_beside(self):
        self.make_validated(10, {"1.1.1.1": 1})
        evaluation = self.make_evaluation(
            self.structure, {"1.1.1.1": 3}, pilots=self.user_pilot.partner_id
        )
        position = self.ask(evaluation=evaluation.id)
        self.assertEqual(position["own"], {"score": 100, "scored": 1, "applicable": 2})
        self.assertEqual(position["place"], "above")
        close = self.ask(self.objectives["1.1.1.1"], evaluation=evaluation.id)
        self.assertEqual(close["own"]["level"], 3)

    def test_own_value_of_another_region_is_not_given(self):
        self.make_validated(5)
        evaluation = self.make_evaluation(self.other_structure, {"1.1.1.1": 3})
        self.assertIsNone(self.ask(evaluation=evaluation.id)["own"])
        theirs = self.ask(evaluation=evaluation.id, user=self.user_other_animator)
        self.assertEqual(theirs["own"]["score"], 100)

    def test_elevated_call_still_checks_whose_evaluation(self):
        """The page asks in sudo: a pilot's own value comes, a neighbour's does not."""
        self.make_validated(5)
        evaluation = self.make_evaluation(
            self.structure, {"1.1.1.1": 3}, pilots=self.user_pilot.partner_id
        )
        for user, expected in ((self.user_pilot, 100), (self.user_other_pilot, None)):
            positions = self.env["cap.position"].with_user(user).sudo()
            own = positions.get_position(self.objectives["1.1"].id, {}, evaluation.id)[
                "own"
            ]
            self.assertEqual(own and own["score"], expected)

    def test_nothing_scored_is_not_zero(self):
        self.make_validated(10)
        evaluation = self.make_evaluation(self.structure, {"2.1.1.1": 0})
        position = self.ask(evaluation=evaluation.id)
        self.assertIsNone(position["own"]["score"])
        self.assertIsNone(position["place"])
        zero = self.ask(self.objectives["2.1"], evaluation=evaluation.id)
        self.assertEqual(zero["own"]["score"], 0)

    def test_who_may_ask(self):
        for user in (self.user_manager, self.user_animator):
            self.assertIn("shown", self.ask(user=user))
        for user in (self.user_employee, self.user_pilot, self.user_portal):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.ask(user=user)

    def test_animators_see_the_whole_network_in_figures(self):
        """Figures are the network's, whatever the caller's own regions."""
        self.make_validated(10, region=self.region_b)
        self.make_validated(5, region=self.region_a)
        self.assertEqual(self.ask()["count"], 15)
        self.assertEqual(self.ask(user=self.user_manager)["count"], 15)
