import doctest

from odoo.tests import BaseCase

from ..controllers import position_page
from ..kernel import positions
from ..kernel.positions import Cohort, Member, shown_cohorts

WHOLE = Cohort()


def members(**regions):
    """Return members by region: ``members(north=3)``."""
    return [
        Member(region=name) for name, count in regions.items() for _ in range(count)
    ]


def typed(*groups):
    """Return members by types: ``typed(("AI", 3), ("AI ACI", 1))``."""
    return [
        Member(types=frozenset(types.split()))
        for types, count in groups
        for _ in range(count)
    ]


class TestPositions(BaseCase):
    """What may be shown of a group, case by case."""

    def assertShown(self, population, expected):
        """Check that just the cohorts ``expected`` are shown, with their sizes."""
        self.assertEqual(shown_cohorts(population), expected)

    def test_doctests(self):
        for module in (positions, position_page):
            result = doctest.testmod(module)
            self.assertTrue(result.attempted)
            self.assertFalse(result.failed)

    def test_nobody(self):
        self.assertShown([], {})

    def test_minimum(self):
        self.assertShown(members(north=4), {})
        self.assertShown(members(north=5), {WHOLE: 5, Cohort(region="north"): 5})

    def test_complement_too_small(self):
        """All but three: the three would be the whole minus the rest."""
        self.assertShown(members(north=9, south=3), {WHOLE: 12})
        self.assertShown(
            members(north=9, south=5),
            {WHOLE: 14, Cohort(region="north"): 9, Cohort(region="south"): 5},
        )

    def test_left_over_of_several_regions(self):
        """Three large regions and a small one: one large region must give way."""
        self.assertShown(
            members(east=9, north=7, west=6, south=2),
            {WHOLE: 24, Cohort(region="east"): 9, Cohort(region="north"): 7},
        )

    def test_small_regions_hide_each_other(self):
        """Together they are five: nothing else has to give way."""
        self.assertShown(
            members(east=9, north=7, west=3, south=2),
            {WHOLE: 21, Cohort(region="east"): 9, Cohort(region="north"): 7},
        )

    def test_without_region(self):
        """A structure without region is in the whole, and must not stand out."""
        self.assertShown(members(north=9) + [Member()], {WHOLE: 10})

    def test_two_types_not_isolated_by_adding_up(self):
        """AI + ACI - whole = the structures with both: one is too few, five are not."""
        self.assertShown(
            typed(("AI", 10), ("ACI", 9), ("AI ACI", 1)),
            {WHOLE: 20, Cohort(type="AI"): 11},
        )
        self.assertShown(
            typed(("AI", 10), ("ACI", 9), ("AI ACI", 5)),
            {WHOLE: 24, Cohort(type="AI"): 15, Cohort(type="ACI"): 14},
        )

    def test_nearly_the_same_type(self):
        """Two types carried by the same structures but one."""
        shown = shown_cohorts(typed(("AI ACI", 10), ("ACI", 1), ("EI", 9)))
        self.assertIn(Cohort(type="ACI"), shown)
        self.assertNotIn(Cohort(type="AI"), shown)

    def test_across_dimensions(self):
        """A region and a size that hold the same structures but one."""
        population = (
            [Member("north", "small")] * 10
            + [Member("south", "small")]
            + [Member("south", "large")] * 10
        )
        shown = shown_cohorts(population)
        self.assertEqual(shown[Cohort(size="small")], 11)
        self.assertNotIn(Cohort(region="north"), shown)

    def test_filter_only_added_to_a_shown_cohort(self):
        """Within a hidden region, nothing: its parts would add up to it."""
        population = [Member("north", "small")] * 5 + [Member("north", "large")] * 5
        population += [Member("south", "small")] * 3
        shown = shown_cohorts(population)
        self.assertNotIn(Cohort(region="north"), shown)
        self.assertNotIn(Cohort(region="north", size="small"), shown)

    def test_no_two_shown_cohorts_differ_by_a_few(self):
        """The promise itself, on a mixed population, whatever the way it is kept."""
        population = [
            Member(
                region="abcde"[min(number % 11, 4)],
                size="sml"[number % 3],
                types=frozenset({"AI"} if number % 4 else {"AI", "ACI"}),
            )
            for number in range(97)
        ]
        groups = [
            {rank for rank, one in enumerate(population) if one.belongs(cohort)}
            for cohort in shown_cohorts(population)
        ]
        self.assertGreater(len(groups), 5)
        for group in groups:
            self.assertGreaterEqual(len(group), 5)
            for other in groups:
                self.assertNotIn(len(group ^ other), range(1, 5))
