import doctest
from xml.etree import ElementTree

from odoo.tests import BaseCase, tagged

from ..kernel import numbers
from ..kernel.charts import bars, radar, steps, strip, svg, trend
from ..kernel.charts import palette as colors

SVG = "{http://www.w3.org/2000/svg}"


@tagged("post_install", "-at_install")
class TestCharts(BaseCase):
    """What the drawings of a photographie show, read back as XML."""

    def draw(self, values, previous=None, **options):
        axes = [
            radar.Axis(
                f"1.{rank}",
                f"Sub-theme number {rank} & its <long> name",
                value,
                (previous or {}).get(rank),
                f"T{rank // 3}",
            )
            for rank, value in enumerate(values)
        ]
        drawing = radar.radar(axes, 'A "radar"', **options)
        return ElementTree.fromstring(drawing), drawing

    def test_doctests(self):
        for module in (bars, colors, radar, steps, strip, svg, trend):
            failed, tried = doctest.testmod(module)
            self.assertFalse(failed)
            self.assertGreater(tried, 3)

    def test_any_number_of_axes_stays_inside_its_frame(self):
        for count in (3, 4, 7, 11, 14, 15, 30):
            for compact in (False, True):
                svg, _text = self.draw([60] * count, compact=compact)
                left, top, width, height = map(float, svg.get("viewBox").split())
                for point in svg.iter(f"{SVG}circle"):
                    self.assertTrue(left < float(point.get("cx")) < left + width)
                    self.assertTrue(top < float(point.get("cy")) < top + height)
                for line in svg.iter(f"{SVG}tspan"):
                    if line.get("y"):
                        self.assertTrue(top < float(line.get("y")) < top + height)

    def test_axis_is_fixed_from_0_to_100(self):
        """All at 20 and all at 90 must not look the same."""
        reach = {}
        for value in (0, 20, 90, 100):
            svg, _text = self.draw([value] * 5)
            first = next(svg.iter(f"{SVG}circle"))
            reach[value] = -float(first.get("cy"))
        self.assertEqual(reach, {0: 0, 20: 34.4, 90: 154.8, 100: 172})

    def test_unscored_is_a_gap_never_a_zero(self):
        svg, _text = self.draw([50, None, 70, 80, 0])
        self.assertEqual(len(list(svg.iter(f"{SVG}circle"))), 4, "0 has its point")
        lines = [p.get("points").split() for p in svg.iter(f"{SVG}polyline")]
        self.assertEqual(
            [len(line) for line in lines], [4], "the line stops at the gap"
        )

    def test_one_scored_axis_is_a_point_without_a_line(self):
        svg, _text = self.draw([None, 40, None])
        self.assertEqual(len(list(svg.iter(f"{SVG}circle"))), 1)
        self.assertFalse(list(svg.iter(f"{SVG}polyline")))

    def test_previous_is_dashed_and_this_year_is_not(self):
        svg, _text = self.draw([50, 60, 70], {0: 10, 1: 20, 2: 30})
        dashed = [p for p in svg.iter(f"{SVG}polygon") if p.get("stroke-dasharray")]
        self.assertEqual(len(dashed), 1)
        self.assertNotEqual(dashed[0].get("stroke"), colors.NOW)
        first = dashed[0].get("points").split()[0]
        self.assertEqual(first, "0,-17.2")

    def test_a_lone_previous_value_is_a_square(self):
        """No line can show it; two neighbours are a line again."""
        svg, _text = self.draw([50] * 4, {1: 50})
        squares = [r for r in svg.iter(f"{SVG}rect") if r.get("stroke")]
        self.assertEqual(
            [list(square.attrib.values()) for square in squares],
            [["82", "-4", "8", "8", "#ffffff", colors.MUTED, "2"]],
        )
        svg, _text = self.draw([50] * 4, {1: 50, 2: 50})
        self.assertFalse([r for r in svg.iter(f"{SVG}rect") if r.get("stroke")])
        (line,) = svg.iter(f"{SVG}polyline")
        self.assertEqual(line.get("points"), "86,0 0,86")

    def test_no_previous_draws_no_dashed_line(self):
        _svg, text = self.draw([50, 60, 70])
        self.assertNotIn("dasharray", text)

    def test_one_arc_per_theme(self):
        svg, _text = self.draw([50] * 7)
        self.assertEqual(len(list(svg.iter(f"{SVG}path"))), 3)

    def test_fewer_than_three_axes_are_bars(self):
        def tell(value):
            return numbers.percent(value, "%(number)s\u00a0%%", none="non noté")

        svg, text = self.draw([0, None], {1: 40}, tell=tell)
        self.assertFalse(list(svg.iter(f"{SVG}polygon")))
        self.assertIn("non noté", text)
        self.assertIn("0\u00a0%", text)

    def test_literal_escaped_and_labelled(self):
        svg, text = self.draw([50, 60, 70])
        self.assertEqual(svg.get("role"), "img")
        self.assertEqual(svg.get("aria-label"), 'A "radar"')
        self.assertNotIn("var(", text)
        self.assertIn("&lt;long&gt;", text)

    def test_compact_shows_codes_only(self):
        _svg, text = self.draw([50, 60, 70], compact=True)
        self.assertNotIn("Sub-theme", text)
        self.assertIn("1.2", text)

    def test_trend_breaks_where_nothing_was_scored(self):
        scores = (("2020", 10), ("2022", 20), ("2024", None), ("2026", 0))
        moments = [trend.Moment(name, score) for name, score in scores]
        svg = ElementTree.fromstring(trend.trend(moments, "Path"))
        circles = list(svg.iter(f"{SVG}circle"))
        self.assertEqual(len(circles), 3)
        self.assertEqual(len(list(svg.iter(f"{SVG}polyline"))), 1)
        fills = [circle.get("fill") for circle in circles]
        self.assertEqual(fills, [colors.NOW] * 3, "all is scored: full points")

    def test_a_part_is_hollow_on_the_radar_and_said_on_the_path(self):
        axes = [radar.Axis(str(n), "A", 50, whole=n > 0) for n in range(4)]
        svg = ElementTree.fromstring(radar.radar(axes, "Radar"))
        fills = [circle.get("fill") for circle in svg.iter(f"{SVG}circle")]
        self.assertEqual(fills, ["#ffffff"] + [colors.NOW] * 3)
        moments = [trend.Moment("2024", 40), trend.Moment("2026", 50, "5/26")]
        self.assertIn(">5/26</text>", trend.trend(moments, "Path"))
        svg = ElementTree.fromstring(trend.trend(moments, "Path"))
        fills = [circle.get("fill") for circle in svg.iter(f"{SVG}circle")]
        self.assertEqual(fills, [colors.NOW, "#ffffff"])
        (line,) = svg.iter(f"{SVG}polyline")
        self.assertTrue(line.get("stroke-dasharray"), "no rise, no fall")

    def test_bars_share_one_origin_and_one_length(self):
        axes = [
            radar.Axis(str(n), "A", score) for n, score in enumerate((67, 50, None))
        ]
        svg = ElementTree.fromstring(bars.bars(axes, "Themes"))
        rects = [
            (float(r.get("x")), float(r.get("width"))) for r in svg.iter(f"{SVG}rect")
        ]
        frames = [rect for rect in rects if rect[1] == 620]
        self.assertEqual({x for x, _width in rects}, {2.0})
        self.assertEqual(len(frames), 3)
        self.assertIn((2.0, 310.0), rects, "a half is half as long as the frame")

    def test_strip_keeps_every_objective_in_the_frame(self):
        paint = colors.level_colors("#1f7a6c")
        groups = [
            strip.Group(f"1.{n}", [strip.Cell("2", 0.5, paint)] * count)
            for n, count in enumerate((3, 9, 40, 1))
        ]
        svg = ElementTree.fromstring(strip.strip(groups, "Levels"))
        _left, _top, width, height = map(float, svg.get("viewBox").split())
        rects = list(svg.iter(f"{SVG}rect"))
        self.assertEqual(len(rects), 53)
        for rect in rects:
            self.assertLessEqual(float(rect.get("x")) + float(rect.get("width")), width)
            self.assertLess(float(rect.get("y")) + float(rect.get("height")), height)

    def test_levels_of_any_colour_stay_readable(self):
        for fill in ("#ffffff", "#000000", "#ffff00", "#ff0000", "#777777", "#1f7a6c"):
            shown = colors.level_colors(fill)
            self.assertGreaterEqual(colors.contrast(shown.text, shown.fill), 4.5, fill)
            self.assertGreaterEqual(colors.contrast(shown.edge, colors.WHITE), 3, fill)
