"""Every kind of person that may come to a route, a model or a method.

One structure of region A has a validated CAP, an open one and a plan. Each person is
named after what they are to that structure.
"""

from odoo.fields import Command
from odoo.tests import new_test_user

from odoo.addons.cap_progress_plan.tests.common import PlanCommon

OTHER_GROUPS = {
    # Employees whose other work gives them rights next to ours, and no CAP role
    "project_employee": "project.group_project_user",
    "event_employee": "event.group_event_manager",
    "contact_employee": "base.group_partner_manager",
}
LEVELS = {"1.1.1.1": 0, "1.1.1.2": 3, "1.2.1.1": "na", "2.1.1.1": 2}


class PeopleCommon(PlanCommon):
    """Gives ``self.people``: ``{kind: user}``, and records of that one structure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._make_subjects()
        cls._make_everybody()
        cls.env.flush_all()

    @classmethod
    def _make_subjects(cls):
        pilot = cls.user_pilot.partner_id
        cls.facilitator = cls._make_user("cap_facilitator", "base.group_portal")
        cls.past = cls.validate(cls.make_evaluation(levels=LEVELS, pilots=pilot))
        cls.evaluation = cls.past.action_start_next()
        cls.evaluation.facilitator_id = cls.facilitator.partner_id
        cls.line = cls.get_line(cls.evaluation, "1.1.1.1")
        cls.set_levels(cls.evaluation, {"1.1.1.1": 2})
        cls.plan = cls.make_plan(cls.evaluation)
        cls.task = cls.plan.task_ids[:1]
        cls.training_session = cls.make_session(seats=5)
        cls.task.cap_offer_ids = cls.training
        cls.task.sudo()._cap_book_seats(cls.training_session, cls.people("Ana"))
        cls._make_content()

    @classmethod
    def _make_content(cls):
        """An edition with all that may hang from an objective, then published."""
        version = cls.make_version(code="RIGHTS", publish=False)
        objective = version.objective_ids.filtered(lambda o: o.kind == "operational")[0]
        for level in version.scale_id.level_ids:
            cls.env["cap.objective.descriptor"].create(
                {"objective_id": objective.id, "level_id": level.id, "description": "D"}
            )
        cls.env["cap.objective.indicator"].create(
            {"objective_id": objective.id, "name": "Sample"}
        )
        version.action_publish()

    @classmethod
    def _make_everybody(cls):
        company = cls.env["res.company"].create({"name": "Elsewhere"})
        elsewhere = new_test_user(
            cls.env,
            "cap_manager_elsewhere",
            "base.group_user,cap_evaluation.group_cap_manager",
            password="cap_manager_elsewhere",
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )
        cls.people_by_kind = {
            "pilot": cls.user_pilot,
            "facilitator": cls.facilitator,
            "animator": cls.user_animator,
            "manager": cls.user_manager,
            "other_pilot": cls.user_other_pilot,
            "other_animator": cls.user_other_animator,
            "manager_elsewhere": elsewhere,
            "portal": cls.user_portal,
            "employee": cls.user_employee,
            **{
                kind: cls._make_user(f"cap_{kind}", f"base.group_user,{group}")
                for kind, group in OTHER_GROUPS.items()
            },
        }

    def get_sample(self, model):
        """Return a record of ``model`` that is not the strangers': one of that
        structure, else any, else one that a manager makes."""
        known = {
            "cap.evaluation": self.evaluation,
            "cap.evaluation.line": self.line,
            "project.task": self.task,
            "project.project": self.plan,
            "event.event": self.training_session,
            "res.partner": self.structure,
        }
        if model in known:
            return known[model]
        records = self.env[model].with_context(active_test=False)
        return records.search([], limit=1) or self.make_sample(model)

    def make_sample(self, model):
        """Return a new record of ``model``, each required field given something."""
        records = self.env[model].with_user(self.user_manager).sudo()
        given = records.default_get(list(records._fields))
        vals = {
            name: self._make_value(field)
            for name, field in records._fields.items()
            if field.required and field.store and not field.related and name != "id"
            if not given.get(name)
        }
        if model == "cap.objective.mapping":
            vals["clause_id"] = self.get_sample("cap.clause").id
        return records.create(vals).sudo(False)

    def _make_value(self, field):
        if field.type == "many2one":
            return self.get_sample(field.comodel_name).id
        if field.type == "selection":
            return field.get_values(self.env)[0]
        texts = {"char": "Sample", "text": "Sample", "html": "Sample"}
        dates = {"date": "2026-03-01", "datetime": "2026-03-01 09:00:00"}
        return {**texts, **dates}.get(field.type, 1)
