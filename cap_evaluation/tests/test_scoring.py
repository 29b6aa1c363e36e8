"""The arithmetic of scores, on literal tables and on random answers."""

import doctest
import random

from odoo.tests import BaseCase

from .. import scoring
from ..scoring import Answer, Bounds, summarise

CAP = Bounds(0, 3)


class TestScoring(BaseCase):
    def test_doctests(self):
        result = doctest.testmod(scoring)
        self.assertGreater(result.attempted, 5)
        self.assertFalse(result.failed)

    def test_literal_table(self):
        """(answers) -> score, coverage; computed by hand."""
        table = [
            ([Answer(0)], 0.0, 100.0),
            ([Answer(3)], 100.0, 100.0),
            ([Answer(0), Answer(3)], 50.0, 100.0),
            ([Answer(1), Answer(2), Answer(None)], 50.0, 200 / 3),
            ([Answer(3, weight=3), Answer(0, weight=1)], 75.0, 100.0),
            ([Answer(None, applicable=False)], None, 100.0),
            ([], None, 100.0),
        ]
        for answers, score, coverage in table:
            with self.subTest(answers=answers):
                result = summarise(answers, CAP)
                self.assertEqual(result.score, score)
                self.assertAlmostEqual(result.coverage, coverage)

    def test_scale_that_starts_above_zero(self):
        self.assertEqual(summarise([Answer(1)], Bounds(1, 5)).score, 0.0)
        self.assertEqual(summarise([Answer(3)], Bounds(1, 5)).score, 50.0)

    def test_random_answers_keep_the_rules(self):
        """Bounds hold, N/A is neutral, and equal weights weigh nothing."""
        draw = random.Random(2026)
        for _round in range(300):
            answers = [
                Answer(
                    draw.choice([None, 0, 1, 2, 3]),
                    draw.choice([0.5, 1.0, 2.0]),
                    count=draw.randint(1, 4),
                )
                for _answer in range(draw.randint(1, 12))
            ]
            result = summarise(answers, CAP)
            self.assertEqual(result.score is None, result.scored == 0)
            if result.score is not None:
                self.assertTrue(0 <= result.score <= 100)
            with_na = summarise([*answers, Answer(None, applicable=False)], CAP)
            self.assertEqual(with_na.score, result.score)
            self.assertEqual(with_na.coverage, result.coverage)
            doubled = [a._replace(weight=a.weight * 2) for a in answers]
            self.assertEqual(summarise(doubled, CAP).score, result.score)
