from functools import cached_property

from ...tools.dates import format_day
from .base import Page


class HomePage(Page):
    """/my/cap: what one has, and how one starts."""

    def __init__(self, evaluations, structure_sudo, to_start):
        """Take the CAPs listed, the structure piloted, and the edition it may start."""
        super().__init__(evaluations.env)
        self.evaluations = evaluations
        self.structure_sudo = structure_sudo
        self.to_start = to_start

    def tell_validation(self, evaluation):
        """Return "Validated on 1 March 2026"."""
        return self.env._(
            "Validated on %(day)s",
            day=format_day(self.env, evaluation.validated_day, "d MMMM y"),
        )

    def tell_company(self, evaluation):
        """Return whose CAP it is, to somebody who has some of several companies."""
        if len(self.evaluations.sudo().company_id) < 2:
            return ""
        return evaluation.sudo().company_id.name

    @cached_property
    def start_comes_first(self):
        """Tell whether starting a CAP is the thing to do here: none is quite recent."""
        return bool(self.to_start) and not any(
            evaluation._is_fresh() for evaluation in self.evaluations
        )

    def tell_progress(self, evaluation):
        """Return "Objectives evaluated: 24 of 72"."""
        return self.env._(
            "Objectives evaluated: %(scored)s of %(applicable)s",
            scored=evaluation.scored_count,
            applicable=evaluation.applicable_count,
        )
