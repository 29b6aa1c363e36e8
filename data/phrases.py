"""What the teams of the demo write: comments, details of actions, news of a plan."""

import csv
import random
from pathlib import Path

COMMENTS = Path(__file__).parent / "comments.csv"
MONTHS = (
    "janvier février mars avril mai juin juillet septembre octobre novembre décembre"
).split()

#: Said after a comment, once in a while.
ENDINGS = {
    0: (
        "À mettre au plan.",
        "Nous l'assumons : ce n'était pas la priorité.",
        "Le conseil veut en parler à la rentrée.",
        "C'est le point qui a le plus fait parler.",
    ),
    1: (
        "L'équipe hésitait entre 1 et 2.",
        "Les personnes en parcours auraient mis 0.",
        "À revoir après le recrutement.",
        "C'est mieux que l'an dernier.",
        "Nous ne sommes pas tous d'accord, et c'est noté.",
        "On y travaille, sans date.",
    ),
    2: (
        "Une preuve : le classeur de l'accueil.",
        "Prochaine étape : regarder ce que cela change.",
        "Tout le groupe était d'accord.",
        "Les administrateurs étaient plus sévères.",
        "Reste à tenir dans la durée.",
    ),
    3: (
        "On peut en parler aux voisins.",
        "Nous en sommes contents.",
        "Déjà montré lors d'une visite.",
    ),
}

#: Told about an action that was chosen.
DETAILS = (
    "On commence par une seule équipe, bilan au bout de deux mois.",
    "À préparer avec deux salarié-e-s en parcours.",
    "Après les congés, quand l'équipe sera au complet.",
    "Avec l'aide de la délégation régionale.",
    "Le conseil en suit l'avancement.",
    "Idée venue du groupe, à essayer sans attendre.",
    "À faire avec la structure voisine.",
    "Pas de budget à prévoir, surtout du temps.",
)

#: Told where people choose not to progress, this year.
NOT_NOW = (
    "Pas cette année : le déménagement prend tout.",
    "Déjà traité dans le plan précédent.",
    "Notre niveau nous convient.",
    "On attend l'arrivée de la nouvelle responsable.",
    "Plutôt l'an prochain, avec le groupe.",
)

#: What people write when they tell how an action goes, by status.
NEWS = {
    "doing": (
        "Première version relue par l'équipe. On l'essaie jusqu'aux vacances.",
        "Deux réunions faites. Il manque l'avis des personnes en parcours.",
        "La moitié est en place. L'autre équipe commence le mois prochain.",
        "Un peu de retard : l'encadrant référent était absent trois semaines.",
        "Le modèle du réseau nous a fait gagner du temps.",
        "Présenté au conseil, accueil favorable.",
    ),
    "done": (
        "Terminé. À l'usage, on a enlevé une étape inutile.",
        "C'est fait, et l'équipe s'en sert vraiment.",
        "Terminé un mois après la date prévue, sans dommage.",
        "Fait. On regardera l'effet au prochain CAP.",
        "En place sur les deux sites.",
    ),
    "dropped": (
        "Arrêtée : le besoin a disparu avec la fin du chantier.",
        "On arrête là, trop lourd pour nous. On garde l'idée.",
        "Reprise par le groupe, on ne la mène plus seuls.",
    ),
}


def read_comments() -> dict:
    """Return ``{(code, level): sentences}``."""
    comments = {}
    with COMMENTS.open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table, delimiter=";"):
            key = row["code"], int(row["niveau"])
            comments.setdefault(key, []).append(row["commentaire"])
    return comments


def pick(rng: random.Random, texts: tuple, said: set) -> str:
    """Return one of ``texts`` that this team has not said yet, else nothing.

    >>> said = {"b"}
    >>> pick(random.Random(3), ("a", "b"), said), pick(random.Random(3), ("a",), said)
    ('a', '')
    """
    left = [text for text in texts if text not in said]
    text = rng.choice(left) if left else ""
    said.add(text)
    return text


def comment(
    rng: random.Random, sentences: list[str], level: int, year: int, said: set
) -> str:
    """Return one comment of a team, with its own month and figures.

    >>> comment(random.Random(3), ["Fait en {mois} {an}, {n} fois."], 2, 2026, set())
    'Fait en octobre 2025, 7 fois.'
    """
    text = rng.choice(sentences).format(
        n=rng.randint(3, 8), mois=rng.choice(MONTHS), an=year - rng.randint(1, 2)
    )
    ending = pick(rng, ENDINGS[level], said) if rng.random() < 0.25 else ""
    return f"{text} {ending}".strip()
