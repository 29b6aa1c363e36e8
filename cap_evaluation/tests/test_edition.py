"""Editions: the copy, its lineage, publishing, correcting and confirming a wording."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import TREE, CapCommon


class EditionCommon(CapCommon):
    """A référentiel whose next edition is easy to make."""

    @classmethod
    def make_next(cls, version=None, publish=True, **changes):
        """Return the edition after ``version``, after ``changes`` to its lineage.

        :param changes: ``merges``: ``{new code: [old codes]}``; ``drops``: codes to
            remove; ``adds``: ``{code: (parent code, old codes)}``
        """
        version = version or cls.version
        draft = version.action_new_edition()
        old = {o.code: o for o in version.objective_ids}
        new = {o.code: o for o in draft.objective_ids}
        for code, sources in changes.get("merges", {}).items():
            new[code].predecessor_ids = [Command.set([old[c].id for c in sources])]
        for code in changes.get("drops", ()):
            new.pop(code).unlink()
        for code, (parent, sources) in changes.get("adds", {}).items():
            new[code] = cls.env["cap.objective"].create(
                {
                    "version_id": draft.id,
                    "parent_id": new[parent].id,
                    "sequence": new[parent].sequence,
                    "code": code,
                    "name": f"Added {code}",
                    "predecessor_ids": [Command.set([old[c].id for c in sources])],
                }
            )
        if publish:
            draft.action_publish()
            draft.published_on = "2099-01-01"
        return draft


@tagged("post_install", "-at_install")
class TestNewEdition(EditionCommon):
    def _get_shape(self, version):
        return [
            (o.code, o.kind, o.name, o.sequence, o.parent_id.code, o.theme_id.code)
            for o in version.objective_ids.sorted("code")
        ]

    def test_a_copy_of_all_that_hangs_from_the_tree(self):
        draft = self.make_version(code="FULL", publish=False)
        leaf = draft.objective_ids.filtered(lambda o: o.code == "1.1.1.1")
        offer = self.env["cap.offer"].create({"code": "O1", "name": "Guide"})
        values = {
            "weight": 2.0,
            "is_gate": True,
            "gate_level": 2,
            "guidance": "Ask around.",
            "footnote": "A note.",
            "confirmed": True,
            "source": "Cahier CAP, 2018",
        }
        leaf.write(
            {
                **values,
                "structure_type_ids": [Command.set(self.type_ai.ids)],
                "offer_ids": [Command.set(offer.ids)],
                "indicator_ids": [
                    Command.create({"name": "First", "source": "Cahier CAP, 2018"}),
                    Command.create({"name": "Second", "sequence": 20}),
                ],
            }
        )
        draft.action_publish()
        copy = draft.action_new_edition()
        self.assertEqual(copy.state, "draft")
        self.assertEqual(copy.name, "2027")
        self.assertEqual(copy.scale_id, draft.scale_id)
        self.assertEqual(self._get_shape(copy), self._get_shape(draft))
        new = copy.objective_ids.filtered(lambda o: o.code == "1.1.1.1")
        self.assertEqual({name: new[name] for name in values}, values)
        self.assertEqual(new.structure_type_ids, self.type_ai)
        self.assertEqual(new.offer_ids, offer)
        self.assertEqual(new.indicator_ids.mapped("name"), ["First", "Second"])
        self.assertEqual(new.indicator_ids[0].source, "Cahier CAP, 2018")
        self.assertFalse(new.indicator_ids & leaf.indicator_ids)

    def test_each_objective_remembers_the_one_it_continues(self):
        copy = self.version.action_new_edition("2030")
        self.assertEqual(copy.name, "2030")
        for objective in copy.objective_ids:
            self.assertEqual(objective.predecessor_ids.code, objective.code)
            self.assertEqual(objective.predecessor_ids.version_id, self.version)
        self.assertEqual(len(self.objectives["1.1.1.1"].successor_ids), 1)

    def test_descriptors_questions_and_mappings_come_too(self):
        draft = self.make_version(code="FULL", publish=False)
        leaf = draft.objective_ids.filtered(lambda o: o.code == "1.1.1.1")
        levels = draft.scale_id.level_ids
        self.env["cap.objective.descriptor"].create(
            [
                {"objective_id": leaf.id, "level_id": level.id, "description": name}
                for level, name in zip(levels, "abcd", strict=True)
            ]
        )
        self.env["cap.objective.question"].create(
            {"objective_id": leaf.id, "college": "permanent", "question": "Do you?"}
        )
        other = self.objectives["2.1.1.1"]
        self.env["cap.objective.mapping"].create(
            [
                {"source_id": leaf.id, "target_id": other.id, "strength": "full"},
                {"source_id": other.id, "target_id": leaf.id, "strength": "partial"},
            ]
        )
        draft.action_publish()
        copy = draft.action_new_edition()
        new = copy.objective_ids.filtered(lambda o: o.code == "1.1.1.1")
        self.assertEqual(new.descriptor_ids.mapped("description"), list("abcd"))
        self.assertEqual(new.descriptor_ids.level_id, levels)
        self.assertEqual(new.question_ids.mapped("question"), ["Do you?"])
        self.assertEqual(new.mapping_ids.target_id, other)
        self.assertEqual(new.reverse_mapping_ids.source_id, other)
        self.assertEqual(leaf.mapping_ids.target_id, other)

    def test_the_name_proposed_is_free(self):
        self.assertEqual(self.version._get_next_name(), "2027")
        self.version.action_new_edition()
        self.assertEqual(self.version._get_next_name(), "2028")
        named = self.make_version(code="NAMED", name="Spring")
        self.assertEqual(named._get_next_name(), "Spring (2)")

    def test_a_draft_is_not_an_edition_to_follow(self):
        with self.assertRaisesRegex(UserError, "still a draft"):
            self.make_version(code="ODD", publish=False).action_new_edition()

    def test_only_managers_make_one(self):
        for user in (self.user_animator, self.user_employee, self.user_pilot):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.version.with_user(user).action_new_edition()
        self.assertTrue(self.version.with_user(self.user_manager).action_new_edition())

    def test_no_query_per_objective(self):
        def count(objectives):
            tree = {
                "1": ("theme", "T"),
                "1.1": ("subtheme", "S"),
                "1.1.1": ("general", "G"),
            }
            tree |= {
                f"1.1.1.{n}": ("operational", f"Objective {n}")
                for n in range(1, objectives + 1)
            }
            version = self.make_version(f"BIG{objectives}", tree=tree)
            return self.count_queries(version.action_new_edition)

        count(5)
        self.assertLessEqual(count(90) - count(10), 5)

    def test_predecessors_are_edited_on_a_draft_only(self):
        draft = self.version.action_new_edition()
        merged = draft.objective_ids.filtered(lambda o: o.code == "1.1.1.1")
        merged.predecessor_ids |= self.objectives["1.1.1.2"]
        self.assertEqual(len(merged.predecessor_ids), 2)
        draft.action_publish()
        with self.assertRaisesRegex(UserError, "is published"):
            merged.predecessor_ids = False
        with self.assertRaisesRegex(UserError, "is published"):
            self.objectives["1.1.1.1"].successor_ids = False

    def test_predecessors_are_of_the_same_referentiel(self):
        other = self.make_version(code="OTHER").objective_ids[0]
        draft = self.version.action_new_edition()
        first, second = draft.objective_ids[:2]
        for wrong in (other, second):
            with self.subTest(wrong=wrong), self.assertRaises(ValidationError):
                first.predecessor_ids |= wrong

    def tell_sources(self, version, origin=None):
        """Return ``{code of version: codes of origin that it continues}``."""
        codes = {o.id: o.code for o in version.referential_id.version_ids.objective_ids}
        sources = version._get_sources(origin or self.version)
        return {codes[new]: [codes[i] for i in old] for new, old in sources.items()}

    def test_sources_through_two_editions(self):
        middle = self.make_next(merges={"1.1.1.1": ["1.1.1.1", "1.1.1.2"]})
        told = self.tell_sources(self.make_next(middle, drops=["2.1.1.2"]))
        self.assertEqual(told["1.1.1.1"], ["1.1.1.1", "1.1.1.2"])
        self.assertEqual(told["1.1.1.2"], ["1.1.1.2"])
        self.assertNotIn("2.1.1.2", told)

    def test_an_edition_without_predecessors_is_read_by_its_codes(self):
        tree = {**TREE, "2.1.1.3": ("operational", "Quite new")}
        tree.pop("1.1.1.2")
        told = self.tell_sources(self.make_version(name="2031", tree=tree))
        self.assertEqual(told["1.1.1.1"], ["1.1.1.1"])
        self.assertEqual(told["2.1.1.3"], [])

    def test_one_merge_named_leaves_the_other_codes_as_they_are(self):
        """An edition made by workbook, in which somebody then declares one merge."""
        tree = {code: node for code, node in TREE.items() if code != "1.1.1.2"}
        last = self.make_version(name="2031", tree=tree, publish=False)
        merged = last.objective_ids.filtered(lambda o: o.code == "1.1.1.1")
        merged.predecessor_ids = self.objectives["1.1.1.1"] | self.objectives["1.1.1.2"]
        told = self.tell_sources(last)
        self.assertEqual(told["1.1.1.1"], ["1.1.1.1", "1.1.1.2"])
        for code in ("1.2.1.1", "1.2.1.2", "2.1.1.1", "2.1.1.2"):
            self.assertEqual(told[code], [code])

    def test_a_new_objective_under_an_old_code_continues_nothing(self):
        last = self.make_next(drops=["2.1.1.2"], adds={"2.1.1.2": ("2.1.1", [])})
        self.assertEqual(self.tell_sources(last)["2.1.1.2"], [])

    def test_how_codes_are_read_is_frozen(self):
        with self.assertRaisesRegex(UserError, "is published"):
            self.version.follows_codes = False

    def test_themes_have_a_lineage_too(self):
        last = self.make_next()
        sources = last._get_sources(self.version, kinds=("theme",))
        self.assertEqual(len(sources), 2)
        for new, old in sources.items():
            objectives = self.env["cap.objective"].browse([new, *old])
            self.assertEqual(len(set(objectives.mapped("code"))), 1)


@tagged("post_install", "-at_install")
class TestPublication(EditionCommon):
    def _get_messages(self, draft):
        return [message for message, _record in draft._get_publication_defects()]

    def test_every_defect_comes_at_once_with_its_record(self):
        tree = {
            "1": ("theme", "Empty theme"),
            "2": ("theme", "Full"),
            "2.1": ("subtheme", "Sub"),
            "2.1.1": ("operational", "  "),
            "2.1.2": ("operational", "Gated"),
        }
        draft = self.make_version(code="ODD", tree=tree, publish=False)
        nodes = {o.code: o for o in draft.objective_ids}
        nodes["2.1.2"].write({"is_gate": True, "gate_level": 4})
        nodes["2.1.2"].indicator_ids = [Command.create({"name": " "})]
        defects = draft._get_publication_defects()
        self.assertEqual(
            [record for _message, record in defects],
            [nodes["1"], nodes["2.1.1"], nodes["2.1.2"], nodes["2.1.2"]],
        )
        messages = " / ".join(message for message, _record in defects)
        for expected in (
            "“1 Empty theme” has nothing below it",
            "“2.1.1” has an empty wording",
            "indicator without wording",
            "at least level 4, which is not on the scale: choose 0, 1, 2, 3",
        ):
            self.assertIn(expected, messages)
        with self.assertRaises(UserError) as raised:
            draft.action_publish()
        self.assertEqual(str(raised.exception).count("- "), 4)

    def test_a_scale_has_two_to_seven_levels(self):
        for count, sentence in ((1, "at least two"), (8, "8 levels"), (7, ""), (3, "")):
            levels = [(value, str(value), False) for value in range(count)]
            scale = self.make_scale(f"S{count}", levels)
            draft = self.make_version(f"V{count}", publish=False, scale=scale)
            with self.subTest(count=count):
                messages = self._get_messages(draft)
                self.assertEqual(len(messages), bool(sentence))
                self.assertIn(sentence, "".join(messages))

    def test_the_button_lists_the_defects_with_a_way_to_each(self):
        tree = {"1": ("theme", "Empty theme")}
        draft = self.make_version(code="ODD", tree=tree, publish=False)
        action = draft.with_user(self.user_manager).action_publish_or_list_defects()
        rows = self.env[action["res_model"]].search(action["domain"])
        self.assertEqual(len(rows), 2)
        self.assertTrue(action["id"], "a record, for the browser to come back to")
        opened = rows[1].with_user(self.user_manager).action_open()
        self.assertEqual(opened["res_model"], "cap.objective")
        self.assertEqual(opened["res_id"], draft.objective_ids.id)
        self.assertEqual(draft.state, "draft")

    def test_what_is_mended_or_deleted_leaves_the_list(self):
        tree = {
            "1": ("theme", "Full"),
            "1.1": ("subtheme", "Sub"),
            "1.1.1": ("operational", "  "),
            "1.1.2": ("operational", " "),
            "2": ("theme", "Empty theme"),
        }
        draft = self.make_version(code="ODD", tree=tree, publish=False)
        nodes = {o.code: o for o in draft.objective_ids}
        action = draft.with_user(self.user_manager).action_publish_or_list_defects()
        defects = self.env[action["res_model"]].with_user(self.user_manager)

        def read():
            self.env.invalidate_all()
            return [row.res_id for row in defects.search(action["domain"])]

        ids = [nodes[code].id for code in ("1.1.1", "1.1.2", "2")]
        self.assertEqual(read(), ids)
        nodes["1.1.1"].name = "Worded"
        self.assertEqual(read(), ids[1:])
        gone = defects.search([("res_id", "=", nodes["2"].id)])
        nodes["2"].unlink()
        self.assertEqual(read(), ids[1:2])
        with self.assertRaisesRegex(UserError, "deleted since"):
            gone.action_open()
        nodes["1.1.2"].name = "Worded too"
        draft.action_publish()
        self.assertEqual(read(), [])

    def test_the_button_publishes_what_is_ready(self):
        draft = self.make_version(code="ODD", publish=False)
        draft.action_publish_or_list_defects()
        self.assertEqual(draft.state, "published")

    def test_checks_cost_no_query_per_objective(self):
        counts = []
        for size in (4, 60):
            tree = {"1": ("theme", "T"), "1.1": ("subtheme", "S")}
            tree |= {f"1.1.{n}": ("operational", f"O {n}") for n in range(size)}
            draft = self.make_version(f"N{size}", tree=tree, publish=False)
            counts.append(self.count_queries(draft._get_publication_defects))
        self.assertLessEqual(counts[1] - counts[0], 1)


@tagged("post_install", "-at_install")
class TestWording(EditionCommon):
    def _correct(self, objective, user=None, **values):
        wizards = self.env["cap.edition.correction"].with_user(
            user or self.user_manager
        )
        wizard = wizards.create({"objective_id": objective.id, **values})
        return wizard.action_correct()

    def test_a_typo_is_corrected_and_said(self):
        objective = self.objectives["1.1.1.1"]
        before = objective.name
        self._correct(objective, wording="Decisions are known", reason="A slip")
        self.assertEqual(objective.name, "Decisions are known")
        message = self.version.message_ids[0]
        for expected in (before, "Decisions are known", "A slip", "1.1.1.1"):
            self.assertIn(expected, message.body)
        self.assertEqual(message.author_id, self.user_manager.partner_id)

    def test_an_indicator_too(self):
        draft = self.make_version(code="ODD", publish=False)
        objective = draft.objective_ids[-1]
        objective.indicator_ids = [Command.create({"name": "Nomber"})]
        draft.action_publish()
        indicator = objective.indicator_ids
        self._correct(
            objective, indicator_id=indicator.id, wording="Number", reason="Spelling"
        )
        self.assertEqual(indicator.name, "Number")
        self.assertIn("Nomber", draft.message_ids[0].body)

    def test_a_level_in_words_too(self):
        draft = self.make_version(code="ODD", publish=False)
        objective = draft.objective_ids[-1]
        self.env["cap.objective.descriptor"].create(
            [
                {
                    "objective_id": objective.id,
                    "level_id": level.id,
                    "description": "Dun",
                }
                for level in draft.scale_id.level_ids
            ]
        )
        draft.action_publish()
        descriptor = objective.descriptor_ids[0]
        self._correct(
            objective, descriptor_id=descriptor.id, wording="Done", reason="Spelling"
        )
        self.assertEqual(descriptor.description, "Done")

    def test_levels_are_worded_all_or_none(self):
        draft = self.make_version(code="ODD", publish=False)
        self.env["cap.objective.descriptor"].create(
            {
                "objective_id": draft.objective_ids[-1].id,
                "level_id": draft.scale_id.level_ids[0].id,
                "description": "Nothing yet",
            }
        )
        with self.assertRaisesRegex(UserError, "1 of 4"):
            draft.action_publish()

    def test_the_freeze_holds_everywhere_else(self):
        objective = self.objectives["1.1.1.1"]
        with self.assertRaisesRegex(UserError, "is published"):
            objective.with_user(self.user_manager).with_context(
                correction=True, cap_correction=True
            ).name = "Other"
        wizard = self.env["cap.edition.correction"]
        self.assertFalse({"weight", "code", "kind"} & wizard._fields.keys())

    def test_refusals(self):
        objective = self.objectives["1.1.1.1"]
        for wording, reason in ((" ", "x"), ("x", " ")):
            values = {"wording": wording, "reason": reason}
            with self.subTest(values=values), self.assertRaises(UserError):
                self._correct(objective, **values)
        draft = self.make_version(code="ODD", publish=False)
        with self.assertRaisesRegex(UserError, "draft"):
            self._correct(draft.objective_ids[0], wording="x", reason="y")
        for user in (self.user_animator, self.user_employee, self.user_pilot):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self._correct(objective, user, wording="x", reason="y")
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                objective.with_user(user)._correct_wording("x", "y")

    def test_confirming_one_or_several(self):
        several = self.version.objective_ids.filtered(lambda o: o.kind == "operational")
        several.with_user(self.user_manager).action_confirm_wording()
        self.assertTrue(all(several.mapped("confirmed")))
        self.assertIn("1.1.1.1, 1.1.1.2", self.version.message_ids[0].body)
        with self.assertRaises(AccessError):
            self.objectives["1"].with_user(self.user_animator).action_confirm_wording()

    def test_weight_and_types_in_words(self):
        draft = self.make_version(code="ODD", publish=False)
        objective = draft.objective_ids[-1]
        self.assertFalse(objective.weight_text)
        self.assertFalse(objective.types_text)
        for weight, words in (
            (2, "counts double"),
            (3, "counts triple"),
            (0.5, "counts half"),
            (1.5, "counts ×1.5"),
            (10, "counts ×10"),
        ):
            objective.weight = weight
            self.assertEqual(objective.weight_text, words)
        objective.structure_type_ids = self.type_ai
        self.assertEqual(objective.types_text, "for AI")
        objective.structure_type_ids = self.type_ai | self.type_aci
        self.assertEqual(objective.types_text, "for AI and ACI")
