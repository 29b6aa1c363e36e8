"""What a structure is: the structure types that a contact tag speaks of."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from ..text import plain

SMALL_WORDS = frozenset("a au aux d de des du en et l la le les ou par pour".split())
# Said of every structure, so that they tell nothing of its type.
NEUTRAL_WORDS = frozenset("adherent adherente iae membre siae structure type".split())
DOTTED = re.compile(r"\b(?:[^\W\d_]\.)+[^\W\d_]\b\.?|\b(?:[^\W\d_]\.){2,}")
BRACKETS = re.compile(r"[(\[]([^)\]]*)[)\]]")
# Other names that contact tags carry for our types: they are in French, whatever the
# language of who sets up.
ALIASES = {
    "AI": ("Association intermédiaire",),
    "EI": ("Entreprise d'insertion",),
    "ACI": (
        "Atelier et chantier d'insertion",
        "Chantier",
        "Chantier d'insertion",
        "Atelier d'insertion",
    ),
    "ETTI": (
        "Entreprise de travail temporaire d'insertion",
        "Intérim d'insertion",
        "Travail temporaire d'insertion",
    ),
    "SAP": ("OSP", "Proxim'Services", "Organisme de services à la personne"),
    "OF": ("Centre de formation",),
}
ALIKE = 0.85


def match_types(tag: str, types: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the codes of the structure types that a contact tag speaks of.

    :param types: ``{code: its names, in each language}``

    >>> kinds = {"AI": ["Work placement"], "EI": [], "ACI": [], "ETTI": [],
    ...     "SAP": ["Services à la personne"]}
    >>> match_types("Associations intermédiaires", kinds), match_types("aci", kinds)
    (['AI'], ['ACI'])
    >>> match_types("AI / ETTI", kinds), match_types("Adhérent (EI)", kinds)
    (['AI', 'ETTI'], ['EI'])
    >>> match_types("entreprise de travail temporaire d insertion", kinds)
    ['ETTI']
    >>> match_types("Chantier d'insertion", kinds), match_types("OSP", kinds)
    (['ACI'], ['SAP'])
    >>> match_types("Asociation intermediaire", kinds), match_types("Presse", kinds)
    (['AI'], [])
    >>> match_types("Pour qui j'ai voté", kinds), match_types("J'AI VU", kinds)
    ([], [])
    >>> match_types("E.T.T.I.", kinds), match_types("SIAE (ACI)", kinds)
    (['ETTI'], ['ACI'])
    >>> match_types("ADHÉRENT A.I. ET E.I", kinds), match_types("Work placement", kinds)
    (['AI', 'EI'], ['AI'])
    """
    tag = DOTTED.sub(lambda found: found[0].replace(".", ""), tag)
    names = {code: (*told, *ALIASES.get(code, ())) for code, told in types.items()}
    for text in (tag, *BRACKETS.findall(tag)):
        found = _types_by_code(text, names)
        if found:
            return found
    return _types_by_name(tag, names) or _alike(tag, names)


def _types_by_code(tag: str, types: Mapping[str, Sequence[str]]) -> list[str]:
    """Codes written in capitals, or a tag that holds nothing but codes."""
    codes = {plain(code): code for code in types}
    words = plain(tag).split()
    others = set(words) - set(codes) - SMALL_WORDS - NEUTRAL_WORDS
    capitals = {plain(word) for word in re.findall(r"\b[A-Z]{2,}\b", tag)}
    if tag.isupper():
        capitals = set()  # "J'AI VU" shouts, it does not speak of an AI
    return [codes[w] for w in codes if w in words and (not others or w in capitals)]


def _types_by_name(tag: str, types: Mapping[str, Sequence[str]]) -> list[str]:
    """The most precise names that the tag holds, or the only one that holds the tag."""
    words = _words(tag)
    names = [(code, _words(name)) for code, told in types.items() for name in told]
    held = [(code, name) for code, name in names if name and name <= words]
    best = {c for c, name in held if not any(name < other for _c, other in held)}
    if not best and len(words) > 1:
        around = {code for code, name in names if words <= name}
        best = around if len(around) == 1 else set()
    return [code for code in types if code in best]


def _alike(tag: str, types: Mapping[str, Sequence[str]]) -> list[str]:
    """The type whose name is nearly the tag: a letter missed."""
    wanted = plain(tag)
    marks = [
        (SequenceMatcher(None, wanted, plain(name)).ratio(), code)
        for code, names in types.items()
        for name in names
    ]
    return [code for mark, code in sorted(marks)[-1:] if mark >= ALIKE]


def _words(text: str) -> frozenset[str]:
    """Return the words that count, without plurals.

    >>> sorted(_words("Les sous-traitants des S, aux S.C.O.P.S"))
    ['c', 'o', 'p', 'sou', 'traitant']
    """
    words = (word.rstrip("s") for word in plain(text).split())
    return frozenset(word for word in words if word and word not in SMALL_WORDS)
