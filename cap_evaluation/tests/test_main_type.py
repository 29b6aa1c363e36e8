from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.modules.module import get_module_path
from odoo.tests import Form, tagged
from odoo.tools.misc import file_path

from .common import CapCommon


@tagged("post_install", "-at_install")
class TestMainType(CapCommon):
    """The one type under which the network counts a structure."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.type_etti = cls.env.ref("cap_evaluation.structure_type_etti")
        cls.both = cls.type_etti + cls.type_ai

    def test_first_in_the_order_of_types(self):
        (structure,) = self.make_structures(1, types=self.both)
        self.assertEqual(structure.cap_main_type_id, self.type_ai)
        self.type_ai.sequence = 99
        (other,) = self.make_structures(1, types=self.both)
        self.assertEqual(other.cap_main_type_id, self.type_etti)
        self.assertEqual(structure.cap_main_type_id, self.type_ai)  # stays

    def test_a_choice_stays_while_it_is_carried(self):
        (structure,) = self.make_structures(1, types=self.both)
        structure.cap_main_type_id = self.type_etti
        structure.cap_structure_type_ids += self.type_aci
        self.assertEqual(structure.cap_main_type_id, self.type_etti)
        structure.cap_structure_type_ids -= self.type_etti
        self.assertEqual(structure.cap_main_type_id, self.type_ai)
        structure.cap_structure_type_ids = False
        self.assertFalse(structure.cap_main_type_id)

    def test_one_of_its_own_types(self):
        (structure,) = self.make_structures(1, types=self.both)
        with self.assertRaises(ValidationError) as refusal:
            structure.cap_main_type_id = self.type_aci
        self.assertIn("add this type to it first", str(refusal.exception))

    def test_on_the_form(self):
        self.user_animator.group_ids += self.env.ref("base.group_partner_manager")
        partners = self.env["res.partner"].with_user(self.user_animator)
        with Form(partners.with_context(default_is_company=True)) as form:
            form.name = "New one"
            form.cap_structure_type_ids = self.both
            self.assertEqual(form.cap_main_type_id, self.type_ai)
            form.cap_main_type_id = self.type_etti
        self.assertEqual(form.record.cap_main_type_id, self.type_etti)

    def test_copied_at_validation_then_frozen(self):
        self.structure.cap_structure_type_ids = self.both
        self.structure.cap_main_type_id = self.type_etti
        evaluation = self.make_evaluation(levels={"1.1.1.1": 1})
        self.assertFalse(evaluation.main_type_id)
        evaluation.action_validate()
        self.structure.cap_main_type_id = self.type_ai
        self.assertEqual(evaluation.main_type_id, self.type_etti)
        with self.assertRaises(UserError):
            evaluation.main_type_id = self.type_ai

    def test_migration_takes_the_first_in_the_order_of_types(self):
        """Twice, with the same result; what was chosen since is left alone."""
        self.structure.cap_structure_type_ids = [Command.set(self.both.ids)]
        old, chosen, without = (
            self.make_evaluation(structure, {"1.1.1.1": 1}, state="validated")
            for structure in (
                self.structure,
                self.other_structure,
                self.make_structures(1),
            )
        )
        opened = self.make_evaluation(self.make_structures(1, types=self.type_ai))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cap_evaluation SET main_type_id = %s WHERE id IN %s",
            (None, (old.id, without.id)),
        )
        for _time in range(2):
            self.migrate()
            self.assertEqual(old.main_type_id, self.type_ai)
            self.assertEqual(chosen.main_type_id, self.type_aci)
            self.assertFalse(without.main_type_id)
            self.assertFalse(opened.main_type_id)

    def migrate(self):
        """Run this module's migration as an update does."""
        from odoo.modules.migration import load_script

        path = file_path(
            f"{get_module_path('cap_evaluation')}/migrations/19.0.2.0.0/post-migration.py"
        )
        load_script(path, "post_migration").migrate(self.env.cr, "19.0.1.0.0")
        self.env.invalidate_all()
