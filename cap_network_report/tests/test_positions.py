import doctest
from itertools import combinations

from odoo.tests import BaseCase

from ..kernel import positions
from ..kernel.positions import (
    Answers,
    Cohort,
    Levels,
    Mean,
    place,
    quartiles,
    soften,
    tell_halves,
    tell_levels,
    tell_mean,
    tell_share,
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
        result = doctest.testmod(positions)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def test_mean_near_the_ends(self):
        for scores, told in (
            ([0, 0], Mean(11, "at_most")),
            ([0, 30], Mean(21)),
            ([100, 95], Mean(89, "at_least")),
        ):
            self.assertEqual(tell_mean(scores, [11.1, 11.1]), told)

    def test_means_case_by_case(self):
        """scores, thresholds -> mean; an end is never told more closely than 5 %."""
        for scores, thresholds, told in (
            ([0, 0], [2, 2], Mean(5, "at_most")),
            ([5, 5], [2, 2], Mean(5, "at_most")),
            ([6, 6], [2, 2], Mean(6)),
            ([94, 94], [2, 2], Mean(94)),
            ([95, 95], [2, 2], Mean(95, "at_least")),
            # each softened at its own threshold, the end being their mean
            ([0, 0], [10, 30], Mean(20, "at_most")),
            ([100, 100], [10, 30], Mean(80, "at_least")),
            ([0, 100], [10, 30], Mean(40)),
        ):
            with self.subTest(scores=scores, thresholds=thresholds):
                self.assertEqual(tell_mean(scores, thresholds), told)
        with self.assertRaises(ValueError):
            tell_mean([1, 2], [11])

    def test_softened(self):
        for score, expected in ((10, 11), (11, 11), (12, 12), (89, 89), (90, 89)):
            self.assertEqual(soften(score, 11), expected)

    def test_quartiles(self):
        self.assertEqual(quartiles([4, 1, 3, 2, 5]), (2, 3, 4))
        self.assertEqual(quartiles([0, 10]), (3, 5, 8))

    def test_places(self):
        for own, expected in (
            (39.4, "below"),
            (39.5, "middle"),
            (60.4, "middle"),
            (60.5, "above"),
        ):
            self.assertEqual(place(own, (40, 50, 60)), expected)
        self.assertIsNone(place(50, (40, 50, 60), 49.9))

    def test_shares(self):
        self.assertEqual(tell_share((1, 2), 3), (33, 67))

    def test_halves_case_by_case(self):
        """counts -> in the lower half, at least and at most; few is 2, then 3 of 30."""
        for counts, told in (
            ([1, 1, 9, 9], (0, 2)),
            ([1, 2, 9, 8], (3, 3)),
            ([9, 8, 2, 1], (17, 17)),
            ([9, 9, 1, 1], (18, 20)),
            ([2, 1, 10, 17], (0, 3)),
            ([2, 2, 9, 17], (4, 4)),
            ([9, 18, 3, 0], (27, 30)),
            # the middle one of three is of the higher half
            ([9, 5, 9], (9, 9)),
        ):
            with self.subTest(counts=counts):
                self.assertEqual(tell_halves(counts), told)

    def test_levels_case_by_case(self):
        """counts of the parts -> at each level, at least and at most; few is 3 of 30.

        A half that is told as few is shared out as few, and a level beside it too.
        """
        for parts, told in (
            ([[8, 7, 7, 8]], [(8, 8), (7, 7), (7, 7), (8, 8)]),
            ([[3, 12, 8, 7]], [(0, 3), (12, 15), (8, 8), (7, 7)]),
            ([[12, 3, 8, 7]], [(12, 15), (0, 3), (8, 8), (7, 7)]),
            ([[4, 11, 11, 4]], [(4, 4), (11, 11), (11, 11), (4, 4)]),
            ([[2, 1, 13, 14]], [(0, 3), (0, 3), (13, 13), (14, 17)]),
            ([[0, 0, 2, 28]], [(0, 3), (0, 3), (0, 3), (24, 30)]),
        ):
            with self.subTest(parts=parts):
                self.assertEqual(tell_levels(parts), told)

    def test_cohorts(self):
        cohort = Cohort(1, 2, "10_49")
        self.assertEqual(cohort.chosen(), ["type", "region", "size"])
        self.assertEqual(cohort.wider("type"), Cohort(None, 2, "10_49"))
        self.assertEqual(Cohort().chosen(), [])

    def test_what_is_shown_is_made_of_blocks(self):
        """Two regions of 20 AI: each is told by itself, its levels only together."""
        north, south = Cohort(1, 1), Cohort(1, 2)
        answers = Answers({north: [5, 5, 5, 5], south: [4, 6, 7, 3]})
        for cohort, shown in (
            (Cohort(), True),
            (AI, True),
            (north, True),
            (Cohort(region=2), True),
            (ACI, False),
            (Cohort(region=3), False),
        ):
            with self.subTest(cohort=cohort):
                self.assertEqual(answers.is_shown(cohort), shown)
                self.assertEqual(answers.tell(cohort) is not None, shown)
        told = answers.tell(north)
        self.assertEqual((told.count, told.low, told.levels), (20, (10, 10), None))
        told = answers.tell(AI)
        self.assertEqual((told.count, told.low), (40, (20, 20)))
        self.assertEqual(told.levels, [(9, 9), (11, 11), (12, 12), (8, 8)])

    def test_staff_of_a_region_read_nobody_else(self):
        """21 AI, but three of them alone beside those of region 1: told together."""
        answers = Answers(
            {
                Cohort(1, 1): [9, 9, 0, 0],
                Cohort(1, 2): [1, 1, 1, 0],
                Cohort(2, 2): [10, 10, 10, 10],
            }
        )
        self.assertIsNone(answers.tell(AI))
        told = answers.tell(Cohort())
        self.assertEqual((told.count, told.low), (61, (40, 40)))
        self.assertEqual([low for low, _high in told.levels], [20, 20, 11, 10])

    def test_small_blocks_are_cut_from_large_ones(self):
        """Regions of 30 are told with levels: types of 25 and 35 would cut them."""
        answers = Answers(
            {
                Cohort(1, 1): [3, 3, 3, 3],
                Cohort(1, 2): [3, 3, 4, 3],
                Cohort(2, 1): [5, 5, 4, 4],
                Cohort(2, 2): [5, 4, 4, 4],
            }
        )
        self.assertIsNone(answers.tell(AI))
        self.assertEqual(
            answers.tell(Cohort(region=1)),
            Levels(30, (16, 16), [(8, 8), (8, 8), (7, 7), (7, 7)]),
        )

    def test_a_scale_of_seven(self):
        self.assertEqual(
            tell_levels([[5, 6, 7, 8, 9, 5, 6]]),
            [(5, 5), (6, 6), (7, 7), (8, 8), (9, 9), (5, 5), (6, 6)],
        )

    def test_levels_that_do_not_agree_are_refused(self):
        with self.assertRaises(ValueError):
            tell_levels([[10, 10], [10, 10, 10]])
        with self.assertRaises(ValueError):
            Answers({AI: [10, 5, 5], ACI: [5, 5]}).tell(Cohort())

    def test_a_group_too_small_is_not_told(self):
        answers = Answers({AI: [4, 5, 5, 5]})
        self.assertFalse(answers.is_shown(Cohort()))
        self.assertIsNone(answers.tell(AI))

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
