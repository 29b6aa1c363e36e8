from odoo.tests import tagged

from .common import NetworkCommon


@tagged("post_install", "-at_install")
class TestNetworkLine(NetworkCommon):
    """The figures, against the table computed by hand in ``common.py``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second = cls.make_pair()
        cls.domain = [("version_id", "=", cls.weighted.id)]

    def consolidate(self, *groupby, domain=()):
        """Return ``{group: (score, coverage, scored, structures)}``, rounded."""
        rows = self.get_lines()._consolidate([*self.domain, *domain], groupby)
        return {
            tuple(row[name] for name in groupby): (
                row["score"] if row["score"] is None else round(row["score"], 2),
                round(row["coverage"], 2),
                row["scored"],
                row["structures"],
            )
            for row in rows
        }

    def test_by_theme_and_region(self):
        one, two = self.nodes["1"], self.nodes["2"]
        self.assertEqual(
            self.consolidate("theme_id", "region_id"),
            {
                (one, self.region_a): (61.11, 100.0, 3, 1),
                (one, self.region_b): (33.33, 75.0, 3, 1),
                (two, self.region_a): (None, 0.0, 0, 1),
                (two, self.region_b): (50.0, 100.0, 2, 1),
            },
        )

    def test_what_was_kept_aside_counts_nowhere(self):
        """An answer that a later edition dropped is read on its evaluation alone."""
        evaluation = self.make_evaluation(levels={"1.1.1.1": 3, "2.1.1.2": 0})
        target = self.version.action_new_edition()
        target.objective_ids.filtered(lambda o: o.code == "2.1.1.2").unlink()
        target.action_publish()
        target.published_on = "2099-01-01"
        evaluation._move_to_edition(target)
        self.validate(evaluation)
        lines = self.get_lines().search([("evaluation_id", "=", evaluation.id)])
        self.assertEqual(len(lines), 5)
        (row,) = self.get_lines()._consolidate([("version_id", "=", target.id)], ())
        self.assertEqual((row["score"], row["scored"]), (100.0, 1))

    def test_by_theme(self):
        """(366.67 + 166.67) / 11: neither the mean of lines nor that of structures."""
        self.assertEqual(
            self.consolidate("theme_id"),
            {
                (self.nodes["1"],): (48.48, 85.71, 6, 2),
                (self.nodes["2"],): (50.0, 50.0, 2, 2),
            },
        )

    def test_whole(self):
        self.assertEqual(self.consolidate(), {(): (48.72, 72.73, 8, 2)})

    def test_same_as_the_evaluation_says(self):
        """A structure alone has here the score its own page shows."""
        for evaluation in self.first + self.second:
            domain = [("evaluation_id", "=", evaluation.id)]
            here = self.get_lines()._consolidate(domain, ["theme_id"])
            for said in evaluation.get_scores("theme"):
                (row,) = [r for r in here if r["theme_id"].id == said["objective_id"]]
                self.assertEqual(row["scored"], said["scored"])
                self.assertAlmostEqual(row["coverage"], said["coverage"])
                if said["score"] is None:
                    self.assertIsNone(row["score"])
                else:
                    self.assertAlmostEqual(row["score"], said["score"])

    def test_zero_counts_and_nothing_does_not(self):
        zero = self.get_lines().search(
            [
                *self.domain,
                ("partner_id", "=", self.structure.id),
                ("objective_id.code", "=", "1.1.1.1"),
            ]
        )
        self.assertEqual((zero.score, zero.scored, zero.level_value), (0.0, 1, 0))
        nothing = self.get_lines()._read_group(
            [
                *self.domain,
                ("objective_id.code", "=", "1.2.1.2"),
                ("partner_id", "=", self.other_structure.id),
            ],
            [],
            ["score:avg", "scored:sum", "applicable:sum"],
        )
        self.assertEqual(nothing, [(False, 0, 1)])

    def test_pivot_uses_the_weighted_mean(self):
        """As the pivot view asks, sub-totals included."""
        results = self.get_lines().formatted_read_grouping_sets(
            self.domain, [[], ["theme_id"]], ["score:avg", "coverage:avg"]
        )
        self.assertAlmostEqual(results[0][0]["score:avg"], 48.718, 3)
        by_theme = {row["theme_id"][0]: row["score:avg"] for row in results[1]}
        self.assertAlmostEqual(by_theme[self.nodes["1"].id], 48.485, 3)

    def test_two_types_count_once(self):
        """The second structure carries AI and ACI: filtered in both, summed once."""
        for types, structures, scored in (
            (self.type_ai, 2, 8),
            (self.type_aci, 1, 5),
            (self.type_ai + self.type_aci, 2, 8),
        ):
            found = self.consolidate(domain=[("structure_type_ids", "in", types.ids)])
            self.assertEqual(found[()][2:], (scored, structures))
        mixes = self.consolidate("type_mix")
        codes = sorted([self.type_ai.code, self.type_aci.code])
        self.assertEqual(
            {mix: figures[3] for mix, figures in mixes.items()},
            {(self.type_ai.code,): 1, (" + ".join(codes),): 1},
        )
        self.assertEqual(sum(figures[2] for figures in mixes.values()), 8)

    def test_types_filter_but_do_not_group(self):
        described = self.get_lines().fields_get(["structure_type_ids", "type_mix"])
        self.assertFalse(described["structure_type_ids"]["groupable"])
        self.assertTrue(described["structure_type_ids"]["searchable"])
        self.assertTrue(described["type_mix"]["groupable"])

    def test_only_validated(self):
        before = self.get_lines().search_count([])
        self.make_evaluation(self.make_structures(1), {"1.1.1.1": 1})
        self.assertEqual(self.get_lines().search_count([]), before)

    def test_dimensions_of_the_day_of_validation(self):
        self.structure.cap_region_id = self.region_b
        self.structure.cap_structure_type_ids = self.type_aci
        line = self.get_lines().search([("evaluation_id", "=", self.first.id)], limit=1)
        self.assertEqual(line.region_id, self.region_a)
        self.assertEqual(line.structure_type_ids, self.type_ai)
        self.assertEqual(line.year, 2026)

    def test_last_of_year_and_current(self):
        """Three CAPs of one structure: two in 2026, one in 2027."""

        def go_on(level, day):
            following = self.make_evaluation(
                self.structure, {"1.1.1.1": level}, version=self.weighted
            )
            return self.validate(following, day)

        late, next_year = go_on(1, "2026-11-01"), go_on(2, "2027-01-05")
        flags = {
            row[0]: row[1:]
            for row in self.get_lines()._read_group(
                [*self.domain, ("partner_id", "=", self.structure.id)],
                ["evaluation_id", "is_last_of_year", "is_current"],
            )
        }
        self.assertEqual(
            flags,
            {
                self.first: (False, False),
                late: (True, False),
                next_year: (True, True),
            },
        )

    def test_another_referential_does_not_compete(self):
        self.validate(
            self.make_evaluation(self.structure, {"1.1.1.1": 1}), "2026-09-01"
        )
        self.assertTrue(
            self.get_lines().search_count(
                [("evaluation_id", "=", self.first.id), ("is_current", "=", True)]
            )
        )

    def test_progress_actions_are_summed(self):
        evaluation = self.make_evaluation(self.make_structures(1), {"1.1.1.1": 1})
        evaluation.line_ids[0].progress_action = "yes"
        evaluation.line_ids[1].progress_action = "no"
        self.validate(evaluation)
        total = self.get_lines()._read_group(
            [("evaluation_id", "=", evaluation.id)], [], ["progress_action:sum"]
        )
        self.assertEqual(total, [(1,)])

    def test_opens_the_evaluation(self):
        line = self.get_lines().search([("evaluation_id", "=", self.first.id)], limit=1)
        action = line.action_open_evaluation()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("cap.evaluation", self.first.id)
        )
