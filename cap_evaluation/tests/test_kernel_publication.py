"""What keeps an edition from being published, defect by defect."""

from odoo.tests import BaseCase

from ..kernel.publication import MAX_LEVELS, MIN_LEVELS, Defect, Node, find_defects

SCALE = (0, 1, 2)
THEME = Node("theme", "1", "Identity", True)
LEAF = Node("operational", "1.1", "Decisions are known")
WORDED = ((0, "Not yet"), (1, "Begun"), (2, "Done"))


class TestPublication(BaseCase):
    def find(self, node, scale=SCALE):
        return [d[::2] for d in find_defects(scale, [THEME, LEAF, node]) if d.rank == 2]

    def test_nothing_wrong(self):
        self.assertEqual(find_defects(SCALE, [THEME, LEAF]), [])

    def test_scales(self):
        for count in (MIN_LEVELS, MAX_LEVELS):
            self.assertEqual(find_defects(range(count), [THEME, LEAF]), [])
        self.assertEqual(
            find_defects(range(MIN_LEVELS - 1), [THEME, LEAF]), [Defect("few_levels")]
        )
        self.assertEqual(
            find_defects(range(MAX_LEVELS + 1), [LEAF]),
            [Defect("many_levels", None, {"count": 8, "most": 7})],
        )

    def test_nothing_to_score(self):
        self.assertEqual(find_defects(SCALE, [THEME]), [Defect("nothing_to_score")])

    def test_each_defect(self):
        table = [
            (LEAF._replace(name=" "), [("no_wording", {})]),
            (LEAF._replace(code=" "), [("no_code", {})]),
            (LEAF._replace(indicators=("Hours", " ")), [("blank_indicator", {})]),
            (LEAF._replace(indicators=("Hours", "Days")), []),
            (THEME._replace(has_below=False), [("nothing_below", {})]),
            (LEAF._replace(gate=2), []),
            (LEAF._replace(gate=0), []),
            (LEAF._replace(gate=3), [("gate_off_scale", {"level": 3})]),
            (LEAF._replace(levels=WORDED), []),
            (
                LEAF._replace(levels=WORDED[:2]),
                [("half_worded", {"worded": 2, "all": 3})],
            ),
            (
                LEAF._replace(levels=(*WORDED[:2], (2, " "))),
                [("half_worded", {"worded": 2, "all": 3})],
            ),
            # of another scale, and one more than the scale has
            (
                LEAF._replace(levels=(*WORDED, (None, "Else"))),
                [("half_worded", {"worded": 3, "all": 3})],
            ),
            (
                LEAF._replace(levels=(*WORDED[:2], (None, "Else"))),
                [("half_worded", {"worded": 2, "all": 3})],
            ),
            # the same level twice
            (
                LEAF._replace(levels=(*WORDED, WORDED[0])),
                [("half_worded", {"worded": 3, "all": 3})],
            ),
        ]
        for node, expected in table:
            with self.subTest(node=node):
                self.assertEqual(self.find(node), expected)

    def test_all_at_once_in_reading_order(self):
        bad = Node("operational", "", "", gate=9)
        self.assertEqual(
            [(d.what, d.rank) for d in find_defects((0,), [bad, THEME, bad])],
            [
                ("few_levels", None),
                *((what, 0) for what in ("no_wording", "no_code", "gate_off_scale")),
                *((what, 2) for what in ("no_wording", "no_code", "gate_off_scale")),
            ],
        )
