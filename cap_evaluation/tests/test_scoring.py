"""The arithmetic of scores, on literal tables and on any answers."""

import doctest

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..kernel import scoring
from ..kernel.scoring import Bounds, Scored, summarise, to_percent

CAP = Bounds(0, 3)
COUNTS = st.integers(1, 4)
BOUNDS = st.builds(
    lambda low, steps: Bounds(low, low + steps), st.integers(0, 1), st.integers(1, 6)
)


class TestScoring(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(scoring)
        self.assertGreater(result.attempted, 5)
        self.assertFalse(result.failed)

    def test_literal_table(self):
        """(answers) -> score, coverage; computed by hand."""
        table = [
            ([Scored(0)], 0.0, 100.0),
            ([Scored(3)], 100.0, 100.0),
            ([Scored(0), Scored(3)], 50.0, 100.0),
            ([Scored(1), Scored(2), Scored(None)], 50.0, 200 / 3),
            ([Scored(3, weight=3), Scored(0, weight=1)], 75.0, 100.0),
            ([Scored(None, applicable=False)], None, 100.0),
            ([Scored(None, applicable=False), Scored(3)], 100.0, 100.0),
            ([], None, 100.0),
        ]
        for answers, score, coverage in table:
            with self.subTest(answers=answers):
                result = summarise(answers, CAP)
                self.assertEqual(result.score, score)
                self.assertAlmostEqual(result.coverage, coverage)

    def test_what_is_not_applicable_is_counted(self):
        aside = Scored(None, applicable=False)
        result = summarise([aside, Scored(1), aside._replace(count=4)], CAP)
        self.assertEqual(result.not_applicable, 5)
        self.assertEqual((result.scored, result.applicable), (1, 1))

    def test_scale_that_starts_above_zero(self):
        self.assertEqual(summarise([Scored(1)], Bounds(1, 5)).score, 0.0)
        self.assertEqual(summarise([Scored(3)], Bounds(1, 5)).score, 50.0)

    @settings(derandomize=True, deadline=None, max_examples=200)
    @given(BOUNDS, st.data())
    def test_any_answers_keep_the_rules(self, bounds, data):
        """Bounds hold, N/A is neutral, and equal weights weigh nothing."""
        values = st.none() | st.integers(bounds.minimum, bounds.maximum)
        answers = data.draw(
            st.lists(
                st.builds(
                    Scored, values, st.sampled_from([0.5, 1.0, 2.0, 3.0]), count=COUNTS
                ),
                max_size=12,
            )
        )
        result = summarise(answers, bounds)
        self.assertEqual(result.score is None, result.scored == 0)
        self.assertTrue(0 <= result.coverage <= 100)
        if result.score is not None:
            scored = [a.value for a in answers if a.value is not None]
            low, high = to_percent(min(scored), bounds), to_percent(max(scored), bounds)
            self.assertTrue(low - 1e-9 <= result.score <= high + 1e-9)
        with_na = summarise([*answers, Scored(None, applicable=False)], bounds)
        self.assertEqual(with_na.score, result.score)
        self.assertEqual(with_na.coverage, result.coverage)
        doubled = [a._replace(weight=a.weight * 2) for a in answers]
        self.assertEqual(summarise(doubled, bounds).score, result.score)
