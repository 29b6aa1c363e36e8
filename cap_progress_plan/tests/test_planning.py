import datetime as dt
import doctest

from odoo.tests import BaseCase

from ..kernel import person, planning, timeline, titles


class TestPlanning(BaseCase):
    """The arithmetic, without a database."""

    def test_doctests(self):
        for module in (person, planning, timeline, titles):
            with self.subTest(module=module.__name__):
                results = doctest.testmod(module)
                self.assertEqual(results.failed, 0)
                self.assertTrue(results.attempted)

    def test_target_is_one_level_up(self):
        scales = {
            (0, 1, 2, 3): {0: 1, 1: 2, 2: 3, 3: 3, None: 1},
            (1, 2, 3, 4, 5): {1: 2, 5: 5, None: 2},
            (0, 10): {0: 10, 10: 10, None: 10},
        }
        for scale, expected in scales.items():
            for value, target in expected.items():
                with self.subTest(scale=scale, value=value):
                    self.assertEqual(planning.target_level(value, scale), target)

    def test_zero_is_a_level_and_nothing_is_not(self):
        self.assertEqual(planning.gap_to_close(0, (0, 1, 2, 3)), 1.0)
        self.assertEqual(planning.gap_to_close(0, (-1, 0, 1)), 0.5)
        self.assertEqual(planning.gap_to_close(None, (-1, 0, 1)), 1.0)

    def test_priority_orders(self):
        def rank(gap=0.5, weight=1.0, effort=2.0):
            return planning.priority(gap, weight, effort)

        self.assertGreater(rank(gap=0.9), rank(gap=0.3))
        self.assertGreater(rank(weight=2), rank(weight=1))
        self.assertGreater(rank(effort=1), rank(effort=5))
        self.assertEqual(rank(gap=0), 0)
        self.assertEqual(rank(effort=-3), rank(effort=0))

    def test_deadline_is_a_working_day(self):
        friday = dt.date(2026, 11, 20)
        for months in range(0, 30):
            with self.subTest(months=months):
                due = planning.deadline(friday, months)
                self.assertLess(due.weekday(), 5)
                self.assertGreaterEqual(due, friday)
        self.assertEqual(
            planning.deadline(dt.date(2027, 12, 31), 2), dt.date(2028, 2, 29)
        )

    def test_long_title_is_cut_between_words_and_kept_in_the_details(self):
        text = "word " * 60
        title = planning.action_title(text)
        self.assertLessEqual(len(title), planning.TITLE_LENGTH)
        self.assertTrue(title.endswith("word…"))
        self.assertEqual(planning.remaining_lines(text), text.strip())

    def test_why_update(self):
        today = dt.date(2026, 11, 21)
        day = dt.timedelta(days=1)
        cases = [
            (today, None, None),
            (today - day, None, ("late", 1)),
            (today - day, today, ("late", 1)),
            (today + day, today - 60 * day, None),
            (today + day, today - 61 * day, ("quiet", 61)),
            (None, None, None),
        ]
        for due, news, expected in cases:
            with self.subTest(due=due, news=news):
                self.assertEqual(planning.why_update(today, due, news), expected)

    def test_people_typed_one_per_line(self):
        people = person.parse_lines("Ana Diaz, ana@x.org\n\n,only@mail.org\nMarc")
        self.assertEqual([p.name for p in people], ["Ana Diaz", "Marc"])
        self.assertEqual(people[0].email, "ana@x.org")
