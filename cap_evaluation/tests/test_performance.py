"""Volume: what must not grow with the number of lines."""

from odoo.tests import tagged

from .common import CapCommon


@tagged("post_install", "-at_install")
class TestPerformance(CapCommon):
    def _open_campaign(self, size):
        campaign = self.env["cap.campaign"].create(
            {
                "name": f"{size} structures",
                "version_id": self.version.id,
                "partner_ids": self.make_structures(size, self.region_a),
            }
        )
        return self.count_queries(campaign.action_open)

    def test_opening_costs_at_most_one_and_a_half_query_a_structure(self):
        """Measured: 0.13 a structure with these 6 lines each."""
        self._open_campaign(5)
        small, large = self._open_campaign(50), self._open_campaign(250)
        self.assertLessEqual((large - small) / 200, 1.5)

    def test_saving_costs_the_same_whatever_the_evaluation(self):
        """Measured: 9 queries with the user's own, for 6 lines as for 72."""
        evaluation = self.make_evaluation()
        tree = {
            "1": ("theme", "T"),
            "1.1": ("subtheme", "S"),
            "1.1.1": ("general", "G"),
        }
        tree |= {f"1.1.1.{n}": ("operational", f"Objective {n}") for n in range(1, 73)}
        large = self.make_evaluation(version=self.make_version("BIG", tree=tree))
        counts = []
        for subject in (evaluation, evaluation, large, large):
            line = subject.line_ids[0 if not counts else 1]
            line = line.with_user(self.user_pilot)
            values = {"level": len(counts) % 4, "comment": str(len(counts))}
            base = {"level": line.level_id.value if line.level_id else None}
            base["comment"] = line.comment or ""
            counts.append(
                self.count_queries(lambda a=line, v=values, b=base: a.save_answer(v, b))
            )
        self.assertLessEqual(counts[1], 9)
        self.assertEqual(counts[1], counts[3])
