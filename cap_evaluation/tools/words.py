from functools import cached_property

from markupsafe import Markup

from ..kernel.numbers import whole
from ..kernel.typography import set_text
from .dates import format_day
from .numbers import format_percent


class Words:
    """The sentences that go with one evaluation, in the reader's language.

    Each is whole, so that a language may turn it as it likes. A percentage always comes
    with its coverage; a level is never called good or bad; nothing is claimed from less
    than half of the objectives.
    """

    def __init__(self, evaluation):
        self.evaluation = evaluation
        self.env = evaluation.env

    @cached_property
    def title(self):
        """Return what people call this CAP, "CAP 2026": asked once a page, it reads
        the other CAPs of the structure."""
        return self.evaluation._get_title()

    # ----------------------------------------------------------------- numbers

    def percent(self, value):
        """Return a score as people read it; a dash where nothing is scored."""
        return format_percent(self.env, value)

    def percent_or_none(self, value):
        """Return a score as people read it, in words where nothing is scored."""
        return format_percent(self.env, value, self.env._("not scored"))

    def tell_coverage(self, summary):
        """Return "Objectives scored: 12 of 12, not applicable: 2", of one score."""
        values = summary._asdict()
        if summary.not_applicable:
            return self.env._(
                "Objectives scored: %(scored)s of %(applicable)s, not applicable: "
                "%(not_applicable)s",
                **values,
            )
        return self.env._("Objectives scored: %(scored)s of %(applicable)s", **values)

    def set_text(self, text):
        """Return a text that somebody wrote, as HTML that breaks where it may."""
        return Markup(set_text(text or ""))

    # ------------------------------------------------------------------ states

    def tell_state(self):
        """Return "CAP 2026 · validated on 1 March 2026", or where the CAP stands."""
        title = self.title
        told = {
            "draft": self.env._("%(title)s · draft", title=title),
            "collecting": self.env._("%(title)s · opinions being given", title=title),
            "consensus": self.env._("%(title)s · being filled in", title=title),
            "review": self.env._("%(title)s · under review", title=title),
            "cancelled": self.env._("%(title)s · cancelled", title=title),
        }
        if self.evaluation.state != "validated":
            return told[self.evaluation.state]
        return self.env._(
            "%(title)s · validated on %(day)s",
            title=title,
            day=self._get_validation_day(),
        )

    def tell_document(self):
        """Return what a document calls itself: its structure, its title, its state."""
        structure = self.evaluation.sudo().partner_id.name
        if self.evaluation.state == "validated":
            return self.env._(
                "%(structure)s · %(state)s",
                structure=structure,
                state=self.tell_state(),
            )
        return self.env._(
            "%(structure)s · %(state)s · provisional",
            structure=structure,
            state=self.tell_state(),
        )

    def tell_provisional(self):
        """Return what to know of a photographie that may still change, else ""."""
        if self.evaluation.state == "validated":
            return ""
        return self.env._(
            "Provisional: this CAP is not validated, its levels may still change."
        )

    def tell_validated(self):
        """Return since when it is validated, "" for an evaluation that is not."""
        if self.evaluation.state != "validated":
            return ""
        return self.env._(
            "This CAP has been validated since %(day)s", day=self._get_validation_day()
        )

    def _get_validation_day(self):
        return format_day(self.env, self.evaluation.validated_day, "d MMMM y")

    # ------------------------------------------------------------ photographie

    def tell_title(self):
        """Return whose photographie it is."""
        return self.env._(
            "%(structure)s: the photographie",
            # Readable by whoever reads the evaluation, see its display name.
            structure=self.evaluation.sudo().partner_id.name,
        )

    def tell_place(self, total, names):
        """Return the sentences that open the page: where, from where, from how many.

        :param total: the course of the whole CAP
        :param names: how each CAP of the path is called
        """
        if total.now.score is None:
            return ""
        whole = self._tell_whole(total.now)
        return Markup(" ").join([self._tell_where(total, names), whole])

    def _tell_where(self, total, names):
        if not total.now.is_enough:
            return self.env._(
                "Too few objectives are scored to say where the structure stands."
            )
        now = Markup("<strong>%s</strong>") % self.percent(total.now.score)
        if total.is_comparable:
            return self.env._(
                "Since CAP %(year)s, the structure went from %(before)s to %(now)s of "
                "the scale.",
                year=names[-2],
                before=self.percent(total.before.score),
                now=now,
            )
        return self.env._("The structure stands at %(now)s of the scale.", now=now)

    def _tell_whole(self, summary):
        """Return how many objectives are scored, in whole sentences."""
        values = summary._asdict()
        if summary.is_whole and summary.not_applicable:
            return self.env._(
                "The %(applicable)s objectives that concern it are all scored. Not "
                "applicable: %(not_applicable)s.",
                **values,
            )
        if summary.is_whole:
            return self.env._(
                "The %(applicable)s objectives that concern it are all scored.",
                **values,
            )
        if summary.not_applicable:
            return self.env._(
                "Objectives scored: %(scored)s of %(applicable)s. Not applicable: "
                "%(not_applicable)s.",
                **values,
            )
        return self.tell_todo(summary)

    def tell_todo(self, summary):
        """Return how many objectives are scored of those that apply, as a sentence."""
        return self.env._(
            "Objectives scored: %(scored)s of %(applicable)s.",
            scored=summary.scored,
            applicable=summary.applicable,
        )

    def tell_evolution(self, course, names):
        """Return "2024: 50% (+17 points)", or nothing without a whole past."""
        if not course.is_comparable:
            return ""
        points = whole(course.now.score) - whole(course.before.score)
        values = {
            "year": names[-2],
            "score": self.percent(course.before.score),
            "points": f"{points:+d}".replace("-", "\N{MINUS SIGN}"),
        }
        if not points:
            return self.env._("%(year)s: %(score)s (stable)", **values)
        if abs(points) == 1:
            return self.env._("%(year)s: %(score)s (%(points)s point)", **values)
        return self.env._("%(year)s: %(score)s (%(points)s points)", **values)

    def tell_radar(self, count, names):
        """Return what a screen reader says of the radar."""
        if len(names) > 1:
            return self.env._(
                "Radar of the %(count)s sub-themes, CAP %(now)s compared with CAP "
                "%(before)s. The values are in the table that follows.",
                count=count,
                now=names[-1],
                before=names[-2],
            )
        return self.env._(
            "Radar of the %(count)s sub-themes, CAP %(now)s. The values are in the "
            "table that follows.",
            count=count,
            now=names[-1],
        )

    def tell_trend(self, course, names):
        """Return what a screen reader says of the path of a theme."""
        told = [
            self.env._(
                "%(year)s: %(score)s", year=name, score=self.percent_or_none(s.score)
            )
            for name, s in zip(names, course.summaries, strict=True)
        ]
        return self.env._(
            "%(theme)s, %(scores)s",
            theme=course.objective.name,
            scores=", ".join(told),
        )

    def tell_strip(self, count):
        """Return what a screen reader says of the bars of all the objectives."""
        return self.env._(
            "Level of the %(count)s objectives. They are listed further on.",
            count=count,
        )

    def tell_count(self, name, count):
        """Return how many there are of something, "In place: 34"."""
        return self.env._("%(name)s: %(count)s", name=name, count=count)

    def tell_levels(self, group, lines):
        """Return what a screen reader says of the bars of one sub-theme."""
        return self.env._(
            "%(group)s: levels %(levels)s",
            group=group.display_name,
            levels=", ".join(map(self.tell_level, lines)),
        )

    def tell_level(self, line):
        """Return the level of a line as a number, or in words why it has none."""
        if line.level_id:
            return str(line.level_id.value)
        if line.state == "not_applicable":
            return self.env._("not applicable")
        return self.env._("to do")

    def tell_scale(self, levels):
        """Return what 0 and 100 stand for on this scale."""
        low, high = levels[:1].name or "", levels[-1:].name or ""
        return self.env._(
            "A score says where practices stand, not what the structure is worth. "
            "%(none)s: everything is at “%(low)s”. "
            "%(all)s: everything is at “%(high)s”.",
            none=self.percent(0),
            all=self.percent(100),
            low=low,
            high=high,
        )

    def tell_proposals(self, objectives):
        """Return which wordings COORACE has not confirmed, once for all of them."""
        confirmed = objectives.filtered("confirmed")
        proposed = objectives - confirmed
        if not proposed:
            return ""
        if not confirmed:
            return self.env._(
                "The wordings are proposals, until COORACE confirms them."
            )
        if len(proposed) > len(confirmed):
            return self.env._(
                "The wordings are proposals, until COORACE confirms them, except: "
                "%(codes)s.",
                codes=", ".join(confirmed.mapped("code")),
            )
        return self.env._(
            "Proposed wordings, until COORACE confirms them: %(codes)s.",
            codes=", ".join(proposed.mapped("code")),
        )
