"""Somebody to book a seat for, and what tells that two names are one person.

>>> Person("Ana", "Ana@Example.org").identities("A") == Person(
...     "A. Diaz", "ana@example.org").identities("B")
True
>>> Person("Ana  Diaz").identities("A") == Person("ana diaz").identities("a")
True
>>> bool(Person("Ana Diaz").identities("A") & Person("Ana Diaz").identities("B"))
False
"""

from typing import NamedTuple


class Person(NamedTuple):
    """A contact of the structure (``partner_id``), or a name typed on a form."""

    name: str
    email: str = ""
    partner_id: int = 0

    def identities(self, company: str | None = None) -> set:
        """Return the address, else the name within ``company``; and the contact."""
        found = {self.email.strip().casefold() or (_plain(self.name), _plain(company))}
        return found | {self.partner_id} if self.partner_id else found

    def is_same(self, other: "Person", company: str | None = None) -> bool:
        """Tell whether these are surely one person of one structure.

        An address alone is not enough: a whole team may share one.

        >>> ana = Person("Ana Diaz", "ana@example.org")
        >>> ana.is_same(Person("ana  diaz", "ANA@example.org"))
        True
        >>> ana.is_same(Person("Marc", "ana@example.org"))
        False
        >>> Person("Ana", "", 7).is_same(Person("Ana Diaz", "ana@example.org", 7))
        True
        """
        if self.partner_id and self.partner_id == other.partner_id:
            return True
        same_name = _plain(self.name) == _plain(other.name)
        return same_name and bool(self.identities(company) & other.identities(company))


def parse_lines(text: str | None) -> list[Person]:
    """Return one person per line written ``name, address``; blank lines are skipped.

    >>> parse_lines("Ana Diaz, ana@example.org\\n\\n Marc Petit ")
    [Person(name='Ana Diaz', email='ana@example.org', partner_id=0), \
Person(name='Marc Petit', email='', partner_id=0)]
    """
    people = []
    for line in (text or "").splitlines():
        name, _comma, email = (part.strip() for part in line.partition(","))
        if name:
            people.append(Person(name, email))
    return people


def _plain(text: str | None) -> str:
    return " ".join((text or "").casefold().split())
