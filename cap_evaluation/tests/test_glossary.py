"""Words explained where they are read: on the page and in the PDF."""

import io
import re
from unittest.mock import patch

from pypdf import PdfReader

from odoo.tests import BaseCase, HttpCase, tagged

from ..kernel.glossary import Glossary, Term
from .common import CapCommon


@tagged("post_install", "-at_install")
class TestGlossaryShown(CapCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.objective = cls.objectives["1.1.1.1"]
        cls.env["cap.glossary.term"].create(
            [
                {
                    "name": "decision",
                    "definition": "What <b>binds</b> everybody.",
                    "lang": "en_US",
                },
                {"name": "known", "definition": "Wrong language.", "lang": "fr_FR"},
            ]
        )
        cls.objective.footnote = "Those who work here."
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE cap_objective SET name = %s WHERE id = %s",
            ["Decisions are known to all*", cls.objective.id],
        )
        cls.env.invalidate_all()
        cls.evaluation = cls.make_evaluation(pilots=cls.user_pilot.partner_id)
        cls.line = cls.get_line(cls.evaluation, "1.1.1.1")

    def open(self):
        self.authenticate("cap_pilot", "cap_pilot")
        answer = self.url_open(f"/my/cap/{self.evaluation.id}/{self.line.id}")
        self.assertEqual(answer.status_code, 200)
        return " ".join(answer.text.split())

    def test_page(self):
        page = self.open()
        term = self.env["cap.glossary.term"].search([("name", "=", "decision")])
        self.assertIn(
            f'<a class="cap-term" href="#term-{term.id}" '
            f'aria-describedby="term-{term.id}">Decisions</a> are known to',
            page,
        )
        self.assertIn(f'id="term-{term.id}"', page)
        self.assertIn("What &lt;b&gt;binds&lt;/b&gt; everybody.", page)
        self.assertNotIn("Wrong language.", page)
        self.assertIn('aria-describedby="footnote">all*</a>', page)
        self.assertRegex(page, r'id="footnote"[^>]*>\* Those who work here.')

    def test_page_follows_the_glossary(self):
        self.open()
        term = self.env["cap.glossary.term"].search([("name", "=", "decision")])
        term.definition = "Another meaning."
        self.assertIn("Another meaning.", self.open())
        term.unlink()
        self.assertNotIn('href="#term-', self.open())

    def test_pdf(self):
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        self.env["ir.config_parameter"].set_param("report.url", self.base_url())
        content, _kind = report._render_qweb_pdf(
            "cap_evaluation.action_report_photographie", self.evaluation.ids
        )
        pages = PdfReader(io.BytesIO(content)).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
        for expected in (
            "Decisions are known to all*",
            "* Those who work here.",
            "the words explained",
            "What <b>binds</b> everybody.",
        ):
            self.assertIn(expected, text)

    def test_known_by_language_in_one_query_then_none(self):
        terms = self.env["cap.glossary.term"].with_user(self.user_pilot)
        self.env.registry.clear_cache()
        found, costs = [], []

        def collect(lang):
            found.append(terms._get_glossary(lang).collect(["decisions known"])[0].name)

        for lang in ("en_US", "en_US", "fr_FR"):
            costs.append(
                self.count_queries(lambda lang=lang: collect(lang), cold=False)
            )
        self.assertEqual(costs, [1, 0, 1])
        self.assertEqual(found, ["decision", "decision", "known"])


@tagged("post_install", "-at_install")
class TestGlossaryCost(BaseCase):
    def test_only_terms_that_begin_alike_are_tried(self):
        """500 terms cost 1.3 s for the 120 wordings of a page when all were tried."""
        names = [f"mot{number} partagé" for number in range(8000)]
        glossary = Glossary(Term(n, name, "") for n, name in enumerate(names))
        with patch.object(re, "compile", wraps=re.compile) as compiled:
            found = glossary.find("Un mot42 partagé, des mot7 partagés : mot9 d'ordre")
        self.assertEqual([term.key for *_span, term in found], [42, 7])
        self.assertLess(compiled.call_count, 10)

    def test_the_longest_wins_whatever_begins_it(self):
        terms = ("A", "A B", "AB", "(x)", "mise", "mises en place", "l'ESS", "ESS")
        glossary = Glossary(Term(n, name, "") for n, name in enumerate(terms))
        for text, expected in (
            ("A B", ["A B"]),
            ("AB", ["AB"]),
            ("une Mise en place", ["mises en place"]),
            ("une mise à jour (x)", ["mise", "(x)"]),
            ("de l’ESS et l'ESS, ESS", ["l'ESS", "l'ESS", "ESS"]),
            ("commise AI-A", []),
        ):
            with self.subTest(text=text):
                found = [term.name for *_span, term in glossary.find(text)]
                self.assertEqual(found, expected)
