"""Which kind of person may do what with each of our models, and what is not theirs.

Two tables. The first says what a person may do with a model at all; the second, with a
record of a structure, or a choice of a person, that is not theirs. A model or a field
of ours that is in neither fails the run: whoever adds one decides who reads it.
"""

from odoo.tests import tagged
from odoo.tools import mute_logger

from .people import PeopleCommon

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
ROLES = ("manager", "animator", "employee", "portal")
# People in the same column as these have the very same rights on our models.
SAME_AS = {
    "manager_elsewhere": "manager",
    "other_animator": "animator",
    "project_employee": "employee",
    "event_employee": "employee",
    "contact_employee": "employee",
    "pilot": "portal",
    "other_pilot": "portal",
    "facilitator": "portal",
}
# model: (manager, animator, employee, portal)
CONTENT = ("rwcd", "r", "r", "r")
MATRIX = {
    "cap.scale": CONTENT,
    "cap.scale.level": CONTENT,
    "cap.referential": CONTENT,
    "cap.referential.version": CONTENT,
    "cap.objective": CONTENT,
    "cap.objective.indicator": CONTENT,
    "cap.objective.descriptor": CONTENT,
    "cap.objective.question": CONTENT,
    "cap.objective.mapping": CONTENT,
    "cap.objective.mapping.waiting": ("rwcd", "", "", ""),
    "cap.clause": CONTENT,
    "cap.glossary.term": CONTENT,
    "cap.offer": CONTENT,
    "cap.region": CONTENT,
    "cap.structure.type": CONTENT,
    "cap.action.model": CONTENT,
    "cap.campaign": ("rwcd", "rwc", "", ""),
    "cap.evaluation": ("rwcd", "rwc", "r", "r"),
    "cap.evaluation.line": ("rw", "rw", "rw", "rw"),
    "cap.pilot.invitation": ("rwcd", "", "", ""),
    "cap.pilot.invite": ("rwcd", "", "", ""),
    "cap.pilot.invite.line": ("rwcd", "", "", ""),
    "cap.setup": ("rwcd", "", "", ""),
    "cap.setup.issue": ("rwcd", "", "", ""),
    "cap.setup.region": ("rwcd", "", "", ""),
    "cap.setup.type": ("rwcd", "", "", ""),
    "cap.edition.defect": ("rwcd", "", "", ""),
    "cap.edition.move": ("rwcd", "rwcd", "", ""),
    "cap.edition.move.line": ("rwcd", "rwcd", "", ""),
    "cap.edition.correction": ("rwcd", "", "", ""),
    "cap.referential.import": ("rwcd", "", "", ""),
    "cap.referential.import.problem": ("rwcd", "", "", ""),
    "cap.referential.import.change": ("rwcd", "", "", ""),
    "cap.referential.export": ("rwcd", "", "", ""),
    "cap.referential.load": ("rwcd", "", "", ""),
    "cap.book.training": ("rwcd", "rwcd", "", ""),
    "cap.network.line": ("r", "r", "", ""),
    "cap.network.action": ("r", "r", "", ""),
    "cap.network.workbook": ("rwcd", "rwcd", "", ""),
}
# What strangers to a structure of region A may do with what belongs to it.
STRANGERS = (
    "other_pilot",
    "other_animator",
    "portal",
    "employee",
    "project_employee",
    "event_employee",
    "contact_employee",
    "manager_elsewhere",
)
OF_A_STRUCTURE = ("cap.evaluation", "cap.evaluation.line", "cap.campaign")
OF_A_STRUCTURE += ("cap.network.line", "cap.network.action", "cap.pilot.invitation")
OF_A_STRUCTURE += ("project.project", "project.task")
# Fields of ours on Odoo's models: who sees them among people without a CAP role.
# "all" that read the record; "event": who has event rights; "": the CAP's team only.
FIELDS = {
    "event.event": {"cap_offer_id": "all", "cap_offered": "all"},
    "event.registration": {"cap_task_id": "", "cap_action_id": ""},
    "project.project": {
        "cap_partner_id": "all",
        "cap_region_id": "",
        "cap_evaluation_ids": "",
        "cap_done_count": "all",
        "cap_action_count": "all",
    },
    "project.task": {
        "cap_plan_partner_id": "",
        "cap_line_id": "",
        "cap_objective_id": "all",
        "cap_level_id": "",
        "cap_reached": "",
        "cap_target_level_id": "all",
        "cap_success_indicator": "all",
        "cap_effort_days": "all",
        "cap_priority": "",
        "cap_action_model_id": "all",
        "cap_owner_id": "all",
        "cap_status": "all",
        "cap_offer_ids": "all",
        "cap_registration_ids": "",
        "cap_seat_ids": "event",
        "cap_session_ids": "event",
    },
    "res.config.settings": {"cap_seats_per_structure": "all"},
    "res.partner": {
        "cap_size": "all",
        "cap_region_id": "all",
        "cap_structure_type_ids": "all",
        "cap_main_type_id": "all",
        "cap_is_pilot": "all",
        # Under the reader's own rules on evaluations
        "cap_evaluation_ids": "all",
        "cap_evaluation_count": "all",
        "cap_former_evaluation_ids": "all",
    },
}
# A user is a contact: core gives it these through ``_inherits``, under the same rules.
FIELDS["res.users"] = FIELDS["res.partner"]
# Computed in sudo, and why nobody reads there what they may not.
IN_SUDO = {
    ("project.task", "cap_priority"): "stored; its readers may read the line",
    ("res.partner", "cap_main_type_id"): "from the contact's own types",
}
WITHOUT_ROLE = ("employee", "project_employee", "event_employee", "contact_employee")


@tagged("post_install", "-at_install")
class TestSecurityMatrix(PeopleCommon):
    def get_ours(self):
        return {
            name
            for name, model in self.env.registry.items()
            if name.startswith("cap.") and not model._abstract
        }

    def tell_rights(self, user, records):
        """Return the letters of what ``user`` may do with ``records``."""
        records = records.with_user(user)
        return "".join(
            letter
            for letter, operation in OPERATIONS.items()
            if records.has_access(operation)
        )

    def test_every_model_is_in_the_table(self):
        self.assertEqual(self.get_ours(), set(MATRIX))

    def test_each_kind_of_person(self):
        for kind, user in self.people_by_kind.items():
            role = SAME_AS.get(kind, kind)
            for model, expected in MATRIX.items():
                with self.subTest(model=model, kind=kind):
                    rights = self.tell_rights(user, self.env[model])
                    self.assertEqual(rights, expected[ROLES.index(role)])

    def test_the_public_has_nothing(self):
        public = self.env.ref("base.public_user")
        for model in MATRIX:
            with self.subTest(model=model):
                self.assertEqual(self.tell_rights(public, self.env[model]), "")

    def test_no_html_is_kept_unsanitized(self):
        """HTML that somebody may write would run in the page of who reads it."""
        kept = [
            str(field)
            for model in self.env.registry.values()
            for field in model._fields.values()
            if field.type == "html"
            and (field._module or "").startswith("cap_")
            and (field.store or field.inverse)
            and not field.sanitize
        ]
        self.assertFalse(kept)

    def test_a_person_of_no_group_has_nothing(self):
        """A right given to everybody would open a model to the public."""
        nobody = (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create({"name": "N", "login": "cap_nobody", "group_ids": [(5, 0, 0)]})
        )
        for model in MATRIX:
            with self.subTest(model=model):
                self.assertEqual(self.tell_rights(nobody, self.env[model]), "")

    def test_what_belongs_to_a_structure_is_not_for_strangers(self):
        for model in OF_A_STRUCTURE:
            sample = self.get_sample(model)
            for kind in STRANGERS:
                with self.subTest(model=model, kind=kind):
                    rights = self.tell_rights(self.people_by_kind[kind], sample)
                    self.assertEqual(rights.replace("c", ""), "")

    def test_a_choice_in_progress_is_for_who_makes_it(self):
        """Transient records: their owner, and not even another manager."""
        owner = self.user_manager
        other = self._make_user(
            "cap_manager_two", "base.group_user,cap_evaluation.group_cap_manager"
        )
        for model in sorted(self.get_ours()):
            if not self.env[model]._transient:
                continue
            with self.subTest(model=model), mute_logger("odoo.sql_db"):
                sample = self.make_sample(model)
                self.assertIn("r", self.tell_rights(owner, sample))
                for stranger in (other, self.people_by_kind["manager_elsewhere"]):
                    rights = self.tell_rights(stranger, sample)
                    self.assertEqual(rights.replace("c", ""), "")

    def get_our_fields(self):
        """Yield ``(model, field)`` of what our modules add to Odoo's models."""
        for name, model in self.env.registry.items():
            if name.startswith("cap.") or model._abstract:
                continue
            for field in model._fields.values():
                if any(module.startswith("cap_") for module in field._modules):
                    yield name, field

    def test_every_field_on_odoos_models_is_in_the_table(self):
        ours = {(model, field.name) for model, field in self.get_our_fields()}
        told = {(model, name) for model, names in FIELDS.items() for name in names}
        self.assertEqual(ours, told)

    def test_who_sees_the_fields_on_odoos_models(self):
        for model, names in FIELDS.items():
            for kind in WITHOUT_ROLE:
                records = self.env[model].with_user(self.people_by_kind[kind])
                seen = {
                    name
                    for name, field in records._fields.items()
                    if name in names and records._has_field_access(field, "read")
                }
                for name, readers in names.items():
                    with self.subTest(model=model, field=name, kind=kind):
                        may = readers == "all" or (
                            readers == "event" and kind == "event_employee"
                        )
                        self.assertEqual(name in seen, may)

    def test_no_field_on_odoos_models_is_computed_in_sudo(self):
        elevated = {
            (model, field.name)
            for model, field in self.get_our_fields()
            if field.compute and field.compute_sudo
        }
        self.assertEqual(elevated, set(IN_SUDO))
