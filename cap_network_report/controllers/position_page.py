from urllib.parse import urlencode

from odoo.addons.cap_evaluation.controllers.pages.base import CapPage
from odoo.addons.cap_evaluation.models.structure.res_partner import SIZES

from ..kernel.positions import Cohort


def read_choice(params):
    """Return what a visitor chose, from the page's address; odd values are ignored.

    >>> read_choice({"region": "3", "size": "10_49", "year": "", "domain": "[]"})
    {'region': 3, 'size': '10_49'}
    >>> read_choice({"region": "3 or 1=1", "size": "huge", "type": "-1"})
    {}
    """
    choice = {
        key: int(params[key])
        for key in ("region", "type", "year", "objective")
        if params.get(key, "").isdecimal() and len(params[key]) < 10
    }
    if params.get("size") in [key for key, _label in SIZES]:
        choice["size"] = params["size"]
    return {key: choice[key] for key in sorted(choice) if choice[key]}


class PositionPage(CapPage):
    """Where the structure stands: what the page of that name shows.

    ``evaluation`` has passed the user's own rules; figures of the others come from
    ``cap.position``, asked through the system, which alone decides what is shown.
    """

    def __init__(self, evaluation, choice, can_conclude=False):
        super().__init__(evaluation, can_conclude)
        self.positions = self.env["cap.position"].sudo()
        self.types = self.env["cap.structure.type"].sudo().search([])
        self.regions = self.env["cap.region"].sudo().search([])
        self.choice = self._drop_unknown(choice)
        self.cohort = Cohort(**{key: self.choice.get(key) for key in Cohort._fields})
        self.scope = self.positions._get_scope(
            evaluation.version_id, evaluation, choice.get("year")
        )

    def prepare(self):
        """Return the values of the page."""
        whole, *nodes = self._get_rows()
        themes = [row for row in nodes if row["objective"].kind == "theme"]
        subthemes = [row for row in nodes if row["objective"].kind == "subtheme"]
        return {
            "whole": whole["position"],
            "wider": [
                self._prepare_wider(w) for w in whole["position"].get("wider", ())
            ],
            "themes": themes,
            "themes_title": self.env._("The %(count)s themes", count=len(themes)),
            "subthemes": subthemes,
            "subthemes_title": self.env._(
                "The %(count)s sub-themes", count=len(subthemes)
            ),
            "has_quartiles": any(row["position"].get("quartiles") for row in nodes),
            "group_text": self._tell_group(whole["position"]),
            "selects": self._get_selects(),
            "choice": self.choice,
            **(self._prepare_objective() if whole["position"]["shown"] else {}),
        }

    # -------------------------------------------------------------------- rows

    def _get_rows(self):
        """Return the whole, the themes and the sub-themes, each with its position."""
        nodes = self._get_objectives(["theme", "subtheme"])
        asked = [nodes.browse(), *nodes]
        positions = self.positions._get_positions(
            self.scope, asked, self.cohort, self.evaluation
        )
        return [
            {
                "objective": objective,
                "position": position,
                "detail": self._tell_detail(position),
                "label": self._tell_track(objective, position),
            }
            for objective, position in zip(asked, positions, strict=True)
        ]

    def _get_objectives(self, kinds):
        return self.env["cap.objective"].search(
            [("version_id", "=", self.evaluation.version_id.id), ("kind", "in", kinds)]
        )

    def _tell_detail(self, position):
        """Return "72 % (6 of 6), above three structures out of four"."""
        own, place = position["own"], self._tell_place(position)
        if not own or own["score"] is None:
            said = self.env._("Nothing scored on your side")
        else:
            said = self.env._(
                "%(percent)s (%(scored)s of %(applicable)s)",
                percent=self.words.percent(own["score"]),
                scored=own["scored"],
                applicable=own["applicable"],
            )
        return f"{said}, {place}" if place else said

    def _tell_place(self, position):
        if not position["shown"]:
            return self.env._("too few structures to compare with")
        if not position["quartiles"]:
            mean = self.words.percent(position["mean"])
            return self.env._("the group's mean is %(mean)s", mean=mean)
        return {
            "below": self.env._("below three structures out of four"),
            "middle": self.env._("in the middle half"),
            "above": self.env._("above three structures out of four"),
        }.get(position["place"])

    def _tell_track(self, objective, position):
        """Return the sentence a screen reader says for the drawing."""
        if not position["shown"]:
            return None
        own, percent = position["own"], self.words.percent
        you = percent(own["score"] if own else None)
        code = objective.code or ""
        if not position["quartiles"]:
            mean = percent(position["mean"])
            return self.env._(
                "%(code)s: you %(you)s, mean %(mean)s", code=code, you=you, mean=mean
            )
        first, median, third = position["quartiles"]
        return self.env._(
            "%(code)s: you %(you)s, quartiles %(first)s, %(median)s and %(third)s",
            code=code,
            you=you,
            first=first,
            median=median,
            third=percent(third),
        )

    # ------------------------------------------------------------------- group

    def _drop_unknown(self, choice):
        """Return ``choice`` without regions and types that do not exist."""
        known = {"region": self.regions.ids, "type": self.types.ids}
        return {
            key: value
            for key, value in choice.items()
            if key not in known or value in known[key]
        }

    def _get_selects(self):
        """Return the choices offered: name, label, "all" and options of each."""
        words = {
            "type": (self.env._("Type"), self.env._("All types")),
            "region": (self.env._("Region"), self.env._("All regions")),
            "size": (self.env._("Size (FTE)"), self.env._("All sizes")),
            "year": (self.env._("Year"), None),
        }
        chosen = {**self.cohort._asdict(), "year": self.scope.year}
        options = self._get_options()
        return [
            {
                "name": name,
                "label": label,
                "all": everything,
                "options": [
                    (value, text, value == chosen[name])
                    for value, text in options[name]
                ],
            }
            for name, (label, everything) in words.items()
        ]

    def _get_options(self):
        """Return ``{choice: [(value, words)]}``, in the order they are offered."""
        years = self.positions._get_years(self.scope.version, self.scope.company)
        return {
            "type": [(kind.id, f"{kind.code} - {kind.name}") for kind in self.types],
            "region": [(region.id, region.name) for region in self.regions],
            "size": self.evaluation._fields["size"]._description_selection(self.env),
            "year": [(year, str(year)) for year in years or [self.scope.year or ""]],
        }

    def _tell_group(self, position):
        """Return "31 structures · ACI · Bretagne · 2026", without a refused count."""
        parts = []
        if position["shown"]:
            parts.append(self.env._("%(count)s structures", count=position["count"]))
        for select in self._get_selects():
            parts += [text for _value, text, chosen in select["options"] if chosen]
        return " · ".join(parts)

    def _prepare_wider(self, wider):
        """Return the link to a larger group: its words and its address."""
        dropped = [name for name in self.cohort.chosen() if name not in wider]
        words = {
            "region": self.env._("All regions"),
            "type": self.env._("All types"),
            "size": self.env._("All sizes"),
        }
        text = (
            words[dropped[0]] if len(dropped) == 1 else self.env._("The whole network")
        )
        return {"text": text, "url": self._get_url(wider)}

    def _get_url(self, cohort):
        kept = {k: self.choice[k] for k in ("year", "objective") if k in self.choice}
        query = urlencode({**cohort, **kept})
        return f"/my/cap/{self.evaluation.id}/position" + (f"?{query}" if query else "")

    # --------------------------------------------------------------- objective

    def _prepare_objective(self):
        """Return one operational objective seen closely: the share of each level."""
        objectives = self._get_objectives(["operational"])
        objective = self._choose_objective(objectives)
        if not objective:
            return {"objective": None}
        (position,) = self.positions._get_positions(
            self.scope, [objective], self.cohort, self.evaluation
        )
        shares = {}
        if position["shown"]:
            shares = self.positions._get_shares(self.scope, objective, self.cohort)
        return {
            "objective": objective,
            "objective_groups": objectives.grouped("subtheme_id"),
            "objective_position": position,
            "level_shares": [
                (level, shares.get(level.value, 0))
                for level in self.scope.version.scale_id.level_ids
            ],
            "objective_text": self._tell_objective(position),
        }

    def _choose_objective(self, objectives):
        """Return the one asked for; else the first where the team wants to progress."""
        asked = objectives.filtered(lambda o: o.id == self.choice.get("objective"))
        if asked:
            return asked
        wanted = self.env["cap.evaluation.line"].search(
            [
                ("evaluation_id", "=", self.evaluation.id),
                ("progress_action", "=", "yes"),
            ],
            order="objective_id",
            limit=1,
        )
        return wanted.objective_id or objectives[:1]

    def _tell_objective(self, position):
        own = position["own"]
        you = (
            self.env._("You: no level.")
            if not own or own["score"] is None
            else self.env._("You: level %(level)s.", level=own["level"])
        )
        if not position["shown"]:
            too_small = self.env._("Too few structures to show this objective.")
            return f"{too_small} {position['reason']} {you}"
        group = self.env._(
            "Share of %(count)s structures at each level.", count=position["count"]
        )
        return f"{group} {you}"
