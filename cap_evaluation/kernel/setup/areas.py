"""Where a structure is: what a zip code, a country or a state says of it."""

from __future__ import annotations

import csv
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from ..text import plain

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
        or OVERSEAS.get(country)
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
