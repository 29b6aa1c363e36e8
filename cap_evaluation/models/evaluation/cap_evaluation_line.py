from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

# What people write on a line; all the rest is set once, when the line is made.
ANSWER_FIELDS = frozenset(
    {"level_id", "na_reason", "comment", "progress_action", "progress_comment"}
)
TEXT_FIELDS = ("na_reason", "comment", "progress_comment")


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
        return frozenset(self._fields) - ANSWER_FIELDS - self._get_birth_fields()

    @api.model
    def _get_birth_fields(self):
        return super()._get_birth_fields() | {"evaluation_id", "objective_id"}

    @api.model_create_multi
    def create(self, vals_list):
        evaluation_ids = {vals.get("evaluation_id") for vals in vals_list} - {None}
        self.env["cap.evaluation"].browse(evaluation_ids)._lock_open()
        lines = super().create([self._clean_answer(vals) for vals in vals_list])
        lines._check_levels(vals.get("level_id") for vals in vals_list)
        return lines

    def write(self, vals):
        self._check_written_fields(vals)
        self.evaluation_id._lock_open()
        self._check_not_aside()
        self._check_levels([vals.get("level_id")] * len(self))
        return super().write(self._clean_answer(vals))

    @api.model
    def _clean_answer(self, vals):
        """Return ``vals`` with a level chasing the reason and the other way round."""
        vals = dict(vals)
        for name in TEXT_FIELDS:
            if name in vals:
                vals[name] = (vals[name] or "").strip() or False
        if vals.get("level_id"):
            vals.setdefault("na_reason", False)
        elif vals.get("na_reason"):
            vals.setdefault("level_id", False)
        return vals

    def _check_levels(self, level_ids):
        """Raise UserError where a level is not one of the line's own scale."""
        for line, level_id in zip(self, level_ids, strict=True):
            if level_id and level_id not in line._get_level_ids().values():
                level = self.env["cap.scale.level"].browse(level_id)
                line._raise_outside_scale(level.value)

    def _get_level_ids(self):
        """Return ``{value: level id}`` of the scale that this line is scored on."""
        return self.evaluation_id.version_id._get_level_ids()

    def _raise_outside_scale(self, value):
        values = ", ".join(map(str, self._get_level_ids()))
        raise UserError(
            self.env._(
                "%(value)s is not a level of this scale: choose %(values)s.",
                value=value,
                values=values,
            )
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

        Each given field is compared three ways: what this person saw (``base``), what
        is stored now, what they want (``values``). Where the stored value is still
        the one they saw, or already the wanted one, it is theirs to write. If one
        field was changed meanwhile, nothing is written and both are told.

        :param dict values: any of ``level`` (a value of the scale, or None),
            ``na_reason``, ``comment``, ``progress_action``, ``progress_comment``;
            level and reason are one answer: giving one replaces the other
        :param dict base: the same keys as they were on the page; a missing key means
            "empty"
        :return: dict: ``status`` is "saved" (with ``line``, ``date``, ``scored``,
            ``applicable`` of the whole evaluation and ``subtheme``'s own) or
            "conflict" (with ``line`` as stored, ``author``, ``date``, ``fields``)
        :raise UserError: closed evaluation, level outside the scale, blank reason
        """
        self.ensure_one()
        self.check_access("write")
        line_sudo = self.sudo()
        line_sudo.evaluation_id._lock_open()
        line_sudo._check_not_aside()
        base = base or {}
        wanted = line_sudo._normalise(self._imply_action(values, base))
        seen = line_sudo._normalise({n: base.get(n) for n in wanted}, lenient=True)
        stored = line_sudo._get_answer()
        clashes = [
            name
            for name, value in wanted.items()
            if stored[name] not in (value, seen[name])
        ]
        if clashes:
            return line_sudo._prepare_conflict(clashes)
        changed = {n: v for n, v in wanted.items() if stored[n] != v}
        if changed:
            line_sudo.write(line_sudo._to_field_values(changed))
        return line_sudo._prepare_saved()

    def _get_answer(self):
        """Return what is stored on this line, as :meth:`save_answer` exchanges it."""
        self.ensure_one()
        values = {level_id: value for value, level_id in self._get_level_ids().items()}
        return {
            "level": values[self.level_id.id] if self.level_id else None,
            "na_reason": self.na_reason or "",
            "comment": self.comment or "",
            "progress_action": self.progress_action or False,
            "progress_comment": self.progress_comment or "",
        }

    @api.model
    def _imply_action(self, values, base):
        """Return ``values``, with a yes where an action is written without a choice.

        A plan is made of the lines that say yes: the text would be lost to it. What
        this person saw tells; a "no" that somebody else chose meanwhile is a conflict.
        """
        text = (values.get("progress_comment") or "").strip()
        chosen = values.get("progress_action") or base.get("progress_action")
        if text and not chosen and text != (base.get("progress_comment") or "").strip():
            return {**values, "progress_action": "yes"}
        return values

    def _normalise(self, values, lenient=False):
        """Return ``values`` cleaned; a level empties the reason, and vice versa."""
        known = {}
        for name in TEXT_FIELDS:
            if name in values:
                known[name] = (values[name] or "").strip().replace("\r\n", "\n")
        if "progress_action" in values:
            action = values["progress_action"] or False
            known["progress_action"] = action if action in ("yes", "no") else False
        if "level" in values:
            known["level"] = self._normalise_level(values["level"])
        if lenient:
            return known
        if known.get("level") is not None:
            known["na_reason"] = ""
        elif known.get("na_reason"):
            known["level"] = None
        elif "na_reason" in known and "level" not in known and not self.level_id:
            raise UserError(
                self.env._(
                    "Write a reason, even a short one. Without it, the objective "
                    "stays “to do”."
                )
            )
        return known

    def _normalise_level(self, value):
        """Return ``value`` as an integer, or None for an empty one."""
        if value is None or value is False or value == "":
            return None
        try:
            return int(value)
        except (TypeError, ValueError):
            self._raise_outside_scale(value)

    def _to_field_values(self, answer):
        """Return ``answer`` as field values, its level looked up on the scale."""
        vals = {name: value for name, value in answer.items() if name != "level"}
        if "level" in answer:
            level_ids = self._get_level_ids()
            if answer["level"] is not None and answer["level"] not in level_ids:
                self._raise_outside_scale(answer["level"])
            vals["level_id"] = level_ids.get(answer["level"], False)
        return vals

    def _prepare_conflict(self, clashes):
        return {
            "status": "conflict",
            "line": self._get_answer(),
            "author": self.write_uid.name,
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
            "line": self._get_answer(),
            "date": fields.Datetime.to_string(fields.Datetime.now()),
            "scored": scored,
            "applicable": applicable,
            "subtheme": {"scored": sub_scored, "applicable": sub_applicable},
        }
