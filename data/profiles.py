"""How structures answer: levels that are believable, and that move from year to year.

Pure arithmetic on codes and levels, seeded by the caller: no Odoo here.

>>> import random
>>> codes = ["1.1.1.1", "4.2.1.3"]
>>> first = first_levels(random.Random(1), codes, 0.0)
>>> first == first_levels(random.Random(1), codes, 0.0)
True
>>> set(next_levels(random.Random(1), first, codes)) == set(codes)
True
"""

import random

#: Where the middle of the network stands on each sub-theme, in percents of the scale.
MEDIANS = {
    "1.1": 56,
    "1.2": 54,
    "2.1": 61,
    "2.2": 50,
    "2.3": 55,
    "3.1": 49,
    "3.2": 48,
    "3.3": 46,
    "3.4": 66,
    "4.1": 38,
    "4.2": 31,
}

#: The levels of Les Ateliers de Valbruyère this year, in reading order.
FEATURED = (
    "321223 221231 32321212112 123221 232121 21-22211 221120 11222 2323-21 322121 11012"
).replace(" ", "")

#: Why two of them have none there.
FEATURED_REASONS = {
    "3.1.1.3": "Nous n'avons pas de bénévoles en dehors du conseil.",
    "3.4.2.2": "Aucune action cofinancée par l'Europe cette année.",
}

#: Objectives that do not concern everyone: code, types (any of; empty: all), share of
#: those who say so, and their reasons.
NOT_APPLICABLE = (
    (
        "3.1.1.3",
        ("ETTI", "EI", "EITI"),
        0.7,
        (
            "Nous n'avons pas de bénévoles en dehors du conseil.",
            "Pas de bénévolat dans notre activité commerciale.",
        ),
    ),
    (
        "3.1.1.3",
        ("ACI",),
        0.1,
        ("Aucun bénévole cette année, l'accueil est suspendu pendant les travaux.",),
    ),
    (
        "3.4.2.2",
        (),
        0.45,
        (
            "Aucune action cofinancée par l'Europe cette année.",
            "Nous avons renoncé au FSE, dossier trop lourd pour notre taille.",
            "Pas de cofinancement européen.",
        ),
    ),
    (
        "1.2.3.1",
        ("EBE", "SAP"),
        0.8,
        (
            "Pas de conventionnement IAE pour cette activité.",
            "Notre entité n'est pas conventionnée, elle relève de l'agrément services.",
        ),
    ),
    ("3.4.2.1", ("EBE", "SAP"), 0.8, ("Nous ne sommes pas conventionnés IAE.",)),
    (
        "1.1.1.3",
        ("EI", "ETTI"),
        0.35,
        ("Société à associé unique : les mandats sont ceux de l'association mère.",),
    ),
    (
        "2.2.2.2",
        ("GES",),
        0.3,
        ("Nous sommes nous-mêmes le groupe : question traitée chez chaque membre.",),
    ),
    (
        "2.3.2.2",
        ("ACI",),
        0.12,
        ("Nos chantiers sont pour la commune seule, sans autre donneur d'ordre.",),
    ),
    (
        "3.3.2.3",
        (),
        0.05,
        ("Nous ne publions ni photo ni témoignage.",),
    ),
)


def subtheme(code: str) -> str:
    """Return the sub-theme of an objective.

    >>> subtheme("2.1.3.3")
    '2.1'
    """
    return ".".join(code.split(".")[:2])


def difficulty(code: str) -> float:
    """Return how much harder (below 0) an objective is than its sub-theme."""
    return random.Random(f"objective {code}").gauss(0, 0.3)


def first_levels(rng: random.Random, codes: list[str], strength: float) -> dict:
    """Return the levels of a first CAP, of a structure that strong (0: the middle)."""
    tilt = {name: rng.gauss(0, 0.3) for name in MEDIANS}
    levels = {}
    for code in codes:
        name = subtheme(code)
        middle = MEDIANS.get(name, 50) / 100 * 3 - 0.25
        value = middle + strength + tilt.get(name, 0) + difficulty(code)
        levels[code] = min(3, max(0, round(value + rng.gauss(0, 0.5))))
    return levels


def next_levels(rng: random.Random, levels: dict, worked_on: list[str]) -> dict:
    """Return the levels one year later; they move more where people worked.

    Most stay, some rise, a few fall: somebody left, a practice was dropped.
    """
    moved = {}
    for code, level in levels.items():
        rise = 0.6 if code in worked_on else 0.13
        draw = rng.random()
        step = 1 if draw < rise else -1 if draw > 0.96 else 0
        moved[code] = min(3, max(0, level + step))
    return moved


def previous_levels(rng: random.Random, levels: dict) -> dict:
    """Return levels from which ``levels`` could have come in one year."""
    return {
        code: level - 1 if level and rng.random() < 0.25 else level
        for code, level in levels.items()
    }


def reasons_not_applicable(rng: random.Random, types: set[str]) -> dict:
    """Return ``{code: reason}`` for a structure of these types, the same every year."""
    reasons = {}
    for code, concerned, share, texts in NOT_APPLICABLE:
        drawn, text = rng.random(), rng.choice(texts)
        if drawn < share and (not concerned or types & set(concerned)):
            reasons.setdefault(code, text)
    return reasons


def choose_actions(rng: random.Random, levels: dict, count: int) -> list[str]:
    """Return up to ``count`` objectives to progress on, low levels first, spread."""
    weighted = {
        code: rng.random() * (4 - level) ** 2
        for code, level in levels.items()
        if level < 3
    }
    chosen, by_subtheme = [], {}
    for code in sorted(weighted, key=weighted.get, reverse=True):
        name = subtheme(code)
        if by_subtheme.get(name, 0) < 2 and len(chosen) < count:
            by_subtheme[name] = by_subtheme.get(name, 0) + 1
            chosen.append(code)
    return sorted(chosen)


def featured_levels(codes: list[str]) -> dict:
    """Return the levels of the structure to look at first, 0 where not applicable."""
    marks = FEATURED.replace("-", "0")
    return {code: int(mark) for code, mark in zip(codes, marks, strict=False)}
