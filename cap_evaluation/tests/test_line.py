from psycopg2.errors import CheckViolation, UniqueViolation

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..kernel import answer
from .common import CapCommon


@tagged("post_install", "-at_install")
class TestLine(CapCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.evaluation = cls.make_evaluation()
        cls.line = cls.get_line(cls.evaluation, "1.1.1.1")
        cls.levels = {level.value: level for level in cls.scale.level_ids}

    def test_level_zero_is_an_answer(self):
        self.line.level_id = self.levels[0]
        self.assertEqual(self.line.state, "scored")
        self.assertEqual(self.line.search([("state", "=", "scored")]), self.line)

    def test_a_level_chases_the_reason_and_the_other_way_round(self):
        self.line.na_reason = "  Not our trade  "
        self.assertEqual(self.line.na_reason, "Not our trade")
        self.assertEqual(self.line.state, "not_applicable")
        self.line.level_id = self.levels[2]
        self.assertFalse(self.line.na_reason)
        self.line.na_reason = "Not our trade"
        self.assertFalse(self.line.level_id)

    def test_an_action_written_without_a_choice_is_a_yes(self):
        saved = self.line.save_answer({"progress_comment": "Write it"}, {})
        self.assertEqual(saved["line"]["progress_action"], "yes")
        self.assertEqual(self.line.progress_action, "yes")

    def test_an_action_written_under_a_no_leaves_it(self):
        self.line.progress_action = "no"
        seen = self.line._get_answer()._asdict()
        self.line.save_answer({"progress_comment": "Not this year"}, seen)
        self.assertEqual(self.line.progress_action, "no")
        seen = self.line._get_answer()._asdict()
        self.line.save_answer({"comment": "Else", "progress_comment": ""}, seen)
        self.assertEqual(self.line.progress_action, "no")

    def test_an_action_written_while_another_says_no_is_a_conflict(self):
        seen = self.line._get_answer()._asdict()
        self.line.progress_action = "no"
        told = self.line.save_answer({"progress_comment": "Write it"}, seen)
        self.assertEqual(told["status"], "conflict")
        self.assertEqual(told["fields"], ["progress_action"])
        self.assertFalse(self.line.progress_comment)

    def test_an_action_written_while_another_says_yes_is_saved(self):
        seen = self.line._get_answer()._asdict()
        self.line.progress_action = "yes"
        told = self.line.save_answer({"progress_comment": "Write it"}, seen)
        self.assertEqual(told["status"], "saved")
        self.assertEqual(self.line.progress_comment, "Write it")

    def test_blank_reason_leaves_the_line_to_do(self):
        self.line.na_reason = "   "
        self.assertEqual(self.line.state, "todo")

    @mute_logger("odoo.sql_db")
    def test_database_refuses_a_level_with_a_reason(self):
        with self.assertRaises(CheckViolation):
            self.env.cr.execute(
                "UPDATE cap_evaluation_line SET level_id = %s, na_reason = 'x' "
                "WHERE id = %s",
                (self.levels[1].id, self.line.id),
            )

    @mute_logger("odoo.sql_db")
    def test_database_refuses_a_second_line(self):
        with self.assertRaises(UniqueViolation):
            self.line.create(
                {
                    "evaluation_id": self.evaluation.id,
                    "objective_id": self.line.objective_id.id,
                }
            )

    def test_level_of_another_scale_is_refused(self):
        other = self.make_scale("OTHER", [(0, "a", False), (9, "b", False)])
        with self.assertRaisesRegex(UserError, "not a level of this scale"):
            self.line.level_id = other.level_ids[1]
        with self.assertRaisesRegex(UserError, "choose 0, 1, 2, 3"):
            self.line.save_answer({"level": 9})

    def test_everything_but_the_answer_is_fixed(self):
        line = self.line.with_user(self.user_manager)
        with self.assertRaisesRegex(AccessError, "decides this: Objective"):
            line.objective_id = self.objectives["1.1.1.2"]
        with self.assertRaises(AccessError):
            line.previous_level_id = self.levels[3]

    # ------------------------------------------------------------ save_answer

    def test_save_answer_writes_and_counts(self):
        saved = self.line.save_answer({"level": 0, "comment": " As  it is "}, {})
        self.assertEqual(saved["status"], "saved")
        self.assertEqual(saved["line"]["level"], 0)
        self.assertEqual(saved["line"]["comment"], "As  it is")
        self.assertEqual((saved["scored"], saved["applicable"]), (1, 6))
        self.assertEqual(saved["subtheme"], {"scored": 1, "applicable": 2})

    def test_save_answer_not_applicable_leaves_the_count(self):
        saved = self.line.save_answer({"na_reason": "Not our trade"}, {})
        self.assertEqual((saved["scored"], saved["applicable"]), (0, 5))
        self.assertIsNone(saved["line"]["level"])

    def test_save_answer_asks_for_a_reason(self):
        with self.assertRaisesRegex(UserError, "Write a reason"):
            self.line.save_answer({"na_reason": "  "}, {})
        self.assertEqual(self.line.state, "todo")

    def test_two_people_on_one_line_never_overwrite_in_silence(self):
        self.line.with_user(self.user_pilot).save_answer(
            {"level": 1, "comment": "Mine"}, {}
        )
        clash = self.line.save_answer({"level": 2, "comment": "Theirs"}, {})
        self.assertEqual(clash["status"], "conflict")
        self.assertEqual(clash["author"], self.user_pilot.name)
        self.assertEqual(set(clash["fields"]), {"level", "comment"})
        self.assertEqual(clash["line"]["comment"], "Mine")
        self.assertEqual(self.line.level_id.value, 1)

    def test_conflict_writes_nothing_at_all(self):
        self.line.save_answer({"level": 1}, {})
        self.line.save_answer({"level": 2, "progress_action": "yes"}, {"level": 0})
        self.assertEqual(self.line.level_id.value, 1)
        self.assertFalse(self.line.progress_action)

    def test_different_fields_of_one_line_both_count(self):
        self.line.save_answer({"level": 1}, {})
        saved = self.line.save_answer({"comment": "Why"}, {"comment": ""})
        self.assertEqual(saved["status"], "saved")
        self.assertEqual(saved["line"]["level"], 1)

    def test_the_same_answer_twice_is_no_conflict(self):
        """A save sent again after a cut network."""
        for _attempt in range(2):
            saved = self.line.save_answer({"level": 2, "comment": "a\r\nb"}, {})
            self.assertEqual(saved["status"], "saved")
        self.assertEqual(self.line.comment, "a\nb")

    def test_knowing_replacement_is_accepted(self):
        self.line.save_answer({"level": 2}, {})
        saved = self.line.save_answer({"level": 0}, {"level": 2})
        self.assertEqual(saved["line"]["level"], 0)
        saved = self.line.save_answer({"level": None}, {"level": 0})
        self.assertEqual(self.line.state, "todo")

    def test_tampered_values_are_refused_or_ignored(self):
        with self.assertRaises(UserError):
            self.line.save_answer({"level": "three"}, {})
        self.line.save_answer({"progress_action": "maybe", "state": "scored"}, {})
        self.assertFalse(self.line.progress_action)

    def test_an_answer_can_be_taken_back(self):
        for said in ({"level": 2}, {"na_reason": "Not our trade"}):
            self.line.save_answer(said, {})
            saved = self.line.save_answer({"level": None, "na_reason": ""}, said)
            self.assertEqual(saved["status"], "saved")
            self.assertEqual(self.line.state, "todo")
        self.line.save_answer({"progress_action": "no"}, {})
        self.line.save_answer({"progress_action": ""}, {"progress_action": "no"})
        self.assertFalse(self.line.progress_action)

    def test_a_level_is_a_whole_number(self):
        for odd in (1.7, True, "²", "9" * 5000, [1], {"a": 1}):
            with self.assertRaisesRegex(UserError, "choose 0, 1, 2, 3"):
                self.line.save_answer({"level": odd}, {})
        self.assertEqual(self.line.state, "todo")

    def test_a_message_repeats_nothing_of_what_was_sent(self):
        with self.assertRaises(UserError) as caught:
            self.line.save_answer({"level": "Our secret"}, {})
        self.assertNotIn("secret", str(caught.exception))

    def test_what_postgresql_cannot_hold_is_left_out(self):
        self.line.save_answer({"comment": "a\x00b \ud83d"}, {})
        self.assertEqual(self.line.comment, "ab")
        self.line.with_user(self.user_pilot).write({"comment": "Re\u0301union\x00"})
        self.assertEqual(self.line.comment, "R\u00e9union")

    def test_a_text_is_bounded_and_what_was_longer_stays(self):
        long = "x" * 10_001
        line = self.line.with_user(self.user_pilot)
        for call in (
            lambda: line.save_answer({"comment": long}, {}),
            lambda: line.write({"progress_comment": long}),
        ):
            with self.assertRaisesRegex(UserError, "more than 10000 characters"):
                call()
        self.line.sudo().comment = long
        self.assertEqual(len(self.line.comment), 10_001, "moves carry what was said")
        line.save_answer({"comment": long, "level": 1}, {"comment": long})
        self.assertEqual(self.line.level_id.value, 1)

    def test_a_level_of_mine_never_replaces_a_reason_unseen(self):
        self.line.na_reason = "Not our trade"
        told = self.line.save_answer({"level": 2}, {})
        self.assertEqual(told["status"], "conflict")
        self.assertEqual(self.line.na_reason, "Not our trade")

    def test_a_conflict_tells_whether_the_other_is_oneself(self):
        self.line.with_user(self.user_pilot).save_answer({"level": 1}, {})
        for user, is_mine in ((self.user_pilot, True), (self.user_manager, False)):
            told = self.line.with_user(user).save_answer({"level": 2}, {})
            self.assertIs(told["is_mine"], is_mine)

    def test_the_keys_of_an_answer_are_listed_once(self):
        names = {"level_id", *answer.KEYS} - {"level"}
        mine = self.line._get_answer_fields()
        self.assertLessEqual(names, mine)
        for key in answer.TEXTS:
            self.assertEqual(self.line._fields[key].type, "text")

    def test_closed_evaluation_refuses_a_save(self):
        self.line.level_id = self.levels[1]
        self.evaluation.action_validate()
        with self.assertRaisesRegex(UserError, "no longer changes"):
            self.line.save_answer({"level": 2}, {"level": 1})

    def test_line_of_a_closed_evaluation_cannot_be_added(self):
        evaluation = self.make_evaluation(
            self.other_structure, levels={"1.1.1.1": 1}, state="validated"
        )
        with self.assertRaises(UserError):
            self.line.create(
                {
                    "evaluation_id": evaluation.id,
                    "objective_id": self.objectives["1"].id,
                }
            )
