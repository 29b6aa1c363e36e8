"""What the plan's pages show, read once from elevated records and given to QWeb.

Rules stay on the models, arithmetic in ``kernel``: this only chooses and words.
"""

from functools import cached_property

from markupsafe import Markup

from odoo import fields
from odoo.tools import format_date, format_list

from odoo.addons.cap_evaluation.controllers.pages.base import CapPage
from odoo.addons.cap_evaluation.tools.dates import format_day

from ..kernel import planning
from ..kernel.timeline import Bar, Mark, draw, get_window, is_cut
from ..kernel.titles import split_titles
from ..models.plan.cap_action_model import describe_days

SHOWN_ACTIONS = 10
SHOWN_TRAININGS = 6
SHOWN_NEWS = 5
MAX_MONTHS = 24


class PlanPage(CapPage):
    """The plan of one structure as its pilots see it today."""

    def __init__(self, evaluation, plan_sudo):
        super().__init__(evaluation)
        self.plan = plan_sudo
        self.today = fields.Date.context_today(evaluation)

    # ----------------------------------------------------------------- actions

    @cached_property
    def actions(self):
        """All the actions, dropped ones included, in the order people gave them."""
        tasks = self.plan.env["project.task"].with_context(active_test=False)
        if not self.plan:
            return tasks
        return tasks.search(
            [("project_id", "=", self.plan.id), ("parent_id", "=", False)],
            order="sequence, cap_priority desc, id",
        )

    @cached_property
    def open(self):
        """The actions to do or under way, by rank."""
        return self.actions.filtered(lambda t: t.cap_status in ("todo", "doing"))

    @cached_property
    def done(self):
        return self.actions.filtered(lambda t: t.cap_status == "done")

    @cached_property
    def dropped(self):
        return self.actions.filtered(lambda t: t.cap_status == "dropped")

    @cached_property
    def ranks(self):
        """Return ``{open action: its place, from 1}``."""
        return {task: rank for rank, task in enumerate(self.open, 1)}

    @cached_property
    def to_update(self):
        """Return ``{action: why it needs a word}``, in words."""
        reasons = {}
        for task in self.open:
            news = task.cap_status == "doing" and task.write_date.date()
            why = planning.why_update(self.today, task._cap_get_due() or None, news)
            if why:
                reasons[task] = self._describe_reason(*why)
        return reasons

    def _describe_reason(self, kind, days):
        duration = self._describe_duration(days)
        if kind == "late":
            return self.env._("Date passed by %(duration)s", duration=duration)
        return self.env._("No news for %(duration)s", duration=duration)

    def _describe_duration(self, days):
        if days == 1:
            return self.env._("1 day")
        if days < 14:
            return self.env._("%s days", days)
        if days < 60:
            return self.env._("%s weeks", days // 7)
        if days // 30 <= MAX_MONTHS:
            return self.env._("%s months", days // 30)
        return self.env._("%s years", days // 365)

    def describe_days(self, days):
        """Return an effort in words: “2 days”, “1.5 day”."""
        return describe_days(self.env, days)

    def describe_due(self, task):
        """Return the day an action is for, in words, or nothing."""
        due = task._cap_get_due()
        return due and format_day(self.env, due)

    @cached_property
    def missing(self):
        """How many actions of this evaluation the plan does not have yet."""
        return self.evaluation._count_missing_actions()

    @cached_property
    def tiles(self):
        """Return ``[(figure, what it counts)]``."""
        late, booking = len(self.to_update), len(self.to_book)
        done, alive = len(self.done), len(self.open) + len(self.done)
        in_time = len(self.open) - late
        return [
            (alive, self._describe_alive(alive)),
            (done, self.env._("finished") if done < 2 else self.env._("finished ones")),
            (in_time, self.env._("to do or in progress, in time")),
            (late, self.env._("to update")),
            (
                booking,
                self.env._("training to book")
                if booking < 2
                else self.env._("trainings to book"),
            ),
        ]

    def _describe_alive(self, count):
        """Say what the first tile counts, and what it leaves out."""
        what = self.env._("action") if count < 2 else self.env._("actions")
        stopped = len(self.dropped)
        if not stopped:
            return what
        if stopped == 1:
            return self.env._("%(actions)s, 1 stopped one left out", actions=what)
        return self.env._(
            "%(actions)s, %(count)s stopped ones left out", actions=what, count=stopped
        )

    @cached_property
    def origin(self):
        """Say which CAPs fed the plan: “From CAP 2026, 2025 and 2024”."""
        evaluations = self.plan.cap_evaluation_ids or self.evaluation
        titles = split_titles(evaluation._get_title() for evaluation in evaluations)
        words = [
            f"{start} {format_list(self.env, ends)}".strip()
            for start, ends in titles.items()
        ]
        names = format_list(self.env, words)
        if sum(map(len, titles.values())) > 1:
            return self.env._("From %(titles)s", titles=names)
        return self.env._("From %(title)s", title=names)

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
        tasks = self.plan.env["project.task"]
        structure = self.evaluation.sudo().partner_id
        owner = self.evaluation._get_plan_owner()
        return tasks._cap_get_contacts_of(structure) | owner

    @cached_property
    def can_add(self):
        """Tell whether to offer to add an action: once the plan has begun."""
        state = self.evaluation.state
        return state != "cancelled" and bool(self.plan or state == "validated")

    @cached_property
    def statuses(self):
        """Return ``{status: its name}`` for the form that updates an action."""
        field = self.env["project.task"]._fields["cap_status"]
        return dict(field._description_selection(self.env))

    @cached_property
    def kinds(self):
        """Return ``{kind of offer: its name}``."""
        field = self.env["cap.offer"]._fields["kind"]
        return dict(field._description_selection(self.env))

    def get_news(self, task):
        """Return the last news of an action that people of the structure wrote.

        Staff write in the same chatter: their notes are not for this page.
        """
        structure = self.plan.cap_partner_id
        messages = task.message_ids.filtered(
            lambda message: (
                message.body
                and message.author_id.commercial_partner_id
                == structure.commercial_partner_id
            )
        )
        return [
            {
                "body": message.body,
                "author": message.author_id.name,
                "day": format_day(self.env, message.date),
            }
            for message in messages[:SHOWN_NEWS]
        ]

    # ---------------------------------------------------------------- calendar

    @cached_property
    def dated(self):
        """The first open actions that have a date: what the calendar draws."""
        return self.open.filtered("date_deadline")[:SHOWN_ACTIONS]

    @cached_property
    def bars(self):
        """The actions of the calendar, as it draws them."""
        return [
            Bar(
                title=task.name,
                start=min(task.create_date.date(), task._cap_get_due()),
                end=task._cap_get_due(),
                owner=task.cap_owner_id.name or "",
                done=task._cap_get_done_share(),
            )
            for task in self.dated
        ]

    @cached_property
    def has_dark_part(self):
        """Tell whether something of the actions drawn is done."""
        return any(bar.done for bar in self.bars)

    @cached_property
    def has_cut_bar(self):
        """Tell whether a date lies out of the calendar."""
        window = get_window(self.bars, self._marks(), self.today)
        return any(is_cut(bar, window) for bar in self.bars)

    @cached_property
    def calendar(self):
        """Return the SVG of the calendar, empty without a dated action."""
        bars = self.bars
        label = bars and self.env._(
            "Calendar of %(count)s actions, from %(start)s to %(end)s. The same dates "
            "are in the list of priorities.",
            count=len(bars),
            start=self._month(min(bar.start for bar in bars), "MMMM y"),
            end=self._month(max(bar.end for bar in bars), "MMMM y"),
        )
        return Markup(draw(bars, self._marks(), self.today, label, self._month))

    def _month(self, day, date_format="MMM"):
        return format_date(self.env, day, date_format=date_format)

    def _marks(self):
        sessions = self.open.cap_registration_ids.filtered(
            lambda registration: registration.state != "cancel"
        ).event_id
        days = [session._cap_get_day() for session in sessions]
        return [
            Mark(
                self.env._(
                    "Training, %(day)s",
                    day=format_day(self.env, day, "d MMM"),
                ),
                day,
            )
            for day in days
            if day >= self.today
        ]

    # --------------------------------------------------------------- trainings

    @cached_property
    def trainings(self):
        """Return one dict per training that helps: those with free seats first."""
        offers = self.open.cap_offer_ids.filtered(lambda offer: offer._is_training())
        sessions = self._get_sessions(offers)
        cards = [self._prepare_training(o, sessions.get(o, ())) for o in offers]
        order = {"open": 0, "full": 1, "none": 2}
        return sorted(cards, key=lambda c: (order[c["state"]], min(c["ranks"])))

    def _get_sessions(self, offers):
        events = self.plan.env["event.event"]
        return events._cap_get_sessions(offers, self.plan.company_id)

    def describe_sessions(self, sessions):
        """Return sessions in words, with who of the structure has a seat there."""
        structure = self.plan.cap_partner_id
        return [
            {
                **session._cap_describe(),
                "seated": format_list(
                    self.env, session._cap_get_seats(structure).mapped("name")
                ),
            }
            for session in sessions
        ]

    def describe_seated(self, sessions):
        """Return ``{contact id: when they already have a seat}``, in words."""
        structure, found = self.plan.cap_partner_id, {}
        for session in sessions:
            for seat in session._cap_get_seats(structure):
                person = seat._cap_get_person()
                when = found.setdefault(person.partner_id, [])
                when.append(session._cap_describe_dates())
        return {key: format_list(self.env, when) for key, when in found.items() if key}

    def _prepare_training(self, offer, sessions):
        tasks = self.open.filtered(lambda task: offer in task.cap_offer_ids)
        described = [session._cap_describe() for session in sessions]
        free = [session for session in described if session["free"] != 0]
        booked = tasks.cap_registration_ids.filtered(
            lambda r: r.state != "cancel" and r.event_id.cap_offer_id == offer
        ).sorted("id")
        ranks = [self.ranks[task] for task in tasks]
        return {
            "offer": offer,
            "task": tasks[0],
            "ranks": ranks,
            "ranks_text": format_list(self.env, list(map(str, ranks))),
            "booked_text": format_list(self.env, booked.mapped("name")),
            "sessions": free + [s for s in described if s["free"] == 0],
            "state": "open" if free else "full" if described else "none",
            "booked": booked,
        }

    @cached_property
    def to_book(self):
        """The trainings with free seats where nobody of the structure goes yet."""
        return [c for c in self.trainings if c["state"] == "open" and not c["booked"]]

    # ----------------------------------------------------------------- effects

    @cached_property
    def effects(self):
        """Return what changed where an action is done and a later CAP is validated."""
        after = self._get_later_levels()
        effects = []
        for task in self.done:
            before, level = task.cap_level_id, after.get(task.cap_objective_id.code)
            since = task.cap_line_id.evaluation_id.validated_on
            if before and level and since and level[0] > since:
                effects.append(self._prepare_effect(task, before, level[1]))
        return effects

    def _get_later_levels(self):
        """Return ``{objective code: (when, level)}`` of the last validated CAP."""
        last = self.plan.cap_partner_id.cap_evaluation_ids.filtered(
            lambda evaluation: evaluation.state == "validated"
        ).sorted("validated_on")[-1:]
        return {
            line.objective_id.code: (last.validated_on, line.level_id)
            for line in last.line_ids
            if line.level_id
        }

    def _prepare_effect(self, task, before, after):
        values = sorted(before.scale_id.level_ids.mapped("value"))
        step = 186 / max(1, len(values) - 1)
        places = {value: round(14 + step * i) for i, value in enumerate(values)}
        change = after.value - before.value
        return {
            "task": task,
            "before": before.value,
            "after": after.value,
            "places": places,
            "change": self._describe_change(change),
        }

    def _describe_change(self, change):
        if not change:
            return self.env._("unchanged")
        if abs(change) == 1:
            return self.env._("%+d level", change)
        return self.env._("%+d levels", change)
