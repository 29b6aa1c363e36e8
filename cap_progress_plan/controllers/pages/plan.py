from collections import Counter
from functools import cached_property

from markupsafe import Markup

from odoo.tools import format_date, format_list

from odoo.addons.cap_evaluation.kernel.charts.steps import steps
from odoo.addons.cap_evaluation.tools.dates import format_day

from ...kernel.timeline import Bar, Mark, draw, get_window, is_cut
from ...kernel.titles import split_titles
from .base import BasePlanPage

SHOWN_ACTIONS = 10
SHOWN_TRAININGS = 6
MAX_MONTHS = 24


class PlanPage(BasePlanPage):
    """The plan of one structure as its pilots see it today.

    ``told`` is what was just done ("generated", "updated", "created"), ``counts`` how
    many actions were added, kept, left dropped.

    :param series_sudo: the CAPs that feed the plan, where they are read already
    """

    def __init__(self, evaluation, plan_sudo, series_sudo=None):
        super().__init__(evaluation, plan_sudo)
        self._series = series_sudo
        self.told = ""
        self.counts = Counter()
        self._read_together()

    def _read_together(self):
        """Read at once what the page shows of several kinds of people and levels."""
        if not self.plan:
            return
        people = self.actions.cap_owner_id | self.plan.cap_partner_id
        people |= self.seats.partner_id | self._sessions.address_id
        people.fetch()
        self.actions.cap_objective_id.fetch()
        self.actions.cap_line_id.fetch()
        self.evaluation.sudo().version_id.scale_id.level_ids.fetch()

    @cached_property
    def generated(self):
        """Return what generating the plan did, in words."""
        return self.evaluation._describe_generation(self.counts)

    @cached_property
    def levels_now(self):
        """Return ``{open action: the level of its objective today}``."""
        return self.plan._cap_get_levels_now(self.open, self._evaluations)

    # ----------------------------------------------------------------- actions

    @cached_property
    def _tasks(self):
        """All that the plan holds, actions and their steps, in people's order."""
        tasks = self.plan.env["project.task"].with_context(active_test=False)
        if not self.plan:
            return tasks
        return tasks.search_fetch(
            [("project_id", "=", self.plan.id)],
            order="sequence, cap_priority desc, id",
        )

    @cached_property
    def actions(self):
        """All the actions, dropped ones included, in the order people gave them."""
        return self._tasks.filtered(lambda task: not task.parent_id)

    @cached_property
    def _steps(self):
        return (self._tasks - self.actions).filtered("active").grouped("parent_id")

    @cached_property
    def open(self):
        """The actions to do or under way, by rank."""
        return self.actions.filtered(lambda t: t.cap_status in ("todo", "doing"))

    @cached_property
    def first(self):
        """The actions shown at once."""
        return self.open[:SHOWN_ACTIONS]

    @cached_property
    def others(self):
        """The actions that one asks for."""
        return self.open[SHOWN_ACTIONS:]

    @cached_property
    def done(self):
        """The actions that are finished."""
        return self.actions.filtered(lambda t: t.cap_status == "done")

    @cached_property
    def dropped(self):
        """The actions that were stopped."""
        return self.actions.filtered(lambda t: t.cap_status == "dropped")

    @cached_property
    def ranks(self):
        """Return ``{open action: its place, from 1}``."""
        return {task: rank for rank, task in enumerate(self.open, 1)}

    @cached_property
    def to_update(self):
        """Return ``{action: why it needs a word}``, in words."""
        return {
            task: self._describe_reason(*why)
            for task, why in self.open._cap_get_lateness().items()
        }

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

    @cached_property
    def missing(self):
        """How many actions of this evaluation the plan does not have yet."""
        return self.evaluation.sudo()._count_missing_actions(self.plan, self.actions)

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
    def _evaluations(self):
        if self._series is None:
            self._series = self.evaluation._get_plan_series()
        return self._series

    @cached_property
    def origin(self):
        """Say which CAPs fed the plan: “From CAP 2026, 2025 and 2024”."""
        feeding = self._evaluations.filtered(lambda e: e.project_id == self.plan)
        evaluations = feeding[::-1] or self.evaluation
        titles = split_titles(evaluations._get_titles().values())
        words = [
            f"{start} {format_list(self.env, ends)}".strip()
            for start, ends in titles.items()
        ]
        names = format_list(self.env, words)
        if sum(map(len, titles.values())) > 1:
            return self.env._("From %(titles)s", titles=names)
        return self.env._("From %(title)s", title=names)

    @cached_property
    def can_add(self):
        """Tell whether to offer to add an action: once the plan has begun."""
        state = self.evaluation.state
        return state != "cancelled" and bool(self.plan or state == "validated")

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
                done=task._cap_get_done_share(self._steps.get(task, ())),
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
        if not self.bars:
            return False
        window = get_window(self.bars, self.marks, self.today)
        return any(is_cut(bar, window) for bar in self.bars)

    @cached_property
    def calendar(self):
        """Return the SVG of the calendar, empty with neither a date nor a training."""
        days = [day for bar in self.bars for day in (bar.start, bar.end)]
        days += [mark.day for mark in self.marks]
        label = days and self.env._(
            "Calendar from %(start)s to %(end)s. Actions: %(actions)s. Trainings: "
            "%(trainings)s. The same dates are in the list of priorities.",
            actions=len(self.bars),
            trainings=len(self.marks),
            start=self._month(min(days), "MMMM y"),
            end=self._month(max(days), "MMMM y"),
        )
        return Markup(draw(self.bars, self.marks, self.today, label, self._month))

    def _month(self, day, date_format="MMM"):
        return format_date(self.env, day, date_format=date_format)

    @cached_property
    def booked_sessions(self):
        """The sessions to come where people of the structure have a seat."""
        return self.seats.event_id.filtered(
            lambda session: session._cap_get_day() >= self.today
        ).sorted("date_begin")

    @cached_property
    def marks(self):
        """The booked trainings of the calendar."""
        return [
            Mark(
                self.env._(
                    "Training, %(day)s",
                    day=format_day(self.env, session._cap_get_day(), "d MMM"),
                ),
                session._cap_get_day(),
            )
            for session in self.booked_sessions
        ]

    @cached_property
    def agenda(self):
        """The calendar as a list, for a small screen: actions and trainings by day."""
        rows = [
            {
                "on": task._cap_get_due(),
                "day": self.describe_due(task),
                "title": task.name,
                "who": task.cap_owner_id.name or "",
                "url": f"{self.url}/{task.id}",
                "training": False,
            }
            for task in self.dated
        ]
        return sorted(rows + self.booked, key=lambda row: row["on"])

    @cached_property
    def booked(self):
        """The booked trainings as rows of a list, with where to change them."""
        return [
            {
                "on": session._cap_get_day(),
                "day": session._cap_describe_dates(),
                "title": session.name,
                "who": format_list(self.env, self._get_seats(session).mapped("name")),
                "url": self._get_booked_url(session),
                "training": True,
            }
            for session in self.booked_sessions
        ]

    def _get_booked_url(self, session):
        """Return where the seats of the structure in a session are told."""
        task = self._get_seats(session)[:1].cap_task_id
        return f"{self.url}/{task.id}/booked/{session.id}"

    # --------------------------------------------------------------- trainings

    @cached_property
    def seats(self):
        """The seats that people of the structure have for this plan."""
        return self.plan._cap_get_seats()

    def _get_seats(self, session):
        return self.seats.filtered(lambda seat: seat.event_id == session)

    @cached_property
    def _sessions(self):
        events = self.plan.env["event.event"]
        return events.concat(
            *events._cap_get_sessions(
                self.open._cap_get_trainings(), self.plan.company_id
            ).values()
        )

    @cached_property
    def trainings(self):
        """Return one dict per training that helps: those with free seats first."""
        sessions = self._sessions.grouped("cap_offer_id")
        cards = [
            self._prepare_training(offer, sessions.get(offer, ()))
            for offer in self.open._cap_get_trainings()
        ]
        order = {"open": 0, "priced": 1, "full": 2, "none": 3}
        return sorted(cards, key=lambda c: (order[c["state"]], min(c["ranks"])))

    def _prepare_training(self, offer, sessions):
        """Return what the card of a training shows."""
        tasks = self.open.filtered(lambda task: offer in task.cap_offer_ids)
        described = [session._cap_describe() for session in sessions]
        free = [s for s in described if s["free"] != 0]
        priced = [s for s in described if s["price"]]
        booked = [
            {
                "when": session._cap_describe_dates(),
                "url": self._get_booked_url(session),
                "names": format_list(self.env, self._get_seats(session).mapped("name")),
            }
            for session in sessions
            if self._get_seats(session)
        ]
        states = [("open", free), ("priced", priced), ("full", described)]
        return {
            "offer": offer,
            "task": tasks[:1],
            "ranks": [self.ranks[task] for task in tasks],
            "ranks_text": format_list(
                self.env, [str(self.ranks[task]) for task in tasks]
            ),
            "sessions": free + [s for s in described if s["free"] == 0],
            "state": next((state for state, found in states if found), "none"),
            "booked": booked,
        }

    @cached_property
    def first_trainings(self):
        """The trainings shown at once."""
        return self.trainings[:SHOWN_TRAININGS]

    @cached_property
    def other_trainings(self):
        """The trainings that one asks for."""
        return self.trainings[SHOWN_TRAININGS:]

    @cached_property
    def to_book(self):
        """The trainings with free seats where nobody of the structure goes yet."""
        return [c for c in self.trainings if c["state"] == "open" and not c["booked"]]

    # ----------------------------------------------------------------- effects

    @cached_property
    def effects(self):
        """Return what changed where an action is done and a CAP validated since."""
        return [
            self._prepare_effect(*effect)
            for effect in self.plan._cap_get_effects(
                self.actions, self._evaluations
            ).get(self.plan, ())
        ]

    @cached_property
    def awaited(self):
        """The finished actions whose effect the next CAP will tell."""
        told = {effect["task"] for effect in self.effects}
        return self.done.filtered(
            lambda task: task.cap_objective_id and task not in told
        )

    def _prepare_effect(self, task, before, after):
        values = before.scale_id.level_ids.mapped("value")
        change = after.value - before.value
        return {
            "task": task,
            "before": before.value,
            "after": after.value,
            "drawing": Markup(steps(values, before.value, after.value)),
            "change": self._describe_change(change),
        }

    def _describe_change(self, change):
        if not change:
            return self.env._("unchanged")
        if abs(change) == 1:
            return self.env._("%+d level", change)
        return self.env._("%+d levels", change)
