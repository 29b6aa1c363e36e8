"""Who is the same person: by contact, by address, by name within a company."""

from odoo.tests import BaseCase

from ..kernel.person import Person, parse_lines


class TestPerson(BaseCase):
    def test_identities(self):
        """person -> what two seats of one person share."""
        table = [
            (Person("Ada Roy", "Ada@x.fr"), {"ada@x.fr"}),
            (Person("Ada Roy", " ada@x.fr ", 7), {"ada@x.fr", 7}),
            (Person(" ADA  Roy "), {("ada roy", "the mill")}),
            (Person("Ada Roy", "", 7), {("ada roy", "the mill"), 7}),
        ]
        for person, expected in table:
            with self.subTest(person=person):
                self.assertEqual(person.identities(" The  Mill"), expected)
        self.assertEqual(Person("Ada").identities(), {("ada", "")})

    def test_is_same(self):
        table = [
            (Person("Ada", "", 7), Person("Bob", "", 7), True),
            (Person("Ada", "a@x.fr"), Person("ada", "A@x.fr"), True),
            (Person("Ada", "a@x.fr"), Person("Bob", "a@x.fr"), False),
            (Person("Ada Roy"), Person("ada  roy"), True),
            (Person("Ada", "a@x.fr"), Person("Ada", "b@x.fr"), False),
            (Person("Ada", "a@x.fr"), Person("Ada"), False),
            (Person("Ada", "", 7), Person("Ada", "", 8), True),
            (Person("Ada", "a@x.fr", 7), Person("Ada", "b@x.fr", 8), False),
        ]
        for one, other, same in table:
            with self.subTest(one=one, other=other):
                self.assertEqual(one.is_same(other), same)
                self.assertEqual(other.is_same(one), same)
                self.assertEqual(one.is_same(other, "The mill"), same)

    def test_lines(self):
        self.assertEqual(parse_lines(None), [])
        self.assertEqual(parse_lines(""), [])
        self.assertEqual(
            parse_lines(" Ada Roy , a@x.fr\n\n , b@x.fr\nBob\nCy, c@x.fr, d"),
            [
                Person("Ada Roy", "a@x.fr"),
                Person("Bob"),
                Person("Cy", "c@x.fr, d"),
            ],
        )
