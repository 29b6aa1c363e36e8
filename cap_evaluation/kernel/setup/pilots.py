"""Who leads: which contact of a structure to propose as the pilot of its CAP."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from ..text import plain

# The nearest to piloting a CAP first; who assists a director comes after the others.
LEADERS = (
    re.compile(r"\b(pilote|referente?) (du |de la )?(cap|qualite|demarche)\b"),
    re.compile(r"\b(direct(eur|rice|ion)|dg|gerante?|codirect(eur|rice))\b"),
    re.compile(r"\b(qualite|rse|qse|amelioration continue)\b"),
    re.compile(r"\b(responsable|coordinat(eur|rice)|coordo)\b"),
)
AIDES = re.compile(r"\b(assistante?|secretaire|secretariat|adjointe?)\b")


def rank_function(function: str) -> int | None:
    """Return how near to piloting a CAP this function is, 0 first; None when it is not.

    >>> [rank_function(f) for f in ("Directrice", "Responsable qualité", "Comptable")]
    [1, 2, None]
    >>> rank_function("Assistante de direction") > rank_function("Coordinateur")
    True
    >>> rank_function("")
    """
    words = plain(function)
    for rank, pattern in enumerate(LEADERS):
        if pattern.search(words):
            return rank + len(LEADERS) if AIDES.search(words) else rank
    return None


class Person(NamedTuple):
    """A contact of a structure, as the choice of a pilot sees them."""

    key: int
    function: str
    email: str
    is_pilot: bool


def choose_pilots(people: Iterable[Person]) -> Sequence[int]:
    """Return the keys of those to invite: pilots, else one leader, else the only one.

    >>> anna = Person(1, "Directrice", "a@x.fr", False)
    >>> ben = Person(2, "", "b@x.fr", False)
    >>> choose_pilots([ben, anna]), choose_pilots([ben]), choose_pilots([])
    ([1], [2], [])
    >>> choose_pilots([anna, ben._replace(is_pilot=True)])
    [2]
    >>> choose_pilots([ben, ben._replace(key=3)])
    []
    """
    people = list(people)
    pilots = [person.key for person in people if person.is_pilot]
    if pilots:
        return pilots
    ranked = [
        (not person.email, rank, person.key)
        for person in people
        if (rank := rank_function(person.function)) is not None
    ]
    if ranked:
        return [min(ranked)[2]]
    reachable = [person.key for person in people if person.email]
    return reachable if len(reachable) == 1 else []
