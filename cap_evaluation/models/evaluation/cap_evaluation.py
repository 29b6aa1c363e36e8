from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ...kernel.answer import Answer
from ...kernel.scoring import Scored, summarise
from ...tools.names import search_names
from ..structure.res_partner import SIZES

OPEN_STATES = ("draft", "collecting", "consensus", "review")
STATES = [
    ("draft", "Draft"),
    ("collecting", "Collecting opinions"),
    ("consensus", "Pooling together"),
    ("review", "Review"),
    ("validated", "Validated"),
    ("cancelled", "Cancelled"),
]
# What only transitions and copies at validation write.
SYSTEM_FIELDS = frozenset(
    {
        "state",
        "reviewed",
        "previous_id",
        "next_ids",
        "validated_on",
        "validated_day",
        "year",
        "region_id",
        "structure_type_ids",
        "main_type_id",
        "size",
    }
)
FRESH = timedelta(days=183)
SCORE_KINDS = ("all", "theme", "subtheme")


class CapEvaluation(models.Model):
    """The CAP of one structure, made with one edition of the référentiel.

    It opens with one line per operational objective that concerns the structure,
    is filled in while it is open (``is_open``), and never changes once
    validated: going on means a new evaluation that remembers the previous levels.
    Scores are never stored: see :meth:`get_scores`.
    """

    _name = "cap.evaluation"
    _description = "CAP Evaluation"
    _inherit = ["mail.thread", "mail.activity.mixin", "cap.system.fields.mixin"]
    _order = "validated_on desc nulls first, id desc"
    _check_company_auto = True

    partner_id = fields.Many2one(
        "res.partner",
        "Structure",
        required=True,
        index=True,
        domain="[('is_company', '=', True)]",
        ondelete="restrict",
        check_company=True,
    )
    version_id = fields.Many2one(
        "cap.referential.version",
        "Edition",
        required=True,
        index=True,
        domain="[('state', '=', 'published')]",
        ondelete="restrict",
        check_company=True,
        default=lambda self: self.env["cap.referential.version"]._get_latest_published(
            "CAP"
        ),
    )
    campaign_id = fields.Many2one(
        "cap.campaign", index="btree_not_null", ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
    )
    pilot_ids = fields.Many2many(
        "res.partner",
        "cap_evaluation_pilot_rel",
        "evaluation_id",
        "partner_id",
        string="Pilots",
        domain="[('is_company', '=', False)]",
        help="They fill in this evaluation, on the portal or here.",
    )
    facilitator_id = fields.Many2one(
        "res.partner",
        index="btree_not_null",
        domain="[('is_company', '=', False)]",
        help="Accompanies the structure on the day of the diagnostic.",
    )
    mode = fields.Selection(
        [
            ("alone", "Alone"),
            ("participatory", "Participatory"),
            ("accompanied", "Accompanied"),
        ],
        default="alone",
        required=True,
    )
    state = fields.Selection(
        STATES,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        index=True,
    )
    is_open = fields.Boolean(
        "Under way", compute="_compute_is_open", search="_search_is_open"
    )
    reviewed = fields.Boolean(
        readonly=True, copy=False, help="A third party or a peer reviewed it."
    )
    line_ids = fields.One2many("cap.evaluation.line", "evaluation_id", "Lines")
    previous_id = fields.Many2one(
        "cap.evaluation",
        "Previous CAP",
        index="btree_not_null",
        readonly=True,
        copy=False,
        ondelete="restrict",
        check_company=True,
    )
    next_ids = fields.One2many("cap.evaluation", "previous_id", "Next CAPs")

    # Copied at validation, so that the network's past never moves.
    validated_on = fields.Datetime(readonly=True, copy=False)
    validated_day = fields.Date(
        "Validation Day",
        readonly=True,
        copy=False,
        help="The day of the validation where the structure is: the same for every "
        "reader, wherever they are.",
    )
    year = fields.Integer(
        readonly=True, copy=False, help="Calendar year of the validation."
    )
    region_id = fields.Many2one(
        "cap.region",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    structure_type_ids = fields.Many2many(
        "cap.structure.type",
        "cap_evaluation_structure_type_rel",
        "evaluation_id",
        "structure_type_id",
        string="Structure Types",
        readonly=True,
        copy=False,
    )
    main_type_id = fields.Many2one(
        "cap.structure.type",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
        help="The one type under which the network counts this CAP.",
    )
    size = fields.Selection(SIZES, "Size (FTE)", readonly=True, copy=False)

    shut_out_pilot_ids = fields.Many2many(
        "res.partner",
        string="Pilots who cannot open it",
        compute="_compute_shut_out_pilot_ids",
        help="Their account is not allowed in the company of this evaluation.",
    )
    structure_region_id = fields.Many2one(
        related="partner_id.cap_region_id", string="Region today"
    )
    line_count = fields.Integer("Objectives", compute="_compute_scores")
    applicable_count = fields.Integer("Applicable", compute="_compute_scores")
    scored_count = fields.Integer("Objectives scored", compute="_compute_scores")
    score = fields.Float(
        "Score (%)", compute="_compute_scores", digits=(5, 1), aggregator="avg"
    )
    coverage = fields.Float(
        "Coverage (%)", compute="_compute_scores", digits=(5, 1), aggregator="avg"
    )

    _one_open = models.UniqueIndex(
        f"(partner_id, version_id, company_id) WHERE state IN {OPEN_STATES}",
        "This structure already has an open evaluation with this edition: "
        "go on with it, or validate it first.",
    )
    _validated_with_date = models.Constraint(
        "CHECK (state != 'validated' OR (validated_on IS NOT NULL "
        "AND validated_day IS NOT NULL AND year > 0))",
        "A validated evaluation has its date.",
    )

    @api.depends("partner_id.name", "version_id.display_name", "state", "year")
    def _compute_display_name(self):
        titles = self._get_titles()
        for evaluation in self:
            # Who may read an evaluation may know whose it is, even a portal user of
            # another structure, who cannot read that partner.
            structure = evaluation.sudo().partner_id.name or ""
            evaluation.display_name = f"{titles[evaluation]}, {structure}"

    @api.model
    def _search_display_name(self, operator, value):
        """Find an evaluation by its structure, its edition, its year, or all."""
        edition = ["version_id.name", "version_id.referential_id.code"]
        return search_names(
            self,
            operator,
            value,
            texts=["partner_id.name", *edition],
            numbers=["year"],
            said=self.env._("%(title)s, under way", title=""),
        )

    def _get_title(self):
        """Return what people call it: its edition, or its year once it is validated.

        An edition serves for years: three CAPs of one structure need three names.
        """
        self.ensure_one()
        return self._get_titles()[self]

    def _get_photographie_name(self):
        """Return what the file of the photographie is called, without its extension."""
        self.ensure_one()
        return self.env._("Photographie, %(evaluation)s", evaluation=self.display_name)

    def _get_titles(self):
        """Return ``{evaluation: title}``, with one query whatever their number.

        An open one whose structure has validated a CAP of the same title says that it
        is under way.
        """
        still_open = self.filtered(lambda e: e.is_open)
        taken = still_open._get_validated_titles()
        titles = {}
        for evaluation in self:
            title = evaluation.version_id.display_name or ""
            if evaluation.state == "validated":
                title = evaluation._get_validated_title()
            elif (*evaluation._get_owner_ids(), title) in taken:
                title = self.env._("%(title)s, under way", title=title)
            titles[evaluation] = title
        return titles

    def _get_validated_title(self):
        code = self.version_id.referential_id.code.replace("_", " ")
        return f"{code} {self.year}"

    def _get_validated_titles(self):
        """Return ``{(structure id, company id, title)}`` of what these have validated.

        In sudo: the name of one CAP depends on the others of its company, seen or not.
        """
        partners_sudo = self.sudo().partner_id
        if not partners_sudo:
            return set()
        validated_sudo = self.sudo().search_fetch(
            [
                ("partner_id", "in", partners_sudo.ids),
                ("company_id", "in", self.sudo().company_id.ids),
                ("state", "=", "validated"),
            ],
            ["partner_id", "company_id", "version_id", "year"],
        )
        return {(*e._get_owner_ids(), e._get_validated_title()) for e in validated_sudo}

    def _get_owner_ids(self):
        """Return whose CAP it is: the ids of its structure and of its company."""
        evaluation_sudo = self.sudo()
        return evaluation_sudo.partner_id.id, evaluation_sudo.company_id.id

    @api.depends(
        "line_ids.level_id", "line_ids.na_reason", "line_ids.objective_id.weight"
    )
    def _compute_scores(self):
        scores = self._get_scores_batch("all")
        for evaluation in self:
            (total,) = scores[evaluation._origin.id or evaluation.id]
            evaluation.line_count = total["applicable"] + total["not_applicable"]
            evaluation.applicable_count = total["applicable"]
            evaluation.scored_count = total["scored"]
            evaluation.score = total["score"] or 0.0
            evaluation.coverage = total["coverage"]

    @api.depends("pilot_ids", "company_id")
    def _compute_shut_out_pilot_ids(self):
        for evaluation in self:
            evaluation.shut_out_pilot_ids = evaluation.pilot_ids._get_shut_out(
                evaluation.company_id
            )

    # ------------------------------------------------------------------ rules

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | SYSTEM_FIELDS

    @api.model
    def _get_birth_fields(self):
        return super()._get_birth_fields() | {"partner_id", "version_id", "company_id"}

    @api.model
    def _get_open_states(self):
        """Return the states in which levels can be written: the only place to ask.

        Searches and views ask ``is_open``, the index ``_one_open`` says the same.
        """
        return list(OPEN_STATES)

    @api.depends("state")
    def _compute_is_open(self):
        states = self._get_open_states()
        for evaluation in self:
            evaluation.is_open = evaluation.state in states

    def _search_is_open(self, operator, value):
        if operator != "in":
            return NotImplemented
        states = self._get_open_states()
        return Domain.OR(
            Domain("state", "in" if is_open else "not in", states)
            for is_open in set(value)
        )

    def _is_open(self):
        """Tell whether levels of this evaluation can be written."""
        self.ensure_one()
        return self.is_open

    @api.model
    def _get_frozen_fields(self):
        """Return the fields that validation freezes: all that give the result meaning.

        To be completed by a module whose fields do.
        """
        return {
            "partner_id",
            "version_id",
            "campaign_id",
            "company_id",
            "mode",
            "state",
            "reviewed",
            "line_ids",
            "previous_id",
            "validated_on",
            "validated_day",
            "year",
            "region_id",
            "structure_type_ids",
            "main_type_id",
            "size",
        }

    def _check_open(self):
        """Raise UserError unless these evaluations can still be filled in."""
        closed = self.filtered(lambda evaluation: not evaluation._is_open())
        if closed:
            closed[0]._raise_closed(closed[0].state)

    def _raise_closed(self, state):
        if state == "cancelled":
            raise UserError(
                self.env._(
                    "“%(evaluation)s” was cancelled: nothing more is written in it.",
                    evaluation=self.display_name,
                )
            )
        raise UserError(
            self.env._(
                "“%(evaluation)s” is validated and no longer changes. "
                "To go on, start the next one.",
                evaluation=self.display_name,
            )
        )

    def _lock_open(self):
        """Check that these evaluations are open, and hold them so until commit.

        A validation that another transaction commits meanwhile makes this one be
        retried, and then refused: no level slips into a validated evaluation.
        """
        if not self:
            return
        self.flush_recordset(["state"])
        rows = self.env.execute_query(
            SQL(
                "SELECT id, state FROM cap_evaluation WHERE id IN %s FOR SHARE",
                tuple(self.ids),
            )
        )
        for evaluation_id, state in rows:
            if state not in self._get_open_states():
                self.browse(evaluation_id)._raise_closed(state)

    @api.model_create_multi
    def create(self, vals_list):
        """Start evaluations, each following the structure's last validated one.

        :raise UserError: on an edition that is not published, an archived structure
        """
        versions = self.env["cap.referential.version"].browse(
            {vals["version_id"] for vals in vals_list if vals.get("version_id")}
        )
        versions._check_published()
        evaluations = super().create(vals_list)
        evaluations._check_structures_active()
        for evaluation, vals in zip(evaluations.sudo(), vals_list, strict=True):
            if "previous_id" not in vals:
                evaluation.previous_id = evaluation._find_last_validated()
        return evaluations

    def write(self, vals):
        """Write what may change: nothing that validation froze, nor what it is about.

        :raise UserError: on a frozen field of a validated evaluation; on the structure
            or the edition once there are lines
        """
        if self._get_frozen_fields() & vals.keys():
            frozen = self.filtered(lambda evaluation: evaluation.state == "validated")
            if frozen:
                frozen[0]._raise_closed("validated")
        if {"version_id", "partner_id"} & vals.keys() and self.line_ids:
            raise UserError(
                self.env._(
                    "The structure and the edition of an evaluation stay as they were "
                    "when it began. Cancel it and start another one."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        for evaluation in self:
            if evaluation.state == "validated" or evaluation.scored_count:
                raise UserError(
                    self.env._(
                        "“%(evaluation)s” holds answers: cancel it instead of "
                        "deleting it, nothing will be lost.",
                        evaluation=evaluation.display_name,
                    )
                )

    # ------------------------------------------------------------------ opening

    @api.model
    def _open_for_structures(self, partners, version, values=None):
        """Open one evaluation in draft, with its lines, for each of ``partners``.

        Made by the system, then held against the rights of whoever asks.

        :param dict values: what all these evaluations share (campaign, mode...); their
            company is the user's current one unless it says which
        :return: the new evaluations; batched, whatever their number
        :raise AccessError: to who may not open a CAP for each of these structures
        """
        values = {"company_id": self.env.company.id, **(values or {})}
        company = self.env["res.company"].browse(values["company_id"])
        evaluations_sudo = self.sudo()
        previous = evaluations_sudo._get_last_validated(
            partners, version.referential_id, company
        )
        pilots = partners._get_cap_pilots(company)
        evaluations_sudo = evaluations_sudo.with_context(
            tracking_disable=True, mail_create_nosubscribe=True
        ).create(
            [
                {
                    "partner_id": partner.id,
                    "version_id": version.id,
                    "previous_id": previous.get(partner.id, False),
                    "pilot_ids": [fields.Command.set(pilots[partner].ids)],
                    **values,
                }
                for partner in partners
            ]
        )
        evaluations_sudo._add_missing_lines()
        evaluations = evaluations_sudo.with_env(self.env)
        evaluations.check_access("create")
        return evaluations

    def _check_structures_active(self):
        """Raise UserError where the structure of an evaluation is archived."""
        for evaluation_sudo in self.sudo():
            if not evaluation_sudo.partner_id.active:
                raise UserError(
                    self.env._(
                        "“%(structure)s” is archived: no CAP starts there. Ask the "
                        "CAP managers to bring it back.",
                        structure=evaluation_sudo.partner_id.name,
                    )
                )

    @api.model
    def _open_for_structure(self, partner, pilots, version, company):
        """Return ``company``'s open evaluation of ``partner``, made when there is none.

        Another company's CAP of the same structure is never met. Of two people who
        start at the same moment, the unique index stops the second: the portal then
        runs the request again, and it finds the first's.

        :raise AccessError: to who may not write on that evaluation
        """
        current = self.sudo()._find_open(partner, version, company).with_env(self.env)
        if not current:
            current = self._open_for_structures(
                partner, version, {"company_id": company.id}
            )
        current.check_access("write")
        current.pilot_ids |= pilots
        return current

    @api.model
    def _find_open(self, partner, version, company):
        """Return the evaluation of ``partner`` that is open in ``company``, or none."""
        return self.search(
            [
                ("partner_id", "=", partner.id),
                ("version_id", "=", version.id),
                ("company_id", "=", company.id),
                ("is_open", "=", True),
            ],
            limit=1,
        )

    def _find_last_validated(self):
        """Return the id of the CAP validated before it, same structure and company."""
        self.ensure_one()
        return self._get_last_validated(
            self.partner_id, self.version_id.referential_id, self.company_id
        ).get(self.partner_id.id, False)

    @api.model
    def _get_last_validated(self, partners, referential, company):
        """Return ``{partner id: id of its last evaluation validated in company}``."""
        rows = self.search_fetch(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", company.id),
                ("version_id.referential_id", "=", referential.id),
                ("state", "=", "validated"),
            ],
            ["partner_id"],
            order="validated_on, id",
        )
        return {row.partner_id.id: row.id for row in rows}

    def _add_missing_lines(self):
        """Create the lines that these evaluations lack; return how many."""
        lines = self.env["cap.evaluation.line"]
        present = {
            (evaluation.id, objective.id)
            for evaluation, objective in lines._read_group(
                [("evaluation_id", "in", self.ids)], ["evaluation_id", "objective_id"]
            )
        }
        previous_levels = {
            version: evaluations._get_previous_levels(version)
            for version, evaluations in self.grouped("version_id").items()
        }
        vals_list = []
        for version, evaluations in self.grouped("version_id").items():
            applicable = version._get_applicable_objectives(evaluations.partner_id)
            for evaluation in evaluations:
                levels = previous_levels[version].get(evaluation.previous_id.id, {})
                for objective in applicable[evaluation.partner_id]:
                    if (evaluation.id, objective.id) in present:
                        continue
                    vals = {
                        "evaluation_id": evaluation.id,
                        "objective_id": objective.id,
                    }
                    if objective.id in levels:
                        vals["previous_level_id"] = levels[objective.id]
                    vals_list.append(vals)
        lines.create(vals_list)
        return len(vals_list)

    def _get_previous_lines(self):
        """Return ``{line: the lines of the previous CAP that it continues}``.

        In sudo: what the previous CAP of the same structure says belongs to this one,
        and was read by its team. Asides are left out; a new objective has no line.
        """
        lines = self.env["cap.evaluation.line"]
        found = {}
        for version, evaluations in self.grouped("version_id").items():
            previous = evaluations._get_continued_lines(version)
            for line in evaluations.line_ids:
                previous_id = line.evaluation_id.sudo().previous_id.id
                continued = previous.get(previous_id, {})
                found[line] = continued.get(line.objective_id.id, lines.sudo())
        return found

    def _get_continued_lines(self, version):
        """Return ``{previous evaluation id: {objective id of version: its lines}}``.

        What is said follows its objective from edition to edition (elevated).
        """
        previous_sudo = self.sudo().previous_id
        rows_sudo = previous_sudo.line_ids.search_fetch(
            [("evaluation_id", "in", previous_sudo.ids)],
            ["evaluation_id", "objective_id", "level_id", "na_reason", "comment"],
        )
        successors = {
            origin: version._get_successors(origin)
            for origin in previous_sudo.version_id
        }
        result = {}
        for row_sudo in rows_sudo:
            lines = result.setdefault(row_sudo.evaluation_id.id, {})
            followed = successors[row_sudo.evaluation_id.version_id]
            for objective in followed.get(row_sudo.objective_id.id, ()):
                lines[objective] = lines.get(objective, row_sudo.browse()) | row_sudo
        return result

    def _get_previous_levels(self, version):
        """Return ``{previous evaluation id: {objective id of version: level id}}``.

        Where several objectives became one, the lowest level. A level is carried only
        when the two scales are the same.
        """
        return {
            previous: {
                objective: levels.sorted("value")[0].id
                for objective, lines in continued.items()
                if (
                    levels := lines.level_id.filtered(
                        lambda level: level.scale_id == version.scale_id
                    )
                )
            }
            for previous, continued in self._get_continued_lines(version).items()
        }

    # ------------------------------------------------------------- transitions

    def action_start(self):
        """Start: add missing lines, then collect opinions, or pool when alone."""
        self.check_access("write")
        self._check_open()
        drafts = self.sudo().filtered(lambda evaluation: evaluation.state == "draft")
        drafts._add_missing_lines()
        alone = drafts.filtered(lambda evaluation: evaluation.mode == "alone")
        alone.state = "consensus"
        (drafts - alone).state = "collecting"
        return True

    def action_open_consensus(self):
        """Close the collection: the group now agrees on one level per objective."""
        self.check_access("write")
        self._check_open()
        opening = self.sudo().filtered(lambda e: e.state in ("draft", "collecting"))
        opening.state = "consensus"
        return True

    def action_validate(self):
        """Validate: copy the structure's dimensions, then nothing changes any more.

        :raise UserError: when closed already, or when nothing is scored
        """
        self.check_access("write")
        self._check_open()
        now = fields.Datetime.now()
        for evaluation in self.sudo():
            if not evaluation.line_ids.filtered(lambda line: line.state != "todo"):
                raise UserError(
                    self.env._(
                        "Nothing is scored in “%(evaluation)s” yet: score at least "
                        "one objective before validating.",
                        evaluation=evaluation.display_name,
                    )
                )
            partner = evaluation.partner_id
            day = evaluation._get_local_day(now)
            evaluation.write(
                {
                    "state": "validated",
                    "validated_on": now,
                    "validated_day": day,
                    "year": day.year,
                    "region_id": partner.cap_region_id.id,
                    "structure_type_ids": [
                        fields.Command.set(partner.cap_structure_type_ids.ids)
                    ],
                    "main_type_id": partner.cap_main_type_id.id,
                    "size": partner.cap_size,
                }
            )
        return True

    def _get_local_day(self, moment):
        """Return the day that ``moment`` (UTC) is where the structure is.

        Its own time zone, else its company's, else that of who acts.
        """
        partner_sudo, company_sudo = self.sudo().partner_id, self.sudo().company_id
        zone = partner_sudo.tz or company_sudo.partner_id.tz or self.env.user.tz
        local = pytz.utc.localize(moment).astimezone(pytz.timezone(zone or "UTC"))
        return local.date()

    def action_cancel(self):
        """Cancel: what was typed is kept, nothing more is written."""
        self.check_access("write")
        self._check_open()
        self.sudo().state = "cancelled"
        return True

    def _is_fresh(self):
        """Tell whether this CAP was validated in the last six months.

        The next one is then not what comes first: a plan needs time to bear fruit.
        """
        self.ensure_one()
        return self.state == "validated" and (
            self.validated_on > fields.Datetime.now() - FRESH
        )

    def _can_cancel_start(self):
        """Tell whether whoever started this CAP may take that back on the portal.

        It is open, no campaign asks for it, and nothing is written in it.
        """
        self.ensure_one()
        if not self.is_open or self.campaign_id:
            return False
        lines = self.with_context(active_test=False).line_ids
        return all(line._get_answer() == Answer() for line in lines)

    def action_start_next(self):
        """Start the evaluation that follows this validated one; return it.

        It takes the last published edition of the same référentiel, and shows the
        levels of this one beside its own. When one is already open in the same
        company, returns that; it never leaves the company of this one.
        """
        self.ensure_one()
        self.check_access("write")
        if self.state != "validated":
            raise UserError(
                self.env._(
                    "“%(evaluation)s” is still open: validate it before starting "
                    "the next one.",
                    evaluation=self.display_name,
                )
            )
        # Whoever piloted an older one, and was taken off since, stays out.
        pilots = self.sudo()._get_current().pilot_ids.with_env(self.env)
        evaluation = self._open_for_structure(
            self.partner_id, pilots, self._get_next_version(), self.company_id
        )
        evaluation.action_start()
        return evaluation

    def _get_current(self):
        """Return where the structure is today in this référentiel and company: this
        CAP while it is open, else the one that is open, else the last validated."""
        self.ensure_one()
        if self.state != "validated":
            return self
        series = self.search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("version_id.referential_id", "=", self.version_id.referential_id.id),
                ("state", "!=", "cancelled"),
            ],
            order="validated_on, id",
        )
        return series.filtered("is_open") or series[-1:]

    def _get_next_version(self):
        """Return the edition that the CAP after this one is made with."""
        referential = self.version_id.referential_id
        return referential._get_latest_editions().get(referential, self.version_id)

    def _find_open_next(self):
        """Return the open evaluation that starting the next one would go on with."""
        self.ensure_one()
        if self.state != "validated":
            return self.browse()
        return self._find_open(
            self.partner_id, self._get_next_version(), self.company_id
        )

    def action_start_next_and_view(self):
        """Start the next evaluation and open its form."""
        return self.action_start_next()._get_records_action()

    def action_view_lines(self):
        """Open the lines of this evaluation, by sub-theme."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cap_evaluation.cap_evaluation_line_action"
        )
        action["domain"] = [("evaluation_id", "=", self.id)]
        action["display_name"] = self.display_name
        return action

    # ------------------------------------------------------------------ scores

    def get_scores(self, kind="all"):
        """Return the scores of this evaluation, by ``kind``.

        :param str kind: ``all`` (one dict), ``theme`` or ``subtheme`` (one dict for
            each, in the référentiel's order, even where nothing is scored)
        :return: list of dicts: ``objective_id`` (an id, False for ``all``), ``score``
            (0-100 unrounded, None where nothing is scored), ``coverage`` (0-100
            unrounded), and the counts ``scored``, ``applicable``, ``not_applicable``.
            The formula is in ``kernel/scoring.py``.
        :raise UserError: on another kind
        """
        self.ensure_one()
        self.check_access("read")
        return self._get_scores_batch(kind)[self.id]

    def _get_scores_batch(self, kind):
        """Return ``{evaluation id: get_scores(kind)}`` in one query on the lines."""
        if kind not in SCORE_KINDS:
            raise UserError(
                self.env._(
                    "There is no score by “%(kind)s”: choose among %(kinds)s.",
                    kind=kind,
                    kinds=", ".join(SCORE_KINDS),
                )
            )
        scored = self._read_scored(kind)
        result = {}
        for version, evaluations in self.grouped("version_id").items():
            groups = version._get_score_groups(kind) if version else [False]
            bounds = version.scale_id._get_bounds() if version else None
            for evaluation in evaluations:
                key = evaluation._origin.id or evaluation.id
                result[key] = [
                    {
                        "objective_id": group,
                        **summarise(scored.get((key, group), ()), bounds)._asdict(),
                    }
                    for group in groups
                ]
        return result

    def _read_scored(self, kind):
        """Return ``{(evaluation id, group): [Scored]}``, group False for ``all``."""
        self.env["cap.evaluation.line"].flush_model()
        self.env["cap.objective"].flush_model(["weight", "theme_id", "subtheme_id"])
        group = {
            "all": SQL("NULL::integer"),
            "theme": SQL("objective.theme_id"),
            "subtheme": SQL("objective.subtheme_id"),
        }[kind]
        ids = tuple(self._origin.ids)
        if not ids:
            return {}
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.evaluation_id, %s AS node, level.value, objective.weight,
                       line.na_reason IS NULL AS applicable, COUNT(*)
                  FROM cap_evaluation_line line
                  JOIN cap_objective objective ON objective.id = line.objective_id
             LEFT JOIN cap_scale_level level ON level.id = line.level_id
                 WHERE line.evaluation_id IN %s AND line.active
              GROUP BY 1, 2, 3, 4, 5
                """,
                group,
                ids,
            )
        )
        scored = {}
        for evaluation_id, node, value, weight, applicable, count in rows:
            scored.setdefault((evaluation_id, node or False), []).append(
                Scored(value, weight, applicable, count)
            )
        return scored
