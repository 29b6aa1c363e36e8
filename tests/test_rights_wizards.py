"""A transient record belongs to who made it: every wizard of ours, owner and stranger.

The table is the registry: a new wizard without its rule fails here. What a wizard
needs to exist is made from its own required fields.
"""

import base64

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.cap_evaluation.tests.common import CapCommon

STAFF = "base.group_user,cap_evaluation.group_cap_manager"


@tagged("post_install", "-at_install")
class TestWizardOwners(CapCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.stranger = new_test_user(
            cls.env, "cap_stranger", STAFF, password="cap_stranger"
        )
        cls.evaluation = cls.make_evaluation()

    def setUp(self):
        super().setUp()
        self.made = {}

    def _get_wizards(self):
        return sorted(
            name
            for name, model in self.env.registry.items()
            if name.startswith("cap.") and model._transient and not model._abstract
        )

    def _get_value(self, field):
        """Return a value for a required field of a wizard."""
        if field.type == "many2one":
            if field.comodel_name in self._get_wizards():
                return self._make(field.comodel_name).id
            known = {
                "cap.evaluation": self.evaluation,
                "res.partner": self.structure,
                "cap.referential.version": self.version,
            }
            model = self.env[field.comodel_name]
            found = known.get(field.comodel_name) or model.search([], limit=1)
            return (found or model.create({"name": "Made for a test"})).id
        if field.type == "selection":
            return field.get_values(self.env)[0]
        if field.type in ("integer", "float", "many2one_reference"):
            return 1
        return base64.b64encode(b"x") if field.type == "binary" else "x"

    def _make(self, name):
        """Return a record of the wizard ``name``, made by the manager."""
        if name not in self.made:
            model = self.env[name].with_user(self.user_manager)
            default = model.default_get(list(model._fields))
            self.made[name] = model.create(
                {
                    n: self._get_value(field)
                    for n, field in model._fields.items()
                    if field.required and field.store and not default.get(n)
                }
            )
        return self.made[name]

    def test_owner_and_stranger(self):
        wizards = self._get_wizards()
        self.assertGreater(len(wizards), 10)
        for name in wizards:
            wizard = self._make(name)
            self.env.flush_all()
            own, other = (
                wizard.with_user(self.user_manager),
                wizard.with_user(self.stranger),
            )
            with self.subTest(wizard=name):
                for operation in ("read", "write", "unlink"):
                    self.assertTrue(own.has_access(operation))
                    self.assertFalse(other.has_access(operation))
                with self.assertRaises(AccessError):
                    other.read(["create_date"])
                self.assertNotIn(wizard.id, other.search([]).ids)

    def test_files_are_the_owners(self):
        """Another manager cannot download what somebody imported or exported."""
        files = [
            (name, field.name)
            for name in self._get_wizards()
            for field in self.env[name]._fields.values()
            if field.type == "binary" and field.store
        ]
        self.assertTrue(files)
        for name, field in files:
            wizard = self._make(name)
            wizard.write({field: base64.b64encode(b"what one company holds")})
            self.env.flush_all()
            url = f"/web/content/{name}/{wizard.id}/{field}"
            with self.subTest(url=url):
                self.authenticate("cap_manager", "cap_manager")
                self.assertEqual(self.url_open(url).content, b"what one company holds")
                self.authenticate("cap_stranger", "cap_stranger")
                self.assertEqual(self.url_open(url).status_code, 404)
                attachment = (
                    self.env["ir.attachment"]
                    .sudo()
                    .search(
                        [
                            ("res_model", "=", name),
                            ("res_id", "=", wizard.id),
                            ("res_field", "=", field),
                        ]
                    )
                )
                if attachment:
                    url = f"/web/content/{attachment.id}"
                    self.assertEqual(self.url_open(url).status_code, 404)

    def test_nobody_hangs_lines_on_a_wizard_of_another(self):
        """A line made on somebody else's wizard would be written with their rights."""
        for name in self._get_wizards():
            lines = self.env[name].with_user(self.stranger)
            for field in lines._fields.values():
                if field.type == "many2one" and field.comodel_name in (
                    self._get_wizards()
                ):
                    parent = self._make(field.comodel_name)
                    one2many = [
                        f.name
                        for f in parent._fields.values()
                        if f.type == "one2many" and f.comodel_name == name
                    ]
                    for inverse in one2many:
                        with self.subTest(wizard=name, parent=parent._name):
                            with self.assertRaises(AccessError):
                                parent.with_user(self.stranger).write(
                                    {inverse: [Command.clear()]}
                                )
