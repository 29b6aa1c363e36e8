"""Every route of ours with every kind of person: who gets in, and nobody else.

A route that is not in the table fails the run: whoever adds one decides who gets in.
People who do not get one answer, whether what they ask for exists or not, and what
they send writes nothing.
"""

import json
import re
import threading

from odoo import http
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .people import PeopleCommon

OWN = {"pilot", "facilitator", "animator", "manager"}
EVERYBODY = (
    OWN
    | {"other_pilot", "other_animator", "manager_elsewhere", "portal"}
    | {
        "employee",
        "project_employee",
        "event_employee",
        "contact_employee",
    }
)
CONCLUDING = {"pilot", "animator", "manager"}
# route: who gets in. What they may then do is tested beside each page.
ROUTES = {
    "/my/cap": EVERYBODY,
    "/my/cap/page/<page>": EVERYBODY,
    "/my/cap/start": {"pilot", "other_pilot"},
    "/my/cap/<evaluation_id>": OWN,
    "/my/cap/<evaluation_id>/<line_id>": OWN,
    "/my/cap/<evaluation_id>/save": OWN,
    "/my/cap/<evaluation_id>/line/<line_id>": OWN,
    "/my/cap/<evaluation_id>/line/<line_id>/model": OWN,
    "/my/cap/<evaluation_id>/results": OWN,
    "/my/cap/<evaluation_id>/pdf": OWN,
    "/my/cap/<evaluation_id>/finish": OWN,
    "/my/cap/<evaluation_id>/validate": CONCLUDING,
    "/my/cap/<evaluation_id>/next": CONCLUDING,
    "/my/cap/<evaluation_id>/position": OWN,
    "/my/cap/<evaluation_id>/plan": OWN,
    "/my/cap/<evaluation_id>/plan/create": OWN,
    "/my/cap/<evaluation_id>/plan/new": OWN,
    "/my/cap/<evaluation_id>/plan/<task_id>": OWN,
    "/my/cap/<evaluation_id>/plan/<task_id>/book/<offer_id>": OWN,
    "/my/cap/<evaluation_id>/plan/<task_id>/booked/<session_id>": OWN,
    "/my/cap/<evaluation_id>/plan/<task_id>/booked/<session_id>/cancel": OWN,
    "/my/cap/<evaluation_id>/cancel": CONCLUDING,
    "/cap/preview/<objective_id>": EVERYBODY,
    "/cap/network/workbook/<workbook_id>": {"manager"},
}
# Asked of the CAP that is validated: the open one has nothing to go on with.
OF_THE_PAST = {"/my/cap/<evaluation_id>/next"}
# Leads back to the plan: the action is theirs, and has no such training (any more).
LEADS_BACK = {("/my/cap/<evaluation_id>/plan/<task_id>/book/<offer_id>", "offer_id")}
QUIET = ("odoo.http", "odoo.addons.base.models.ir_rule", "odoo.addons.base.models")


def get_our_rules(env):
    """Return ``{route: werkzeug rule}`` of what our controllers serve."""
    threading.current_thread().dbname = env.cr.dbname  # as Odoo does for a request
    return {
        re.sub(r"<\w+:", "<", rule.rule): rule
        for rule in env["ir.http"].routing_map().iter_rules()
        if rule.endpoint.original_endpoint.__module__.startswith("odoo.addons.cap_")
    }


@tagged("post_install", "-at_install")
class TestRoutes(PeopleCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.make_version(code="CAP")  # what pilots start
        cls.workbook = (
            cls.env["cap.network.workbook"].with_user(cls.user_manager).create({})
        )
        cls.ids = {
            "evaluation_id": cls.evaluation.id,
            "line_id": cls.line.id,
            "task_id": cls.task.id,
            "offer_id": cls.training.id,
            "session_id": cls.training_session.id,
            "objective_id": cls.objectives["1.1.1.1"].id,
            "workbook_id": cls.workbook.id,
            "page": 1,
        }

    def get_url(self, route, **ids):
        values = {**self.ids, **ids}
        if route in OF_THE_PAST:
            values["evaluation_id"] = self.past.id
        return re.sub(r"<(\w+)>", lambda found: str(values[found[1]]), route)

    def request_one(self, route, rule, method, **ids):
        """Return ``"in"``, ``"refused"``, or ``"login"``: how the route answers."""
        url = self.get_url(route, **ids)
        if rule.endpoint.routing["type"] == "jsonrpc":
            params = {"line_id": ids.get("line_id", self.line.id), "values": {}}
            body = json.dumps({"jsonrpc": "2.0", "params": params})
            headers = {"Content-Type": "application/json"}
            answer = self.url_open(url, data=body, headers=headers)
            return "in" if answer.ok and "error" not in answer.json() else "refused"
        data = (
            {"csrf_token": http.Request.csrf_token(self)} if method == "POST" else None
        )
        answer = self.url_open(url, data=data, allow_redirects=False, timeout=60)
        if answer.status_code in (301, 302, 303):
            return "login" if "/web/login" in answer.headers["Location"] else "in"
        self.assertLess(answer.status_code, 500, url)
        return "in" if answer.status_code < 400 else "refused"

    def get_methods(self, rule):
        return sorted({"GET", "POST"} & set(rule.methods or ("GET",)))

    def get_written(self):
        """Return what a refused request must leave as it was."""
        self.env.flush_all()
        tables = ("cap_evaluation", "cap_evaluation_line", "project_task")
        tables += ("event_registration", "mail_message", "project_project")
        return [
            self.env.cr.execute(f"SELECT COUNT(*), MAX(write_date) FROM {table}")
            or self.env.cr.fetchone()
            for table in tables
        ]

    def test_every_route_is_in_the_table(self):
        self.assertEqual(set(get_our_rules(self.env)), set(ROUTES))

    def test_who_gets_in(self):
        for kind, user in self.people_by_kind.items():
            self.authenticate(user.login, user.login)
            for route, rule in get_our_rules(self.env).items():
                for method in self.get_methods(rule):
                    with self.subTest(kind=kind, route=route, method=method):
                        self._check_one(kind, route, rule, method)

    def _check_one(self, kind, route, rule, method):
        expected = "in" if kind in ROUTES[route] else "refused"
        self.env.cr.execute("SAVEPOINT one_request")
        before = self.get_written()
        with mute_logger(*QUIET), self.assertNoLogs("odoo", "ERROR"):
            self.assertEqual(self.request_one(route, rule, method), expected)
        if expected == "refused":
            self.assertEqual(self.get_written(), before)
        self.env.invalidate_all()
        self.env.cr.execute("ROLLBACK TO SAVEPOINT one_request")

    def test_a_visitor_is_asked_to_sign_in(self):
        self.authenticate(None, None)
        open_to_all = "/my/cap/<evaluation_id>/line/<line_id>"
        for route, rule in get_our_rules(self.env).items():
            for method in self.get_methods(rule):
                with self.subTest(route=route, method=method), mute_logger(*QUIET):
                    before = self.get_written()
                    answer = self.request_one(route, rule, method)
                    # It gives back what was typed before the session ended.
                    self.assertIn(
                        answer,
                        {"login", "refused"}
                        | ({"in"} if route == open_to_all else set()),
                    )
                    self.assertEqual(self.get_written(), before)

    def test_what_does_not_exist_answers_like_what_is_not_theirs(self):
        self.authenticate("cap_pilot", "cap_pilot")
        for route, rule in get_our_rules(self.env).items():
            for name in re.findall(r"<(\w+)>", route):
                if name == "page" or (route, name) in LEADS_BACK:
                    continue
                for method in self.get_methods(rule):
                    for wrong in (0, 2**31 - 1, 2**40):
                        with self.subTest(route=route, name=name, wrong=wrong):
                            with mute_logger(*QUIET):
                                ids = {name: wrong}
                                if route in OF_THE_PAST:
                                    continue
                                answer = self.request_one(route, rule, method, **ids)
                                self.assertEqual(answer, "refused")

    def test_asking_for_the_options_writes_nothing(self):
        self.authenticate("cap_pilot", "cap_pilot")
        for route in get_our_rules(self.env):
            with self.subTest(route=route):
                before = self.get_written()
                self.opener.options(self.base_url() + self.get_url(route))
                self.assertEqual(self.get_written(), before)
