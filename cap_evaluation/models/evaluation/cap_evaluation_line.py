from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...kernel import answer
from ...kernel.text import typed


class CapEvaluationLine(models.Model):
    """What an evaluation says of one operational objective.

    A level or a reason for "not applicable", never both; neither means "to do".
    Level 0 is an answer: tests are on the record, never on the value.
    """

    _name = "cap.evaluation.line"
    _description = "CAP Evaluation Line"
    _inherit = ["cap.system.fields.mixin"]
    _order = "evaluation_id, objective_id"
    _rec_name = "objective_id"

    evaluation_id = fields.Many2one(
        "cap.evaluation", required=True, index=True, ondelete="cascade"
    )
    objective_id = fields.Many2one(
        "cap.objective", required=True, index=True, ondelete="restrict"
    )
    level_id = fields.Many2one(
        "cap.scale.level",
        ondelete="restrict",
        domain="[('scale_id', '=', scale_id)]",
    )
    na_reason = fields.Text("Why it does not apply")
    comment = fields.Text(help="What makes the group say so.")
    progress_action = fields.Selection(
        [("yes", "Yes"), ("no", "No")],
        "Progress action",
        help="Does the structure want to progress here? Empty: not answered.",
    )
    progress_comment = fields.Text("Which action")
    previous_level_id = fields.Many2one(
        "cap.scale.level", "Previous level", readonly=True, ondelete="restrict"
    )
    state = fields.Selection(
        [("todo", "To do"), ("scored", "Scored"), ("not_applicable", "Not applicable")],
        compute="_compute_state",
        search="_search_state",
    )
    scale_id = fields.Many2one(related="evaluation_id.version_id.scale_id")
    theme_id = fields.Many2one(related="objective_id.theme_id", string="Theme")
    subtheme_id = fields.Many2one(
        related="objective_id.subtheme_id", string="Sub-theme"
    )
    guidance = fields.Text(related="objective_id.guidance")
    active = fields.Boolean(
        default=True,
        readonly=True,
        help="Unticked: kept aside when its evaluation moved to a later edition.",
    )
    aside_version_id = fields.Many2one(
        "cap.referential.version",
        "Said under",
        readonly=True,
        ondelete="restrict",
        help="The edition this was said under, when it did not go on unchanged.",
    )
    evaluation_state = fields.Selection(
        related="evaluation_id.state", string="Evaluation state"
    )

    _objective_unique = models.Constraint(
        "UNIQUE (evaluation_id, objective_id)",
        "An evaluation has one line for each objective.",
    )
    _level_or_reason = models.Constraint(
        "CHECK (level_id IS NULL OR na_reason IS NULL)",
        "A line has a level or a reason for “not applicable”, never both.",
    )
    _reason_written = models.Constraint(
        "CHECK (na_reason IS NULL OR btrim(na_reason) != '')",
        "Write a reason, even a short one: without it the objective stays to do.",
    )

    @api.depends("level_id", "na_reason")
    def _compute_state(self):
        for line in self:
            if line.level_id:
                line.state = "scored"
            else:
                line.state = "not_applicable" if line.na_reason else "todo"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        domains = {
            "scored": Domain("level_id", "!=", False),
            "not_applicable": Domain("na_reason", "!=", False),
            "todo": Domain("level_id", "=", False) & Domain("na_reason", "=", False),
        }
        return Domain.OR(domains[state] for state in value if state in domains)

    # ----------------------------------------------------------------- writing

    @api.model
    def _get_system_fields(self):
        """Return all but the answer: lines are made and moved by the system."""
        answer = self._get_answer_fields()
        return frozenset(self._fields) - answer - self._get_birth_fields()

    @api.model
    def _get_birth_fields(self):
        return super()._get_birth_fields() | {"evaluation_id", "objective_id"}

    @api.model_create_multi
    def create(self, vals_list):
        """Create lines while their evaluation is open; a level chases the reason.

        :raise UserError: closed evaluation, level outside the scale, text too long
        """
        evaluation_ids = {vals.get("evaluation_id") for vals in vals_list} - {None}
        self.env["cap.evaluation"].browse(evaluation_ids)._lock_open()
        lines = super().create([self._clean_answer(vals) for vals in vals_list])
        lines._check_levels(vals.get("level_id") for vals in vals_list)
        return lines

    def write(self, vals):
        """Write an answer, while its evaluation is open; all the rest is set once.

        :raise AccessError: on another field than those of an answer
        :raise UserError: closed evaluation, line kept aside, level outside the scale
        """
        self._check_written_fields(vals)
        self.evaluation_id._lock_open()
        self._check_not_aside()
        self._check_levels([vals.get("level_id")] * len(self))
        return super().write(self._clean_answer(vals))

    @api.model
    def _get_answer_fields(self):
        """Return the names of the fields that people write on a line.

        To be completed by a module that adds one to the answer.
        """
        return set(answer.FIELDS)

    @api.model
    def _clean_answer(self, vals):
        """Return ``vals`` with a level chasing the reason and the other way round."""
        vals = dict(vals)
        for key in answer.TEXTS:
            if key in vals:
                vals[key] = typed(vals[key]) or False
                if len(vals[key] or "") > answer.TEXT_LIMIT and not self.env.su:
                    raise UserError(self._tell_bad(answer.BadAnswer(key, "long")))
        if vals.get("level_id"):
            vals.setdefault("na_reason", False)
        elif vals.get("na_reason"):
            vals.setdefault("level_id", False)
        return vals

    def _check_levels(self, level_ids):
        """Raise UserError where a level is not one of the line's own scale."""
        for line, level_id in zip(self, level_ids, strict=True):
            if level_id and level_id not in line._get_level_ids().values():
                raise UserError(line._tell_bad(answer.BadAnswer("level", "level")))

    def _get_level_ids(self):
        """Return ``{value: level id}`` of the scale that this line is scored on."""
        return self.evaluation_id.version_id._get_level_ids()

    def _tell_bad(self, error):
        """Return what to do about a :class:`~.kernel.answer.BadAnswer`, in words.

        What was sent is not repeated: messages end in logs, answers must not.
        """
        if error.problem == "level":
            return self.env._(
                "This is not a level of this scale: choose %(values)s.",
                values=", ".join(map(str, self._get_level_ids())),
            )
        if error.problem == "reason" and self.level_id:
            return self.env._(
                "Write a reason, even a short one. Until then, the objective stays at "
                "“%(level)s”.",
                level=self.level_id.display_name,
            )
        if error.problem == "reason" and self.na_reason:
            return self.env._(
                "Write a reason, even a short one. Until then, the one written before "
                "stays."
            )
        if error.problem == "reason":
            return self.env._(
                "Write a reason, even a short one. Without it, the objective "
                "stays “to do”."
            )
        return self.env._(
            "This text has more than %(limit)s characters: shorten it, or put the rest "
            "in a document.",
            limit=answer.TEXT_LIMIT,
        )

    def _check_not_aside(self):
        """Raise UserError where a line was kept aside: it is there to be read."""
        aside = self.filtered(lambda line: not line.active)
        if aside:
            raise UserError(
                self.env._(
                    "“%(objective)s” was kept aside when this evaluation moved to "
                    "another edition: it is there to be read.",
                    objective=aside[0].sudo().objective_id.display_name,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self.evaluation_id._lock_open()
        self._check_not_aside()

    # ------------------------------------------------- saving from a live page

    def save_answer(self, values, base=None):
        """Save what one person changed on this line, unless somebody else did too.

        Three answers are compared (see ``kernel/answer.py``): what this person saw
        (``base``), what is stored now, what they want (``values``). If something they
        changed was changed meanwhile, nothing is written and both are told.

        :param dict values: any of the ``KEYS`` of an answer, ``level`` being a value of
            the scale, or None; what is not given stays. ``level`` and ``na_reason``
            both empty: no answer.
        :param dict base: the same keys as they were on the page; a missing key means
            "empty"
        :return: dict: ``status`` is "saved" (with ``line``, ``date``, ``scored``,
            ``applicable`` of the whole evaluation and ``subtheme``'s own) or
            "conflict" (with ``line`` as stored, ``author``, ``is_mine``, ``date``,
            ``fields``)
        :raise UserError: closed evaluation, level outside the scale, blank reason, text
            too long
        """
        seen = answer.read_seen(base)
        try:
            wanted = answer.read(values, seen)
        except answer.BadAnswer as error:
            raise UserError(self._tell_bad(error)) from None
        return self._save_answer(seen, wanted)

    def _save_answer(self, seen, wanted):
        """Save what somebody wants who saw ``seen``: see :meth:`save_answer`."""
        self.ensure_one()
        self.check_access("write")
        line_sudo = self.sudo()
        line_sudo.evaluation_id._check_open()
        merged = answer.merge(seen, line_sudo._get_answer(), wanted)
        if merged.clashes:
            return line_sudo._prepare_conflict(merged.clashes)
        if merged.changes:
            line_sudo.write(line_sudo._to_field_values(merged.changes))
        return line_sudo._prepare_saved()

    def _get_answer(self):
        """Return what is stored on this line, as an ``Answer``."""
        self.ensure_one()
        values = {level_id: value for value, level_id in self._get_level_ids().items()}
        stored = {key: self[key] for key in answer.KEYS if key != "level"}
        return answer.read_seen({**stored, "level": values.get(self.level_id.id)})

    def _to_field_values(self, changes):
        """Return keys of an answer as field values, the level looked up on the scale.

        :raise UserError: on a level outside the scale
        """
        vals = {key: value or False for key, value in changes.items() if key != "level"}
        if "level" in changes:
            level_ids = self._get_level_ids()
            if changes["level"] not in (None, *level_ids):
                raise UserError(self._tell_bad(answer.BadAnswer("level", "level")))
            vals["level_id"] = level_ids.get(changes["level"], False)
        return vals

    def _prepare_conflict(self, clashes):
        """Return what to show of a conflict; nothing was written."""
        return {
            "status": "conflict",
            "line": self._get_answer()._asdict(),
            "author": self.write_uid.name,
            "is_mine": self.write_uid.id == self.env.uid,
            "date": fields.Datetime.to_string(self.write_date),
            "fields": clashes,
        }

    def _prepare_saved(self):
        """Return the answer to a save, with counts read in one query."""
        self.flush_recordset()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT COUNT(line.level_id), COUNT(*) - COUNT(line.na_reason),
                       COUNT(line.level_id) FILTER (WHERE %(same)s),
                       COUNT(*) FILTER (WHERE %(same)s)
                       - COUNT(line.na_reason) FILTER (WHERE %(same)s)
                  FROM cap_evaluation_line line
                  JOIN cap_objective objective ON objective.id = line.objective_id
                 WHERE line.evaluation_id = %(evaluation)s AND line.active
                """,
                same=SQL(
                    """
                    objective.subtheme_id IS NOT DISTINCT FROM
                    (SELECT subtheme_id FROM cap_objective WHERE id = %s)
                    """,
                    self.objective_id.id,
                ),
                evaluation=self.evaluation_id.id,
            )
        )
        scored, applicable, sub_scored, sub_applicable = rows[0]
        return {
            "status": "saved",
            "line": self._get_answer()._asdict(),
            "date": fields.Datetime.to_string(fields.Datetime.now()),
            "scored": scored,
            "applicable": applicable,
            "subtheme": {"scored": sub_scored, "applicable": sub_applicable},
        }
