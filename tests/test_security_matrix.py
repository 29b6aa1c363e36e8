"""Which kind of person may do what with each of our models, whatever the record.

A model that is not in the table fails the run: whoever adds one decides who reads it.
Which *records* each person meets is tested in the modules, beside their rules.
"""

from odoo.fields import Command
from odoo.tests import tagged

from odoo.addons.cap_evaluation.tests.common import CapCommon

OPERATIONS = {"r": "read", "w": "write", "c": "create", "d": "unlink"}
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


@tagged("post_install", "-at_install")
class TestSecurityMatrix(CapCommon):
    def _rights(self, user, model):
        records = self.env[model].with_user(user)
        return "".join(
            letter
            for letter, operation in OPERATIONS.items()
            if records.has_access(operation)
        )

    def test_every_model_is_in_the_table(self):
        ours = {
            name
            for name, model in self.env.registry.items()
            if name.startswith("cap.") and not model._abstract
        }
        self.assertEqual(ours, set(MATRIX))

    def test_each_kind_of_person(self):
        people = (
            self.user_manager,
            self.user_animator,
            self.user_employee,
            self.user_pilot,
        )
        for model, expected in MATRIX.items():
            with self.subTest(model=model):
                rights = tuple(self._rights(user, model) for user in people)
                self.assertEqual(rights, expected)

    def test_the_public_has_nothing(self):
        public = self.env.ref("base.public_user")
        for model in MATRIX:
            with self.subTest(model=model):
                self.assertEqual(self._rights(public, model), "")

    def test_a_person_of_no_group_has_nothing(self):
        """A right given to everybody would open a model to the public."""
        nobody = (
            self.env["res.users"]
            .with_context(no_reset_password=True)
            .create(
                {
                    "name": "Nobody",
                    "login": "cap_nobody",
                    "group_ids": [Command.clear()],
                }
            )
        )
        for model in MATRIX:
            with self.subTest(model=model):
                self.assertEqual(self._rights(nobody, model), "")
