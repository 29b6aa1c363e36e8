"""What the forms of an action say, read and checked field by field."""

import datetime as dt

from odoo import fields

from odoo.addons.cap_evaluation.controllers.forms.base import FieldError

from ..kernel import planning
from ..models.plan.project_task import STATUSES

NOTE_LENGTH = 5000
NAME_LENGTH = 300
MAX_EFFORT = 999


class ActionForm:
    """The texts that a browser sent about one action, or about one to add.

    Each reader returns what the model takes; None stands for a field that the form
    does not have, which stays as it is.
    """

    def __init__(self, env, form):
        self.env = env
        self.form = form
        self.today = fields.Date.context_today(env.user)

    def _get_text(self, field, length):
        if field not in self.form:
            return None
        return self.form[field].replace("\r\n", "\n").strip()[:length].strip()

    def read_update(self, task):
        """Return the arguments of ``_cap_update`` that the form gives.

        :raise FieldError: on a value that cannot be kept
        """
        status = self.form.get("status")
        if status not in dict(STATUSES):
            raise FieldError("status", self.env._("Choose how this action stands."))
        closed = status in ("done", "dropped")
        return {
            "status": status,
            "name": self.read_name(named=not task._cap_is_unnamed()),
            "due": self.read_due(task._cap_get_due(), closed),
            "owner": self.read_owner(task._cap_get_contacts() | task.cap_owner_id),
            "cap_effort_days": self.read_effort(),
            "target": self.read_target(task),
            "cap_success_indicator": self._get_text("indicator", NOTE_LENGTH),
            "note": self._get_text("note", NOTE_LENGTH),
        }

    def read_name(self, named=True):
        """Return the title; an action that has none yet may wait for it."""
        name = self._get_text("name", NAME_LENGTH)
        if name == "" and named:
            raise FieldError("name", self.env._("Say in a few words what you will do."))
        return name or None

    def read_due(self, before=False, closed=False):
        """Return the date, False for none; one that was there already may stay."""
        text = self.form.get("due")
        if not text:
            return False
        try:
            due = dt.date.fromisoformat(text)
        except ValueError:
            raise FieldError(
                "due",
                self.env._("“%s” is not a date: write it as 2027-02-15.", text),
            ) from None
        problem = due != before and planning.date_problem(self.today, due, closed)
        if problem:
            raise FieldError("due", self._describe_date_problem(problem))
        return due

    def _describe_date_problem(self, problem):
        if problem == "far":
            return self.env._(
                "This date is more than %s years away: choose a nearer one.",
                planning.YEARS_AHEAD,
            )
        return self.env._(
            "This date has already passed: choose today or a later day, or leave the "
            "date empty."
        )

    def read_owner(self, people):
        """Return who is in charge, among ``people``, or nobody."""
        owner = self.form.get("owner", "")
        if owner and owner not in map(str, people.ids):
            raise FieldError(
                "owner", self.env._("Choose somebody of your structure, or nobody.")
            )
        return people.browse(int(owner) if owner else [])

    def read_effort(self):
        """Return days of work, written with a point or a comma."""
        text = self._get_text("effort", 20)
        if text is None:
            return None
        try:
            days = round(float(text.replace(",", ".") or 0), 1)
        except ValueError:
            days = -1.0
        if not 0 <= days <= MAX_EFFORT:
            raise FieldError(
                "effort",
                self.env._("Write a number of days from 0 to %s.", MAX_EFFORT),
            )
        return days

    def read_target(self, task):
        """Return the level aimed at, one of the scale of the objective, or none."""
        text = self.form.get("target")
        levels = task._cap_get_levels()
        if text is None or not levels:
            return None
        if text and text not in map(str, levels.ids):
            raise FieldError("target", self.env._("Choose a level of the list."))
        return levels.browse(int(text) if text else [])

    def read_objective(self, objectives):
        """Return the objective of an action to add, one of ``objectives``."""
        text = self.form.get("objective", "")
        if text not in map(str, objectives.ids):
            raise FieldError("objective", self.env._("Choose an objective."))
        return objectives.browse(int(text))
