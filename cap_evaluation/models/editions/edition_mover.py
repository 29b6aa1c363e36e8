"""Taking open evaluations to a later edition: planned once, shown or done."""

from __future__ import annotations

from collections import Counter

from markupsafe import Markup

from odoo.tools import SQL

from ...kernel.answer import FIELDS, KEYS, Answer
from ...kernel.edition_move import KINDS, Said, Step, name_source, plan_move
from ...tools.copying import read_to_copy

# How an answer lies in the table: a level by its id, nothing as NULL.
ANSWER_COLUMNS = dict.fromkeys(FIELDS, "text") | {"level_id": "integer"}


class EditionMover:
    """What becomes of the answers of ``evaluations`` in the edition ``version``.

    Plain: it is fed with records and holds what all its steps need, the plans above
    all, which ``kernel/edition_move.py`` decides and nobody decides again. Making one
    changes nothing; ``apply`` does what ``plans`` say. The caller has checked the
    rights, and holds the evaluations locked while it applies.

        mover = EditionMover(evaluations, version)
        mover.plans            # {evaluation: [Step...]}
        mover.apply()
        mover.tell(evaluation) # for the chatter, in the language of the edition
    """

    def __init__(self, evaluations, version):
        self.evaluations = evaluations.sudo()
        self.version = version
        # Of the new edition's language, whoever the job runs as.
        self.env = self.evaluations.with_context(lang=version._get_lang()).env
        self.lines = self.env["cap.evaluation.line"]
        self.origins = {e: e.version_id for e in self.evaluations}
        self.plans = self._plan()

    @classmethod
    def plan_edition(cls, origin, version) -> list[Step]:
        """Return the steps of an evaluation that would have every objective.

        What moving does to the référentiel itself, for a preview without evaluation.
        """
        return cls(origin.env["cap.evaluation"], version)._plan_blank(origin)

    def count(self, evaluation) -> Counter:
        """Return how many steps of each kind there are for ``evaluation``."""
        return Counter(step.kind for step in self.plans[evaluation.sudo()])

    # ----------------------------------------------------------------- planning

    def _plan(self):
        plans = {}
        said = self._read_said()
        applicable = self.version._get_applicable_objectives(
            self.evaluations.partner_id
        )
        for origin, evaluations in self.evaluations.grouped("version_id").items():
            sources = self.version._get_sources(origin)
            unchanged = self._get_unchanged_applicability(sources)
            for evaluation in evaluations:
                lines = said.get(evaluation.id, {})
                concerned = set(applicable[evaluation.partner_id].ids)
                wanted = {
                    objective: old
                    for objective, old in sources.items()
                    if objective in concerned
                    or (objective in unchanged and lines.keys() & set(old))
                }
                plans[evaluation] = self._plan_one(origin, lines, wanted)
        return plans

    def _plan_one(self, origin, lines, wanted):
        same_scale = origin.scale_id == self.version.scale_id
        return plan_move(lines, wanted, same_scale, self._mention_split)

    def _plan_blank(self, origin):
        objectives = self.env["cap.objective"].search(
            [("version_id", "=", origin.id), ("kind", "=", "operational")]
        )
        lines = {o.id: Said(o.id, o.id, o.code) for o in objectives}
        return self._plan_one(origin, lines, self.version._get_sources(origin))

    def _get_unchanged_applicability(self, sources):
        """Return the ids of the objectives that are for the same types as before.

        A line is not dropped because the structure lost a type since it began: the new
        edition asks the same of the same structures.
        """
        objectives = self.env["cap.objective"].browse(sources)
        return {
            objective.id
            for objective in objectives
            if objective.structure_type_ids
            == objectives.browse(sources[objective.id]).structure_type_ids
        }

    def _mention_split(self, code):
        """Say where a copied answer comes from."""
        return self.env._(
            "(Copied from %(code)s, split in the edition %(edition)s.)",
            code=code,
            edition=self.version.name,
        )

    def _read_said(self):
        """Return ``{evaluation id: {objective id: what its line says}}``."""
        self.lines.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.evaluation_id, line.id, line.objective_id, objective.code,
                       level.value, %(texts)s
                  FROM cap_evaluation_line line
                  JOIN cap_objective objective ON objective.id = line.objective_id
             LEFT JOIN cap_scale_level level ON level.id = line.level_id
                 WHERE line.evaluation_id IN %(ids)s AND line.active
              ORDER BY objective.sequence, objective.id
                """,
                texts=SQL(", ").join(SQL.identifier("line", key) for key in KEYS[1:]),
                ids=tuple(self.evaluations.ids) or (0,),
            )
        )
        said = {}
        for evaluation_id, line_id, objective_id, code, level, *texts in rows:
            answer = Answer(level, *(text or "" for text in texts))
            line = Said(line_id, objective_id, code, answer)
            said.setdefault(evaluation_id, {})[line.objective_id] = line
        return said

    # ----------------------------------------------------------------- applying

    def apply(self):
        """Do what the plans say, whatever the number of lines in the same few queries.

        At every moment an evaluation has one line for each objective: a line leaves
        its objective, then the copy of what it said there is kept aside in its place.
        """
        steps = [(e, step) for e, found in self.plans.items() for step in found]
        levels = self.evaluations._get_previous_levels(self.version)
        previous = {
            (evaluation, step.target): levels.get(evaluation.previous_id.id, {}).get(
                step.target
            )
            for evaluation, step in steps
        }
        copies = self._prepare_copies(steps)
        self._write_moved(steps, previous)
        self.lines.create(copies)
        self._set_aside(steps)
        self._set_edition()
        self.lines.create(self._prepare_added(steps, previous))

    def _prepare_copies(self, steps):
        """Return the lines that hold aside what rewritten lines said."""
        rewritten = [s.line_id for _e, s in steps if s.line_id and s.answer]
        lines = self.lines.browse(rewritten)
        origins = {e.id: origin.id for e, origin in self.origins.items()}
        return [
            {
                **values,
                "active": False,
                "aside_version_id": origins[values["evaluation_id"]],
            }
            for _id, values in read_to_copy(lines, ["evaluation_id", "objective_id"])
        ]

    def _prepare_added(self, steps, previous):
        """Return the lines of objectives that no line goes on under."""
        return [
            {
                "evaluation_id": evaluation.id,
                "objective_id": step.target,
                "previous_level_id": previous[evaluation, step.target],
                **(self._get_values(step.answer) if step.answer else {}),
            }
            for evaluation, step in steps
            if step.target and not step.line_id
        ]

    def _write_moved(self, steps, previous):
        """Put lines under their new objectives, rewriting the answers that change."""
        kept, rewritten = [], []
        for evaluation, step in steps:
            if not step.line_id:
                continue
            row = (step.line_id, step.target, previous[evaluation, step.target])
            if step.answer is None:
                kept.append(row)
            else:
                rewritten.append((*row, *self._get_values(step.answer).values()))
        self._update_lines(kept, {})
        self._update_lines(rewritten, ANSWER_COLUMNS)
        self.lines.invalidate_model(flush=False)

    def _get_values(self, answer):
        """Return an answer as what lies in the columns of ``ANSWER_COLUMNS``."""
        level_id = self.version._get_level_ids().get(answer.level)
        values = (level_id, *(text or None for text in answer[1:]))
        return dict(zip(ANSWER_COLUMNS, values, strict=True))

    def _update_lines(self, rows, answer_columns):
        """Write ``rows`` (id, objective, previous level, answer...) in one query.

        A line whose answer is unchanged keeps its author and its date.
        """
        if not rows:
            return
        columns = {
            "objective_id": "integer",
            "previous_level_id": "integer",
            **answer_columns,
        }
        assignments = [
            SQL("%s = moved.%s::%s", SQL.identifier(n), SQL.identifier(n), SQL(kind))
            for n, kind in columns.items()
        ]
        if answer_columns:
            assignments.append(SQL("write_uid = %s", self.env.uid))
            assignments.append(SQL("write_date = %s", self.env.cr.now()))
        self.env.cr.execute(
            SQL(
                "UPDATE cap_evaluation_line line SET %s FROM (VALUES %s) AS moved(%s) "
                "WHERE line.id = moved.id",
                SQL(", ").join(assignments),
                SQL(", ").join(SQL("%s", row) for row in rows),
                SQL(", ").join(SQL.identifier(name) for name in ("id", *columns)),
            )
        )

    def _set_aside(self, steps):
        """Keep aside the lines that go on under no objective."""
        moved = {step.line_id for _e, step in steps}
        every = {line.line_id for _e, step in steps for line in step.sources}
        if every - moved:
            self.env.cr.execute(
                SQL(
                    """
                    UPDATE cap_evaluation_line line
                       SET active = FALSE, aside_version_id = evaluation.version_id
                      FROM cap_evaluation evaluation
                     WHERE evaluation.id = line.evaluation_id AND line.id IN %s
                    """,
                    tuple(every - moved),
                )
            )
            self.lines.invalidate_model(flush=False)

    def _set_edition(self):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE cap_evaluation SET version_id = %s, write_uid = %s, "
                "write_date = %s WHERE id IN %s",
                self.version.id,
                self.env.uid,
                self.env.cr.now(),
                tuple(self.evaluations.ids),
            )
        )
        self.evaluations.invalidate_recordset(flush=False)
        self.evaluations.modified(["version_id"])
        self.lines.invalidate_model(flush=False)

    # -------------------------------------------------------------------- words

    def tell(self, evaluation):
        """Return what is written in the chatter: counts, then all that is not kept."""
        steps, origin = self.plans[evaluation], self.origins[evaluation]
        counts = self.count(evaluation)
        body = Markup("<p>%s</p>") % self.env._(
            "Moved from “%(origin)s” to “%(edition)s”. Kept: %(kept)s; new: %(new)s; "
            "merged: %(merged)s; split: %(split)s; dropped and kept aside: "
            "%(dropped)s.",
            origin=origin.display_name,
            edition=self.version.display_name,
            **{kind: counts[kind] for kind in KINDS},
        )
        if origin.scale_id != self.version.scale_id:
            body += Markup("<p>%s</p>") % self.env._(
                "The two editions have different scales: comments go on, levels do "
                "not. The earlier answers are kept aside."
            )
        told = [step for step in steps if step.kind not in ("kept", "new")]
        if told:
            items = [Markup("<li>%s</li>") % self._tell_step(step) for step in told]
            body += Markup("<ul>%s</ul>") % Markup().join(items)
        return body

    def _tell_step(self, step):
        """Return one line of the chatter, "1.1.1.1 (2), 1.1.1.2 (1) → 1.1.1.1"."""
        before = ", ".join(map(name_source, step.sources))
        if not step.target:
            return self.env._("Dropped and kept aside: %(before)s", before=before)
        code = self.env["cap.objective"].browse(step.target).code
        arrow = f"{before} → {code}"
        if step.kind == "merged":
            return self.env._("Merged: %(arrow)s", arrow=arrow)
        return self.env._("Split: %(arrow)s", arrow=arrow)
