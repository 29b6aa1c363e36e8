from freezegun import freeze_time

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import NetworkCommon

REFUSED = {"objective_id", "year", "shown", "own", "reason", "wider"}
CODES = ("1.1.1.1", "1.1.1.2", "1.2.1.1", "1.2.1.2", "2.1.1.1", "2.1.1.2")
LAST_YEAR = "2025-05-05"


@tagged("post_install", "-at_install")
class TestPosition(NetworkCommon):
    """Positions: thresholds, differencing, words accepted, whose value is beside."""

    @classmethod
    def add(cls, count, levels=2, on=LAST_YEAR, **values):
        """Validate the CAPs of ``count`` structures, last year, all at these levels."""
        if isinstance(levels, int):
            levels = dict.fromkeys(CODES, levels)
        return cls.make_validated(count, levels, on=on, **values)

    def ask(self, objective=None, cohort=None, evaluation=None, user=None):
        """Return the position, asked by an animator unless told otherwise."""
        positions = self.env["cap.position"].with_user(user or self.user_animator)
        objective = objective or self.objectives["1"]
        return positions.get_position(objective.id, cohort, evaluation)

    def assertRefused(self, position):
        self.assertFalse(position["shown"])
        self.assertEqual(set(position), REFUSED)

    # -------------------------------------------------------------- thresholds

    def test_nine_are_refused(self):
        self.add(9)
        self.assertRefused(self.ask())

    def test_ten_have_a_mean_but_no_quartiles(self):
        self.add(8, 2)
        self.add(2, 1)
        position = self.ask()
        self.assertEqual(position["count"], 10)
        self.assertEqual(position["mean"], 60)  # (8 x 66.67 + 2 x 33.33) / 10
        self.assertIsNone(position["quartiles"])
        self.assertIsNone(position["shares"])

    def test_nineteen_have_no_quartiles(self):
        self.add(19)
        self.assertIsNone(self.ask()["quartiles"])

    def test_twenty_have_quartiles(self):
        for level, count in ((0, 6), (1, 6), (2, 6), (3, 2)):
            self.add(count, level)
        position = self.ask()
        self.assertEqual(position["quartiles"], (17, 33, 67))  # 0 % counts as 16.67 %
        self.assertEqual(
            position["mean"], 43
        )  # (6 x 16.67 + 200 + 400 + 2 x 83.33) / 20

    def test_ends_are_coded(self):
        """Ten at 0: at most 17 %, which four objectives of three levels leave open."""
        self.add(10, 0)
        position = self.ask()
        self.assertEqual((position["mean"], position["mean_bound"]), (17, "at_most"))
        self.assertEqual(self.ask(self.objectives["1.1"])["mean"], 33)

    def test_levels_of_one_objective(self):
        """Halves from 20, levels from 30; neither mean nor quartiles."""
        objective = self.objectives["1.1.1.1"]
        self.add(19, 1)
        self.assertRefused(self.ask(objective))
        self.add(1, 2)
        position = self.ask(objective)
        self.assertEqual(position["halves"], {"low": (90, 100), "high": (0, 10)})
        self.assertIsNone(position["shares"])
        self.add(10, 2)
        position = self.ask(objective)
        self.assertEqual(position["halves"], {"low": (63, 63), "high": (37, 37)})
        self.assertEqual(
            position["shares"], {0: (0, 10), 1: (53, 63), 2: (27, 37), 3: (0, 10)}
        )
        self.assertIsNone(position["mean"])
        self.assertIsNone(position["quartiles"])

    def test_a_refusal_never_tells_how_many(self):
        """Nobody, one or nine: the same answer, word for word."""
        answers = [self.ask()]
        for count in (1, 8):
            self.add(count)
            answers.append(self.ask())
        for answer in answers:
            self.assertRefused(answer)
            self.assertEqual(answer["reason"], answers[0]["reason"])
            self.assertEqual(answer["wider"], [])

    def test_who_went_through_the_cap_counts(self):
        """Ten validated, one of them left a sub-theme: nine."""
        self.add(9)
        partial = dict.fromkeys(CODES[:4], 2)
        self.add(1, partial)
        self.assertRefused(self.ask())
        self.add(1, {**partial, "2.1.1.1": 2})  # one of two: still not
        self.assertRefused(self.ask())
        self.add(1)
        self.assertEqual(self.ask()["count"], 10)

    def test_sub_theme_that_does_not_apply_to_a_few(self):
        """The theme less its sub-themes would be about them: they are left out."""
        self.add(12)
        self.add(3, {**dict.fromkeys(CODES, 2), "2.1.1.1": "na", "2.1.1.2": "na"})
        self.assertEqual(self.ask()["count"], 12)
        self.add(9, {**dict.fromkeys(CODES, 2), "2.1.1.1": "na", "2.1.1.2": "na"})
        self.assertEqual(self.ask()["count"], 24)
        self.assertEqual(self.ask(self.objectives["2"])["count"], 12)

    def test_one_per_structure(self):
        evaluations = self.add(9)
        again = self.make_evaluation(evaluations[0].partner_id, dict.fromkeys(CODES, 0))
        self.validate(again, "2025-12-01")
        self.assertRefused(self.ask())
        self.add(1)
        self.assertEqual(self.ask()["mean"], 62)  # (9 x 66.67 + 16.67) / 10

    def test_open_evaluations_do_not_count(self):
        self.add(9)
        self.make_evaluation(self.make_structures(1), dict.fromkeys(CODES, 2))
        self.assertRefused(self.ask())

    def test_weights(self):
        """Structures weigh the same, objectives their weight."""
        evaluations = self.make_evaluation(
            self.make_structures(10),
            {**dict.fromkeys(CODES, 1), "1.1.1.2": 2},
            version=self.weighted,
        )
        self.validate(evaluations, LAST_YEAR)
        # weights 1, 3, 1, 2 of theme 1: (33.33 x 4 + 66.67 x 3) / 7
        self.assertEqual(self.ask(self.nodes["1"])["mean"], 48)

    def test_too_few_objectives(self):
        """One that weighs three of four would be read through the sub-theme."""
        evaluations = self.make_evaluation(
            self.make_structures(10), dict.fromkeys(CODES, 1), version=self.weighted
        )
        self.validate(evaluations, LAST_YEAR)
        position = self.ask(self.nodes["1.1"])
        self.assertRefused(position)
        self.assertIn("too few objectives", position["reason"])

    # ------------------------------------------------------------------- years

    def test_year_under_way_is_not_shown(self):
        self.add(12, on="2026-03-01")
        with freeze_time("2026-12-31 23:00:00"):
            self.assertRefused(self.ask(cohort={"year": 2026}))
            self.assertRefused(self.ask())
            self.assertEqual(self.env["cap.position"].get_years(), [])

    def test_year_is_over_for_the_slowest_clock(self):
        """Somebody whose clock is behind may still validate in the old year."""
        self.add(12, on="2026-03-01")
        with freeze_time("2027-01-01 11:59:00"):
            self.assertRefused(self.ask(cohort={"year": 2026}))
        with freeze_time("2027-01-01 12:00:01"):
            self.assertTrue(self.ask(cohort={"year": 2026})["shown"])

    def test_year_by_default(self):
        """The evaluation's own year where it is over, else the last one that is."""
        self.add(10, 1, on="2024-05-05", cap_size="10_49")
        self.add(10, 2)
        self.add(10, 3, on="2026-02-02")
        with freeze_time("2026-06-06"):
            self.assertEqual(self.ask()["year"], 2025)
            self.assertEqual(self.ask(cohort={"year": 2024})["mean"], 33)
            sized = {"year": 2024, "size": "10_49"}
            self.assertEqual(self.ask(cohort=sized)["count"], 10)
            self.assertRefused(self.ask(cohort={"year": 2025, "size": "10_49"}))
            old = self.make_evaluation(self.structure, {"1.1.1.1": 1})
            self.validate(old, "2024-06-06")
            self.assertEqual(self.ask(evaluation=old.id)["year"], 2024)
            positions = self.env["cap.position"].with_user(self.user_animator)
            self.assertEqual(positions.get_years(old.id), [2025, 2024])

    # ------------------------------------------------------------ differencing

    def test_complement_of_a_region(self):
        """Fourteen and three: the whole minus the fourteen would give the three."""
        self.add(14, region=self.region_a)
        self.add(3, region=self.region_b)
        self.assertRefused(self.ask(cohort={"region": self.region_a.id}))
        self.add(7, region=self.region_b)
        position = self.ask(cohort={"region": self.region_a.id})
        self.assertEqual(position["count"], 14)

    def test_widen(self):
        self.add(14, region=self.region_a)
        self.add(6, region=self.region_b)
        position = self.ask(cohort={"region": self.region_b.id})
        self.assertRefused(position)
        self.assertEqual(position["wider"], [{}])

    def test_staff_of_a_region_as_insiders(self):
        """A group with four from elsewhere: those who see the region know the four."""
        self.add(10, region=self.region_a, types=self.type_ai)
        self.add(4, region=self.region_b, types=self.type_ai)
        self.add(16, region=self.region_b, types=self.type_aci)
        self.add(16, region=self.region_a, types=self.type_aci)
        self.assertRefused(self.ask(cohort={"type": self.type_ai.id}))
        self.add(1, region=self.region_b, types=self.type_ai)
        self.assertEqual(self.ask(cohort={"type": self.type_ai.id})["count"], 15)

    def test_one_main_type_each(self):
        """With two types a structure counts under its main one: types add up."""
        both = self.type_ai + self.type_aci
        self.add(10, types=self.type_ai)
        self.add(10, types=self.type_aci)
        self.add(5, types=both)
        counts = [
            self.ask(cohort={"type": kind.id})["count"]
            for kind in (self.type_ai, self.type_aci)
        ]
        self.assertEqual(counts, [15, 10])

    def test_decided_on_those_who_scored_this_objective(self):
        """Each type is large enough, but not for what few of them scored."""
        objective, cohort = self.objectives["1.1.1.1"], {"type": self.type_ai.id}
        self.add(20, 1, types=self.type_ai)
        self.add(5, 1, types=self.type_aci)
        self.add(15, {"1.1.1.2": 1}, types=self.type_aci)
        self.assertRefused(self.ask(objective, cohort))
        self.add(15, 1, types=self.type_aci)
        self.assertTrue(self.ask(objective, cohort)["shown"])

    def test_companies_apart(self):
        """A structure that two companies follow is in the figures of each, alone."""
        company = self.env["res.company"].create({"name": "Another network"})
        ours = self.add(10, 1)
        theirs = self.make_evaluation(
            ours.partner_id, dict.fromkeys(CODES, 3), company_id=company.id
        )
        self.validate(theirs, LAST_YEAR)
        self.assertEqual(self.ask(evaluation=ours[0].id)["mean"], 33)
        self.user_manager.company_ids += company
        position = (
            self.env["cap.position"]
            .with_user(self.user_manager)
            .with_context(allowed_company_ids=company.ids)
            .get_position(self.objectives["1"].id)
        )
        self.assertEqual((position["mean"], position["count"]), (83, 10))

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
        for objective in (-1, "1", True, self.structure, 10**30):
            with self.subTest(objective=objective), self.assertRaises(ValidationError):
                positions.get_position(objective)
        two_editions = [self.objectives["1"].id, self.nodes["1"].id]
        for several in (two_editions, "1", None, {}, [[1]]):
            with self.subTest(several=several), self.assertRaises(ValidationError):
                positions.get_positions(several)

    def test_every_kind(self):
        self.add(10, {**dict.fromkeys(CODES, 1), "1.1.1.1": 2, "1.1.1.2": 2})
        for code, mean in (("1", 50), ("1.1", 67), ("1.2", 33), ("2", 33)):
            self.assertEqual(self.ask(self.objectives[code])["mean"], mean, code)
        evaluation = self.make_evaluation(self.structure, {"1.1.1.1": 1})
        positions = self.env["cap.position"].with_user(self.user_manager)
        whole = positions.get_position(evaluation=evaluation.id)
        self.assertEqual((whole["mean"], whole["own"]["score"]), (44, 33))

    def test_several_at_once_say_the_same(self):
        self.add(30, {**dict.fromkeys(CODES, 1), "1.1.1.1": 2})
        codes = ("1", "2", "1.1", "1.1.1.1", "2.1.1.2")
        positions = self.env["cap.position"].with_user(self.user_animator)
        several = positions.get_positions([self.objectives[c].id for c in codes])
        self.assertEqual(several, [self.ask(self.objectives[c]) for c in codes])

    # -------------------------------------------------------------- whose value

    def test_own_value_beside(self):
        self.add(20, 1)
        evaluation = self.make_evaluation(
            self.structure,
            dict.fromkeys(CODES, 3),
            pilots=self.user_pilot.partner_id,
        )
        position = self.ask(evaluation=evaluation.id)
        self.assertEqual(
            position["own"],
            {"score": 100, "scored": 4, "applicable": 4, "coverage": 100},
        )
        self.assertEqual(position["place"], "above")
        close = self.ask(self.objectives["1.1.1.1"], evaluation=evaluation.id)
        self.assertEqual(close["own"]["level"], 3)

    def test_no_place_under_half_of_coverage(self):
        self.add(20, 1)
        evaluation = self.make_evaluation(self.structure, {"1.1.1.1": 3})
        position = self.ask(evaluation=evaluation.id)
        self.assertEqual((position["own"]["score"], position["place"]), (100, None))
        self.set_levels(evaluation, {"1.1.1.2": 3})
        self.assertEqual(self.ask(evaluation=evaluation.id)["place"], "above")

    def test_own_value_of_another_region_is_not_given(self):
        self.add(10)
        evaluation = self.make_evaluation(self.other_structure, {"1.1.1.1": 3})
        self.assertIsNone(self.ask(evaluation=evaluation.id)["own"])
        theirs = self.ask(evaluation=evaluation.id, user=self.user_other_animator)
        self.assertEqual(theirs["own"]["score"], 100)

    def test_elevated_call_still_checks_whose_evaluation(self):
        """The page asks in sudo: a pilot's own value comes, a neighbour's does not."""
        self.add(10)
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
        self.add(20)
        evaluation = self.make_evaluation(self.structure, {"2.1.1.1": 0, "2.1.1.2": 0})
        position = self.ask(evaluation=evaluation.id)
        self.assertIsNone(position["own"]["score"])
        self.assertIsNone(position["place"])
        zero = self.ask(self.objectives["2.1"], evaluation=evaluation.id)
        self.assertEqual(zero["own"]["score"], 0)

    def test_who_may_ask(self):
        for user in (self.user_manager, self.user_animator):
            self.assertIn("shown", self.ask(user=user))
        positions = self.env["cap.position"]
        for user in (self.user_employee, self.user_pilot, self.user_portal):
            for ask in (
                lambda asked: asked.get_position(self.objectives["1"].id),
                lambda asked: asked.get_positions([self.objectives["1"].id]),
                lambda asked: asked.get_years(),
            ):
                with self.subTest(user=user.login), self.assertRaises(AccessError):
                    ask(positions.with_user(user))

    def test_animators_see_the_whole_network_in_figures(self):
        """Figures are the network's, whatever the caller's own regions."""
        self.add(10, region=self.region_b)
        self.add(10, region=self.region_a)
        self.assertEqual(self.ask()["count"], 20)
        self.assertEqual(self.ask(user=self.user_manager)["count"], 20)
