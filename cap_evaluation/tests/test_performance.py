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
        """At most 7 queries, counts and the user's own rights included."""
        tree = {
            "1": ("theme", "T"),
            "1.1": ("subtheme", "S"),
            "1.1.1": ("general", "G"),
        }
        tree |= {f"1.1.1.{n}": ("operational", f"Objective {n}") for n in range(1, 73)}
        large = self.make_evaluation(version=self.make_version("BIG", tree=tree))
        counts = [
            self._count_save(evaluation.line_ids[1].with_user(self.user_pilot))
            for evaluation in (self.make_evaluation(), large)
        ]
        self.assertEqual(counts[0], counts[1], "the size of the evaluation is free")
        self.assertLessEqual(counts[0], 7)

    def _count_save(self, line):
        line.save_answer({"level": 1}, {})
        values = {"level": 2, "comment": "Changed", "progress_comment": "Write it"}
        return self.count_queries(lambda: line.save_answer(values, {"level": 1}))
