"""What the tests of the plan start from: offers, models, sessions, wishes."""

import datetime as dt

from odoo import fields

from odoo.addons.cap_evaluation.tests.common import CapCommon

from ..kernel.person import Person


class PlanCommon(CapCommon):
    """Adds to ``CapCommon`` a training, a tool, and two models on 1.1.1.1."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.training, cls.tool = cls.env["cap.offer"].create(
            [
                {"code": "T-1", "name": "Take part", "kind": "training"},
                {"code": "T-2", "name": "A record to fill in", "kind": "tool"},
            ]
        )
        cls.objectives["1.1.1.1"].offer_ids = cls.training
        cls.model, cls.other_model = cls.env["cap.action.model"].create(
            [
                cls.prepare_model(
                    name="Keep a one-page record",
                    ref="M-1",
                    description="Write it in the meeting.",
                    success_indicator="Six records in a row",
                    effort_days=1.5,
                    delay_months=4,
                    offer_ids=cls.tool.ids,
                ),
                cls.prepare_model(name="Read it aloud", ref="M-2"),
            ]
        )
        cls.contact = cls.env["res.partner"].create(
            {
                "name": "Known Contact",
                "email": "known@example.org",
                "parent_id": cls.structure.id,
            }
        )

    @classmethod
    def prepare_model(cls, code="1.1.1.1", **values):
        """Return the values of an action model of the test référentiel."""
        return {
            "referential_id": cls.version.referential_id.id,
            "objective_code": code,
            **values,
        }

    @classmethod
    def ask(cls, evaluation, **wishes):
        """Ask for actions: ``ask(evaluation, **{"1.1.1.1": "Write a page"})``."""
        for code, text in wishes.items():
            cls.get_line(evaluation, code).write(
                {"progress_action": "yes", "progress_comment": text}
            )
        return evaluation

    @classmethod
    def make_plan(cls, evaluation=None, **wishes):
        """Return the plan that these wishes give, generated as the system."""
        wishes = wishes or {"1.1.1.1": "Write a page"}
        evaluation = evaluation or cls.make_evaluation(levels={"1.1.1.1": 1})
        return cls.ask(evaluation, **wishes).action_generate_plan()

    @classmethod
    def make_session(cls, offer=None, seats=2, days=30, **values):
        """Return a session of ``offer`` in so many days, with so many seats."""
        begin = fields.Datetime.now() + dt.timedelta(days=days)
        return cls.env["event.event"].create(
            {
                "name": "Session",
                "cap_offer_id": (offer or cls.training).id,
                "date_begin": begin,
                "date_end": begin + dt.timedelta(hours=7),
                "date_tz": "Europe/Paris",
                "seats_limited": bool(seats),
                "seats_max": seats,
                **values,
            }
        )

    @classmethod
    def people(cls, *names):
        """Return people without an address, one for each name."""
        return [Person(name) for name in names]

    def actions(self, plan):
        """Return the actions of ``plan``, dropped ones included."""
        return (
            self.env["project.task"]
            .with_context(active_test=False)
            .search([("project_id", "=", plan.id)], order="id")
        )
