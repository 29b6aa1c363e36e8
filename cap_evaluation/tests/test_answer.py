"""One answer, without Odoo: how it is read, and how two people's are put together."""

import doctest
from itertools import product

from hypothesis import given, strategies

from odoo.tests import BaseCase, tagged

from ..kernel import answer
from ..kernel.answer import Answer, BadAnswer, merge, read, read_level, read_seen

SAID = Answer(2, "", "Said aloud", "yes", "Write it")
answers = strategies.builds(
    lambda level, reason, *others: Answer(level, "" if level else reason, *others),
    strategies.sampled_from([None, 0, 1, 2]),
    strategies.sampled_from(["", "Not ours", "Not yet"]),
    strategies.sampled_from(["", "a", "b"]),
    strategies.sampled_from(["", "yes", "no"]),
    strategies.sampled_from(["", "c", "d"]),
)


@tagged("post_install", "-at_install")
class TestAnswer(BaseCase):
    def test_doctests(self):
        failed, tried = doctest.testmod(answer)
        self.assertEqual(failed, 0)
        self.assertGreater(tried, 10)

    def test_every_key_is_decided_in_one_group(self):
        """A key of no group would be read, and never saved."""
        grouped = [key for group in answer.GROUPS for key in group]
        self.assertEqual(sorted(grouped), sorted(answer.KEYS))

    def test_what_is_not_given_stays(self):
        for raw in ({}, None, [], "text", 3, {"unknown": 1}):
            self.assertEqual(read(raw, SAID), SAID)

    def test_texts_are_trimmed_and_storable(self):
        wanted = read({"comment": " a\r\nb\x00\ud83d ", "progress_comment": 3}, SAID)
        self.assertEqual(wanted.comment, "a\nb")
        self.assertEqual(wanted.progress_comment, "")

    def test_a_level_is_a_whole_number(self):
        for value, expected in (
            (0, 0),
            ("0", 0),
            ("-1", -1),
            (12, 12),
            (None, None),
            ("", None),
            (False, None),
        ):
            self.assertEqual(read_level(value), expected)
        for odd in (1.7, 1.0, True, "²", "2.5", "9" * 5000, "one", [1], {}, "१", " 1"):
            with self.assertRaises(BadAnswer) as caught:
                read({"level": odd}, Answer())
            self.assertEqual((caught.exception.key, caught.exception.problem), LEVEL)
            self.assertIsNone(read_seen({"level": odd}).level)

    def test_level_and_reason_chase_each_other(self):
        reason = Answer(na_reason="Not ours")
        for raw, seen, expected in (
            ({"level": 1}, reason, (1, "")),
            ({"level": 0, "na_reason": "x"}, reason, (0, "")),
            ({"na_reason": "x"}, SAID, (None, "x")),
            ({"level": None, "na_reason": "x"}, SAID, (None, "x")),
            ({"level": None}, SAID, (None, "")),
            ({"level": None}, reason, (None, "Not ours")),
            ({"level": None, "na_reason": ""}, reason, (None, "")),
            ({"comment": "x"}, reason, (None, "Not ours")),
        ):
            with self.subTest(raw=raw, seen=seen):
                self.assertEqual(read(raw, seen)[:2], expected)

    def test_a_blank_reason_alone_is_refused(self):
        for blank in ("", "  ", None, ["x"], "\x00"):
            with self.assertRaises(BadAnswer) as caught:
                read({"na_reason": blank}, SAID)
            self.assertEqual(
                (caught.exception.key, caught.exception.problem),
                ("na_reason", "reason"),
            )

    def test_a_long_text_is_refused_unless_it_was_there(self):
        long = "x" * (answer.TEXT_LIMIT + 1)
        for key in answer.TEXTS:
            with self.assertRaises(BadAnswer) as caught:
                read({key: long}, SAID)
            self.assertEqual(
                (caught.exception.key, caught.exception.problem), (key, "long")
            )
        before = Answer(comment=long)
        self.assertEqual(read({"comment": long, "level": 1}, before).level, 1)
        self.assertEqual(len(read({"comment": long[1:]}, SAID).comment), 10_000)

    def test_an_action_that_is_written_is_a_yes(self):
        for raw, seen, expected in (
            ({"progress_comment": "x"}, Answer(), "yes"),
            ({"progress_comment": "x", "progress_action": ""}, Answer(), "yes"),
            ({"progress_comment": "x", "progress_action": "no"}, Answer(), "no"),
            ({"progress_comment": "x"}, Answer(progress_action="no"), "no"),
            ({"progress_comment": " "}, Answer(), ""),
            ({"progress_comment": "x"}, Answer(progress_comment="x"), ""),
            ({"progress_action": "maybe"}, Answer(), ""),
            ({"progress_action": ["yes"]}, Answer(), ""),
        ):
            with self.subTest(raw=raw, seen=seen):
                self.assertEqual(read(raw, seen).progress_action, expected)

    def test_merge(self):
        one = Answer(level=1)
        for seen, stored, wanted, changes, clashes in (
            (one, one, one, {}, []),
            (one, one, Answer(level=2), {"level": 2}, []),
            (one, Answer(level=2), Answer(level=2), {}, []),
            (one, Answer(level=0), Answer(level=2), {}, ["level"]),
            (one, Answer(level=0), one, {}, []),
            (one, one, Answer(na_reason="x"), {"level": None, "na_reason": "x"}, []),
            (one, Answer(na_reason="x"), Answer(na_reason="y"), {}, ["na_reason"]),
            (one, Answer(na_reason="x"), Answer(), {}, ["na_reason"]),
            (SAID, SAID, SAID._replace(comment=""), {"comment": ""}, []),
            (Answer(), SAID, Answer(comment="x", level=2), {}, ["comment"]),
        ):
            with self.subTest(seen=seen, stored=stored, wanted=wanted):
                merged = merge(seen, stored, wanted)
                self.assertEqual(merged.changes, changes)
                self.assertEqual(merged.clashes, clashes)

    def test_a_level_never_replaces_a_reason_unseen(self):
        """What one saw empty, another filled in meanwhile with the other half."""
        merged = merge(Answer(), Answer(na_reason="Theirs"), Answer(level=2))
        self.assertEqual(merged.clashes, ["level", "na_reason"])

    @given(answers, answers, answers)
    def test_merge_loses_nothing(self, seen, stored, wanted):
        merged = merge(seen, stored, wanted)
        for group in answer.GROUPS:
            mine = any(getattr(wanted, key) != getattr(seen, key) for key in group)
            expected = wanted if mine else stored
            for key in group:
                self.assertEqual(getattr(merged.kept, key), getattr(expected, key))
        if not merged.clashes:
            self.assertEqual(stored._replace(**merged.changes), merged.kept)
        else:
            self.assertFalse(merged.changes)

    def test_every_order_of_one_change_each(self):
        """Two people who change different things both get what they wrote."""
        mine, theirs = {"comment": "Mine"}, {"level": 3}
        for first, second in ((mine, theirs), (theirs, mine)):
            stored = Answer()
            for raw in (first, second):
                merged = merge(Answer(), stored, read(raw, Answer()))
                stored = stored._replace(**merged.changes)
            self.assertEqual(stored, Answer(level=3, comment="Mine"))

    def test_the_same_save_twice_writes_once(self):
        for raw, level in product(
            ({"level": 0}, {"level": None, "na_reason": ""}), (1, 2)
        ):
            seen = Answer(level=level)
            wanted = read(raw, seen)
            stored = seen._replace(**merge(seen, seen, wanted).changes)
            again = merge(seen, stored, wanted)
            self.assertEqual((again.changes, again.clashes), ({}, []))


LEVEL = ("level", "level")
