"""Which words of a text a glossary explains, whatever their form."""

import re
from html import unescape

from odoo.tests import BaseCase, tagged

from ..kernel.glossary import Explainer, Glossary, Term

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

    def test_table(self):
        words = self.make(*NAMES)
        for text, expected in FOUND:
            with self.subTest(text=text):
                found = [text[start:end] for start, end, _term in words.find(text)]
                self.assertEqual(found, expected)

    def test_forms_of_a_term(self):
        """a term -> texts, and what is found in them."""
        for name, text, expected in (
            ("Élus", "un élu, des Élus, élux", ["élu", "Élus", "élux"]),
            ("Lieux", "un lieu, des lieux", ["lieu", "lieux"]),
            ("Bus", "un bu, un bus", ["bus"]),
            ("As", "a, as", ["as"]),
            ("L'ESS", "l'ess, L’ESS", ["L’ESS"]),
            ("L’ESS", "L'ESS", ["L'ESS"]),
            ("l'eau", "L’eau, l'eaux", ["L’eau", "l'eaux"]),
            ("(x)", "un (x), a(x)", ["(x)"]),
            ("2 x 3", "un 2 x 3, des 2  x 3", ["2 x 3", "2  x 3"]),
            (
                "co-pilote",
                "co-pilote, co\u2011pilotes",
                ["co-pilote", "co\u2011pilotes"],
            ),
        ):
            with self.subTest(name=name, text=text):
                found = self.make(name).find(text)
                self.assertEqual(
                    [text[start:end] for start, end, _t in found], expected
                )

    def test_signs_that_begin_terms(self):
        words = self.make("(x)", "&c", "[y", "mot")
        text = "(x) &c [y mot"
        found = [text[start:end] for start, end, _term in words.find(text)]
        self.assertEqual(found, ["(x)", "&c", "[y", "mot"])

    def test_the_longest_first(self):
        """Whatever the order in which they were given."""
        text = "un plan d'action commun"
        names = ["Plan", "Plan d'action", "Plan d'action commun", "Plan d'act"]
        for order in (names, names[::-1], [names[2], names[0], names[1]]):
            (found,) = self.make(*order).find(text)
            self.assertEqual((found[0], found[1], found[2].name), (3, 23, names[2]))

    def test_terms_of_the_same_writing(self):
        """The first in the order of the signs."""
        for names in (("Bilan", "bilan"), ("bilan", "Bilan")):
            (found,) = self.make(*names).find("un bilan")
            self.assertEqual(found[2].name, "Bilan")

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
        self.assertEqual(
            Explainer(self.make()).mark("à l'externe*"), "à l&#x27;externe*"
        )
        marked = Explainer(self.make("AI"), note="note").mark("mot*AI")
        self.assertEqual(re.findall(r'href="(.*?)"', marked), ["#note", "#term-1"])

    def test_a_term_explained_before_hides_no_other(self):
        explain = Explainer(self.make("one", "two"))
        marked = explain.mark("one one two")
        self.assertEqual(re.findall(r'href="(.*?)"', marked), ["#term-1", "#term-2"])
