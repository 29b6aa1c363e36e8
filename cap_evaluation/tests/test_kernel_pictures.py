"""Whole drawings, read back element by element: each with its values, then its text.

The large texts below were recorded from the drawings, then read over: they hold what is
drawn from changing unseen, they do not prove it right. What a score must be worth is in
``TestPlaces``, from arithmetic alone.
"""

from xml.etree import ElementTree

from odoo.tests import BaseCase

from ..kernel.charts.bars import bars
from ..kernel.charts.palette import LevelColors
from ..kernel.charts.radar import Axis, radar, sign
from ..kernel.charts.strip import Cell, Group, strip
from ..kernel.charts.trend import Moment, trend

KNOWN = LevelColors("#1", "#2", "#3")
NO_LEVEL = "19 17 2 #ffffff #857a70 2 2"
# No value on one axis, no name of a theme on another, and neither on the last.
FOUR = [
    Axis("1.1", "North & east", 50, 25, "T", False),
    Axis("1.2", "South", None, 75, "T"),
    Axis("2.1", "A name that goes on for more than one line", 100, None, "U"),
    Axis("", "No code", 0),
]
FOUR_DRAWN = """\
svg -268.5 -214 536.9 460 img Radar cap-chart
polygon 0,-57.3 57.3,0 0,57.3 -57.3,0 none #b9b0a7
polygon 0,-114.7 114.7,0 0,114.7 -114.7,0 none #b9b0a7
polygon 0,-172 172,0 0,172 -172,0 none #b9b0a7
line 0 0 0 -172 #ddd7d0
line 0 0 172 0 #ddd7d0
line 0 0 0 172 #ddd7d0
line 0 0 -172 0 #ddd7d0
path M-110.3,-142.2A180 180 0 0 1 142.2,110.3 none #2b2523 3
path M110.3,142.2A180 180 0 0 1 -110.3,142.2 none #2b2523 3
polygon 0,0 0,172 0,0 0,-86 #22366f .12 none
polyline 0,172 0,0 0,-86 none #22366f 3 round
polyline 0,-43 129,0 none #5f564f 2 5 5
circle 0 -86 5 #ffffff #22366f 2
circle 0 172 5 #22366f #ffffff 1.5
circle 0 0 5 #22366f #ffffff 1.5
rect -31.3 -67.8 #ffffff .85 26.3 13
text -6 -57.3 end 13 #5f564f: 33%
rect -31.3 -125.2 #ffffff .85 26.3 13
text -6 -114.7 end 13 #5f564f: 67%
rect -39.4 -168.5 #ffffff .85 34.4 13
text -6 -158 end 13 #5f564f: 100%
text middle 13.5 #2b2523
tspan 0 -197.5
tspan 600: 1.1 + North & east
text start 13.5 #5f564f
tspan 194 4.5
tspan 600: 1.2 + South
text middle 13.5 #2b2523
tspan 0 206.5
tspan 600: 2.1 + A name that
tspan 0 222.5: goes on for more
tspan 0 238.5: than one line
text end 13.5 #2b2523
tspan -194 4.5: No code
"""
THREE = [Axis("1", "One", 20, 40), Axis("2", "Two", 60, 80), Axis("3", "Three", 100, 0)]
THREE_DRAWN = """\
svg -144 -168 288 312 img Radar cap-chart
polygon 0,-64 55.4,32 -55.4,32 none #b9b0a7
polygon 0,-128 110.9,64 -110.9,64 none #b9b0a7
line 0 0 0 -128 #ddd7d0
line 0 0 110.9 64 #ddd7d0
line 0 0 -110.9 64 #ddd7d0
polygon 0,-25.6 66.5,38.4 -110.9,64 #22366f .12 #22366f 3 round
polygon 0,-51.2 88.7,51.2 0,0 none #5f564f 2 5 5
circle 0 -25.6 5 #22366f #ffffff 1.5
circle 66.5 38.4 5 #22366f #ffffff 1.5
circle -110.9 64 5 #22366f #ffffff 1.5
rect -31.3 -74.5 #ffffff .85 26.3 13
text -6 -64 end 13 #5f564f: 50%
rect -39.4 -124.5 #ffffff .85 34.4 13
text -6 -114 end 13 #5f564f: 100%
text middle 14 #2b2523
tspan 0 -151.5
tspan 600: 1
text start 14 #2b2523
tspan 128.2 82.5
tspan 600: 2
text end 14 #2b2523
tspan -128.2 82.5
tspan 600: 3
"""
NOW_DRAWN = """\
svg 0 0 34 12 true cap-sign-line
line 0 34 6 6 #22366f 3
circle 17 6 5 #22366f #22366f 2
"""
BEFORE_DRAWN = """\
svg 0 0 34 12 true cap-sign-line
line 0 34 6 6 #5f564f 2 5 5
"""
BARS = [
    Axis("1", "One", 50, 25),
    Axis("2", "A name of more than forty characters, in two lines", None),
]
BARS_DRAWN = """\
svg 0 0 344 142 img Bars cap-chart
text 2 18 13.5 600 #2b2523: 1 One
rect 2 26 14 4 274 #ffffff #857a70
rect 2 26 14 4 137 #22366f
line 70.5 70.5 22 44 #5f564f 3 3 3
text 284 38 13.5 600 #2b2523: 50%
text 2 80 13.5 600 #2b2523: 2 A name of more than forty characters,
text 2 98 13.5 600 #2b2523: in two lines
rect 2 106 14 4 274 #ffffff #857a70 5 4
text 284 118 13.5 600 #2b2523: –
"""
STRIP = [
    Group("1.1", [Cell("2", 0.5, KNOWN), Cell("NA")]),
    Group("1.2", [Cell("")] * 28),
    Group("2", [Cell("", 1.0, KNOWN)]),
]
STRIP_BEGUN = """\
svg 0 0 690 124 img Strip cap-chart
text 0 55 13 #5f564f: 1.1
rect 0.5 11.5 19 28 2 #1 #2
text 10 35.5 middle 13 600 #3: 2
rect 22.5 22.5 19 17 2 #ffffff #857a70 2 2
text 32 35.5 middle 13 600 #5f564f: NA
text 60 55 13 #5f564f: 1.2
"""
STRIP_ENDED = """\
text 0 119 13 #5f564f: 2
rect 0.5 64.5 19 39 2 #1 #2
"""
TREND = [
    Moment("2020", 10),
    Moment("2022", 90, "3/4"),
    Moment("2024", None),
    Moment("2026", 100),
]
TREND_DRAWN = """\
svg 0 0 290 152 img Trend cap-chart
line 20 262 112 112 #857a70
line 20 262 62 62 #ddd7d0
line 20 262 12 12 #ddd7d0
text 286 16 end 12 #2b2523: 100
text 286 116 end 12 #2b2523: 0
polyline 34,102 104.7,22 none #22366f 2.5 5 5
text 34 130 middle 13 #2b2523: 2020
circle 34 102 5 #22366f #22366f 2
text 34 92 middle 13 600 #2b2523: 10%
text 104.7 130 middle 13 #2b2523: 2022
text 104.7 146 middle 12 #5f564f: 3/4
circle 104.7 22 5 #ffffff #22366f 2
text 104.7 42 middle 13 600 #2b2523: 90%
text 175.3 130 middle 13 #2b2523: 2024
text 246 130 middle 13 #2b2523: 2026
circle 246 12 5 #22366f #22366f 2
text 246 32 middle 13 600 #2b2523: 100%
"""


def tell(drawing):
    """Return a drawing as text, an element a line: its name, its values, its text."""
    lines = []
    for element in ElementTree.fromstring(drawing).iter():
        line = f"{element.tag.rpartition('}')[2]} {' '.join(element.attrib.values())}"
        line += f": {element.text}" if element.text else ""
        lines.append(f"{line} +{element.tail}" if element.tail else line)
    return "\n".join(lines) + "\n"


def name_attributes(drawing):
    """Return what each kind of element says of itself, once: its name, the names."""
    found = ElementTree.fromstring(drawing).iter()
    return {" ".join([e.tag.rpartition("}")[2], *e.attrib]) for e in found}


class TestPictures(BaseCase):
    maxDiff = None

    def test_radar(self):
        self.assertEqual(tell(radar(FOUR, "Radar")), FOUR_DRAWN)

    def test_narrow_radar_of_two_rings(self):
        self.assertEqual(tell(radar(THREE, "Radar", 2, True)), THREE_DRAWN)

    def test_radar_of_many_axes(self):
        """Codes only from fifteen axes; smaller from seventeen. Two rings of five."""
        for count, code, size, point in (
            (14, "1.0", "13.5", "5"),
            (15, "1.0", "14", "5"),
            (16, "1.0", "14", "5"),
            (17, "1.0", "11.5", "4"),
        ):
            axes = [Axis(f"1.{n}", "Name", 50, theme="T") for n in range(count)]
            lines = tell(radar(axes, "Radar", 5)).splitlines()
            with self.subTest(count=count):
                named = " + Name" if count < 15 else ""
                self.assertEqual(
                    lines.count(f"circle 0 -86 {point} #22366f #ffffff 1.5"), 1
                )
                self.assertIn(f"tspan 600: {code}{named}", lines)
                labels = [line for line in lines if line.startswith("text middle")]
                self.assertEqual(labels[0], f"text middle {size} #2b2523")
                rings = [line for line in lines if line.startswith("text -6")]
                self.assertEqual([line[-4:].strip() for line in rings], ["40%", "100%"])
                (arc,) = (line for line in lines if line.startswith("path"))
                self.assertIn("A180 180 0 1 1 ", arc, "over more than a half")

    def test_radar_of_four_rings(self):
        told = tell(radar(THREE, "Radar", 4))
        self.assertEqual([f"{part}%" in told for part in (25, 50, 75, 100)], [True] * 4)

    def test_scores_are_written_as_asked(self):
        told = tell(radar(THREE, "Radar", tell="<{:.0f}>".format))
        self.assertIn("text -6 -57.3 end 13 #5f564f: <33>", told)
        told = tell(radar(THREE[:2], "Bars", compact=True, tell="<{:.0f}>".format))
        self.assertIn("text 284 38 13.5 600 #2b2523: <20>", told)

    def test_values_bear_the_names_of_svg(self):
        """Each element with the attributes that a drawing's reader looks for."""
        frame = "svg viewBox role aria-label class"
        hidden = "svg viewBox aria-hidden class"
        pen = "stroke stroke-width"
        grid = {"polygon points fill stroke", "line x1 y1 x2 y2 stroke"}
        dot = f"circle cx cy r fill {pen}"
        words = {
            "text x y text-anchor font-size fill",
            "text text-anchor font-size fill",
        }
        around = {frame, *grid, dot, *words, "tspan x y", "tspan font-weight"}
        around |= {"rect x y fill fill-opacity width height"}
        previous = f"{pen} stroke-dasharray"
        self.assertEqual(
            name_attributes(radar(THREE, "Radar")),
            around
            | {f"polygon points fill fill-opacity {pen} stroke-linejoin"}
            | {f"polygon points fill {previous}"},
        )
        self.assertEqual(
            name_attributes(radar(FOUR, "Radar")),
            around
            | {"polygon points fill fill-opacity stroke", f"path d fill {pen}"}
            | {f"polyline points fill {pen} stroke-linejoin"}
            | {f"polyline points fill {previous}"},
        )
        self.assertEqual(
            name_attributes(bars(BARS, "Bars")),
            {frame, "text x y font-size font-weight fill"}
            | {"rect x y height rx width fill stroke", "rect x y height rx width fill"}
            | {"rect x y height rx width fill stroke stroke-dasharray"}
            | {f"line x1 x2 y1 y2 {previous}"},
        )
        now = {hidden, f"line x1 x2 y1 y2 {pen}", dot}
        self.assertEqual(name_attributes(sign("now")), now)
        before = {hidden, f"line x1 x2 y1 y2 {previous}"}
        self.assertEqual(name_attributes(sign("before")), before)

    def test_labels_stay_inside_the_frame(self):
        """A long name on each side widens it; the circle stays in the middle."""
        for place in range(4):
            names = ["A" * 60 if n == place else "A" for n in range(4)]
            axes = [Axis("1", name, 50) for name in names]
            left, _top, width, _height = map(
                float, tell(radar(axes, "Radar")).split()[1:5]
            )
            # sixty letters of 0.58 x 13.5, from the middle or from 172 + 22
            reach = 60 * 0.58 * 13.5 / 2 if place in (0, 2) else 194 + 60 * 0.58 * 13.5
            with self.subTest(place=place):
                self.assertAlmostEqual(left, -(reach + 4), 0)
                self.assertAlmostEqual(width, 2 * (reach + 4), 0)

    def test_signs(self):
        self.assertEqual(tell(sign("now")), NOW_DRAWN)
        self.assertEqual(tell(sign("before")), BEFORE_DRAWN)
        part = NOW_DRAWN.replace("6 5 #22366f", "6 5 #ffffff")
        self.assertEqual(tell(sign("part")), part)

    def test_bars(self):
        self.assertEqual(tell(bars(BARS, "Bars", True)), BARS_DRAWN)
        wide = tell(bars(BARS, "Bars"))
        self.assertTrue(wide.startswith("svg 0 0 690 124 img Bars cap-chart"))
        self.assertIn("rect 2 26 14 4 620 #ffffff #857a70", wide)
        self.assertIn("text 630 38 13.5 600 #2b2523: 50%", wide)

    def test_strip(self):
        """Twenty-eight cells just fit beside two others; the next begins a row."""
        cells = [f"rect {60.5 + 22 * n:g} 22.5 {NO_LEVEL}" for n in range(28)]
        expected = STRIP_BEGUN + "\n".join(cells) + "\n" + STRIP_ENDED
        self.assertEqual(tell(strip(STRIP, "Strip")), expected)

    def test_trend(self):
        self.assertEqual(tell(trend(TREND, "Trend")), TREND_DRAWN)

    def test_trend_of_one_score(self):
        (circle,) = (
            line
            for line in tell(trend([Moment("2026", 88)], "Trend")).splitlines()
            if line.startswith("circle")
        )
        self.assertEqual(circle, "circle 34 24 5 #22366f #22366f 2")

    def test_a_part_is_never_full(self):
        told = tell(trend([Moment("2024", 0), Moment("2026", 50, "1/2")], "Trend"))
        self.assertEqual(told.count(" 5 #ffffff #22366f 2"), 1)
        self.assertEqual(told.count(" 5 #22366f #22366f 2"), 1)
        self.assertIn("polyline 34,112 246,62 none #22366f 2.5 5 5", told, "dashed")
        told = tell(trend([Moment("2024", 0), Moment("2026", 50)], "Trend"))
        self.assertIn("svg 0 0 290 136 ", told)


class TestPlaces(BaseCase):
    """Where a score stands, worked out here, not read from what was drawn."""

    def test_radar_points(self):
        """A quarter turn for each of four axes, the first one up; 172 for 100."""
        values = (50, 25, 100, 75)
        axes = [Axis(str(n), "A", value) for n, value in enumerate(values)]
        lines = tell(radar(axes, "Radar")).splitlines()
        places = [line.split()[1:3] for line in lines if line.startswith("circle")]
        self.assertEqual(
            [[float(x), float(y)] for x, y in places],
            [[0, -172 * 0.5], [172 * 0.25, 0], [0, 172], [-172 * 0.75, 0]],
        )

    def test_bar_lengths(self):
        """Of 344 - 70 on narrow screens, from 2 on."""
        lines = tell(bars([Axis("1", "A", 25, 75)], "Bars", True)).splitlines()
        widths = [float(x.split()[5]) for x in lines if x.startswith("rect")]
        self.assertEqual(widths, [274, 274 * 0.25])
        (mark,) = (line for line in lines if line.startswith("line"))
        self.assertEqual(float(mark.split()[1]), 2 + 274 * 0.75)

    def test_trend_points(self):
        """From 112 for 0 to 12 for 100; times are spread evenly from 34 to 246."""
        values = (0, 30, 100)
        told = tell(trend([Moment(str(v), v) for v in values], "Trend"))
        lines = [x.split() for x in told.splitlines() if x.startswith("circle")]
        self.assertEqual(
            [(float(line[1]), float(line[2])) for line in lines],
            [(34, 112), ((34 + 246) / 2, 112 - 30), (246, 12)],
        )
