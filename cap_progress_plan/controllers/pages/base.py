"""What the pages of a plan have in common.

Rules stay on the models, arithmetic in ``kernel``: a page only chooses and words.
"""

from functools import cached_property

from odoo import fields

from odoo.addons.cap_evaluation.controllers.pages.base import CapPage
from odoo.addons.cap_evaluation.tools.dates import format_day

from ...tools.words import describe_days, describe_hours


class BasePlanPage(CapPage):
    """A page of one structure's plan, read once from elevated records.

    :param plan_sudo: the plan, elevated past the gate; maybe none yet
    """

    def __init__(self, evaluation, plan_sudo):
        super().__init__(evaluation)
        self.plan = plan_sudo
        self.today = fields.Date.context_today(evaluation)
        self.url = f"/my/cap/{evaluation.id}/plan"

    def describe_days(self, days):
        """Return an effort in words: “2 days”, “1.5 day”."""
        return describe_days(self.env, days)

    def describe_hours(self, hours):
        """Return the length of a training in words: “14 h”."""
        return describe_hours(self.env, hours)

    def describe_due(self, task):
        """Return the day an action is for, in words, or nothing."""
        due = task._cap_get_due()
        return due and format_day(self.env, due)

    @cached_property
    def kinds(self):
        """Return ``{kind of offer: its name}``."""
        field = self.env["cap.offer"]._fields["kind"]
        return dict(field._description_selection(self.env))
