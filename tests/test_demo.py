"""The demo network: whole, dated from today, the same each time, made once."""

import datetime as dt
import hashlib

from odoo.tests import TransactionCase, tagged

from data import names
from data.demo_campaigns import seasons
from data.demo_network import make
from data.demo_people import read_passwords

DAY = dt.date(2026, 11, 21)
SIZE = 6


def make_small(env, **values):
    return make(
        env, **{"size": SIZE, "today": DAY, "tell": lambda text: None, **values}
    )


def describe(env):
    """Return what the network holds, as one key that ids and clocks do not change."""
    evaluations = env["cap.evaluation"].search([], order="id")
    found = [
        (
            evaluation.partner_id.name,
            evaluation.partner_id.child_ids.sorted("id").mapped("name"),
            evaluation.state,
            str(evaluation.validated_on),
            [
                (
                    line.level_id.value,
                    line.na_reason,
                    line.comment,
                    line.progress_comment,
                )
                for line in evaluation.line_ids.sorted("id")
            ],
        )
        for evaluation in evaluations
    ]
    tasks = env["project.task"].search([("cap_line_id", "!=", False)], order="id")
    found += [(task.name, str(task.date_deadline), task.state) for task in tasks]
    return hashlib.sha256(repr(found).encode()).hexdigest()


@tagged("post_install", "-at_install")
class TestDemo(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first = cls._describe_and_forget()
        make_small(cls.env)
        users = cls.env["res.users"].search([("login", "in", list(read_passwords()))])
        cls.users = {user.login: user for user in users}
        cls.campaigns = cls.env["cap.campaign"].search([], order="date_start")

    @classmethod
    def _describe_and_forget(cls):
        """Make the demo a first time, in a savepoint."""
        cls.env.cr.execute("SAVEPOINT demo")
        make_small(cls.env)
        described = describe(cls.env)
        cls.env.flush_all()
        cls.env.cr.execute("ROLLBACK TO SAVEPOINT demo")
        cls.env.invalidate_all()
        cls.env.registry.clear_all_caches()
        return described

    def _evaluations_of(self, login):
        partner = self.users[login].partner_id.parent_id
        return self.env["cap.evaluation"].search(
            [("partner_id", "=", partner.id)], order="id"
        )

    def test_same_each_time(self):
        self.assertEqual(describe(self.env), self.first)

    def test_made_once(self):
        told = []
        self.assertFalse(make_small(self.env, tell=told.append))
        self.assertIn("already here", told[0])
        self.assertEqual(self.env["cap.campaign"].search_count([]), 3)
        structures = [("cap_region_id", "!=", False)]
        self.assertEqual(self.env["res.partner"].search_count(structures), SIZE)

    def test_nothing_happened_in_the_future(self):
        validated = self.env["cap.evaluation"].search([("state", "=", "validated")])
        self.assertGreaterEqual(len(validated), 5)
        for evaluation in validated:
            self.assertLessEqual(evaluation.validated_on.date(), DAY)
            self.assertEqual(evaluation.year, evaluation.validated_on.year)
            self.assertGreaterEqual(evaluation.validated_on, evaluation.create_date)
        self.assertEqual(set(validated.mapped("year")), {2024, 2025, 2026})
        done = self.env["project.task"].search([("state", "=", "1_done")])
        self.assertTrue(done)
        self.assertTrue(all(task.write_date.date() <= DAY for task in done))

    def test_campaigns(self):
        self.assertEqual(self.campaigns.mapped("state"), ["closed", "closed", "open"])
        past = self.campaigns[:2].evaluation_ids
        self.assertLessEqual(set(past.mapped("state")), {"validated", "cancelled"})

    def test_everyone_can_log_in(self):
        self.assertEqual(set(self.users), set(read_passwords()))
        for login, password in read_passwords().items():
            credential = {"login": login, "password": password, "type": "password"}
            answer = self.env["res.users"].authenticate(
                credential, {"interactive": False}
            )
            self.assertEqual(answer["uid"], self.users[login].id)

    def test_what_each_pilot_has(self):
        whole = self._evaluations_of("pilote")
        self.assertEqual(whole.mapped("state"), ["validated"] * 3)
        self.assertEqual([round(e.score) for e in whole][-1], 58)
        self.assertEqual(whole.mapped("line_count"), [72] * 3)
        plan = whole.project_id
        self.assertEqual(len(plan), 1)
        statuses = plan.with_context(active_test=False).task_ids.mapped("cap_status")
        self.assertIn("done", statuses)
        self.assertIn("todo", statuses)
        half = self._evaluations_of("mi-parcours")[-1]
        self.assertEqual(half.state, "consensus")
        self.assertTrue(0 < half.scored_count < half.applicable_count)
        (begin,) = self._evaluations_of("debut")
        self.assertEqual((begin.state, begin.scored_count), ("draft", 0))
        self.assertFalse(self._evaluations_of("portail"))

    def test_trainings(self):
        sessions = self.env["event.event"].search([("cap_offer_id", "!=", False)])
        past = sessions.filtered(lambda s: s.date_end.date() < DAY)
        self.assertTrue(past and sessions - past)
        self.assertEqual(set(past.registration_ids.mapped("state")), {"done"})
        self.assertFalse(sessions.event_mail_ids)
        for session in sessions:
            self.assertLessEqual(session.seats_taken, session.seats_max)
        self.assertFalse(self.env["mail.mail"].search([]))

    def test_seasons_on_any_day(self):
        for offset in range(0, 366, 5):
            today = DAY + dt.timedelta(days=offset)
            *past, now = seasons(today)
            self.assertEqual([now.year - s.year for s in past], [2, 1])
            self.assertTrue(all(season.end < today for season in past), today)
            self.assertTrue(
                now.start < now.first <= now.last <= today <= now.end, today
            )
            for season in (*past, now):
                self.assertEqual(season.first.year, season.last.year)

    def test_names(self):
        towns = [town for region in names.REGIONS for town in names.places(region)]
        self.assertEqual(len(set(towns)), 80)
        self.assertEqual(sum(count for _types, count in names.TYPES), 80)
        for region, (_code, count, _towns) in names.REGIONS.items():
            self.assertEqual(len(names.places(region)), count)
