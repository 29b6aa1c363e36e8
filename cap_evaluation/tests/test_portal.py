import json
from datetime import timedelta
from html import unescape
from unittest.mock import patch

from odoo import fields, http
from odoo.sql_db import Cursor
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..controllers.pages.line import LinePage
from .common import CapCommon

LEVELS = {"1.1.1.1": 0, "1.1.1.2": 3, "1.2.1.1": "na", "2.1.1.1": 2}
EMPTY = {
    "level": None,
    "na_reason": "",
    "comment": "",
    "progress_action": "",
    "progress_comment": "",
}


def as_form(answer):
    """Return the fields that a form showing ``answer`` posts."""
    level = "na" if answer["na_reason"] else answer["level"]
    return {**answer, "answer": "" if level is None else str(level)}


class PortalCase(CapCommon, HttpCase):
    """An evaluation of ``structure``, under way, and a way to open its pages."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.evaluation = cls.make_evaluation(levels=LEVELS)
        cls.line = cls.get_line(cls.evaluation, "1.1.1.1")
        cls.todo = cls.get_line(cls.evaluation, "1.2.1.2")
        cls.url = f"/my/cap/{cls.evaluation.id}"

    def log_in(self, user):
        if user:
            self.authenticate(user.login, user.login)
        else:
            self.authenticate(None, None)

    def open(self, path="", **options):
        return self.url_open(self.url + path, **options)

    def post(self, path, csrf=True, absolute=False, **data):
        if csrf:
            data["csrf_token"] = http.Request.csrf_token(self)
        url = path if absolute else self.url + path
        return self.url_open(url, data=data, allow_redirects=False)

    def post_line(self, line, base=None, csrf=True, **data):
        data["base"] = json.dumps({**EMPTY, **(base or {})})
        return self.post(f"/line/{line.id}", csrf=csrf, **data)

    def save(self, line, values, base=None, evaluation=None):
        evaluation = evaluation or self.evaluation
        answer = self.url_open(
            f"/my/cap/{evaluation.id}/save",
            json={
                "params": {
                    "line_id": line.id,
                    "values": values,
                    "base": {**EMPTY, **(base or {})},
                }
            },
        )
        return answer.json()


@tagged("post_install", "-at_install")
class TestPortalAccess(PortalCase):
    """Each page for each kind of person: who sees it, and what the others are told."""

    PAGES = ("", "/results", "/finish", "?objective=%(objective)s", "/%(line)s")

    def paths(self):
        names = {"objective": self.line.objective_id.id, "line": self.line.id}
        return [path % names for path in self.PAGES]

    def test_those_who_see_it(self):
        for user in (self.user_pilot, self.user_animator, self.user_manager):
            self.log_in(user)
            for path in self.paths():
                with self.subTest(user=user.login, path=path):
                    page = self.open(path)
                    self.assertEqual(page.status_code, 200)
                    self.assertIn("Atelier des Tests", page.text)

    def test_facilitator_sees_it_but_does_not_conclude(self):
        self.evaluation.facilitator_id = self.user_employee.partner_id
        self.log_in(self.user_employee)
        page = self.open("/finish")
        self.assertEqual(page.status_code, 200)
        self.assertNotIn("/validate", page.text)
        self.assertEqual(self.post("/validate", confirmed="1").status_code, 404)
        self.assertEqual(self.evaluation.state, "consensus")

    def test_the_others_get_one_same_answer(self):
        """What exists elsewhere and what does not exist cannot be told apart."""
        for user in (
            self.user_other_pilot,
            self.user_portal,
            self.user_employee,
            self.user_other_animator,
        ):
            self.log_in(user)
            for path in [*self.paths(), "/pdf"]:
                with self.subTest(user=user.login, path=path):
                    page = self.open(path)
                    self.assertEqual(page.status_code, 404)
                    self.assertIn("This page is not accessible</h1>", page.text)
                    self.assertIn('<html lang="en-US"', page.text)
                    self.assertNotIn("Atelier des Tests", page.text)
            missing = self.url_open("/my/cap/99999999/results")
            there = self.open("/results")
            self.assertEqual(missing.status_code, there.status_code)
            self.assertEqual(self.strip(missing.text), self.strip(there.text))

    def strip(self, text):
        return text[text.index('<div class="cap">') : text.index("cap-last")]

    def test_public_is_sent_to_the_login(self):
        self.log_in(None)
        for path in [*self.paths(), "/pdf"]:
            page = self.open(path, allow_redirects=False)
            self.assertEqual(page.status_code, 303, path)
            self.assertIn("/web/login", page.headers["Location"])
        for path in ("/validate", "/next"):
            page = self.post(path, confirmed="1")
            self.assertIn("/web/login", page.headers["Location"])

    def test_posts_of_the_others_change_nothing(self):
        for user in (self.user_other_pilot, self.user_portal, self.user_employee):
            self.log_in(user)
            for path in ("/validate", "/next"):
                self.assertEqual(self.post(path, confirmed="1").status_code, 404)
            answer = self.post_line(self.todo, answer="2")
            self.assertEqual(answer.status_code, 404)
            start = self.post(
                "/my/cap/start", absolute=True, evaluation_id=str(self.evaluation.id)
            )
            self.assertEqual(start.status_code, 404)
            with mute_logger("odoo.http"):
                self.assertIn("error", self.save(self.todo, {"level": 2}))
        self.assertEqual(self.evaluation.state, "consensus")
        self.assertEqual(self.todo.state, "todo")

    def test_wrong_ids(self):
        other = self.make_evaluation(self.other_structure)
        self.log_in(self.user_pilot)
        for path in (
            f"/{other.line_ids[0].id}",
            "/99999999",
            "?objective=99999999",
            "?objective=x",
        ):
            with self.subTest(path=path):
                self.assertEqual(self.open(path).status_code, 404)
        self.assertEqual(self.post_line(other.line_ids[0], answer="1").status_code, 404)
        with mute_logger("odoo.http"):
            self.assertIn("error", self.save(other.line_ids[0], {"level": 1}))
            self.assertIn("error", self.save(self.line, {"level": 1}, evaluation=other))
        self.assertEqual(other.line_ids[0].state, "todo")

    def test_odd_addresses(self):
        """What is no id of anything is not found, and asks nothing of the database."""
        self.log_in(self.user_pilot)
        line = self.line.id
        for path in ("/my/cap/0", "/my/cap/9999999999", f"/my/cap/{'9' * 5000}"):
            self.assertEqual(self.url_open(path).status_code, 404, path[:40])
        for path in ("/0", "/9999999999", f"/{'9' * 5000}", "?objective=²", "/%C2%B2"):
            self.assertEqual(self.open(path).status_code, 404, path[:40])
        self.assertEqual(self.url_open(f"/my/cap/page/{'9' * 5000}").status_code, 404)
        for odd in ("²", "9" * 5000, "0", "-1", "9999999999", "\x00"):
            start = self.post("/my/cap/start", absolute=True, evaluation_id=odd)
            self.assertEqual(start.status_code, 404, odd[:40])
        for odd in ("²", "9" * 5000, None, True, [line], {}, 10**30, 1.5):
            with mute_logger("odoo.http"):
                answer = self.url_open(
                    f"{self.url}/save",
                    json={"params": {"line_id": odd, "values": {"level": 1}}},
                ).json()
            self.assertEqual(answer["error"]["code"], 404, str(odd)[:40])

    def test_options_runs_nothing(self):
        """Odoo lets OPTIONS through to what only posts, and asks for no token."""
        self.evaluation.action_validate()
        self.log_in(self.user_pilot)
        for path in (f"{self.url}/next", "/my/cap/start", f"{self.url}/results"):
            answer = self.opener.options(self.base_url() + path)
            self.assertEqual(answer.status_code, 204, path)
            self.assertIn("OPTIONS", answer.headers["Allow"])
        self.assertFalse(self.evaluation.next_ids)

    def test_cancelled_is_not_shown(self):
        self.evaluation.action_cancel()
        self.log_in(self.user_pilot)
        self.assertEqual(self.open("").status_code, 404)
        self.assertNotIn(self.url, self.url_open("/my/cap").text)

    def test_get_does_not_validate(self):
        self.log_in(self.user_pilot)
        with mute_logger("odoo.http"):
            self.assertEqual(self.open("/validate").status_code, 405)
        self.assertEqual(self.evaluation.state, "consensus")


@tagged("post_install", "-at_install")
class TestPortalList(PortalCase):
    """/my/cap: what one has, and how one starts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cap = cls.make_version(code="CAP", name="Test edition")

    def start(self, **data):
        return self.post("/my/cap/start", absolute=True, **data)

    def test_lists_own_evaluations_only(self):
        other = self.make_evaluation(self.other_structure)
        self.log_in(self.user_pilot)
        page = self.url_open("/my/cap").text
        self.assertIn(self.url, page)
        self.assertNotIn(f"/my/cap/{other.id}", page)

    def test_pages(self):
        evaluations = self.evaluation
        for structure in self.make_structures(81, self.region_a):
            evaluations |= self.make_evaluation(
                structure, pilots=self.user_pilot.partner_id
            )
        self.log_in(self.user_pilot)
        shown = set()
        for page in ("/my/cap", "/my/cap/page/2"):
            text = self.url_open(page).text
            shown |= {e.id for e in evaluations if f'/my/cap/{e.id}"' in text}
        self.assertEqual(shown, set(evaluations.ids))
        self.assertEqual(self.url_open("/my/cap/page/999").status_code, 200)

    def test_empty_for_a_pilot_offers_to_start(self):
        self.log_in(self.user_other_pilot)
        page = self.url_open("/my/cap").text
        self.assertIn("Your first CAP starts here", page)
        self.assertIn("CAP Test edition", page)

    def test_empty_for_somebody_else_says_whom_to_ask(self):
        for user in (self.user_portal, self.user_employee):
            self.log_in(user)
            page = self.url_open("/my/cap").text
            self.assertNotIn("/my/cap/start", page)
            self.assertIn("does not pilot a CAP", page)

    def test_public(self):
        self.log_in(None)
        page = self.url_open("/my/cap", allow_redirects=False)
        self.assertIn("/web/login", page.headers["Location"])

    def test_start_twice_makes_one(self):
        self.log_in(self.user_other_pilot)
        first, second = self.start(), self.start()
        evaluation = self.env["cap.evaluation"].search(
            [("partner_id", "=", self.other_structure.id)]
        )
        self.assertEqual(len(evaluation), 1)
        self.assertEqual(evaluation.state, "consensus")
        self.assertEqual(len(evaluation.line_ids), 6)
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.assertNotIn("/my/cap/start", self.url_open("/my/cap").text)

    def test_start_needs_a_pilot_of_a_structure(self):
        for user in (self.user_portal, self.user_employee):
            self.log_in(user)
            self.assertEqual(self.start().status_code, 404)
        self.user_other_pilot.partner_id.cap_is_pilot = False
        self.log_in(self.user_other_pilot)
        self.assertEqual(self.start().status_code, 404)
        self.assertFalse(self.other_structure.cap_evaluation_ids)

    def test_start_without_csrf_token(self):
        self.log_in(self.user_other_pilot)
        with mute_logger("odoo.http"):
            page = self.start(csrf=False, evaluation_id="")
        self.assertEqual(page.status_code, 400)
        self.assertFalse(self.other_structure.cap_evaluation_ids)

    def test_start_one_that_a_campaign_opened(self):
        draft = self.make_evaluation(self.other_structure, state="draft")
        self.log_in(self.user_other_pilot)
        self.assertIn("/my/cap/start", self.url_open("/my/cap").text)
        self.start(evaluation_id=str(draft.id))
        self.assertEqual(draft.state, "consensus")

    def test_home_card_and_its_count(self):
        self.log_in(self.user_pilot)
        self.assertIn("cap_count", self.url_open("/my/home").text)
        answer = self.url_open(
            "/my/counters", json={"params": {"counters": ["cap_count"]}}
        )
        self.assertEqual(answer.json()["result"], {"cap_count": 1})


@tagged("post_install", "-at_install")
class TestPortalEvaluate(PortalCase):
    """One objective at a time, by plain forms and by live saves."""

    def setUp(self):
        super().setUp()
        self.log_in(self.user_pilot)

    def reload(self, line):
        line.invalidate_recordset()
        return line._get_answer()._asdict()

    # ---------------------------------------------------------------- the page

    def test_opens_on_the_first_unanswered(self):
        page = self.open().text
        self.assertIn("The project is reviewed</h2>", page)

    def test_objective_of_a_link(self):
        objective = self.line.objective_id
        for path in (f"?objective={objective.id}", f"/{self.line.id}"):
            self.assertIn(f"{objective.name}</h2>", self.open(path).text)

    def test_shows_what_is_stored(self):
        self.line.write(
            {"comment": "Two <b>lines</b>\nof text", "progress_action": "no"}
        )
        page = self.open(f"/{self.line.id}").text
        self.assertIn("Two &lt;b&gt;lines&lt;/b&gt;\nof text</textarea>", page)
        inputs = [part.split(">")[0] for part in page.split("<input")[1:]]
        checked = [part for part in inputs if "checked" in part]
        self.assertTrue(any('value="0"' in part for part in checked), "0 is an answer")
        self.assertTrue(any('value="no"' in part for part in checked))

    def test_previous_level_is_flagged(self):
        self.validate(self.evaluation, on="2024-03-01")
        following = self.evaluation.action_start_next()
        line = self.get_line(following, "1.1.1.2")
        page = self.url_open(f"/my/cap/{following.id}/{line.id}").text
        flag = page.index("CAP 2024</span>")
        self.assertGreater(flag, page.index('value="3"'))

    def show_last_time(self, code):
        """Return what the next CAP shows of this one on the objective ``code``."""
        following = self.evaluation.next_ids or self.evaluation.action_start_next()
        line = self.get_line(following, code)
        page = unescape(self.url_open(f"/my/cap/{following.id}/{line.id}").text)
        page = page.partition("<template")[0]  # the other forms of the sub-theme
        if "cap-last-time" not in page:
            return ""
        block = page[page.index("cap-last-time") :]
        return " ".join(block[: block.index("<details")].split())

    def test_what_was_said_last_time(self):
        self.line.comment = "Two <b>lines</b>"
        self.validate(self.evaluation, on="2024-03-01")
        block = self.show_last_time("1.1.1.1")
        self.assertIn("Last time (CAP 2024)", block)
        self.assertIn("Not engaged yet", block, "0 is an answer")
        self.assertIn("Two <b>lines</b>", block)

    def test_what_was_not_applicable_last_time(self):
        self.validate(self.evaluation, on="2024-03-01")
        block = self.show_last_time("1.2.1.1")
        self.assertIn("not applicable: Not our trade", block)

    def test_nothing_was_said_last_time(self):
        self.assertNotIn("cap-last-time", self.open(f"/{self.line.id}").text)
        self.validate(self.evaluation, on="2024-03-01")
        self.assertEqual(self.show_last_time("1.2.1.2"), "")

    def test_last_time_takes_two_queries(self):
        """One reads the lineage of the référentiel, one the previous lines."""
        self.validate(self.evaluation, on="2024-03-01")
        following = self.evaluation.action_start_next()
        line = self.get_line(following, "1.1.1.1")
        LinePage(following, line=line).last_time  # noqa: B018
        self.env.flush_all()
        with self.assertQueryCount(2):
            LinePage(following, line=line).last_time  # noqa: B018

    def test_offers_of_the_objective(self):
        self.env["cap.offer"].create(
            {
                "code": "T1",
                "name": "Lead a meeting",
                "kind": "training",
                "duration_hours": 14,
                "objective_ids": self.line.objective_id.ids,
            }
        )
        page = unescape(self.open(f"/{self.line.id}").text)
        self.assertIn("Lead a meeting", page)
        self.assertIn("14\xa0h", page)

    def test_scales_of_three_to_seven_levels(self):
        for count in (3, 5, 7):
            levels = [(v, f"Step {v}", "#336699") for v in range(count)]
            scale = self.make_scale(f"S{count}", levels)
            version = self.make_version(code=f"R{count}", scale=scale)
            evaluation = self.make_evaluation(
                version=version, levels={"1.1.1.1": count - 1}
            )
            page = self.url_open(f"/my/cap/{evaluation.id}").text
            page = page.partition("<template")[0]
            self.assertEqual(page.count('class="cap-level"'), count)
            results = self.url_open(f"/my/cap/{evaluation.id}/results").text
            self.assertIn("100%", results)

    # -------------------------------------------------------------- plain forms

    def test_form_saves_and_goes_to_the_next(self):
        answer = self.post_line(
            self.todo,
            answer="0",
            comment="As\r\nit is",
            progress_action="yes",
            progress_comment="Write it",
            direction="next",
        )
        following = self.get_line(self.evaluation, "2.1.1.1")
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(
            answer.headers["Location"].endswith(f"/{following.id}#objective")
        )
        self.assertEqual(
            self.reload(self.todo),
            {
                "level": 0,
                "na_reason": "",
                "comment": "As\nit is",
                "progress_action": "yes",
                "progress_comment": "Write it",
            },
        )

    def test_form_with_an_action_and_no_choice_is_a_yes(self):
        self.post_line(self.todo, progress_comment="Write it")
        self.assertEqual(self.reload(self.todo)["progress_action"], "yes")

    def test_form_with_an_action_and_a_no_stays_a_no(self):
        self.post_line(
            self.todo, progress_comment="Not this year", progress_action="no"
        )
        self.assertEqual(self.reload(self.todo)["progress_action"], "no")

    def test_form_with_an_action_while_another_says_no_is_a_conflict(self):
        seen = self.reload(self.todo)
        self.todo.with_user(self.user_manager).progress_action = "no"
        answer = self.post_line(self.todo, base=seen, progress_comment="Write it")
        self.assertIn("Two of you were scoring this objective", answer.text)
        self.assertFalse(self.reload(self.todo)["progress_comment"])

    def test_form_does_not_choose_for_an_action_of_before(self):
        self.todo.progress_comment = "Written before, with no choice"
        seen = self.reload(self.todo)
        self.post_line(
            self.todo, base=seen, answer="1", progress_comment=seen["progress_comment"]
        )
        self.assertEqual(self.reload(self.todo)["level"], 1)
        self.assertFalse(self.reload(self.todo)["progress_action"])

    def test_save_state_in_the_foot_at_every_width(self):
        page = self.open().text
        foot = page[page.index("cap-foot--dock") :]
        self.assertIn('<span class="cap-save" aria-hidden="true"', foot)

    def test_buttons_post_before_any_script_came(self):
        page = self.open(f"/{self.todo.id}").text
        form = page[page.index("<form", page.index("cap-notes")) :]
        form = form[: form.index("</form>")]
        self.assertIn("cap-line-form o_no_wait_lazy_js", form)
        self.assertIn('autocomplete="off"', form[: form.index(">")])
        buttons = form.count("<button")
        self.assertEqual(buttons, 4)
        self.assertEqual(form.count("o_no_wait_lazy_js"), buttons + 1)

    def test_form_goes_back_and_ends(self):
        first, last = self.line, self.get_line(self.evaluation, "2.1.1.2")
        second = self.get_line(self.evaluation, "1.1.1.2")
        for line, direction, expected in (
            (second, "previous", f"/{first.id}#objective"),
            (first, "previous", f"/{first.id}#objective"),
            (last, "next", "/finish"),
        ):
            answer = self.post_line(line, base=self.reload(line), direction=direction)
            self.assertTrue(answer.headers["Location"].endswith(self.url + expected))

    def test_form_without_reason_puts_the_focus_where_it_is_missing(self):
        answer = self.post_line(self.todo, answer="na")
        field = answer.text[answer.text.index('id="na_reason"') :]
        self.assertIn("autofocus", field[: field.index(">")])
        self.assertIn('<details class="mt-2" open', answer.text)

    def test_proposed_wordings_are_said_once(self):
        self.env.cr.execute(
            "UPDATE cap_objective SET confirmed = FALSE WHERE version_id = %s",
            [self.version.id],
        )
        self.env.invalidate_all()
        page = self.open(f"/{self.line.id}").text
        self.assertEqual(page.count("are proposals, until COORACE confirms"), 1)
        self.assertNotIn("Proposed wording<", page)

    def test_two_objectives_have_two_titles(self):
        titles = set()
        for line in self.evaluation.line_ids[:2]:
            page = self.open(f"/{line.id}").text
            titles.add(page[page.index("<title>") : page.index("</title>")])
        self.assertEqual(len(titles), 2)

    def test_form_without_reason_keeps_what_was_typed(self):
        answer = self.post_line(
            self.todo, answer="na", na_reason="  ", comment="Typed & kept"
        )
        self.assertEqual(answer.status_code, 200)
        self.assertIn('aria-invalid="true"', answer.text)
        self.assertIn("Typed &amp; kept</textarea>", answer.text)
        self.assertEqual(self.todo.state, "todo")
        self.assertFalse(self.todo.comment)

    def test_form_not_applicable_and_back_to_a_level(self):
        self.post_line(self.todo, answer="na", na_reason="Not our trade")
        self.assertEqual(self.reload(self.todo)["na_reason"], "Not our trade")
        self.post_line(self.todo, base=self.reload(self.todo), answer="1")
        self.assertEqual(self.reload(self.todo)["level"], 1)
        self.assertEqual(self.reload(self.todo)["na_reason"], "")

    def test_form_with_a_tampered_level(self):
        for value in ("9", "-1", "abc", "2.5"):
            answer = self.post_line(self.todo, answer=value, comment="Kept")
            self.assertEqual(answer.status_code, 200)
            self.assertIn("This answer cannot be saved", answer.text)
            self.assertIn("Kept</textarea>", answer.text)
        self.assertEqual(self.reload(self.todo), EMPTY)

    def test_form_with_a_broken_base(self):
        for base in (
            "[",
            "[]",
            "null",
            '{"level": {}}',
            '{"comment": [1]}',
            "[" * 9999,
        ):
            for user in (self.user_pilot, None):
                self.log_in(user)
                answer = self.post(f"/line/{self.todo.id}", answer="1", base=base)
                self.assertIn(answer.status_code, (200, 303), base)

    def test_form_with_a_file_for_a_text(self):
        token = http.Request.csrf_token(self)
        for name in ("comment", "answer", "base", "direction", "csrf_token"):
            answer = self.url_open(
                f"{self.url}/line/{self.todo.id}",
                data={} if name == "csrf_token" else {"csrf_token": token},
                files={name: ("a.txt", b"text", "text/plain")},
                allow_redirects=False,
            )
            self.assertIn(answer.status_code, (200, 303), name)
        self.assertEqual(self.reload(self.todo), EMPTY)

    def test_form_gives_a_long_text_back_at_its_field(self):
        long = "long " * 2001
        answer = self.post_line(self.todo, answer="1", comment=long)
        self.assertIn("more than 10000 characters", answer.text)
        self.assertIn(f"{long.strip()}</textarea>", answer.text)
        error = answer.text[answer.text.index('id="comment_error"') :]
        self.assertIn("shorten it", error[: error.index("</p>")])
        self.assertEqual(self.reload(self.todo), EMPTY)

    def test_form_takes_an_answer_back(self):
        self.line.write({"comment": "Said", "progress_action": "no"})
        seen = self.reload(self.line)
        answer = self.post_line(
            self.line, base=seen, direction="erase", **as_form(seen)
        )
        url = answer.headers["Location"]
        self.assertTrue(url.endswith(f"/{self.line.id}?erased=1#objective"), url)
        self.assertEqual(self.reload(self.line), {**EMPTY, "comment": "Said"})
        page = self.url_open(url).text
        self.assertIn("Answer erased. What is written stays.", page)
        self.assertNotIn("Saved at", page)
        # It is among what remains again.
        self.assertIn("Objectives left to do: 3.", self.open("/finish").text)

    def test_form_without_reason_says_what_stays(self):
        level = self.evaluation.version_id.scale_id.level_ids.sorted("value")[0]
        seen = self.reload(self.line)
        page = self.post_line(self.line, base=seen, answer="na").text
        self.assertIn(f"the objective stays at “{level.display_name}”", page)
        self.assertNotIn("Saved at", page)
        aside = self.get_line(self.evaluation, "1.2.1.1")
        page = self.post_line(aside, base=self.reload(aside), answer="na").text
        self.assertIn("the one written before stays", page)
        page = self.post_line(self.todo, answer="na").text
        self.assertIn("the objective stays “to do”", page)

    def get_next_button(self, line):
        page = self.open(f"/{line.id}").text
        dock = page[page.index("cap-foot--dock") :]
        button = dock[dock.index("btn-primary") :]
        return button[button.index(">") + 1 : button.index("</button>")].strip()

    def test_the_button_says_where_it_leads(self):
        said = {
            line.objective_id.code: self.get_next_button(line)
            for line in self.evaluation.line_ids
        }
        after = self.get_line(self.evaluation, "1.2.1.1").objective_id
        self.assertEqual(said["1.1.1.1"], "Next objective")
        self.assertEqual(
            unescape(said["1.1.1.2"]),
            f"Next sub-theme: {after.subtheme_id.display_name}",
        )
        self.assertEqual(said["2.1.1.2"], "Finish")

    def test_counts_are_the_same_everywhere(self):
        page = self.open(f"/{self.todo.id}").text
        total = page[page.index("cap-total") :]
        total = total[: total.index("</p>")]
        self.assertIn(">3 of 5</strong>", total)
        self.assertIn("not applicable: 1</span>", total)
        self.assertIn("Objectives scored: 0 of 1. Not applicable: 1.", page)
        self.assertIn(">0/1</span>", page)
        page = self.open(f"/{self.line.id}").text
        self.assertIn("Objectives scored: 2 of 2.", page)

    def test_validating_is_in_sight_from_the_top(self):
        page = self.open(f"/{self.line.id}").text
        head = page[page.index("cap-head") : page.index("cap-layout")]
        self.assertIn("See what remains, and validate", head)

    def test_form_with_a_reason_and_nothing_ticked(self):
        self.post_line(self.todo, na_reason="Not our trade")
        self.assertEqual(self.reload(self.todo)["na_reason"], "Not our trade")

    def test_form_conflict_shows_both_and_each_can_be_kept(self):
        seen = self.reload(self.line)
        self.line.with_user(self.user_manager).write({"level_id": self.level(1).id})
        answer = self.post_line(self.line, base=seen, answer="2", comment="Mine")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Two of you were scoring this objective", answer.text)
        self.assertEqual(self.reload(self.line)["level"], 1, "nothing written yet")
        self.post_line(
            self.line,
            base=self.reload(self.line),
            answer="2",
            comment="Mine",
        )
        self.assertEqual(self.reload(self.line)["level"], 2)

    def level(self, value):
        return self.scale.level_ids.filtered(lambda level: level.value == value)

    def test_form_conflict_does_not_decide_of_what_i_left_alone(self):
        seen = self.reload(self.line)
        self.line.with_user(self.user_manager).write(
            {"level_id": self.level(1).id, "comment": "From the delegate"}
        )
        page = self.post_line(self.line, base=seen, answer="2", comment="").text
        again = page[page.index('id="cap_answer"') :]
        self.assertIn("From the delegate</textarea>", again)
        chosen = again[again.index('value="2"') :]
        self.assertIn("checked", chosen[: chosen.index(">")])

    def test_form_leaves_alone_what_it_did_not_change(self):
        seen = self.reload(self.line)
        self.line.with_user(self.user_manager).comment = "From the delegate"
        answer = self.post_line(self.line, base=seen, answer="2", comment="")
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(self.reload(self.line)["comment"], "From the delegate")
        self.assertEqual(self.reload(self.line)["level"], 2)

    def test_form_on_a_validated_evaluation_gives_the_text_back(self):
        self.evaluation.action_validate()
        answer = self.post_line(self.todo, answer="2", comment="Too late")
        self.assertIn("This answer cannot be saved", answer.text)
        self.assertIn("Too late", answer.text)
        self.assertEqual(self.reload(self.todo), EMPTY)

    # ---------------------------------------------------------- expired session

    def test_expired_form_gives_the_text_back_and_writes_nothing(self):
        self.log_in(None)
        answer = self.post_line(
            self.todo, csrf=False, answer="2", comment="<Long> text", csrf_token="old"
        )
        self.assertEqual(answer.status_code, 200)
        self.assertIn("Sign in again to continue", answer.text)
        self.assertIn("&lt;Long&gt; text</textarea>", answer.text)
        self.assertIn('name="answer" checked="checked" value="2"', answer.text)
        self.assertNotIn("The project is reviewed", answer.text, "nothing of theirs")
        self.assertEqual(self.reload(self.todo), EMPTY)

    def test_form_of_another_session_writes_nothing_until_sent_again(self):
        for token in ("", "forged", "forgedo1"):
            answer = self.post_line(
                self.todo, csrf=False, csrf_token=token, answer="2", comment="Text"
            )
            self.assertEqual(answer.status_code, 200)
            self.assertIn("Your answer is not saved yet", answer.text)
            self.assertIn("Text</textarea>", answer.text)
        self.assertEqual(self.reload(self.todo), EMPTY)

    # --------------------------------------------------------------- live saves

    def test_save(self):
        result = self.save(self.todo, {"level": 0, "comment": "Zero is an answer"})
        self.assertEqual(result["result"]["status"], "saved")
        self.assertEqual(result["result"]["subtheme"], {"scored": 1, "applicable": 1})
        self.assertEqual(self.reload(self.todo)["level"], 0)

    def test_save_conflict(self):
        seen = self.reload(self.line)
        self.line.with_user(self.user_manager).write({"level_id": self.level(1).id})
        result = self.save(self.line, {"level": 2}, seen)["result"]
        self.assertEqual(result["status"], "conflict")
        self.assertEqual(result["author"], self.user_manager.name)
        self.assertEqual(self.reload(self.line)["level"], 1)

    @mute_logger("odoo.http")
    def test_save_refuses_what_is_not_an_answer(self):
        for values in (
            {"level": 9},
            {"level": "abc"},
            {"na_reason": "  "},
            {"na_reason": ["x"]},
        ):
            result = self.save(self.todo, values)
            self.assertEqual(
                result["error"]["data"]["name"], "odoo.exceptions.UserError", values
            )
        self.save(self.todo, {"evaluation_id": 1, "objective_id": 1, "state": "scored"})
        self.assertEqual(self.reload(self.todo), EMPTY)
        self.assertEqual(self.todo.evaluation_id, self.evaluation)

    @mute_logger("odoo.http")
    def test_save_on_a_validated_evaluation(self):
        self.evaluation.action_validate()
        result = self.save(self.todo, {"level": 2})
        self.assertIn("validated", result["error"]["data"]["message"])
        self.assertEqual(self.reload(self.todo), EMPTY)

    @mute_logger("odoo.http")
    def test_save_with_an_expired_session(self):
        self.log_in(None)
        result = self.save(self.todo, {"level": 2})
        self.assertEqual(result["error"]["code"], 100)

    def test_save_takes_few_queries_whatever_the_size(self):
        """The figure promised to the network: 12 at the most."""
        big = {"1": ("theme", "T"), "1.1": ("subtheme", "S"), "1.1.1": ("general", "G")}
        big.update(
            {f"1.1.1.{n}": ("operational", f"Objective {n}") for n in range(1, 151)}
        )
        version = self.make_version(code="BIG", tree=big)
        large = self.make_evaluation(version=version)
        counts = [
            self.count_save_queries(evaluation, line)
            for evaluation, line in (
                (self.evaluation, self.todo),
                (large, large.line_ids[70]),
            )
        ]
        self.assertEqual(counts[0], counts[1], "the size of the evaluation is free")
        self.assertLessEqual(counts[0], 12)

    def count_save_queries(self, evaluation, line):
        """Return the queries of one save, once the server knows the models."""
        self.save(line, {"level": 1}, evaluation=evaluation)
        queries = []
        execute = Cursor.execute

        def record(cursor, query, *args, **kwargs):
            text = str(query)
            if not text.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
                queries.append(text)
            return execute(cursor, query, *args, **kwargs)

        values = {"level": 2, "comment": "Changed"}
        with patch.object(Cursor, "execute", record):
            result = self.save(line, values, {"level": 1}, evaluation=evaluation)
        self.assertEqual(result["result"]["status"], "saved")
        return len(queries)


@tagged("post_install", "-at_install")
class TestPortalResults(PortalCase):
    """The photographie, the end of the evaluation, and what follows."""

    def setUp(self):
        super().setUp()
        self.log_in(self.user_pilot)

    def test_partial(self):
        page = self.open("/results").text
        self.assertIn("The photographie is taking shape", page)
        self.assertIn("Objectives scored: 3 of 5.", page)
        self.assertIn('role="img"', page)

    def test_nothing_scored(self):
        empty = self.make_evaluation(
            self.other_structure, pilots=self.user_pilot.partner_id
        )
        page = self.url_open(f"/my/cap/{empty.id}/results")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Objectives scored: 0 of 6.", page.text)
        self.assertNotIn("0%</strong>", page.text, "nothing scored is not 0%")

    def test_scores_strengths_and_priorities(self):
        for code, action in (("2.1.1.1", "yes"), ("1.1.1.1", "yes"), ("1.1.1.2", "no")):
            self.get_line(self.evaluation, code).progress_action = action
        page = self.open("/results").text
        start = page.index('id="priorities"')
        priorities = page[start:]
        self.assertLess(
            priorities.index("Decisions are known to all"),
            priorities.index("Procedures are explicit"),
            "the lowest level first",
        )
        self.assertNotIn("Everyone takes part", priorities)
        self.assertIn("Everyone takes part", page[page.index('id="strengths"') : start])
        self.assertIn("56%", page)  # (0 + 3 + 2) of 9

    WHOLE = {
        "1.1.1.1": 0,
        "1.1.1.2": 3,
        "1.2.1.1": "na",
        "1.2.1.2": 1,
        "2.1.1.1": 2,
        "2.1.1.2": 2,
    }

    def follow(self, **levels):
        """Return the results of the CAP that follows this one, made whole."""
        self.set_levels(self.evaluation, self.WHOLE)
        self.validate(self.evaluation, on="2024-03-01")
        following = self.evaluation.action_start_next()
        self.set_levels(following, {**self.WHOLE, **levels})
        return unescape(self.url_open(f"/my/cap/{following.id}/results").text)

    def test_path_since_the_first(self):
        page = self.follow(**{"1.1.1.1": 3, "2.1.1.1": 1})
        self.assertIn("The path since the first CAP", page)
        self.assertIn("went from 53% to <strong>67%</strong>", page)
        self.assertIn("2024: 44% (+34 points)", page)
        self.assertIn("2024: 67% (\N{MINUS SIGN}17 points)", page)

    def test_no_evolution_is_stable(self):
        page = self.follow(**{"1.1.1.1": 3})
        self.assertIn("2024: 67% (stable)", page)
        self.assertNotIn("+0", page)

    def test_a_previous_score_of_zero_is_shown(self):
        self.WHOLE = {**self.WHOLE, "2.1.1.1": 0, "2.1.1.2": 0}
        page = self.follow(**{"2.1.1.1": 3, "2.1.1.2": 3})
        self.assertIn("2024: 0% (+100 points)", page)

    def test_no_evolution_is_told_while_it_is_under_way(self):
        page = self.follow(**{"1.1.1.1": 3, "1.2.1.2": 1})
        self.assertIn("2024: 44% (", page)
        following = self.evaluation.next_ids
        self.get_line(following, "1.1.1.1").level_id = False
        page = self.url_open(f"/my/cap/{following.id}/results").text
        self.assertNotIn("went from", page)
        self.assertIn("The structure stands at", page)
        self.assertIn("2024: 67% (stable)", page, "that theme is whole")
        self.assertNotIn("2024: 44% (", page)
        self.assertIn("Objectives scored: 2 of 3", page)

    def test_no_evolution_from_a_part(self):
        self.validate(self.evaluation, on="2024-03-01")
        following = self.evaluation.action_start_next()
        self.set_levels(following, self.WHOLE)
        page = self.url_open(f"/my/cap/{following.id}/results").text
        self.assertNotIn("went from", page)
        self.assertNotIn("% (", page)

    def test_finish_lists_what_remains_and_validates_on_confirmation(self):
        page = self.open("/finish").text
        self.assertIn("Objectives left to do: 2.", page)
        told = page[page.index('id="last_call"') :]
        self.assertIn("2 objectives have no answer. Once validated, nobody can", told)
        self.assertIn(f"{self.url}/{self.todo.id}", page)
        unconfirmed = self.post("/validate")
        self.assertIn("Tick the box", unconfirmed.text)
        self.assertEqual(self.evaluation.state, "consensus")
        done = self.post("/validate", confirmed="1")
        self.assertTrue(done.headers["Location"].endswith("/results"))
        self.assertEqual(self.evaluation.state, "validated")

    def test_validate_with_nothing_scored(self):
        empty = self.make_evaluation(
            self.other_structure, pilots=self.user_pilot.partner_id
        )
        page = self.post(f"/my/cap/{empty.id}/validate", absolute=True, confirmed="1")
        self.assertIn("Nothing is scored", page.text)
        self.assertEqual(empty.state, "consensus")

    def test_validated_is_read_only_and_goes_on(self):
        self.line.comment = "Said aloud"
        self.evaluation.action_validate()
        page = self.open(f"/{self.line.id}").text
        self.assertNotIn("cap-line-form", page)
        self.assertIn("Said aloud", page)
        self.assertIn("This CAP has been validated since", page)
        first = self.post("/next")
        second = self.post("/next")
        self.assertEqual(first.headers["Location"], second.headers["Location"])
        self.assertEqual(len(self.evaluation.next_ids), 1)
        self.assertEqual(self.evaluation.next_ids.state, "consensus")

    def test_the_next_one_is_gone_on_with_once_open(self):
        self.validate(self.evaluation, on="2026-02-01")
        page = self.open("/results").text
        self.assertIn("Start the next CAP", page)
        self.assertIn("your last levels show beside it", page)
        self.post("/next")
        page = self.open("/results").text
        self.assertNotIn("Start the next CAP", page)
        button = page[: page.index("Continue the CAP under way")]
        self.assertIn("btn-outline", button[button.rindex("<button") :])

    def test_a_former_pilot_starts_and_joins_nothing(self):
        """Taken off the last CAP, they still read an old one: it leads no further."""
        former = self.user_portal.partner_id
        self.evaluation.pilot_ids |= former
        self.validate(self.evaluation, on="2025-02-01")
        last = self.evaluation.action_start_next()
        last.pilot_ids -= former
        for state in ("open", "validated"):
            self.log_in(self.user_portal)
            with self.subTest(state=state):
                self.assertNotIn("/next", self.open("/results").text)
                self.assertEqual(self.post("/next").status_code, 404)
                self.assertFalse(last.next_ids)
            # Nor does staff who go on from the old one bring them back.
            following = self.evaluation.with_user(self.user_manager).action_start_next()
            self.assertNotIn(former, following.pilot_ids)
            self.assertIn(self.user_pilot.partner_id, following.pilot_ids)
            if state == "open":
                self.assertEqual(following, last)
                self.set_levels(last, {"1.1.1.1": 2})
                self.validate(last, on="2026-02-01")

    def test_two_of_one_year_have_two_names(self):
        self.validate(self.evaluation, on="2026-02-01")
        following = self.evaluation.action_start_next()
        page = self.url_open("/my/cap").text
        self.assertIn("TEST 2026, under way", page)
        page = " ".join(self.url_open(f"/my/cap/{following.id}").text.split())
        self.assertIn("Atelier des Tests, TEST 2026, under way", page)
        self.assertIn("TEST 2026, under way · ", page)
        page = self.open("/results").text
        self.assertNotIn("under way</li>", page)
        self.assertIn("TEST 2026 · validated on", page)

    def get_button(self, page, words):
        """Return the class of the button or link that says ``words``."""
        head = page[: page.index(words)]
        tag = head[max(head.rfind("<a "), head.rfind("<button")) :]
        return tag.partition('class="')[2].partition('"')[0]

    def test_with_much_left_to_do_validating_is_not_the_main_thing(self):
        page = " ".join(self.open("/finish").text.split())
        self.assertIn("btn-primary", self.get_button(page, "Go on with the next"))
        self.assertIn(
            "btn-outline", self.get_button(page, "Validate this CAP</button>")
        )
        self.set_levels(self.evaluation, self.WHOLE)
        page = " ".join(self.open("/finish").text.split())
        self.assertNotIn("Go on with the next", page)
        self.assertIn(
            "btn-primary", self.get_button(page, "Validate this CAP</button>")
        )

    def test_the_next_cap_is_not_the_main_thing_nine_days_after(self):
        for days, kind in ((9, "btn-outline"), (200, "btn-primary")):
            day = fields.Date.today() - timedelta(days=days)
            self.validate(self.evaluation, on=str(day))
            page = self.open(f"/{self.line.id}").text
            self.assertIn(kind, self.get_button(page, "Start the next CAP"), days)
            self.env.cr.execute(
                "UPDATE cap_evaluation SET state = 'consensus' WHERE id = %s",
                [self.evaluation.id],
            )
            self.env.invalidate_all()

    def test_a_start_is_taken_back_while_nothing_is_written(self):
        self.validate(self.evaluation, on="2024-03-01")
        self.post("/next")
        following = self.evaluation.next_ids
        url = f"/my/cap/{following.id}"
        self.assertIn("Cancel this CAP", self.url_open(url).text)
        following.line_ids[0].comment = "Said"
        self.assertNotIn("Cancel this CAP", self.url_open(url).text)
        self.post(f"{url}/cancel", absolute=True)
        self.assertEqual(following.state, "consensus", "something is written")
        following.line_ids[0].comment = False
        self.log_in(self.user_other_pilot)
        self.assertEqual(self.post(f"{url}/cancel", absolute=True).status_code, 404)
        self.log_in(self.user_pilot)
        self.post(f"{url}/cancel", absolute=True)
        self.assertEqual(following.state, "cancelled")
        self.post("/next")
        self.assertEqual(
            self.evaluation.next_ids.filtered("is_open").state, "consensus"
        )

    def test_what_a_campaign_opened_is_not_cancelled_by_its_pilot(self):
        campaign = self.env["cap.campaign"].create(
            {"name": "All", "version_id": self.version.id}
        )
        evaluation = self.make_evaluation(
            self.other_structure,
            pilots=self.user_pilot.partner_id,
            campaign_id=campaign.id,
        )
        self.assertFalse(evaluation._can_cancel_start())

    def test_next_needs_a_validated_one(self):
        self.assertEqual(self.post("/next").status_code, 404)
