"""What a typed text becomes, sign by sign."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from odoo.tests import BaseCase

from ..kernel.text import fold, one_line, shorten, storable, typed

ANY = st.text(st.characters(min_codepoint=0, max_codepoint=0x2FFF))


class TestText(BaseCase):
    def test_signs_that_cannot_be_kept(self):
        for code in (*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xD800, 0xDFFF):
            with self.subTest(code=hex(code)):
                self.assertEqual(storable(f"a{chr(code)}b"), "ab")
        for kept in ("\t", "\n", " ", "!", "~", "é", "\u200b", "\U0001f600"):
            with self.subTest(kept=kept):
                self.assertEqual(storable(f"a{kept}b"), f"a{kept}b")

    def test_line_ends(self):
        self.assertEqual(storable("a\r\nb\rc\nd\n\re"), "a\nb\nc\nd\n\ne")

    def test_what_is_no_text(self):
        for value in (None, False, 0, 3.5, b"bytes", ["a"]):
            with self.subTest(value=value):
                self.assertEqual(storable(value), "")
                self.assertEqual(typed(value), "")
                self.assertEqual(one_line(value), "")

    @given(ANY)
    def test_kept_texts(self, text):
        kept = storable(text)
        kept.encode()  # no half of a surrogate pair
        self.assertEqual(kept, unicodedata.normalize("NFC", kept))
        self.assertEqual(storable(kept), kept)
        self.assertEqual(typed(typed(text)), typed(text))
        self.assertEqual(one_line(one_line(text)), one_line(text))
        self.assertNotRegex(one_line(text), r"[\n\t]|\s\s|^\s|\s$")

    def test_one_line(self):
        self.assertEqual(one_line("\ufeff a\u200bb \n\t c\u00ad\u2028 "), "ab c")
        self.assertEqual(one_line("A\u00a0CI"), "A CI")

    def test_fold(self):
        self.assertEqual(fold("ÉCOLE  d'Été"), "ecole d'ete")
        self.assertEqual(fold("Straße"), "strasse")
        self.assertEqual(fold("e\u0301"), fold("é"))

    def test_shorten(self):
        self.assertEqual(shorten("one two", 7), "one two")
        self.assertEqual(shorten("one two", 6), "one…")
        self.assertEqual(shorten("one two three", 8), "one…")
        self.assertEqual(shorten("one two three", 9), "one two…")
        self.assertEqual(shorten("abcdefgh", 4), "abc…")
        self.assertEqual(shorten("a" * 44), "a" * 44)
        self.assertEqual(shorten("a" * 45), "a" * 43 + "…")
