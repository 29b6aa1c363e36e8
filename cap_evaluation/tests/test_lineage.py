"""Who continues whom, as plain nodes: a table of cases."""

import doctest

from odoo.tests import BaseCase, tagged

from ..kernel import lineage
from ..kernel.lineage import Node, trace

OLD = {1: Node(10, "A"), 2: Node(10, "B"), 3: Node(10, "C")}
BY_CODE, COPIED = {10: True, 20: True}, {10: True, 20: False}
CASES = {
    "same codes": (
        {4: Node(20, "A"), 5: Node(20, "B"), 6: Node(20, "D")},
        BY_CODE,
        {4: [1], 5: [2], 6: []},
    ),
    "codes exchanged": (
        {4: Node(20, "A", (2,)), 5: Node(20, "B", (1,))},
        COPIED,
        {4: [2], 5: [1]},
    ),
    "a merge, and the rest by code": (
        {4: Node(20, "A", (2, 1)), 5: Node(20, "C")},
        BY_CODE,
        {4: [1, 2], 5: [3]},
    ),
    "a code that another objective continues is taken": (
        {4: Node(20, "A", (2,)), 5: Node(20, "B")},
        BY_CODE,
        {4: [2], 5: []},
    ),
    "split": (
        {4: Node(20, "A", (1,)), 5: Node(20, "D", (1,))},
        COPIED,
        {4: [1], 5: [1]},
    ),
    "new under an old code, in a copied edition": (
        {4: Node(20, "A", (1,)), 5: Node(20, "C")},
        COPIED,
        {4: [1], 5: []},
    ),
    "a predecessor that is not read": ({4: Node(20, "A", (99,))}, BY_CODE, {4: []}),
}


@tagged("post_install", "-at_install")
class TestLineage(BaseCase):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(lineage).failed)

    def test_from_one_edition_to_the_next(self):
        for name, (new, editions, expected) in CASES.items():
            with self.subTest(name):
                self.assertEqual(trace(OLD | new, editions, 10, 20), expected)

    def test_through_an_edition_in_between(self):
        nodes = OLD | {4: Node(20, "A", (1, 2)), 5: Node(20, "C", (3,))}
        nodes |= {6: Node(30, "A"), 7: Node(30, "C", (5,)), 8: Node(30, "B")}
        editions = {10: True, 20: False, 30: True}
        self.assertEqual(trace(nodes, editions, 10, 30), {6: [1, 2], 7: [3], 8: [2]})

    def test_a_circle_ends(self):
        nodes = OLD | {4: Node(20, "A", (5,)), 5: Node(30, "A", (4, 1))}
        self.assertEqual(trace(nodes, {10: True, 20: True, 30: True}, 10, 30), {5: [1]})

    def test_the_edition_itself(self):
        self.assertEqual(trace(OLD, BY_CODE, 10, 10), {1: [1], 2: [2], 3: [3]})
