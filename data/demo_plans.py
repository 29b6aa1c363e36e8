"""The demo's progress plans: made by the ordinary button, then lived in for a while."""

import datetime as dt
import random

from markupsafe import Markup

from data import phrases
from data.clock import at, moment, set_dates

#: Share of the structures that make a plan of their CAP.
PLANNED = 0.62
#: Chances of each status when the date is long past, just past, or to come.
CHANCES = {
    "old": (("done", 0.74), ("dropped", 0.14), ("doing", 0.07), ("todo", 0.05)),
    "recent": (("done", 0.45), ("doing", 0.35), ("todo", 0.15), ("dropped", 0.05)),
    "future": (("todo", 0.5), ("doing", 0.36), ("done", 0.13), ("dropped", 0.01)),
}
OLD_DAYS = 75


class Plans:
    """Generates plans from validated evaluations and moves their actions on."""

    def __init__(self, env, seed, today, pilot_structure):
        self.env = env
        self.seed = seed
        self.today = today
        self.pilot_structure = pilot_structure
        self.dates = {}
        self.changed = {}

    def _rng(self, *words):
        return random.Random(" ".join(map(str, (self.seed, *words))))

    # --------------------------------------------------------------- generating

    def generate(self, days):
        """Generate the plans of evaluations, ``{evaluation: validated on}``."""
        chosen = [e for e in days if self._wants_plan(e, days[e])]
        if not chosen:
            return
        evaluations = self.env["cap.evaluation"].concat(*chosen)
        with at(max(days[evaluation] for evaluation in chosen)):
            evaluations.action_generate_plan()
        for task in self._get_tasks(evaluations):
            evaluation = task.cap_line_id.evaluation_id
            self._date(task, days[evaluation] + dt.timedelta(days=4))
        for plan in evaluations.project_id:
            made = [days[e] for e in chosen if e.project_id == plan]
            self.dates.setdefault(plan, min(made) + dt.timedelta(days=4))

    def _wants_plan(self, evaluation, day):
        """A structure that made a plan once goes on with it, unless just validated."""
        partner = evaluation.partner_id
        if partner == self.pilot_structure:
            return True
        if (self.today - day.date()).days < 6:
            return False
        return self._rng("plan", partner.name).random() < PLANNED

    def _get_tasks(self, evaluations):
        return self.env["project.task"].search(
            [("cap_line_id.evaluation_id", "in", evaluations.ids)], order="id"
        )

    def _date(self, task, made):
        """Give an action its own term, from the day its plan was made."""
        rng = self._rng(
            "due", task.cap_plan_partner_id.name, task.cap_objective_id.code
        )
        months = task.cap_action_model_id.delay_months or 6
        due = made + dt.timedelta(days=30 * months + rng.randint(-15, 40))
        task.date_deadline = moment(due.date(), 12)
        self.dates[task] = made

    # -------------------------------------------------------------------- living

    def live(self):
        """Let people work: owners, statuses, news; then the days all this was done."""
        tasks = self.env["project.task"].browse(
            [record.id for record in self.dates if record._name == "project.task"]
        )
        for task in tasks:
            self._live(task)
        self.env.flush_all()
        self._set_dates(tasks)

    def _live(self, task):
        rng = self._rng(
            "live", task.cap_plan_partner_id.name, task.cap_objective_id.code
        )
        contacts = task._cap_get_contacts()
        if rng.random() < 0.6:
            task.cap_owner_id = rng.choice(contacts)
        status = self._choose_status(rng, task)
        changed = self._choose_day(rng, task, status)
        if status != "todo":
            task.write(task._cap_prepare_status(status))
            if status == "dropped" or rng.random() < 0.55:
                self._tell(rng, task, status, changed)
        self.changed[task] = changed

    def _choose_status(self, rng, task):
        """Return how the action stands, from its date."""
        late = (self.today - task.date_deadline.date()).days
        when = "old" if late > OLD_DAYS else "recent" if late > 0 else "future"
        made = self.dates[task].date()
        if when == "future" and (self.today - made).days < 20:
            return rng.choice(("todo", "todo", "todo", "doing"))
        statuses, weights = zip(*CHANCES[when], strict=True)
        return rng.choices(statuses, weights)[0]

    def _choose_day(self, rng, task, status):
        """Return when people last said something of this action."""
        made = self.dates[task]
        if status == "todo":
            return made
        end = min(moment(self.today), task.date_deadline + dt.timedelta(days=25))
        span = max(0, (end - made).days)
        low = span // 2 if status == "done" else max(0, span - 90)
        return moment((made + dt.timedelta(days=rng.randint(low, span))).date(), 14)

    def _tell(self, rng, task, status, day):
        author = task.cap_owner_id
        message = task._message_log(
            body=Markup("<p>%s</p>") % rng.choice(phrases.NEWS[status]),
            author_id=author.id,
            email_from=author.email_formatted,
        )
        message.date = day

    # --------------------------------------------------------------------- dates

    def _set_dates(self, tasks):
        set_dates(
            tasks,
            {task.id: self.dates[task] for task in tasks},
            {task.id: self.changed[task] for task in tasks},
        )
        plans = tasks.project_id
        set_dates(plans, {plan.id: self.dates[plan] for plan in plans})
        # The days Odoo notes by itself: end of a task, change of stage, first message.
        self.env.cr.execute(
            """
            UPDATE project_task
               SET date_last_stage_update = write_date,
                   date_end = CASE WHEN state = '1_done' THEN write_date END
             WHERE id = ANY(%(tasks)s);
            UPDATE project_project SET date_start = create_date::date
             WHERE id = ANY(%(plans)s);
            UPDATE mail_message message SET date = plan.create_date
              FROM project_project plan
             WHERE message.model = 'project.project' AND message.res_id = plan.id
               AND plan.id = ANY(%(plans)s)
            """,
            {"tasks": tasks.ids, "plans": plans.ids},
        )
        self.env.invalidate_all()
