import doctest
from itertools import combinations

from odoo.tests import BaseCase

from ..controllers.pages import position as position_page
from ..kernel import positions
from ..kernel.positions import (
    Answers,
    Cohort,
    Mean,
    place,
    tell_halves,
    tell_levels,
    tell_mean,
)

AI, ACI = Cohort(type=1), Cohort(type=2)


def all_counts(total, levels=4):
    """Yield every way of placing ``total`` structures on the levels."""
    for bars in combinations(range(total + levels - 1), levels - 1):
        edges = (-1, *bars, total + levels - 1)
        yield [b - a - 1 for a, b in zip(edges, edges[1:], strict=False)]


class TestPositions(BaseCase):
    """How the figures of a group are told."""

    def test_doctests(self):
        for module in (positions, position_page):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted)
            self.assertFalse(result.failed)

    def test_mean_near_the_ends(self):
        for scores, told in (
            ([0, 0], Mean(11, "at_most")),
            ([0, 30], Mean(21)),
            ([100, 95], Mean(89, "at_least")),
        ):
            self.assertEqual(tell_mean(scores, [11.1, 11.1]), told)

    def test_place_needs_half_a_coverage(self):
        spread = (40, 50, 60)
        self.assertIsNone(place(67, spread, 100 * 2 / 23))
        self.assertEqual(place(67, spread, 50), "above")

    def test_nobody_is_read_through_the_levels(self):
        """Of every way that 20 or 30 structures can stand: whoever knows one of them
        keeps at least three levels possible for any other."""
        for total, tell in (
            (20, tell_halves),
            (30, lambda counts: tuple(tell_levels([counts]))),
        ):
            told = {}
            for counts in all_counts(total):
                told.setdefault(tell(counts), []).append(counts)
            for alike in told.values():
                for own in (None, 0, 1, 2, 3):
                    left = [0, 0, 0, 0]
                    for counts in alike:
                        if own is None or counts[own]:
                            for level in range(4):
                                left[level] |= counts[level] > (level == own)
                    self.assertIn(sum(left), (0, 3, 4), (alike[0], own))

    def test_what_is_told_holds_what_is(self):
        for counts in all_counts(24):
            for told, count in zip(tell_levels([counts]), counts, strict=True):
                self.assertLessEqual(told[0], count)
                self.assertLessEqual(count, told[1])

    def test_other_scales(self):
        self.assertEqual(tell_levels([[20, 13]]), [(20, 20), (13, 13)])
        self.assertEqual(tell_levels([[9, 12, 13]]), [(9, 9), (12, 12), (13, 13)])
        self.assertEqual(
            tell_levels([[9, 8, 7, 6, 10]]),
            [(9, 9), (8, 8), (7, 7), (6, 6), (10, 10)],
        )

    def test_a_part_told_as_few_is_not_the_whole_less_the_others(self):
        """19 AI and their whole told exactly would give the ACI away."""
        answers = Answers({AI: [10, 10, 0, 0], ACI: [0, 0, 5, 15]})
        self.assertEqual(answers.tell(AI).low, (18, 20))
        self.assertEqual(answers.tell(ACI).low, (0, 2))
        self.assertEqual(answers.tell(Cohort()).low, (18, 22))

    def test_levels_from_thirty(self):
        for total, expected in (
            (19, (False, False)),
            (29, (True, False)),
            (30, (True, True)),
        ):
            told = Answers({AI: [total - 15, 5, 5, 5]}).tell(AI)
            shown = bool(told), bool(told and told.levels)
            self.assertEqual(shown, expected)
