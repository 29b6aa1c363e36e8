from odoo.tests import HttpCase, tagged

from .common import CapCommon
from .test_workbook_read import cap_tables, to_xlsx


@tagged("post_install", "-at_install")
class TestReferentialImportTour(CapCommon, HttpCase):
    """A manager imports a workbook in a real browser: a wrong one, then a right one."""

    def _serve(self, name, tables):
        self.env["ir.attachment"].create(
            {
                "name": name,
                "url": f"/cap_test/{name}",
                "type": "binary",
                "raw": to_xlsx(tables),
                "public": True,
            }
        )

    def test_import(self):
        right, wrong = cap_tables(), cap_tables()
        wrong["Objectifs"][0][3] = "intitule long"
        self._serve("right.xlsx", right)
        self._serve("wrong.xlsx", wrong)
        self.start_tour(
            "/odoo/action-cap_evaluation.cap_referential_version_action",
            "cap_referential_import",
            login="cap_manager",
        )
        version = self.env["cap.referential.version"].search(
            [("referential_id.code", "=", "CAP")]
        )
        self.assertEqual((version.state, version.objective_count), ("draft", 72))
