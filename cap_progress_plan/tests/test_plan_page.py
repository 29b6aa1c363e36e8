import datetime as dt

from freezegun import freeze_time

from odoo.exceptions import AccessError

from ..controllers.pages.action import ActionPage
from ..controllers.pages.plan import PlanPage
from ..kernel.person import Person
from .common import PlanCommon

TODAY = dt.date(2026, 11, 21)


@freeze_time("2026-11-21 10:00:00")
class TestPlanPage(PlanCommon):
    """What the page says of a plan."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.evaluation = cls.make_evaluation(
            levels={"1.1.1.1": 0, "1.1.1.2": 1, "1.2.1.1": 2, "1.2.1.2": 1}
        )
        cls.plan = cls.make_plan(
            cls.evaluation,
            **{
                "1.1.1.1": "One",
                "1.1.1.2": "Two",
                "1.2.1.1": "Three",
                "1.2.1.2": "Four",
            },
        )
        cls.tasks = {task.name: task for task in cls.plan.task_ids}

    def page(self, user=None):
        evaluation = self.evaluation.with_user(user or self.user_pilot)
        return PlanPage(evaluation, evaluation._get_plan_sudo())

    def test_ranked_by_priority_then_by_people(self):
        self.assertEqual(
            self.page().open.mapped("name"), ["One", "Two", "Four", "Three"]
        )
        self.tasks["Three"].sequence = 1
        self.assertEqual(self.page().open.mapped("name")[0], "Three")

    def test_open_done_and_dropped_apart(self):
        self.tasks["One"]._cap_update({"cap_status": "done"})
        self.tasks["Two"]._cap_update({"cap_status": "dropped"})
        self.tasks["Three"]._cap_update({"cap_status": "doing"})
        page = self.page()
        self.assertEqual(page.open.mapped("name"), ["Four", "Three"])
        self.assertEqual(page.done.mapped("name"), ["One"])
        self.assertEqual(page.dropped.mapped("name"), ["Two"])
        self.assertEqual([figure for figure, _what in page.tiles], [3, 1, 2, 0, 0])
        words = [what for _figure, what in page.tiles]
        self.assertEqual(words[0], "actions, 1 stopped one left out")
        self.assertEqual(words[2], "to do or in progress, in time")
        self.tasks["Four"]._cap_update({"cap_status": "dropped"})
        self.assertEqual(self.page().tiles[0][1], "actions, 2 stopped ones left out")

    def test_nothing_left_out_is_not_told(self):
        self.assertEqual(self.page().tiles[0], (4, "actions"))

    def test_the_caps_that_fed_the_plan(self):
        self.assertEqual(self.page().origin, "From TEST 2026")
        self.validate(self.evaluation, on="2024-03-01")
        following = self.evaluation.action_start_next()
        self.set_levels(following, {"1.1.1.1": 2})
        self.validate(following, on="2025-03-01")
        last = following.action_start_next()
        (following | last).project_id = self.plan
        self.env.invalidate_all()
        self.assertEqual(self.page().origin, "From TEST 2026, 2025, and 2024")

    def test_legend_tells_only_what_is_drawn(self):
        page = self.page()
        self.assertFalse(page.has_dark_part or page.has_cut_bar)
        task = self.tasks["One"]
        self.env["project.task"].create(
            {
                "name": "Step",
                "parent_id": task.id,
                "project_id": self.plan.id,
                "state": "1_done",
            }
        )
        self.assertTrue(self.page().has_dark_part)
        self.tasks["Two"]._cap_update({"date_deadline": dt.date(2999, 1, 1)})
        self.assertTrue(self.page().has_cut_bar)
        self.assertIn("cap-cut", self.page().calendar)

    def test_reasons_to_update(self):
        late, quiet = self.tasks["One"], self.tasks["Two"]
        late._cap_update({"date_deadline": TODAY - dt.timedelta(days=21)})
        quiet._cap_update({"cap_status": "doing"})
        self.tasks["Three"]._cap_update({"date_deadline": TODAY})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE project_task SET write_date = '2026-09-01' WHERE id = %s",
            [quiet.id],
        )
        self.env.invalidate_all()
        self.assertEqual(
            {task.name: why for task, why in self.page().to_update.items()},
            {"One": "Date passed by 3 weeks", "Two": "No news for 2 months"},
        )

    def test_durations(self):
        page = self.page()
        for days, words in (
            (1, "1 day"),
            (13, "13 days"),
            (14, "2 weeks"),
            (59, "8 weeks"),
            (60, "2 months"),
            (400, "13 months"),
            (749, "24 months"),
            (750, "2 years"),
            (9380, "25 years"),
        ):
            self.assertEqual(page._describe_duration(days), words)
        self.assertEqual(page.describe_days(1.5), "1.5 day")
        self.assertEqual(page.describe_days(4), "4 days of work")

    def test_calendar_draws_open_dated_actions(self):
        self.tasks["One"]._cap_update({"cap_status": "done"})
        self.tasks["Two"]._cap_update({"date_deadline": False})
        page = self.page()
        self.assertEqual(page.dated.mapped("name"), ["Four", "Three"])
        self.assertIn(">Four<", page.calendar)
        self.assertNotIn(">Two<", page.calendar)

    def test_calendar_marks_booked_trainings(self):
        session = self.make_session(days=30)
        self.tasks["One"]._cap_book_seats(session, [Person("A"), Person("B")])
        self.assertEqual(self.page().calendar.count("Training, 21 Dec"), 1)

    def test_a_booked_training_is_in_the_calendar_without_any_date(self):
        for task in self.plan.task_ids:
            task._cap_update({"date_deadline": False})
        session = self.make_session(days=30)
        self.tasks["One"]._cap_book_seats(session, [Person("Ana")])
        page = self.page()
        self.assertIn("Training, 21 Dec", page.calendar)
        (row,) = page.agenda
        self.assertEqual((row["who"], row["training"]), ("Ana", True))
        self.assertTrue(row["url"].endswith(f"/booked/{session.id}"))

    def test_nobody_estimated(self):
        self.assertEqual(set(self.plan.task_ids.mapped("cap_effort_days")), {0})
        self.assertFalse(any(self.plan.task_ids.mapped("description")))
        self.assertFalse(ActionPage(self.evaluation, self.tasks["One"]).has_description)

    def test_empty_calendar(self):
        for task in self.plan.task_ids:
            task._cap_update({"date_deadline": False})
        self.assertFalse(self.page().calendar)

    def test_trainings_free_first_then_full_then_without_date(self):
        offers = self.env["cap.offer"].create(
            [{"code": f"T-{n}", "name": f"Training {n}"} for n in (5, 6)]
        )
        self.tasks["Two"].cap_offer_ids = offers | self.tool
        full = self.make_session(offers[0], seats=1)
        full._cap_take_seats([Person("X")])
        self.make_session(days=40)
        cards = self.page().trainings
        self.assertEqual(
            [(card["offer"].code, card["state"]) for card in cards],
            [("T-1", "open"), ("T-5", "full"), ("T-6", "none")],
        )
        self.assertEqual(cards[0]["ranks"], [1])
        self.assertEqual(cards[0]["task"].name, "One")
        self.assertEqual(len(self.page().to_book), 1)

    def test_a_booked_training_is_no_longer_to_book(self):
        session = self.make_session()
        self.tasks["One"]._cap_book_seats(session, [Person("Ana")])
        page = self.page()
        self.assertFalse(page.to_book)
        self.assertEqual(page.trainings[0]["booked"][0]["names"], "Ana")

    def test_what_actions_changed(self):
        for name in ("One", "Three"):
            self.tasks[name]._cap_update({"cap_status": "done"})
        self.assertFalse(self.page().effects)
        self.validate(self.evaluation, on="2026-11-21 11:00:00")
        self.assertFalse(self.page().effects)
        following = self.evaluation.action_start_next()
        self.set_levels(following, {"1.1.1.1": 2, "1.1.1.2": 3, "1.2.1.1": 2})
        self.assertFalse(self.page().effects)
        self.validate(following, on="2027-11-01")
        self.assertEqual(
            [
                (e["task"].name, e["before"], e["after"], e["change"])
                for e in self.page().effects
            ],
            [("One", 0, 2, "+2 levels"), ("Three", 2, 2, "unchanged")],
        )

    def test_a_level_said_before_the_end_is_no_effect(self):
        self.validate(self.evaluation, on="2025-01-10")
        following = self.evaluation.action_start_next()
        self.set_levels(following, {"1.1.1.1": 1})
        self.validate(following, on="2026-11-20")
        self.tasks["One"]._cap_update({"cap_status": "done"})
        page = self.page()
        self.assertFalse(page.effects)
        self.assertEqual(page.awaited, self.tasks["One"])
        third = following.action_start_next()
        self.set_levels(third, {"1.1.1.1": 2})
        self.validate(third, on="2027-11-20")
        page = self.page()
        self.assertEqual([e["after"] for e in page.effects], [2])
        self.assertFalse(page.awaited)

    def test_priorities_show_the_level_of_today(self):
        task = self.tasks["One"]
        self.assertEqual(self.page().levels_now[task].value, 0)
        self.validate(self.evaluation, on="2025-01-10")
        following = self.evaluation.action_start_next()
        self.set_levels(following, {"1.1.1.1": 1})
        self.assertEqual(self.page().levels_now[task].value, 1)
        self.validate(following, on="2026-11-20")
        page = self.page()
        self.assertEqual(page.levels_now[task].value, 1)
        self.assertEqual(
            ActionPage(self.evaluation, task.sudo()).levels_now[task].value, 1
        )

    def test_news_are_those_of_the_structure(self):
        task = self.tasks["One"]
        task.with_user(self.user_pilot).sudo()._cap_update({}, "We met twice")
        task.with_user(self.user_animator).sudo()._message_log(body="Call them?")
        news = ActionPage(self.evaluation, task.sudo()).news
        self.assertEqual(len(news), 1)
        self.assertIn("We met twice", news[0]["body"])

    def test_missing_actions(self):
        self.ask(self.evaluation, **{"2.1.1.1": "Five"})
        self.assertEqual(self.page().missing, 1)
        evaluation = self.evaluation.with_user(self.user_other_pilot)
        with self.assertRaises(AccessError):
            evaluation._count_missing_actions()

    def test_no_plan_yet(self):
        evaluation = self.make_evaluation(self.other_structure)
        page = PlanPage(evaluation, evaluation._get_plan_sudo())
        self.assertFalse(page.actions)
        self.assertFalse(page.trainings)
        self.assertEqual(page.missing, 0)
