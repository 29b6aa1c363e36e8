import datetime as dt

from lxml import html

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import PlanCommon


@tagged("-at_install", "post_install")
class TestPortalPlan(PlanCommon, HttpCase):
    """The plan's pages, as plain forms: no script runs here."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.evaluation = cls.make_evaluation(levels={"1.1.1.1": 1, "1.1.1.2": 2})
        cls.base = f"/my/cap/{cls.evaluation.id}"

    def setUp(self):
        super().setUp()
        self.authenticate("cap_pilot", "cap_pilot")

    def get(self, path="/plan", status=200):
        response = self.url_open(self.base + path)
        self.assertEqual(response.status_code, status)
        return html.fromstring(response.text)

    def post(self, path, page=None, status=200, **data):
        """Post a form as a browser does, with the page's own token."""
        page = self.get("/plan") if page is None else page
        (token, *_others) = page.xpath("//input[@name='csrf_token']/@value") or [""]
        response = self.url_open(self.base + path, {"csrf_token": token, **data})
        self.assertEqual(response.status_code, status)
        return html.fromstring(response.text)

    def text(self, page):
        return " ".join(page.text_content().split())

    def make_task(self):
        return self.make_plan(self.evaluation).task_ids

    # -------------------------------------------------------------------- plan

    def test_plan_from_the_first_button_to_the_list(self):
        page = self.get()
        self.assertIn("The plan is made from your answers", self.text(page))
        self.assertFalse(page.xpath("//button[@name='create_plan']"))
        self.ask(self.evaluation, **{"1.1.1.1": "Write a page"})
        page = self.get()
        self.assertIn("1 action chosen in this CAP", self.text(page))
        self.assertTrue(page.xpath("//button[@name='create_plan']"))
        page = self.post("/plan/create", page)
        self.assertIn("Actions added: 1.", self.text(page))
        plan = self.evaluation.project_id
        self.assertEqual(plan.task_ids.name, "Write a page")
        self.assertEqual(page.xpath("//ol//strong/text()"), ["Write a page"])
        levels = page.xpath("//ol//span[contains(@class, 'cap-chip')]/@data-level")
        self.assertEqual(levels, ["1", "2"])

    def test_plan_again_says_what_it_kept(self):
        self.make_task()
        self.ask(self.evaluation, **{"1.1.1.2": "Second"})
        page = self.get()
        self.assertIn("1 action of this CAP is not in the plan yet", self.text(page))
        page = self.post("/plan/create", page)
        self.assertIn("Actions added: 1.", self.text(page))
        self.assertIn("left as they are: 1.", self.text(page))
        self.assertNotIn("not in the plan yet", self.text(page))

    def test_empty_plan_is_a_right_ending(self):
        self.evaluation.action_validate()
        page = self.get()
        self.assertIn("A CAP may end without a progress action", self.text(page))
        page = self.post("/plan/create", page)
        self.assertIn("No action chosen", self.text(page))
        self.assertTrue(self.evaluation.project_id)

    def test_a_get_creates_nothing(self):
        self.ask(self.evaluation, **{"1.1.1.1": "Write a page"})
        response = self.url_open(f"{self.base}/plan/create")
        self.assertIn(response.status_code, (404, 405))
        self.assertFalse(self.evaluation.project_id)

    def test_archived_plan_is_told(self):
        self.make_task().project_id.action_archive()
        self.ask(self.evaluation, **{"1.1.1.2": "Second"})
        page = self.post("/plan/create", self.get())
        self.assertIn("was archived", self.text(page))

    def test_the_plan_is_a_tab(self):
        page = self.get("")
        (tab,) = page.xpath(
            "//nav[contains(@class, 'cap-tabs')]/a[contains(@href, 'plan')]"
        )
        self.assertEqual(tab.get("href"), f"{self.base}/plan")
        (current,) = self.get().xpath(
            "//nav[contains(@class, 'cap-tabs')]/a[@aria-current]"
        )
        self.assertEqual(current.text_content().strip(), "Progress plan")

    def test_others_get_the_same_friendly_page(self):
        task = self.make_task()
        session = self.make_session()
        paths = (
            "/plan",
            "/plan/new",
            f"/plan/{task.id}",
            f"/plan/{task.id}/book/{self.training.id}",
            f"/plan/{task.id}/booked/{session.id}",
        )
        for login in ("cap_other_pilot", "cap_portal", "cap_employee"):
            self.authenticate(login, login)
            for path in paths:
                with self.subTest(login=login, path=path):
                    page = self.get(path, status=404)
                    self.assertIn("not accessible", self.text(page))
                    self.assertNotIn("Write a page", self.text(page))

    def test_an_action_of_another_structure(self):
        other = self.make_plan(self.make_evaluation(self.other_structure))
        own = self.get(f"/plan/{self.make_task().id}")
        for task_id in (other.task_ids.id, 99999999):
            page = self.get(f"/plan/{task_id}", status=404)
            self.assertIn("not accessible", self.text(page))
            self.post(f"/plan/{task_id}", own, status=404)
        self.assertEqual(other.task_ids.cap_status, "todo")

    def test_visitors_sign_in_first(self):
        self.authenticate(None, None)
        response = self.url_open(f"{self.base}/plan")
        self.assertIn("/web/login", response.url)

    def test_without_a_token_nothing_is_written(self):
        task = self.make_task()
        with mute_logger("odoo.http"):
            response = self.url_open(f"{self.base}/plan/{task.id}", {"status": "done"})
        self.assertEqual(response.status_code, 400)
        self.assertEqual(task.cap_status, "todo")

    # ------------------------------------------------------------------ action

    def test_update_an_action(self):
        task = self.make_task()
        page = self.get(f"/plan/{task.id}")
        self.assertEqual(
            page.xpath("//input[@name='status'][@checked]/@value"), ["todo"]
        )
        page = self.send(
            task,
            status="doing",
            due="2035-02-15",
            owner=str(self.contact.id),
            note="Half is <b>written</b>",
        )
        self.assertIn("The action is updated", self.text(page))
        self.assertEqual(task.cap_status, "doing")
        self.assertEqual(str(task._cap_get_due()), "2035-02-15")
        self.assertEqual(task.cap_owner_id, self.contact)
        message = task.message_ids.filtered("body")[:1]
        self.assertEqual(message.author_id, self.user_pilot.partner_id)
        page = self.get(f"/plan/{task.id}")
        self.assertIn("Half is <b>written</b>", self.text(page))
        self.assertFalse(page.xpath("//b"))

    def test_stop_then_take_up_again(self):
        task = self.make_task()
        self.send(task, status="dropped")
        self.assertFalse(task.active)
        page = self.get()
        self.assertIn("1 stopped action", self.text(page))
        self.assertIn("No action is under way", self.text(page))
        self.send(task, status="todo")
        self.assertTrue(task.active)

    def send(self, task, **data):
        """Send the form of an action; return the page that answers."""
        path = f"/plan/{task.id}"
        token = self.get(path).xpath("//input[@name='csrf_token']/@value")[0]
        form = {"csrf_token": token, "due": "", "owner": "", "note": "", **data}
        return html.fromstring(self.url_open(self.base + path, form).text)

    def test_wrong_values_keep_what_was_typed(self):
        task = self.make_task()
        stranger = str(self.user_other_pilot.partner_id.id)
        cases = [
            ({"due": "soon"}, "is not a date"),
            ({"owner": stranger}, "somebody of your structure"),
            ({"status": "won"}, "Choose how"),
        ]
        for wrong, words in cases:
            with self.subTest(words=words):
                data = {"status": "doing", "note": "My words", **wrong}
                page = self.send(task, **data)
                self.assertIn(words, self.text(page.xpath("//*[@role='alert']")[0]))
                self.assertEqual(
                    page.xpath("//textarea[@name='note']")[0].text, "My words"
                )
        self.assertEqual(task.cap_status, "todo")

    def test_title_indicator_effort_and_target(self):
        task = self.make_task()
        levels = self.version.scale_id.level_ids.sorted("value")
        page = self.get(f"/plan/{task.id}")
        self.assertEqual(page.xpath("//input[@name='name']/@value"), ["Write a page"])
        self.assertEqual(page.xpath("//input[@name='effort']/@value"), [""])
        self.send(
            task,
            status="todo",
            name=" Write two pages ",
            indicator="Both are read",
            effort="1,5",
            target=str(levels[3].id),
        )
        self.assertEqual(task.name, "Write two pages")
        self.assertEqual(task.cap_success_indicator, "Both are read")
        self.assertEqual(task.cap_effort_days, 1.5)
        self.assertEqual(task.cap_target_level_id, levels[3])
        self.send(task, status="todo", name="Write two pages", target="", effort="")
        self.assertFalse(task.cap_target_level_id)
        self.assertEqual(task.cap_effort_days, 0)

    def test_wrong_facts_are_told_at_their_field(self):
        task = self.make_task()
        foreign = self.env["cap.scale"].create(
            {
                "code": "X",
                "name": "X",
                "level_ids": [Command.create({"value": 1, "name": "x"})],
            }
        )
        for field, value in (
            ("name", "  "),
            ("effort", "-1"),
            ("effort", "a week"),
            ("effort", "nan"),
            ("target", str(foreign.level_ids.id)),
            ("owner", "abc"),
        ):
            with self.subTest(field=field, value=value):
                page = self.send(task, **{"status": "todo", "name": "x", field: value})
                self.assertTrue(page.xpath(f"//*[@id='{field}_error']/text()"))
                self.assertTrue(page.xpath(f"//*[@id='{field}'][@aria-invalid]"))
        self.assertEqual(task.name, "Write a page")

    def test_dates_that_are_refused_and_one_that_may_stay(self):
        task = self.make_task()
        today = fields.Date.context_today(self.env.user)
        past = (today - dt.timedelta(days=1)).isoformat()
        far = f"{today.year + 11}-01-01"
        for due, status, words in (
            (past, "todo", "already passed"),
            (past, "doing", "choose today or a later day"),
            (far, "doing", "more than 10 years away"),
            (far, "done", "more than 10 years away"),
        ):
            with self.subTest(due=due, status=status):
                page = self.send(task, status=status, due=due)
                error = self.text(page.xpath("//*[@id='due_error']")[0])
                self.assertIn(words, error)
                self.assertEqual(page.xpath("//input[@name='due']/@value"), [due])
        self.assertEqual(task.cap_status, "todo")
        self.send(task, status="done", due=past)
        self.assertEqual(task.cap_status, "done")
        self.send(task, status="doing", due=past)
        self.assertEqual(task.cap_status, "doing")
        self.assertEqual(task._cap_get_due().isoformat(), past)

    def test_an_action_without_a_title_invites_to_name_it(self):
        task = self.make_plan(self.evaluation, **{"1.1.1.1": False}).task_ids
        objective = self.objectives["1.1.1.1"]
        self.assertEqual(task.name, objective.name)
        rows = "//ol[contains(@class, 'cap-rows--rank')]/li"
        page = self.get()
        (item,) = page.xpath(rows)
        self.assertEqual(self.text(item).count(objective.name), 1)
        (link,) = item.xpath(".//a[@name='name_action']/@href")
        self.assertTrue(link.endswith(f"/plan/{task.id}#name"))
        page = self.get(f"/plan/{task.id}")
        self.assertEqual(self.text(page.xpath("//main")[0]).count(objective.name), 1)
        self.send(task, status="doing", name="")
        self.assertEqual((task.name, task.cap_status), (objective.name, "doing"))
        self.send(task, status="doing", name="Write a page")
        page = self.get()
        self.assertFalse(page.xpath("//a[@name='name_action']"))
        self.assertIn(objective.display_name, self.text(page.xpath(rows)[0]))

    def test_messages_are_apart_from_what_follows(self):
        task = self.make_task()
        note = "//div[@class='mb-4']/*[contains(@class, 'cap-note--ok')]"
        self.assertTrue(self.send(task, status="doing").xpath(note))
        # Said once, and never by an address that anybody could word.
        self.assertFalse(self.get().xpath(note))
        for query in ("?updated=1", "?created=1", "?added=3&kept=2", "?added=²"):
            self.assertFalse(self.get("/plan" + query).xpath(note))

    # ----------------------------------------------------------------- adding

    def add(self, **data):
        form = {"due": "", "owner": "", **data}
        return self.post("/plan/new", self.get("/plan/new"), **form)

    def test_add_an_action(self):
        task = self.make_task()
        (link,) = self.get().xpath("//a[@name='add_action']/@href")
        self.assertEqual(link, f"{self.base}/plan/new")
        page = self.get("/plan/new")
        (taken,) = page.xpath("//option[@disabled]")
        self.assertIn("already in the plan", self.text(taken))
        me = str(self.user_pilot.partner_id.id)
        self.assertEqual(
            page.xpath("//select[@name='owner']/option[@selected]/@value"), [me]
        )
        objective = self.objectives["1.1.1.2"]
        for _double_click in range(2):
            page = self.add(
                objective=str(objective.id),
                name="Meet twice a year",
                due="2035-02-15",
                owner=str(self.contact.id),
            )
            self.assertIn("The action is in the plan", self.text(page))
        added = task.project_id.task_ids - task
        self.assertEqual(added.name, "Meet twice a year")
        self.assertEqual(added.cap_objective_id, objective)
        self.assertEqual(added.cap_level_id.value, 2)
        self.assertEqual(added.cap_target_level_id.value, 3)
        self.assertEqual(str(added._cap_get_due()), "2035-02-15")
        self.assertEqual(added.cap_owner_id, self.contact)
        self.ask(self.evaluation, **{"1.1.1.2": "Other words"})
        self.assertEqual(self.evaluation._count_missing_actions(), 0)

    def test_an_objective_has_one_action_of_its_own(self):
        task = self.make_task()
        objective = str(self.objectives["1.1.1.1"].id)
        page = self.add(objective=objective, name="Another")
        alert = self.text(page.xpath("//*[@role='alert']")[0])
        self.assertIn("already has an action for this objective, “Write a page”", alert)
        self.assertEqual(page.xpath("//input[@name='name']/@value"), ["Another"])
        task._cap_update({"cap_status": "dropped"})
        page = self.add(objective=objective, name="Write a page")
        self.assertIn("a stopped action", self.text(page))
        self.assertEqual(self.actions(task.project_id), task)

    def test_add_what_cannot_be(self):
        self.make_task()
        objective = str(self.objectives["1.1.1.2"].id)
        other = self.make_version(code="OTHER").objective_ids.filtered("code")[-1:]
        for field, data in (
            ("objective", {"name": "x"}),
            ("objective", {"name": "x", "objective": str(other.id)}),
            ("name", {"objective": objective}),
            ("due", {"name": "x", "objective": objective, "due": "2001-01-01"}),
            ("owner", {"name": "x", "objective": objective, "owner": "1"}),
        ):
            with self.subTest(field=field):
                page = self.add(**data)
                self.assertTrue(page.xpath(f"//*[@id='{field}_error']/text()"))
        self.assertEqual(len(self.evaluation.project_id.task_ids), 1)

    def test_add_to_the_empty_plan(self):
        self.assertFalse(self.get().xpath("//a[@name='add_action']"))
        self.evaluation.action_validate()
        self.assertTrue(self.get().xpath("//a[@name='add_action']"))
        objective = str(self.objectives["1.1.1.2"].id)
        page = self.add(objective=objective, name="Meet twice a year")
        self.assertIn("The action is in the plan", self.text(page))
        plan = self.evaluation.project_id
        self.assertEqual(plan.task_ids.name, "Meet twice a year")
        plan.task_ids.unlink()
        page = self.get()
        self.assertIn("No action chosen", self.text(page))
        self.assertTrue(page.xpath("//a[@name='add_action']"))

    # ----------------------------------------------------------------- booking

    def book(self, task, **data):
        path = f"/plan/{task.id}/book/{self.training.id}"
        page = self.get(path)
        return self.post(path, page, **data)

    def test_book_from_the_plan(self):
        task, session = self.make_task(), self.make_session(seats=3)
        page = self.get()
        self.assertIn("3 free seats out of 3", self.text(page))
        (link,) = page.xpath("//a[contains(@href, '/book/')]/@href")
        self.assertEqual(link, f"{self.base}/plan/{task.id}/book/{self.training.id}")
        page = self.book(
            task,
            session=str(session.id),
            partner=str(self.contact.id),
            name_1="Élève Nouvelle",
            email_1="new@example.org",
        )
        self.assertIn("Your seats are booked", self.text(page))
        self.assertIn("Known Contact", self.text(page))
        self.assertIn("Confirmation to new@example.org", self.text(page))
        self.assertEqual(session.seats_available, 1)
        page = self.get()
        self.assertIn("Booked for Known Contact and Élève Nouvelle", self.text(page))

    def test_full_session_keeps_what_was_typed(self):
        task, session = self.make_task(), self.make_session(seats=1)
        page = self.book(
            task,
            session=str(session.id),
            name_1="Ana",
            name_2="Marc",
            email_2="m@x.org",
        )
        alert = page.xpath("//*[@role='alert']")[0]
        self.assertIn(
            "has only one free seat left: nothing was booked", self.text(alert)
        )
        self.assertEqual(page.xpath("//input[@name='name_1']/@value"), ["Ana"])
        self.assertEqual(page.xpath("//input[@name='email_2']/@value"), ["m@x.org"])
        self.assertTrue(page.xpath("//input[@name='session'][@checked]"))
        self.assertFalse(session.registration_ids)

    def test_ticked_people_stay_ticked(self):
        task, session = self.make_task(), self.make_session()
        page = self.book(
            task,
            session=str(session.id),
            partner=str(self.contact.id),
            email_1="a@x.org",
        )
        alert = page.xpath("//*[@role='alert']")[0]
        self.assertIn("Write the name of the person at a@x.org", self.text(alert))
        ticked = page.xpath("//input[@name='partner'][@checked]/@value")
        self.assertEqual(ticked, [str(self.contact.id)])

    def test_sending_twice_books_once(self):
        task, session = self.make_task(), self.make_session(seats=5)
        for _twice in range(2):
            page = self.book(task, session=str(session.id), name_1="Ana")
            self.assertEqual(page.xpath("//h1/text()"), ["Your seat is booked"])
            flags = page.xpath("//li/*[@class='cap-flag']/text()")
            self.assertEqual(flags, ["Seat booked"])
            self.assertFalse(page.xpath("//*[@role='alert']"))
        self.assertEqual(len(session.registration_ids), 1)

    def test_those_who_have_a_seat_are_marked(self):
        task, session = self.make_task(), self.make_session(seats=5)
        self.book(
            task, session=str(session.id), partner=str(self.contact.id), name_1="Ana"
        )
        page = self.get(f"/plan/{task.id}/book/{self.training.id}")
        (mark,) = page.xpath("//*[@name='seated']")
        (label,) = page.xpath("//label[.//*[@name='seated']]")
        self.assertIn("already has a seat", self.text(mark))
        self.assertIn("Known Contact", self.text(label))
        self.assertIn("Already booked for Known Contact and Ana", self.text(page))

    def test_confirmation_names_the_training_and_whom_to_ask(self):
        task = self.make_task()
        partner = self.user_animator.partner_id
        partner.write({"phone": "05 00 00 00 00", "email": "c@example.org"})
        session = self.make_session(user_id=self.user_animator.id, name="In Limoges")
        card = self.text(self.get().xpath("//article")[0])
        self.assertIn("Take part", card)
        self.assertIn("In Limoges", card)
        page = self.book(task, session=str(session.id), name_1="Ana")
        booked = self.text(page.xpath("//*[@name='cap_booked']")[0])
        for words in ("Take part", "In Limoges", partner.name, "c@example.org"):
            self.assertIn(words, booked)
        self.assertTrue(page.xpath("//a[@href='tel:0500000000']"))
        session.write({"user_id": False, "organizer_id": False})
        page = self.get(f"/plan/{task.id}/booked/{session.id}")
        self.assertIn("Your regional delegate knows who it is", self.text(page))

    def test_nothing_chosen(self):
        task = self.make_task()
        session = self.make_session()
        self.make_session(days=60)
        self.assertIn("Choose a date", self.text(self.book(task, name_1="Ana")))
        page = self.book(task, session=str(session.id))
        self.assertIn("Choose at least one person", self.text(page))
        page = self.book(task, session="abc", name_1="Ana")
        self.assertIn("Choose a date", self.text(page))

    def test_no_date_and_no_button_that_does_nothing(self):
        task = self.make_task()
        page = self.get()
        self.assertIn("no date for now", self.text(page))
        self.assertFalse(page.xpath("//a[contains(@href, '/book/')]"))
        page = self.get(f"/plan/{task.id}/book/{self.training.id}")
        self.assertIn("Tell your regional delegate", self.text(page))
        self.assertFalse(page.xpath("//button[@name='book_seats']"))

    def test_full_card(self):
        self.make_task()
        session = self.make_session(seats=1)
        session._cap_take_seats(self.people("X"))
        page = self.get()
        self.assertIn("Full", self.text(page))
        self.assertFalse(page.xpath("//a[contains(@href, '/book/')]"))

    def test_an_offer_of_another_action_goes_back_to_the_plan(self):
        task = self.make_task()
        response = self.url_open(f"{self.base}/plan/{task.id}/book/{self.tool.id}")
        self.assertTrue(response.url.endswith(f"{self.base}/plan"))

    def test_a_wrong_address_is_marked_at_its_field(self):
        task, session = self.make_task(), self.make_session()
        page = self.book(
            task,
            session=str(session.id),
            name_1="Ana",
            name_2="Marc",
            email_2="not an address",
        )
        self.assertTrue(page.xpath("//input[@name='email_2'][@aria-invalid]"))
        self.assertFalse(page.xpath("//input[@name='email_1'][@aria-invalid]"))
        self.assertIn(
            "not an e-mail", self.text(page.xpath("//*[@id='email_2_error']")[0])
        )
        self.assertFalse(session.registration_ids)

    def test_give_up_a_seat(self):
        task, session = self.make_task(), self.make_session(seats=5)
        page = self.book(
            task, session=str(session.id), partner=str(self.contact.id), name_1="Ana"
        )
        path = f"/plan/{task.id}/booked/{session.id}"
        seat = session.registration_ids.filtered(lambda seat: seat.name == "Ana")
        page = self.post(f"{path}/cancel", page, seat=str(seat.id))
        self.assertEqual(seat.state, "cancel")
        self.assertIn(
            "Given up Ana", self.text(page.xpath("//*[@name='cap_booked']")[0])
        )
        self.assertIn("Booked for Known Contact", self.text(self.get()))
        stranger = self.env["event.registration"].create(
            {"event_id": session.id, "name": "Somebody"}
        )
        for number in (str(stranger.id), "²", "", "9" * 5000):
            self.post(f"{path}/cancel", page, seat=number)
        self.assertEqual(stranger.state, "open")
        self.authenticate("cap_other_pilot", "cap_other_pilot")
        self.get(path, status=404)

    def test_odd_numbers_are_pages_that_are_not_there(self):
        task, session = self.make_task(), self.make_session()
        big = 2**31
        for path in (
            "/plan/0",
            f"/plan/{big}",
            f"/plan/0/book/{self.training.id}",
            f"/plan/{task.id}/booked/0",
            f"/plan/{task.id}/booked/{big}",
        ):
            with self.subTest(path=path):
                self.get(path, status=404)
        for number in ("²", "0", "9" * 5000, str(big), "1.5"):
            page = self.book(task, session=number, name_1="Ana", partner=number)
            self.assertIn("Choose a date", self.text(page))
        self.assertFalse(session.registration_ids)

    def test_an_offer_leads_to_its_link_or_document(self):
        task = self.make_task()
        task.cap_offer_ids = self.training | self.tool
        self.tool.url = "https://www.example.org/tool"
        links = "//a[@href='https://www.example.org/tool']"
        self.assertTrue(self.get(f"/plan/{task.id}").xpath(links))
        for url in ("javascript:alert(1)", "example.org", "https://"):
            with self.assertRaises(ValidationError):
                self.tool.url = url
        self.tool.write({"document": b"YQ==", "document_name": "a b.txt"})
        (link,) = self.get(f"/plan/{task.id}").xpath(
            "//a[contains(@href, '/document/')]"
        )
        self.assertEqual(self.url_open(link.get("href")).content, b"a")

    # ------------------------------------------------------------------ models

    def test_start_from_a_model(self):
        line = self.get_line(self.evaluation, "1.1.1.1")
        page = self.get(f"/{line.id}")
        self.assertIn("Start from an action model (2)", self.text(page))
        (target, *_more) = page.xpath("//button[@name='model_id']/@formaction")
        self.assertEqual(target, f"{self.base}/line/{line.id}/model")
        base = page.xpath("//input[@name='base']/@value")[0]
        page = self.post(
            f"/line/{line.id}/model",
            page,
            model_id=str(self.model.id),
            comment="Typed just before",
            answer="3",
            base=base,
        )
        self.assertEqual(line.cap_action_model_id, self.model)
        self.assertEqual(line.progress_action, "yes")
        self.assertEqual(line.comment, "Typed just before")
        self.assertEqual(line.level_id.value, 3)
        self.assertEqual(
            page.xpath("//textarea[@name='progress_comment']")[0].text,
            "Keep a one-page record",
        )

    def test_a_model_of_another_line_changes_nothing(self):
        line = self.get_line(self.evaluation, "1.1.1.2")
        page = self.get(f"/{line.id}")
        own = f"//button[@name='model_id'][contains(@formaction, '/line/{line.id}/')]"
        self.assertFalse(page.xpath(own))
        self.post(f"/line/{line.id}/model", page, model_id=str(self.model.id))
        self.assertFalse(line.cap_action_model_id)

    def test_dates_beside_the_offers(self):
        line = self.get_line(self.evaluation, "1.1.1.1")
        self.assertNotIn("See the dates", self.text(self.get(f"/{line.id}")))
        self.make_session(seats=4)
        page = self.get(f"/{line.id}")
        self.assertIn("See the dates", self.text(page))
        self.assertIn("4 free seats out of 4", self.text(page))
