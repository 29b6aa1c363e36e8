"""The life of an evaluation, by anybody, in any order: what holds after each step.

Hypothesis chooses who does what; nothing that is refused may change anything, and what
the design promises is checked again after every step.
"""

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .people import PeopleCommon

REFUSALS = (AccessError, UserError, ValidationError)
STRANGERS = (
    "other_pilot",
    "other_animator",
    "manager_elsewhere",
    "portal",
    "employee",
    "project_employee",
    "event_employee",
    "contact_employee",
)
THEIRS = ("pilot", "facilitator", "animator", "manager")
EVERYBODY = THEIRS + STRANGERS
TEXTS = st.sampled_from(["", " ", "Each spring", "Two\nlines", "É" * 3])
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "level": st.sampled_from([None, 0, 1, 2, 3, 7, "2", "x"]),
        "na_reason": TEXTS,
        "comment": TEXTS,
        "progress_action": st.sampled_from(["yes", "no", False]),
        "progress_comment": TEXTS,
    },
)
FORGED = {
    "state": "validated",
    "validated_on": "2020-01-01 10:00:00",
    "year": 2020,
    "reviewed": True,
    "previous_id": False,
    "region_id": False,
    "company_id": False,
    "project_id": False,
    "size": False,
}
FROZEN = ["partner_id", "version_id", "company_id", "state", "validated_on", "year"]
FROZEN += ["region_id", "structure_type_ids", "size", "previous_id", "reviewed"]
SAID = ["objective_id", "level_id", "na_reason", "comment", "progress_action"]
SAID += ["progress_comment", "previous_level_id", "active"]


class EvaluationLife(RuleBasedStateMachine):
    """One structure, its people and everybody else; steps that are refused undo."""

    case = None  # the test that runs it

    @initialize()
    def begin(self):
        self.env = self.case.env
        self.env.cr.execute("SAVEPOINT one_life")
        self.env.invalidate_all()
        self.structure = self.case.structure
        self.frozen = {}

    def teardown(self):
        if hasattr(self, "env"):
            self.env.cr.execute("ROLLBACK TO SAVEPOINT one_life")
            self.env.invalidate_all()

    def get_evaluations(self):
        return self.env["cap.evaluation"].search(
            [("partner_id", "=", self.structure.id)], order="id"
        )

    def attempt(self, kind, function):
        """Do it; a refusal leaves all as it was, and strangers are always refused."""
        before = self.take_picture()
        try:
            with self.env.cr.savepoint(), mute_logger("odoo.sql_db"):
                function(self.case.people_by_kind[kind])
                self.env.flush_all()
        except REFUSALS as error:
            self.env.invalidate_all()
            assert str(error).strip(), "a refusal says something"
            assert self.take_picture() == before, "a refusal changes nothing"
            return
        assert kind not in STRANGERS, f"{kind} did it"

    def take_picture(self):
        self.env.flush_all()
        return [
            (row["id"], row["write_date"])
            for model in ("cap.evaluation", "cap.evaluation.line")
            for row in self.env[model]
            .with_context(active_test=False)
            .search([], order="id")
            .read(["write_date"])
        ]

    def choose(self, index):
        evaluations = self.get_evaluations()
        return evaluations[index % len(evaluations)]

    # ------------------------------------------------------------------- steps

    @rule(kind=st.sampled_from(EVERYBODY), index=st.integers(0, 3))
    def start(self, kind, index):
        self.attempt(
            kind, lambda user: self.choose(index).with_user(user).action_start()
        )

    @rule(kind=st.sampled_from(EVERYBODY), index=st.integers(0, 3))
    def pool(self, kind, index):
        self.attempt(
            kind,
            lambda user: self.choose(index).with_user(user).action_open_consensus(),
        )

    @rule(
        kind=st.sampled_from(EVERYBODY),
        index=st.integers(0, 3),
        rank=st.integers(0, 5),
        values=ANSWERS,
        seen=st.booleans(),
    )
    def save(self, kind, index, rank, values, seen):
        lines = self.choose(index).line_ids
        if not lines:
            return
        line = lines[rank % len(lines)]
        base = line._get_answer() if seen else {}

        def do(user):
            line.with_user(user).save_answer(values, base)

        self.attempt(kind, do)

    @rule(kind=st.sampled_from(EVERYBODY), index=st.integers(0, 3))
    def validate(self, kind, index):
        self.attempt(
            kind, lambda user: self.choose(index).with_user(user).action_validate()
        )

    @rule(kind=st.sampled_from(EVERYBODY), index=st.integers(0, 3))
    def cancel(self, kind, index):
        self.attempt(
            kind, lambda user: self.choose(index).with_user(user).action_cancel()
        )

    @rule(kind=st.sampled_from(EVERYBODY), index=st.integers(0, 3))
    def go_on(self, kind, index):
        self.attempt(
            kind, lambda user: self.choose(index).with_user(user).action_start_next()
        )

    @rule(kind=st.sampled_from(EVERYBODY), index=st.integers(0, 3))
    def delete(self, kind, index):
        self.attempt(kind, lambda user: self.choose(index).with_user(user).unlink())

    @rule(kind=st.sampled_from(EVERYBODY), index=st.integers(0, 3))
    def move(self, kind, index):
        """To the last edition, when there is a later one."""
        evaluation = self.choose(index)
        later = evaluation.version_id._get_later_editions()[:1]
        if later:
            self.attempt(
                kind, lambda user: evaluation.with_user(user)._move_to_edition(later)
            )

    @rule()
    def publish_an_edition(self):
        """COORACE merges two objectives, and publishes."""
        last = self.env["cap.referential.version"]._get_latest_published("TEST")
        if len(last.referential_id.version_ids) > 3:
            return
        draft = last.action_new_edition()
        merged, dropped = draft.objective_ids.filtered(
            lambda o: o.kind == "operational"
        )[:2]
        if len(dropped.parent_id.child_ids) > 1:
            merged.predecessor_ids |= dropped.predecessor_ids
            dropped.unlink()
        draft.action_publish()

    @rule(
        kind=st.sampled_from(EVERYBODY),
        index=st.integers(0, 3),
        name=st.sampled_from(sorted(FORGED)),
    )
    def forge(self, kind, index, name):
        """What the product decides is refused to everybody."""
        evaluation = self.choose(index)
        before = evaluation[name]
        self.attempt(
            kind, lambda user: evaluation.with_user(user).write({name: FORGED[name]})
        )
        assert evaluation[name] == before, f"{kind} wrote {name}"

    # -------------------------------------------------------------- invariants

    @invariant()
    def what_is_validated_never_changes(self):
        for evaluation in self.get_evaluations():
            if evaluation.state == "validated":
                lines = evaluation.with_context(active_test=False).line_ids
                told = repr((evaluation.read(FROZEN), lines.sorted("id").read(SAID)))
                assert self.frozen.setdefault(evaluation.id, told) == told
        kept = set(self.get_evaluations().ids)
        assert kept >= set(self.frozen), "a validated evaluation stays"

    @invariant()
    def an_answer_is_a_level_or_a_reason(self):
        for evaluation in self.get_evaluations():
            levels = evaluation.version_id.scale_id.level_ids
            lines = evaluation.line_ids
            assert len(lines.objective_id) == len(lines), "one line an objective"
            assert lines.level_id <= levels, "levels of the edition's scale"
            assert all(
                line.objective_id.version_id == evaluation.version_id for line in lines
            )
            for line in lines:
                assert not (line.level_id and line.na_reason)
                expected = "scored" if line.level_id else "todo"
                assert line.state == ("not_applicable" if line.na_reason else expected)

    @invariant()
    def one_is_open_at_a_time(self):
        opened = self.get_evaluations().filtered(lambda e: e._is_open())
        keys = [(e.version_id, e.company_id) for e in opened]
        assert len(set(keys)) == len(keys)

    @invariant()
    def what_was_validated_says_when(self):
        for evaluation in self.get_evaluations():
            validated = evaluation.state == "validated"
            assert bool(evaluation.validated_on) == bool(evaluation.year) == validated
            previous = evaluation.previous_id
            assert not previous or previous.state == "validated"
            assert not previous or previous.partner_id == evaluation.partner_id
            assert not previous or previous.company_id == evaluation.company_id

    @invariant()
    def scores_are_those_of_the_lines(self):
        for evaluation in self.get_evaluations():
            (total,) = evaluation.get_scores("all")
            values = evaluation.version_id.scale_id.level_ids.mapped("value")
            low, high = min(values), max(values)
            scored = evaluation.line_ids.filtered("level_id")
            weights = sum(scored.objective_id.mapped("weight"))
            points = sum(
                line.objective_id.weight * (line.level_id.value - low) / (high - low)
                for line in scored
            )
            applicable = evaluation.line_ids.filtered(lambda ln: not ln.na_reason)
            if scored:
                assert abs(total["score"] - 100 * points / weights) < 1e-9
            else:
                assert total["score"] is None
            assert total["scored"] == len(scored)
            assert total["applicable"] == len(applicable)
            assert 0 <= total["coverage"] <= 100

    @invariant()
    def strangers_read_nothing(self):
        for kind in STRANGERS:
            user = self.case.people_by_kind[kind]
            seen = self.get_evaluations().with_user(user)._filtered_access("read")
            assert not seen, f"{kind} reads it"


@tagged("post_install", "-at_install")
class TestEvaluationLife(PeopleCommon):
    def run_lives(self, examples, steps):
        EvaluationLife.case = self
        run_state_machine_as_test(
            EvaluationLife,
            settings=settings(
                max_examples=examples,
                stateful_step_count=steps,
                derandomize=True,
                deadline=None,
                database=None,
                phases=(Phase.generate, Phase.shrink),
                suppress_health_check=list(HealthCheck),
            ),
        )

    def test_any_order_by_anybody(self):
        self.run_lives(examples=25, steps=30)
