import doctest

from lxml import html

from odoo.tests import HttpCase, tagged

from ..controllers.pages import position
from .common import NetworkCommon

TOO_SMALL = "This group is too small to be shown"
LAST_YEAR = "2025-04-01"
OTHERS = {
    "1.1.1.1": 1,
    "1.1.1.2": 1,
    "1.2.1.1": 2,
    "1.2.1.2": 2,
    "2.1.1.1": 2,
    "2.1.1.2": 3,
}


@tagged("post_install", "-at_install")
class TestPortalPosition(NetworkCommon, HttpCase):
    """The page "Where we stand", for each kind of person."""

    def test_doctests(self):
        result = doctest.testmod(position)
        self.assertTrue(result.attempted)
        self.assertFalse(result.failed)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.evaluation = cls.make_evaluation(
            cls.structure,
            {"1.1.1.1": 3, "1.1.1.2": 3, "2.1.1.1": 0, "2.1.1.2": 0},
            pilots=cls.user_pilot.partner_id,
        )
        cls.validate(cls.evaluation, LAST_YEAR)
        cls.url = f"/my/cap/{cls.evaluation.id}/position"

    def open(self, login, query=""):
        """Return the page as ``login`` sees it, and its status."""
        self.authenticate(login, login)
        answer = self.url_open(self.url + query)
        return html.fromstring(answer.content), answer.status_code

    def get_text(self, page):
        return " ".join(page.text_content().split())

    def add_others(self, count=20, on=LAST_YEAR, **values):
        """Validate the CAP of ``count`` other structures, last year."""
        return self.make_validated(count, OTHERS, on=on, **values)

    def test_pilot_sees_where_the_structure_stands(self):
        self.add_others(region=self.region_b)
        page, status = self.open("cap_pilot")
        self.assertEqual(status, 200)
        text = self.get_text(page)
        self.assertIn("20 structures · 2025", text)
        self.assertIn("100% (2 of 2), after the middle half: you can help", text)
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
        self.assertEqual(len(tables), 2)  # themes, sub-themes; halves say it all
        row = page.xpath("//th[normalize-space()='1 Identity']/..")[0]
        cells = [cell.text_content().strip() for cell in row.xpath("./td")]
        self.assertEqual(cells, ["100%", "2/4", "50%", "50%", "50%", "50%", "20"])

    def test_no_two_regions_of_one_name(self):
        self.add_others(30)
        page, _status = self.open("cap_pilot")
        names = page.xpath("//*[@role='region']/@aria-label")
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual(len(names), 3)

    def test_small_group_is_refused_without_a_number(self):
        self.add_others(8)
        page, status = self.open("cap_pilot")
        text = self.get_text(page)
        self.assertEqual(status, 200)
        self.assertIn(TOO_SMALL, text)
        self.assertNotRegex(text, r"[89] structures")
        self.assertFalse(page.xpath("//div[@class='cap-track']"))

    def test_widen_the_group(self):
        self.add_others(10, region=self.region_b)
        page, _status = self.open("cap_pilot", f"?region={self.region_a.id}&year=2025")
        self.assertIn(TOO_SMALL, self.get_text(page))
        (link,) = page.xpath("//div[contains(@class, 'cap-note')]//a")
        self.assertEqual(link.text_content().strip(), "All regions")
        self.assertEqual(link.get("href"), f"{self.url}?year=2025")

    def test_group_chosen_by_a_plain_form(self):
        self.add_others(12, region=self.region_b)
        self.add_others(11, region=self.region_a)
        page, _status = self.open("cap_pilot", f"?region={self.region_b.id}")
        self.assertIn("12 structures · Region B · 2025", self.get_text(page))
        (chosen,) = page.xpath("//select[@name='region']/option[@selected]")
        self.assertEqual(chosen.text_content().strip(), "Region B")
        (form,) = page.xpath("//form[.//select[@name='region']]")
        self.assertEqual(form.get("method"), "get")

    def test_mean_alone_under_twenty(self):
        self.add_others(19)
        page, _status = self.open("cap_pilot")
        self.assertFalse(page.xpath("//span[@class='cap-track__mid']"))
        self.assertTrue(page.xpath("//span[@class='cap-track__mean']"))
        text = self.get_text(page)
        self.assertIn("the group's mean is 50%", text)
        self.assertIn("the group's mean is 67% or more", text)  # all at 67 or over

    def test_no_place_under_half_of_coverage(self):
        """Two of four is a half, and gets a place; one of two of 2.1 as well."""
        self.add_others()
        opened = self.make_evaluation(
            self.structure, {"1.1.1.1": 3}, pilots=self.user_pilot.partner_id
        )
        self.url = f"/my/cap/{opened.id}/position"
        page, _status = self.open("cap_pilot")
        text = self.get_text(page)
        self.assertIn("100% (1 of 4), less than half is scored", text)
        self.assertIn("100% (1 of 2), after the middle half", text)

    def test_one_objective(self):
        query = f"?objective={self.objectives['1.1.1.1'].id}"
        self.add_others(18)
        page, _status = self.open("cap_pilot", query)
        self.assertIn(
            "It takes 20 structures to show the two halves", self.get_text(page)
        )
        self.add_others(1)
        page, _status = self.open("cap_pilot", query)
        halves = page.xpath("//div[@class='cap-halves']/span")
        self.assertEqual(
            [self.get_text(half) for half in halves],
            ["90% or more levels 0, 1", "10% or less levels 2, 3"],
        )
        self.add_others(10)
        page, _status = self.open("cap_pilot", query)
        text = self.get_text(page)
        self.assertIn("Share of 30 structures at each level. You: level 3", text)
        row = page.xpath("//details//tr[th[contains(., 'Begun')]]/td")
        self.assertEqual(row[0].text_content(), "80% or more")

    def test_odd_address_is_harmless(self):
        self.add_others()
        for query in (
            "?region=abc",
            "?region=999999",
            "?type=999999",
            "?region=99999999999",
            "?size=giant",
            "?year=0",
            "?year=2026",
            "?year=²",
            "?objective=²",
            f"?region={'9' * 5000}",
            "?domain=[('id','=',1)]",
            "?objective=-3",
            "?type=1 or 1=1",
        ):
            with self.subTest(query=query):
                page, status = self.open("cap_pilot", query)
                self.assertEqual(status, 200)
                self.assertIn("20 structures", self.get_text(page))

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

    def test_evaluation_under_way_is_beside_and_not_among(self):
        self.add_others()
        opened = self.make_evaluation(
            self.structure, {"1.1.1.1": 2}, pilots=self.user_pilot.partner_id
        )
        self.authenticate("cap_pilot", "cap_pilot")
        page = html.fromstring(self.url_open(f"/my/cap/{opened.id}/position").content)
        text = self.get_text(page)
        self.assertIn("Your CAP is compared with the last year that is over", text)
        self.assertIn("20 structures · 2025", text)

    def test_each_year_apart(self):
        """A year's CAPs are compared with that year's, when asked."""
        self.add_others()
        self.add_others(11, on="2024-04-01")
        page, _status = self.open("cap_pilot", "?year=2024")
        self.assertIn("11 structures · 2024", self.get_text(page))
        years = page.xpath("//select[@name='year']/option")
        self.assertEqual([y.text_content() for y in years], ["2025", "2024"])
        (chosen,) = [year for year in years if year.get("selected")]
        self.assertEqual(chosen.get("value"), "2024")

    def test_no_year_is_over(self):
        evaluation = self.make_evaluation(
            self.structure,
            {"1.1.1.1": 1},
            version=self.weighted,
            pilots=self.user_pilot.partner_id,
        )
        self.url = f"/my/cap/{evaluation.id}/position"
        page, status = self.open("cap_pilot")
        self.assertEqual(status, 200)
        self.assertIn("There is no year to compare with yet", self.get_text(page))

    def test_choice_is_kept_from_one_form_to_the_other(self):
        self.add_others(12, region=self.region_b)
        self.add_others(11, region=self.region_a)
        objective = self.objectives["1.1.1.2"].id
        page, _status = self.open(
            "cap_pilot", f"?region={self.region_b.id}&objective={objective}"
        )
        kept = page.xpath("//form[.//select[@name='objective']]//input/@value")
        self.assertEqual(kept, [str(self.region_b.id)])
        kept = page.xpath("//form[.//select[@name='region']]//input/@value")
        self.assertEqual(kept, [str(objective)])

    def test_few_queries(self):
        """At most ten more than the portal's own home, however large the network."""
        self.add_others(30, region=self.region_b)
        self.authenticate("cap_pilot", "cap_pilot")
        home, page = (self.count_page(url) for url in ("/my", self.url))
        self.assertLessEqual(page, home + 10)

    def count_page(self, url):
        """Return the queries of a page that the server has answered before."""
        self.url_open(url)
        return self.count_queries(lambda: self.url_open(url))

    def test_in_french(self):
        """Not an English word in what this page says, the refusal included."""
        self.user_pilot.lang = "fr_FR"
        self.add_others(3)
        page, _status = self.open("cap_pilot")
        text = self.get_text(page)
        self.assertIn("Ce groupe est trop petit pour être montré", text)
        self.assertIn("Il faut 10 structures", text)
        self.add_others(30)
        page, _status = self.open("cap_pilot")
        text = self.get_text(page)
        self.assertIn("Se situer parmi d'autres structures", text)
        self.assertIn("100 % (2 sur 2), après la moitié centrale", text)
        for english in ("Compare ", "median", "You ", "objective", "Read this", " or "):
            self.assertNotIn(english, text)
