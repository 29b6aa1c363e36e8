"""What the calendar of a plan cannot show whole, and what it leaves out."""

import datetime as dt
import re

from odoo.tests import BaseCase

from ..kernel.timeline import LEFT, Bar, draw, is_cut

WINDOW = (dt.date(2026, 1, 1), dt.date(2026, 12, 1))
LATE = dt.date(2028, 11, 1)


class TestTimelineEdges(BaseCase):
    def test_cut(self):
        day, month = dt.timedelta(days=1), dt.timedelta(days=30)
        first, last = WINDOW
        for start, end, cut in (
            (first, last, False),
            (first + month, first + month, False),
            (first - day, last, True),
            (first, last + day, True),
            (last + day, last + month, True),
            # a deadline before the first day
            (first + month, first - day, True),
            (last + day, last, True),
        ):
            with self.subTest(start=start, end=end):
                self.assertEqual(is_cut(Bar("Act", start, end), WINDOW), cut)

    def draw(self, owner, end):
        bar = Bar("Write a page", dt.date(2026, 11, 2), end, owner)
        return draw([bar], [], bar.start, "Calendar", month_label=str)

    def test_no_owner_no_text(self):
        end = dt.date(2027, 1, 31)
        texts = [self.draw(owner, end).count("<text") for owner in ("", "Somebody")]
        self.assertEqual(texts[1] - texts[0], 1)

    def test_the_owner_of_a_long_bar_is_written_upon_it(self):
        """There is room neither after it nor before it."""
        found = re.search(
            r'<text x="([\d.]+)"[^>]*>Somebody', self.draw("Somebody", LATE)
        )
        self.assertGreater(float(found[1]), LEFT)
        self.assertLess(float(found[1]), LEFT + 20)

    def test_the_owner_of_a_late_bar_is_written_before_it(self):
        bar = Bar("Write a page", dt.date(2028, 4, 1), LATE, "Somebody")
        drawn = draw([bar], [], dt.date(2026, 11, 2), "Calendar", month_label=str)
        found = re.search(
            r'<text x="([\d.]+)"[^>]* text-anchor="end"[^>]*>Somebody', drawn
        )
        (rectangle,) = re.findall(r'<rect x="([\d.]+)"', drawn)
        self.assertEqual(float(found[1]), float(rectangle) - 8)
