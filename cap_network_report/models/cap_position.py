from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain

from odoo.addons.cap_evaluation.kernel.scoring import to_percent
from odoo.addons.cap_evaluation.models.structure.res_partner import SIZES

from ..kernel.positions import (
    MIN_MEAN,
    MIN_QUARTILES,
    Cohort,
    Member,
    place,
    quartiles,
    shares,
    shown_cohorts,
    whole,
)

COHORT_KEYS = ("region", "type", "size", "year")
NODE_FIELDS = {
    "theme": "theme_id",
    "subtheme": "subtheme_id",
    "operational": "objective_id",
}


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


class CapPosition(models.AbstractModel):
    """Where a structure stands among others, without showing any of them.

    A *cohort* is the structures of a region, a type, a size and a year, chosen by these
    words only, never by a domain. Each structure counts once, with the last evaluation
    it validated that year with this edition, provided that something is scored in it
    for the objective asked. The mean is the plain mean of the structures' own scores.

    What may be shown of a cohort is decided in ``kernel/positions.py``, with the rules:
    at least 5 structures, 10 for the quartiles, no two shown groups nearly alike. A
    refusal gives its reason, the same whatever the cause, and no number.
    """

    _name = "cap.position"
    _description = "CAP Position"

    @api.model
    def get_position(self, objective=None, cohort=None, evaluation=None):
        """Return the position of a cohort, and the caller's own value beside it.

        :param objective: theme, sub-theme or operational objective (record or id);
            empty for the whole CAP
        :param dict cohort: any of ``region``, ``type`` (ids), ``size`` (a size's key)
            and ``year``; a key left out means all of them, and the last year evaluated
        :param evaluation: the caller's own (record or id); also gives the edition and
            the year when nothing else does
        :return: dict with ``shown``, ``objective_id``, ``year``, ``own`` (``score`` in
            whole percents or None, ``scored`` and ``applicable`` counts; None unless
            the caller may read that evaluation) and, when shown: ``count``, ``mean``,
            ``shares`` ({level: whole percent of the answers}), ``quartiles`` (three
            whole percents; None under 10 structures) and ``place`` (below, middle,
            above or None); when refused: ``reason``, and ``wider``, the larger cohorts
            that could be shown
        :raise AccessError: for anyone but animators and managers; the portal page asks
            through the system, after its own gate
        :raise ValidationError: on another key or a value that is not one
        """
        self._check_position_access()
        objective = self._to_record("cap.objective", objective)
        evaluation = self._to_record("cap.evaluation", evaluation)
        if not evaluation.sudo(False).has_access("read"):
            evaluation = evaluation.browse()
        cohort, year = self._to_cohort(cohort)
        scope = self._get_scope(objective.version_id, evaluation, year)
        (position,) = self._get_positions(scope, [objective], cohort, evaluation)
        if position["shown"]:
            position["shares"] = self._get_shares(scope, objective, cohort)
        return position

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
            raise ValidationError(self.env._("There is nothing to position there."))
        return record.with_env(self.env)

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
        year = year or evaluation.year
        if not year:
            year = max(self._get_years(version, company), default=0)
        return Scope(version, company, year)

    @api.model
    def _get_lines(self):
        """Return the network's lines, read by the system: only figures come out."""
        return self.env["cap.network.line"].sudo()

    @api.model
    def _get_years(self, version, company):
        """Return the years in which evaluations with ``version`` were validated."""
        rows = (
            self.env["cap.evaluation"]
            .sudo()
            ._read_group(
                [
                    ("version_id", "=", version.id),
                    ("company_id", "=", company.id),
                    ("state", "=", "validated"),
                ],
                ["year"],
            )
        )
        return sorted((year for (year,) in rows), reverse=True)

    # --------------------------------------------------------------- answering

    @api.model
    def _get_positions(self, scope, objectives, cohort, evaluation):
        """Return one dict for each of ``objectives`` (see :meth:`get_position`).

        One query for each kind of objective, one decision for each population.
        """
        own = self._get_own(evaluation, objectives) if evaluation else {}
        scores = self._read_scores(scope, objectives)
        decided = {}
        result = []
        for objective in objectives:
            by_evaluation = scores.get(objective.id, {})
            population = frozenset(by_evaluation)
            if population not in decided:
                decided[population] = self._decide(population)
            members, shown = decided[population]
            position = self._prepare_position(
                cohort, shown, by_evaluation, members, own.get(objective.id)
            )
            result.append(
                {"objective_id": objective.id, "year": scope.year, **position}
            )
        return result

    @api.model
    def _prepare_position(self, cohort, shown, by_evaluation, members, own):
        """Return the figures of ``cohort``, or its refusal."""
        if cohort not in shown:
            return {
                "shown": False,
                "own": own,
                "reason": self._get_refusal(),
                "wider": self._get_wider(cohort, shown),
            }
        values = [
            score
            for evaluation_id, score in by_evaluation.items()
            if members[evaluation_id].belongs(cohort)
        ]
        spread = quartiles(values) if len(values) >= MIN_QUARTILES else None
        known = own and own["score"] is not None and spread
        return {
            "shown": True,
            "own": own,
            "count": len(values),
            "mean": whole(sum(values) / len(values)),
            "quartiles": spread,
            "place": place(own["score"], spread) if known else None,
        }

    @api.model
    def _get_refusal(self):
        return self.env._(
            "It takes %(mean)s structures to show a mean, and %(quartiles)s for the "
            "median and the middle half: nobody then recognises the results of "
            "another. A group that differs from another one by a few structures "
            "only is not shown either.",
            mean=MIN_MEAN,
            quartiles=MIN_QUARTILES,
        )

    @api.model
    def _get_wider(self, cohort, shown):
        """Return the cohorts one step wider that could be shown, else the whole."""
        wider = [cohort.wider(dimension) for dimension in cohort.chosen()]
        wider = [other for other in wider if other in shown] or [Cohort()]
        return [
            {key: value for key, value in other._asdict().items() if value is not None}
            for other in wider
            if other in shown
        ]

    @api.model
    def _decide(self, evaluation_ids):
        """Return these evaluations as members, and the cohorts that may be shown."""
        evaluations = self.env["cap.evaluation"].sudo().browse(sorted(evaluation_ids))
        members = {
            evaluation.id: Member(
                region=evaluation.region_id.id or None,
                size=evaluation.size or None,
                types=frozenset(evaluation.structure_type_ids.ids),
            )
            for evaluation in evaluations
        }
        return members, shown_cohorts(list(members.values()))

    # ----------------------------------------------------------------- reading

    @api.model
    def _read_scores(self, scope, objectives):
        """Return ``{objective id: {evaluation id: score}}``, scored ones only."""
        result = {}
        for kind, nodes in self._group_by_kind(objectives).items():
            field = NODE_FIELDS.get(kind)
            domain = scope.domain() & Domain("scored", "=", 1)
            if field:
                domain &= Domain(field, "in", [node.id for node in nodes])
            rows = self._get_lines()._read_group(
                domain, ["evaluation_id", *([field] if field else [])], ["score:avg"]
            )
            for evaluation, *node, score in rows:
                key = node[0].id if node else False
                result.setdefault(key, {})[evaluation.id] = score
        return result

    @api.model
    def _group_by_kind(self, objectives):
        """Return ``{kind: objectives}``, kind False for the whole."""
        kinds = {}
        for objective in objectives:
            if objective and objective.kind not in NODE_FIELDS:
                raise UserError(
                    self.env._(
                        "“%(objective)s” has no position: choose a theme, a sub-theme "
                        "or an operational objective.",
                        objective=objective.display_name,
                    )
                )
            kinds.setdefault(objective.kind, []).append(objective)
        return kinds

    @api.model
    def _get_own(self, evaluation, objectives):
        """Return ``{objective id: own value}`` of an evaluation the caller may read."""
        result = {}
        for kind, nodes in self._group_by_kind(objectives).items():
            if kind == "operational":
                result.update(self._get_own_levels(evaluation, nodes))
                continue
            for values in evaluation.sudo().get_scores(kind or "all"):
                result[values["objective_id"]] = {
                    "score": _whole_or_none(values["score"]),
                    "scored": values["scored"],
                    "applicable": values["applicable"],
                }
        return result

    @api.model
    def _get_own_levels(self, evaluation, objectives):
        lines = evaluation.sudo().line_ids.filtered(
            lambda line: line.objective_id.id in {node.id for node in objectives}
        )
        result = {}
        for line in lines:
            bounds = evaluation.sudo().version_id.scale_id._get_bounds()
            level = line.level_id
            result[line.objective_id.id] = {
                "score": whole(to_percent(level.value, bounds)) if level else None,
                "level": level.value if level else None,
                "scored": int(line.state == "scored"),
                "applicable": int(line.state != "not_applicable"),
            }
        return result

    @api.model
    def _get_shares(self, scope, objective, cohort):
        """Return the whole percent of each level among the answers of a cohort.

        To be called for a cohort that may be shown.
        """
        domain = scope.domain() & Domain("scored", "=", 1)
        if objective:
            domain &= Domain(NODE_FIELDS[objective.kind], "=", objective.id)
        for key, field in (
            ("region", "region_id"),
            ("size", "size"),
            ("type", "structure_type_ids"),
        ):
            value = getattr(cohort, key)
            if value is not None:
                domain &= Domain(field, "in", [value])
        rows = self._get_lines()._read_group(
            domain, ["evaluation_id.version_id.scale_id", "level_value"], ["__count"]
        )
        return shares(
            {
                level.value: 0
                for scale, _value, _count in rows
                for level in scale.level_ids
            }
            | {value: count for _scale, value, count in rows}
        )


def _whole_or_none(score):
    return None if score is None else whole(score)
