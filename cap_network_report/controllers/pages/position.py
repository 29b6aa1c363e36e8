"""The page "Where we stand"."""

from functools import cached_property
from urllib.parse import urlencode

from odoo.addons.cap_evaluation.controllers.pages.base import CapPage
from odoo.addons.cap_evaluation.kernel.numbers import read_id
from odoo.addons.cap_evaluation.models.structure.res_partner import SIZES

from ...kernel.positions import MIN_HALVES, MIN_LEVELS, MIN_MEAN, MIN_QUARTILES, Cohort


def read_choice(params):
    """Return what a visitor chose, from the page's address; odd values are ignored.

    >>> read_choice({"region": "3", "size": "10_49", "year": "", "domain": "[]"})
    {'region': 3, 'size': '10_49'}
    >>> read_choice({"region": "3 or 1=1", "size": "huge", "type": "-1", "year": "²"})
    {}
    """
    choice = {
        key: read_id(params.get(key))
        for key in ("objective", "region", "type", "year")
        if read_id(params.get(key))
    }
    if params.get("size") in [key for key, _label in SIZES]:
        choice["size"] = params["size"]
    return choice


class PositionPage(CapPage):
    """Where the structure stands: what the page of that name shows.

    Figures of the others come from ``cap.position``, asked through the system, which
    alone decides what is shown.
    """

    def __init__(self, evaluation, choice, can_conclude=False):
        super().__init__(evaluation, can_conclude)
        self.positions = self.env["cap.position"].sudo()
        self.asked = choice

    # ------------------------------------------------------------------ choice

    @cached_property
    def years(self):
        """The years that can be compared, last first."""
        return self.positions.get_years(self.evaluation)

    @cached_property
    def types(self):
        """The main types that one can choose."""
        return self.env["cap.structure.type"].sudo().search_fetch([], ["code", "name"])

    @cached_property
    def regions(self):
        """The regions that one can choose."""
        return self.env["cap.region"].sudo().search_fetch([], ["name"])

    @cached_property
    def choice(self):
        """What was chosen, without regions, types and years that are not offered."""
        known = {
            "region": self.regions.ids,
            "type": self.types.ids,
            "year": self.years,
        }
        return {
            key: value
            for key, value in self.asked.items()
            if key not in known or value in known[key]
        }

    @cached_property
    def cohort(self):
        """The group of structures that was chosen."""
        return Cohort(**{key: self.choice.get(key) for key in Cohort._fields})

    @cached_property
    def selects(self):
        """The choices offered: name, label, "all" and ``(value, words, chosen)``."""
        words = {
            "type": (self.env._("Main type"), self.env._("All types")),
            "region": (self.env._("Region"), self.env._("All regions")),
            "size": (self.env._("Size (FTE)"), self.env._("All sizes")),
            "year": (self.env._("Year"), None),
        }
        options = {
            "type": [(kind.id, f"{kind.code} - {kind.name}") for kind in self.types],
            "region": [(region.id, region.name) for region in self.regions],
            "size": self.evaluation._fields["size"]._description_selection(self.env),
            "year": [(year, str(year)) for year in self.years],
        }
        chosen = {**self.cohort._asdict(), "year": self.year}
        return [
            {
                "name": name,
                "label": label,
                "all": everything,
                "options": [(v, text, v == chosen[name]) for v, text in options[name]],
            }
            for name, (label, everything) in words.items()
            if options[name]
        ]

    # ----------------------------------------------------------------- figures

    @cached_property
    def nodes(self):
        """The objectives of the edition, all kinds, in reading order."""
        return self.env["cap.objective"].search_fetch(
            [("version_id", "=", self.evaluation.version_id.id)],
            ["version_id", "kind", "code", "name", "weight", "theme_id", "subtheme_id"],
        )

    def get_kind(self, kind):
        """Return the objectives of ``kind``, in reading order."""
        return self.nodes.filtered(lambda node: node.kind == kind)

    @cached_property
    def objective(self):
        """The one to see closely: asked for, else the first where the team wants to
        progress, else the first of all."""
        objectives = self.get_kind("operational")
        asked = objectives.filtered(lambda o: o.id == self.choice.get("objective"))
        lines_sudo = self.evaluation.sudo().line_ids  # as cap.position reads them
        wanted = lines_sudo.filtered(lambda line: line.progress_action == "yes")
        return (asked or objectives & wanted.objective_id or objectives)[:1]

    @cached_property
    def told(self):
        """``{node id: position}``; the whole CAP under False."""
        shown = self.get_kind("theme") + self.get_kind("subtheme") + self.objective
        asked = [shown.browse(), *shown]
        cohort = {k: v for k, v in self.cohort._asdict().items() if v is not None}
        if self.choice.get("year"):
            cohort["year"] = self.choice["year"]
        told = self.positions.get_positions(asked, cohort, self.evaluation)
        return {position["objective_id"]: position for position in told}

    @cached_property
    def whole(self):
        """The position on the whole CAP: what the group is, or why it is refused."""
        return self.told[False]

    @cached_property
    def year(self):
        """The year that is compared."""
        return self.whole["year"]

    @cached_property
    def waits_for_year(self):
        """Tell whether this CAP is of a year that is not compared yet."""
        return self.evaluation.year > self.year or self.is_open

    @cached_property
    def closely(self):
        """The position on the objective seen closely."""
        return self.told[self.objective.id]

    @cached_property
    def has_quartiles(self):
        """Tell whether the quartiles of some objective are told."""
        return any(position.get("quartiles") for position in self.told.values())

    @cached_property
    def levels(self):
        """The levels of the scale, the lowest first."""
        return self.evaluation.version_id.scale_id.level_ids

    @cached_property
    def halves(self):
        """The halves of the scale: ``(words, share, middle of the share)``."""
        middle = len(self.levels) // 2
        parts = {"low": self.levels[:middle], "high": self.levels[middle:]}
        return [
            (
                self.env._(
                    "levels %(levels)s",
                    levels=", ".join(str(level.value) for level in part),
                ),
                self.tell_share(self.closely["halves"][name]),
                sum(self.closely["halves"][name]) / 2,
            )
            for name, part in parts.items()
        ]

    @cached_property
    def shares(self):
        """The levels: ``(level, share, middle of the share)``; None under 30."""
        shares = self.closely.get("shares")
        return shares and [
            (
                level,
                self.tell_share(shares[level.value]),
                sum(shares[level.value]) / 2,
            )
            for level in self.levels
        ]

    # ------------------------------------------------------------------- words

    @cached_property
    def titles(self):
        """The titles of the two drawings, by kind of objective."""
        themes, subthemes = self.get_kind("theme"), self.get_kind("subtheme")
        return {
            "theme": self.env._("The %(count)s themes", count=len(themes)),
            "subtheme": self.env._("The %(count)s sub-themes", count=len(subthemes)),
        }

    @cached_property
    def group_text(self):
        """Return "31 structures · ACI · Bretagne · 2025", no count when refused."""
        parts = [
            text
            for s in self.selects
            for _value, text, chosen in s["options"]
            if chosen
        ]
        if self.whole["shown"]:
            count = self.whole["count"]
            parts.insert(0, self.env._("%(count)s structures", count=count))
        return " · ".join(parts)

    @cached_property
    def thresholds(self):
        """What is shown from how many structures on, sentence by sentence."""
        return [
            self.env._("From %(count)s structures: the mean.", count=MIN_MEAN),
            self.env._(
                "From %(count)s: also the quartiles, and the two halves of the scale "
                "for one objective (from %(halves)s).",
                count=MIN_QUARTILES,
                halves=MIN_HALVES,
            ),
            self.env._(
                "From %(count)s: also the share of each level, in fewer groups.",
                count=MIN_LEVELS,
            ),
        ]

    @cached_property
    def wider(self):
        """Links to larger groups: their words and address."""
        words = {
            "region": self.env._("All regions"),
            "type": self.env._("All types"),
            "size": self.env._("All sizes"),
        }
        links = []
        for wider in self.whole.get("wider", ()):
            dropped = [name for name in self.cohort.chosen() if name not in wider]
            one = words[dropped[0]] if len(dropped) == 1 else None
            links.append(
                {
                    "text": one or self.env._("The whole network"),
                    "url": self._get_page_url(wider),
                }
            )
        return links

    def _get_page_url(self, cohort):
        kept = {k: self.choice[k] for k in ("year", "objective") if k in self.choice}
        query = urlencode({**cohort, **kept})
        return f"/my/cap/{self.evaluation.id}/position" + (f"?{query}" if query else "")

    def tell_mean(self, position):
        """Return "61 %", or "5 % or less" near an end; a dash where none is told."""
        value = self.words.percent(position.get("mean"))
        if position.get("mean_bound") == "at_most":
            return self.env._("%(percent)s or less", percent=value)
        if position.get("mean_bound") == "at_least":
            return self.env._("%(percent)s or more", percent=value)
        return value

    def tell_share(self, share):
        """Return "42 %", "10 % or less" or "38 to 48 %" of (at least, at most)."""
        at_least, at_most = share
        percent = self.words.percent
        if at_least == at_most:
            return percent(at_least)
        if not at_least:
            return self.env._("%(percent)s or less", percent=percent(at_most))
        if at_most == 100:
            return self.env._("%(percent)s or more", percent=percent(at_least))
        return self.env._(
            "%(least)s to %(most)s", least=at_least, most=percent(at_most)
        )

    def tell_standing(self, position):
        """Return one's own value, and where it stands in the group."""
        own, place = self.tell_own(position), self.tell_place(position)
        return self.env._("%(own)s, %(place)s", own=own, place=place) if place else own

    def tell_own(self, position):
        """Return "72 % (6 of 6)", or that nothing is scored."""
        own = position["own"]
        if not own or own["score"] is None:
            return self.env._("Nothing scored on your side")
        return self.env._(
            "%(percent)s (%(scored)s of %(applicable)s)",
            percent=self.words.percent(own["score"]),
            scored=own["scored"],
            applicable=own["applicable"],
        )

    def tell_place(self, position):
        """Return where one's own value stands in the group, or why it is not said."""
        own = position["own"]
        if not position["shown"]:
            return self.env._("too few structures to compare with")
        if not position["quartiles"]:
            return self.env._(
                "the group's mean is %(mean)s", mean=self.tell_mean(position)
            )
        if own and own["score"] is not None and not position["place"]:
            return self.env._("less than half is scored, so no place is said")
        return {
            "below": self.env._("before the middle half: others can help"),
            "middle": self.env._("in the middle half"),
            "above": self.env._("after the middle half: you can help others"),
        }.get(position["place"], "")

    def tell_track(self, node):
        """Return the sentence a screen reader says for the drawing of ``node``."""
        position = self.told[node.id]
        own, percent = position["own"], self.words.percent
        you = percent(own["score"] if own else None)
        if not position["quartiles"]:
            return self.env._(
                "%(name)s: you %(you)s, mean of the group %(mean)s",
                name=node.display_name,
                you=you,
                mean=self.tell_mean(position),
            )
        first, median, third = position["quartiles"]
        return self.env._(
            "%(name)s: you %(you)s, quartiles %(first)s, %(median)s and %(third)s",
            name=node.display_name,
            you=you,
            first=first,
            median=median,
            third=percent(third),
        )

    @cached_property
    def closely_text(self):
        """What is said under the objective seen closely."""
        if not self.closely["shown"]:
            return self.closely["reason"]
        return self.env._(
            "Share of %(count)s structures at each level.", count=self.closely["count"]
        )

    @cached_property
    def own_level(self):
        """One's own level on the objective seen closely, or none."""
        own = self.closely["own"] or {}
        return self.levels.filtered(lambda level: level.value == own.get("level"))
