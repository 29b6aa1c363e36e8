import datetime as dt
import re

from lxml import etree

from odoo.tests import BaseCase

from ..kernel.timeline import LEFT, RIGHT, WIDTH, Bar, Mark, draw

TODAY = dt.date(2026, 11, 21)
XMLNS = "http://www.w3.org/2000/svg"


def month(day):
    return day.strftime("%b")


class TestTimeline(BaseCase):
    """The calendar is text: it is read back as XML, and its places are checked."""

    def draw(self, bars, marks=(), today=TODAY):
        svg = draw(bars, marks, today, "A & B", month)
        return etree.fromstring(svg.replace(f' xmlns="{XMLNS}"', ""))

    def bar(self, start=TODAY, months=3, **values):
        end = start + dt.timedelta(days=30 * months)
        return Bar(**{"title": "Action", "start": start, "end": end, **values})

    def test_hostile_text_stays_text(self):
        svg = self.draw(
            [self.bar(title="<script>alert('x')</script> & more", owner='"><b>')],
            [Mark("</svg>", TODAY)],
        )
        self.assertEqual(svg.get("aria-label"), "A & B")
        self.assertFalse(svg.xpath("//script | //b"))
        self.assertIn("<script>", "".join(svg.itertext()))

    def test_bars_stand_where_their_days_are(self):
        first, second = (
            self.bar(months=2),
            self.bar(start=TODAY + dt.timedelta(days=60), months=2),
        )
        rects = self.draw([first, second]).findall("rect")
        (x1, w1), (x2, w2) = (
            (float(rect.get("x")), float(rect.get("width"))) for rect in rects
        )
        self.assertAlmostEqual(x1 + w1, x2, places=0)
        self.assertAlmostEqual(w1, w2, places=0)
        for x, width in ((x1, w1), (x2, w2)):
            self.assertGreaterEqual(x, LEFT)
            self.assertLessEqual(x + width, RIGHT)

    def test_dark_part_is_the_share_done(self):
        whole, done = self.draw([self.bar(done=0.25)]).findall("rect")
        ratio = float(done.get("width")) / float(whole.get("width"))
        self.assertAlmostEqual(ratio, 0.25, places=2)
        (only,) = self.draw([self.bar(done=0)]).findall("rect")
        self.assertTrue(only.get("stroke"))

    def test_a_date_before_the_start_still_shows(self):
        late = Bar("Late", TODAY, TODAY - dt.timedelta(days=90))
        (rect,) = self.draw([late]).findall("rect")
        self.assertGreater(float(rect.get("width")), 0)
        self.assertGreaterEqual(float(rect.get("x")), LEFT)

    def test_words_stay_in_the_picture(self):
        bars = [
            self.bar(months=n, owner="A very long name indeed") for n in range(1, 20)
        ]
        marks = [Mark("Training, 9 Feb", bars[-1].end)]
        svg = self.draw(bars, marks)
        for text in svg.iter("text"):
            x, room = float(text.get("x") or 0), 7 * len(text.text or "")
            if text.getparent().tag == "g":
                shift = re.search(r"\(([\d.]+),", text.getparent().get("transform"))
                x += float(shift[1])
            if text.get("text-anchor") == "end":
                self.assertGreaterEqual(x - room, 0)
            else:
                self.assertLessEqual(x + room, WIDTH + 1)

    def test_marks_on_one_day_do_not_cover_each_other(self):
        marks = [Mark("Training, 9 Feb", TODAY + dt.timedelta(days=80))] * 3
        groups = self.draw([self.bar()], marks).findall("g")
        heights = {g.get("transform").split(",")[1] for g in groups}
        self.assertEqual(len(heights), 3)
        bottom = max(float(h.rstrip(")")) for h in heights)
        view = self.draw([self.bar()], marks).get("viewBox").split()
        self.assertGreater(float(view[3]), bottom + 8)

    def test_years_do_not_crowd_the_months(self):
        svg = self.draw([self.bar(months=60)])
        names = [t.text for t in svg.findall("text") if t.get("font-size") == "13"]
        self.assertLessEqual(len([n for n in names if not n.isdigit()]), 13)
        self.assertIn("2026", names)
        self.assertIn("2027", names)

    def test_one_absurd_date_does_not_flatten_the_rest(self):
        absurd = Bar("Absurd", TODAY, dt.date(2999, 1, 1), "Owner")
        usual = self.bar(months=3)
        svg = self.draw([absurd, usual])
        cut, whole = svg.findall("rect")
        self.assertGreater(float(whole.get("width")), 60)
        self.assertLessEqual(float(cut.get("x")) + float(cut.get("width")), RIGHT)
        (arrow,) = svg.xpath("//path[@class='cap-cut']")
        self.assertTrue(arrow.get("d").startswith(f"M{float(RIGHT)}"))
        self.assertFalse(self.draw([usual]).xpath("//path[@class='cap-cut']"))

    def test_an_old_date_is_cut_on_the_left(self):
        old = dt.date(1999, 1, 1)
        svg = self.draw([Bar("Old", old, old), self.bar()])
        (arrow,) = svg.xpath("//path[@class='cap-cut']")
        self.assertTrue(arrow.get("d").startswith(f"M{float(LEFT)}"))
        _first, second = svg.findall("rect")
        self.assertGreater(float(second.get("width")), 60)

    def test_a_mark_out_of_the_picture_stays_at_its_edge(self):
        far = Mark("Training, 9 Feb", dt.date(2999, 2, 9))
        (group,) = self.draw([self.bar()], [far]).findall("g")
        shift = float(re.search(r"\(([\d.]+),", group.get("transform"))[1])
        self.assertLessEqual(shift, RIGHT)
