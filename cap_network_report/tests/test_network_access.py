import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import NetworkCommon

MODELS = ("cap.network.line", "cap.network.action")


class AccessCommon(NetworkCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first, cls.second = cls.make_pair()
        for evaluation in cls.first + cls.second:
            plan = cls.env["project.project"].create(
                {"name": "Plan", "cap_partner_id": evaluation.partner_id.id}
            )
            cls.env["project.task"].create(
                {
                    "name": "Action",
                    "project_id": plan.id,
                    "cap_line_id": evaluation.line_ids[0].id,
                }
            )


@tagged("post_install", "-at_install")
class TestNetworkAccess(AccessCommon):
    """Who reads what, by name."""

    def get_structures(self, model, user):
        """Return the structures that ``user`` finds among the two of the table."""
        pair = (self.first + self.second).partner_id
        found = self.env[model].with_user(user).search([("partner_id", "in", pair.ids)])
        return found.sudo().partner_id

    def test_manager_reads_all_regions(self):
        for model in MODELS:
            self.assertEqual(
                self.get_structures(model, self.user_manager),
                self.structure + self.other_structure,
            )

    def test_animator_reads_own_regions(self):
        for model in MODELS:
            self.assertEqual(
                self.get_structures(model, self.user_animator), self.structure
            )
            self.assertEqual(
                self.get_structures(model, self.user_other_animator),
                self.other_structure,
            )

    def test_animator_cannot_read_another_region_by_id(self):
        hidden = self.get_lines().search([("evaluation_id", "=", self.second.id)])
        with self.assertRaises(AccessError):
            hidden.with_user(self.user_animator).read(["score"])

    def test_animator_aggregates_own_regions_only(self):
        rows = self.get_lines(self.user_animator)._consolidate(
            [("version_id", "=", self.weighted.id)], ["region_id"]
        )
        self.assertEqual([row["region_id"] for row in rows], [self.region_a])

    def test_animator_without_region_reads_nothing(self):
        self.region_a.animator_ids = False
        for model in MODELS:
            self.assertFalse(self.get_structures(model, self.user_animator))

    def test_nobody_else(self):
        for user in (
            self.user_employee,
            self.user_pilot,
            self.user_other_pilot,
            self.user_portal,
        ):
            for model in (*MODELS, "cap.network.workbook"):
                with self.subTest(user=user.login, model=model):
                    with self.assertRaises(AccessError):
                        self.env[model].with_user(user).search([])

    def test_other_company(self):
        """Lines follow the company of their evaluation, for managers too."""
        company = self.env["res.company"].create({"name": "Another network"})
        evaluation = self.make_evaluation(
            self.make_structures(1, self.region_a),
            {"1.1.1.1": 1},
            company_id=company.id,
        )
        self.validate(evaluation)
        domain = [("evaluation_id", "=", evaluation.id)]
        for user in (self.user_manager, self.user_animator):
            self.assertFalse(self.get_lines(user).search_count(domain))
        self.user_manager.company_ids += company
        lines = self.get_lines(self.user_manager).with_context(
            allowed_company_ids=company.ids
        )
        self.assertTrue(lines.search_count(domain))

    def test_nothing_is_written(self):
        line = self.get_lines(self.user_manager).search([], limit=1)
        with self.assertRaises(AccessError):
            line.write({"score": 100})
        with self.assertRaises(AccessError):
            line.unlink()

    def test_workbook_of_someone_else(self):
        workbook = (
            self.env["cap.network.workbook"]
            .with_user(self.user_manager)
            .create({"version_id": self.weighted.id, "year": "2026"})
        )
        with self.assertRaises(AccessError):
            workbook.with_user(self.user_animator).read(["year"])


@tagged("post_install", "-at_install")
class TestNetworkRpc(AccessCommon, HttpCase):
    """The same by RPC, as anyone with a login can try."""

    def call(self, login, model, method, *args, **kwargs):
        """Return what /web/dataset/call_kw answers: a result, or an error's name."""
        self.authenticate(login, login)
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps(
                {
                    "jsonrpc": "2.0",
                    "params": {
                        "model": model,
                        "method": method,
                        "args": args,
                        "kwargs": kwargs,
                    },
                }
            ),
            headers={"Content-Type": "application/json"},
        ).json()
        if "error" in answer:
            return answer["error"]["data"]["name"]
        return answer["result"]

    @mute_logger("odoo.http")
    def test_lines(self):
        domain = [["version_id", "=", self.weighted.id]]
        refused = "odoo.exceptions.AccessError"
        for login, expected in (
            ("cap_manager", 12),
            ("cap_animator", 6),
            ("cap_other_animator", 6),
            ("cap_employee", refused),
            ("cap_pilot", refused),
            ("cap_portal", refused),
        ):
            with self.subTest(login=login):
                result = self.call(login, "cap.network.line", "search_count", domain)
                self.assertEqual(result, expected)

    @mute_logger("odoo.http")
    def test_position(self):
        refused = "odoo.exceptions.AccessError"
        cohort = {"region": self.region_a.id, "year": 2026}
        for login in ("cap_manager", "cap_animator"):
            with self.subTest(login=login):
                result = self.call(
                    login, "cap.position", "get_position", self.nodes["1"].id, cohort
                )
                self.assertFalse(result["shown"])
        for login in ("cap_employee", "cap_pilot", "cap_portal"):
            with self.subTest(login=login):
                result = self.call(
                    login, "cap.position", "get_position", self.nodes["1"].id, cohort
                )
                self.assertEqual(result, refused)

    @mute_logger("odoo.http")
    def test_inner_methods_are_closed(self):
        for method in ("_get_positions", "_get_shares", "_get_lines", "_read_scores"):
            result = self.call("cap_manager", "cap.position", method)
            self.assertIsInstance(result, str, method)

    def test_workbook_over_http(self):
        self.authenticate("cap_animator", "cap_animator")
        workbook = (
            self.env["cap.network.workbook"]
            .with_user(self.user_animator)
            .create({"version_id": self.weighted.id, "year": "2026"})
        )
        url = f"/cap/network/workbook/{workbook.id}"
        answer = self.url_open(url)
        self.assertEqual(answer.status_code, 200)
        self.assertTrue(answer.content.startswith(b"PK"))
        self.assertEqual(int(answer.headers["Content-Length"]), len(answer.content))
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.authenticate("cap_manager", "cap_manager")
        self.assertEqual(self.url_open(url).status_code, 404)
        self.authenticate("cap_pilot", "cap_pilot")
        self.assertEqual(self.url_open(url).status_code, 404)
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(url).url)
