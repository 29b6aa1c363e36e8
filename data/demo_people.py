"""The demo's regions, structures, people and logins."""

import base64
import csv
import os
import random
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from odoo.fields import Command
from odoo.tools import file_open

from data import names

LOGINS = Path(__file__).parent / "demo_logins.csv"
SIZES = ("under_10", "10_49", "10_49", "under_10", "10_49", "50_plus")
ANIMATOR = "cap_evaluation.group_cap_animator"
MANAGER = "cap_evaluation.group_cap_manager"


class Staff(NamedTuple):
    """Somebody of the federation: login, name, group, regions animated."""

    login: str
    name: str
    group: str = "base.group_user"
    regions: tuple = ()


class Featured(NamedTuple):
    """A structure that a login leads to."""

    login: str
    pilot: str
    name: str
    place: str
    types: tuple
    size: str


STAFF = (
    Staff("national", "Claire Delaunay", MANAGER),
    Staff("bretagne", "Soizic Hamon", ANIMATOR, ("BRE",)),
    Staff("paca", "Mourad Belkacem", ANIMATOR, ("PAC",)),
    Staff("sud-ouest", "Thierry Cazenave", ANIMATOR, ("NAQ", "OCC")),
    Staff("loire", "Gwendal Rabillard", ANIMATOR, ("PDL", "CVL")),
    Staff("nord-est", "Corinne Vasseur", ANIMATOR, ("NOR", "HDF", "IDF", "ARA")),
    Staff("outre-mer", "Aminata Kouyaté", ANIMATOR, ("GUY", "REU")),
    Staff("salarie", "Bruno Varin"),
)
VISITOR = ("portail", "Odile Louvet")
FEATURED = (
    Featured(
        "pilote",
        "Nadia Ferhat",
        "Les Ateliers de Valbruyère",
        "Valbruyère",
        ("ACI",),
        "10_49",
    ),
    Featured(
        "mi-parcours",
        "Malo Kerdreux",
        "Les Jardins de Saint-Aubrin",
        "Saint-Aubrin",
        ("ACI",),
        "10_49",
    ),
    Featured(
        "debut",
        "Paul Aubry",
        "Castelrive Intérim Solidaire",
        "Castelrive",
        ("ETTI",),
        "under_10",
    ),
)


class People:
    """Makes regions, structures and users; everybody reads the same language."""

    def __init__(self, env, seed, size):
        self.env = env
        self.rng = random.Random(f"people {seed}")
        self.size = size
        self.lang = os.environ.get("LANG_CODE") or "fr_FR"
        self.passwords = read_passwords()
        self.taken = Counter()

    def make(self):
        """Make everybody; return the structures, the featured ones by their login."""
        with file_open("cap_evaluation/static/description/icon.png", "rb") as icon:
            logo = base64.b64encode(icon.read())
        self.env.company.write({"name": "Réseau de démonstration", "logo": logo})
        staff = self._make_staff()
        self.regions = self._make_regions(staff)
        structures = self._make_structures()
        self._make_contacts(structures)
        featured = dict(
            zip((f.login for f in FEATURED), structures[: len(FEATURED)], strict=True)
        )
        self._make_pilots(featured)
        self._make_visitor()
        return structures, featured, staff

    # ------------------------------------------------------------- federation

    def _make_staff(self):
        users = {
            person.login: self._make_user(
                person.login,
                person.group,
                name=person.name,
                email=f"{names.address(*person.name.split(' ', 1))}@federation.example",
            )
            for person in STAFF
        }
        self.env.ref("base.user_admin").write(
            {"name": "Administration d'Odoo", "email": "admin@federation.example"}
        )
        return users

    def _make_user(self, login, group, **values):
        users = self.env["res.users"].with_context(no_reset_password=True)
        return users.create(
            {
                "login": login,
                "password": self.passwords.get(login, login),
                "group_ids": [Command.set(self.env.ref(group).ids)],
                "lang": self.lang,
                "tz": "Europe/Paris",
                "notification_type": "email" if "portal" in group else "inbox",
                **values,
            }
        )

    def _make_regions(self, staff):
        animators = {}
        for person in STAFF:
            for code in person.regions:
                animators.setdefault(code, []).append(staff[person.login].id)
        return self.env["cap.region"].create(
            [
                {
                    "code": code,
                    "name": name,
                    "animator_ids": [Command.set(animators[code])],
                }
                for name, (code, _count, _places) in names.REGIONS.items()
            ]
        )

    # ------------------------------------------------------------- structures

    def _make_structures(self):
        """Create the structures, the featured ones first, one in each town."""
        types = {t.code: t.id for t in self.env["cap.structure.type"].search([])}
        vals_list = [
            {
                "name": name,
                "is_company": True,
                "city": place,
                "street": f"{self.rng.randint(1, 60)} {self.rng.choice(names.STREETS)}",
                "country_id": self.env.ref("base.fr").id,
                "email": f"contact@{names.address(name)}.example",
                "website": f"https://{names.address(name)}.example",
                "lang": self.lang,
                "cap_region_id": region.id,
                "cap_size": size,
                "cap_structure_type_ids": [Command.set([types[c] for c in codes])],
            }
            for name, place, region, codes, size in self._describe_structures()
        ]
        return self.env["res.partner"].create(vals_list)

    def _describe_structures(self):
        """Return (name, town, region, types, size) for each structure."""
        first = self.regions[0]
        described = [(f.name, f.place, first, f.types, f.size) for f in FEATURED]
        used = {f.place for f in FEATURED}
        pool = [codes for codes, count in names.TYPES for _i in range(count)]
        for featured in FEATURED:
            pool.remove(featured.types)
        self.rng.shuffle(pool)
        towns = [
            (place, region)
            for region in self.regions
            for place in names.places(region.name)
            if place not in used
        ]
        for (place, region), codes in zip(towns, pool, strict=True):
            name = names.with_article(self._choose_pattern(codes[0]), place)
            size = "50_plus" if codes[0] == "GES" else self.rng.choice(SIZES)
            described.append((name, place, region, codes, size))
        return described[: self.size]

    def _choose_pattern(self, code):
        """Return one of the least used ways to call a structure of that type."""
        patterns = names.PATTERNS[code]
        least = min(self.taken[pattern] for pattern in patterns)
        choice = self.rng.choice([p for p in patterns if self.taken[p] == least])
        self.taken[choice] += 1
        return choice

    # ---------------------------------------------------------------- contacts

    def _make_contacts(self, structures):
        """Give each structure three to five people; its pilot is the first."""
        persons = self._draw_names(structures)
        pilots = {f.name: f.pilot for f in FEATURED}
        vals_list = []
        for structure in structures:
            roles = [0, 3, *self.rng.sample([1, 2, 4], self.rng.randint(1, 3))]
            for rank, role in enumerate(roles):
                first, last = next(persons)
                if rank == 0 and structure.name in pilots:
                    first, last = pilots[structure.name].split(" ")
                gender = names.FIRST_NAMES[first]
                domain = names.address(structure.name)
                vals_list.append(
                    {
                        "name": f"{first} {last}",
                        "parent_id": structure.id,
                        "type": "contact",
                        "function": names.ROLES[role][1 if gender == "f" else 2],
                        "email": f"{names.address(first, last)}@{domain}.example",
                        "lang": self.lang,
                        "cap_is_pilot": rank == 0 or names.ROLES[role][0] == "quality",
                    }
                )
        self.env["res.partner"].create(vals_list)

    def _draw_names(self, structures):
        """Yield first and last names, never the same pair twice."""
        taken = {tuple(f.pilot.split(" ")) for f in FEATURED}
        taken |= {tuple(person.name.split(" ")) for person in STAFF}
        firsts, lasts = list(names.FIRST_NAMES), list(names.LAST_NAMES)
        while True:
            pair = self.rng.choice(firsts), self.rng.choice(lasts)
            if pair not in taken:
                taken.add(pair)
                yield pair

    def _make_pilots(self, featured):
        """Give a portal account to the pilots whom a login leads to."""
        for login, structure in featured.items():
            person = next(f for f in FEATURED if f.login == login).pilot
            contact = structure.child_ids.filtered(lambda c, n=person: c.name == n)
            self._make_user(login, "base.group_portal", partner_id=contact.id)

    def _make_visitor(self):
        login, name = VISITOR
        email = f"{names.address(*name.split(' '))}@ailleurs.example"
        self._make_user(login, "base.group_portal", name=name, email=email)


def read_passwords():
    """Return ``{login: password}`` as the list of logins tells people."""
    with LOGINS.open(encoding="utf-8", newline="") as table:
        rows = csv.DictReader(table, delimiter=";")
        return {row["Identifiant"]: row["Mot de passe"] for row in rows}
