from psycopg2 import IntegrityError

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form
from odoo.tools import mute_logger

from .common import PlanCommon


class TestActionModel(PlanCommon):
    """The library: shipped, offered by objective code, started from."""

    def test_shipped_library_is_whole(self):
        version = self.env["cap.referential.import"].load_shipped("CAP")
        library = self.env["cap.action.model"].search(
            [("referential_id", "=", version.referential_id.id)]
        )
        self.assertEqual(len(library), 97)
        self.assertEqual(len(set(library.mapped("objective_code"))), 72)
        self.assertFalse(library.filtered(lambda model: not model.offer_ids))
        self.assertTrue(all(model.effort_days > 0 for model in library))
        self.assertTrue(all(model.delay_months > 0 for model in library))
        self.assertFalse(library.filtered("confirmed"))
        self.assertFalse(library.filtered(lambda m: ".txt" in (m.source or "")))
        first = library.filtered(lambda model: model.ref == "ACT-022")
        self.assertEqual(first.name, "Programmer dès l'embauche les bilans à trois")
        self.assertEqual(first.objective_id.code, "2.1.2.2")
        self.assertEqual((first.effort_days, first.delay_months), (2, 3))
        self.assertEqual(first.offer_ids.mapped("code"), ["OFF-01", "OFF-P11"])

    def test_loading_again_keeps_what_people_wrote(self):
        wizard = self.env["cap.referential.import"]
        version = wizard.load_shipped("CAP")
        models = self.env["cap.action.model"].search(
            [("referential_id", "=", version.referential_id.id)], limit=2
        )
        models[0].name = "In our words"
        models[1].active = False
        wizard.load_shipped("CAP")
        self.assertEqual(models[0].name, "In our words")
        self.assertFalse(models[1].active)
        total = self.env["cap.action.model"].with_context(active_test=False)
        domain = [("referential_id", "=", version.referential_id.id)]
        self.assertEqual(total.search_count(domain), 97)

    def test_loading_on_a_published_edition(self):
        version = self.env["cap.referential.import"].load_shipped("CAP")
        version.action_publish()
        library = self.env["cap.action.model"]
        library.search([("ref", "=", "ACT-001")]).unlink()
        self.env["cap.referential.import"].load_shipped("CAP")
        self.assertTrue(library.search([("ref", "=", "ACT-001")]))

    def test_no_table_for_a_referential_is_no_fault(self):
        self.assertEqual(self.env["cap.action.model"]._read_shipped("NOWHERE"), [])

    def test_offered_on_the_objective_of_its_code_in_each_edition(self):
        other = self.make_version(name="2027", publish=False)
        for version in (self.version, other):
            objectives = {o.code: o for o in version.objective_ids}
            models = self.model | self.other_model
            self.assertEqual(objectives["1.1.1.1"].cap_action_model_ids, models)
            self.assertFalse(objectives["1.1.1.2"].cap_action_model_ids)
        stranger = self.make_version(code="OTHER")
        objective = stranger.objective_ids.filtered(lambda o: o.code == "1.1.1.1")
        self.assertFalse(objective.cap_action_model_ids)

    def test_work_in_words(self):
        self.assertEqual(self.model._describe_work(), "1.5 day, 4 months")
        self.other_model.write({"effort_days": 3, "delay_months": 1})
        self.assertEqual(self.other_model._describe_work(), "3 days of work, 1 month")
        self.other_model.write({"effort_days": 0, "delay_months": 0})
        self.assertEqual(self.other_model._describe_work(), "")

    def test_archived_models_are_not_offered(self):
        self.other_model.active = False
        objective = self.objectives["1.1.1.1"]
        objective.invalidate_recordset(["cap_action_model_ids"])
        self.assertEqual(objective.cap_action_model_ids, self.model)

    def test_code_and_figures_are_checked(self):
        create = self.env["cap.action.model"].create
        for code in ("9.9.9.9", "1.1.1"):
            with self.assertRaisesRegex(ValidationError, "No operational objective"):
                create(self.prepare_model(code=code, name="x"))
        for values in ({"ref": "M-1"}, {"effort_days": -1}, {"delay_months": -1}):
            with (
                self.subTest(values=values),
                self.assertRaises(IntegrityError),
                mute_logger("odoo.sql_db"),
                self.env.cr.savepoint(),
            ):
                create(self.prepare_model(name="x", **values))

    def test_starting_from_a_model_loses_no_text(self):
        evaluation = self.make_evaluation()
        line = self.get_line(evaluation, "1.1.1.1")
        line._start_from_model(self.model)
        self.assertEqual(line.progress_action, "yes")
        self.assertEqual(line.progress_comment, "Keep a one-page record")
        line.progress_comment = "Our own words"
        line._start_from_model(self.other_model)
        self.assertEqual(line.progress_comment, "Our own words\nRead it aloud")
        line._start_from_model(self.other_model)
        self.assertEqual(line.progress_comment, "Our own words\nRead it aloud")
        self.assertEqual(line.cap_action_model_id, self.other_model)

    def test_a_model_of_another_objective_is_refused(self):
        line = self.get_line(self.make_evaluation(), "1.1.1.2")
        with self.assertRaisesRegex(UserError, "not one of this objective"):
            line._start_from_model(self.model)

    def test_those_who_fill_in_may_choose_a_model(self):
        line = self.get_line(self.make_evaluation(), "1.1.1.1")
        for user in (self.user_pilot, self.user_animator, self.user_manager):
            with self.subTest(user=user.login):
                line.cap_action_model_id = False
                line.with_user(user).write({"cap_action_model_id": self.model.id})
                self.assertEqual(line.cap_action_model_id, self.model)

    def test_others_may_not(self):
        line = self.get_line(self.make_evaluation(), "1.1.1.1")
        for user in (
            self.user_other_pilot,
            self.user_other_animator,
            self.user_employee,
            self.user_portal,
        ):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                line.with_user(user).write({"cap_action_model_id": self.model.id})
        self.assertFalse(line.cap_action_model_id)

    def test_not_in_a_validated_evaluation(self):
        evaluation = self.make_evaluation(levels={"1.1.1.1": 1}, state="validated")
        line = self.get_line(evaluation, "1.1.1.1").with_user(self.user_pilot)
        with self.assertRaisesRegex(UserError, "validated"):
            line.write({"cap_action_model_id": self.model.id})

    def test_choosing_on_the_form_fills_the_action(self):
        line = self.get_line(self.make_evaluation(), "1.1.1.1")
        with Form(line, "cap_evaluation.cap_evaluation_line_view_form") as form:
            form.progress_action = "yes"
            form.cap_action_model_id = self.model
            self.assertEqual(form.progress_comment, "Keep a one-page record")
        self.assertEqual(line.cap_action_model_id, self.model)
