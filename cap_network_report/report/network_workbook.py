"""What the network's workbook holds, sheet by sheet."""

# Plain classes: what they call read and write is no model's.
# pylint: disable=method-required-super

from collections import defaultdict

from odoo import fields
from odoo.tools import split_every

from odoo.addons.cap_evaluation.kernel.answer import KEYS
from odoo.addons.cap_evaluation.kernel.workbook.xlsx import (
    Column,
    Radar,
    Sheet,
    write_workbook,
)
from odoo.addons.cap_evaluation.tools.dates import format_day

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


class Figures:
    """Sums over some lines, that add up: of regions, of themes, of the whole."""

    __slots__ = ("applicable", "scored", "structures", "weight", "weighted")

    def __init__(self):
        self.weighted = self.weight = 0.0
        self.scored = self.applicable = 0
        self.structures = set()

    def add(self, evaluation, sums):
        """Add the sums of one evaluation, as :meth:`_read_figures` returns them."""
        weighted, weight, scored, applicable = sums
        self.weighted += weighted or 0.0
        self.weight += weight or 0.0
        self.scored += scored
        self.applicable += applicable
        self.structures.add(evaluation.id)

    @property
    def score(self):
        """The weighted mean of the scored lines, None where there are none."""
        return self.weighted / self.weight if self.scored else None

    @property
    def coverage(self):
        """Scored out of applicable, in percent; None where nothing applies."""
        return 100 * self.scored / self.applicable if self.applicable else None


class NetworkWorkbook:
    """The workbook of one edition, one year and some regions, for one person.

    Everything is read under the rules of ``env``'s user, the network's own means by
    ``cap.position``. The lines are written while they are read, evaluation by
    evaluation: 40,000 lines need no more memory than 5,000.

    :param scope: domain of ``cap.network.line``, one evaluation for each structure
    :param regions: what the person chose, or follows
    """

    def __init__(self, env, scope, version, year, regions):
        self.env = env
        self.scope = scope
        self.version = version
        self.year = year
        self.regions = regions
        self.lines = env["cap.network.line"]
        self.themes = self._get_objectives("theme")
        self.figures = self._read_figures()
        self.evaluations = self._get_evaluations()

    def write(self, target):
        """Write the workbook to ``target``; return the number of rows of each sheet."""
        return write_workbook(target, self.get_sheets(), self.title)

    @property
    def title(self):
        """Return "The network's CAP 2026 in 2026", the title of the file."""
        return self.env._(
            "The network's %(edition)s in %(year)s",
            edition=self.version.display_name,
            year=self.year,
        )

    def get_sheets(self):
        """Return the sheets in order; their rows are read when they are written."""
        return [
            self._get_read_me_sheet(),
            self._get_synthesis_sheet(),
            self._get_subtheme_sheet(),
            self._get_structure_sheet(),
            self._get_line_sheet(),
        ]

    # ----------------------------------------------------------------- reading

    def _get_objectives(self, kind):
        """Return the objectives of ``kind`` in the edition's reading order."""
        return self.env["cap.objective"].search(
            [("version_id", "=", self.version.id), ("kind", "=", kind)]
        )

    def _read_figures(self):
        """Return ``{(evaluation, theme, sub-theme): sums}``, in one query."""
        rows = self.lines._read_group(
            self.scope,
            ["evaluation_id", "theme_id", "subtheme_id"],
            [
                "weighted_score:sum",
                "scored_weight:sum",
                "scored:sum",
                "applicable:sum",
            ],
        )
        return {row[:3]: row[3:] for row in rows}

    def _add_up(self, *keys):
        """Return the figures added up by each of ``keys``, functions of
        ``(evaluation, theme, sub-theme)``."""
        added = defaultdict(Figures)
        for parts, sums in self.figures.items():
            for key in keys:
                added[key(*parts)].add(parts[0], sums)
        return added

    def _get_evaluations(self):
        """Return the evaluations in scope, by region then structure."""
        evaluations = {evaluation for evaluation, _theme, _subtheme in self.figures}
        return (
            self.env["cap.evaluation"]
            .union(*evaluations)
            .sorted(lambda e: (e.region_id.name or "", e.partner_id.name or "", e.id))
        )

    # ----------------------------------------------------------------- read me

    def _get_read_me_sheet(self):
        columns = [
            Column(self.env._("About"), width=24),
            Column(self.env._("Reading"), "paragraph", 96),
        ]
        rows = [
            *self._get_scope_rows(),
            *self._get_definitions(),
            *self._get_cautions(),
        ]
        return Sheet(self.env._("Read me"), columns, rows, portrait=True)

    def _get_scope_rows(self):
        """Return what this workbook covers, and how well."""
        total = self._add_up(lambda *_parts: None)[None]
        scored = self.env._(
            "%(scored)s objectives scored out of %(applicable)s that apply.",
            scored=total.scored,
            applicable=total.applicable,
        )
        today = fields.Date.context_today(self.lines)
        return [
            (self.env._("Content"), self.title),
            (self.env._("Edition"), self.version.display_name),
            (self.env._("Year"), str(self.year)),
            (self.env._("Regions"), ", ".join(self.regions.mapped("name"))),
            (self.env._("Structures"), str(len(self.evaluations))),
            (self.env._("Objectives scored"), scored),
            (self.env._("Made on"), format_day(self.env, today, "d MMMM y")),
            (self.env._("Made by"), self.env.user.name),
        ]

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
                self.env._("Mean of the network"),
                self.env._(
                    "The mean that anybody may be shown, each structure counting the "
                    "same. Blank where there are too few structures, near the ends of "
                    "the scale, and until the year is over."
                ),
            ),
            (
                self.env._("Coverage"),
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

    # ------------------------------------------------------------------ sheets

    def _get_synthesis_sheet(self):
        """One row for each region, a score and a coverage for each theme."""
        columns = [
            Column(self.env._("Region"), width=28),
            Column(self.env._("Structures"), "integer"),
            *self._get_score_columns(self.env._("Whole CAP")),
        ]
        for name in self.themes.mapped("display_name"):
            columns += self._get_score_columns(name)
        rows = self._get_synthesis_rows()
        return Sheet(self.env._("Summary"), columns, rows)

    def _get_score_columns(self, name):
        return [
            Column(self.env._("%s: score", name), "percent", 18),
            Column(self.env._("%s: coverage", name), "percent", 18),
        ]

    def _get_synthesis_rows(self):
        """Return the regions by name, then all of them together."""
        figures = self._add_up(
            lambda evaluation, theme, _subtheme: (evaluation.region_id, theme),
            lambda evaluation, _theme, _subtheme: (evaluation.region_id, None),
            lambda _evaluation, theme, _subtheme: (None, theme),
            lambda *_parts: (None, None),
        )
        regions = {region for region, _theme in figures if region is not None}
        ordered = sorted(regions, key=lambda region: (not region, region.name or ""))
        names = [(region, region.name or self.env._("No region")) for region in ordered]
        rows = []
        for region, name in [*names, (None, self.env._("All together"))]:
            row = [name, len(figures[region, None].structures)]
            for theme in [None, *self.themes]:
                row += [figures[region, theme].score, figures[region, theme].coverage]
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
            Column(self.env._("Mean of the network"), "percent"),
        ]
        figures = self._add_up(lambda _evaluation, _theme, subtheme: subtheme)
        subthemes = self._get_objectives("subtheme")
        positions = self.env["cap.position"].get_positions(
            list(subthemes), {"year": self.year}
        )
        rows = []
        for subtheme, position in zip(subthemes, positions, strict=True):
            own = figures[subtheme]
            rows.append(
                (
                    subtheme.display_name,
                    own.score,
                    own.coverage,
                    len(own.structures),
                    own.scored,
                    own.applicable,
                    None if position.get("mean_bound") else position.get("mean"),
                )
            )
        radar = Radar(
            self.env._("Mean of these structures by sub-theme (%)"),
            self.env._(
                "Radar: the mean of these structures for each sub-theme, from 0 to 100."
            ),
        )
        return Sheet(self.env._("Sub-themes"), columns, rows, radar)

    def _get_structure_sheet(self):
        """One row for each structure, its score and coverage, then by theme."""
        columns = [
            *self._get_structure_columns(),
            Column(self.env._("Reviewed"), width=10),
            Column(self.env._("Score"), "percent", 10),
            Column(self.env._("Coverage"), "percent", 10),
        ]
        for name in self.themes.mapped("display_name"):
            columns += self._get_score_columns(name)
        rows = self._get_structure_rows()
        return Sheet(self.env._("Structures"), columns, rows)

    def _get_structure_columns(self):
        return [
            Column(self.env._("Region"), width=24),
            Column(self.env._("Structure"), width=32),
            Column(self.env._("Types"), width=12),
            Column(self.env._("Size (FTE)"), width=16),
            Column(self.env._("Campaign"), width=24),
            Column(self.env._("Validated on"), "date", 12),
        ]

    def _get_structure_rows(self):
        reviewed = {True: self.env._("Yes"), False: self.env._("No")}
        figures = self._add_up(
            lambda evaluation, theme, _subtheme: (evaluation, theme),
            lambda evaluation, _theme, _subtheme: (evaluation, None),
        )
        dimensions = self._get_dimensions(self.evaluations)
        for evaluation in self.evaluations:
            scores = [figures[evaluation, theme] for theme in (None, *self.themes)]
            yield (
                *dimensions[evaluation.id],
                reviewed[evaluation.reviewed],
                *(value for one in scores for value in (one.score, one.coverage)),
            )

    def _get_dimensions(self, evaluations):
        """Return ``{evaluation id: what is said of the structure on each row}``."""
        sizes = dict(self.lines._fields["size"]._description_selection(self.env))
        return {
            evaluation.id: (
                evaluation.region_id.name or None,
                evaluation.partner_id.name,
                " + ".join(sorted(evaluation.structure_type_ids.mapped("code")))
                or None,
                sizes.get(evaluation.size),
                evaluation.campaign_id.name or None,
                fields.Datetime.context_timestamp(
                    evaluation, evaluation.validated_on
                ).replace(tzinfo=None),
            )
            for evaluation in evaluations
        }

    # ------------------------------------------------------------------- lines

    def _get_line_sheet(self):
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
        return Sheet(self.env._("Lines"), columns, self._get_line_rows())

    def _get_line_rows(self):
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
        states, actions = (self._get_labels(n) for n in ("state", "progress_action"))
        told = (states["todo"], states["not_applicable"], states["scored"])
        dimensions = self._get_dimensions(self.evaluations)
        for ids in split_every(EVALUATIONS_AT_ONCE, self.evaluations.ids):
            places = {evaluation_id: place for place, evaluation_id in enumerate(ids)}
            rows = self.read_lines(ids)
            rows.sort(key=lambda row: (places[row[0]], ranks[row[1]]))
            for evaluation, objective, level, score, weight, done, na, *texts in rows:
                reason, comment, action, wanted = texts
                yield (
                    *dimensions[evaluation],
                    *wordings[objective],
                    level,
                    score,
                    weight,
                    told[2 if done else 1 if na else 0],
                    reason,
                    comment,
                    actions.get(action),
                    wanted,
                )

    def _get_labels(self, name):
        """Return the words for the values of a selection of the lines."""
        field = self.env["cap.evaluation.line"]._fields[name]
        return dict(field._description_selection(self.env))

    def read_lines(self, evaluation_ids):
        """Return the raw values of the lines of these evaluations, under the rules.

        Only what the rules of ``cap.network.line`` let through comes back; reading
        columns rather than records is what keeps the workbook near the writer's speed.
        """
        lines, source = self.lines, self.env["cap.evaluation.line"]
        query = lines._search([("evaluation_id", "in", evaluation_ids)])
        texts = query.join(lines._table, "line_id", source._table, "id", "line_id")
        return self.env.execute_query(
            query.select(
                *(
                    lines._field_to_sql(lines._table, name, query)
                    for name in LINE_FIELDS
                ),
                *(source._field_to_sql(texts, name, query) for name in KEYS[1:]),
            )
        )
