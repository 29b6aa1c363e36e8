"""Words of a text that a glossary explains, without Odoo.

A term is found whole, whatever its capitals, in the singular or the plural; an acronym
(« AI ») only as it is written, since « ai » is another word. Accents count. Where
several terms start at the same place the longest wins, and nothing is found inside what
it took. The text itself never changes: only markup goes around its words.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cached_property
from html import escape
from typing import NamedTuple

LIMIT = 5
BEGINNING = 40  # letters, at most, by which terms are told apart before they are tried
INCLUSIVE = "[-\N{NON-BREAKING HYPHEN}\N{MIDDLE DOT}.]"
# « salarié-e », « salarié-e-s », « prescripteur-trice-s »: one word with its endings
ENDINGS = rf"(?:{INCLUSIVE}(?:e|rice|trice|euse|ne)s?(?:{INCLUSIVE}s)?)?"


class Term(NamedTuple):
    """One word of the glossary; ``key`` tells it from the others."""

    key: int
    name: str
    definition: str


class Glossary:
    """The terms of one language, ready to be looked for.

    A text is read word by word, and at each word only the terms that begin alike are
    tried: what a page costs hardly depends on how many terms there are.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        named = {unicodedata.normalize("NFC", t.name.strip()): t for t in terms}
        named.pop("", None)
        self._begins: dict[str, list[_Entry]] = {}
        for name, term in named.items():
            entry = _Entry(name, term)
            self._begins.setdefault(_get_beginning(name), []).append(entry)
        signs = sorted({re.escape(begin[0]) for begin in self._begins})
        starts = "|".join([r"\w", *signs])
        self._starts = re.compile(rf"(?<![\w-])(?:{starts})")

    def find(self, text: str) -> list[tuple[int, int, Term]]:
        """Return ``[(start, end, term)]``, every time a term is written.

        >>> glossary = Glossary([Term(1, "Parcours", ""), Term(2, "AI", ""),
        ...     Term(3, "Parcours d'insertion", "")])
        >>> text = "J'ai des parcours d\N{RIGHT SINGLE QUOTATION MARK}insertion en AI"
        >>> [(text[start:end], t.key) for start, end, t in glossary.find(text)]
        [('parcours d’insertion', 3), ('AI', 2)]
        """
        found: list[tuple[int, int, Term]] = []
        end = 0
        for start in (match.start() for match in self._starts.finditer(text)):
            longest = None if start < end else self._match(text, start)
            if longest:
                end = longest[1]
                found.append(longest)
        return found

    def _match(self, text: str, start: int) -> tuple[int, int, Term] | None:
        """Return the longest term that is written at this place of ``text``."""
        begin = text[start : start + BEGINNING].lower()
        entries = [
            entry
            for size in range(len(begin), 0, -1)
            for entry in self._begins.get(begin[:size], ())
        ]
        for entry in sorted(entries, key=lambda entry: (-len(entry.name), entry.name)):
            match = entry.pattern.match(text, start)
            if match:
                return (*match.span(), entry.term)
        return None

    def collect(self, texts: Iterable[str]) -> list[Term]:
        """Return the terms of these texts, each one once, by name.

        >>> glossary = Glossary([Term(1, "ESS", ""), Term(2, "audit", "")])
        >>> [t.name for t in glossary.collect(["Des audits", "L'ESS", "un audit"])]
        ['audit', 'ESS']
        """
        found = {term for text in texts for *_span, term in self.find(text)}
        return sorted(found, key=lambda term: (term.name.casefold(), term.key))


class _Entry:
    """One term and the pattern it is found by, compiled when a text begins like it."""

    def __init__(self, name: str, term: Term) -> None:
        self.name = name
        self.term = term

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """What the term is found by, at the place where a text begins like it."""
        return re.compile(_get_pattern(self.name))


class Explainer:
    """Marks the texts of one page: each term once, a handful in all.

    >>> explain = Explainer(Glossary([Term(7, "bilan", "A meeting.")]), note="note")
    >>> explain.mark("Un bilan & des bilans externes*")
    ... # doctest: +NORMALIZE_WHITESPACE
    'Un <a class="cap-term" href="#term-7" aria-describedby="term-7">bilan</a>
     &amp; des bilans <a class="cap-term" href="#note"
     aria-describedby="note">externes*</a>'
    >>> explain.terms
    [Term(key=7, name='bilan', definition='A meeting.')]

    :param note: the id of the footnote that words marked * open; empty: there is none
    """

    def __init__(self, glossary: Glossary, limit: int = LIMIT, note: str = "") -> None:
        self._glossary = glossary
        self._limit = limit
        self._note = note
        self.terms: list[Term] = []

    def mark(self, text: str) -> str:
        """Return ``text`` as HTML, escaped, its words linked to what explains them."""
        pieces, at = [], 0
        for start, end, target in self._choose(text):
            pieces += [escape(text[at:start]), _link(text[start:end], target)]
            at = end
        return "".join([*pieces, escape(text[at:])])

    def _choose(self, text: str) -> list[tuple[int, int, str]]:
        chosen = []
        noted = re.finditer(r"\w[\w-]*\*", text) if self._note else ()
        stars = [(*found.span(), self._note) for found in noted]
        for start, end, term in self._glossary.find(text):
            starred = any(s < end and start < e for s, e, _target in stars)
            if starred or term in self.terms or len(self.terms) >= self._limit:
                continue
            self.terms.append(term)
            chosen.append((start, end, f"term-{term.key}"))
        return sorted(chosen + stars)


def _link(word: str, target: str) -> str:
    return (
        f'<a class="cap-term" href="#{escape(target)}" '
        f'aria-describedby="{escape(target)}">{escape(word)}</a>'
    )


def _get_pattern(name: str) -> str:
    """Return the pattern of one term.

    >>> found = lambda name, text: bool(re.search(_get_pattern(name), text))
    >>> [found("salarié-e en parcours", f"des {text}.") for text in (
    ...     "salarié-e en parcours", "Salariés en parcours", "salarié-e-s en parcours",
    ...     "salarie en parcours", "salarié-e en parcoursup")]
    [True, True, True, False, False]
    >>> [found("EI", text) for text in ("une EI", "des EIs", "ei", "EITI", "EI-TI")]
    [True, True, False, False, False]
    """
    parts = re.findall(r"\w+|\s+|[^\w\s]", _drop_endings(name))
    pattern = "".join(_get_part_pattern(part) for part in parts)
    exact = name.upper() == name
    return rf"(?<![\w-]){pattern if exact else f'(?i:{pattern})'}(?![\w+]|-\w)"


def _get_beginning(name: str) -> str:
    """Return the first letters that every writing of a term has, in lower case.

    >>> _get_beginning("Évaluation interne"), _get_beginning("As"), _get_beginning("EI")
    ('évaluation', 'as', 'ei')
    >>> _get_beginning("Bois"), _get_beginning("L'ESS"), _get_beginning("(x)")
    ('boi', 'l', '(')
    """
    first = re.findall(r"\w+|[^\w\s]", _drop_endings(name))[0]
    return _drop_plural(first)[:BEGINNING].lower()


def _drop_endings(name: str) -> str:
    """Return the term without its inclusive endings, which every word may have.

    >>> _drop_endings("Prescripteur-trice"), _drop_endings("Non-conformité")
    ('Prescripteur', 'Non-conformité')
    """
    return re.sub(rf"(?<=\w){ENDINGS}(?!\w)", "", name)


def _get_part_pattern(part: str) -> str:
    if part.isspace():
        return r"\s+"
    if part in ("'", "’"):
        return "['’]"
    if part == "-":
        return "[-\N{NON-BREAKING HYPHEN}]"
    if not part[-1].isalpha():
        return re.escape(part)
    if part.upper() == part:
        return rf"{re.escape(part)}s?"
    return rf"{re.escape(_drop_plural(part))}[sx]?{ENDINGS}"


def _drop_plural(word: str) -> str:
    """Return a word without its last s or x, if it is long enough to have a plural.

    >>> [_drop_plural(word) for word in ("Élus", "Lieux", "Bus", "As", "Bilan")]
    ['Élu', 'Lieu', 'Bus', 'As', 'Bilan']
    """
    return word[:-1] if len(word) > 3 and word.endswith(("s", "x")) else word
