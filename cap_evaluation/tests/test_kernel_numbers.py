"""Numbers shown to people, and numbers that anybody sends."""

from odoo.tests import BaseCase

from ..kernel.numbers import MAX_ID, decimal, percent, read_id, whole


class TestNumbers(BaseCase):
    def test_whole(self):
        for value, expected in ((0, 0), (0.49, 0), (0.5, 1), (1.5, 2), (2.5, 3)):
            with self.subTest(value=value):
                self.assertEqual(whole(value), expected)

    def test_percent(self):
        self.assertEqual(percent(None), "–")
        self.assertEqual(percent(None, none="no figure"), "no figure")
        self.assertEqual(percent(0), "0%")
        self.assertEqual(percent(99.5, "%(number)s %%"), "100 %")

    def test_decimal(self):
        table = [((2.0,), "2"), ((0.25,), "0.25"), ((0.5, ","), "0,5"), ((3, ""), "3")]
        for values, expected in [*table, ((1.5, ""), "1.5")]:
            with self.subTest(values=values):
                self.assertEqual(decimal(*values), expected)

    def test_read_id(self):
        for good in (1, 12, MAX_ID):
            with self.subTest(good=good):
                self.assertEqual(read_id(good), good)
                self.assertEqual(read_id(str(good)), good)
        self.assertEqual(read_id("0000000012"), 12)
        bad = (0, -1, MAX_ID + 1, True, False, None, 1.0, [1], {}, b"1", "", " 1", "1 ")
        odd = ("+1", "-1", "1_0", "²", "१", "1.0", "0", "9" * 11, "9" * 10)
        for value in (*bad, *odd):
            with self.subTest(value=value):
                self.assertIsNone(read_id(value))
        self.assertIsNone(read_id("00000000012"))
