"""One structure, two companies that follow it: neither ever meets the other's.

Both take the shared référentiel with the same structure. Each has its manager and its
pilot, whose accounts know one company only; the whole journey goes once in each, step
beside step, so that any search that forgets its company takes the other's.
"""

import datetime as dt

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.http import request
from odoo.tests import HttpCase, new_test_user, tagged

from odoo.addons.cap_progress_plan.kernel.person import Person
from odoo.addons.cap_progress_plan.tests.common import PlanCommon

MANAGER = "base.group_user,cap_evaluation.group_cap_manager"


class Side:
    """What one company has of the structure: its people, its CAPs, its plan."""

    def __init__(self, company, manager, pilot, level):
        self.company = company
        self.manager = manager
        self.pilot = pilot
        self.level = level


@tagged("post_install", "-at_install")
class TestCompanies(PlanCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        here = cls.env.company
        there = cls.env["res.company"].create({"name": "Elsewhere"})
        for code in ("CAP", "OTHER"):
            assert not cls.env["cap.referential"].search_count([("code", "=", code)])
        cls.version.referential_id.code = "CAP"
        pilot = cls._make_account("cap_pilot_there", "base.group_portal", there)
        pilot.partner_id.write({"parent_id": cls.structure.id, "cap_is_pilot": True})
        cls.sides = (
            Side(here, cls.user_manager, cls.user_pilot, 3),
            Side(
                there, cls._make_account("cap_manager_there", MANAGER, there), pilot, 1
            ),
        )
        cls.here, cls.there = cls.sides

    @classmethod
    def _make_account(cls, login, groups, company):
        return new_test_user(
            cls.env,
            login,
            groups,
            password=login,
            company_id=company.id,
            company_ids=[Command.set(company.ids)],
        )

    def _each(self):
        """Go through both sides, as sub-tests: ``(side, the other one)``."""
        for side, other in ((self.here, self.there), (self.there, self.here)):
            with self.subTest(company=side.company.name):
                yield side, other

    def _post(self, side, url, **data):
        self.authenticate(side.pilot.login, side.pilot.login)
        return self.url_open(
            url, data={"csrf_token": self._get_token(), **data}, allow_redirects=False
        )

    def _get_token(self):
        page = self.url_open("/my/cap").text
        return page.split('name="csrf_token" value="', 1)[1].split('"', 1)[0]

    def _evaluations(self, side, user=None):
        return self.env["cap.evaluation"].with_user(user or side.manager).search([])

    def test_journey(self):
        self.start()
        self.answer_and_validate()
        self.carry_on()
        self.plan()
        self.book()
        self.invite()
        self.report()

    # ------------------------------------------------------------------ start

    def start(self):
        """A CAP open in one company is not what the other one's pilot starts."""
        for side, _other in self._each():
            answer = self._post(side, "/my/cap/start")
            side.first = self._evaluations(side, side.pilot)
            self.assertEqual(len(side.first), 1)
            self.assertIn(f"/my/cap/{side.first.id}", answer.headers["Location"])
            side.first = side.first.sudo()
            self.assertEqual(side.first.company_id, side.company)
            self.assertIn(side.pilot.partner_id, side.first.pilot_ids)
        for side, other in self._each():
            self.assertNotIn(other.first.id, self._evaluations(side).ids)
            self._meet_nothing(side, other.first)

    def _meet_nothing(self, side, evaluation):
        """Whoever is of ``side`` neither reads, writes, nor reaches that evaluation."""
        for user in (side.manager, side.pilot):
            record = evaluation.with_user(user)
            for work in (
                lambda record=record: record.read(["state"]),
                lambda record=record: record.get_scores("all"),
                lambda record=record: record.action_start_next(),
                lambda record=record: record.action_generate_plan(),
                lambda record=record: record.line_ids[:1].save_answer({"level": 1}),
            ):
                with self.assertRaises(AccessError):
                    work()
        self.authenticate(side.pilot.login, side.pilot.login)
        for page in ("", "/results", "/plan", "/position", "/finish"):
            url = f"/my/cap/{evaluation.id}{page}"
            self.assertEqual(self.url_open(url).status_code, 404, url)

    # ----------------------------------------------------- answer and validate

    def answer_and_validate(self):
        for side, _other in self._each():
            line = self.get_line(side.first, "1.1.1.1").with_user(side.pilot)
            saved = line.save_answer(
                {"level": side.level, "comment": f"Said in {side.company.name}"}
            )
            self.assertEqual(saved["status"], "saved")
            self.ask(side.first, **{"1.1.1.1": f"Act in {side.company.name}"})
            with freeze_time("2026-03-01"):
                side.first.with_user(side.manager).action_validate()
            self.assertEqual(side.first.state, "validated")

    # --------------------------------------------------------------- carry on

    def carry_on(self):
        """The next CAP is of the same company, and remembers its own levels."""
        for side, other in self._each():
            self._post(side, f"/my/cap/{side.first.id}/next")
            side.next = side.first.next_ids
            self.assertEqual(side.next.company_id, side.company)
            self.assertEqual(side.next.previous_id, side.first)
            line = self.get_line(side.next, "1.1.1.1")
            self.assertEqual(line.previous_level_id.value, side.level)
            self.authenticate(side.pilot.login, side.pilot.login)
            page = self.url_open(f"/my/cap/{side.next.id}/{line.id}").text
            self.assertIn(f"Said in {side.company.name}", page)
            self.assertNotIn(f"Said in {other.company.name}", page)
        self.assertEqual(len(self.structure.cap_evaluation_ids), 4)

    def test_whoever_is_of_both_carries_on_where_the_cap_is(self):
        """The next CAP was once made in the company where the user stood."""
        manager = self.here.manager
        manager.company_ids |= self.there.company
        evaluation = self.make_evaluation(
            levels={"1.1.1.1": 2},
            state="validated",
            company_id=self.there.company.id,
        )
        both = (self.here.company | self.there.company).ids
        asked = evaluation.with_user(manager).with_context(allowed_company_ids=both)
        self.assertEqual(asked.env.company, self.here.company)
        self.assertEqual(asked.action_start_next().company_id, self.there.company)

    # ------------------------------------------------------------------- plan

    def plan(self):
        for side, _other in self._each():
            side.plan = side.first.with_user(side.pilot).action_generate_plan().sudo()
            self.assertEqual(side.plan.company_id, side.company)
            side.action = side.plan.task_ids
            self.assertIn(side.company.name, side.action.name)
        self.assertNotEqual(self.here.plan, self.there.plan)
        for side, other in self._each():
            tasks = self.env["project.task"].with_user(side.manager).search([])
            self.assertNotIn(other.action.id, tasks.ids)
            self.authenticate(side.pilot.login, side.pilot.login)
            page = self.url_open(f"/my/cap/{side.first.id}/plan").text
            self.assertIn(f"Act in {side.company.name}", page)
            self.assertNotIn(f"Act in {other.company.name}", page)
            foreign = f"/my/cap/{side.first.id}/plan/{other.action.id}"
            self.assertEqual(self.url_open(foreign).status_code, 404)

    # ------------------------------------------------------------------- book

    def book(self):
        for side, _other in self._each():
            side.session = self.make_session(company_id=side.company.id)
        people = [Person("Somebody", "somebody@test.example")]
        for side, other in self._each():
            evaluation = side.first.with_user(side.pilot)
            with self.assertRaises(AccessError):
                other.action.with_user(side.pilot)._cap_elevate(evaluation)
            action_sudo = side.action.with_user(side.pilot)._cap_elevate(evaluation)
            for session in (other.session, side.session):
                self.assertEqual(
                    session in action_sudo.cap_session_ids, session == side.session
                )
            with self.assertRaises(UserError):
                action_sudo._cap_book_seats(other.session.sudo(), people)
            booked, _kept = action_sudo._cap_book_seats(side.session.sudo(), people)
            self.assertEqual(booked.event_id, side.session)
            self.assertEqual(booked.company_id, side.company)
        self.assertEqual(
            self.here.session.registration_ids.filtered("cap_task_id").cap_task_id,
            self.here.action,
        )

    # ----------------------------------------------------------------- invite

    def invite(self):
        """Whose account is in the other company could open nothing: it is told."""
        for side, other in self._each():
            invitation = (
                self.env["cap.pilot.invitation"]
                .with_user(side.manager)
                .create(
                    {
                        "structure_id": self.structure.id,
                        "contact_id": other.pilot.partner_id.id,
                    }
                )
            ).sudo()
            self.assertEqual(invitation.company_id, side.company)
            invitation._handle()
            self.assertEqual(invitation.state, "refused")
            self.assertIn(side.company.name, invitation.reason)
            self.assertNotIn(other.pilot.partner_id, side.next.pilot_ids)
            line = (
                self.env["cap.pilot.invite"]
                .with_user(side.manager)
                .create(
                    {
                        "line_ids": [
                            Command.create(
                                {
                                    "structure_id": self.structure.id,
                                    "contact_id": other.pilot.partner_id.id,
                                }
                            )
                        ]
                    }
                )
                .line_ids
            )
            self.assertEqual(line.status, "elsewhere")
            self.assertIn(side.company.name, line.advice)
            side.next.pilot_ids |= other.pilot.partner_id
            self.assertEqual(
                side.next.with_user(side.manager).shut_out_pilot_ids,
                other.pilot.partner_id,
            )
            invitations = self.env["cap.pilot.invitation"].with_user(other.manager)
            self.assertNotIn(invitation.id, invitations.search([]).ids)

    # ----------------------------------------------------------------- report

    def report(self):
        self.env.flush_all()
        for side, other in self._each():
            lines = self.env["cap.network.line"].with_user(side.manager).search([])
            self.assertEqual(lines.evaluation_id.ids, side.first.ids)
            actions = self.env["cap.network.action"].with_user(side.manager).search([])
            self.assertEqual(actions.mapped("company_id"), side.company)
            positions = self.env["cap.position"].with_user(side.manager)
            position = positions.get_position(
                objective=self.objectives["1.1.1.1"].id,
                cohort={"year": 2026},
                evaluation=side.first.id,
            )
            self.assertEqual(position["own"]["scored"], 1)
            foreign = positions.get_position(
                objective=self.objectives["1.1.1.1"].id,
                cohort={"year": 2026},
                evaluation=other.first.id,
            )
            self.assertIsNone(foreign["own"])

    # ----------------------------------------------------- what a user of both sees

    def test_whoever_is_of_both_sees_both_and_which(self):
        """With a website too, where a request knows the site's company only."""
        site = self.here.company
        http = self.env.registry["ir.http"]
        dispatch = http._pre_dispatch

        def _pre_dispatch(cls, rule, args):
            dispatch.__func__(cls, rule, args)
            request.update_context(allowed_company_ids=site.ids)

        self.patch(http, "_pre_dispatch", classmethod(_pre_dispatch))
        pilot = self.here.pilot
        pilot.company_ids |= self.there.company
        for side in self.sides:
            self.make_evaluation(pilots=pilot.partner_id, company_id=side.company.id)
        self.authenticate(pilot.login, pilot.login)
        page = self.url_open("/my/cap").text
        for side in self.sides:
            self.assertIn(side.company.name, page)
        count = self.make_jsonrpc_request("/my/counters", {"counters": ["cap_count"]})
        self.assertEqual(count["cap_count"], 2)

    # ------------------------------------------------------------ what is shared

    def test_what_all_share_is_changed_by_the_main_company(self):
        """A manager of another company takes nothing away from the network."""
        manager = self.there.manager
        draft = self.version.action_new_edition()
        term = self.env["cap.glossary.term"].create(
            {"name": "ETP", "definition": "Full time", "lang": "en_US"}
        )
        clause = self.env["cap.clause"].create(
            {"standard": "ISO 1", "code": "1", "title": "One"}
        )
        shared = {
            self.version.referential_id: {"company_id": self.there.company.id},
            self.version: {"name": "Mine"},
            draft: {"name": "Mine"},
            draft.objective_ids[0]: {"guidance": "Mine"},
            self.region_a: {"animator_ids": [Command.set(manager.ids)]},
            self.type_ai: {"name": "Mine"},
            self.scale: {"name": "Mine"},
            self.scale.level_ids[0]: {"meaning": "Mine"},
            self.training: {"name": "Mine"},
            self.model: {"name": "Mine"},
            term: {"definition": "Mine"},
            clause: {"title": "Mine"},
        }
        for record, values in shared.items():
            with self.subTest(model=record._name):
                theirs = record.with_user(manager)
                self.assertTrue(theirs.has_access("read"))
                for operation in ("write", "unlink"):
                    self.assertFalse(theirs.has_access(operation))
                with self.assertRaises(UserError):
                    theirs.write(values)
                self.assertTrue(record.with_user(self.here.manager).has_access("write"))
        for name in ("action_retire", "action_new_edition"):
            with self.subTest(action=name), self.assertRaises(AccessError):
                getattr(self.version.with_user(manager), name)()
        with self.assertRaises(AccessError) as refusal:
            self.env["cap.region"].with_user(manager).create({"code": "X", "name": "X"})
        self.assertIn("serves all companies", str(refusal.exception))

    def test_a_company_keeps_its_own_referential(self):
        """All of it: tree, wordings, questions, links; read and written there only."""
        manager = self.there.manager
        own = self.env["cap.referential"].with_user(manager)
        with self.assertRaises(AccessError):
            own.create({"code": "OWN", "name": "Own"})
        own = own.create(
            {"code": "OWN", "name": "Own", "company_id": self.there.company.id}
        )
        draft = self.make_version(code="OWN", name="1", publish=False)
        mine = draft.with_user(manager)
        objective = mine.objective_ids.filtered(lambda o: o.kind == "operational")[0]
        objective.guidance = "Ours"
        parts = {
            "cap.objective.indicator": {"name": "Figure"},
            "cap.objective.question": {"college": "benevole", "question": "So?"},
            "cap.objective.descriptor": {
                "level_id": mine.scale_id.level_ids[0].id,
                "description": "None",
            },
        }
        made = [objective] + [
            self.env[model]
            .with_user(manager)
            .create({"objective_id": objective.id, **values})
            for model, values in parts.items()
        ]
        made.append(
            self.env["cap.objective.mapping"]
            .with_user(manager)
            .create(
                {
                    "source_id": objective.id,
                    "target_id": self.objectives["1.1.1.1"].id,
                }
            )
        )
        made[3].unlink()  # one level worded alone cannot be published
        made.pop(3)
        mine.action_publish()
        foreign = self.here.manager
        for record in (*made, mine, mine.referential_id):
            with self.subTest(model=record._name):
                for operation in ("read", "write"):
                    self.assertFalse(record.with_user(foreign).has_access(operation))
        with self.assertRaises(UserError):
            self.make_evaluation(version=draft)
        with self.assertRaises(AccessError):
            own.company_id = False

    def test_correcting_a_wording_tells_none_of_the_other_company(self):
        """Naming an objective on the form of a correction is not reading it."""
        version = self.make_version(code="OURS", publish=False)
        version.referential_id.company_id = self.env.ref("base.main_company")
        theme = version.objective_ids[:1]
        corrections = self.env["cap.edition.correction"].with_user(self.there.manager)
        asked = {"objective_id": theme.id, "reason": "Typo"}
        spec = {"wording": {}, "wording_before": {}}
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            corrections.onchange(asked, ["objective_id"], spec)
        made = corrections.create({**asked, "wording": "Guessed"})
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            made.read(["wording_before"])

    def test_ones_own_cap_goes_before_the_shared_one(self):
        versions = self.env["cap.referential.version"]
        self.env["cap.referential"].create(
            {
                "code": "CAP",
                "name": "CAP there",
                "company_id": self.there.company.id,
            }
        )
        theirs = self.env["cap.referential"].search(
            [("company_id", "=", self.there.company.id)]
        )
        edition = self.version.copy({"referential_id": theirs.id, "name": "9"})
        edition.write(
            {
                "state": "published",
                "published_on": fields.Date.today() - dt.timedelta(9),
            }
        )
        for side, expected in ((self.here, self.version), (self.there, edition)):
            found = versions._get_latest_published("CAP", side.company)
            self.assertEqual(found, expected)
