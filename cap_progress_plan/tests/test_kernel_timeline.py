"""What the calendar of a plan cannot show whole, and what it leaves out."""

import datetime as dt

from odoo.tests import BaseCase

from ..kernel.timeline import Bar, draw, is_cut

WINDOW = (dt.date(2026, 1, 1), dt.date(2026, 12, 1))


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

    def test_no_owner_no_text(self):
        bar = Bar("Write a page", dt.date(2026, 11, 2), dt.date(2027, 1, 31))
        texts = [
            draw(
                [bar._replace(owner=owner)], [], bar.start, "L", month_label=str
            ).count("<text")
            for owner in ("", "Somebody")
        ]
        self.assertEqual(texts[1] - texts[0], 1)
