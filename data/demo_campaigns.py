"""The demo's three campaigns: two that are over, one under way."""

import datetime as dt
import random
from typing import NamedTuple

from odoo.fields import Command

from data import phrases, profiles
from data.clock import at, moment, set_dates

#: Share of the structures that take part, campaign after campaign, the last one now.
SHARES = (0.6, 0.8, 1.0)
#: This year's: share validated, share begun; the others have not opened it.
VALIDATED, BEGUN = 0.46, 0.26
#: Share of those of a past campaign that did not go to the end.
UNFINISHED = 0.07
#: Share of scored objectives with a comment, by level.
COMMENTED = {0: 0.3, 1: 0.55, 2: 0.5, 3: 0.3}
STOPPED_AT = "3.1.3.1"


class Season(NamedTuple):
    """The days of one campaign."""

    year: int
    start: dt.date
    first: dt.date
    last: dt.date
    end: dt.date


class Answer(NamedTuple):
    """What a structure says of one objective; ``level`` None: not applicable."""

    level: int | None
    reason: str | None = None


def seasons(today: dt.date) -> list[Season]:
    """Return the three seasons: two years ago, last year, and now.

    A campaign starts two months ago at the latest, and every validation of a season
    falls in the same calendar year: that is the period of the network's report.

    >>> [s.start.isoformat() for s in seasons(dt.date(2026, 11, 21))]
    ['2024-09-22', '2025-09-22', '2026-09-22']
    >>> now = seasons(dt.date(2027, 1, 15))[-1]
    >>> now.start.isoformat(), now.last.isoformat()
    ('2026-10-15', '2026-12-31')
    """
    start = today - dt.timedelta(days=60)
    start = min(start, dt.date(start.year, 10, 15))
    result = []
    for back in (2, 1, 0):
        day = dt.date(start.year - back, start.month, min(start.day, 28))
        close = min(day + dt.timedelta(days=95), dt.date(day.year, 12, 20))
        last = close if back else min(today, dt.date(day.year, 12, 31))
        end = close if back else max(today, close) + dt.timedelta(days=30)
        result.append(Season(day.year, day, day + dt.timedelta(days=14), last, end))
    return result


class Campaigns:
    """Opens the campaigns, fills evaluations in, and validates most of them."""

    def __init__(self, env, seed, version, structures, featured, staff, today):
        self.env = env
        self.seed = seed
        self.version = version
        self.structures = structures
        self.featured = {s: login for login, s in featured.items()}
        self.staff = staff
        self.today = today
        objectives = version.objective_ids.filtered(lambda o: o.kind == "operational")
        self.codes = objectives.sorted("sequence").mapped("code")
        self.comments = phrases.read_comments()
        self.models = self._get_action_models()
        self.levels = {}
        self.worked_on = {}

    def _get_action_models(self):
        models = {}
        for model in self.env["cap.action.model"].search([], order="ref"):
            models.setdefault(model.objective_code, []).append(model)
        return models

    def _rng(self, *words):
        """Return a generator of its own for each structure and year: adding one
        structure changes nothing to the others."""
        return random.Random(" ".join(map(str, (self.seed, *words))))

    # ---------------------------------------------------------------- campaigns

    def make(self, season, share):
        """Make one campaign; return its evaluations and when each was validated."""
        is_past = season.end < self.today
        campaign = self._open(season, self._choose(season, share))
        evaluations = campaign.evaluation_ids.sorted("id")
        begun, validated = self._share_out(evaluations, is_past)
        self._start(begun)
        self._fill(begun, validated, season.year)
        days = self._validate(validated, season)
        if is_past:
            (evaluations - validated).action_cancel()
            campaign.action_close()
        self._set_dates(campaign, season, days)
        return days

    def _choose(self, season, share):
        """Return who takes part: those of the year before stay, others join."""
        taking = []
        for structure in self.structures:
            rank = self._rng("joins", structure.name).random()
            if self.featured.get(structure) == "debut":
                rank = 1.0
            elif structure in self.featured:
                rank = 0.0
            if rank <= share:
                taking.append(structure.id)
        return self.structures.browse(taking)

    def _open(self, season, partners):
        campaign = self.env["cap.campaign"].create(
            {
                "name": f"Campagne CAP {season.year}",
                "version_id": self.version.id,
                "partner_ids": [Command.set(partners.ids)],
                "region_ids": [Command.set(partners.cap_region_id.ids)],
                "date_start": season.start,
                "date_end": season.end,
                "animator_id": self.staff["national"].id,
            }
        )
        with at(moment(season.start)):
            campaign.action_open()
        return campaign

    def _share_out(self, evaluations, is_past):
        """Return the evaluations that were begun, and those of them validated."""
        begun, validated = evaluations.browse(), evaluations.browse()
        ends = (1 - UNFINISHED, 1) if is_past else (VALIDATED, VALIDATED + BEGUN)
        roles = {"pilote": 0.0, "mi-parcours": 0.0 if is_past else ends[0], "debut": 1}
        for evaluation in evaluations:
            partner = evaluation.partner_id
            draw = self._rng("ends", partner.name, evaluation.campaign_id.name).random()
            draw = roles.get(self.featured.get(partner), draw)
            if draw <= ends[1] and draw < 1:
                begun |= evaluation
            if draw < ends[0]:
                validated |= evaluation
        return begun, validated

    def _start(self, evaluations):
        """Begin; some structures have somebody of the federation with them."""
        for mode, chosen in evaluations.grouped(self._choose_mode).items():
            chosen.mode = mode
            if mode == "accompanied":
                for evaluation in chosen:
                    region = evaluation.partner_id.cap_region_id
                    evaluation.facilitator_id = region.animator_ids.partner_id[:1]
        evaluations.action_start()
        evaluations.action_open_consensus()

    def _choose_mode(self, evaluation):
        if self.featured.get(evaluation.partner_id) == "pilote":
            return "participatory"
        rng = self._rng("mode", evaluation.partner_id.name, evaluation.campaign_id.name)
        return rng.choice(("alone", "alone", "participatory", "accompanied"))

    # ------------------------------------------------------------------ answers

    def _fill(self, begun, validated, year):
        """Write levels together, then each line's own words."""
        values = {level.value: level for level in self.version.scale_id.level_ids}
        by_level, words = {}, {}
        for evaluation in begun:
            answers = self._get_answers(evaluation, year)
            if evaluation not in validated:
                answers = self._stop_half_way(evaluation, answers)
            rng = self._rng("words", evaluation.partner_id.name, year)
            for line in evaluation.line_ids:
                answer = answers.get(line.objective_id.code)
                if answer and answer.level is not None:
                    by_level.setdefault(answer.level, []).append(line.id)
            words.update(self._get_words(rng, evaluation, answers, year))
        lines = self.env["cap.evaluation.line"]
        for level, ids in by_level.items():
            lines.browse(ids).write({"level_id": values[level].id})
        for line, vals in words.items():
            line.write(vals)
        self.env.flush_all()

    def _get_answers(self, evaluation, year):
        """Return ``{code: Answer}`` of a structure that goes to the end."""
        partner = evaluation.partner_id
        rng = self._rng("levels", partner.name, year)
        levels = self._get_levels(rng, partner)
        self.levels[partner] = levels
        types = set(partner.cap_structure_type_ids.mapped("code"))
        reasons = profiles.reasons_not_applicable(self._rng("na", partner.name), types)
        if self.featured.get(partner) == "pilote":
            reasons = dict(profiles.FEATURED_REASONS)
        return {
            code: Answer(None, reasons[code]) if code in reasons else Answer(level)
            for code, level in levels.items()
        }

    def _get_levels(self, rng, partner):
        last = self.levels.get(partner)
        if self.featured.get(partner) == "pilote":
            return self._get_featured_levels(partner)
        if last:
            return profiles.next_levels(rng, last, self.worked_on.get(partner, []))
        strength = self._rng("strength", partner.name).gauss(0, 0.38)
        if self.featured.get(partner):
            strength = 0.1
        return profiles.first_levels(rng, self.codes, strength)

    def _get_featured_levels(self, partner):
        """Return the levels of the structure to look at first, oldest year first."""
        path = [profiles.featured_levels(self.codes)]
        for back in (1, 2):
            path.append(profiles.previous_levels(self._rng("path", back), path[-1]))
        done = len(
            partner.cap_evaluation_ids.filtered(lambda e: e.state == "validated")
        )
        return path[max(0, 2 - done)]

    def _stop_half_way(self, evaluation, answers):
        """Return the first answers only: people go in the order of the CAP."""
        if self.featured.get(evaluation.partner_id) == "mi-parcours":
            count = self.codes.index(STOPPED_AT) if STOPPED_AT in self.codes else 3
        else:
            rng = self._rng("stop", evaluation.partner_id.name)
            count = round(len(self.codes) * rng.choice((0.1, 0.25, 0.4, 0.6, 0.8, 1)))
        return {code: answers[code] for code in self.codes[:count] if code in answers}

    # -------------------------------------------------------------------- words

    def _get_words(self, rng, evaluation, answers, year):
        """Return ``{line: values}``: reasons, comments, actions."""
        levels = {c: a.level for c, a in answers.items() if a.level is not None}
        count = rng.choice((0, 3, 4, 5, 6, 7, 8))
        if self.featured.get(evaluation.partner_id) == "pilote":
            count = 6
        actions = profiles.choose_actions(rng, levels, count)
        self.worked_on[evaluation.partner_id] = actions
        words, said = {}, set()
        for line in evaluation.line_ids.sorted(lambda ln: ln.objective_id.sequence):
            code = line.objective_id.code
            answer = answers.get(code)
            if not answer:
                continue
            if answer.level is None:
                words[line] = {"na_reason": answer.reason}
                continue
            vals = self._say_action(rng, code, code in actions, said)
            sentences = self.comments.get((code, answer.level))
            if sentences and (
                code in actions or rng.random() < COMMENTED[answer.level]
            ):
                vals["comment"] = phrases.comment(
                    rng, sentences, answer.level, year, said
                )
            if vals:
                words[line] = vals
        return words

    def _say_action(self, rng, code, wanted, said):
        """Return the part of an answer that is about progressing, or not."""
        if not wanted:
            draw = rng.random()
            if draw < 0.03:
                return {
                    "progress_action": "no",
                    "progress_comment": phrases.pick(rng, phrases.NOT_NOW, said),
                }
            return {"progress_action": "no"} if draw < 0.5 else {}
        vals = {"progress_action": "yes"}
        models = self.models.get(code)
        if models:
            model = rng.choice(models)
            text = model.name
            if rng.random() < 0.5:
                text = f"{text}\n{phrases.pick(rng, phrases.DETAILS, said)}".strip()
            vals.update(progress_comment=text, cap_action_model_id=model.id)
        return vals

    # -------------------------------------------------------------- validations

    def _validate(self, evaluations, season):
        """Validate each on its own day; return ``{evaluation: when}``."""
        days = {}
        span = max(0, (season.last - season.first).days)
        for evaluation in evaluations:
            rng = self._rng("day", evaluation.partner_id.name, season.year)
            if self.featured.get(evaluation.partner_id) == "pilote":
                day = season.last - dt.timedelta(days=min(9, span))
            else:
                day = season.first + dt.timedelta(days=rng.randint(0, span))
            evaluation.reviewed = rng.random() < 0.35
            days[evaluation] = moment(day, rng.randint(8, 16))
            with at(days[evaluation]):
                evaluation.action_validate()
        return days

    def _set_dates(self, campaign, season, days):
        """Give evaluations and lines the days on which people worked on them."""
        opened = moment(season.start)
        set_dates(campaign, {campaign.id: opened})
        last = {}
        for evaluation in campaign.evaluation_ids:
            rng = self._rng("last", evaluation.partner_id.name, season.year)
            recent = moment(season.last - dt.timedelta(days=rng.randint(1, 40)))
            last[evaluation.id] = days.get(evaluation, max(opened, recent))
        set_dates(
            campaign.evaluation_ids,
            dict.fromkeys(campaign.evaluation_ids.ids, opened),
            last,
        )
        lines = campaign.evaluation_ids.line_ids
        set_dates(
            lines,
            dict.fromkeys(lines.ids, opened),
            {line.id: last[line.evaluation_id.id] for line in lines},
        )
