"""On the portal: scales of every size, what an objective weighs, what is kept aside."""

import re

from odoo import http
from odoo.tests import HttpCase, tagged

from .test_edition import EditionCommon


@tagged("post_install", "-at_install")
class TestPortalEdition(EditionCommon, HttpCase):
    def open_page(self, evaluation, path=""):
        self.authenticate("cap_pilot", "cap_pilot")
        page = self.url_open(f"/my/cap/{evaluation.id}{path}").text
        return page.partition("<template data-cap-form")[0]  # of the other objectives

    def test_scales_of_three_to_seven_levels(self):
        for count in range(3, 8):
            levels = [(v, f"Level {v}", "#1f7a6c") for v in range(1, count + 1)]
            scale = self.make_scale(f"SCALE{count}", levels)
            version = self.make_version(f"V{count}", scale=scale)
            evaluation = self.make_evaluation(version=version, levels={"1.1.1.2": 3})
            page = self.open_page(evaluation)
            with self.subTest(levels=count):
                values = re.findall(r'data-level="(\d)"', page)
                self.assertEqual(values[:count], [str(v) for v in range(1, count + 1)])
                columns = {3: 3, 4: 4, 5: 5, 6: 3, 7: 4}[count]
                self.assertIn(f"--cap-n:{columns}", page)
                self.assertIn("Level 3", self.open_page(evaluation, "/results"))

    def test_weight_and_types_are_said(self):
        draft = self.make_version(code="ODD", publish=False)
        objective = draft.objective_ids.filtered(lambda o: o.code == "1.1.1.1")
        objective.write({"weight": 2, "structure_type_ids": self.type_ai.ids})
        draft.action_publish()
        evaluation = self.make_evaluation(version=draft)
        page = self.open_page(evaluation)
        self.assertIn("counts double", page)
        self.assertIn("for AI", page)
        line = self.get_line(evaluation, "1.1.1.2")
        self.assertNotIn("counts", self.open_page(evaluation, f"/{line.id}"))

    def test_what_was_kept_aside_can_be_read(self):
        evaluation = self.make_evaluation(levels={"1.1.1.1": 2, "2.1.1.2": 3})
        line = self.get_line(evaluation, "2.1.1.2")
        line.comment = "Everyone, each spring"
        self.assertNotIn("Kept aside", self.open_page(evaluation, "/results"))
        evaluation._move_to_edition(self.make_next(drops=["2.1.1.2"]))
        page = self.open_page(evaluation, "/results")
        self.assertIn("Kept aside", page)
        self.assertIn("Everyone, each spring", page)
        page = self.open_page(evaluation, f"/{line.id}")
        self.assertIn("This CAP moved to another edition", page)
        self.assertIn("is kept aside, with the photographie", page)
        self.assertNotIn("Everyone, each spring", page)

    def test_who_writes_while_the_cap_moves_keeps_the_text(self):
        evaluation = self.make_evaluation(levels={"1.1.1.1": 2, "1.1.1.2": 1})
        line = self.get_line(evaluation, "1.1.1.2")
        evaluation._move_to_edition(
            self.make_next(
                merges={"1.1.1.1": ["1.1.1.1", "1.1.1.2"]}, drops=["1.1.1.2"]
            )
        )
        line = (
            line
            if not line.active
            else self.get_line(
                evaluation.with_context(active_test=False), "1.1.1.2"
            ).filtered(lambda kept: not kept.active)[:1]
        )
        self.open_page(evaluation)
        page = self.url_open(
            f"/my/cap/{evaluation.id}/line/{line.id}",
            data={
                "csrf_token": http.Request.csrf_token(self),
                "answer": "3",
                "comment": "Long thought over",
                "progress_comment": "Write it",
            },
        ).text
        self.assertIn("This CAP moved to another edition", page)
        self.assertIn("Long thought over</p>", page)
        self.assertIn("Write it</p>", page)
        self.assertIn("Decisions are known to all</h2>", page, "where it goes on")
        result = self.url_open(
            f"/my/cap/{evaluation.id}/save",
            json={"params": {"line_id": line.id, "values": {"comment": "Long"}}},
        ).json()
        self.assertIn("kept aside", result["error"]["data"]["message"])
        self.assertFalse(line.comment)

    def test_last_time_follows_the_objective_not_its_code(self):
        """Two codes were exchanged in the new edition, and a third is quite new."""
        evaluation = self.make_evaluation(levels={"1.1.1.1": 3, "1.1.1.2": 0})
        for code in ("1.1.1.1", "1.1.1.2"):
            self.get_line(evaluation, code).comment = f"Said of {code} then"
        self.validate(evaluation)
        new = self.make_next(
            merges={"1.1.1.1": ["1.1.1.2"], "1.1.1.2": ["1.1.1.1"]},
            adds={"1.1.1.3": ("1.1.1", [])},
        )
        following = evaluation.action_start_next()
        self.assertEqual(following.version_id, new)
        for code, then, value in (("1.1.1.1", "1.1.1.2", 0), ("1.1.1.2", "1.1.1.1", 3)):
            line = self.get_line(following, code)
            page = self.open_page(following, f"/{line.id}")
            self.assertIn(f"Said of {then} then", page)
            self.assertNotIn(f"Said of {code} then", page)
            self.assertEqual(line.previous_level_id.value, value)
        line = self.get_line(following, "1.1.1.3")
        self.assertNotIn("cap-last-time", self.open_page(following, f"/{line.id}"))

    def test_last_time_of_a_merged_objective(self):
        evaluation = self.make_evaluation(levels={"1.1.1.1": 3, "1.1.1.2": 0})
        for code in ("1.1.1.1", "1.1.1.2"):
            self.get_line(evaluation, code).comment = f"Said of {code} then"
        self.validate(evaluation)
        self.make_next(merges={"1.1.1.1": ["1.1.1.1", "1.1.1.2"]}, drops=["1.1.1.2"])
        following = evaluation.action_start_next()
        line = self.get_line(following, "1.1.1.1")
        page = self.open_page(following, f"/{line.id}")
        self.assertIn("Said of 1.1.1.1 then", page)
        self.assertIn("Said of 1.1.1.2 then", page)
        self.assertEqual(line.previous_level_id.value, 0)
