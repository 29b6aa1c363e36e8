from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import split_every

from odoo.addons.cap_evaluation.kernel.workbook.xlsx import (
    Column,
    Radar,
    Sheet,
    TooManyRows,
    write_workbook,
)

from ..kernel.positions import MIN_MEAN, MIN_QUARTILES

EVALUATIONS_AT_ONCE = 50
LINE_FIELDS = (
    "evaluation_id",
    "objective_id",
    "level_value",
    "score",
    "weight",
    "scored",
    "not_applicable",
)
TEXT_FIELDS = ("na_reason", "comment", "progress_action", "progress_comment")


class CapNetworkWorkbook(models.TransientModel):
    """Choose what goes in the network's workbook, then download it.

    One edition, one year, the regions the person may see. Each structure counts once,
    with the last evaluation it validated that year. The workbook is written while it
    is read, evaluation by evaluation, under the person's own rules: it needs no more
    memory for 40,000 lines than for 5,000.
    """

    _name = "cap.network.workbook"
    _description = "CAP Network Workbook"

    version_id = fields.Many2one(
        "cap.referential.version",
        "Edition",
        required=True,
        domain=[("state", "!=", "draft")],
        default=lambda self: self._default_version(),
    )
    year = fields.Selection(
        "_get_years", required=True, default=lambda self: self._default_year()
    )
    region_ids = fields.Many2many(
        "cap.region",
        "cap_network_workbook_region_rel",
        "workbook_id",
        "region_id",
        string="Regions",
        domain=lambda self: self._get_region_domain(),
        help="Empty: all the regions you follow.",
    )
    structure_count = fields.Integer("Structures", compute="_compute_structure_count")

    @api.model
    def _get_lines(self):
        return self.env["cap.network.line"]

    @api.model
    def _default_version(self):
        """Return the edition last evaluated, among what the person sees."""
        last = self._get_lines().search([], order="validated_on desc", limit=1)
        return last.version_id

    @api.model
    def _get_years(self):
        rows = self._get_lines()._read_group([], ["year"])
        years = {year for (year,) in rows} | {fields.Date.context_today(self).year}
        return [(str(year), str(year)) for year in sorted(years, reverse=True)]

    @api.model
    def _default_year(self):
        last = self._get_lines().search([], order="validated_on desc", limit=1)
        return str(last.year or fields.Date.context_today(self).year)

    @api.model
    def _get_region_domain(self):
        """Return the regions the person follows; all of them for a manager."""
        if self.env.user.has_group("cap_evaluation.group_cap_manager"):
            return []
        return [("animator_ids", "in", self.env.uid)]

    @api.depends("version_id", "year", "region_ids")
    def _compute_structure_count(self):
        for workbook in self:
            groups = workbook._get_lines()._read_group(
                workbook._get_scope(), [], ["structure_count:count_distinct"]
            )
            workbook.structure_count = groups[0][0]

    def _get_scope(self):
        """Return the domain of the lines in this workbook."""
        self.ensure_one()
        scope = (
            Domain("version_id", "=", self.version_id.id)
            & Domain("year", "=", int(self.year or 0))
            & Domain("is_last_of_year", "=", True)
        )
        if self.region_ids:
            scope &= Domain("region_id", "in", self.region_ids.ids)
        return scope

    def action_download(self):
        """Download the workbook; say what to change when nothing is in its scope."""
        self.ensure_one()
        self._check_not_empty()
        return {
            "type": "ir.actions.act_url",
            "url": f"/cap/network/workbook/{self.id}",
            "target": "self",
        }

    def _check_not_empty(self):
        if not self.structure_count:
            raise UserError(
                self.env._(
                    "No evaluation made with %(edition)s was validated in %(year)s in "
                    "these regions. Choose another year, or more regions.",
                    edition=self.version_id.display_name,
                    year=self.year,
                )
            )

    # ---------------------------------------------------------------- workbook

    def _get_filename(self):
        edition = self.version_id.display_name.replace("/", "-")
        return self.env._(
            "%(scope)s, %(edition)s, year %(year)s.xlsx",
            scope=self._get_scope_name().replace("/", "-"),
            edition=edition,
            year=self.year,
        )

    def _get_scope_name(self):
        """Return what the workbook covers: the network, or the regions by name."""
        regions = self.region_ids or self.env["cap.region"].search(
            self._get_region_domain()
        )
        everything = self.env["cap.region"].search_count([])
        if len(regions) == everything:
            return self.env._("Network")
        return ", ".join(regions.mapped("name")[:4])

    def _write(self, target):
        """Write the workbook to ``target``, a path or a binary file.

        :return: number of rows of each sheet
        :raise UserError: when the scope is empty or does not fit in a sheet
        """
        self._check_not_empty()
        try:
            return write_workbook(target, self._get_sheets(), self._get_title())
        except TooManyRows as error:
            raise UserError(
                self.env._(
                    "The sheet “%(sheet)s” would be longer than a spreadsheet can "
                    "hold. Choose fewer regions.",
                    sheet=str(error),
                )
            ) from error

    def _get_title(self):
        return self.env._(
            "The network's %(edition)s in %(year)s",
            edition=self.version_id.display_name,
            year=self.year,
        )

    def _get_sheets(self):
        """Return the sheets in order; their rows are read when they are written."""
        self.ensure_one()
        evaluations = self._get_evaluations()
        return [
            self._get_read_me_sheet(),
            self._get_synthesis_sheet(),
            self._get_subtheme_sheet(),
            self._get_structure_sheet(evaluations),
            self._get_line_sheet(evaluations),
        ]

    def _get_evaluations(self):
        """Return the evaluations in scope, by region then structure."""
        rows = self._get_lines()._read_group(self._get_scope(), ["evaluation_id"])
        evaluations = self.env["cap.evaluation"].union(*(row[0] for row in rows))
        return evaluations.sorted(
            lambda e: (e.region_id.name or "", e.partner_id.name or "", e.id)
        )

    def _get_objectives(self, kind):
        """Return the objectives of ``kind`` in the edition's reading order."""
        return self.env["cap.objective"].search(
            [("version_id", "=", self.version_id.id), ("kind", "=", kind)]
        )

    def _consolidate(self, *groupby):
        return self._get_lines()._consolidate(self._get_scope(), groupby)

    # ------------------------------------------------------------------ sheets

    def _get_read_me_sheet(self):
        columns = [
            Column(self.env._("About"), width=24),
            Column(self.env._("Reading"), "paragraph", 96),
        ]
        return Sheet(
            self.env._("Read me"),
            columns,
            self._get_scope_rows() + self._get_words(),
            portrait=True,
        )

    def _get_scope_rows(self):
        """Return what this workbook covers, and how well."""
        (total,) = self._consolidate()
        today = fields.Date.context_today(self)
        regions = self.region_ids or self.env["cap.region"].search(
            self._get_region_domain()
        )
        coverage = self.env._(
            "%(scored)s objectives scored out of %(applicable)s that apply.",
            scored=total["scored"],
            applicable=total["applicable"],
        )
        return [
            (self.env._("Content"), self._get_title()),
            (self.env._("Edition"), self.version_id.display_name),
            (self.env._("Year"), self.year),
            (self.env._("Regions"), ", ".join(regions.mapped("name"))),
            (self.env._("Structures"), str(total["structures"])),
            (self.env._("Coverage"), coverage),
            (self.env._("Made on"), today.strftime("%d/%m/%Y")),
            (self.env._("Made by"), self.env.user.name),
        ]

    def _get_words(self):
        """Return what the figures mean, and what may be done with them."""
        return [*self._get_definitions(), *self._get_cautions()]

    def _get_definitions(self):
        return [
            (
                self.env._("Which evaluation"),
                self.env._(
                    "The last one each structure validated in the year. Region, types "
                    "and size are those it had that day."
                ),
            ),
            (
                self.env._("Score"),
                self.env._(
                    "From 0 to 100 %: where the levels given stand on the scale, each "
                    "objective counting for its weight. Level 0 counts. An objective "
                    "without level does not: its cell stays blank."
                ),
            ),
            (
                self.env._("Mean of several structures"),
                self.env._("The same, over all the objectives they scored."),
            ),
            (
                self.env._("Coverage (definition)"),
                self.env._(
                    "Scored objectives out of those that apply. Read a score with its "
                    "coverage: few objectives scored say little."
                ),
            ),
        ]

    def _get_cautions(self):
        return [
            (
                self.env._("Confidentiality"),
                self.env._(
                    "This workbook names structures: it is for those who follow them. "
                    "Elsewhere, show no mean of fewer than %(mean)s structures, no "
                    "quartile of fewer than %(quartile)s.",
                    mean=MIN_MEAN,
                    quartile=MIN_QUARTILES,
                ),
            ),
            (
                self.env._("Spirit"),
                self.env._(
                    "The CAP is a self-evaluation, not a norm: nobody passes or fails, "
                    "and structures are not ranked."
                ),
            ),
        ]

    def _get_synthesis_sheet(self):
        """One row for each region, a score and a coverage for each theme."""
        themes = self._get_objectives("theme")
        columns = [
            Column(self.env._("Region"), width=28),
            Column(self.env._("Structures"), "integer"),
        ]
        for name in [self.env._("Whole CAP"), *themes.mapped("display_name")]:
            columns.append(Column(self.env._("%s: score", name), "percent", 18))
            columns.append(Column(self.env._("%s: coverage", name), "percent", 18))
        return Sheet(self.env._("Summary"), columns, self._get_synthesis_rows(themes))

    def _get_synthesis_rows(self, themes):
        """Return the regions by name, then all of them together."""
        figures = {}
        for groupby in (["region_id"], ["region_id", "theme_id"], [], ["theme_id"]):
            for row in self._consolidate(*groupby):
                region = row.get("region_id") if "region_id" in groupby else None
                figures[region, row.get("theme_id", False)] = row
        regions = {region for region, _theme in figures if region is not None}
        ordered = sorted(regions, key=lambda region: (not region, region.name or ""))
        names = [(region, region.name or self.env._("No region")) for region in ordered]
        rows = []
        for region, name in [*names, (None, self.env._("All together"))]:
            row = [name, figures[region, False]["structures"]]
            for theme in [False, *themes]:
                cell = figures.get((region, theme), {})
                row += [cell.get("score"), cell.get("coverage")]
            rows.append(row)
        return rows

    def _get_subtheme_sheet(self):
        """One row and one axis of the radar for each sub-theme."""
        columns = [
            Column(self.env._("Sub-theme"), width=48),
            Column(self.env._("Mean of these structures"), "percent"),
            Column(self.env._("Coverage"), "percent"),
            Column(self.env._("Structures"), "integer"),
            Column(self.env._("Objectives scored"), "integer"),
            Column(self.env._("Objectives that apply"), "integer"),
        ]
        figures = {row["subtheme_id"]: row for row in self._consolidate("subtheme_id")}
        names = ("score", "coverage", "structures", "scored", "applicable")
        rows = []
        for subtheme in self._get_objectives("subtheme"):
            row = figures.get(subtheme, {})
            rows.append([subtheme.display_name, *(row.get(name) for name in names)])
        radar = Radar(
            self.env._("Mean of these structures by sub-theme (%)"),
            self.env._(
                "Radar: the mean of these structures for each sub-theme, from 0 to 100."
            ),
        )
        return Sheet(self.env._("Sub-themes"), columns, rows, radar)

    def _get_structure_sheet(self, evaluations):
        """One row for each structure, with its score by theme."""
        themes = self._get_objectives("theme")
        columns = [
            *self._get_structure_columns(),
            Column(self.env._("Reviewed"), width=10),
            Column(self.env._("Score"), "percent", 10),
            Column(self.env._("Coverage"), "percent", 10),
            *(Column(name, "percent", 18) for name in themes.mapped("display_name")),
        ]
        return Sheet(
            self.env._("Structures"),
            columns,
            self._get_structure_rows(evaluations, themes),
        )

    def _get_structure_columns(self):
        return [
            Column(self.env._("Region"), width=24),
            Column(self.env._("Structure"), width=32),
            Column(self.env._("Types"), width=12),
            Column(self.env._("Size (FTE)"), width=16),
            Column(self.env._("Campaign"), width=24),
            Column(self.env._("Validated on"), "date", 12),
        ]

    def _get_structure_rows(self, evaluations, themes):
        reviewed = {True: self.env._("Yes"), False: self.env._("No")}
        by_theme = {
            (row["evaluation_id"], row["theme_id"]): row["score"]
            for row in self._consolidate("evaluation_id", "theme_id")
        }
        totals = {
            row["evaluation_id"]: row for row in self._consolidate("evaluation_id")
        }
        dimensions = self._get_dimensions(evaluations)
        for evaluation in evaluations:
            total = totals[evaluation]
            yield (
                *dimensions[evaluation.id],
                reviewed[evaluation.reviewed],
                total["score"],
                total["coverage"],
                *(by_theme.get((evaluation, theme)) for theme in themes),
            )

    def _get_dimensions(self, evaluations):
        """Return ``{evaluation id: what is said of the structure on each row}``."""
        sizes = dict(self._get_lines()._fields["size"]._description_selection(self.env))
        return {
            evaluation.id: (
                evaluation.region_id.name or None,
                evaluation.partner_id.name,
                " + ".join(sorted(evaluation.structure_type_ids.mapped("code")))
                or None,
                sizes.get(evaluation.size),
                evaluation.campaign_id.name or None,
                self._to_local(evaluation.validated_on),
            )
            for evaluation in evaluations
        }

    def _to_local(self, moment) -> datetime:
        """Return ``moment`` in the person's own time, as spreadsheets want it."""
        return fields.Datetime.context_timestamp(self, moment).replace(tzinfo=None)

    def _get_line_sheet(self, evaluations):
        """One row for each line, in the order of the structures, then of the CAP."""
        columns = [
            *self._get_structure_columns(),
            Column(self.env._("Theme"), width=24),
            Column(self.env._("Sub-theme"), width=28),
            Column(self.env._("Code"), width=10),
            Column(self.env._("Objective"), width=56),
            Column(self.env._("Level"), "integer", 8),
            Column(self.env._("Score"), "percent", 8),
            Column(self.env._("Weight"), "number", 8),
            Column(self.env._("State"), width=14),
            Column(self.env._("Why it does not apply"), width=28),
            Column(self.env._("Comment"), width=48),
            Column(self.env._("Progress action"), width=10),
            Column(self.env._("Which action"), width=36),
        ]
        return Sheet(self.env._("Lines"), columns, self._get_line_rows(evaluations))

    def _get_line_rows(self, evaluations):
        """Yield the rows of the lines, a few evaluations read at a time."""
        ranks, wordings = {}, {}
        for rank, objective in enumerate(self._get_objectives("operational")):
            ranks[objective.id] = rank
            wordings[objective.id] = (
                objective.theme_id.display_name or None,
                objective.subtheme_id.display_name or None,
                objective.code,
                objective.name,
            )
        answers = self._get_answer_labels()
        for ids in split_every(EVALUATIONS_AT_ONCE, evaluations.ids):
            chunk = evaluations.browse(ids)
            dimensions = self._get_dimensions(chunk)
            places = {evaluation_id: place for place, evaluation_id in enumerate(ids)}
            rows = self._read_lines(ids)
            rows.sort(key=lambda row: (places[row[0]], ranks[row[1]]))
            for evaluation_id, objective_id, level, score, weight, *answer in rows:
                yield (
                    *dimensions[evaluation_id],
                    *wordings[objective_id],
                    level,
                    score,
                    weight,
                    *self._to_answer(answers, *answer),
                )

    def _get_answer_labels(self):
        """Return the words for what a line may say."""
        line = self.env["cap.evaluation.line"]
        return {
            name: dict(line._fields[name]._description_selection(self.env))
            for name in ("state", "progress_action")
        }

    def _to_answer(
        self, labels, scored, not_applicable, reason, comment, action, wanted
    ):
        state = "scored" if scored else "not_applicable" if not_applicable else "todo"
        return (
            labels["state"][state],
            reason,
            comment,
            labels["progress_action"].get(action),
            wanted,
        )

    def _read_lines(self, evaluation_ids):
        """Return the raw values of the lines of these evaluations, under the rules.

        Only what the rules of ``cap.network.line`` let through comes back; reading
        columns rather than records is what keeps the workbook near the writer's speed.
        """
        lines, source = self._get_lines(), self.env["cap.evaluation.line"]
        query = lines._search([("evaluation_id", "in", evaluation_ids)])
        texts = query.join(lines._table, "line_id", source._table, "id", "line_id")
        return self.env.execute_query(
            query.select(
                *(
                    lines._field_to_sql(lines._table, name, query)
                    for name in LINE_FIELDS
                ),
                *(source._field_to_sql(texts, name, query) for name in TEXT_FIELDS),
            )
        )
