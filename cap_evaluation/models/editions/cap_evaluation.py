from collections import Counter

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...kernel.edition_move import KINDS, Said, plan_move
from ...tools.copying import read_to_copy
from ..evaluation.cap_evaluation import OPEN_STATES

ANSWER_COLUMNS = {
    "level_id": "integer",
    "na_reason": "text",
    "comment": "text",
    "progress_action": "varchar",
    "progress_comment": "text",
}


class CapEvaluation(models.Model):
    """Moving open evaluations to a later edition of their référentiel.

    ``write`` refuses to change an edition, and goes on refusing: this is the one way,
    and it carries every answer. See ``edition_move.py`` for what becomes of them.
    """

    _inherit = "cap.evaluation"

    aside_line_ids = fields.One2many(
        "cap.evaluation.line",
        "evaluation_id",
        "Kept aside",
        domain=[("active", "=", False)],
        context={"active_test": False},
        readonly=True,
        help="What was said under earlier editions and did not go on unchanged.",
    )
    can_move_edition = fields.Boolean(compute="_compute_can_move_edition")

    @api.depends("state", "version_id")
    def _compute_can_move_edition(self):
        for version, evaluations in self.grouped("version_id").items():
            later = version and version._get_later_editions()
            for evaluation in evaluations:
                evaluation.can_move_edition = bool(later) and evaluation._is_open()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_kept_aside(self):
        for evaluation in self:
            if evaluation.aside_line_ids:
                raise UserError(
                    self.env._(
                        "“%(evaluation)s” holds answers kept aside from an earlier "
                        "edition: cancel it instead of deleting it.",
                        evaluation=evaluation.display_name,
                    )
                )

    def action_move_edition(self):
        """Show what moving to the last published edition would do, before it is done.

        :raise UserError: when closed, or when there is no later edition
        """
        self.ensure_one()
        self.check_access("write")
        return self.env["cap.edition.move"]._open_for(self)

    # ------------------------------------------------------------------- moving

    def _move_to_edition(self, version):
        """Move these open evaluations to ``version``, answers and all; return counts.

        In one transaction and a number of queries that does not depend on the lines.
        Somebody who saves an answer at the same moment makes this be retried, and the
        other way round: both hold the evaluation's row.

        :return: ``{evaluation: Counter of the kinds of steps}``
        :raise UserError: unless all are open, of an earlier edition, and free to move
        """
        self.check_access("write")
        evaluations = self.sudo()
        evaluations._lock_to_move(version)
        plans = evaluations._plan_moves(version)
        origins = {evaluation: evaluation.version_id for evaluation in evaluations}
        evaluations._apply_moves(plans, version)
        evaluations._log_moves(plans, origins, version)
        return {
            evaluation.with_env(self.env): Counter(step.kind for step in steps)
            for evaluation, steps in plans.items()
        }

    def _lock_to_move(self, version):
        """Check that all may move, and hold them until commit."""
        version._check_published()
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT id, state, version_id FROM cap_evaluation WHERE id IN %s "
                "ORDER BY id FOR UPDATE",
                tuple(self.ids),
            )
        )
        for evaluation_id, state, _version in rows:
            if state not in OPEN_STATES:
                self.browse(evaluation_id)._raise_closed(state)
        self.invalidate_recordset(["state", "version_id"], flush=False)
        for origin in self.version_id:
            if version not in origin._get_later_editions():
                raise UserError(
                    self.env._(
                        "“%(edition)s” is not a later published edition of the same "
                        "référentiel as “%(origin)s”.",
                        edition=version.display_name,
                        origin=origin.display_name,
                    )
                )
        self._check_none_open(version)

    def _check_none_open(self, version):
        blocked = self._get_blocked(version)
        if blocked:
            raise UserError(
                self.env._(
                    "“%(structure)s” already has an open evaluation with "
                    "“%(edition)s”: go on with that one.",
                    structure=blocked[0].partner_id.name,
                    edition=version.display_name,
                )
            )

    def _get_blocked(self, version):
        """Return those whose structure is already on ``version`` with another one."""
        others = self.sudo().search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("version_id", "=", version.id),
                ("state", "in", OPEN_STATES),
            ]
        )
        keys = {(other.partner_id, other.company_id) for other in others}
        return self.filtered(lambda e: (e.partner_id, e.company_id) in keys)

    # ----------------------------------------------------------------- planning

    def _plan_moves(self, version):
        """Return ``{evaluation: steps}`` of moving to ``version``, changing nothing."""
        plans = {}
        said = self._read_said()
        applicable = version._get_applicable_objectives(self.partner_id)
        for origin, evaluations in self.grouped("version_id").items():
            sources = version._get_sources(origin)
            unchanged = self._get_unchanged_applicability(version, sources)
            same_scale = origin.scale_id == version.scale_id
            mention = self._get_split_mention(version)
            for evaluation in evaluations:
                lines = said.get(evaluation.id, {})
                concerned = set(applicable[evaluation.partner_id].ids)
                wanted = {
                    objective: old
                    for objective, old in sources.items()
                    if objective in concerned
                    or (objective in unchanged and lines.keys() & set(old))
                }
                plans[evaluation] = plan_move(lines, wanted, same_scale, mention)
        return plans

    def _get_unchanged_applicability(self, version, sources):
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

    def _get_split_mention(self, version):
        """Return the function that says where a copied answer comes from."""
        env = self._with_edition_language(version).env
        texts = {}

        def mention(code):
            if code not in texts:
                texts[code] = env._(
                    "(Copied from %(code)s, split in the edition %(edition)s.)",
                    code=code,
                    edition=version.name,
                )
            return texts[code]

        return mention

    def _with_edition_language(self, version):
        """Return self in the language of an edition, whoever the job runs as."""
        installed = dict(self.env["res.lang"].get_installed())
        if version.lang not in installed:
            return self
        return self.with_context(lang=version.lang)

    def _read_said(self):
        """Return ``{evaluation id: {objective id: what its line says}}``."""
        lines = self.env["cap.evaluation.line"]
        lines.flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.evaluation_id, line.id, line.objective_id, objective.code,
                       line.level_id, level.value, line.na_reason, line.comment,
                       line.progress_action, line.progress_comment
                  FROM cap_evaluation_line line
                  JOIN cap_objective objective ON objective.id = line.objective_id
             LEFT JOIN cap_scale_level level ON level.id = line.level_id
                 WHERE line.evaluation_id IN %s AND line.active
              ORDER BY objective.sequence, objective.id
                """,
                tuple(self.ids) or (0,),
            )
        )
        said = {}
        for evaluation_id, *values in rows:
            line = Said(*values)
            said.setdefault(evaluation_id, {})[line.objective_id] = line
        return said

    # ----------------------------------------------------------------- applying

    def _apply_moves(self, plans, version):
        """Do what ``plans`` say, whatever the number of lines in the same few queries.

        At every moment an evaluation has one line for each objective: a line leaves
        its objective, then the copy of what it said there is kept aside in its place.
        """
        steps = [(e, step) for e, found in plans.items() for step in found]
        previous = self._get_previous_levels(version)
        copies = self._prepare_copies(steps)
        self._write_moved(steps, previous)
        lines = self.env["cap.evaluation.line"]
        lines.create(copies)
        self._set_aside(steps)
        self._set_edition(version)
        lines.create(self._prepare_added(steps, previous))

    def _prepare_copies(self, steps):
        """Return the lines that hold aside what rewritten lines said."""
        rewritten = [s.line_id for _e, s in steps if s.line_id and s.values]
        lines = self.env["cap.evaluation.line"].browse(rewritten)
        origins = {evaluation.id: evaluation.version_id.id for evaluation in self}
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
                "previous_level_id": self._get_previous(previous, evaluation, step),
                **(step.values or {}),
            }
            for evaluation, step in steps
            if step.target and not step.line_id
        ]

    @staticmethod
    def _get_previous(previous, evaluation, step):
        return previous.get(evaluation.previous_id.id, {}).get(step.target)

    def _write_moved(self, steps, previous):
        """Put lines under their new objectives, rewriting the answers that change."""
        kept, rewritten = [], []
        for evaluation, step in steps:
            if not step.line_id:
                continue
            row = [
                step.line_id,
                step.target,
                self._get_previous(previous, evaluation, step),
            ]
            if step.values is None:
                kept.append(tuple(row))
            else:
                answer = [step.values[name] for name in ANSWER_COLUMNS]
                rewritten.append((*row, *answer))
        self._update_lines(kept, {})
        self._update_lines(rewritten, ANSWER_COLUMNS)
        self.env["cap.evaluation.line"].invalidate_model(flush=False)

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
            self.env["cap.evaluation.line"].invalidate_model(flush=False)

    def _set_edition(self, version):
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                "UPDATE cap_evaluation SET version_id = %s, write_uid = %s, "
                "write_date = %s WHERE id IN %s",
                version.id,
                self.env.uid,
                self.env.cr.now(),
                tuple(self.ids),
            )
        )
        self.invalidate_recordset(flush=False)
        self.modified(["version_id"])
        self.env["cap.evaluation.line"].invalidate_model(flush=False)

    # -------------------------------------------------------------------- words

    def _log_moves(self, plans, origins, version):
        """Write in each chatter what became of what, without any mail."""
        bodies = {
            evaluation.id: evaluation._with_edition_language(version)._tell_move(
                steps, origins[evaluation], version
            )
            for evaluation, steps in plans.items()
        }
        self._message_log_batch(bodies=bodies)

    def _tell_move(self, steps, origin, version):
        """Return what is written in the chatter: counts, then all that is not kept."""
        counts = Counter(step.kind for step in steps)
        body = Markup("<p>%s</p>") % self.env._(
            "Moved from “%(origin)s” to “%(edition)s”. Kept: %(kept)s; new: %(new)s; "
            "merged: %(merged)s; split: %(split)s; dropped and kept aside: "
            "%(dropped)s.",
            origin=origin.display_name,
            edition=version.display_name,
            **{kind: counts[kind] for kind in KINDS},
        )
        if origin.scale_id != version.scale_id:
            body += Markup("<p>%s</p>") % self._tell_other_scale()
        told = [step for step in steps if step.kind not in ("kept", "new")]
        if told:
            codes = self._get_codes(told)
            items = [Markup("<li>%s</li>") % self._tell_step(s, codes) for s in told]
            body += Markup("<ul>%s</ul>") % Markup().join(items)
        return body

    def _get_codes(self, steps):
        targets = [step.target for step in steps if step.target]
        objectives = self.env["cap.objective"].browse(targets)
        return {objective.id: objective.code for objective in objectives}

    def _tell_other_scale(self):
        return self.env._(
            "The two editions have different scales: comments go on, levels do not. "
            "The earlier answers are kept aside."
        )

    def _tell_step(self, step, codes):
        """Return one line of the chatter, "1.1.1.1 (2), 1.1.1.2 (1) → 1.1.1.1"."""
        before = ", ".join(
            line.code if line.value is None else f"{line.code} ({line.value})"
            for line in step.sources
        )
        if not step.target:
            return self.env._("Dropped and kept aside: %(before)s", before=before)
        arrow = f"{before} → {codes[step.target]}"
        if step.kind == "merged":
            return self.env._("Merged: %(arrow)s", arrow=arrow)
        return self.env._("Split: %(arrow)s", arrow=arrow)
