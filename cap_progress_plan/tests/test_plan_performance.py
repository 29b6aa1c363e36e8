"""What the pages of a plan and a booking cost, in SQL queries."""

import re
from unittest.mock import patch

from odoo.sql_db import Cursor
from odoo.tests import HttpCase, tagged

from ..kernel.person import Person
from .common import PlanCommon


@tagged("-at_install", "post_install")
class TestPlanPerformance(PlanCommon, HttpCase):
    """As many queries for 300 actions as for 10; a booking holds its event once."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.evaluation = cls.make_evaluation(levels={"1.1.1.1": 1})
        cls.plan = cls.make_plan(cls.evaluation)
        cls.task = cls.plan.task_ids
        cls.evaluation.action_validate()
        cls.event = cls.make_session(seats=20)
        cls.booked, _kept = cls.task._cap_book_seats(cls.event, cls.people("Ana"))

    def add_actions(self, count):
        """Add actions as people live with them: dated, owned, late, helped."""
        self.env["project.task"].create(
            [
                {
                    "name": f"Action {number}",
                    "project_id": self.plan.id,
                    "cap_owner_id": self.contact.id,
                    "cap_offer_ids": self.training.ids,
                    "date_deadline": f"20{25 + number % 5}-03-01 12:00:00",
                    "cap_target_level_id": self.scale.level_ids[number % 4].id,
                    "state": "1_done" if number % 3 == 0 else "01_in_progress",
                }
                for number in range(count)
            ]
        )

    def count(self, path):
        """Return the queries of a page of a pilot, once everything is warm."""
        self.authenticate("cap_pilot", "cap_pilot")
        for _warm in range(2):
            self.assertEqual(self.url_open(path).status_code, 200)
        return self.count_queries(lambda: self.url_open(path))

    def test_the_plan_costs_the_same_for_10_and_300_actions(self):
        home = self.count("/my")
        self.add_actions(9)
        path = f"/my/cap/{self.evaluation.id}/plan"
        few = self.count(path)
        self.add_actions(290)
        self.assertEqual(self.count(path), few)
        self.assertLessEqual(few, home + 10)

    def record_queries(self, work):
        """Return the text of each query that ``work()`` sends."""
        seen, execute = [], Cursor.execute

        def watch(cursor, query, *args, **kwargs):
            seen.append(str(getattr(query, "code", query)))
            return execute(cursor, query, *args, **kwargs)

        self.env.flush_all()
        with patch.object(Cursor, "execute", watch):
            work()
            self.env.flush_all()
        return seen

    def test_a_booking_takes_one_lock(self):
        people = [Person("Marc", "marc@example.org"), Person("Zoé", "zoe@example.org")]
        user = self.user_pilot

        evaluation = self.evaluation.with_user(user)
        task_sudo = self.task.with_user(user)._cap_elevate(evaluation)
        event_sudo = self.event.with_user(user).sudo()
        # A server that has answered before knows rights, settings and defaults.
        task_sudo._cap_book_seats(event_sudo, [Person("First")])
        queries = self.record_queries(
            lambda: task_sudo._cap_book_seats(event_sudo, people)
        )
        locks = [q for q in queries if re.search(r'UPDATE "?event_event"?\b', q)]
        self.assertEqual(len(locks), 1, locks)
        self.assertLessEqual(len(queries), 20, "\n".join(q[:150] for q in queries))
