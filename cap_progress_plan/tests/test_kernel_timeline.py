"""What the calendar of a plan cannot show whole, and what it leaves out."""

import datetime as dt
import re
from xml.etree import ElementTree

from odoo.tests import BaseCase

from ..kernel.timeline import (
    HALO,
    LEFT,
    TITLE_CHARS,
    Bar,
    Mark,
    _add_months,
    _Axis,
    _mark_rows,
    _next_month,
    _owner,
    draw,
    get_window,
    is_cut,
)

DAY = dt.date
WINDOW = (dt.date(2026, 1, 1), dt.date(2026, 12, 1))
LATE = dt.date(2028, 11, 1)
TODAY = DAY(2026, 1, 31)
FORTY = "Exactly forty characters, on one line ok"
# Two whole plans, each element with its values and its text: recorded from what is
# drawn, then read over, so that nothing changes unseen. TestTimelinePlaces says what is
# right: 59 days are drawn on 759 units from the left edge at 330.
SHORT = (
    [
        Bar(
            "A title of more than forty characters, on two lines",
            DAY(2026, 1, 11),
            DAY(2026, 2, 10),
            "Somebody",
            0.5,
        ),
        Bar("Back to front", DAY(2026, 2, 20), DAY(2026, 1, 20), "", 2.0),
    ],
    [Mark("Other", DAY(2026, 2, 20)), Mark("Training", DAY(2026, 2, 10))],
)
SHORT_DRAWN = """\
svg 0 0 1110 184 img Plan cap-chart d-none d-md-block
line 330 330 42 150 #ddd7d0 1
text 336 34 13 #2b2523: 01
text 336 16 13 600 #2b2523: 2026
line 728.8 728.8 42 150 #ddd7d0 1
text 734.8 34 13 #2b2523: 02
line 715.9 715.9 42 150 #2b2523 2
text 14
tspan 0 64: A title of more than forty characters,
tspan 0 81: on two lines
rect 458.6 54 386 26 4 #f4eef2 #714b67
rect 458.6 54 193 26 4 #714b67
text 852.6 72 13 #2b2523 halo: Somebody
text 14
tspan 0 118: Back to front
rect 574.4 100 6 26 4 #f4eef2 #714b67
rect 574.4 100 6 26 4 #714b67
g translate(844.6,164)
path M0 -8 8 0 0 8 -8 0z #ffffff #2b2523 2
text 14 5 13 #2b2523: Training
g translate(973.2,164)
path M0 -8 8 0 0 8 -8 0z #ffffff #2b2523 2
text 14 5 13 #2b2523: Other
"""
LONG = (
    [
        Bar("Long", DAY(2020, 1, 1), DAY(2030, 1, 1), "Somebody"),
        Bar(FORTY, DAY(2027, 6, 30), DAY(2027, 7, 1), "Somebody"),
        Bar("A" * 50 + " " + "b" * 50 + " c", DAY(2030, 6, 30), DAY(2030, 7, 1)),
    ],
    [Mark("Training", DAY(2030, 1, 1))],
)
LONG_DRAWN = """\
svg 0 0 1110 230 img Plan cap-chart d-none d-md-block
line 330 330 42 196 #ddd7d0 1
text 336 34 13 #2b2523: 07
text 336 16 13 600 #2b2523: 2025
line 394.5 394.5 42 196 #ddd7d0 1
text 400.5 34 13 #2b2523: 09
line 457.9 457.9 42 196 #ddd7d0 1
text 463.9 34 13 #2b2523: 11
line 521.3 521.3 42 196 #ddd7d0 1
text 527.3 34 13 #2b2523: 01
text 527.3 16 13 600 #2b2523: 2026
line 582.7 582.7 42 196 #ddd7d0 1
text 588.7 34 13 #2b2523: 03
line 646.1 646.1 42 196 #ddd7d0 1
text 652.1 34 13 #2b2523: 05
line 709.5 709.5 42 196 #ddd7d0 1
text 715.5 34 13 #2b2523: 07
line 774 774 42 196 #ddd7d0 1
text 780 34 13 #2b2523: 09
line 837.4 837.4 42 196 #ddd7d0 1
text 843.4 34 13 #2b2523: 11
line 900.8 900.8 42 196 #ddd7d0 1
text 906.8 34 13 #2b2523: 01
text 906.8 16 13 600 #2b2523: 2027
line 962.2 962.2 42 196 #ddd7d0 1
text 968.2 34 13 #2b2523: 03
line 1025.6 1025.6 42 196 #ddd7d0 1
text 1031.6 34 13 #2b2523: 05
line 552.5 552.5 42 196 #2b2523 2
text 14
tspan 0 72: Long
rect 330 54 759 26 4 #f4eef2 #714b67
path M330.0 54.0 320.0 67.0 330.0 80.0z #714b67 cap-cut
path M1089.0 54.0 1099.0 67.0 1089.0 80.0z #714b67 cap-cut
text 340 72 13 #2b2523 halo: Somebody
text 14
tspan 0 118: Exactly forty characters, on one line ok
rect 1083 100 6 26 4 #f4eef2 #714b67
text 1075 118 end 13 #2b2523 halo: Somebody
text 14
tspan 0 156: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
tspan 0 173: AAAAAAAAAA…
rect 1083 146 6 26 4 #f4eef2 #714b67
path M1089.0 146.0 1099.0 159.0 1089.0 172.0z #714b67 cap-cut
g translate(1089.0,210)
path M0 -8 8 0 0 8 -8 0z #ffffff #2b2523 2
text -14 5 end 13 #2b2523: Training
"""


def tell(drawing):
    """Return a drawing as text, an element a line: its name, its values, its text."""
    lines = []
    for element in ElementTree.fromstring(drawing).iter():
        values = " ".join(element.attrib.values()).replace(HALO, "halo")
        line = f"{element.tag.rpartition('}')[2]} {values}"
        lines.append(f"{line}: {element.text}" if element.text else line)
    return "\n".join(lines) + "\n"


class TestTimelinePictures(BaseCase):
    maxDiff = None

    def draw(self, bars, marks):
        return tell(draw(bars, marks, TODAY, "Plan", lambda day: f"{day:%m}"))

    def test_two_months(self):
        self.assertEqual(self.draw(*SHORT), SHORT_DRAWN)

    def test_two_years_of_a_longer_plan(self):
        self.assertEqual(len(FORTY), TITLE_CHARS)
        self.assertEqual(self.draw(*LONG), LONG_DRAWN)

    def test_nothing_below_without_marks(self):
        told = self.draw(SHORT[0], [])
        self.assertTrue(told.startswith("svg 0 0 1110 150 img Plan"), told)

    def test_nothing_to_draw(self):
        self.assertEqual(draw([], [], TODAY, "Plan", str), "")
        self.assertEqual(self.draw([], SHORT[1]).count("path"), 2)

    def test_one_line_for_each_of_twelve_months(self):
        """Of thirteen, one in two."""
        for months, drawn in ((2, 2), (12, 12), (13, 7), (17, 9)):
            last = _add_months(TODAY, months - 1)
            told = self.draw([Bar("A", TODAY, last)], [])
            count = len(re.findall(r"^line .* #ddd7d0 1$", told, re.MULTILINE))
            with self.subTest(months=months):
                self.assertEqual(count, drawn)


class TestTimelinePlaces(BaseCase):
    def test_window(self):
        """bars' and marks' days -> first day drawn, first day that is not."""
        far, before = DAY(2999, 1, 1), DAY(1999, 1, 1)
        table = [
            ((), (), DAY(2026, 1, 1), DAY(2026, 2, 1)),
            ((DAY(2026, 3, 9), DAY(2026, 2, 9)), (), DAY(2026, 1, 1), DAY(2026, 4, 1)),
            ((DAY(2025, 12, 31), TODAY), (), DAY(2025, 12, 1), DAY(2026, 2, 1)),
            ((TODAY, DAY(2025, 8, 2)), (), DAY(2025, 8, 1), DAY(2026, 2, 1)),
            ((), (DAY(2026, 12, 31),), DAY(2026, 1, 1), DAY(2027, 1, 1)),
            ((before, far), (), DAY(2025, 7, 1), DAY(2027, 7, 1)),
            ((), (before, far), DAY(2025, 7, 1), DAY(2027, 7, 1)),
        ]
        for ends, days, *expected in table:
            with self.subTest(ends=ends, days=days):
                bars = [Bar("A", *ends)] if ends else []
                window = get_window(bars, [Mark("M", day) for day in days], TODAY)
                self.assertEqual(list(window), expected)

    def test_months(self):
        self.assertEqual(_next_month(DAY(2026, 1, 31)), DAY(2026, 2, 1))
        self.assertEqual(_next_month(DAY(2026, 2, 1)), DAY(2026, 3, 1))
        self.assertEqual(_next_month(DAY(2026, 12, 3)), DAY(2027, 1, 1))
        for months, expected in ((0, (2026, 1)), (11, (2026, 12)), (-13, (2024, 12))):
            self.assertEqual(_add_months(TODAY, months), DAY(*expected, 1))

    def test_days_have_a_place(self):
        axis = _Axis(DAY(2026, 1, 1), DAY(2026, 3, 1))
        for day, expected in (
            (DAY(2025, 12, 1), 330.0),
            (DAY(2026, 1, 1), 330.0),
            (DAY(2026, 1, 2), 342.9),
            (DAY(2026, 2, 28), 1076.1),
            (DAY(2026, 3, 1), 1089.0),
            (DAY(2026, 4, 1), 1089.0),
        ):
            self.assertEqual(axis.x(day), expected, day)
        self.assertEqual(axis.months(), [DAY(2026, 1, 1), DAY(2026, 2, 1)])

    def test_the_owner_is_written_where_there_is_room(self):
        """start and width of a bar, whether it is cut -> where its words begin or end.

        Eight letters take 82 with what is left around them.
        """
        axis = _Axis(DAY(2026, 1, 1), DAY(2026, 3, 1))
        table = [
            (400, 600, False, "1008 72"),
            (400, 600, True, "1018 72"),
            (400, 628, False, "1036 72"),
            (412, 617, False, "404 72 end"),
            (411, 618, False, "421 72"),
        ]
        for start, width, cut, expected in table:
            bar = Bar("A", TODAY, DAY(2026, 4, 1) if cut else TODAY, "Somebody")
            with self.subTest(start=start, width=width, cut=cut):
                self.assertEqual(
                    tell(_owner(axis, bar, start, width, 72)),
                    f"text {expected} 13 #2b2523 halo: Somebody\n",
                )
        self.assertEqual(_owner(axis, Bar("A", TODAY, TODAY), 400, 600, 72), "")

    def test_marks_take_the_first_row_where_their_words_meet_no_other(self):
        """Ten units before each mark, its letters and 16 after it, or the reverse."""
        axis = _Axis(DAY(2026, 1, 1), DAY(2026, 3, 1))  # a day is 12.9 wide
        early, late = DAY(2026, 1, 1), DAY(2026, 2, 25)
        table = [
            ([(early, 8), (DAY(2026, 1, 7), 8)], [0, 1]),  # 402 meets 397.2
            ([(early, 8), (DAY(2026, 1, 8), 8)], [0, 0]),  # 402, then 410
            ([(early, 8), (early, 8), (early, 8)], [0, 1, 2]),
            ([(early, 40), (early, 1), (DAY(2026, 1, 10), 1)], [0, 1, 1]),
            ([(late, 8), (late, 8)], [0, 1]),
            # from 1037.5 eight letters end at 1109.5; nine stand before it
            ([(DAY(2026, 2, 20), 1), (late, 8)], [0, 0]),
            ([(DAY(2026, 2, 20), 1), (late, 9)], [0, 1]),
        ]
        for marks, expected in table:
            with self.subTest(marks=marks):
                rows = _mark_rows(axis, [Mark("m" * n, day) for day, n in marks])
                self.assertEqual([row for _mark, row in rows], expected)


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
