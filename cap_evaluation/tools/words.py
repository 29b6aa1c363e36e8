from markupsafe import Markup

from odoo import fields
from odoo.tools.misc import format_date

from ..kernel.charts.radar import percent


class Words:
    """The sentences that go with one evaluation, in the reader's language.

    A percentage always comes with its coverage; a level is never called good or bad.
    """

    def __init__(self, evaluation):
        self.evaluation = evaluation
        self.env = evaluation.env

    def get_all(self, shown):
        """Return what the page and the PDF of a photographie say of ``shown``."""
        return {
            "title": self.env._(
                "%(structure)s: the photographie",
                # Readable by whoever reads the evaluation, see its display name.
                structure=self.evaluation.sudo().partner_id.name,
            ),
            "eyebrow": self.tell_state(),
            "sentence": self._tell_sentence(shown),
            "node_detail": self._tell_node,
            "evolution": lambda node: self._tell_evolution(node, shown["names"]),
            "todo_text": self._tell_todo(shown["total"]),
            "strip_label": self._get_strip_label,
            "scale_text": self._tell_scale(shown["levels"]),
        }

    # ----------------------------------------------------------------- numbers

    def get_percent_separator(self):
        """Return what stands between a number and % in the reader's language."""
        return "\u00a0" if (self.env.lang or "").startswith("fr") else ""

    def percent(self, value):
        """Return a score as people read it; a dash where nothing is scored."""
        return percent(value, self.get_percent_separator())

    # ------------------------------------------------------------------ states

    def tell_state(self):
        evaluation = self.evaluation
        if evaluation.state == "validated":
            told = self.env._("validated on %(day)s", day=self._get_validation_day())
        else:
            states = dict(evaluation._fields["state"]._description_selection(self.env))
            told = states[evaluation.state].lower()
        return f"{evaluation._get_title()} · {told}"

    def tell_validated(self):
        if self.evaluation.state != "validated":
            return ""
        return self.env._(
            "This CAP has been validated since %(day)s", day=self._get_validation_day()
        )

    def _get_validation_day(self):
        local = fields.Datetime.context_timestamp(
            self.evaluation, self.evaluation.validated_on
        )
        return format_date(self.env, local.date(), date_format="d MMMM y")

    # ------------------------------------------------------------ photographie

    def _tell_sentence(self, shown):
        """Return the sentence that opens the page: where, and from where."""
        total, path = shown["total"], shown["path"]
        if total["score"] is None:
            return ""
        now = Markup("<strong>%s</strong>") % self.percent(path[-1])
        if shown["comparable"]:
            told = self.env._(
                "Since CAP %(year)s, the structure went from %(before)s to %(now)s of "
                "the scale.",
                year=shown["names"][-2],
                before=self.percent(path[-2]),
                now=now,
            )
        else:
            told = self.env._("The structure stands at %(now)s of the scale.", now=now)
        return told + " " + self._tell_coverage(total)

    def _tell_coverage(self, total):
        if total["scored"] == total["applicable"]:
            told = self.env._(
                "The %(count)s objectives that concern it are all scored.",
                count=total["applicable"],
            )
        else:
            told = self._tell_todo(total)
        if total["not_applicable"]:
            told += " " + self.env._(
                "Not applicable: %(count)s.", count=total["not_applicable"]
            )
        return told

    def _tell_todo(self, total):
        return self.env._(
            "Objectives scored: %(scored)s of %(applicable)s.",
            scored=total["scored"],
            applicable=total["applicable"],
        )

    def _tell_node(self, node):
        """Return "12 objectives scored of 12, 2 not applicable"."""
        told = self.env._(
            "Objectives scored: %(scored)s of %(applicable)s",
            scored=node["scored"],
            applicable=node["applicable"],
        )
        if node["not_applicable"]:
            told += ", " + self.env._(
                "not applicable: %(count)s", count=node["not_applicable"]
            )
        return told

    def _tell_evolution(self, node, names):
        """Return "50 % in 2024 (+17 points)", or nothing without a whole past."""
        if not node["comparable"]:
            return ""
        told = self.env._(
            "%(score)s in %(year)s",
            score=self.percent(node["previous"]),
            year=names[-2],
        )
        points = int(node["score"] + 0.5) - int(node["previous"] + 0.5)
        if not points:
            return f"{told} " + self.env._("(stable)")
        written = f"{points:+d}".replace("-", "\N{MINUS SIGN}")
        if abs(points) == 1:
            return f"{told} " + self.env._("(%(points)s point)", points=written)
        return f"{told} " + self.env._("(%(points)s points)", points=written)

    def _get_strip_label(self, group, lines):
        """Return what a screen reader says of the bars of one sub-theme."""
        answers = [
            str(line.level_id.value)
            if line.level_id
            else (
                self.env._("not applicable")
                if line.state == "not_applicable"
                else self.env._("to do")
            )
            for line in lines
        ]
        return self.env._(
            "%(group)s: levels %(levels)s",
            group=group.display_name,
            levels=", ".join(answers),
        )

    def _tell_scale(self, levels):
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
