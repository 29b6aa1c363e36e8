import json
from functools import cached_property

from markupsafe import Markup

from odoo import fields
from odoo.tools.misc import format_date

from ...kernel.answer import TEXTS
from ...kernel.glossary import Explainer
from .base import CapPage, Page

NEAR = 10  # lines of a sub-theme held on each side of the one shown


class LinePage(CapPage):
    """One objective to evaluate: its words, its form, its place among the others.

    ``form`` is what was posted and could not be saved, ``conflict`` what somebody else
    wrote meanwhile, ``is_unsent`` tells that a form of an older session came,
    ``is_erased`` that the answer was just taken back.
    """

    def __init__(self, evaluation, can_conclude=False, line=None, form=None):
        super().__init__(evaluation, can_conclude)
        self.form = form
        self.conflict = None
        self.is_unsent = False
        self.is_erased = False
        self.moved = None
        if line is not None:
            self.line = line

    def prepare_layout(self):
        """Return the values that this page's templates and those of others read."""
        line = self.line.with_prefetch(self.near._ids)
        return {**super().prepare_layout(), "line": line}

    # ------------------------------------------------------------ which line

    @cached_property
    def line(self):
        """The line shown; unless chosen, the first one still to do."""
        todo = self.lines.filtered(lambda line: line.state == "todo")
        return (todo or self.lines)[:1]

    def find_line(self, line_id=None, objective=None):
        """Return the line of that id, or on that objective; empty for none."""
        if line_id:
            return self.lines.filtered(lambda line: line.id == line_id)
        return self.lines.filtered(lambda line: str(line.objective_id.id) == objective)

    def follow(self, line):
        """Show where a line that was kept aside goes on, and what was typed on it.

        Its evaluation moved to another edition, maybe while somebody was writing.
        """
        origin = line.sudo().aside_version_id
        successors = self.evaluation.version_id._get_successors(origin)
        followed = successors.get(line.objective_id.id, ())
        typed = map(self.form.values.get, TEXTS) if self.form else ()
        self.form = None
        self.line = self.lines.filtered(lambda x: x.objective_id.id in followed)[:1]
        name = line.sudo().objective_id.display_name
        if self.line:
            told = self.env._("“%s” goes on under the objective below.", name)
        else:
            del self.line  # the first one to do
            told = self.env._(
                "“%s” is asked no more. What was said of it is kept aside, with the "
                "photographie.",
                name,
            )
        self.moved = {"text": told, "typed": [text for text in typed if text]}

    def get_next(self, direction="next"):
        """Return the line to go to after this one; none after the last."""
        if direction in ("stay", "erase"):
            return self.line
        step = -1 if direction == "previous" else 1
        index = max(self.lines.ids.index(self.line.id) + step, 0)
        return self.lines[index : index + 1]

    def get_next_url(self, direction="next"):
        """Return where to go after this line, on its title; at last the end page."""
        line = self.get_next(direction)
        if not line:
            return f"/my/cap/{self.evaluation.id}/finish"
        told = "?erased=1" if direction == "erase" else ""
        return f"{self.get_url(line)}{told}#objective"

    @property
    def next_text(self):
        """Say where going on leads: it may be another sub-theme."""
        if self.last:
            return self.env._("Finish")
        group = self.get_group(self.get_next())
        if group == self.group:
            return self.env._("Next objective")
        return self.env._("Next sub-theme: %(name)s", name=group.display_name)

    @cached_property
    def first(self):
        """Tell whether no line stands before this one."""
        return self.line == self.lines[:1]

    @cached_property
    def last(self):
        """Tell whether no line stands after this one."""
        return self.line == self.lines[-1:]

    # ------------------------------------------------------------ the objective

    @cached_property
    def objective(self):
        """The objective of the line, read with those around it."""
        return self.line.with_prefetch(self.near._ids).objective_id

    @cached_property
    def group(self):
        """The sub-theme, or the theme, that this line is shown under."""
        return self.get_group(self.line)

    @cached_property
    def siblings(self):
        """The lines of the same sub-theme, this one included."""
        return self.lines.filtered(lambda x: self.get_group(x) == self.group)

    @cached_property
    def others(self):
        """The pages of the lines beside this one in its sub-theme, nearest ones only.

        The live page holds their forms: it goes from one to the next without network.
        """
        return [self._make_other(line) for line in self.near if line != self.line]

    @cached_property
    def near(self):
        """The lines of the sub-theme around this one, read together."""
        if not self.line:
            return self.line
        rank = self.siblings.ids.index(self.line.id)
        near = self.siblings[max(rank - NEAR, 0) : rank + NEAR + 1]
        return near.with_prefetch(near.ids)

    def _make_other(self, line):
        other = LinePage(self.evaluation, self.can_conclude, line)
        shared = (
            "lines",
            "siblings",
            "near",
            "levels",
            "previous_lines",
            "previous_name",
        )
        for name in shared:
            setattr(other, name, getattr(self, name))
        return other

    @cached_property
    def explained(self):
        """The texts of the objective, marked by the glossary."""
        return explain_objective(self.objective)

    @cached_property
    def levels(self):
        """The levels of the scale, the lowest first."""
        return self.evaluation.version_id.scale_id.level_ids

    @cached_property
    def conflict_author(self):
        """Who wrote meanwhile; the same person may have two tabs."""
        if self.conflict["is_mine"]:
            return self.env._("You, in another tab")
        return self.conflict["author"]

    @property
    def level_columns(self):
        """How many levels stand side by side: all of five, else two rows."""
        count = len(self.levels)
        return count if count < 6 else (count + 1) // 2

    @cached_property
    def position(self):
        """Return "Objective 2 of 9 · 1.1.1.2 · Governance"."""
        general = self.objective.parent_id
        told = [*self._tell_rank(), self.objective.code]
        if general.kind == "general":
            told.append(general.name)
        return " · ".join(told)

    def _tell_rank(self):
        rank = self.env._(
            "Objective %(rank)s of %(count)s",
            rank=self.siblings.ids.index(self.line.id) + 1,
            count=len(self.siblings),
        )
        return [rank]

    # ---------------------------------------------------------------- the answer

    @cached_property
    def answer(self):
        """What is stored on the line."""
        return self.line._get_answer()._asdict()

    @cached_property
    def given(self):
        """What the form shows: typed, or stored."""
        return self.form.values if self.form else self.answer

    @cached_property
    def is_na(self):
        """Tell whether "not applicable" is ticked."""
        if self.form:
            return self.form.answer == "na"
        return bool(self.answer["na_reason"])

    @property
    def form_url(self):
        """Where the form posts."""
        return f"/my/cap/{self.evaluation.id}/line/{self.line.id}"

    @property
    def base_json(self):
        """What the line held when the form was made, sent back with it."""
        return self.form.base if self.form else json.dumps(self.answer)

    def list_texts(self, answer):
        """Return what is written in an answer, text by text."""
        return [answer[key] for key in TEXTS if answer[key]]

    def get_level(self, answer):
        """Return the level of an answer, to show it; empty where it has none."""
        return self.levels.filtered(lambda x: str(x.value) == str(answer["level"]))

    # ------------------------------------------------------------- the last time

    @cached_property
    def previous_name(self):
        """Return "CAP 2024", the name of the CAP before this one."""
        previous_sudo = self.evaluation.sudo().previous_id
        return self.env._(
            "CAP %(year)s", year=previous_sudo.year or previous_sudo.version_id.name
        )

    @cached_property
    def previous_lines(self):
        """Return ``{line: the lines of the previous CAP that it continues}``."""
        return self.evaluation._get_previous_lines()

    @cached_property
    def last_time(self):
        """Return what the previous CAP says of this objective, if anything.

        Of several objectives that became this one, the lowest level and every comment.
        """
        lines_sudo = self.previous_lines[self.line]
        said_sudo = lines_sudo.filtered(lambda x: x.state != "todo" or x.comment)
        if not said_sudo:
            return None
        answer = self.env._("No answer")
        reasons = [reason for reason in said_sudo.mapped("na_reason") if reason]
        if reasons:
            answer = self.env._("not applicable: %(reason)s", reason="\n".join(reasons))
        return {
            "title": self.env._("Last time (%(name)s)", name=self.previous_name),
            "level": said_sudo.level_id.sorted("value")[:1],
            "answer": answer,
            "comment": "\n".join(text for text in said_sudo.mapped("comment") if text),
        }

    # ------------------------------------------------------------------ the rail

    @cached_property
    def rail(self):
        """Return ``[(theme, [sub-theme with its link and its counts])]``."""
        themes = {}
        for group, lines in self.lines.grouped(self.get_group).items():
            todo = lines.filtered(lambda line: line.state == "todo")
            scored, applicable, _aside = self._count(lines)
            themes.setdefault(lines[0].objective_id.theme_id, []).append(
                {
                    "group": group,
                    "url": self.get_url((todo or lines)[0]),
                    "scored": scored,
                    "applicable": applicable,
                    "share": 100 * scored / applicable if applicable else 100,
                    "done": not todo,
                }
            )
        return list(themes.items())

    # ------------------------------------------------------------------ words

    @cached_property
    def count_text(self):
        """Return "24 of 72 objectives evaluated in the whole CAP", and those aside."""
        scored, applicable, aside = self._count(self.lines)
        told = self.env._("not applicable: %(count)s", count=aside)
        return Markup(
            '<strong class="num">%s</strong> %s<span class="cap-aside">%s</span>'
        ) % (
            self.env._(
                "%(scored)s of %(applicable)s", scored=scored, applicable=applicable
            ),
            self.env._("objectives evaluated in the whole CAP"),
            f" · {told}" if aside else "",
        )

    def _count(self, lines):
        """Return how many have a level, how many may have one, how many are aside."""
        aside = len(lines.filtered(lambda line: line.state == "not_applicable"))
        return len(lines.filtered("level_id")), len(lines) - aside, aside

    @cached_property
    def siblings_text(self):
        """Return "Objectives scored: 3 of 5.", of this sub-theme, and those aside."""
        scored, applicable, aside = self._count(self.siblings)
        if not aside:
            return self.env._(
                "Objectives scored: %(scored)s of %(applicable)s.",
                scored=scored,
                applicable=applicable,
            )
        return self.env._(
            "Objectives scored: %(scored)s of %(applicable)s. Not applicable: "
            "%(not_applicable)s.",
            scored=scored,
            applicable=applicable,
            not_applicable=aside,
        )

    @cached_property
    def saved_text(self):
        """Return "Saved at 14:32" for a line that holds an answer, else nothing."""
        line = self.line
        if self.is_erased and line.state == "todo":
            if line.comment or line.progress_comment:
                return self.env._("Answer erased. What is written stays.")
            return self.env._("Answer erased.")
        if line.state == "todo" and not line.comment:
            return ""
        moment = fields.Datetime.context_timestamp(line, line.write_date)
        if moment.date() == fields.Date.context_today(line):
            clock = self.env._(
                "%(hours)s:%(minutes)s", hours=moment.hour, minutes=f"{moment:%M}"
            )
            return self.env._("Saved at %(time)s", time=clock)
        day = format_date(self.env, moment.date(), date_format="d MMMM y")
        return self.env._("Saved on %(day)s", day=day)

    @cached_property
    def title(self):
        """What the browser's tab and history call this page."""
        return f"{self.objective.code or ''} {self.group.display_name or ''} | CAP"

    @cached_property
    def proposals_text(self):
        """Say once which wordings of the sub-theme are not confirmed yet."""
        return self.words.tell_proposals(self.siblings.objective_id)

    @cached_property
    def can_cancel(self):
        """Tell whether to offer to take a start back: nothing is written yet."""
        return self.can_conclude and self.evaluation._can_cancel_start()

    @property
    def storage_key(self):
        """What the drafts that this user keeps on a device are found under."""
        return f"cap_evaluation/{self.env.uid}/"


class ExpiredPage(Page):
    """What was typed by somebody who is signed out: their words, nothing of the CAP."""

    def __init__(self, form, form_url, back_url):
        super().__init__(form.env)
        self.form = form
        self.form_url = form_url
        self.back_url = back_url
        self.given = form.values
        self.is_na = form.answer == "na"
        self.base_json = form.base
        self.line = self.env["cap.evaluation.line"]

    def prepare_layout(self):
        """Return the values that the form reads."""
        return {**super().prepare_layout(), "line": self.line}


def explain_objective(objective):
    """Return the texts of an objective as the page shows them: verbatim, the words of
    the glossary and those marked * linked to their explanation."""
    explainer = Explainer(
        objective.env["cap.glossary.term"]._get_glossary(objective.version_id.lang),
        note="footnote" if objective.footnote else "",
    )

    def mark(text):
        return Markup(explainer.mark(text or ""))

    return {
        "wording": mark(objective.name),
        "guidance": [
            (heading, mark(text))
            for heading, text in split_guidance(objective.guidance)
        ],
        "indicators": [mark(name) for name in objective.indicator_ids.mapped("name")],
        "terms": explainer.terms,
    }


def split_guidance(text):
    """Return the guidance as ``[(heading, text)]``: "Heading : text" lines, as the
    référentiel writes them; a line without a heading has an empty one."""
    parts = []
    for row in (text or "").splitlines():
        heading, sep, rest = row.partition(" : ")
        known = bool(sep) and len(heading) <= 40
        if row.strip():
            parts.append((heading, rest) if known else ("", row))
    return parts
