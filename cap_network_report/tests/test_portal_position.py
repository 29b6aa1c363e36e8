from lxml import html

from odoo.tests import HttpCase, tagged

from .common import NetworkCommon

TOO_SMALL = "This group is too small to be shown"


@tagged("post_install", "-at_install")
class TestPortalPosition(NetworkCommon, HttpCase):
    """The page "Where we stand", for each kind of person."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.evaluation = cls.make_evaluation(
            cls.structure,
            {"1.1.1.1": 3, "1.1.1.2": 3, "2.1.1.1": 0},
            pilots=cls.user_pilot.partner_id,
        )
        cls.validate(cls.evaluation)
        cls.url = f"/my/cap/{cls.evaluation.id}/position"

    def open(self, login, query=""):
        """Return the page as ``login`` sees it, and its status."""
        self.authenticate(login, login)
        answer = self.url_open(self.url + query)
        return html.fromstring(answer.content), answer.status_code

    def get_text(self, page):
        return " ".join(page.text_content().split())

    def add_others(self, count=11, **values):
        """Validate the CAP of ``count`` other structures."""
        levels = {"1.1.1.1": 1, "1.1.1.2": 1, "1.2.1.1": 2, "2.1.1.1": 2}
        return self.make_validated(count, levels, **values)

    def test_pilot_sees_where_the_structure_stands(self):
        self.add_others(region=self.region_b)
        page, status = self.open("cap_pilot")
        self.assertEqual(status, 200)
        text = self.get_text(page)
        self.assertIn("12 structures", text)
        self.assertIn("100% (2 of 2), above three", text)
        self.assertIn("Nothing scored on your side", text)  # 1.2
        tracks = page.xpath("//div[@class='cap-track']")
        self.assertEqual(len(tracks), 5)  # two themes, three sub-themes
        # nobody is named
        self.assertNotIn("Structure 1", text)

    def test_zero_is_drawn_and_nothing_is_not(self):
        self.add_others()
        page, _status = self.open("cap_pilot")
        marks = page.xpath("//span[@class='cap-track__me']/@style")
        self.assertEqual(len(marks), 4)  # none for 1.2
        self.assertEqual(marks.count("left:0%"), 2)  # theme 2 and sub-theme 2.1

    def test_tables_beside_the_drawings(self):
        self.add_others()
        page, _status = self.open("cap_pilot")
        tables = page.xpath("//details//table")
        self.assertEqual(len(tables), 3)  # themes, sub-themes, one objective
        row = page.xpath("//th[normalize-space()='1.1 Values']/..")[0]
        cells = [cell.text_content().strip() for cell in row.xpath("./td")]
        self.assertEqual(cells, ["100%", "2/2", "39%", "33%", "33%", "33%", "12"])

    def test_small_group_is_refused_without_a_number(self):
        self.add_others(3)
        page, status = self.open("cap_pilot")
        text = self.get_text(page)
        self.assertEqual(status, 200)
        self.assertIn(TOO_SMALL, text)
        self.assertNotIn("4 structures", text)
        self.assertFalse(page.xpath("//div[@class='cap-track']"))

    def test_widen_the_group(self):
        self.add_others(8, region=self.region_b)
        page, _status = self.open("cap_pilot", f"?region={self.region_a.id}&year=2026")
        self.assertIn(TOO_SMALL, self.get_text(page))
        (link,) = page.xpath("//div[contains(@class, 'cap-note')]//a")
        self.assertEqual(link.text_content().strip(), "All regions")
        self.assertEqual(link.get("href"), f"{self.url}?year=2026")

    def test_group_chosen_by_a_plain_form(self):
        self.add_others(9, region=self.region_b)
        self.add_others(5, region=self.region_a)
        page, _status = self.open("cap_pilot", f"?region={self.region_b.id}")
        self.assertIn("9 structures · Region B · 2026", self.get_text(page))
        (chosen,) = page.xpath("//select[@name='region']/option[@selected]")
        self.assertEqual(chosen.text_content().strip(), "Region B")
        (form,) = page.xpath("//form[.//select[@name='region']]")
        self.assertEqual(form.get("method"), "get")

    def test_mean_alone_under_ten(self):
        self.add_others(5)
        page, _status = self.open("cap_pilot")
        self.assertFalse(page.xpath("//span[@class='cap-track__mid']"))
        self.assertIn("the group's mean is 44%", self.get_text(page))

    def test_one_objective(self):
        self.add_others(9)
        query = f"?objective={self.objectives['1.1.1.1'].id}"
        page, _status = self.open("cap_pilot", query)
        text = self.get_text(page)
        self.assertIn("Share of 10 structures at each level. You: level 3.", text)
        (stack,) = page.xpath("//div[@class='cap-stack']")
        self.assertEqual(stack.text_content().split(), ["90%", "10%"])

    def test_odd_address_is_harmless(self):
        self.add_others(9)
        for query in (
            "?region=abc",
            "?region=999999",
            "?type=999999",
            "?region=99999999999",
            "?size=giant",
            "?year=0",
            "?domain=[('id','=',1)]",
            "?objective=-3",
            "?type=1 or 1=1",
        ):
            with self.subTest(query=query):
                page, status = self.open("cap_pilot", query)
                self.assertEqual(status, 200)
                self.assertIn("10 structures", self.get_text(page))

    def test_others_are_told_the_page_is_not_accessible(self):
        for login in (
            "cap_other_pilot",
            "cap_portal",
            "cap_employee",
            "cap_other_animator",
        ):
            with self.subTest(login=login):
                page, status = self.open(login)
                self.assertEqual(status, 404)
                self.assertIn("This page is not accessible", self.get_text(page))

    def test_staff_of_the_region_may_look(self):
        self.add_others(9)
        for login in ("cap_animator", "cap_manager"):
            with self.subTest(login=login):
                _page, status = self.open(login)
                self.assertEqual(status, 200)

    def test_visitor_signs_in_first(self):
        self.authenticate(None, None)
        self.assertIn("/web/login", self.url_open(self.url).url)

    def test_tab(self):
        self.add_others(5)
        self.authenticate("cap_pilot", "cap_pilot")
        page = html.fromstring(
            self.url_open(f"/my/cap/{self.evaluation.id}/results").content
        )
        (tab,) = page.xpath(f"//nav[contains(@class,'cap-tabs')]/a[@href='{self.url}']")
        self.assertIsNone(tab.get("aria-current"))
        page, _status = self.open("cap_pilot")
        (tab,) = page.xpath(f"//nav[contains(@class,'cap-tabs')]/a[@href='{self.url}']")
        self.assertEqual(tab.get("aria-current"), "page")

    def test_open_evaluation_is_beside_and_not_among(self):
        others = self.add_others(5)
        opened = self.make_evaluation(
            self.structure, {"1.1.1.1": 2}, pilots=self.user_pilot.partner_id
        )
        self.authenticate("cap_pilot", "cap_pilot")
        page = html.fromstring(self.url_open(f"/my/cap/{opened.id}/position").content)
        text = self.get_text(page)
        self.assertIn("Your CAP is not validated yet", text)
        self.assertIn(f"{len(others) + 1} structures", text)

    def test_each_year_apart(self):
        """Last year's CAPs are compared with last year's, when asked."""
        self.add_others(9)
        self.make_validated(6, {"1.1.1.1": 0}, on="2025-04-01")
        page, _status = self.open("cap_pilot", "?year=2025")
        self.assertIn("6 structures · 2025", self.get_text(page))
        years = page.xpath("//select[@name='year']/option")
        self.assertEqual([y.text_content() for y in years], ["2026", "2025"])
        (chosen,) = [year for year in years if year.get("selected")]
        self.assertEqual(chosen.get("value"), "2025")

    def test_choice_is_kept_from_one_form_to_the_other(self):
        self.add_others(9, region=self.region_b)
        self.add_others(5, region=self.region_a)
        objective = self.objectives["1.1.1.2"].id
        page, _status = self.open(
            "cap_pilot", f"?region={self.region_b.id}&objective={objective}"
        )
        kept = page.xpath("//form[.//select[@name='objective']]//input/@value")
        self.assertEqual(kept, [str(self.region_b.id)])
        kept = page.xpath("//form[.//select[@name='region']]//input/@value")
        self.assertEqual(kept, [str(objective)])

    def test_in_french(self):
        """Not an English word in what this page says, the refusal included."""
        self.user_pilot.lang = "fr_FR"
        self.add_others(3)
        page, _status = self.open("cap_pilot")
        text = self.get_text(page)
        self.assertIn("Ce groupe est trop petit pour être montré", text)
        self.assertIn("Il faut 5 structures", text)
        self.add_others(9)
        page, _status = self.open("cap_pilot")
        text = self.get_text(page)
        self.assertIn("Se situer parmi d'autres structures", text)
        self.assertIn("100 % (2 sur 2), au-dessus de trois structures", text)
        for english in ("Compare ", "median", "You ", "objective", "Read this"):
            self.assertNotIn(english, text)
