"""Codes proposed for new objectives: after the last, never one that is taken."""

from odoo.tests import BaseCase

from ..kernel.tree import get_copied_code, get_next_code


class TestTree(BaseCase):
    def test_next_code(self):
        """parent, siblings, taken elsewhere -> code."""
        table = [
            ("", [], [], "1"),
            ("1.1", [], [], "1.1.1"),
            ("1.1", ["1.1.1", "1.1.2"], [], "1.1.3"),
            ("1.1", ["1.1.9", "1.1.10"], [], "1.1.11"),
            ("1.1", ["1.1.2", "1.1.1"], [], "1.1.3"),
            ("1.1", [], ["1.1.1", "1.1.2"], "1.1.3"),
            ("", ["RSE-08", "RSE-09"], [], "RSE-10"),
            ("", ["RSE-8", "RSE-09"], [], "RSE-10"),
            ("", ["RSE-09", "RSE-8"], [], "RSE-10"),
            ("", ["R001", "R2"], [], "R003"),
            # the shape of the last sibling that has a number
            ("2", ["2.7", "A1"], [], "A2"),
            ("2", ["A7", "B01"], [], "B02"),
            ("2", ["2.3", "A0"], [], "A1"),
            ("2", ["A07", "B1"], [], "B2"),
            ("2", ["2.3", "no number"], [], "2.4"),
            ("2", ["no number"], [], "2.1"),
            ("2", ["no number", "2.3"], [], "2.4"),
            ("3", ["3.1"], ["3.2", "3.3"], "3.4"),
        ]
        for parent, siblings, taken, expected in table:
            with self.subTest(parent=parent, siblings=siblings, taken=taken):
                self.assertEqual(get_next_code(parent, siblings, taken), expected)

    def test_copied_code(self):
        self.assertEqual(get_copied_code("1.1.2.1", "1.1.2", "1.1.3"), "1.1.3.1")
        self.assertEqual(get_copied_code("1.1.21", "1.1.2", "1.1.3"), "")
        self.assertEqual(get_copied_code("1.1.2", "1.1.2", "1.1.3"), "")
        self.assertEqual(get_copied_code("2.2.1", "2", "3"), "3.2.1")
