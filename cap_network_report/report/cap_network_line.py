from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.cap_evaluation.kernel.answer import FIELDS
from odoo.addons.cap_evaluation.models.structure.res_partner import SIZES


class CapNetworkLine(models.Model):
    """One line of one validated evaluation, with all that it can be grouped by.

    What is read here
        Lines of evaluations in state *validated* only; region, size, types and year
        are those copied at validation, so a structure that moves later does not
        rewrite the past. Nothing is stored: the query is composed below, and runs on
        the evaluations as they are.

    Which evaluation of a structure counts
        ``is_current`` marks the last validated evaluation of a structure in a
        référentiel, ``is_last_of_year`` the last one of each calendar year. A figure
        that should count a structure once filters on one of them: menus and
        workbook do.

    Scores and their mean
        ``score`` is ``(level - minimum) / (maximum - minimum)`` in percent: 0 where the
        level is the lowest, *nothing* where no level is given. The mean of scores
        (``score:avg``) is the weighted mean of the scored lines, as an evaluation's own
        score is: ``SUM(weight x score) / SUM(weight)``, never the plain average, and
        nothing where nothing is scored. It therefore weighs each answer the same,
        whoever gave it; ``cap.position`` on the contrary weighs each structure the
        same. ``coverage:avg`` is scored / applicable, for lines that do not apply have
        no coverage.

    Several types
        A structure may carry several types. Grouping by them would count its lines in
        each, and the groups would add up to more than the whole. So
        ``structure_type_ids`` filters ("has this type", each line once) but does not
        group; ``type_mix`` ("ACI + AI") groups: each structure falls in exactly one
        mix.
    """

    _name = "cap.network.line"
    _description = "CAP Network Line"
    _auto = False
    _rec_name = "objective_id"
    _order = "year desc, region_id, partner_id, objective_id"
    _depends = {
        "cap.evaluation": [
            "partner_id",
            "version_id",
            "campaign_id",
            "company_id",
            "state",
            "reviewed",
            "validated_on",
            "year",
            "region_id",
            "structure_type_ids",
            "main_type_id",
            "size",
        ],
        "cap.evaluation.line": [
            "active",
            "evaluation_id",
            "objective_id",
            *FIELDS,
        ],
        "cap.objective": ["theme_id", "subtheme_id", "weight"],
        "cap.referential.version": ["referential_id", "scale_id"],
        "cap.scale.level": ["scale_id", "value"],
        "cap.structure.type": ["code"],
    }

    line_id = fields.Many2one("cap.evaluation.line", readonly=True)
    evaluation_id = fields.Many2one("cap.evaluation", readonly=True)
    partner_id = fields.Many2one("res.partner", "Structure", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    campaign_id = fields.Many2one("cap.campaign", readonly=True)
    referential_id = fields.Many2one("cap.referential", "Référentiel", readonly=True)
    version_id = fields.Many2one("cap.referential.version", "Edition", readonly=True)
    objective_id = fields.Many2one("cap.objective", readonly=True)
    theme_id = fields.Many2one("cap.objective", readonly=True)
    subtheme_id = fields.Many2one("cap.objective", "Sub-theme", readonly=True)
    region_id = fields.Many2one("cap.region", readonly=True)
    size = fields.Selection(SIZES, "Size (FTE)", readonly=True)
    main_type_id = fields.Many2one("cap.structure.type", readonly=True)
    type_mix = fields.Char("Types together", readonly=True)
    structure_type_ids = fields.Many2many(
        "cap.structure.type",
        string="Structure Types",
        compute="_compute_structure_type_ids",
        search="_search_structure_type_ids",
    )
    year = fields.Integer(
        readonly=True, aggregator=None, help="Calendar year of the validation."
    )
    validated_on = fields.Datetime(readonly=True)
    reviewed = fields.Boolean(readonly=True)
    is_current = fields.Boolean(
        "Current evaluation",
        readonly=True,
        help="The last one this structure validated in this référentiel.",
    )
    is_last_of_year = fields.Boolean(
        "Last of its year",
        readonly=True,
        help="The last one this structure validated in this référentiel that year.",
    )
    level_id = fields.Many2one("cap.scale.level", readonly=True)
    level_value = fields.Integer(
        "Level (value)", readonly=True, aggregator=None, exportable=False
    )
    score = fields.Float(
        "Score (%)",
        readonly=True,
        digits=(5, 1),
        aggregator="avg",
        exportable=False,
        help="Weighted mean of the scored objectives, 0 to 100.",
    )
    coverage = fields.Float(
        "Coverage (%)",
        readonly=True,
        digits=(5, 1),
        aggregator="avg",
        exportable=False,
        help="Scored objectives out of those that apply.",
    )
    weight = fields.Float(readonly=True, aggregator=None)
    weighted_score = fields.Float(readonly=True, exportable=False)
    scored_weight = fields.Float("Weight of the scored", readonly=True)
    scored = fields.Integer(readonly=True)
    applicable = fields.Integer(readonly=True)
    not_applicable = fields.Integer("Not applicable", readonly=True)
    progress_action = fields.Integer("Progress actions wanted", readonly=True)
    structure_count = fields.Integer(
        "Structures", readonly=True, aggregator="count_distinct", exportable=False
    )

    def _compute_structure_type_ids(self):
        for line in self:
            line.structure_type_ids = line.evaluation_id.structure_type_ids

    def _search_structure_type_ids(self, operator, value):
        return Domain("evaluation_id.structure_type_ids", operator, value)

    # ------------------------------------------------------------------- query

    @property
    def _table_query(self) -> SQL:
        return SQL("%s %s", self._select(), self._from())

    @api.model
    def _select(self) -> SQL:
        """Return the columns: what the line is about, then what it says."""
        return SQL(
            "SELECT %s, %s, %s",
            self._select_dimensions(),
            self._select_answer(),
            self._select_score(),
        )

    @api.model
    def _select_dimensions(self) -> SQL:
        return SQL(
            """
            line.id, line.id AS line_id, line.evaluation_id, line.objective_id,
            evaluation.partner_id, evaluation.partner_id AS structure_count,
            evaluation.company_id, evaluation.campaign_id, evaluation.version_id,
            evaluation.referential_id, evaluation.region_id, evaluation.size,
            evaluation.main_type_id,
            evaluation.type_mix, evaluation.year, evaluation.validated_on,
            evaluation.reviewed, evaluation.is_current, evaluation.is_last_of_year,
            objective.theme_id, objective.subtheme_id, objective.weight
            """
        )

    @api.model
    def _select_answer(self) -> SQL:
        return SQL(
            """
            line.level_id, level.value AS level_value,
            (line.level_id IS NOT NULL)::int AS scored,
            (line.na_reason IS NULL)::int AS applicable,
            (line.na_reason IS NOT NULL)::int AS not_applicable,
            (line.progress_action IS NOT DISTINCT FROM 'yes')::int AS progress_action
            """
        )

    @api.model
    def _select_score(self) -> SQL:
        """Return the score's columns, NULL where no level is given."""
        return SQL(
            """
            %(score)s AS score,
            objective.weight * %(score)s AS weighted_score,
            CASE WHEN line.level_id IS NOT NULL THEN objective.weight END
                AS scored_weight,
            CASE WHEN line.na_reason IS NULL
                 THEN CASE WHEN line.level_id IS NULL THEN 0.0 ELSE 100.0 END
            END::float8 AS coverage
            """,
            score=SQL(
                "100::float8 * (level.value - evaluation.minimum)"
                " / (evaluation.maximum - evaluation.minimum)"
            ),
        )

    @api.model
    def _from(self) -> SQL:
        return SQL(
            """
            FROM cap_evaluation_line line
            JOIN (%(evaluations)s) evaluation
              ON evaluation.id = line.evaluation_id AND line.active
            JOIN cap_objective objective ON objective.id = line.objective_id
            LEFT JOIN cap_scale_level level ON level.id = line.level_id
            """,
            evaluations=self._from_evaluations(),
        )

    @api.model
    def _from_evaluations(self) -> SQL:
        """Return the validated evaluations, each computed once for all its lines.

        One derived table rather than several joins: whatever PostgreSQL expects of a
        filter, it then reads the lines from a few hundred evaluations at the most.
        """
        return SQL(
            """
            SELECT validated.id, validated.partner_id, validated.company_id,
                   validated.campaign_id, validated.version_id, validated.region_id,
                   validated.size, validated.main_type_id, validated.year,
                   validated.validated_on,
                   validated.reviewed, edition.referential_id,
                   bounds.minimum, bounds.maximum,
                   %(type_mix)s AS type_mix, %(period)s
              FROM cap_evaluation validated
              JOIN cap_referential_version edition
                ON edition.id = validated.version_id
              JOIN (%(bounds)s) bounds ON bounds.scale_id = edition.scale_id
             WHERE validated.state = 'validated'
            """,
            type_mix=self._select_type_mix(),
            period=self._select_period(),
            bounds=self._from_bounds(),
        )

    @api.model
    def _select_type_mix(self) -> SQL:
        """Return the types of the structure in one text; free when nobody asks it."""
        types = self.env["cap.evaluation"]._fields["structure_type_ids"]
        return SQL(
            """
            (SELECT string_agg(kind.code, ' + ' ORDER BY kind.code)
               FROM %(relation)s carried
               JOIN cap_structure_type kind ON kind.id = carried.%(type)s
              WHERE carried.%(evaluation)s = validated.id)
            """,
            relation=SQL.identifier(types.relation),
            evaluation=SQL.identifier(types.column1),
            type=SQL.identifier(types.column2),
        )

    @api.model
    def _select_period(self) -> SQL:
        """Return whether the evaluation is its structure's last one, of all or a year.

        Structures are followed company by company, as evaluations are.
        """
        return SQL(
            """
            ROW_NUMBER() OVER (PARTITION BY %(structure)s %(latest)s) = 1
                AS is_current,
            ROW_NUMBER() OVER (PARTITION BY %(structure)s, validated.year %(latest)s)
                = 1 AS is_last_of_year
            """,
            structure=SQL(
                "validated.company_id, edition.referential_id, validated.partner_id"
            ),
            latest=SQL("ORDER BY validated.validated_on DESC, validated.id DESC"),
        )

    @api.model
    def _from_bounds(self) -> SQL:
        """Return the lowest and the highest value of each scale."""
        return SQL(
            """
            SELECT scale_id, MIN(value) AS minimum, MAX(value) AS maximum
              FROM cap_scale_level
          GROUP BY scale_id
            """
        )

    # ---------------------------------------------------------------- reading

    @api.model
    def _read_group_select(self, aggregate_spec, query) -> SQL:
        """Weigh the mean of scores; 0 is a score, nothing is not."""
        if aggregate_spec != "score:avg":
            return super()._read_group_select(aggregate_spec, query)
        return SQL(
            "SUM(%s) / NULLIF(SUM(%s), 0)",
            self._field_to_sql(self._table, "weighted_score", query),
            self._field_to_sql(self._table, "scored_weight", query),
        )

    @api.model
    def _consolidate(self, domain=None, groupby=("theme_id", "region_id")):
        """Return the network's figures under ``domain``, one dict for each group.

        Under the caller's rules, in one query whatever the number of lines. ``score``
        is None where nothing is scored, ``coverage`` where nothing applies; both are
        unrounded.

        :param domain: on this model; ``is_current`` or ``is_last_of_year`` belongs here
        :param groupby: names of fields (records, for relational ones)
        """
        names = list(groupby)
        rows = self._read_group(
            domain or [],
            names,
            [
                "score:avg",
                "scored:sum",
                "applicable:sum",
                "not_applicable:sum",
                "structure_count:count_distinct",
            ],
        )
        keys = [*names, "score", "scored", "applicable", "not_applicable", "structures"]
        result = [dict(zip(keys, row, strict=True)) for row in rows]
        for figures in result:
            if not figures["scored"]:
                figures["score"] = None
            applicable = figures["applicable"]
            figures["coverage"] = (
                100 * figures["scored"] / applicable if applicable else None
            )
        return result

    def action_open_evaluation(self):
        """Open the evaluation this line belongs to."""
        self.ensure_one()
        return self.evaluation_id._get_records_action()
