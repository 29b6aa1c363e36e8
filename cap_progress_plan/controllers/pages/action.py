from functools import cached_property

from odoo.tools import is_html_empty

from odoo.addons.cap_evaluation.tools.dates import format_day

from ...tools.words import describe_number
from .base import BasePlanPage


class ActionPage(BasePlanPage):
    """One action, with the form that updates it.

    :param typed: what was posted, and could not be kept
    """

    def __init__(self, evaluation, task_sudo, typed=None):
        super().__init__(evaluation, task_sudo.project_id)
        self.task = task_sudo
        self.typed = typed or {}

    @cached_property
    def unnamed(self):
        """Tell whether nobody has given this action a title yet."""
        return self.task._cap_is_unnamed()

    @cached_property
    def levels_now(self):
        """Return ``{this action: the level of its objective today}``."""
        return self.plan._cap_get_levels_now(
            self.task, self.evaluation._get_plan_series()
        )

    @cached_property
    def title(self):
        """Return what this action is called."""
        task = self.task
        return task.cap_objective_id.display_name if self.unnamed else task.name

    @cached_property
    def values(self):
        """What each field of the form holds: what was typed, else what is kept."""
        task = self.task
        due = task._cap_get_due()
        return {
            "status": task.cap_status,
            "name": "" if self.unnamed else task.name,
            "due": due.isoformat() if due else "",
            "owner": str(task.cap_owner_id.id or ""),
            "effort": (
                describe_number(self.env, task.cap_effort_days)
                if task.cap_effort_days
                else ""
            ),
            "target": str(task.cap_target_level_id.id or ""),
            "indicator": task.cap_success_indicator or "",
            "note": "",
            **self.typed,
        }

    @cached_property
    def statuses(self):
        """Return ``{status: its name}``."""
        field = self.env["project.task"]._fields["cap_status"]
        return dict(field._description_selection(self.env))

    @cached_property
    def contacts(self):
        """Those who may be in charge."""
        return self.task._cap_get_contacts() | self.task.cap_owner_id

    @cached_property
    def has_description(self):
        """Tell whether there is more to read than a title."""
        return not is_html_empty(self.task.description)

    @cached_property
    def offers(self):
        """Return ``[(offer, whether it has a date to come)]``."""
        sessions = self.plan.env["event.event"]._cap_get_sessions(
            self.task._cap_get_trainings(), self.plan.company_id
        )
        return [(offer, offer in sessions) for offer in self.task.cap_offer_ids]

    @cached_property
    def news(self):
        """The last news that people of the structure may read."""
        return [
            {
                "body": message.body,
                "author": message.author_id.name,
                "day": format_day(self.env, message.date),
            }
            for message in self.task._cap_get_public_news()[self.task]
        ]


class NewActionPage(BasePlanPage):
    """The form of an action to add."""

    def __init__(self, evaluation, plan_sudo, typed=None):
        super().__init__(evaluation, plan_sudo)
        self.typed = typed or {}

    @cached_property
    def values(self):
        """What each field of the form holds."""
        owner = str(self.evaluation._get_plan_owner().id or "")
        empty = {"objective": "", "name": "", "due": "", "owner": owner}
        return {**empty, **self.typed}

    @cached_property
    def objectives(self):
        """The objectives of this CAP that an action may serve, in its order."""
        return self.evaluation.sudo().line_ids.objective_id.sorted(
            lambda objective: (objective.sequence, objective.id)
        )

    @cached_property
    def taken(self):
        """Return ``{objective: its action}`` where the plan has one already."""
        return self.plan.task_ids._cap_get_own_actions(self.plan)

    @cached_property
    def contacts(self):
        """Those who may be in charge of a new action."""
        evaluation_sudo = self.evaluation.sudo()
        return self.plan._cap_get_contacts_of(
            evaluation_sudo.partner_id, evaluation_sudo.company_id
        ) | (self.evaluation._get_plan_owner())
