"""What is wrong between the rows of a workbook: whole problems, as they are told."""

from odoo.tests import BaseCase

from ..kernel.workbook.check import check
from ..kernel.workbook.schema import BY_KEY, Content, Problem, Row


class TestCheck(BaseCase):
    def check(self, columns=("code", "code_parent"), **rows):
        """Return the problems of these cells, which begin at row 2 of their sheet."""
        content = Content(
            rows={
                key: [Row(number, cells) for number, cells in enumerate(found, 2)]
                for key, found in rows.items()
            },
            present={"objectives": set(columns)},
        )
        return list(check(content))

    def test_twice_there(self):
        """Each table by what tells its rows apart; what is blank is not said again."""
        table = [
            ("glossary", {"terme": "GES"}, "terme", "GES"),
            ("levels", {"valeur": 2}, "valeur", "2"),
            ("offers", {"ref": "F1"}, "ref", "F1"),
            (
                "descriptors",
                {"code_objectif": "1", "niveau": 2},
                "niveau",
                "1 2",
            ),
        ]
        for key, cells, column, found in table:
            with self.subTest(key=key):
                rows = {key: [cells, {}, dict(cells), {}, dict(cells)]}
                sheet = BY_KEY[key].sheet
                twice = [p for p in self.check(**rows) if p.code == "duplicate"]
                self.assertEqual(
                    twice,
                    [Problem("duplicate", sheet, n, column, found) for n in (4, 6)],
                )
        links = {name: "" for name in BY_KEY["mappings"].identity}
        links |= {"code_objectif": "1", BY_KEY["mappings"].identity[-1]: None}
        (problem,) = (
            p
            for p in self.check(mappings=[links, dict(links)])
            if p.code == "duplicate"
        )
        self.assertEqual(problem.found, "1")

    def test_rows_that_may_be_alike(self):
        indicator = {"code_objectif": "", "indicateur": "Rate"}
        self.assertTrue(BY_KEY["indicators"].by_rank)
        self.assertEqual(self.check(indicators=[indicator, dict(indicator)]), [])

    def test_the_column_of_parents(self):
        found = self.check(["code"], objectives=[{"code": "1"}])
        self.assertEqual(
            found, [Problem("missing_column", "Objectifs", 1, "code_parent")]
        )
        self.assertEqual(self.check(["code"]), [])
        self.assertEqual(self.check(["code"], objectives=[{}]), [])

    def test_the_tree(self):
        """An orphan hides nothing of the rows below it; all that may hold is named."""
        objectives = [
            {"code": "1", "type": "operational", "code_parent": "9"},
            {"code": "2", "type": "operational", "code_parent": ""},
            {"code": "3", "type": "theme", "code_parent": ""},
            {"code": "4", "type": "general", "code_parent": "3"},
            {"code": "5", "type": "theme", "code_parent": "3"},
        ]
        column = ("Objectifs", "code_parent")
        labels = ("objectif opérationnel", "sous-thème, objectif général")
        self.assertEqual(
            self.check(objectives=objectives),
            [
                Problem("orphan", column[0], 2, column[1], "9"),
                Problem("no_parent", column[0], 3, column[1], *labels),
                Problem(
                    "misplaced",
                    column[0],
                    5,
                    column[1],
                    "objectif général",
                    "sous-thème",
                ),
                Problem("on_top", column[0], 6, column[1], "thème"),
            ],
        )

    def test_something_to_score(self):
        found = self.check(objectives=[{"type": "theme"}])
        self.assertEqual(found, [Problem("nothing_to_score", "Objectifs")])
        self.assertEqual(self.check(objectives=[{"type": "operational"}]), [])

    def test_numbers(self):
        self.assertEqual(self.check(objectives=[{"poids": 1}, {"poids": 0.5}, {}]), [])
        self.assertEqual(
            self.check(objectives=[{"poids": -0.5}]),
            [Problem("weight_not_positive", "Objectifs", 2, "poids", "-0.5")],
        )
        self.assertEqual(
            self.check(offers=[{"duree_heures": 0}, {"duree_heures": -7}]),
            [Problem("negative", "Offres", 3, "duree_heures", "-7")],
        )

    def test_levels_of_the_scale(self):
        """In order, whatever theirs in the file."""
        levels = [{"valeur": value} for value in (2, 0, 1)]
        self.assertEqual(
            self.check(
                levels=levels,
                objectives=[{"niveau_requis": 2}, {"niveau_requis": 3}],
                descriptors=[{"niveau": 0}, {"niveau": -1}],
            ),
            [
                Problem(
                    "outside_scale", "Objectifs", 3, "niveau_requis", "3", "0, 1, 2"
                ),
                Problem("outside_scale", "Descripteurs", 3, "niveau", "-1", "0, 1, 2"),
            ],
        )

    def test_rows_of_objectives_that_are_not_there(self):
        for key in ("indicators", "descriptors", "questions", "mappings"):
            rows = [{"code_objectif": code} for code in ("1", "9", "", "1")]
            sheet = BY_KEY[key].sheet
            with self.subTest(key=key):
                found = self.check(objectives=[{"code": "1"}], **{key: [*rows, {}]})
                self.assertEqual(
                    [problem for problem in found if problem.code == "orphan"],
                    [Problem("orphan", sheet, 3, "code_objectif", "9")],
                )
                found = self.check(**{key: rows})
                self.assertNotIn("orphan", [problem.code for problem in found])

    def test_links_to_this_edition(self):
        (problem,) = self.check(
            referential=[{"code": "CAP", "edition": "1"}],
            mappings=[{"cible": "CAP", "edition_cible": "1"}],
        )
        self.assertEqual(
            problem,
            Problem("own_edition", BY_KEY["mappings"].sheet, 2, "cible", "CAP"),
        )
