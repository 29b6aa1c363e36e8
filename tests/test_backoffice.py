"""What holds for the back office of the three modules, read from the database."""

import re
from pathlib import Path

from lxml import etree

from odoo.tests import TransactionCase, tagged

from odoo.addons.cap_evaluation.tools.context import KEYS

ADDONS = ("cap_evaluation", "cap_progress_plan", "cap_network_report")
ROOT = Path(__file__).parents[1]
OUR_KEY = re.compile(r"\b(?:cap_[a-z_]+|show_edition)\b")
CONTEXT = re.compile(r"context\.get\(\s*\"([a-z_]+)\"|depends_context\(([^)]*)\)")


@tagged("post_install", "-at_install")
class TestBackOffice(TransactionCase):
    def _get_views(self):
        data = self.env["ir.model.data"].search(
            [("module", "in", ADDONS), ("model", "=", "ir.ui.view")]
        )
        views = self.env["ir.ui.view"].browse(data.mapped("res_id"))
        return views.filtered(lambda view: view.model in self.env)

    def _walk(self, node, model):
        """Yield ``(field node, field)`` of a view, those of its lists too."""
        for child in node:
            if not isinstance(child.tag, str):
                continue
            field = child.tag == "field" and model._fields.get(child.get("name"))
            if field:
                yield child, field
            holds = field and len(child) and field.comodel_name
            inner = self.env[holds] if holds else model
            yield from self._walk(child, inner)

    def test_a_moment_is_never_shown_as_a_date(self):
        """The widget "date" reads a day: given a moment, it may show the day before."""
        wrong = [
            f"{view.xml_id or view.name}: {node.get('name')}"
            for view in self._get_views()
            for node, field in self._walk(
                etree.fromstring(view.arch), self.env[view.model]
            )
            if node.get("widget") == "date" and field.type == "datetime"
        ]
        self.assertFalse(wrong)

    def test_what_publishing_freezes_is_read_only_on_the_form(self):
        """Nothing looks editable whose change would be refused on saving."""
        view = self.env.ref("cap_evaluation.cap_objective_view_form")
        objectives = self.env["cap.objective"]
        shown = {}
        for node, field in self._walk(etree.fromstring(view.arch), objectives):
            if field.model_name == objectives._name:
                shown.setdefault(node.get("name"), node)  # the form's, not its lists'
        frozen = objectives._edition_frozen_fields | {"descriptor_ids"}
        free = [
            name
            for name in sorted(frozen & shown.keys())
            if not (shown[name].get("readonly") or objectives._fields[name].readonly)
        ]
        self.assertFalse(free)

    def test_context_keys_are_listed(self):
        """Each key of ours is in ``tools/context.py``, and none there is idle."""
        read = set()
        for addon in ADDONS:
            for path in (ROOT / addon).rglob("*.py"):
                if path.name == "context.py" or "tests" in path.parts:
                    continue
                for single, several in CONTEXT.findall(path.read_text()):
                    read |= set(OUR_KEY.findall(f"{single} {several}"))
        self.assertEqual(read, set(KEYS))
