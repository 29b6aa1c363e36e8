"""What an existing database says about a structure: where it is, what it is, who leads.

Plain Python: the wizards (``wizards/cap_setup.py``, ``wizards/cap_pilot_invite.py``)
hand over texts and show people what comes back, before anything is written.
"""

import csv
import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path
from typing import NamedTuple

TABLE = Path(__file__).parents[2] / "data" / "regions" / "departements.csv"
# Countries that are French départements or collectivités, by their own country code.
OVERSEAS = {
    "GP": "971",
    "MQ": "972",
    "GF": "973",
    "RE": "974",
    "PM": "975",
    "YT": "976",
    "BL": "977",
    "MF": "978",
    "WF": "986",
    "PF": "987",
    "NC": "988",
}
# Two islands kept zip codes of Guadeloupe.
ISLANDS = {"97133": "977", "97150": "978"}
ZIP = re.compile(r"(?:FR?-?)?(\d{5}|2[AB]\d{3})(?!\d)")
SMALL_WORDS = frozenset("a au aux d de des du en et l la le les ou par pour".split())
# Other names that contact tags carry for our types.
ALIASES = {
    "ACI": ("Chantier", "Chantier d'insertion", "Atelier d'insertion"),
    "ETTI": ("Intérim d'insertion", "Travail temporaire d'insertion"),
    "SAP": ("OSP", "Proxim'Services", "Organisme de services à la personne"),
    "OF": ("Centre de formation",),
}
ALIKE = 0.85
# The nearest to piloting a CAP first; who assists a director comes after the others.
LEADERS = (
    re.compile(r"\b(pilote|referente?) (du |de la )?(cap|qualite|demarche)\b"),
    re.compile(r"\b(direct(eur|rice|ion)|dg|gerante?|codirect(eur|rice))\b"),
    re.compile(r"\b(qualite|rse|qse|amelioration continue)\b"),
    re.compile(r"\b(responsable|coordinat(eur|rice)|coordo)\b"),
)
AIDES = re.compile(r"\b(assistante?|secretaire|secretariat|adjointe?)\b")


class Department(NamedTuple):
    """A département and the administrative region it belongs to."""

    code: str
    name: str
    region_code: str
    region_name: str


@cache
def departments() -> dict[str, Department]:
    """Return the table of the départements, by code.

    >>> departments()["35"].region_name, departments()["2B"].region_code
    ('Bretagne', 'COR')
    """
    with TABLE.open(encoding="utf-8", newline="") as stream:
        rows = csv.reader(stream)
        next(rows)
        return {row[0]: Department(*row) for row in rows}


@cache
def regions() -> dict[str, str]:
    """Return ``{code: name}`` of the administrative regions, in order of name.

    >>> len(regions()), regions()["GUF"]
    (24, 'Guyane')
    """
    found = {d.region_code: d.region_name for d in departments().values()}
    return dict(sorted(found.items(), key=lambda region: plain(region[1])))


def plain(text: str) -> str:
    """Return ``text`` in lower case, without accents or punctuation.

    >>> plain("  Île-de-France "), plain("Côtes-d'Armor")
    ('ile de france', 'cotes d armor')
    """
    letters = unicodedata.normalize("NFKD", text.replace("œ", "oe"))
    letters = "".join(c for c in letters if not unicodedata.combining(c)).lower()
    return " ".join(re.findall(r"[a-z0-9]+", letters))


def find_area(
    zip_code: str = "", country: str = "", state_code: str = "", state_name: str = ""
) -> str:
    """Return the code of the département, "" when these do not tell.

    The zip code speaks first, then the state: a département by code or name, or the
    name of a region, whose code is returned when no département is known. A zip
    code with a foreign country says nothing; without a country it is read as French.

    >>> find_area("35000"), find_area(" 35 200 "), find_area("F-44000 cedex 1")
    ('35', '35', '44')
    >>> find_area("20000"), find_area("20200"), find_area("97410"), find_area("98800")
    ('2A', '2B', '974', '988')
    >>> find_area("97150"), find_area(country="RE"), find_area("1000", "FR")
    ('978', '974', '01')
    >>> find_area("10115", "DE"), find_area("1000"), find_area(""), find_area("98000")
    ('', '', '', '')
    >>> find_area("", "FR", "FR-56"), find_area("", "", "", "Finistère")
    ('56', '29')
    >>> find_area("", "FR", "", "Bretagne")
    'BRE'
    """
    country = country.upper()
    if country and country != "FR" and country not in OVERSEAS:
        return ""
    return (
        _area_of_zip(zip_code, country)
        or OVERSEAS.get(country, "")
        or _area_of_state(state_code, state_name)
    )


def _area_of_zip(zip_code: str, country: str) -> str:
    code = re.sub(r"[\s.]", "", zip_code.upper())
    if country == "FR" and re.fullmatch(r"\d{4}", code):
        code = f"0{code}"  # a spreadsheet took the first zero away
    match = ZIP.match(code)
    if not match:
        return ""
    code = match[1]
    if code in ISLANDS:
        return ISLANDS[code]
    if code.startswith("20"):
        area = "2A" if code < "20200" else "2B"
    else:
        area = code[:3] if code[:2] in ("97", "98") else code[:2]
    return area if area in departments() else ""


def _area_of_state(code: str, name: str) -> str:
    code = code.upper().removeprefix("FR-")
    if code in departments():
        return code
    names = {plain(title): region for region, title in regions().items()}
    names |= {plain(d.name): d.code for d in departments().values()}
    return names.get(plain(name), "")


def describe_area(area: str) -> tuple[str, str]:
    """Return the label of an area and the code of its administrative region.

    >>> describe_area("35"), describe_area("BRE")
    (('35 Ille-et-Vilaine', 'BRE'), ('Bretagne', 'BRE'))
    """
    if area in departments():
        department = departments()[area]
        return f"{area} {department.name}", department.region_code
    return regions()[area], area


def find_region(region_name: str, known: dict[str, str]) -> str:
    """Return the key of the region of this name in ``known``, "" without one.

    >>> find_region("Provence-Alpes-Côte d'Azur", {"a": "PROVENCE ALPES COTE D’AZUR"})
    'a'
    """
    wanted = plain(region_name)
    return next((key for key, name in known.items() if plain(name) == wanted), "")


def match_types(tag: str, types: dict[str, str]) -> list[str]:
    """Return the codes of the structure types that a contact tag speaks of.

    :param types: ``{code: name}``

    >>> kinds = {"AI": "Association intermédiaire", "EI": "Entreprise d'insertion",
    ...     "ACI": "Atelier et chantier d'insertion", "SAP": "Services à la personne",
    ...     "ETTI": "Entreprise de travail temporaire d'insertion"}
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
    >>> match_types("Pour qui j'ai voté", kinds)
    []
    """
    return (
        _types_by_code(tag, types) or _types_by_name(tag, types) or _alike(tag, types)
    )


def _types_by_code(tag: str, types: dict[str, str]) -> list[str]:
    """Codes written in capitals, or a tag that holds nothing but codes."""
    codes = {plain(code): code for code in types}
    words = plain(tag).split()
    others = set(words) - set(codes) - SMALL_WORDS
    capitals = {plain(word) for word in re.findall(r"\b[A-Z]{2,}\b", tag)}
    if tag.isupper():
        capitals = set()  # "J'AI VU" shouts, it does not speak of an AI
    return [codes[w] for w in codes if w in words and (not others or w in capitals)]


def _types_by_name(tag: str, types: dict[str, str]) -> list[str]:
    """The most precise names that the tag holds, or the only one that holds the tag."""
    words = _words(tag)
    names = [
        (code, _words(name))
        for code, title in types.items()
        for name in (title, *ALIASES.get(code, ()))
    ]
    held = [(code, name) for code, name in names if name and name <= words]
    best = {c for c, name in held if not any(name < other for _c, other in held)}
    if not best and len(words) > 1:
        around = {code for code, name in names if words <= name}
        best = around if len(around) == 1 else set()
    return [code for code in types if code in best]


def _alike(tag: str, types: dict[str, str]) -> list[str]:
    """The type whose name is nearly the tag: a letter missed."""
    wanted = plain(tag)
    marks = [
        (SequenceMatcher(None, wanted, plain(name)).ratio(), code)
        for code, name in types.items()
    ]
    mark, code = max(marks, default=(0, ""))
    return [code] if mark >= ALIKE else []


def _words(text: str) -> frozenset[str]:
    """Return the words that count, without plurals."""
    words = (word.rstrip("s") for word in plain(text).split())
    return frozenset(word for word in words if word and word not in SMALL_WORDS)


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
