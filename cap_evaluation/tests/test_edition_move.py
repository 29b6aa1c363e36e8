"""Moving open evaluations to a later edition: nothing lost, nothing doubled."""

import doctest
from collections import Counter
from contextlib import suppress
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.cap_evaluation.kernel import edition_move

from .test_edition import EditionCommon

LEVELS = {"1.1.1.1": 2, "1.1.1.2": 1, "1.2.1.1": 0, "2.1.1.1": "na", "2.1.1.2": 3}


class Killed(Exception):
    """The job's process dies."""


class MoveCommon(EditionCommon):
    def tell(self, evaluation):
        """Return ``{code: (level, na reason, comment)}`` of the lines that count."""
        return {
            line.objective_id.code: (
                line.level_id.value if line.level_id else None,
                line.na_reason or None,
                line.comment or None,
            )
            for line in evaluation.line_ids
        }

    def tell_aside(self, evaluation):
        return {
            line.objective_id.code: (
                line.level_id.value if line.level_id else None,
                line.na_reason or None,
                line.comment or None,
            )
            for line in evaluation.aside_line_ids
        }

    def get_lines(self, evaluation):
        return {line.objective_id.code: line for line in evaluation.line_ids}


@tagged("post_install", "-at_install")
class TestMove(MoveCommon):
    def test_doctests(self):
        self.assertFalse(doctest.testmod(edition_move).failed)

    def test_a_plain_copy_keeps_every_line_as_it_is(self):
        evaluation = self.make_evaluation(levels=LEVELS)
        lines = self.get_lines(evaluation)
        lines["1.1.1.1"].write(
            {
                "comment": "Written",
                "progress_action": "yes",
                "progress_comment": "Say it more",
            }
        )
        before, dates = self.tell(evaluation), evaluation.line_ids.mapped("write_date")
        target = self.make_next()
        evaluation._move_to_edition(target)
        self.assertEqual(evaluation.version_id, target)
        self.assertEqual(self.tell(evaluation), before)
        self.assertEqual(self.get_lines(evaluation), lines)
        self.assertEqual(evaluation.line_ids.objective_id.version_id, target)
        self.assertEqual(lines["1.1.1.1"].progress_action, "yes")
        self.assertEqual(lines["1.1.1.1"].progress_comment, "Say it more")
        self.assertEqual(evaluation.line_ids.mapped("write_date"), dates)
        self.assertFalse(evaluation.aside_line_ids)
        self.assertEqual(evaluation.state, "consensus")

    def test_a_merged_line_takes_the_lowest_level_and_all_the_words(self):
        evaluation = self.make_evaluation(levels=LEVELS)
        lines = self.get_lines(evaluation)
        lines["1.1.1.1"].comment = "Known to all"
        lines["1.1.1.2"].write({"comment": "Not yet", "progress_action": "yes"})
        target = self.make_next(
            merges={"1.1.1.1": ["1.1.1.1", "1.1.1.2"]}, drops=["1.1.1.2"]
        )
        evaluation._move_to_edition(target)
        merged = self.get_lines(evaluation)["1.1.1.1"]
        self.assertEqual(merged.level_id.value, 1)
        self.assertEqual(
            merged.comment, "1.1.1.1 (2): Known to all\n1.1.1.2 (1): Not yet"
        )
        self.assertEqual(merged.progress_action, "yes")
        self.assertEqual(merged, lines["1.1.1.2"], "the one that asks for an action")
        self.assertEqual(
            self.tell_aside(evaluation),
            {"1.1.1.1": (2, None, "Known to all"), "1.1.1.2": (1, None, "Not yet")},
        )
        self.assertEqual(evaluation.aside_line_ids.aside_version_id, self.version)
        self.assertEqual(evaluation.line_count, 5)

    def test_merging_what_does_not_apply(self):
        """A level outweighs "not applicable", which holds only for all of them."""
        merges = {"2.1.1.1": ["2.1.1.1", "2.1.1.2"], "1.1.1.1": ["1.1.1.1", "1.1.1.2"]}
        target = self.make_next(merges=merges, drops=["2.1.1.2", "1.1.1.2"])
        evaluation = self.make_evaluation(
            levels={"2.1.1.1": "na", "2.1.1.2": 3, "1.1.1.1": "na", "1.1.1.2": "na"}
        )
        evaluation._move_to_edition(target)
        said = self.tell(evaluation)
        self.assertEqual(said["2.1.1.1"][:2], (3, None))
        self.assertEqual(said["1.1.1.1"][:2], (None, "Not our trade"))

    def test_a_split_line_is_copied_to_each_with_a_mention(self):
        evaluation = self.make_evaluation(levels=LEVELS)
        line = self.get_lines(evaluation)["2.1.1.2"]
        line.comment = "Everyone"
        target = self.make_next(adds={"2.1.1.3": ("2.1.1", ["2.1.1.2"])})
        evaluation._move_to_edition(target)
        said = self.tell(evaluation)
        mention = "(Copied from 2.1.1.2, split in the edition 2027.)"
        for code in ("2.1.1.2", "2.1.1.3"):
            self.assertEqual(said[code], (3, None, f"Everyone\n{mention}"))
        self.assertIn(line, evaluation.line_ids)
        self.assertEqual(
            self.tell_aside(evaluation), {"2.1.1.2": (3, None, "Everyone")}
        )

    def test_new_and_dropped(self):
        evaluation = self.make_evaluation(levels=LEVELS)
        target = self.make_next(
            drops=["2.1.1.2"], adds={"1.2.1.3": ("1.2.1", []), "2.1.1.9": ("2.1.1", [])}
        )
        (counts,) = evaluation._move_to_edition(target).values()
        self.assertEqual(counts, {"kept": 5, "new": 2, "dropped": 1})
        said = self.tell(evaluation)
        self.assertEqual(said["1.2.1.3"], (None, None, None))
        self.assertNotIn("2.1.1.2", said)
        self.assertEqual(self.tell_aside(evaluation), {"2.1.1.2": (3, None, None)})
        (total,) = evaluation.get_scores("all")
        self.assertEqual((total["scored"], total["applicable"]), (3, 6))
        self.assertAlmostEqual(total["score"], 100 * 3 / 9)

    def test_what_is_kept_aside_is_read_only_and_counts_nowhere(self):
        evaluation = self.make_evaluation(levels=LEVELS)
        target = self.make_next(drops=["2.1.1.2"])
        evaluation._move_to_edition(target)
        aside = evaluation.aside_line_ids
        pilot = aside.with_user(self.user_pilot)
        self.assertEqual(pilot.level_id.value, 3)
        for change in (
            lambda: pilot.save_answer({"level": 1}, {"level": 3}),
            lambda: pilot.write({"comment": "x"}),
            lambda: aside.write({"comment": "x"}),
            lambda: aside.unlink(),
        ):
            with self.assertRaisesRegex(UserError, "kept aside"):
                change()
        with self.assertRaises(AccessError):
            pilot.write({"active": True})
        saved = evaluation.line_ids[0].save_answer({"level": 3}, {"level": 2})
        self.assertEqual((saved["scored"], saved["applicable"]), (3, 4))
        with self.assertRaisesRegex(UserError, "kept aside"):
            evaluation.unlink()

    def test_another_scale_carries_comments_alone(self):
        evaluation = self.make_evaluation(levels=LEVELS)
        self.get_lines(evaluation)["1.1.1.1"].comment = "Known"
        target = self.make_next(publish=False)
        target.scale_id = self.make_scale("OTHER", [(1, "a", False), (5, "b", False)])
        target.action_publish()
        target.published_on = "2099-01-01"
        evaluation._move_to_edition(target)
        said = self.tell(evaluation)
        self.assertEqual(said["1.1.1.1"], (None, None, "Known"))
        self.assertEqual(said["2.1.1.1"], (None, None, None))
        self.assertEqual(self.tell_aside(evaluation)["1.1.1.1"], (2, None, "Known"))
        self.assertEqual(len(evaluation.aside_line_ids), 5)
        self.assertIn("different scales", evaluation.message_ids[0].body)
        evaluation.line_ids[0].save_answer({"level": 5}, {"level": None})

    def test_previous_levels_follow_their_objectives(self):
        first = self.make_evaluation(levels=LEVELS)
        self.validate(first, on="2024-03-01")
        evaluation = first.action_start_next()
        self.assertEqual(
            self.get_lines(evaluation)["1.1.1.1"].previous_level_id.value, 2
        )
        target = self.make_next(
            merges={"1.1.1.1": ["1.1.1.1", "1.1.1.2"]},
            drops=["1.1.1.2"],
            adds={"2.1.1.3": ("2.1.1", ["2.1.1.2"])},
        )
        evaluation._move_to_edition(target)
        lines = self.get_lines(evaluation)
        self.assertEqual(lines["1.1.1.1"].previous_level_id.value, 1)
        self.assertEqual(lines["2.1.1.3"].previous_level_id.value, 3)
        self.assertFalse(lines["2.1.1.1"].previous_level_id)

    def test_the_next_cap_reads_previous_levels_through_merges(self):
        first = self.make_evaluation(levels=LEVELS, state="validated")
        target = self.make_next(
            merges={"1.1.1.1": ["1.1.1.1", "1.1.1.2"]}, drops=["1.1.1.2"]
        )
        evaluation = first.action_start_next()
        self.assertEqual(evaluation.version_id, target)
        lines = self.get_lines(evaluation)
        self.assertEqual(lines["1.1.1.1"].previous_level_id.value, 1)
        self.assertEqual(lines["2.1.1.2"].previous_level_id.value, 3)

    def test_an_objective_for_other_types_is_dropped_one_they_lost_is_not(self):
        evaluation = self.make_evaluation(levels=LEVELS)
        target = self.make_next(publish=False)
        target.objective_ids.filtered(
            lambda o: o.code == "1.1.1.1"
        ).structure_type_ids = self.type_aci
        target.action_publish()
        target.published_on = "2099-01-01"
        evaluation._move_to_edition(target)
        self.assertNotIn("1.1.1.1", self.tell(evaluation))
        self.assertIn("1.1.1.1", self.tell_aside(evaluation))

    def test_two_editions_at_once(self):
        evaluation = self.make_evaluation(levels=LEVELS)
        middle = self.make_next(
            merges={"1.1.1.1": ["1.1.1.1", "1.1.1.2"]}, drops=["1.1.1.2"]
        )
        last = self.make_next(middle, drops=["2.1.1.2"])
        last.published_on = "2099-06-01"
        evaluation._move_to_edition(last)
        self.assertEqual(self.tell(evaluation)["1.1.1.1"][0], 1)
        self.assertEqual(
            set(self.tell_aside(evaluation)), {"1.1.1.1", "1.1.1.2", "2.1.1.2"}
        )

    def test_it_is_told_in_the_chatter(self):
        evaluation = self.make_evaluation(levels=LEVELS)
        target = self.make_next(
            merges={"1.1.1.1": ["1.1.1.1", "1.1.1.2"]}, drops=["1.1.1.2", "2.1.1.2"]
        )
        evaluation.with_user(self.user_animator)._move_to_edition(target)
        message = evaluation.message_ids[0]
        for expected in (
            "Moved from “TEST 2026” to “TEST 2027”",
            "Kept: 3; new: 0; merged: 1; split: 0; dropped and kept aside: 1.",
            "Merged: 1.1.1.1 (2), 1.1.1.2 (1) → 1.1.1.1",
            "Dropped and kept aside: 2.1.1.2 (3)",
        ):
            self.assertIn(expected, message.body)
        self.assertEqual(message.author_id, self.user_animator.partner_id)

    def test_who_may_move(self):
        evaluation = self.make_evaluation(levels=LEVELS)
        target = self.make_next()
        for user in (
            self.user_pilot,
            self.user_other_pilot,
            self.user_portal,
            self.user_employee,
            self.user_other_animator,
        ):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    evaluation.with_user(user)._move_to_edition(target)
                with self.assertRaises(AccessError):
                    evaluation.with_user(user).action_move_edition()
        evaluation.with_user(self.user_animator)._move_to_edition(target)
        other = self.make_evaluation(self.other_structure)
        other.with_user(self.user_manager)._move_to_edition(target)
        self.assertEqual((evaluation | other).version_id, target)

    def test_a_preview_tells_no_level_of_others(self):
        """A preview of one's own, of somebody else's CAP, is refused unwritten."""
        evaluation = self.make_evaluation(levels=LEVELS)
        campaign = self.env["cap.campaign"].create(
            {"name": "Others'", "version_id": self.version.id}
        )
        moves = self.env["cap.edition.move"].with_user(self.user_other_animator)
        edition = {"origin_id": self.version.id, "version_id": self.version.id}
        for subject in (
            {"evaluation_id": evaluation.id},
            {"campaign_id": campaign.id},
        ):
            move = moves.create({**edition, **subject})
            with self.subTest(subject=subject), self.assertRaises(AccessError):
                move.action_preview()
            self.assertFalse(move.line_ids)

    def test_refusals(self):
        validated = self.make_evaluation(levels=LEVELS, state="validated")
        cancelled = self.make_evaluation(self.other_structure)
        cancelled.action_cancel()
        target = self.make_next()
        for closed in (validated, cancelled):
            with self.assertRaises(UserError):
                closed._move_to_edition(target)
            with self.assertRaises(UserError):
                closed.action_move_edition()
            self.assertFalse(closed.can_move_edition)
        opened = self.make_evaluation()
        self.assertTrue(opened.can_move_edition)
        foreign = self.make_version(code="FOREIGN")
        draft = target.action_new_edition()
        for wrong in (foreign, draft, self.version):
            with self.subTest(wrong=wrong.display_name), self.assertRaises(UserError):
                opened._move_to_edition(wrong)
        with self.assertRaisesRegex(UserError, "stay as they were"):
            opened.version_id = target
        self.make_evaluation(version=target)
        with self.assertRaisesRegex(UserError, "already has an open evaluation"):
            opened._move_to_edition(target)

    def test_preview_then_move(self):
        evaluation = self.make_evaluation(levels=LEVELS)
        target = self.make_next(
            merges={"1.1.1.1": ["1.1.1.1", "1.1.1.2"]},
            drops=["1.1.1.2", "2.1.1.2"],
            adds={"1.2.1.3": ("1.2.1", [])},
        )
        before = self.tell(evaluation)
        action = evaluation.with_user(self.user_animator).action_move_edition()
        wizard = self.env["cap.edition.move"].browse(action["res_id"])
        wizard = wizard.with_user(self.user_animator)
        self.assertEqual(wizard.version_id, target)
        self.assertEqual(self.tell(evaluation), before)
        self.assertEqual(
            wizard.changed_ids.origin, "1.1.1.1 (2 In place), 1.1.1.2 (1 Begun)"
        )
        self.assertEqual(wizard.changed_ids.level, "1 Begun")
        self.assertEqual(wizard.new_ids.objective_id.code, "1.2.1.3")
        self.assertEqual(wizard.dropped_ids.origin, "2.1.1.2 (3 Mastered and improved)")
        self.assertEqual(len(wizard.kept_ids), 3)
        wizard.action_move()
        self.assertEqual(evaluation.version_id, target)

    def test_queries_do_not_grow_with_lines(self):
        """Measured: the same for 5 evaluations as for 40."""
        target = self.make_next(
            merges={"1.1.1.1": ["1.1.1.1", "1.1.1.2"]}, drops=["1.1.1.2"]
        )
        counts = []
        for size in (5, 5, 40):
            evaluations = self.env["cap.evaluation"]
            for partner in self.make_structures(size, self.region_a):
                evaluations |= self.make_evaluation(partner, levels=LEVELS)
            counts.append(
                self.count_queries(
                    lambda moved=evaluations: moved._move_to_edition(target)
                )
            )
        self.assertLessEqual(counts[2] - counts[1], 4)


@tagged("post_install", "-at_install")
class TestMoveCampaign(MoveCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.campaign = cls.env["cap.campaign"].create(
            {
                "name": "Spring",
                "version_id": cls.version.id,
                "animator_id": cls.user_animator.id,
                "partner_ids": [Command.set(cls.make_structures(12, cls.region_a).ids)],
            }
        )
        cls.campaign.action_open()
        cls.evaluations = cls.campaign.evaluation_ids
        for evaluation in cls.evaluations:
            cls.set_levels(evaluation, LEVELS)
        cls.target = cls.make_next(drops=["2.1.1.2"])

    def setUp(self):
        super().setUp()
        # The job commits for real; a test's transaction is not to be.
        self.commits = []
        self.patch(
            type(self.env["ir.cron"]),
            "_commit_progress",
            lambda _cron, done=0, **_kw: self.commits.append(done) or True,
        )

    def run_job(self):
        self.env["cap.campaign"]._cron_move_editions()

    def test_all_the_open_ones_move_the_validated_stay(self):
        validated = self.evaluations[0]
        validated.action_start()
        self.validate(validated)
        frozen = self.tell(validated)
        self.campaign.with_user(self.user_animator)._start_moving(self.target)
        self.assertEqual((self.campaign.move_total, self.campaign.move_done), (11, 0))
        self.run_job()
        self.assertEqual(self.commits, [0, 5, 6, 0])
        self.assertEqual((self.evaluations - validated).version_id, self.target)
        self.assertEqual(validated.version_id, self.version)
        self.assertEqual(self.tell(validated), frozen)
        self.assertEqual(self.campaign.version_id, self.target)
        self.assertFalse(self.campaign.moving_to_id)
        self.assertIn("11 evaluations", self.campaign.message_ids[0].body)
        self.campaign.action_open()
        self.assertEqual(len(self.campaign.evaluation_ids), 12)

    def test_the_job_speaks_the_language_of_the_edition(self):
        """A job has no language of its own: its closing words are not in English."""
        self.env["res.lang"]._activate_lang("fr_FR")
        target = self.make_next(self.target, publish=False)
        target.lang = "fr_FR"
        target.action_publish()
        target.published_on = "2099-06-01"
        self.campaign._start_moving(target)
        self.campaign.with_context(lang=None)._cron_move_editions()
        for record in (self.campaign, self.evaluations[0]):
            bodies = " ".join(record.message_ids.mapped("body"))
            self.assertIn(target.display_name, bodies)
            self.assertNotIn("Moved", bodies)
            self.assertNotIn("Moving", bodies)

    def test_preview_of_a_campaign_decides_as_the_move_does(self):
        target = self.make_next(
            self.target,
            merges={"1.1.1.1": ["1.1.1.1", "1.1.1.2"]},
            drops=["1.1.1.2"],
            adds={"1.2.1.3": ("1.2.1", ["1.2.1.2"]), "2.1.1.9": ("2.1.1", [])},
        )
        target.published_on = "2099-06-01"
        wizard = self.env["cap.edition.move"].create(
            {
                "campaign_id": self.campaign.id,
                "origin_id": self.version.id,
                "version_id": target.id,
            }
        )
        wizard._fill()
        shown = {
            (line.kind, line.objective_id.code, line.origin) for line in wizard.line_ids
        }
        self.assertEqual(
            shown,
            {
                ("merged", "1.1.1.1", "1.1.1.1, 1.1.1.2"),
                ("kept", "1.2.1.1", "1.2.1.1"),
                ("split", "1.2.1.2", "1.2.1.2"),
                ("split", "1.2.1.3", "1.2.1.2"),
                ("kept", "2.1.1.1", "2.1.1.1"),
                ("new", "2.1.1.9", ""),
                ("dropped", "2.1.1.2", "2.1.1.2"),
            },
        )
        evaluation = self.evaluations[0]
        (counts,) = evaluation._move_to_edition(target).values()
        self.assertEqual(counts, Counter(kind for kind, _code, _origin in shown))

    def test_killed_between_batches_it_goes_on(self):
        self.campaign._start_moving(self.target)
        move = type(self.evaluations)._move_to_edition
        calls = []

        def die_later(batch, version):
            if calls:
                raise Killed
            calls.append(len(batch))
            return move(batch, version)

        # Not assertRaises, which would undo what the first batch committed.
        with (
            patch.object(type(self.evaluations), "_move_to_edition", die_later),
            suppress(Killed),
        ):
            self.run_job()
        self.assertEqual(calls, [5])
        self.env.invalidate_all()
        self.assertEqual((self.campaign.move_total, self.campaign.move_done), (12, 5))
        self.run_job()
        self.assertEqual(self.evaluations.version_id, self.target)
        for evaluation in self.evaluations:
            self.assertEqual(len(evaluation.line_ids), 5)
            self.assertEqual(self.tell_aside(evaluation), {"2.1.1.2": (3, None, None)})
            told = evaluation.message_ids.filtered(lambda m: "Moved from" in m.body)
            self.assertEqual(len(told), 1)

    def test_a_structure_already_there_is_left_where_it_is(self):
        blocked = self.evaluations[3]
        self.make_evaluation(blocked.partner_id, version=self.target)
        self.campaign._start_moving(self.target)
        self.run_job()
        self.assertEqual(blocked.version_id, self.version)
        self.assertEqual((self.evaluations - blocked).version_id, self.target)

    def test_who_may_move_a_campaign(self):
        for user in (self.user_other_animator, self.user_employee, self.user_pilot):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.campaign.with_user(user).action_move_edition()
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.campaign.with_user(user)._start_moving(self.target)
        self.evaluations[0].partner_id.cap_region_id = self.region_b
        with self.assertRaises(AccessError):
            self.campaign.with_user(self.user_animator)._start_moving(self.target)

    def test_preview_of_a_campaign(self):
        action = self.campaign.with_user(self.user_manager).action_move_edition()
        wizard = self.env["cap.edition.move"].browse(action["res_id"])
        self.assertEqual(wizard.to_move_count, 12)
        self.assertEqual(wizard.dropped_ids.objective_id.code, "2.1.1.2")
        self.assertEqual(len(wizard.kept_ids), 5)
        wizard.action_move()
        self.assertEqual(self.campaign.moving_to_id, self.target)
        with self.assertRaisesRegex(UserError, "already moving"):
            self.campaign._start_moving(self.target)
