"""Contrast of colours, and what a level is drawn with whatever its colour."""

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..kernel.charts.palette import (
    BLACK,
    INK,
    WHITE,
    contrast,
    darken,
    level_colors,
    luminance,
)

COLORS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


class TestPalette(BaseCase):
    def test_luminance(self):
        """The two pieces of the curve meet between 10 and 11; each channel weighs."""
        table = [
            ("#050505", 0.001518),
            ("#0a0a0a", 0.003035),
            ("#0b0b0b", 0.003347),
            ("#808080", 0.215861),
            ("#ff0000", 0.2126),
            ("#00ff00", 0.7152),
            ("#0000ff", 0.0722),
        ]
        for color, expected in table:
            with self.subTest(color=color):
                self.assertAlmostEqual(luminance(color), expected, 6)

    def test_darken(self):
        self.assertEqual(darken("#204063", 0.5), "#102032")
        self.assertEqual(darken("#102030", 1), "#102030")

    def test_levels(self):
        """colour -> fill, edge, text."""
        table = [
            (None, ("#857a70", "#857a70", BLACK)),
            ("#FFFF00", ("#ffff00", "#999900", INK)),
            ("#c0c0c0", ("#c0c0c0", "#949494", INK)),
            ("#9a9a9a", ("#9a9a9a", "#929292", INK)),
        ]
        for color, expected in table:
            with self.subTest(color=color):
                self.assertEqual(tuple(level_colors(color)), expected)

    @given(COLORS)
    def test_any_level_can_be_read(self, color):
        fill, edge, text = level_colors(color)
        self.assertEqual(fill, color)
        self.assertGreaterEqual(contrast(text, fill), 4.5)
        self.assertGreaterEqual(contrast(edge, WHITE), 3)
        if contrast(fill, WHITE) >= 3 and fill != "#f0b64c":
            self.assertEqual(edge, fill)
