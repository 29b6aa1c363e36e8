"""What every test of the network starts from."""

from odoo.addons.cap_evaluation.tests.common import CapCommon

WEIGHTS = {"1.1.1.2": 3.0, "1.2.1.2": 2.0}
# Two structures answer; computed by hand from the levels, on a scale 0 to 3.
#               weight   structure (AI, region A)   other (AI + ACI, region B)
#   1.1.1.1     1        0 ->   0                   2 -> 66.67
#   1.1.1.2     3        3 -> 100                   0 ->  0
#   1.2.1.1     1        not applicable             3 -> 100
#   1.2.1.2     2        1 ->  33.33                nothing
#   2.1.1.1     1        nothing                    0 ->  0
#   2.1.1.2     1        nothing                    3 -> 100
FIRST = {"1.1.1.1": 0, "1.1.1.2": 3, "1.2.1.1": "na", "1.2.1.2": 1}
SECOND = {"1.1.1.1": 2, "1.1.1.2": 0, "1.2.1.1": 3, "2.1.1.1": 0, "2.1.1.2": 3}


class NetworkCommon(CapCommon):
    """Adds an edition whose objectives weigh differently, and groups of structures."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.weighted = cls.make_version(code="TEST_WEIGHTS", publish=False)
        cls.nodes = {node.code: node for node in cls.weighted.objective_ids}
        for code, weight in WEIGHTS.items():
            cls.nodes[code].weight = weight
        cls.weighted.action_publish()

    @classmethod
    def make_pair(cls, on="2026-03-01"):
        """Return the two evaluations of the table above, validated."""
        cls.other_structure.cap_structure_type_ids = cls.type_ai + cls.type_aci
        first = cls.make_evaluation(
            cls.structure,
            FIRST,
            version=cls.weighted,
            pilots=cls.user_pilot.partner_id,
        )
        second = cls.make_evaluation(
            cls.other_structure,
            SECOND,
            version=cls.weighted,
            pilots=cls.user_other_pilot.partner_id,
        )
        return cls.validate(first + second, on)

    @classmethod
    def make_validated(
        cls, count, levels=None, region=None, types=None, on="2026-03-01", **values
    ):
        """Return the validated evaluations of ``count`` new structures, all alike."""
        structures = cls.make_structures(count, region, types, **values)
        evaluations = cls.make_evaluation(structures, levels or {"1.1.1.1": 2})
        return cls.validate(evaluations, on)

    @classmethod
    def get_lines(cls, user=None):
        """Return the network's lines, read by ``user``."""
        lines = cls.env["cap.network.line"]
        return lines.with_user(user) if user else lines
