from lxml import etree

from odoo.tests import tagged
from odoo.tools.safe_eval import safe_eval

from .common import NetworkCommon

ACTIONS = ("cap_network_line_action", "cap_network_action_action")


@tagged("post_install", "-at_install")
class TestNetworkViews(NetworkCommon):
    """What the backend offers, and to whom."""

    def get_action(self, name):
        return self.env.ref(f"cap_network_report.{name}")

    def test_menus_by_role(self):
        reporting = self.env.ref("cap_network_report.menu_cap_reporting")
        menus = reporting + reporting.child_id
        self.assertEqual(len(menus), 4)
        for user, seen in (
            (self.user_manager, True),
            (self.user_animator, True),
            (self.user_employee, False),
        ):
            visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
            for menu in menus:
                self.assertEqual(menu.id in visible, seen, (user.login, menu.name))

    def test_opens_on_current_evaluations(self):
        """The report never counts a structure twice by accident."""
        context = safe_eval(self.get_action("cap_network_line_action").context)
        self.assertEqual(context, {"search_default_current": 1})
        view = self.env["cap.network.line"].get_view(
            self.env.ref("cap_network_report.cap_network_line_view_search").id, "search"
        )
        self.assertIn("[('is_current', '=', True)]", view["arch"])

    def test_every_filter_and_grouping_runs(self):
        """Each filter's domain searches, each grouping groups, for an animator."""
        self.make_pair()
        for model, name in (
            ("cap.network.line", "cap_network_line_view_search"),
            ("cap.network.action", "cap_network_action_view_search"),
        ):
            records = self.env[model].with_user(self.user_animator)
            view = self.env.ref(f"cap_network_report.{name}")
            arch = records.get_view(view.id, "search")["arch"]
            for node in self.parse(arch):
                with self.subTest(model=model, filter=node.get("name")):
                    if node.get("domain"):
                        records.search_count(safe_eval(node.get("domain")))
                    if node.get("context"):
                        grouping = safe_eval(node.get("context"))["group_by"]
                        records.formatted_read_group([], [grouping], ["__count"])

    def parse(self, arch):
        """Return the filters of a search view."""
        return etree.fromstring(arch).iter("filter")

    def test_views_load_for_animators(self):
        for name in ACTIONS:
            action = self.get_action(name)
            records = self.env[action.res_model].with_user(self.user_animator)
            modes = action.view_mode.split(",")
            loaded = records.get_views([(False, mode) for mode in modes])
            self.assertEqual(set(loaded["views"]), set(modes))
            self.assertTrue(action.help)

    def test_measures_offered(self):
        """Plain sums of percents would be nonsense: they are not offered."""
        described = self.get_lines().fields_get(
            ["score", "coverage", "year", "weight", "level_value", "structure_count"],
            ["aggregator"],
        )
        self.assertEqual(
            {name: values.get("aggregator") for name, values in described.items()},
            {
                "score": "avg",
                "coverage": "avg",
                "year": None,
                "weight": None,
                "level_value": None,
                "structure_count": "count_distinct",
            },
        )

    def test_blank_score_is_not_exported_as_zero(self):
        """Odoo's own export writes 0 for an empty number: the level is there for it."""
        described = self.get_lines().fields_get(["score", "level_id"], ["exportable"])
        self.assertFalse(described["score"]["exportable"])
        self.assertTrue(described["level_id"]["exportable"])

    def test_structures_are_counted_once_by_group(self):
        self.make_pair()
        (total,) = self.get_lines().formatted_read_group(
            [("version_id", "=", self.weighted.id)],
            [],
            ["structure_count:count_distinct", "__count"],
        )
        self.assertEqual(
            (total["structure_count:count_distinct"], total["__count"]), (2, 12)
        )
