"""Every search on what a company holds names its company, or what one company holds.

The code is read, not run: a search that forgets its company works for years in a
database of one, then hands a structure's levels to another federation. Where one is
right without, it stands below with its reason; a reason no longer needed fails too.
"""

import ast
from pathlib import Path

from odoo.tests import BaseCase, tagged

ADDONS = Path(__file__).parent.parent
SEARCHES = frozenset(
    {"search", "search_fetch", "search_count", "search_read", "_read_group"}
)
# Models whose records belong to a company, or to something that does.
OF_A_COMPANY = frozenset(
    {
        "cap.campaign",
        "cap.evaluation",
        "cap.evaluation.line",
        "cap.network.action",
        "cap.network.line",
        "cap.objective",
        "cap.objective.mapping",
        "cap.objective.mapping.waiting",
        "cap.pilot.invitation",
        "cap.referential",
        "cap.referential.version",
        "event.event",
        "event.registration",
        "project.project",
        "project.task",
    }
)
# A search below one of these is in its company.
PINS = frozenset(
    {
        "id",
        "campaign_id",
        "cap_task_id.project_id",
        "cap_line_id.evaluation_id",
        "evaluation_id",
        "event_id",
        "objective_id",
        "objective_id.version_id",
        "project_id",
        "referential_id",
        "source_id",
        "version_id",
        "version_id.referential_id",
    }
)
REASONS = {
    "CapHome._prepare_home_portal_values": "the user's own, in all their companies",
    "CapHome.portal_my_cap": "the user's own, in all their companies",
    "CapCrosswalkTarget._get_crosswalk_wholes": "links, under the reader's own rules",
    "CapCrosswalkTarget._count_crosswalk_links": "links, under the reader's own rules",
    "CapObjectiveMapping._search_review": "links, under the reader's own rules",
    "CapObjectiveMappingWaiting._link": "waits for a référentiel by its code",
    "CapCampaign._cron_move_editions": "the job goes through every campaign",
    "CapPilotInvitation._cron_invite": "the job goes through every invitation",
    "CapPilotInvitation._search_status": "ids alone, narrowed by the reader's rules",
    "CapPilotInvitation.action_send_again": "under the user's own rules",
    "CapReferentialVersion._copy_parts": "below the objectives copied",
    "CapReferentialVersion._get_current_editions": "editions, under the reader's rules",
    "ResPartner._compute_cap_former_evaluation_ids": "under the reader's own rules",
    "ResPartner._compute_cap_evaluation_count": "under the reader's own rules",
    "BasePartnerMergeAutomaticWizard._check_cap_roles": "a role anywhere is handed on",
    "BasePartnerMergeAutomaticWizard._check_open_caps": "the index is met in each",
    "CapNetworkLine._consolidate": "the caller's domain, under the reader's own rules",
    "ProjectProject._cap_remember_plans": "uninstalling writes down every plan",
}


def _read_model(node):
    """Return the model that a class of ours defines or extends, or None."""
    for statement in node.body:
        if isinstance(statement, ast.Assign) and (
            getattr(statement.targets[0], "id", "") in ("_name", "_inherit")
        ):
            value = ast.literal_eval(statement.value)
            return value if isinstance(value, str) else value[0]
    return None


def _find_env_model(text):
    """Return ``x.y`` where ``text`` reads ``env["x.y"]``, else None."""
    before, found, after = text.partition("env['")
    return after.partition("'")[0] if found else None


def _resolve(receiver, function, own):
    """Return the model a search is made on, or None where it cannot be told."""
    text = ast.unparse(receiver)
    if model := _find_env_model(text):
        return model
    name = text.split(".", 1)[0]
    if name == "self":
        return own
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name:
            if model := _find_env_model(ast.unparse(node.value)):
                return model
    return None


def _is_named(call, function):
    """Tell whether a search names its company, or something that has one."""
    text = ast.unparse(call)
    for argument in call.args:
        if isinstance(argument, ast.Name):
            text += "".join(
                ast.unparse(node.value)
                for node in ast.walk(function)
                if isinstance(node, ast.Assign)
                and ast.unparse(node.targets[0]) == argument.id
            )
    return "company" in text or any(f"('{pin}', " in text for pin in PINS)


def find_searches(root):
    """Return ``[(class.method, line, model)]`` of the searches that name no company."""
    found = []
    for path in sorted(root.glob("cap_*/**/*.py")):
        if {"tests", "migrations", "kernel"} & set(path.parts):
            continue
        tree = ast.parse(path.read_text())
        for node in [n for n in ast.walk(tree) if isinstance(n, ast.ClassDef)]:
            own = _read_model(node)
            for function in node.body:
                if isinstance(function, ast.FunctionDef):
                    found += _find_in(function, f"{node.name}.{function.name}", own)
    return found


def _find_in(function, name, own):
    return [
        (name, call.lineno, model)
        for call in ast.walk(function)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in SEARCHES
        and (model := _resolve(call.func.value, function, own)) in OF_A_COMPANY
        and not _is_named(call, function)
    ]


@tagged("post_install", "-at_install")
class TestSearches(BaseCase):
    def test_each_search_names_its_company(self):
        unnamed = find_searches(ADDONS)
        unknown = [entry for entry in unnamed if entry[0] not in REASONS]
        self.assertFalse(unknown, "name the company, or say why not in REASONS")
        met = {name for name, _line, _model in unnamed}
        self.assertEqual(set(REASONS) - met, set(), "no longer met: take them off")

    def test_it_would_be_found(self):
        """The reader sees a search in sudo that forgets its company."""
        tree = ast.parse(
            "class A:\n"
            "    _name = 'cap.evaluation'\n"
            "    def forgets(self, partner):\n"
            "        return self.sudo().search([('partner_id', '=', partner.id)])\n"
            "    def names(self, partner, company):\n"
            "        return self.search([('company_id', '=', company.id)])\n"
        )
        (node,) = tree.body
        found = [
            entry[0]
            for function in node.body[1:]
            for entry in _find_in(function, function.name, "cap.evaluation")
        ]
        self.assertEqual(found, ["forgets"])
