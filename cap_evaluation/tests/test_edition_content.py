"""Descriptors, questions, crosswalk and glossary: what is frozen, what stays free."""

from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CapCommon


@tagged("post_install", "-at_install")
class TestEditionContent(CapCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draft = cls.make_version(name="2027", publish=False)
        cls.own = {o.code: o for o in cls.draft.objective_ids}
        cls.low = cls.scale.level_ids[0]
        cls.clause = cls.env.ref("cap_evaluation.clause_iso9001_5_1")

    def _describe(self, objective, level=None):
        return self.env["cap.objective.descriptor"].create(
            {
                "objective_id": objective.id,
                "level_id": (level or self.low).id,
                "description": "Nothing is written.",
            }
        )

    def _ask(self, objective, college="permanent"):
        return self.env["cap.objective.question"].create(
            {"objective_id": objective.id, "college": college, "question": "Is it so?"}
        )

    def _map(self, source, **values):
        return self.env["cap.objective.mapping"].create(
            {"source_id": source.id, **values}
        )

    def test_descriptors_freeze_with_their_edition(self):
        descriptor = self._describe(self.own["1.1.1.1"])
        descriptor.description = "Nothing is written yet."
        for level in self.scale.level_ids - self.low:
            self._describe(self.own["1.1.1.1"], level)
        self.draft.action_publish()
        for values in (
            {"description": "x"},
            {"level_id": self.scale.level_ids[1].id},
            {"objective_id": self.own["1.1.1.2"].id},
        ):
            with self.subTest(values=values), self.assertRaises(UserError):
                descriptor.write(values)
        with self.assertRaises(UserError):
            self._describe(self.own["1.1.1.2"])
        with self.assertRaises(UserError):
            descriptor.unlink()
        with self.assertRaises(UserError):
            self.own["1.1.1.1"].write({"descriptor_ids": [(5,)]})
        descriptor.source = "COORACE, 2026"

    def test_a_descriptor_words_a_level_of_its_own_scale_once(self):
        other = self.make_scale("OTHER")
        with self.assertRaisesRegex(ValidationError, "not a level"):
            self._describe(self.own["1.1.1.1"], other.level_ids[0])
        self._describe(self.own["1.1.1.1"])
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._describe(self.own["1.1.1.1"])

    def test_questions_and_links_stay_free(self):
        objective = self.objectives["1.1.1.1"]
        question = self._ask(objective)
        link = self._map(objective, clause_id=self.clause.id)
        question.question = "Is it still so?"
        link.write({"strength": "full", "confirmed": True})
        question.unlink()
        link.unlink()

    def test_one_question_for_each_college(self):
        self._ask(self.own["1.1.1.1"])
        self._ask(self.own["1.1.1.1"], "benevole")
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._ask(self.own["1.1.1.1"])

    def test_a_link_goes_to_one_thing_only(self):
        one, two = self.own["1.1.1.1"], self.objectives["1.1.1.2"]
        for values in (
            {},
            {"target_id": two.id, "clause_id": self.clause.id},
            {"target_id": one.id},
        ):
            with (
                self.subTest(values=values),
                mute_logger("odoo.sql_db"),
                self.assertRaises(CheckViolation),
                self.env.cr.savepoint(),
            ):
                self._map(one, **values)
        self._map(one, target_id=two.id)
        self._map(one, clause_id=self.clause.id)
        self.assertEqual(two.reverse_mapping_ids.source_id, one)
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            self._map(one, target_id=two.id)

    def test_links_to_a_dropped_objective_wait_for_it(self):
        source, target = self.objectives["1.1.1.1"], self.own["1.1.1.2"]
        self._map(source, target_id=target.id, strength="full", rationale="Same.")
        target.unlink()
        waiting = self.env["cap.objective.mapping.waiting"].search(
            [("source_id", "=", source.id)]
        )
        self.assertEqual(
            (waiting.referential_code, waiting.edition, waiting.code),
            ("TEST", "2027", "1.1.1.2"),
        )
        again = self.env["cap.objective"].create(
            {
                "version_id": self.draft.id,
                "parent_id": self.own["1.1.1"].id,
                "code": "1.1.1.2",
                "name": "Back again",
            }
        )
        link = waiting._link(self.draft)
        self.assertEqual((link.target_id, link.strength), (again, "full"))
        self.assertFalse(waiting.exists())

    def test_glossary_is_one_per_language(self):
        term = {"name": "TEST-TERM", "definition": "A word.", "lang": "fr_FR"}
        glossary = self.env["cap.glossary.term"]
        glossary.create([term, {**term, "lang": "en_US"}])
        with mute_logger("odoo.sql_db"), self.assertRaises(UniqueViolation):
            glossary.create(term)

    def test_only_what_is_published_is_read(self):
        own, published = self.own["1.1.1.1"], self.objectives["1.1.1.1"]
        self.version.write({"state": "retired"})
        hidden = self._describe(own) | self.env["cap.objective.descriptor"]
        records = {
            "cap.objective.descriptor": (hidden, None),
            "cap.objective.question": (self._ask(own), self._ask(published)),
            "cap.objective.mapping": (
                self._map(own, clause_id=self.clause.id)
                | self._map(published, target_id=own.id),
                self._map(published, clause_id=self.clause.id),
            ),
        }
        for user in (self.user_animator, self.user_employee, self.user_pilot):
            for model, (unseen, seen) in records.items():
                with self.subTest(user=user.login, model=model):
                    visible = self.env[model].with_user(user).search([])
                    self.assertFalse(visible & unseen)
                    if seen:
                        self.assertIn(seen, visible)
                        with self.assertRaises(AccessError):
                            seen.with_user(user).unlink()
        for model, (unseen, _seen) in records.items():
            visible = self.env[model].with_user(self.user_manager).search([])
            self.assertLessEqual(unseen, visible)
