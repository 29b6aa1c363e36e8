"""Where a line may not be broken: signs, and inclusive forms."""

from odoo.tests import BaseCase

from ..kernel.typography import set_text, tie


class TestTypography(BaseCase):
    def test_signs(self):
        """ "_" stands for the space that may not be broken."""
        for text, expected in (
            ("a : b ; c ! d ? e % f", "a_: b_; c_! d_? e_% f"),
            ("« a » b", "«_a_» b"),
            ("a :)", "a_:)"),
            ("a :b ?c", "a :b ?c"),
            (" : a", " : a"),
            ("a  : b", "a  : b"),
            ("« ", "« "),
        ):
            with self.subTest(text=text):
                self.assertEqual(tie(text).replace("\u00a0", "_"), expected)

    def test_inclusive_forms(self):
        for word in ("salarié-e", "Salarié·e·s", "ACTEUR-RICE", "prêt.e.s", "un-e-s"):
            with self.subTest(word=word):
                self.assertEqual(
                    set_text(f"les {word} !"),
                    f'les <span class="text-nowrap">{word}</span>\u00a0!',
                )

    def test_other_words_stay_as_they_are(self):
        for text in ("peut-être", "3-e", "salarié-e-x", "a.b", "est-il", "a e"):
            with self.subTest(text=text):
                self.assertEqual(set_text(text), text)

    def test_markup_is_escaped_quotes_are_not(self):
        self.assertEqual(set_text("<i> & \"a\" 'b'"), "&lt;i&gt; &amp; \"a\" 'b'")
