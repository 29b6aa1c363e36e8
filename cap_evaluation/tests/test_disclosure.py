import doctest
from collections import Counter
from itertools import product

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..kernel import disclosure
from ..kernel.disclosure import (
    _Members,
    _Span,
    blocks,
    few,
    made_of,
    matches,
    open_groups,
    softening,
)

WHOLE = (None, None)


def regions(**counts):
    """Return a population of one dimension: ``regions(north=9)``."""
    return {(name,): count for name, count in counts.items()}


populations = st.dictionaries(
    st.tuples(st.sampled_from("abc"), st.sampled_from("wxyz")), st.integers(0, 30)
)


class DisclosureCase(BaseCase):
    """Each test decides anew: what an earlier one decided is forgotten."""

    def setUp(self):
        super().setUp()
        disclosure._open_groups.cache_clear()
        disclosure._blocks.cache_clear()


class TestOpenGroups(DisclosureCase):
    """Groups that may be shown together, case by case, from five members."""

    def assertShown(self, population, expected, **kwargs):
        self.assertEqual(open_groups(population, 5, **kwargs), expected)

    def test_doctests(self):
        result = doctest.testmod(disclosure)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    def test_nobody(self):
        self.assertShown({}, {})
        self.assertShown(regions(north=0), {})

    def test_minimum(self):
        self.assertShown(regions(north=4), {})
        self.assertShown(regions(north=5), {(None,): 5, ("north",): 5})

    def test_complement_too_small(self):
        """All but three: the three would be the whole minus the rest."""
        self.assertShown(regions(north=9, south=3), {(None,): 12})
        self.assertShown(
            regions(north=9, south=5), {(None,): 14, ("north",): 9, ("south",): 5}
        )

    def test_left_over_of_several_regions(self):
        """Three large regions and a small one: one large region must give way."""
        self.assertShown(
            regions(east=9, north=7, west=6, south=2),
            {(None,): 24, ("east",): 9, ("north",): 7},
        )

    def test_small_regions_hide_each_other(self):
        self.assertShown(
            regions(east=9, north=7, west=3, south=2),
            {(None,): 21, ("east",): 9, ("north",): 7},
        )

    def test_unknown_is_nobodys_choice(self):
        """Who has no region is in the whole, and must not stand out."""
        self.assertShown({("north",): 9, (None,): 1}, {(None,): 10})

    def test_across_dimensions(self):
        """A region and a size that hold the same members but one."""
        shown = open_groups(
            {("north", "small"): 10, ("south", "small"): 1, ("south", "large"): 10}, 5
        )
        self.assertEqual(shown[None, "small"], 11)
        self.assertNotIn(("north", None), shown)

    def test_choice_only_added_to_a_shown_group(self):
        shown = open_groups(
            {("north", "small"): 5, ("north", "large"): 5, ("south", "small"): 3}, 5
        )
        self.assertNotIn(("north", None), shown)
        self.assertNotIn(("north", "small"), shown)

    def test_a_ring_of_groups(self):
        """Six groups, each pair of them far apart, whose alternate sum isolates two."""
        ring = {("a", "x"): 2, ("a", "y"): 20, ("b", "y"): 20, ("b", "x"): 0}
        ring |= {("b", "z"): 20, ("c", "z"): 20, ("c", "x"): 20}
        self.assertIsolatesNobody(ring, 5)

    def test_who_knows_a_region(self):
        """Staff of the north would read two others out of a group of eight."""
        population = {("AI", "north"): 6, ("AI", "south"): 2, ("EI", "south"): 20}
        self.assertIn(("AI", None), open_groups(population, 8))
        self.assertNotIn(("AI", None), open_groups(population, 8, insiders=1))
        population["AI", "south"] = 4
        self.assertIn(("AI", None), open_groups(population, 8, insiders=1))

    @given(populations, st.sampled_from((5, 10)))
    @settings(max_examples=60, derandomize=True, deadline=None)
    def test_no_combination_of_three_isolates(self, population, minimum):
        """Whatever one adds and subtracts, it is about nobody or enough."""
        self.assertIsolatesNobody(population, minimum)

    def assertIsolatesNobody(self, population, minimum):
        cells = [cell for cell, count in population.items() if count]
        shown = list(open_groups(population, minimum))
        rows = [[int(matches(cell, group)) for cell in cells] for group in shown]
        for signs in product((-1, 0, 1), repeat=min(3, len(rows))):
            for start in range(max(1, len(rows) - 2)):
                mixed = [0] * len(cells)
                for sign, row in zip(signs, rows[start:], strict=False):
                    mixed = [m + sign * r for m, r in zip(mixed, row, strict=True)]
                about = sum(
                    population[cell]
                    for cell, value in zip(cells, mixed, strict=True)
                    if value
                )
                self.assertNotIn(about, range(1, minimum))


class TestSpan(BaseCase):
    """What sums and differences of groups say, the cells given by their sizes."""

    def assertTaken(self, sizes, *rows):
        """Each row comes with whether it may be shown beside those before it."""
        span = _Span(sizes)
        for row, taken in rows:
            before = dict(span.rows)
            self.assertEqual(span.add(row, 5), taken, row)
            if not taken:
                self.assertEqual(span.rows, before)
            # reduced: a 1 at its own cell, where the others have 0
            for place, kept in span.rows.items():
                self.assertEqual(kept[place], 1)
                self.assertFalse([o for o in span.rows if o != place and kept[o]])

    def test_one_row(self):
        self.assertTaken([4], ([1], False))
        self.assertTaken([5], ([1], True))
        self.assertTaken([9, 4], ([0, 1], False), ([1, 1], True), ([1, 0], False))

    def test_what_is_known_already(self):
        self.assertTaken(
            [9, 8, 4],
            ([1, 0, 0], True),
            ([0, 1, 1], True),
            ([1, 1, 1], True),
            ([0, 0, 0], True),
            ([1, 1, 0], False),
        )

    def test_the_difference_of_two_rows(self):
        """Three and three cells of two members, of which two are shared."""
        self.assertTaken([2] * 4, ([1, 0, 1, 1], True), ([0, 1, 1, 1], False))
        # sharing one only, they differ by eight; by six where the cells are larger
        self.assertTaken([2] * 5, ([1, 0, 1, 1, 0], True), ([0, 1, 1, 0, 1], True))
        self.assertTaken([3] * 4, ([1, 0, 1, 1], True), ([0, 1, 1, 1], True))
        self.assertTaken(
            [2, 2, 3, 1, 1], ([1, 0, 1, 1, 0], True), ([0, 1, 1, 0, 1], True)
        )

    def test_twice_a_row(self):
        """1 + 2 and 2 + 3 members more than once: weighed, they still meet."""
        span = _Span([2, 2, 3])
        self.assertEqual(span._least([1, 0, 2], [0, 1, 1]), 4)
        self.assertEqual(span._least([1, 0, 2], [0, 1, 0]), 7)
        self.assertEqual(span._least([1, 0, 0], [0, 1, 0]), 4)
        self.assertEqual(_Span([2, 2, 3, 4])._least([1, 0, 1, 2], [0, 1, 1, 1]), 7)
        self.assertEqual(span._weight([0, 5, 1]), 5)


class TestBlocks(DisclosureCase):
    """Disjoint blocks, of which everything shown is made."""

    def test_cut_by_the_first_dimension_first(self):
        population = dict.fromkeys(product("ab", "xy"), 10)
        cut = blocks(population, 20)
        self.assertEqual(made_of(("a", None), cut), [0])
        self.assertEqual(made_of(WHOLE, cut), [0, 1])
        self.assertIsNone(made_of((None, "x"), cut))

    def test_too_small(self):
        self.assertEqual(blocks({("a",): 9}, 10), [])
        self.assertEqual(blocks({}, 10), [])
        self.assertIsNone(made_of((None,), []))

    def test_cut_further(self):
        population = dict.fromkeys(product("ab", "xy"), 20)
        large = blocks(population, 40)
        small = blocks(population, 20, start=large)
        self.assertEqual((len(large), len(small)), (2, 4))
        self.assertEqual(blocks(population, 50, start=large), [])

    def test_who_knows_a_region(self):
        population = {("a", "x"): 18, ("a", "y"): 3, ("b", "y"): 40}
        self.assertEqual(len(blocks(population, 20)), 2)
        self.assertEqual(len(blocks(population, 20, insiders=1)), 1)

    @given(populations)
    @settings(max_examples=60, derandomize=True, deadline=None)
    def test_disjoint_and_large(self, population):
        cut = blocks(population, 10)
        sizes = [sum(population[cell] for cell in block) for block in cut]
        self.assertFalse([size for size in sizes if size < 10])
        counted = Counter(cell for block in cut for cell in block)
        self.assertFalse([cell for cell, count in counted.items() if count > 1])


class TestSmallRules(BaseCase):
    def test_few(self):
        for count, expected in ((0, 2), (29, 2), (30, 3), (99, 9), (110, 11)):
            self.assertEqual(few(count), expected)

    def test_softened_under(self):
        """Twice as heavy an objective, twice the threshold."""
        self.assertAlmostEqual(softening(2, 6), 22.22, 2)
        self.assertAlmostEqual(softening(0.5, 6), 5.56, 2)

    def test_a_group_has_the_shape_of_a_cell(self):
        with self.assertRaises(ValueError):
            matches(("a", "b"), ("a",))

    def test_values_of_several_kinds(self):
        """Numbers and texts in one dimension, groups of the same size by their text."""
        population = {(1, "x"): 9, ("a", "x"): 9, (None, "y"): 9}
        shown = list(open_groups(population, 5, insiders=0))
        # 18 before 9; then "1", "None" and "a" in the order of their signs
        self.assertEqual(shown[:4], [(None, None), (None, "x"), (1, None), (None, "y")])

    def test_staff_beside_half_the_minimum(self):
        """Of five, half is two: staff of the north meet two others, never one."""
        for others, large in ((0, True), (1, False), (2, True)):
            counted = {("AI", "n"): 9, ("AI", "s"): others}
            members = _Members(frozenset(p for p in counted.items() if p[1]), 1)
            everybody = members.mask(("AI", None))
            self.assertEqual(everybody.bit_count(), 9 + others)
            self.assertEqual(members.is_large(everybody, 5), large, others)
        self.assertFalse(members.is_large(members.mask(("AI", "s")), 5))
        self.assertTrue(members.is_large(0, 5))


class TestSoftening(BaseCase):
    def test_one_softened_score_leaves_three_levels(self):
        """Be it known exactly, each objective may still have three levels of four."""
        for count in range(2, 6):
            threshold = softening(1, count)
            told = {}
            for levels in product(range(4), repeat=count):
                score = 100 * sum(levels) / (3 * count)
                score = min(max(score, threshold), 100 - threshold)
                told.setdefault(round(score, 6), []).append(levels)
            for alike in told.values():
                for place in range(count):
                    left = {levels[place] for levels in alike}
                    self.assertGreaterEqual(len(left), 3, (count, alike))
