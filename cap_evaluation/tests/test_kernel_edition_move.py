"""What becomes of the answers of an evaluation that changes edition, case by case."""

from odoo.tests import BaseCase

from ..kernel.answer import Answer
from ..kernel.edition_move import (
    KINDS,
    Said,
    Step,
    join,
    merge_answers,
    name_source,
    plan_move,
    tell_source,
)

KNOWN = Said(10, 1, "A", Answer(2, comment="Known to all"))
ASKED = Said(20, 2, "B", Answer(1, "", "Not yet", "yes", "Say it"))
NONE = Said(30, 3, "C", Answer(None, "Not ours"))
TODO = Said(40, 4, "D")
WORST = Said(50, 5, "E", Answer(0, progress_action="no"))
SAID = {line.objective_id: line for line in (KNOWN, ASKED, NONE, TODO, WORST)}


class TestEditionMove(BaseCase):
    def plan(self, wanted, same_scale=True):
        return plan_move(SAID, wanted, same_scale, "Copied from {}".format)

    def test_kinds_lines_and_what_is_left(self):
        """objectives and their sources -> kind, target, line that goes on, sources."""
        table = [
            # a copy of the edition
            (
                {7: [1], 8: [2], 9: [3], 11: [4], 12: [5]},
                [
                    ("kept", 7, 10, "A"),
                    ("kept", 8, 20, "B"),
                    ("kept", 9, 30, "C"),
                    ("kept", 11, 40, "D"),
                    ("kept", 12, 50, "E"),
                ],
            ),
            # merged: the line that asks for an action goes on, the others are aside
            (
                {7: [1, 2, 3], 8: [4, 5]},
                [("merged", 7, 20, "ABC"), ("merged", 8, 40, "DE")],
            ),
            # merged from lines that this evaluation has in part, or not at all
            (
                {7: [1, 99], 8: [98, 99], 9: [99], 11: [2, 3, 4, 5]},
                [
                    ("merged", 7, 10, "A"),
                    ("new", 8, None, ""),
                    ("new", 9, None, ""),
                    ("merged", 11, 20, "BCDE"),
                ],
            ),
            # split in three: the line goes on under the first one only
            (
                {7: [2], 8: [2], 9: [2], 11: [1, 3, 4, 5]},
                [
                    ("split", 7, 20, "B"),
                    ("split", 8, None, "B"),
                    ("split", 9, None, "B"),
                    ("merged", 11, 10, "ACDE"),
                ],
            ),
            # split, and merged: what is not taken yet goes on
            (
                {7: [1], 8: [2, 1], 9: [2, 4], 11: [3, 5]},
                [
                    ("split", 7, 10, "A"),
                    ("merged", 8, 20, "BA"),
                    ("merged", 9, 40, "BD"),
                    ("merged", 11, 30, "CE"),
                ],
            ),
            # nothing comes from these, and some are left out
            (
                {7: [], 8: [3]},
                [
                    ("new", 7, None, ""),
                    ("kept", 8, 30, "C"),
                    ("dropped", None, None, "A"),
                    ("dropped", None, None, "B"),
                    ("dropped", None, None, "D"),
                    ("dropped", None, None, "E"),
                ],
            ),
        ]
        for wanted, expected in table:
            with self.subTest(wanted=wanted):
                found = [
                    (kind, target, line_id, "".join(said.code for said in sources))
                    for kind, target, sources, line_id, _answer in self.plan(wanted)
                ]
                self.assertEqual(found, expected)
                self.assertFalse({kind for kind, *_rest in found} - set(KINDS))

    def test_answers_that_go_on(self):
        """sources of the objectives, same scale -> answer of the first.

        None: the answer of the line, unchanged.
        """
        copied = Answer(2, comment="Known to all\nCopied from A")
        merged = "A (2): Known to all\nB (1): Not yet"
        table = [
            ([[1]], True, None),
            ([[4]], True, None),
            ([[4], [4]], True, None),
            ([[]], True, None),
            ([[99]], True, None),
            ([[1], [1]], True, copied),
            ([[3], [3]], True, Answer(None, "Not ours", "Copied from C")),
            ([[1, 2]], True, Answer(1, "", merged, "yes", "Say it")),
            ([[4, 99]], True, None),
            # levels of another scale stay behind, with all but the comments
            ([[1]], False, Answer(comment="Known to all")),
            ([[3]], False, Answer()),
            ([[4]], False, None),
            ([[1], [1]], False, Answer(comment=copied.comment)),
            ([[1, 2]], False, Answer(comment=merged)),
        ]
        for sources, same_scale, expected in table:
            with self.subTest(sources=sources, same_scale=same_scale):
                first, *_others = self.plan(dict(enumerate(sources, 7)), same_scale)
                self.assertEqual(first.answer, expected)

    def test_the_copies_of_a_split_answer_are_alike(self):
        one, two, *_dropped = self.plan({7: [2], 8: [2]})
        self.assertEqual(one.answer, two.answer)
        self.assertEqual(two.answer.progress_action, "yes")

    def test_several_answers_make_one(self):
        """Those of these lines -> one."""
        both = "Known to all\nNot yet"
        table = [
            ([KNOWN, ASKED], Answer(1, "", both, "yes", "Say it")),
            ([ASKED, WORST], Answer(0, "", "Not yet", "yes", "Say it")),
            ([WORST, ASKED], Answer(0, "", "Not yet", "yes", "Say it")),
            ([WORST, TODO], Answer(0, "", "", "no")),
            ([KNOWN, NONE], Answer(2, "", "Known to all")),
            ([NONE, NONE], Answer(None, "Not ours")),
            ([NONE, TODO], Answer()),
            ([TODO], Answer()),
        ]
        for lines, expected in table:
            with self.subTest(lines="".join(line.code for line in lines)):
                answers = [line.answer for line in lines]
                self.assertEqual(merge_answers(answers), expected)

    def test_reasons_and_wishes_are_put_together(self):
        other = Answer(None, "Not here", "", "no", "Ask the neighbours")
        self.assertEqual(
            merge_answers([NONE.answer, other, other]),
            Answer(None, "Not ours\nNot here", "", "no", "Ask the neighbours"),
        )

    def test_level_that_goes_on(self):
        for step, expected in (
            (Step("kept", 7, (KNOWN,), 10), 2),
            (Step("kept", 7, (KNOWN,), 10, Answer()), None),
            (Step("merged", 7, (KNOWN, ASKED), 10, Answer(1)), 1),
            (Step("split", 7, (TODO,), 40), None),
            (Step("dropped", None, (KNOWN,)), None),
            (Step("new", 7, ()), None),
        ):
            with self.subTest(kind=step.kind, answer=step.answer):
                self.assertEqual(step.level, expected)

    def test_words(self):
        self.assertEqual(join(["b", "", "a", "b"]), "b\na")
        both = Answer(0, "Not ours", "Begun")
        for answer, expected in (
            (both, "A (0): Not ours\nBegun"),
            (Answer(3), "A (3)"),
            (Answer(None, "", "Begun"), "A: Begun"),
            (Answer(progress_comment="Later"), ""),
        ):
            with self.subTest(answer=answer):
                told = tell_source(Said(1, 1, "A", answer))
                self.assertEqual(told, expected)
        self.assertEqual(name_source(KNOWN), "A (2)")
