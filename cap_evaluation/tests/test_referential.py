from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import TREE, CapCommon


@tagged("post_install", "-at_install")
class TestReferential(CapCommon):
    def test_tree_knows_its_theme_and_subtheme(self):
        leaf = self.objectives["1.2.1.1"]
        self.assertEqual(leaf.theme_id, self.objectives["1"])
        self.assertEqual(leaf.subtheme_id, self.objectives["1.2"])
        self.assertEqual(self.objectives["1"].theme_id, self.objectives["1"])
        self.assertFalse(self.objectives["1"].subtheme_id)

    def test_a_node_out_of_its_place_is_refused(self):
        draft = self.make_version(code="ODD", publish=False)
        theme = draft.objective_ids.filtered(lambda o: o.code == "1")
        with self.assertRaisesRegex(ValidationError, "not in its place"):
            self.env["cap.objective"].create(
                {
                    "version_id": draft.id,
                    "parent_id": theme.id,
                    "kind": "operational",
                    "code": "1.9",
                    "name": "Straight below a theme",
                }
            )

    def test_parent_of_another_edition_is_refused(self):
        draft = self.make_version(code="ODD", publish=False)
        with self.assertRaisesRegex(ValidationError, "two editions"):
            self.env["cap.objective"].create(
                {
                    "version_id": draft.id,
                    "parent_id": self.objectives["1.1.1"].id,
                    "kind": "operational",
                    "code": "1.1.1.9",
                    "name": "Astray",
                }
            )

    def test_publishing_lists_every_defect_at_once(self):
        tree = {
            "1": ("theme", "Empty theme"),
            "2": ("theme", "Another"),
        }
        draft = self.make_version(code="ODD", tree=tree, publish=False)
        with self.assertRaises(UserError) as raised:
            draft.action_publish()
        message = str(raised.exception)
        self.assertIn("no operational objective", message)
        self.assertIn("1 Empty theme", message)
        self.assertIn("2 Another", message)
        self.assertEqual(draft.state, "draft")

    def test_publishing_twice_is_refused(self):
        with self.assertRaisesRegex(UserError, "is published"):
            self.version.action_publish()

    def test_published_content_is_frozen_by_field_name(self):
        objective = self.objectives["1.1.1.1"]
        for values in (
            {"name": "Other"},
            {"code": "9"},
            {"weight": 2},
            {"parent_id": False},
            {"structure_type_ids": [Command.set(self.type_ai.ids)]},
            {"indicator_ids": [Command.create({"name": "New"})]},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                objective.write(values)

    def test_published_content_cannot_grow_nor_shrink(self):
        with self.assertRaises(UserError):
            self.objectives["1.1.1.1"].unlink()
        with self.assertRaises(UserError):
            self.env["cap.objective"].create(
                {
                    "version_id": self.version.id,
                    "parent_id": self.objectives["1.1.1"].id,
                    "code": "1.1.1.3",
                    "name": "Late",
                }
            )
        with self.assertRaises(UserError):
            self.env["cap.objective.indicator"].create(
                {"objective_id": self.objectives["1.1.1.1"].id, "name": "Late"}
            )
        with self.assertRaises(UserError):
            self.version.unlink()

    def test_a_draft_node_cannot_move_into_a_published_edition(self):
        draft = self.make_version(code="ODD", publish=False)
        with self.assertRaises(UserError):
            draft.objective_ids[0].version_id = self.version

    def test_published_scale_is_frozen(self):
        with self.assertRaises(UserError):
            self.scale.level_ids[0].name = "Other"
        with self.assertRaises(UserError):
            self.scale.level_ids = [Command.create({"value": 4, "name": "More"})]
        with self.assertRaises(UserError):
            self.scale.level_ids[0].unlink()

    def test_guidance_offers_and_confirmation_stay_free(self):
        objective = self.objectives["1.1.1.1"]
        offer = self.env["cap.offer"].create({"code": "O1", "name": "Guide"})
        objective.write(
            {
                "guidance": "Ask around.",
                "confirmed": True,
                "offer_ids": [Command.link(offer.id)],
            }
        )
        self.assertEqual(objective.guidance, "Ask around.")
        self.assertEqual(offer.objective_ids, objective)

    def test_an_offer_links_to_the_web_only(self):
        """Readers follow it from their pages: nothing else may run there."""
        offer = self.env["cap.offer"].create({"code": "O2", "name": "Tool"})
        for url in (
            "javascript:alert(1)",
            " javascript:alert(1)",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "//example.org",
            "https://",
            "https://[",
        ):
            with self.subTest(url=url), self.assertRaises(ValidationError):
                offer.url = url
        offer.url = "https://www.example.org/tool"
        self.assertEqual(offer._get_address(), "https://www.example.org/tool")

    def test_importing_rows_over_published_content_is_refused(self):
        """Odoo's own import (`load`) meets the same refusal."""
        objective = self.objectives["1.1.1.1"]
        result = self.env["cap.objective"].load(
            [".id", "name"], [[str(objective.id), "Other"]]
        )
        self.assertFalse(result["ids"])
        self.assertIn("is published", result["messages"][0]["message"])
        self.assertEqual(objective.name, TREE["1.1.1.1"][1])

    def test_level_ids_follow_a_change_of_scale_in_draft(self):
        draft = self.make_version(code="ODD", publish=False)
        self.assertEqual(list(draft._get_level_ids()), [0, 1, 2, 3])
        draft.scale_id.level_ids = [Command.create({"value": 4, "name": "More"})]
        self.assertEqual(list(draft._get_level_ids()), [0, 1, 2, 3, 4])
        draft.scale_id = self.make_scale("FIVE", [(1, "a", False), (5, "b", False)])
        self.assertEqual(list(draft._get_level_ids()), [1, 5])

    @mute_logger("odoo.sql_db")
    def test_code_once_in_an_edition(self):
        draft = self.make_version(code="ODD", publish=False)
        with self.assertRaisesRegex(Exception, "cap_objective_code_unique"):
            draft.objective_ids[0].code = draft.objective_ids[1].code
            self.env.flush_all()

    def test_colour_that_is_none_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "not a colour"):
            self.make_scale("RED", [(0, "a", "red"), (1, "b", False)])

    def test_applicable_objectives_follow_the_types(self):
        draft = self.make_version(code="TYPED", publish=False)
        only_aci = draft.objective_ids.filtered(lambda o: o.code == "1.1.1.1")
        only_aci.structure_type_ids = self.type_aci
        draft.action_publish()
        both = self.make_structures(1, None, self.type_ai | self.type_aci)
        plain = self.make_structures(1)
        applicable = draft._get_applicable_objectives(
            self.structure | self.other_structure | both | plain
        )
        self.assertNotIn(only_aci, applicable[self.structure])
        self.assertIn(only_aci, applicable[self.other_structure])
        self.assertIn(only_aci, applicable[both])
        self.assertNotIn(only_aci, applicable[plain])
        self.assertEqual(len(applicable[self.structure]), 5)
