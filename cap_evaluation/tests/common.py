"""What every test of the CAP starts from, in the modules that depend on it too."""

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user

LEVELS = (
    (0, "Not engaged yet", "#e7dfd6"),
    (1, "Begun", "#f0b64c"),
    (2, "In place", "#1f7a6c"),
    (3, "Mastered and improved", "#22366f"),
)
TREE = {
    "1": ("theme", "Identity"),
    "1.1": ("subtheme", "Values"),
    "1.1.1": ("general", "Governance"),
    "1.1.1.1": ("operational", "Decisions are known to all"),
    "1.1.1.2": ("operational", "Everyone takes part"),
    "1.2": ("subtheme", "Project"),
    "1.2.1": ("general", "A living project"),
    "1.2.1.1": ("operational", "The project is written"),
    "1.2.1.2": ("operational", "The project is reviewed"),
    "2": ("theme", "Services"),
    "2.1": ("subtheme", "To people"),
    "2.1.1": ("general", "A good welcome"),
    "2.1.1.1": ("operational", "Procedures are explicit"),
    "2.1.1.2": ("operational", "Each person is assessed"),
}


class CapCommon(TransactionCase):
    """A small référentiel, two structures in two regions, one user per kind of person.

    Passwords are the logins.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        cls.version = cls.make_version()
        cls.scale = cls.version.scale_id
        cls.objectives = {o.code: o for o in cls.version.objective_ids}
        cls.type_ai = cls.env.ref("cap_evaluation.structure_type_ai")
        cls.type_aci = cls.env.ref("cap_evaluation.structure_type_aci")
        cls._make_people()

    @classmethod
    def _make_people(cls):
        cls.region_a, cls.region_b = cls.env["cap.region"].create(
            [{"code": "TA", "name": "Region A"}, {"code": "TB", "name": "Region B"}]
        )
        cls.structure = cls.make_structures(1, cls.region_a, cls.type_ai)
        cls.structure.name = "Atelier des Tests"
        cls.other_structure = cls.make_structures(1, cls.region_b, cls.type_aci)
        cls.other_structure.name = "Relais des Essais"
        manager, animator = (
            "base.group_user,cap_evaluation.group_cap_manager",
            "base.group_user,cap_evaluation.group_cap_animator",
        )
        cls.user_manager = cls._make_user("cap_manager", manager)
        cls.user_animator = cls._make_user("cap_animator", animator)
        cls.user_other_animator = cls._make_user("cap_other_animator", animator)
        cls.user_employee = cls._make_user("cap_employee", "base.group_user")
        cls.user_pilot = cls._make_user("cap_pilot", "base.group_portal")
        cls.user_other_pilot = cls._make_user("cap_other_pilot", "base.group_portal")
        cls.user_portal = cls._make_user("cap_portal", "base.group_portal")
        cls.region_a.animator_ids = cls.user_animator
        cls.region_b.animator_ids = cls.user_other_animator
        for user, structure in (
            (cls.user_pilot, cls.structure),
            (cls.user_other_pilot, cls.other_structure),
        ):
            user.partner_id.write({"parent_id": structure.id, "cap_is_pilot": True})

    @classmethod
    def _make_user(cls, login, groups):
        return new_test_user(cls.env, login, groups, password=login, lang="en_US")

    @classmethod
    def make_scale(cls, code="TEST", levels=LEVELS):
        """Return a scale with these (value, name, colour) levels."""
        return cls.env["cap.scale"].create(
            {
                "code": code,
                "name": code,
                "level_ids": [
                    Command.create({"value": value, "name": name, "color": color})
                    for value, name, color in levels
                ],
            }
        )

    @classmethod
    def make_version(
        cls, code="TEST", name="2026", tree=None, publish=True, scale=None
    ):
        """Return an edition holding ``tree``: ``{code: (kind, name)}``."""
        referential = cls.env["cap.referential"].search([("code", "=", code)])
        if not referential:
            referential = referential.create({"code": code, "name": code})
        version = cls.env["cap.referential.version"].create(
            {
                "referential_id": referential.id,
                "name": name,
                "lang": "en_US",
                "scale_id": (scale or cls._get_scale(code)).id,
            }
        )
        made = {}
        for rank, (node, (kind, title)) in enumerate((tree or TREE).items(), 1):
            parent = made.get(node.rpartition(".")[0])
            made[node] = cls.env["cap.objective"].create(
                {
                    "version_id": version.id,
                    "parent_id": parent.id if parent else False,
                    "sequence": rank,
                    "kind": kind,
                    "code": node,
                    "name": title,
                }
            )
        if publish:
            version.action_publish()
        return version

    @classmethod
    def _get_scale(cls, code):
        scale = cls.env["cap.scale"].search([("code", "=", code)])
        return scale or cls.make_scale(code)

    @classmethod
    def make_structures(cls, count, region=None, types=None, **values):
        """Return ``count`` structures of a region, of these types."""
        return cls.env["res.partner"].create(
            [
                {
                    "name": f"Structure {number}",
                    "is_company": True,
                    "cap_region_id": region.id if region else False,
                    "cap_structure_type_ids": [Command.set(types.ids if types else [])],
                    **values,
                }
                for number in range(1, count + 1)
            ]
        )

    @classmethod
    def make_evaluation(
        cls, partner=None, levels=None, state="consensus", pilots=None, **values
    ):
        """Return an evaluation with its lines filled in.

        :param dict levels: ``{objective code: level value, or "na"}``
        """
        partner = partner or cls.structure
        version = values.pop("version", None) or cls.version
        evaluation = cls.env["cap.evaluation"]._open_for_structures(
            partner, version, values
        )
        if pilots is not None:
            evaluation.pilot_ids = pilots
        if state != "draft":
            evaluation.action_start()
            evaluation.state = "consensus" if state == "validated" else state
        cls.set_levels(evaluation, levels or {})
        if state == "validated":
            evaluation.action_validate()
        return evaluation

    @classmethod
    def set_levels(cls, evaluation, levels):
        """Write ``{objective code: level value, or "na"}`` on the lines."""
        by_value = {
            level.value: level for level in evaluation.version_id.scale_id.level_ids
        }
        for line in evaluation.line_ids:
            value = levels.get(line.objective_id.code)
            if value == "na":
                line.na_reason = "Not our trade"
            elif value is not None:
                line.level_id = by_value[value]

    @classmethod
    def validate(cls, evaluation, on="2026-03-01"):
        """Validate ``evaluation`` as if it were the day ``on``; return it."""
        with freeze_time(on):
            evaluation.action_validate()
        return evaluation

    def count_queries(self, work, cold=True):
        """Return how many SQL queries ``work()`` sends, what is flushed after included.

        :param bool cold: whether records are read anew; rules and access rights stay
            known, as on a server that has answered before
        """
        self.env.flush_all()
        if cold:
            self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    @classmethod
    def get_line(cls, evaluation, code):
        """Return the line of ``evaluation`` on the objective ``code``."""
        return evaluation.line_ids.filtered(lambda ln: ln.objective_id.code == code)
