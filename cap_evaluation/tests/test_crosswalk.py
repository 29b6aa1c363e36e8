"""The crosswalk: coverage, refusals, links to review, and who may do what."""

import doctest
from contextlib import contextmanager

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged

from odoo.addons.cap_evaluation.kernel import crosswalk

from .common import CapCommon


class CrosswalkCommon(CapCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls.make_version(code="OTHER")
        cls.third = cls.make_version(code="THIRD")
        cls.others = {o.code: o for o in cls.other.objective_ids}
        cls.thirds = {o.code: o for o in cls.third.objective_ids}
        cls.clauses = cls.env["cap.clause"].create(
            [
                {"standard": "TEST:1", "code": str(number), "title": f"Clause {number}"}
                for number in range(1, 6)
            ]
        )

    @classmethod
    def link(cls, source, target, strength="full", **values):
        """Return a link from an objective to an objective or a clause."""
        field = "clause_id" if target._name == "cap.clause" else "target_id"
        return cls.env["cap.objective.mapping"].create(
            {"source_id": source.id, field: target.id, "strength": strength, **values}
        )

    @contextmanager
    def refused(self, message):
        """Expect a refusal that says ``message``; nothing of it is kept."""
        with self.assertRaises(ValidationError) as caught:
            yield
        self.assertRegex(str(caught.exception), message)


@tagged("post_install", "-at_install")
class TestCoverage(CrosswalkCommon):
    """One literal table: what links there are, and what coverage follows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        one, two, three, four, _five = cls.clauses
        own, other = cls.objectives, cls.others
        cls.link(own["1.1.1.1"], one, confirmed=True)
        cls.link(own["1.1.1.2"], one, "partial")
        cls.link(own["1.1.1.1"], two, "partial")
        cls.link(own["1.2.1.1"], two, "partial", confirmed=True)
        cls.link(other["1.1.1.1"], two)
        cls.link(other["1.1.1.1"], three, "partial")
        cls.link(cls.thirds["1.1.1.1"], four)
        cls.third.state = "retired"

    def read_table(self, targets):
        return [
            (
                target.crosswalk_coverage,
                target.crosswalk_full_count,
                target.crosswalk_partial_count,
                target.crosswalk_proposal_count,
            )
            for target in targets
        ]

    def find(self, coverage, **context):
        domain = [("standard", "=", "TEST:1"), ("crosswalk_coverage", "=", coverage)]
        clauses = self.env["cap.clause"].with_context(**context).search(domain)
        return "".join(clauses.mapped("code"))

    def test_the_current_editions(self):
        expected = [
            ("full", 1, 1, 1),
            ("full", 1, 2, 2),
            ("partial", 0, 1, 1),
            ("none", 0, 0, 0),
            ("none", 0, 0, 0),
        ]
        self.assertEqual(self.read_table(self.clauses), expected)
        self.assertEqual(
            [self.find(name) for name in ("full", "partial", "none")],
            ["12", "3", "45"],
        )

    def test_a_new_edition_counts_instead_of_the_last_one(self):
        """The copy carries its links: beside the old ones they would count twice."""
        before = self.read_table(self.clauses)
        following = self.version.action_new_edition()
        self.assertEqual(self.read_table(self.clauses), before, "a draft")
        following.action_publish()
        following.published_on = "2099-01-01"
        self.env.invalidate_all()
        self.assertTrue(following.is_current)
        self.assertFalse(self.version.is_current)
        self.assertEqual(self.read_table(self.clauses), before, "published")

    def test_where_nobody_looked_there_is_no_coverage(self):
        """Nothing links to that standard, or from that edition: nothing to tell."""
        unseen = self.env["cap.clause"].create(
            {"standard": "TEST:2", "code": "1", "title": "Elsewhere"}
        )
        self.assertEqual(self.read_table(unseen), [(False, 0, 0, 0)])
        self.assertFalse(self.objectives["1.1.1.1"].crosswalk_coverage)
        chosen = {"cap_source_version": ["No such edition"]}
        self.assertEqual(
            self.read_table(self.clauses[0].with_context(**chosen)),
            [(False, 0, 0, 0)],
        )
        self.assertEqual(self.find("none", **chosen), "")
        search = self.env["cap.clause"].search
        self.assertIn(unseen, search([("crosswalk_coverage", "=", False)]))
        self.assertNotIn(unseen, search([("crosswalk_coverage", "=", "none")]))
        self.assertNotIn(self.clauses[4], search([("crosswalk_coverage", "=", False)]))

    def test_the_head_of_a_chapter_is_not_asked(self):
        """6.2 is covered by what it holds: alone it is no gap."""
        head, part = self.env["cap.clause"].create(
            [
                {"standard": "TEST:1", "code": code, "title": "Governance"}
                for code in ("9", "9.1")
            ]
        )
        self.assertEqual(self.read_table(head | part)[0], (False, 0, 0, 0))
        self.assertEqual(part.crosswalk_coverage, "none")
        self.assertNotIn(head.code, self.find("none").replace("9.1", ""))
        self.link(self.objectives["1.1.1.1"], head)
        self.assertEqual(head.crosswalk_coverage, "full")

    def test_names_are_short_in_the_matrix(self):
        clause = self.clauses[0]
        clause.title = "A title that is a good deal longer than a matrix can show"
        short = clause.with_context(cap_short_names=True).display_name
        self.assertEqual(short, "1 A title that is a good deal longer than…")

    def test_one_edition(self):
        expected = [
            ("full", 1, 1, 1),
            ("partial", 0, 2, 1),
            ("none", 0, 0, 0),
            ("none", 0, 0, 0),
            ("none", 0, 0, 0),
        ]
        chosen = {"cap_source_version": [self.version.id]}
        self.assertEqual(self.read_table(self.clauses.with_context(**chosen)), expected)
        self.assertEqual(
            [self.find(name, **chosen) for name in ("full", "partial", "none")],
            ["1", "2", "345"],
        )
        retired = {"cap_source_version": self.third.id}
        self.assertEqual(self.find("full", **retired), "4")
        typed = {"cap_source_version": ["THIRD"]}
        self.assertEqual(self.find("full", **typed), "4")

    def test_objectives_are_targets_too(self):
        self.link(self.objectives["1.1.1.1"], self.others["1.1.1.1"], "partial")
        self.assertEqual(
            self.read_table(self.others["1.1.1.1"] | self.others["1.1.1.2"]),
            [("partial", 0, 1, 1), ("none", 0, 0, 0)],
        )
        found = self.env["cap.objective"].search(
            [
                ("version_id", "=", self.other.id),
                ("kind", "=", "operational"),
                ("crosswalk_coverage", "!=", "none"),
            ]
        )
        self.assertEqual(found, self.others["1.1.1.1"])

    def test_opens_the_links(self):
        action = self.clauses[0].action_view_crosswalk_links()
        links = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(links, self.clauses[0].mapping_ids)

    def test_the_size_is_free(self):
        def read(clauses):
            return lambda: clauses.mapped("crosswalk_coverage")

        one = self.count_queries(read(self.clauses[0]))
        self.assertEqual(self.count_queries(read(self.clauses)), one)

    def test_the_matrix_groups_and_filters(self):
        groups = self.env["cap.objective.mapping"].formatted_read_group(
            [("source_version_id", "=", self.version.id), ("standard", "=", "TEST:1")],
            ["clause_id", "source_theme_id"],
            ["__count"],
        )
        table = [
            (g["clause_id"][0], g["source_theme_id"][0], g["__count"]) for g in groups
        ]
        theme = self.objectives["1"].id
        one, two = self.clauses[:2].ids
        self.assertEqual(table, [(one, theme, 2), (two, theme, 2)])
        fields = self.env["cap.objective.mapping"].fields_get(attributes=["groupable"])
        for name in ("source_theme_id", "source_version_id", "target_version_id"):
            self.assertTrue(fields[name]["groupable"], name)

    def test_who_sees_and_changes(self):
        clause = self.clauses[0]
        link = clause.mapping_ids[0]
        for user in (self.user_animator, self.user_employee, self.user_pilot):
            with self.subTest(user=user.login):
                self.assertEqual(clause.with_user(user).crosswalk_coverage, "full")
                with self.assertRaises(AccessError):
                    link.with_user(user).action_confirm()
        links = clause.mapping_ids.with_user(self.user_manager)
        links.action_confirm()
        self.assertEqual(links.mapped("confirmed"), [True, True])
        self.assertEqual(clause.crosswalk_proposal_count, 0)

    def test_a_draft_counts_for_managers_only(self):
        draft = self.make_version(code="DRAFT", publish=False)
        self.link(draft.objective_ids[3], self.clauses[4])
        seen = [
            self.clauses[4].with_user(user).crosswalk_coverage
            for user in (self.user_manager, self.user_employee)
        ]
        self.assertEqual(seen, ["full", "none"])


@tagged("post_install", "-at_install")
class TestCrosswalkRefusals(CrosswalkCommon):
    def setUp(self):
        super().setUp()
        self.a = self.objectives["1.1.1.1"]
        self.b = self.others["1.1.1.1"]
        self.c = self.thirds["1.1.1.1"]

    def test_arithmetic(self):
        self.assertEqual(doctest.testmod(crosswalk).failed, 0)

    def test_full_links_do_not_come_back(self):
        self.link(self.a, self.b)
        with self.refused("go round in a circle"):
            self.link(self.b, self.a)
        self.link(self.b, self.c)
        with self.refused("(?s)THIRD.*TEST.*OTHER.*THIRD"):
            self.link(self.c, self.a)

    def test_made_at_once_or_changed_afterwards(self):
        link = {"strength": "full"}
        with self.refused("circle"):
            self.env["cap.objective.mapping"].create(
                [
                    {**link, "source_id": self.a.id, "target_id": self.b.id},
                    {**link, "source_id": self.b.id, "target_id": self.a.id},
                ]
            )
        self.link(self.a, self.b)
        back = self.link(self.b, self.a, "partial")
        with self.refused("circle"):
            back.strength = "full"

    def test_a_partial_link_breaks_the_circle(self):
        self.link(self.a, self.b)
        self.link(self.b, self.c, "partial")
        self.assertTrue(self.link(self.c, self.a))

    def test_two_ways_to_one_objective_are_no_circle(self):
        self.link(self.a, self.b)
        self.link(self.a, self.c)
        self.assertTrue(self.link(self.b, self.c))

    def test_one_edition_is_not_linked_with_itself(self):
        with self.refused("both of the edition"):
            self.link(self.a, self.objectives["1.1.1.2"], "partial")
        link = self.link(self.a, self.b, "partial")
        with self.refused("both of the edition"):
            link.target_id = self.objectives["1.1.1.2"]

    def test_many_links_are_checked_together(self):
        codes = ("1.1.1.1", "1.1.1.2", "1.2.1.1", "1.2.1.2", "2.1.1.1", "2.1.1.2")
        links = self.env["cap.objective.mapping"]
        for code in codes:
            links |= self.link(self.objectives[code], self.others[code])

        def check(some):
            return lambda: some._check_no_cycle()

        one = self.count_queries(check(links[0]))
        self.assertLessEqual(self.count_queries(check(links)), one)


@tagged("post_install", "-at_install")
class TestCrosswalkReview(CrosswalkCommon):
    """Links whose objectives a newer edition dropped, or whose edition is retired."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        tree = {"1": ("theme", "T"), "1.1": ("subtheme", "S")}
        tree |= {f"1.1.{n}": ("operational", f"Objective {n}") for n in range(1, 5)}
        cls.newer = cls.make_version(code="OTHER", name="2027", tree=tree)
        cls.newer.published_on = "2027-01-01"
        cls.new = {o.code: o for o in cls.newer.objective_ids}
        # Frozen by now: what publishing would have kept is written underneath
        cls.env.cr.execute(
            "INSERT INTO cap_objective_predecessor_rel (objective_id, predecessor_id)"
            " VALUES (%s, %s), (%s, %s), (%s, %s)",
            [
                cls.new["1.1.1"].id,
                cls.others["1.1.1.1"].id,
                cls.new["1.1.2"].id,
                cls.others["1.1.1.2"].id,
                cls.new["1.1.3"].id,
                cls.others["1.1.1.2"].id,
            ],
        )
        cls.env.invalidate_all()
        cls.kept = cls.link(cls.objectives["1.1.1.1"], cls.others["1.1.1.1"])
        cls.split = cls.link(cls.others["1.1.1.2"], cls.clauses[0])
        cls.dropped = cls.link(cls.others["1.2.1.1"], cls.clauses[1], "partial")
        cls.links = cls.kept | cls.split | cls.dropped

    def search_review(self, *domain):
        found = self.env["cap.objective.mapping"].search([*domain])
        return found & self.links

    def test_dropped_as_soon_as_the_newer_one_is_out(self):
        self.assertEqual(self.links.mapped("review"), [False, False, "dropped"])
        self.assertEqual(self.search_review(("review", "!=", False)), self.dropped)
        self.assertEqual(
            self.search_review(("review", "=", False)), self.kept | self.split
        )

    def test_a_draft_drops_nothing(self):
        self.env.cr.execute(
            "UPDATE cap_referential_version SET state = 'draft' WHERE id = %s",
            [self.newer.id],
        )
        self.env.invalidate_all()
        self.assertFalse(any(self.links.mapped("review")))

    def test_a_draft_continues_nothing_yet(self):
        draft = self.make_version(code="OTHER", name="2028", publish=False)
        again = draft.objective_ids.filtered(lambda o: o.code == "1.2.1.1")
        again.predecessor_ids = self.others["1.2.1.1"]
        self.assertEqual(self.dropped.review, "dropped")
        self.assertFalse(self.link(again, self.clauses[1]).review)

    def test_retired(self):
        self.other.state = "retired"
        self.env.invalidate_all()
        self.assertEqual(self.links.mapped("review"), ["retired", "retired", "dropped"])
        self.assertEqual(self.search_review(("review", "!=", False)), self.links)
        self.assertEqual(
            self.search_review(("review", "=", "retired")), self.kept | self.split
        )
        self.assertEqual(self.kept.heir_ids, self.new["1.1.1"])
        self.assertEqual(self.split.heir_ids, self.new["1.1.2"] | self.new["1.1.3"])

    def test_linked_again_in_the_latest_edition(self):
        self.other.state = "retired"
        self.env.invalidate_all()
        mapping = self.env["cap.objective.mapping"]
        before = mapping.search([])
        self.links.with_user(self.user_manager).action_follow_editions()
        made = mapping.search([]) - before
        self.assertEqual(
            {(m.source_id, m.target_id or m.clause_id, m.strength) for m in made},
            {
                (self.objectives["1.1.1.1"], self.new["1.1.1"], "full"),
                (self.new["1.1.2"], self.clauses[0], "partial"),
                (self.new["1.1.3"], self.clauses[0], "partial"),
            },
        )
        self.assertFalse(any(made.mapped("confirmed")))
        self.env.invalidate_all()
        self.assertEqual(self.links.mapped("review"), [False, False, "dropped"])
        self.links.action_follow_editions()
        self.assertEqual(mapping.search([]) - before, made)

    def test_read_together(self):
        def read(some):
            return lambda: some.mapped("review")

        few = self.count_queries(read(self.links))
        for code in ("1.2.1.1", "1.2.1.2", "2.1.1.1", "2.1.1.2"):
            self.links |= self.link(self.objectives[code], self.others[code], "partial")
        self.assertLessEqual(self.count_queries(read(self.links)), few)

    def test_an_edition_made_by_workbook_continues_the_same_codes(self):
        """It names no predecessor: the code says who continues whom, as elsewhere."""
        latest = self.make_version(code="OTHER", name="2028")
        latest.published_on = "2028-01-01"
        self.assertTrue(latest.follows_codes)
        self.env.invalidate_all()
        heirs = self.others["1.2.1.1"]._get_heirs()
        found = heirs[self.others["1.2.1.1"]]
        self.assertEqual(found.version_id.name, "2028")
        self.assertEqual(found.code, "1.2.1.1")
        # "1.1.1" came with 2027 and 2028 has no such code
        self.assertFalse(self.new["1.1.1"]._get_heirs()[self.new["1.1.1"]])
        self.assertFalse(self.dropped.review)
