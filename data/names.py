"""Fictional names: places, structures and people of the demo network.

The regions are real; every town, structure and person is invented. None of the places
below is a commune of France (checked against a gazetteer when they were written).
"""

#: name of the region: (code, number of structures, its invented towns)
REGIONS = {
    "Bretagne": (
        "BRE",
        30,
        "Valbruyère Saint-Aubrin Castelrive Penvarec Lanvezec Kervalec Trévidic "
        "Brennac Blavoët Valmarec Montferrin Plouvarzec Locmarzin Guerlivan Trégouvan "
        "Penhuéron "
        "Saint-Brévalan Coatruzic Landréoc Ploërvan Keranvoc Lannouzec Rosmarzec "
        "Quelvarnec Morvénac Plévédan Guiscarnoc Tréhoulec Saint-Mélorian Carnavoët",
    ),
    "Pays de la Loire": (
        "PDL",
        14,
        "Ourvenne Saint-Florellin Vertoux-sur-Aule Maulvérac Chantebrise Brissandière "
        "Loiresel Saint-Gervanne Montjolière Vendraie Beaufresnaie Cholandière "
        "Sarthevelle Erdrecourt",
    ),
    "Nouvelle-Aquitaine": (
        "NAQ",
        9,
        "Garonzac Périvigne Montaliergues Saint-Estèvremont Landeserre Vézerolles "
        "Charentillac Thouvresac Adourlignac",
    ),
    "Occitanie": (
        "OCC",
        6,
        "Castelvernet Roquebrézac Lauragnac-le-Vieux Tarnouzet Minervelle "
        "Saint-Orbanès",
    ),
    "Normandie": (
        "NOR",
        5,
        "Caudrebosc Hautanville-sur-Orbe Pontaubray Risletot Valmontot",
    ),
    "Auvergne-Rhône-Alpes": (
        "ARA",
        4,
        "Isérolles Montvercorin Drômegarde Saint-Allyrac",
    ),
    "Centre-Val de Loire": (
        "CVL",
        4,
        "Solognelle Chervigny-le-Roy Berrichelle Indrevaux",
    ),
    "Provence-Alpes-Côte d'Azur": ("PAC", 3, "Durançole Lubéronnet Sainte-Mirélie"),
    "Hauts-de-France": ("HDF", 2, "Scarpinghem Authiecourt-les-Prés"),
    "Île-de-France": ("IDF", 1, "Marnevoisin"),
    "Guyane": ("GUY", 1, "Crique-Maroubé"),
    "La Réunion": ("REU", 1, "Ravine-des-Vacoas"),
}

#: How a structure is called, by its first type.
PATTERNS = {
    "AI": (
        "Relais Emploi {place}",
        "Coup de Main {place}",
        "{place} Services Emploi",
        "Trait d'Union {place}",
        "Entraide et Travail {place}",
        "Solid'Emploi {place}",
        "Passerelle {place}",
        "Multi-Services {place}",
    ),
    "ACI": (
        "Les Jardins de {place}",
        "Recyclerie du Pays de {place}",
        "Brigade Verte de {place}",
        "Les Chantiers de {place}",
        "La Ressourcerie de {place}",
        "Les Fils de {place}",
    ),
    "ETTI": ("{place} Intérim Solidaire", "Tremplin Intérim {place}"),
    "EI": (
        "L'Établi de {place}",
        "Les Façades de {place}",
        "La Blanchisserie de {place}",
    ),
    "SAP": ("Hameau Services {place}", "Proxi-Domicile {place}"),
    "GES": ("Groupe solidaire {place}", "Ensemble {place}, groupe solidaire"),
    "EBE": ("La Fabrique de {place}", "L'Atelier Commun de {place}"),
    "EITI": ("Indépendance {place}",),
}

#: What a structure carries: its types, first the one it is known for, and how often.
TYPES = (
    (("AI",), 24),
    (("AI", "SAP"), 9),
    (("AI", "ACI"), 6),
    (("AI", "OF"), 1),
    (("ACI",), 15),
    (("ACI", "EI"), 4),
    (("ETTI",), 6),
    (("ETTI", "AI"), 2),
    (("EI",), 4),
    (("SAP",), 4),
    (("GES", "AI", "ETTI"), 3),
    (("EBE",), 2),
)

#: first name: feminine or masculine
FIRST_NAMES = {
    **dict.fromkeys(
        "Nadia Rozenn Inès Léa Soizic Anne Élise Jeanne Fatou Claire Maëlle Samira "
        "Hélène Gaëlle Sandrine Aminata Virginie Bénédicte Yasmina Corinne Morgane "
        "Delphine Solenn Laure Odile Marion Catherine Leïla Emmanuelle Nolwenn Pauline "
        "Armelle Christelle Sabrina Valérie Florence".split(),
        "f",
    ),
    **dict.fromkeys(
        "Malo Paul Yann Omar Karim Malik Ronan Étienne Thierry Bruno Gwendal Mathieu "
        "Ibrahim Loïc Sylvain Hervé Damien Mourad Jean-Marc Erwan Fabrice Nicolas "
        "Tanguy Pascal Antoine Rachid Guillaume Alain Kévin Benoît Mamadou Stéphane "
        "Vincent Cédric Joël Quentin".split(),
        "m",
    ),
}
LAST_NAMES = (
    "Ferhat Kerdreux Caradec Aubry Guéguen Tanguy Hamon Diallo Prigent Morvan Benali "
    "Tual Ferrand Quéméner Lozachmeur Rivoal Chauvel Bréhier Marchand Delaunay "
    "Pérocheau "
    "Rabillard Guilbaud Lemonnier Sarrazin Vasseur Boudet Cazenave Etcheverry Lacoste "
    "Maurin Belkacem Traoré Nguyen Da-Silva Mercadier Fabrègues Dumontel Chassagne "
    "Perrodin Gauthereau Bellanger Haddad Kouyaté Lebreton Jézéquel Salaün Madec "
    "Corlay "
    "Thébault Brossard Pineaud Rousselot Varin Louvet Quesnel Hautbois Carpentras"
).split()

#: Who works there: (role, feminine, masculine)
ROLES = (
    ("director", "Directrice", "Directeur"),
    ("quality", "Responsable qualité et accompagnement", "Responsable qualité"),
    (
        "trainer",
        "Encadrante technique",
        "Encadrant technique",
    ),
    (
        "counsellor",
        "Accompagnatrice socioprofessionnelle",
        "Accompagnateur socioprofessionnel",
    ),
    (
        "chair",
        "Présidente du conseil d'administration",
        "Président du conseil d'administration",
    ),
)

STREETS = (
    "rue des Tisserands",
    "place du Marché",
    "rue de la Gare",
    "allée des Artisans",
    "zone d'activités du Moulin",
    "rue Haute",
    "chemin des Écoliers",
    "avenue de la Libération",
    "impasse du Lavoir",
    "quai des Mariniers",
)


def places(region: str) -> list[str]:
    """Return the towns of a region.

    >>> places("Guyane")
    ['Crique-Maroubé']
    """
    return REGIONS[region][2].split()


def with_article(pattern: str, place: str) -> str:
    """Return a structure's name, with « de » elided before a vowel.

    >>> with_article("Les Jardins de {place}", "Ourvenne")
    "Les Jardins d'Ourvenne"
    >>> with_article("Relais Emploi {place}", "Ourvenne")
    'Relais Emploi Ourvenne'
    """
    if place[0] in "AEÉIOUY":
        pattern = pattern.replace(" de {place}", " d'{place}")
    return pattern.format(place=place)


def address(*words: str) -> str:
    """Return words as one part of an e-mail or web address.

    >>> address("Hélène", "Da-Silva"), address("L'Établi", "d'Ourvenne")
    ('helene.da-silva', 'l-etabli.d-ourvenne')
    """
    import unicodedata

    plain = unicodedata.normalize("NFD", ".".join(words).lower())
    kept = (c for c in plain if not unicodedata.combining(c))
    return "".join(c if c.isalnum() or c in ".-" else "-" for c in kept)
