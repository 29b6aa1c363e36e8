"""What only shows with two real transactions, so with data that is committed.

Everything made here is taken away by hand at the end.
"""

import datetime as dt
import threading
from contextlib import ExitStack, closing
from unittest.mock import patch

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.modules.registry import DummyRLock, Registry
from odoo.service.model import retrying
from odoo.sql_db import db_connect
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from odoo.addons.cap_evaluation.tests.common import CapCommon

from ..kernel.person import Person

CODE = "CONCURRENT"
THREADS = 8
# Children first: what a committed test made, by what tells it.
CLEANING = [
    (
        "event_registration",
        "event_id IN (SELECT e.id FROM event_event e JOIN cap_offer o"
        " ON o.id = e.cap_offer_id WHERE o.code = %s)",
    ),
    ("event_event", "cap_offer_id IN (SELECT id FROM cap_offer WHERE code = %s)"),
    (
        "project_task",
        "project_id IN (SELECT p.id FROM project_project p JOIN res_partner s"
        " ON s.id = p.cap_partner_id WHERE s.name = %s)",
    ),
    (
        "cap_evaluation",
        "partner_id IN (SELECT id FROM res_partner WHERE name = %s)",
    ),
    (
        "project_project",
        "cap_partner_id IN (SELECT id FROM res_partner WHERE name = %s)",
    ),
    (
        "cap_objective",
        "version_id IN (SELECT v.id FROM cap_referential_version v"
        " JOIN cap_referential r ON r.id = v.referential_id WHERE r.code = %s)",
    ),
    (
        "cap_referential_version",
        "referential_id IN (SELECT id FROM cap_referential WHERE code = %s)",
    ),
    ("cap_referential", "code = %s"),
    ("cap_scale", "code = %s"),
    ("cap_offer", "code = %s"),
    ("res_partner", "name = %s"),
]


@tagged("-at_install", "post_install")
class TestConcurrency(BaseCase):
    """Two clicks, two bookings, at the same moment."""

    make_version = CapCommon.__dict__["make_version"]
    make_scale = CapCommon.__dict__["make_scale"]
    _get_scale = CapCommon.__dict__["_get_scale"]

    def setUp(self):
        super().setUp()
        self.addCleanup(self.clean)
        self.clean()
        with closing(self.open_cursor()) as cr:
            type(self).env = self.get_env(cr)
            self.build()
            cr.commit()  # pylint: disable=invalid-commit
        # With an environment, ``assertRaises`` would set savepoints in its cursor.
        del type(self).env

    def open_cursor(self):
        cr = db_connect(get_db_name()).cursor()
        # Rather an error than a test that waits for ever.
        cr.execute("SET lock_timeout = '20s'")
        cr.commit()  # pylint: disable=invalid-commit
        return cr

    def get_env(self, cr):
        return api.Environment(cr, SUPERUSER_ID, {})

    def build(self):
        """Commit an evaluation that asks for two actions, and a session of one seat."""
        version = self.make_version(code=CODE)
        offer = self.env["cap.offer"].create({"code": CODE, "name": CODE})
        version.objective_ids.offer_ids = [Command.set(offer.ids)]
        partner = self.env["res.partner"].create({"name": CODE, "is_company": True})
        evaluation = self.env["cap.evaluation"]._open_for_structures(partner, version)
        evaluation.line_ids[:2].write({"progress_action": "yes"})
        begin = fields.Datetime.now() + dt.timedelta(days=9)
        session = self.env["event.event"].create(
            {
                "name": CODE,
                "cap_offer_id": offer.id,
                "date_begin": begin,
                "date_end": begin + dt.timedelta(hours=7),
                "seats_limited": True,
                "seats_max": 1,
            }
        )
        self.evaluation_id, self.session_id = evaluation.id, session.id

    def clean(self):
        with closing(self.open_cursor()) as cr:
            for table, condition in CLEANING:
                cr.execute(f"DELETE FROM {table} WHERE {condition}", [CODE])  # noqa: S608
            cr.commit()  # pylint: disable=invalid-commit

    def get_seats(self):
        with closing(self.open_cursor()) as cr:
            cr.execute(
                "SELECT name FROM event_registration WHERE event_id = %s AND active"
                " AND state IN ('open', 'done')",
                [self.session_id],
            )
            return [name for (name,) in cr.fetchall()]

    def take_seat(self, cr, name):
        session = self.get_env(cr)["event.event"].browse(self.session_id)
        return session._cap_take_seats([Person(name)])

    def test_a_snapshot_older_than_the_winners_commit(self):
        with closing(self.open_cursor()) as late, closing(self.open_cursor()) as winner:
            late.execute("SELECT count(*) FROM event_registration")
            self.take_seat(winner, "Winner")
            winner.commit()
            with (
                self.assertRaises(SerializationFailure),
                self.assertNoLogs("odoo.sql_db"),
            ):
                self.take_seat(late, "Late")
            late.rollback()
            with self.assertRaisesRegex(UserError, "is full"):
                self.take_seat(late, "Late")
            late.rollback()
        self.assertEqual(self.get_seats(), ["Winner"])

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_many_at_once_for_the_last_seat(self):
        barrier = threading.Barrier(THREADS)
        outcomes = []

        def book(env, number):
            env.cr.execute("SELECT count(*) FROM event_registration")
            barrier.wait(timeout=30)
            try:
                retrying(lambda: self.take_seat(env.cr, f"Person {number}"), env)
                outcomes.append("seat")
            except UserError:
                env.cr.rollback()
                outcomes.append("full")

        with patch("odoo.service.model.random.uniform", return_value=0.02):
            self.run_threads(book)
        self.assertEqual(sorted(outcomes), ["full"] * (THREADS - 1) + ["seat"])
        self.assertEqual(len(self.get_seats()), 1)

    @mute_logger("odoo.sql_db", "odoo.service.model")
    def test_two_clicks_at_once_make_one_plan(self):
        barrier = threading.Barrier(THREADS)
        plans = []

        def generate(env, _number):
            env.cr.execute("SELECT count(*) FROM project_project")
            barrier.wait(timeout=30)
            evaluation = env["cap.evaluation"].browse(self.evaluation_id)
            plan = retrying(lambda: evaluation.action_generate_plan(), env)
            plans.append(plan.id)

        with (
            patch("odoo.service.model.random.uniform", return_value=0.02),
            patch("odoo.service.model.MAX_TRIES_ON_CONCURRENCY_FAILURE", 60),
        ):
            self.run_threads(generate)
        self.assertEqual(len(plans), THREADS)
        self.assertEqual(len(set(plans)), 1)
        with closing(self.open_cursor()) as cr:
            cr.execute(
                "SELECT count(*) FROM project_task WHERE project_id = %s", plans[:1]
            )
            self.assertEqual(cr.fetchone(), (2,))

    def run_threads(self, target):
        """Run ``target(env, number)`` in threads, each in its own transaction.

        The test runner's thread holds the registry's lock for all of its run: it is
        put aside, as Odoo's own browser tests do.
        """
        with ExitStack() as stack:
            stack.enter_context(patch.object(Registry, "_lock", DummyRLock()))
            threads = []
            for number in range(THREADS):
                env = self.get_env(stack.enter_context(closing(self.open_cursor())))
                threads.append(
                    threading.Thread(target=target, args=(env, number), daemon=True)
                )
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(timeout=60)
                self.assertFalse(thread.is_alive())
