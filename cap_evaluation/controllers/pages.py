import json

from markupsafe import Markup

from odoo import fields
from odoo.tools.misc import format_date

from ..kernel.glossary import Explainer
from ..tools.words import Words


class CapPage:
    """What every page of one evaluation shows: its tabs, its words, its colours."""

    def __init__(self, evaluation, can_conclude=False):
        self.evaluation = evaluation
        self.env = evaluation.env
        self.can_conclude = can_conclude
        self.photographie = self.env["report.cap_evaluation.report_photographie"]
        self.words = Words(evaluation)
        self.is_open = evaluation._is_open()

    def prepare_layout(self):
        """Return the values that the layout and the small templates read."""
        evaluation = self.evaluation
        return {
            "page_name": "cap",
            "evaluation": evaluation,
            "is_open": self.is_open,
            "can_conclude": self.can_conclude,
            "next_is_open": bool(evaluation.sudo()._find_open_next()),
            "colors": self.photographie._get_level_colors,
            "percent": self.words.percent,
            "eyebrow": self.words.tell_state(),
            "validated_title": self.words.tell_validated(),
        }


class EvaluationPage(CapPage):
    """The page where one objective is evaluated, and the one that ends it."""

    def __init__(self, evaluation, can_conclude=False):
        super().__init__(evaluation, can_conclude)
        self.lines = self.env["cap.evaluation.line"].search(
            [("evaluation_id", "=", evaluation.id)], order="objective_id"
        )

    @staticmethod
    def tell_progress(evaluation):
        """Return "24 of 72 objectives evaluated" for a list of evaluations."""
        return evaluation.env._(
            "Objectives evaluated: %(scored)s of %(applicable)s",
            scored=evaluation.scored_count,
            applicable=evaluation.applicable_count,
        )

    # ------------------------------------------------------------ which line

    def find_line(self, line_id=None, objective=None):
        """Return the line asked for; by default the first one still to do."""
        if line_id:
            return self.lines.filtered(lambda line: line.id == line_id)
        if objective:
            return self.lines.filtered(lambda x: str(x.objective_id.id) == objective)
        todo = self.lines.filtered(lambda line: line.state == "todo")
        return (todo or self.lines)[:1]

    def get_url(self, line):
        return f"/my/cap/{self.evaluation.id}/{line.id}"

    def get_next_url(self, line, direction="next"):
        """Return where to go after ``line``; after the last one, the end page."""
        index = self.lines.ids.index(line.id) + (-1 if direction == "previous" else 1)
        if direction == "stay":
            return self.get_url(line)
        if index >= len(self.lines):
            return f"/my/cap/{self.evaluation.id}/finish"
        return self.get_url(self.lines[max(index, 0)])

    # -------------------------------------------------------------- contents

    def prepare(self, line):
        """Return the values of the page of ``line``."""
        siblings = self.lines.filtered(lambda x: get_group(x) == get_group(line))
        values = self.prepare_layout()
        if line:
            values.update(self._prepare_line(line, siblings))
        return {
            **values,
            "line": line,
            "siblings": siblings,
            "rail": self._prepare_rail(),
            "group": get_group(line),
            "get_url": self.get_url,
            "first": not line or line == self.lines[:1],
            "last": not line or line == self.lines[-1:],
            "previous_url": line and self.get_next_url(line, "previous"),
            "next_url": line and self.get_next_url(line),
            "count_text": self._tell_count(),
            "errors": {},
            "conflict": None,
            "form": None,
            "unsent": False,
            "texts": json.dumps(self._get_texts()),
            "storage_key": f"cap_evaluation/{self.env.uid}/",
            "read_answer": lambda answer: self._read_answer(answer),
        }

    def _prepare_line(self, line, siblings):
        objective = line.objective_id
        general = objective.parent_id
        position = self.env._(
            "Objective %(rank)s of %(count)s",
            rank=siblings.ids.index(line.id) + 1,
            count=len(siblings),
        )
        told = [position, objective.code]
        if general.kind == "general":
            told.append(general.name)
        return {
            "objective": objective,
            "levels": self.evaluation.version_id.scale_id.level_ids,
            "position": " · ".join(told),
            "answer": line._get_answer(),
            "answer_json": json.dumps(line._get_answer()),
            **explain_objective(objective),
            "previous_name": self._get_previous_name(),
            "last_time": self._get_last_time(line),
            "saved_text": self._tell_saved(line),
            "siblings_text": self._tell_siblings(siblings),
        }

    def _prepare_rail(self):
        """Return ``[(theme, [(sub-theme, link, scored, applicable)])]``."""
        themes = {}
        for group, lines in self.lines.grouped(get_group).items():
            todo = lines.filtered(lambda line: line.state == "todo")
            applicable = len(lines.filtered(lambda x: x.state != "not_applicable"))
            scored = len(lines.filtered("level_id"))
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

    def prepare_finish(self):
        """Return the values of the end page: what remains, sub-theme by sub-theme."""
        todo = self.lines.filtered(lambda line: line.state == "todo")
        chosen = self.lines.filtered(lambda line: line.progress_action == "yes")
        return {
            **self.prepare_layout(),
            "todo": list(todo.grouped(get_group).items()),
            "todo_count": len(todo),
            "chosen": chosen,
            "scored_count": len(self.lines.filtered("level_id")),
            "summary": self._tell_finish(todo, chosen),
            "last_call": self._tell_last_call(todo),
            "get_url": self.get_url,
        }

    # ------------------------------------------------------------------ words

    def _tell_count(self):
        applicable = self.lines.filtered(lambda line: line.state != "not_applicable")
        return Markup('<strong class="num">%s</strong> %s') % (
            self.env._(
                "%(scored)s of %(applicable)s",
                scored=len(self.lines.filtered("level_id")),
                applicable=len(applicable),
            ),
            self.env._("objectives evaluated in the whole CAP"),
        )

    def _tell_siblings(self, siblings):
        todo = len(siblings.filtered(lambda line: line.state == "todo"))
        return self.env._(
            "Answered: %(done)s, to do: %(todo)s.", done=len(siblings) - todo, todo=todo
        )

    def _tell_saved(self, line):
        """Return "Saved at 14:32" for a line that holds an answer, else nothing."""
        if line.state == "todo" and not line.comment:
            return ""
        moment = fields.Datetime.context_timestamp(line, line.write_date)
        if moment.date() == fields.Date.context_today(line):
            clock = self.env._(
                "%(hours)s:%(minutes)s", hours=f"{moment:%H}", minutes=f"{moment:%M}"
            )
            return self.env._("Saved at %(time)s", time=clock)
        day = format_date(self.env, moment.date(), date_format="d MMMM y")
        return self.env._("Saved on %(day)s", day=day)

    def _tell_finish(self, todo, chosen):
        told = self.env._("All the objectives are answered.")
        if todo:
            told = self.env._("Objectives left to do: %(count)s.", count=len(todo))
        if not chosen:
            return told
        return f"{told} " + self.env._(
            "Objectives to progress on: %(count)s.", count=len(chosen)
        )

    def _tell_last_call(self, todo):
        """Return what to know before validating, said beside the button."""
        told = self.env._("Once validated, nobody can reopen it.")
        if not todo:
            return told
        if len(todo) == 1:
            return self.env._("One objective has no answer.") + " " + told
        remain = self.env._("%(count)s objectives have no answer.", count=len(todo))
        return f"{remain} {told}"

    def _get_previous_name(self):
        previous_sudo = self.evaluation.sudo().previous_id
        return self.env._(
            "CAP %(year)s", year=previous_sudo.year or previous_sudo.version_id.name
        )

    def _get_last_time(self, line):
        """Return what the previous CAP says of the objective of ``line``, if anything.

        Of several objectives that became this one, the lowest level and every comment.
        """
        lines_sudo = self.evaluation._get_previous_lines()[line]
        said_sudo = lines_sudo.filtered(lambda x: x.state != "todo" or x.comment)
        if not said_sudo:
            return None
        answer = self.env._("No answer")
        reasons = [reason for reason in said_sudo.mapped("na_reason") if reason]
        if reasons:
            answer = self.env._("not applicable: %(reason)s", reason="\n".join(reasons))
        return {
            "title": self.env._("Last time (%(name)s)", name=self._get_previous_name()),
            "level": said_sudo.level_id.sorted("value")[:1],
            "answer": answer,
            "comment": "\n".join(text for text in said_sudo.mapped("comment") if text),
        }

    def _read_answer(self, answer):
        """Return ``(level, text)`` of an answer, to show it in a conflict."""
        levels = self.evaluation.version_id.scale_id.level_ids
        level = levels.filtered(lambda x: str(x.value) == str(answer["level"]))
        return level, answer

    def _get_texts(self):
        """Return the words of the live page, in the user's language."""
        return {
            "time": self.env._("{hours}:{minutes}"),
            "saved": self.env._("Saved at {time}"),
            "saving": self.env._("Saving…"),
            "offlineOne": self.env._("No network, 1 answer kept on this device"),
            "offline": self.env._("No network, {count} answers kept on this device"),
            "conflict": self.env._("To settle: somebody else answered"),
            "failed": self.env._("Not saved. Trying again in {seconds} s"),
            "expired": self.env._("Not saved yet: sign in again"),
            "refused": self.env._("Not saved"),
            "lastingOne": self.env._("Your last answer has not been sent"),
            "lasting": self.env._("Your last {count} answers have not been sent"),
            "mine": self.env._("Your choice, {time}"),
            "keepMine": self.env._("Keep {value}, mine"),
            "keepTheirs": self.env._("Keep {value}, {name}'s"),
            "keepMyText": self.env._("Keep my text"),
            "keepTheirText": self.env._("Keep {name}'s text"),
            "todo": self.env._("To do"),
            "notApplicable": self.env._("Not applicable"),
            "quote": self.env._("“{text}”"),
            "reason": self.env._(
                "Write a reason, even a short one. Without it, the objective stays "
                "“to do”."
            ),
            "progressYes": self.env._("Yes, create an action"),
            "progressNo": self.env._("No, not now"),
            "nothing": self.env._("nothing"),
            "siblings": self.env._("Answered: {done}, to do: {todo}."),
            "count": self.env._("{scored} of {applicable}"),
        }


class ResultsPage(CapPage):
    """The photographie on the portal."""

    def prepare(self):
        """Return the values of the page."""
        shown = self.photographie._prepare(self.evaluation)
        return {
            **self.prepare_layout(),
            **shown,
            "level_height": lambda level: get_height(level, shown["levels"]),
        }


def get_group(line):
    """Return the node a line is shown under: its sub-theme, else its theme."""
    objective = line.objective_id
    return objective.subtheme_id or objective.theme_id


def get_height(level, levels):
    """Return the height in pixels of a level's bar, 19 to 46 from first to last."""
    rank = levels.ids.index(level.id)
    return round(19 + 27 * rank / max(len(levels) - 1, 1))


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
