"""What the forms of an action say, read and checked field by field."""

# Plain classes: what they call read and write is no model's.
# pylint: disable=method-required-super

import datetime as dt
import math

from odoo import fields

from odoo.addons.cap_evaluation.controllers.forms.base import FieldError, Form
from odoo.addons.cap_evaluation.kernel.numbers import read_id
from odoo.addons.cap_evaluation.kernel.text import one_line

from ...kernel import planning
from ...models.plan.project_task import STATUSES

NOTE_LENGTH = 5000
NAME_LENGTH = 300
MAX_EFFORT = 999


class BaseActionForm(Form):
    """What both forms of an action hold: its title, its date, who is in charge."""

    def read_name(self, named=True):
        """Return the title; "" where it may wait for one."""
        name = one_line(self.get_text("name"))[:NAME_LENGTH].strip()
        if not name and named:
            raise FieldError("name", self.env._("Say in a few words what you will do."))
        return name

    def read_due(self, before=False, closed=False):
        """Return the date, False for none; one that was there already may stay."""
        text = self.get_text("due")
        if not text:
            return False
        try:
            due = dt.date.fromisoformat(text)
        except ValueError:
            raise FieldError(
                "due",
                self.env._(
                    "“%s” is not a date: write it as 2027-02-15.", one_line(text)[:40]
                ),
            ) from None
        today = fields.Date.context_today(self.env.user)
        problem = due != before and planning.date_problem(today, due, closed)
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
        return self._read_among(
            "owner",
            people,
            self.env._("Choose somebody of your structure, or nobody."),
        )

    def _read_among(self, field, records, refusal):
        """Return the record chosen in a field, one of ``records``, or none of them."""
        text = self.get_text(field)
        chosen = records.filtered(lambda record: record.id == read_id(text))
        if text and not chosen:
            raise FieldError(field, refusal)
        return chosen


class ActionForm(BaseActionForm):
    """How an action stands, as its form says. What the form lacks stays as it is."""

    @property
    def note(self):
        """Some news, "" for none."""
        return self.get_text("note")[:NOTE_LENGTH].strip()

    def read(self, task_sudo):
        """Return the values that ``_cap_update`` takes.

        :raise FieldError: on a value that cannot be kept
        """
        status = self.get_choice("status", dict(STATUSES))
        if not status:
            raise FieldError("status", self.env._("Choose how this action stands."))
        due = self.read_due(task_sudo._cap_get_due(), status in ("done", "dropped"))
        people = task_sudo._cap_get_contacts() | task_sudo.cap_owner_id
        vals = {
            "cap_status": status,
            "date_deadline": due,
            "cap_owner_id": self.read_owner(people).id,
        }
        if "name" in self.post:
            name = self.read_name(named=not task_sudo._cap_is_unnamed())
            vals.update({"name": name} if name else {})
        if "indicator" in self.post:
            indicator = self.get_text("indicator")[:NOTE_LENGTH].strip()
            vals["cap_success_indicator"] = indicator or False
        if "effort" in self.post:
            vals["cap_effort_days"] = self.read_effort()
        if "target" in self.post and task_sudo._cap_get_levels():
            vals["cap_target_level_id"] = self.read_target(task_sudo).id
        return vals

    def read_effort(self):
        """Return days of work, written with a point or a comma; 0 for none."""
        text = self.get_text("effort")[:20]
        try:
            days = round(float(text.replace(",", ".") or 0), 1)
        except (ValueError, OverflowError):
            days = math.nan
        if not 0 <= days <= MAX_EFFORT or "_" in text:
            raise FieldError(
                "effort",
                self.env._("Write a number of days from 0 to %s.", MAX_EFFORT),
            )
        return days

    def read_target(self, task_sudo):
        """Return the level aimed at, one of the scale of the objective, or none."""
        return self._read_among(
            "target",
            task_sudo._cap_get_levels(),
            self.env._("Choose a level of the list."),
        )


class NewActionForm(BaseActionForm):
    """An action to add to the plan."""

    def read(self, page):
        """Return what ``_add_plan_action`` takes: objective, title, day, who.

        :param page: the page of the form, which knows what may be chosen
        :raise FieldError: on a value that cannot be kept
        """
        refusal = self.env._("Choose an objective.")
        objective = self._read_among("objective", page.objectives, refusal)
        if not objective:
            raise FieldError("objective", refusal)
        name, due = self.read_name(), self.read_due()
        return objective, name, due, self.read_owner(page.contacts)
