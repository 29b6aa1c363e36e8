from odoo.tests import tagged, warmup

from odoo.addons.cap_evaluation.tests.common import TREE

from .common import NetworkCommon


@tagged("post_install", "-at_install")
class TestPerformance(NetworkCommon):
    """The number of queries does not grow with the network."""

    def test_consolidation_is_one_query(self):
        lines = self.get_lines(self.user_manager)
        lines._consolidate([])  # rules and groups in cache

        def consolidate():
            rows = lines._consolidate([("is_current", "=", True)])
            self.assertTrue(rows)

        self.make_validated(3)
        self.assertEqual(self.count_queries(consolidate), 1)
        self.make_validated(30)
        self.assertEqual(self.count_queries(consolidate), 1)

    def test_positions_of_a_page(self):
        positions = self.env["cap.position"].with_user(self.user_pilot).sudo()
        evaluation = self.make_evaluation(
            self.structure, {"1.1.1.1": 1}, pilots=self.user_pilot.partner_id
        )
        nodes = self.version.objective_ids.filtered(
            lambda node: node.kind in ("theme", "subtheme")
        )

        def ask():
            positions.get_positions(
                [nodes.browse(), *nodes], {"year": 2025}, evaluation
            )

        levels = dict.fromkeys(TREE, 1)
        self.make_validated(10, levels, on="2025-03-01")
        ask()  # access rights known, as on a server
        few = self.count_queries(ask)
        self.make_validated(40, levels, on="2025-03-01")
        self.assertEqual(self.count_queries(ask), few)
        self.assertLessEqual(few, 12)

    @warmup
    def test_workbook_reads_by_batches(self):
        """Fifty evaluations more cost a few queries more, whatever their lines."""

        def read():
            workbook = self.env["cap.network.workbook"].create(
                {"version_id": self.version.id, "year": "2026"}
            )
            return sum(
                1
                for sheet in workbook._get_builder().get_sheets()
                for _row in sheet.rows
            )

        self.make_validated(10)
        few = self.count_queries(read)
        self.make_validated(80)
        self.assertLessEqual(self.count_queries(read), few + 6)
