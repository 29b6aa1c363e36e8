from functools import cached_property

from .base import CapPage


class FinishPage(CapPage):
    """The end: what remains, and the validation that asks twice."""

    @cached_property
    def todo(self):
        """The lines without an answer."""
        return self.lines.filtered(lambda line: line.state == "todo")

    @cached_property
    def todo_groups(self):
        """Return ``[(sub-theme, its lines without an answer)]``."""
        return list(self.todo.grouped(self.get_group).items())

    @cached_property
    def summary(self):
        """Say how many objectives remain, and how many are chosen to progress on."""
        told = self.env._("All the objectives are answered.")
        if self.todo:
            told = self.env._("Objectives left to do: %(count)s.", count=len(self.todo))
        chosen = self.lines.filtered(lambda line: line.progress_action == "yes")
        if not chosen:
            return told
        return f"{told} " + self.env._(
            "Objectives to progress on: %(count)s.", count=len(chosen)
        )

    @cached_property
    def last_call(self):
        """Say what to know before validating, beside the button."""
        told = self.env._("Once validated, nobody can reopen it.")
        if not self.todo:
            return told
        if len(self.todo) == 1:
            return self.env._("One objective has no answer.") + " " + told
        remain = self.env._(
            "%(count)s objectives have no answer.", count=len(self.todo)
        )
        return f"{remain} {told}"
