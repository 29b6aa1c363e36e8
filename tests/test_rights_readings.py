"""Both readings of the rights agree: Odoo 19's, and what replaces it in Odoo 20.

Odoo 19 has access lines (a group may do an operation on a model) and record rules: of
those with groups one that matches is enough, and all of those without must. Odoo 20
has one ``ir.access``: with a group, it grants its operations on the records of its
domain; without, it restricts everybody. So a right that comes from one group and is
narrowed by the rule of *another* reads differently in the two. There must be none.
"""

from odoo.tests import tagged

from odoo.addons.cap_evaluation.tests.common import CapCommon

OPERATIONS = ("read", "write", "create", "unlink")
EVERYTHING = "[(1, '=', 1)]"


@tagged("post_install", "-at_install")
class TestBothReadings(CapCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        ours = [
            name
            for name, model in cls.env.registry.items()
            if name.startswith("cap.") and not model._abstract
        ]
        cls.lines = cls.env["ir.model.access"].search([("model_id.model", "in", ours)])
        cls.rules = cls.env["ir.rule"].search([("model_id.model", "in", ours)])
        cls.models = sorted(ours)

    def _get_personas(self):
        return {
            "manager": self.user_manager,
            "animator": self.user_animator,
            "employee": self.user_employee,
            "portal": self.user_pilot,
            "public": self.env.ref("base.public_user"),
            "administrator": self.env.ref("base.user_admin"),
        }

    def _get_lines(self, model, operation, groups):
        return self.lines.filtered(
            lambda line: (
                line.model_id.model == model
                and line[f"perm_{operation}"]
                and line.group_id in groups
            )
        )

    def _get_rules(self, model, operation):
        return self.rules.filtered(
            lambda rule: rule.model_id.model == model and rule[f"perm_{operation}"]
        )

    def _read_as_19(self, model, operation, groups):
        """Return the domains of which one is enough; none: refused."""
        if not self._get_lines(model, operation, groups):
            return set()
        rules = self._get_rules(model, operation).filtered(
            lambda rule: rule.groups & groups
        )
        return {rule.domain_force for rule in rules} or {EVERYTHING}

    def _read_as_20(self, model, operation, groups):
        """Return the same once each right carries its own domain."""
        granted = set()
        rules = self._get_rules(model, operation)
        for line in self._get_lines(model, operation, groups):
            own = rules.filtered(lambda r, g=line.group_id: g in r.groups)
            granted |= {rule.domain_force for rule in own} or {EVERYTHING}
        return granted

    def test_each_rule_has_one_group_or_none(self):
        ours = self.env["ir.model.data"].search(
            [("model", "=", "ir.rule"), ("module", "=like", "cap\\_%")]
        )
        rules = self.env["ir.rule"].browse(ours.mapped("res_id"))
        self.assertFalse(rules.filtered(lambda r: len(r.groups) > 1).mapped("name"))

    def test_a_rule_of_a_group_narrows_the_right_of_that_group(self):
        """Else nobody could tell, in Odoo 20, what it grants."""
        for rule in self.rules.filtered("groups"):
            for operation in OPERATIONS:
                if not rule[f"perm_{operation}"]:
                    continue
                lines = self.lines.filtered(
                    lambda line, r=rule: line.model_id == r.model_id
                )
                given = lines.filtered(f"perm_{operation}").group_id
                narrows = given & rule.groups or not given & (
                    rule.groups.all_implied_ids
                )
                with self.subTest(rule=rule.name, operation=operation):
                    self.assertTrue(narrows)

    def test_the_two_readings_agree(self):
        for name, user in self._get_personas().items():
            groups = user.all_group_ids
            for model in self.models:
                for operation in OPERATIONS:
                    now = self._read_as_19(model, operation, groups)
                    then = self._read_as_20(model, operation, groups)
                    for domains in (now, then):
                        if EVERYTHING in domains:
                            domains.intersection_update({EVERYTHING})
                    with self.subTest(who=name, model=model, operation=operation):
                        self.assertEqual(now, then)

    def test_our_rules_on_odoo_models_grant_no_more(self):
        """In Odoo 20 a rule with a group grants its operations by itself.

        So ours name no operation that Odoo's access lines keep from that group today.
        """
        ours = self.env["ir.model.data"].search(
            [("model", "=", "ir.rule"), ("module", "=like", "cap\\_%")]
        )
        rules = self.env["ir.rule"].browse(ours.mapped("res_id")) - self.rules
        self.assertTrue(rules)
        for rule in rules.filtered("groups"):
            lines = self.env["ir.model.access"].search(
                [("model_id", "=", rule.model_id.id)]
            )
            for operation in OPERATIONS:
                given = lines.filtered(f"perm_{operation}").group_id
                with self.subTest(rule=rule.name, operation=operation):
                    if rule[f"perm_{operation}"]:
                        self.assertTrue(given & rule.groups.all_implied_ids)

    def test_rules_come_with_each_update(self):
        """A rule that is not updated would keep an old hole open for ever."""
        kept = self.env["ir.model.data"].search(
            [
                ("module", "=like", "cap\\_%"),
                ("model", "in", ("ir.rule", "ir.model.access", "res.groups")),
                ("noupdate", "=", True),
            ]
        )
        self.assertFalse(kept.mapped("complete_name"))
