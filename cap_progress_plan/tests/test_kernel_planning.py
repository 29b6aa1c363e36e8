"""Dates and titles of actions, at the edges."""

import datetime as dt

from odoo.tests import BaseCase

from ..kernel.planning import (
    QUIET_DAYS,
    TITLE_LENGTH,
    action_title,
    date_problem,
    deadline,
    remaining_lines,
    why_update,
)

TODAY = dt.date(2026, 11, 21)


class TestPlanningEdges(BaseCase):
    def test_deadline_falls_on_a_working_day(self):
        """start, months -> day: Friday, Saturday, Sunday, Monday; a short month."""
        table = [
            (dt.date(2026, 11, 18), 1, dt.date(2026, 12, 18)),
            (dt.date(2026, 11, 19), 1, dt.date(2026, 12, 21)),
            (dt.date(2026, 11, 20), 1, dt.date(2026, 12, 21)),
            (dt.date(2026, 11, 21), 1, dt.date(2026, 12, 21)),
            (dt.date(2026, 12, 31), 2, dt.date(2027, 3, 1)),
            (dt.date(2026, 12, 1), 12, dt.date(2027, 12, 1)),
        ]
        for start, months, expected in table:
            with self.subTest(start=start, months=months):
                self.assertEqual(deadline(start, months), expected)

    def test_date_problem(self):
        day = dt.timedelta(days=1)
        self.assertIsNone(date_problem(TODAY, TODAY))
        self.assertEqual(date_problem(TODAY, TODAY - day), "past")
        self.assertIsNone(date_problem(TODAY, TODAY - day, closed=True))
        for due, problem in (
            (dt.date(2036, 11, 21), None),
            (dt.date(2036, 11, 22), "far"),
            (dt.date(2036, 12, 1), "far"),
            (dt.date(2037, 1, 1), "far"),
            (dt.date(2036, 10, 30), None),
        ):
            with self.subTest(due=due):
                self.assertEqual(date_problem(TODAY, due), problem)
        leap = dt.date(2024, 2, 29)
        self.assertIsNone(date_problem(leap, dt.date(2034, 2, 28)))
        self.assertEqual(date_problem(leap, dt.date(2034, 3, 1)), "far")

    def test_title(self):
        self.assertEqual(action_title(), "")
        self.assertEqual(action_title(None, " \n "), "")
        self.assertEqual(action_title("", "\n two \nthree", "four"), "two")
        whole = "a" * TITLE_LENGTH
        self.assertEqual(action_title(whole), whole)

    def test_long_title_is_cut_at_the_last_word_that_fits(self):
        # the last word ends just where the sign of the cut stands
        fits = "x" * (TITLE_LENGTH - 4) + " yz"
        self.assertEqual(action_title(f"{fits} more"), f"{fits[:-3]}…")
        two = "one, " + "x" * (TITLE_LENGTH - 10)
        self.assertEqual(action_title(f"{two} word after"), f"{two}…")
        for sign in ",;:":
            with self.subTest(sign=sign):
                text = f" {'x' * 20}{sign} {'y' * TITLE_LENGTH}"
                self.assertEqual(action_title(text), f"{'x' * 20}…")
        self.assertEqual(
            action_title(f"{'x' * 20}X {'y' * TITLE_LENGTH}"), f"{'x' * 20}X…"
        )
        unbroken = "z" * (TITLE_LENGTH + 1)
        self.assertEqual(action_title(unbroken), "z" * (TITLE_LENGTH - 1) + "…")
        # an unbreakable space holds its words together
        held = "x" * 10 + " " + "y" * 50 + "\u00a0" + "z" * TITLE_LENGTH
        self.assertEqual(action_title(held), "x" * 10 + "…")

    def test_remaining_lines(self):
        self.assertEqual(remaining_lines(None), "")
        self.assertEqual(remaining_lines("\n one \n two\n three \n"), "two\n three")
        short = "a" * TITLE_LENGTH
        self.assertEqual(remaining_lines(f"{short}\nmore"), "more")
        self.assertEqual(remaining_lines(f"{short}b\nmore"), f"{short}b\nmore")

    def test_why_update(self):
        def before(days):
            return TODAY - dt.timedelta(days=days)

        table = [
            (None, None, None),
            (TODAY, None, None),
            (before(1), None, ("late", 1)),
            (before(1), before(300), ("late", 1)),
            (None, before(QUIET_DAYS), None),
            (None, before(QUIET_DAYS + 1), ("quiet", QUIET_DAYS + 1)),
            (TODAY, before(QUIET_DAYS + 1), ("quiet", QUIET_DAYS + 1)),
        ]
        for due, news, expected in table:
            with self.subTest(due=due, news=news):
                self.assertEqual(why_update(TODAY, due, news), expected)
