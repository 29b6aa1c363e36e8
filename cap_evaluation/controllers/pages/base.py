"""What a page shows: an object that templates read as ``page``, each of its properties
computed once, when it is asked. Rules stay on the models; a page chooses and words."""

from functools import cached_property

from ...tools.words import Words


class Page:
    """A page of the portal's CAP."""

    def __init__(self, env):
        self.env = env

    def prepare_layout(self):
        """Return the values that the portal's own layout reads, and ``page``."""
        return {"page_name": "cap", "page": self}


class CapPage(Page):
    """What every page of one evaluation shows: its tabs, its words, its colours.

    ``evaluation`` has passed the user's own rules.
    """

    def __init__(self, evaluation, can_conclude=False):
        super().__init__(evaluation.env)
        self.evaluation = evaluation
        self.can_conclude = can_conclude
        self.words = Words(evaluation)

    def prepare_layout(self):
        """Return the values that the layout and the small templates read."""
        return {
            **super().prepare_layout(),
            "evaluation": self.evaluation,
            "is_open": self.is_open,
            "can_conclude": self.can_conclude,
            "colors": lambda level: level._get_colors(),
            "percent": self.words.percent,
            "eyebrow": self.eyebrow,
            "cap_title": self.words.title,
        }

    @cached_property
    def is_open(self):
        """Tell whether levels can still be written."""
        return self.evaluation._is_open()

    @cached_property
    def is_fresh(self):
        """Tell whether it was validated lately: its plan comes before the next CAP."""
        return self.evaluation._is_fresh()

    @cached_property
    def next_is_open(self):
        """Tell whether the CAP after this one is under way."""
        return bool(self.evaluation.sudo()._find_open_next())

    @cached_property
    def eyebrow(self):
        """Return "CAP 2026 · under way", what stands above the title."""
        return self.words.tell_state()

    @cached_property
    def validated_title(self):
        """Return "This CAP has been validated since 1 March 2026", or nothing."""
        return self.words.tell_validated()

    @cached_property
    def lines(self):
        """The lines of this evaluation, in reading order."""
        lines = self.env["cap.evaluation.line"].search(
            [("evaluation_id", "=", self.evaluation.id)], order="objective_id"
        )
        # The whole tree at once: themes and sub-themes would be read apart.
        objectives = self.env["cap.objective"].search_fetch(
            [("version_id", "=", self.evaluation.version_id.id)],
            ["code", "name", "kind", "parent_id", "theme_id", "subtheme_id"],
        )
        return lines.with_prefetch(lines.ids) if objectives else lines

    def get_url(self, line):
        """Return the address of the page of ``line``."""
        return f"/my/cap/{self.evaluation.id}/{line.id}"

    @staticmethod
    def get_group(line):
        """Return the node a line is shown under: its sub-theme, else its theme."""
        objective = line.objective_id
        return objective.subtheme_id or objective.theme_id
