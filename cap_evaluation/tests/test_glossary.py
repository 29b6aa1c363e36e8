"""Words explained where they are read: on the page and in the PDF."""

import doctest
import io
import re
from html import unescape

from pypdf import PdfReader

from odoo.tests import BaseCase, HttpCase, tagged

from odoo.addons.cap_evaluation.kernel import glossary
from odoo.addons.cap_evaluation.kernel.glossary import Explainer, Glossary, Term

from .common import CapCommon

NAMES = (
    "AI",
    "FSE+",
    "ESS",
    "CAP",
    "CAP RSE",
    "Salarié-e en parcours",
    "Parcours d'insertion",
    "Insertion",
    "Marché",
    "Prescripteur-trice",
    "Non-conformité",
)
BROKEN = "Parcours\N{NO-BREAK SPACE}d'insertion"
FOUND = (
    ("une AI et des AI", ["AI", "AI"]),
    ("J'ai, ai, l'AI.", ["AI"]),
    ("la MAISON, une AIR, AI-X", []),
    ("le FSE+ (FSE)", ["FSE+"]),
    ("le CAP RSE puis le CAP", ["CAP RSE", "CAP"]),
    ("un parcours d’insertion", ["parcours d’insertion"]),
    (
        "Parcours\N{NO-BREAK SPACE}d'insertion",
        ["Parcours\N{NO-BREAK SPACE}d'insertion"],
    ),
    ("l'insertion, réinsertion, insertions", ["insertion", "insertions"]),
    ("salarié-e-s en parcours", ["salarié-e-s en parcours"]),
    ("Salariés en parcours", ["Salariés en parcours"]),
    ("la marche, les marchés", ["marchés"]),
    (
        "prescripteur-trice-s et prescripteurs",
        ["prescripteur-trice-s", "prescripteurs"],
    ),
    ("non-conformités, conformité", ["non-conformités"]),
    ("", []),
)


@tagged("post_install", "-at_install")
class TestGlossaryWords(BaseCase):
    def make(self, *names):
        return Glossary(Term(n, name, "?") for n, name in enumerate(names, 1))

    def test_arithmetic(self):
        self.assertEqual(doctest.testmod(glossary).failed, 0)

    def test_table(self):
        words = self.make(*NAMES)
        for text, expected in FOUND:
            with self.subTest(text=text):
                found = [text[start:end] for start, end, _term in words.find(text)]
                self.assertEqual(found, expected)

    def test_an_empty_glossary_finds_nothing(self):
        self.assertEqual(self.make().find("a text"), [])
        self.assertEqual(self.make(" ").find("a text"), [])

    def test_each_once_and_a_handful(self):
        names = ("one", "two", "three", "four", "five", "six")
        explain = Explainer(self.make(*names))
        marked = [explain.mark(" ".join(names)), explain.mark("six, one")]
        self.assertEqual([text.count("<a ") for text in marked], [5, 0])
        self.assertEqual([term.name for term in explain.terms], list(names[:5]))

    def test_the_text_stays_verbatim(self):
        explain = Explainer(self.make(*NAMES), note="footnote")
        for text, _found in (*FOUND, ('<b>AI</b> & "x" externe*, 2*3', ())):
            with self.subTest(text=text):
                marked = explain.mark(text)
                self.assertEqual(unescape(re.sub(r"</?a\b[^>]*>", "", marked)), text)

    def test_hostile_terms_and_texts(self):
        names = ("<script>x</script>", 'a" onclick="y', "(", "a|b", "\\d+", "[^")
        explain = Explainer(self.make(*names), limit=20, note='n" onclick="z')
        marked = explain.mark(" ".join([*names, "123", "word*"]))
        self.assertNotIn("<script", marked)
        tags = re.findall(r"<[^>]*>", marked)
        self.assertEqual({tag.partition(" ")[0] for tag in tags}, {"<a", "</a>"})
        self.assertFalse([tag for tag in tags if 'onclick="' in tag])
        self.assertNotIn("123</a>", marked)

    def test_a_word_marked_with_a_star_opens_the_footnote(self):
        words = self.make("externe")
        self.assertIn(
            'l&#x27;<a class="cap-term" href="#footnote" aria-describedby="footnote">'
            "externe*</a>",
            Explainer(words, note="footnote").mark("à l'externe*"),
        )
        self.assertNotIn("footnote", Explainer(words).mark("à l'externe*"))


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
