from collections import Counter
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.cap_evaluation.kernel.disclosure import (
    matches,
    open_groups,
    softening,
)
from odoo.addons.cap_evaluation.kernel.numbers import whole
from odoo.addons.cap_evaluation.kernel.scoring import Scored, summarise
from odoo.addons.cap_evaluation.models.structure.res_partner import SIZES

from ..kernel.positions import (
    INSIDERS,
    MIN_HALVES,
    MIN_LEVELS,
    MIN_MEAN,
    MIN_QUARTILES,
    Answers,
    Cohort,
    place,
    quartiles,
    soften,
    tell_mean,
    tell_share,
)

COHORT_KEYS = ("region", "type", "size", "year")
NODE_FIELDS = {"theme": "theme_id", "subtheme": "subtheme_id"}
#: The earliest clock on earth, and the latest that a validation may follow.
SLOWEST_CLOCK = timedelta(hours=12)


#: What a cohort chooses by, in the order of its fields: what validation copied.
CELL_FIELDS = ("main_type_id", "region_id", "size")


def to_cell(main_type, region, size):
    """Return the cell of a group of lines."""
    return Cohort(main_type.id or None, region.id or None, size or None)


class Scope(NamedTuple):
    """What is compared: one edition, one company's network, one year."""

    version: models.BaseModel
    company: models.BaseModel
    year: int

    def domain(self):
        """Return the lines of the last evaluation of each structure that year."""
        return (
            Domain("version_id", "=", self.version.id)
            & Domain("company_id", "=", self.company.id)
            & Domain("year", "=", self.year)
            & Domain("is_last_of_year", "=", True)
        )


class Score(NamedTuple):
    """The score of one structure on one node, and under which it is softened."""

    score: float
    threshold: float


class CapPosition(models.AbstractModel):
    """Where a structure stands among others, without showing any of them.

    A *cohort* is the structures of a region, a main type, a size and a year, chosen by
    these words only, never by a domain. A year is compared once it is over: until then
    each validation would move the figures, and the difference would be its own.

    Scores (whole CAP, theme, sub-theme)
        A structure counts once, with the last evaluation it validated that year with
        this edition, provided that it scored half of the objectives of every sub-theme
        that apply to it, and two at least: the same structures in each figure. Told
        from 10 structures as a mean, from 20 with quartiles.

    Levels (one objective)
        Those who scored the objective. Told from 20 structures as two halves of the
        scale, from 30 level by level. Neither mean nor quartiles: beside the levels,
        these would tell more than both.

    Which cohorts may be shown is decided by counts in
    ``cap_evaluation/kernel/disclosure.py``, and how each figure is told in
    ``kernel/positions.py``; ``docs/privacy.md`` says why it holds. A refusal gives its
    reason, the same whatever the cause, and no number.
    """

    _name = "cap.position"
    _description = "CAP Position"

    @api.model
    def get_position(self, objective=None, cohort=None, evaluation=None):
        """Return the position of a cohort, and the caller's own value beside it.

        :param objective: theme, sub-theme or operational objective (record or id);
            empty for the whole CAP
        :param dict cohort: any of ``region``, ``type`` (ids), ``size`` (a size's key)
            and ``year``; a key left out means all of them, and the year of the
            evaluation or the last one that is over
        :param evaluation: the caller's own (record or id); also gives the edition when
            nothing else does
        :return: dict with ``objective_id``, ``year``, ``own`` (``score`` in whole
            percents or None, ``scored``, ``applicable`` and ``coverage``, ``level`` of
            one objective; None unless the caller may read that evaluation) and
            ``shown``. When shown: ``count``, and what is told of it or None: ``mean``
            and ``mean_bound`` ("", "at_most" or "at_least" that mean), ``quartiles``
            (three whole percents), ``place`` (below, middle, above), ``halves`` and
            ``shares`` ({level: (at least, at most)}, whole percents of the
            structures, "low" and "high" for the halves). When refused: ``reason``, and
            ``wider``, the larger cohorts that could be shown
        :raise AccessError: for anyone but animators and managers; the portal page asks
            through the system, after its own gate
        :raise ValidationError: on another key or a value that is not one
        """
        return self.get_positions([objective], cohort, evaluation)[0]

    @api.model
    def get_positions(self, objectives, cohort=None, evaluation=None):
        """Return the positions on several ``objectives`` of one edition, as a list of
        what :meth:`get_position` returns: few queries, whatever their number."""
        self._check_position_access()
        if not isinstance(objectives, (list, tuple)) or len(objectives) > 1000:
            self._raise_nothing()
        nodes = [self._to_record("cap.objective", node) for node in objectives]
        self._check_nodes(nodes)
        evaluation = self._to_own(evaluation)
        cohort, year = self._to_cohort(cohort)
        versions = self.env["cap.objective"].union(*nodes).version_id
        scope = self._get_scope(versions[:1], evaluation, year)
        own = self._get_own(evaluation, nodes)
        positions = self._tell_scores(scope, nodes, cohort, own)
        positions.update(self._tell_levels(scope, nodes, cohort, own))
        return [
            {
                "objective_id": node.id,
                "year": scope.year,
                "own": own.get(node.id),
                **positions[node.id],
            }
            for node in nodes
        ]

    @api.model
    def get_years(self, evaluation=None):
        """Return the years that can be compared, last first: those that are over, in
        which CAPs of the same edition were validated."""
        self._check_position_access()
        scope = self._get_scope(
            self.env["cap.referential.version"], self._to_own(evaluation), None
        )
        return self._get_closed_years(scope.version, scope.company)

    # ------------------------------------------------------------------ asking

    @api.model
    def _check_position_access(self):
        """Raise AccessError unless the caller is staff, or the system after a gate."""
        if not self.env.su and not self.env.user.has_group(
            "cap_evaluation.group_cap_animator"
        ):
            raise AccessError(
                self.env._(
                    "Positions are for regional animators and CAP managers. "
                    "Pilots find theirs on the page “Where we stand” of their CAP."
                )
            )

    @api.model
    def _to_record(self, model, value):
        """Return ``value``, a record or an id, as a readable record of ``model``."""
        if isinstance(value, models.BaseModel):
            record = value if value._name == model else None
        elif not value:
            record = self.env[model]
        else:
            is_id = isinstance(value, int) and not isinstance(value, bool)
            record = self.env[model].browse(value).exists() if is_id else None
            record = record or None
        if record is None or len(record) > 1:
            self._raise_nothing()
        return record.with_env(self.env)

    def _raise_nothing(self):
        raise ValidationError(self.env._("There is nothing to position there."))

    @api.model
    def _to_own(self, value):
        """Return the evaluation asked for, or none unless the caller may read it."""
        evaluation = self._to_record("cap.evaluation", value)
        if not evaluation or not evaluation.sudo(False).has_access("read"):
            return evaluation.browse()
        return evaluation

    @api.model
    def _check_nodes(self, nodes):
        """Refuse what has no position, and objectives of two editions at once."""
        for node in nodes:
            if node and node.kind not in (*NODE_FIELDS, "operational"):
                raise UserError(
                    self.env._(
                        "“%(objective)s” has no position: choose a theme, a sub-theme "
                        "or an operational objective.",
                        objective=node.display_name,
                    )
                )
        if len(self.env["cap.objective"].union(*nodes).version_id) > 1:
            self._raise_nothing()

    @api.model
    def _to_cohort(self, cohort):
        """Return ``cohort`` as a Cohort and a year (or None), or refuse it."""
        cohort = cohort or {}
        if not isinstance(cohort, dict) or cohort.keys() - set(COHORT_KEYS):
            self._raise_cohort()
        chosen = {key: value for key, value in cohort.items() if value}
        size = chosen.pop("size", None)
        if size is not None and size not in [key for key, _label in SIZES]:
            self._raise_cohort()
        if any(type(value) is not int for value in chosen.values()):
            self._raise_cohort()
        year = chosen.pop("year", None)
        return Cohort(size=size, **chosen), year

    def _raise_cohort(self):
        raise ValidationError(
            self.env._(
                "A group is chosen by a region, a type, a size and a year, "
                "one of each at most, and by nothing else."
            )
        )

    @api.model
    def _get_scope(self, version, evaluation, year):
        """Return the edition, company and year compared, all cohorts together."""
        version = version or evaluation.version_id
        version = version or version._get_latest_published("CAP")
        company = evaluation.company_id or self.env.company
        if not year and evaluation.year <= self._get_last_closed_year():
            year = evaluation.year
        year = year or max(self._get_closed_years(version, company), default=0)
        return Scope(version, company, year)

    @api.model
    def _get_last_closed_year(self):
        """Return the last year that is over for everybody on earth: a validation takes
        the year of the clock of whoever validates."""
        return (fields.Datetime.now() - SLOWEST_CLOCK).year - 1

    @api.model
    def _get_closed_years(self, version, company):
        """Return the years, over by now, of evaluations validated with ``version``."""
        rows = (
            self.env["cap.evaluation"]
            .sudo()
            ._read_group(
                [
                    ("version_id", "=", version.id),
                    ("company_id", "=", company.id),
                    ("state", "=", "validated"),
                    ("year", "<=", self._get_last_closed_year()),
                ],
                ["year"],
            )
        )
        return sorted((year for (year,) in rows), reverse=True)

    # ------------------------------------------------------------------ scores

    @api.model
    def _tell_scores(self, scope, nodes, cohort, own):
        """Return ``{node id: what is told}`` of the whole, themes and sub-themes."""
        asked = [node for node in nodes if node.kind != "operational"]
        if not asked:
            return {}
        cells, panel = self._read_panel(scope)
        panel = self._keep_together(panel)
        told = {}
        for node in asked:
            scores = {e: own[node.id] for e, own in panel.items() if node.id in own}
            population = Counter(cells[evaluation] for evaluation in scores)
            with_mean = open_groups(population, MIN_MEAN, INSIDERS)
            if cohort in with_mean:
                told[node.id] = self._prepare_scores(
                    [s for e, s in scores.items() if matches(cells[e], cohort)],
                    cohort in open_groups(population, MIN_QUARTILES, INSIDERS),
                    own.get(node.id),
                )
            else:
                told[node.id] = self._refuse_scores(cohort, with_mean)
        return told

    @api.model
    def _keep_together(self, panel):
        """Return ``panel`` without the structures that only a few others are like.

        A sub-theme may not apply to some: where these are fewer than the minimum, the
        theme's figure less those of its sub-themes would be about them.
        """
        kept = dict(panel)
        for node in {node for scores in panel.values() for node in scores}:
            without = [e for e, scores in kept.items() if node not in scores]
            if len(without) < MIN_MEAN:
                kept = {e: s for e, s in kept.items() if e not in without}
        return kept

    @api.model
    def _prepare_scores(self, scores, has_quartiles, own):
        """Return what is told of the scores of a cohort that may be shown."""
        position = self._prepare_shown(len(scores))
        if any(score.threshold >= 50 for score in scores):
            return {
                "shown": False,
                "reason": self.env._(
                    "There are too few objectives here for a mean that would not tell "
                    "the levels of some. Look at a theme, or at the whole CAP."
                ),
                "wider": [],
            }
        mean = tell_mean([s.score for s in scores], [s.threshold for s in scores])
        position.update(mean=mean.percent, mean_bound=mean.bound)
        if has_quartiles:
            spread = quartiles(soften(s.score, s.threshold) for s in scores)
            position["quartiles"] = spread
            if own and own["score"] is not None:
                threshold = max(s.threshold for s in scores)
                mine = soften(own["score"], threshold)
                position["place"] = place(mine, spread, own["coverage"])
        return position

    @api.model
    def _prepare_shown(self, count):
        return {
            "shown": True,
            "count": count,
            "mean": None,
            "mean_bound": "",
            "quartiles": None,
            "place": None,
            "halves": None,
            "shares": None,
        }

    @api.model
    def _refuse_scores(self, cohort, shown):
        return {
            "shown": False,
            "reason": self.env._(
                "It takes %(mean)s structures to show a mean, and %(quartiles)s for "
                "the median and the middle half: nobody then recognises the results of "
                "another. A group that differs from another one by a few structures "
                "only is not shown either, nor is the year under way.",
                mean=MIN_MEAN,
                quartiles=MIN_QUARTILES,
            ),
            "wider": self._get_wider(cohort, shown),
        }

    @api.model
    def _get_wider(self, cohort, shown):
        """Return the cohorts one step wider that could be shown, else the whole."""
        wider = [cohort.wider(dimension) for dimension in cohort.chosen()]
        wider = [other for other in wider if other in shown] or [Cohort()]
        return [
            {key: value for key, value in other._asdict().items() if value is not None}
            for other in wider
            if other in shown and other != cohort
        ]

    @api.model
    def _read_panel(self, scope):
        """Return ``{id: cell}`` and ``{id: {node id: Score}}`` of the evaluations of
        those who went through the CAP.

        One query for all the nodes. A year that is not over has nobody.
        """
        if scope.year > self._get_last_closed_year():
            return {}, {}
        rows = self._get_lines()._read_group(
            scope.domain(),
            [*CELL_FIELDS, "evaluation_id", "theme_id", "subtheme_id"],
            [
                "weighted_score:sum",
                "scored_weight:sum",
                "scored_weight:max",
                "scored:sum",
                "applicable:sum",
            ],
        )
        cells, groups, skipped = {}, {}, set()
        for *cell, record, theme, subtheme, score, weight, most, scored, asked in rows:
            evaluation = record.id
            cells[evaluation] = to_cell(*cell)
            if scored < min(2, asked) or 2 * scored < asked:
                skipped.add(evaluation)
            elif scored:
                nodes = {False, theme.id, subtheme.id or theme.id}
                for node in nodes:
                    sums = groups.setdefault(evaluation, {}).setdefault(node, [0, 0, 0])
                    sums[0] += score
                    sums[1] += weight
                    sums[2] = max(sums[2], most)
        return cells, {
            evaluation: {
                node: Score(score / weight, softening(most, weight))
                for node, (score, weight, most) in nodes.items()
            }
            for evaluation, nodes in groups.items()
            if evaluation not in skipped
        }

    @api.model
    def _get_lines(self):
        """Return the network's lines, read by the system: only figures come out."""
        return self.env["cap.network.line"].sudo()

    # ------------------------------------------------------------------ levels

    @api.model
    def _tell_levels(self, scope, nodes, cohort, own):
        """Return ``{objective id: what is told}`` of the operational ones."""
        asked = [node for node in nodes if node.kind == "operational"]
        if not asked:
            return {}
        answers = self._read_levels(scope, asked)
        values = sorted(scope.version.scale_id.level_ids.mapped("value"))
        return {
            node.id: self._prepare_levels(answers.get(node.id, {}), values, cohort)
            for node in asked
        }

    @api.model
    def _read_levels(self, scope, objectives):
        """Return ``{objective id: {cell: Counter of level values}}``, scored ones."""
        result = {}
        if scope.year > self._get_last_closed_year():
            return result
        domain = scope.domain() & Domain("scored", "=", 1)
        rows = self._get_lines()._read_group(
            domain & Domain("objective_id", "in", [node.id for node in objectives]),
            [*CELL_FIELDS, "objective_id", "level_value"],
            ["__count"],
        )
        for *cell, objective, value, count in rows:
            by_cell = result.setdefault(objective.id, {})
            by_cell.setdefault(to_cell(*cell), Counter())[value] += count
        return result

    @api.model
    def _prepare_levels(self, levels, values, cohort):
        """Return what is told of the levels of a cohort, or its refusal.

        :param levels: ``{cell: Counter of level values}`` of the whole population
        """
        answers = Answers(
            {cell: [count[v] for v in values] for cell, count in levels.items()}
        )
        told = answers.tell(cohort)
        if not told:
            return self._refuse_levels(cohort, answers)
        total, low = told.count, told.low
        high = total - low[1], total - low[0]
        position = self._prepare_shown(total)
        position["halves"] = {
            "low": tell_share(low, total),
            "high": tell_share(high, total),
        }
        if told.levels:
            shares = [tell_share(level, total) for level in told.levels]
            position["shares"] = dict(zip(values, shares, strict=True))
        return position

    @api.model
    def _refuse_levels(self, cohort, answers):
        wider = [Cohort(), *(cohort.wider(name) for name in cohort.chosen())]
        shown = {other for other in wider if answers.is_shown(other)}
        return {
            "shown": False,
            "reason": self.env._(
                "It takes %(halves)s structures to show the two halves of the scale, "
                "and %(levels)s for each level, in groups that no other one crosses: "
                "nobody then recognises the level of another. The year under way is "
                "not shown.",
                halves=MIN_HALVES,
                levels=MIN_LEVELS,
            ),
            "wider": self._get_wider(cohort, shown),
        }

    # --------------------------------------------------------------------- own

    @api.model
    def _get_own(self, evaluation, nodes):
        """Return ``{node id: own value}`` of an evaluation the caller may read."""
        if not evaluation:
            return {}
        lines_sudo = evaluation.sudo().line_ids
        bounds = evaluation.sudo().version_id.scale_id._get_bounds()
        answers, levels = {}, {}
        for line in lines_sudo:
            objective, level = line.objective_id, line.level_id
            value = level.value if level else None
            levels[objective.id] = value
            answer = Scored(value, objective.weight, line.state != "not_applicable")
            under = {False, objective.theme_id.id, objective.subtheme_id.id}
            for node in {*under, objective.id} - {None}:
                answers.setdefault(node, []).append(answer)
        result = {}
        for node in nodes:
            scores = summarise(answers.get(node.id, ()), bounds)
            result[node.id] = {
                "score": None if scores.score is None else whole(scores.score),
                "scored": scores.scored,
                "applicable": scores.applicable,
                "coverage": whole(scores.coverage),
            }
            if node.kind == "operational":
                result[node.id]["level"] = levels.get(node.id)
        return result
