"""The columns of a référentiel workbook: the one table that all the rest follows.

Reading, checking, telling what changes, importing, exporting, the template, the
dictionary and what publication freezes derive from :data:`TABLES`. To add a column, add
one line here (and the field that it names).
"""

# Plain classes: what they call read and write is no model's.
# pylint: disable=method-required-super

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from .cells import (
    CODE,
    CODES,
    COLOR,
    EMPTY,
    NAME,
    NUMBER,
    PARAGRAPH,
    QUANTITY,
    REFERENCE,
    WHOLE,
    Choice,
    Kind,
)

MAX_ROWS = 8_000
MAX_TERMS = 1_000  # looked for in every text that people read

KINDS = {
    "thème": "theme",
    "sous-thème": "subtheme",
    "objectif général": "general",
    "objectif opérationnel": "operational",
}
OFFER_KINDS = {
    "formation": "training",
    "formation-action": "training_action",
    "outil": "tool",
    "guide": "guide",
    "accompagnement": "support",
}
COLLEGES = {
    "permanent": "permanent",
    "parcours": "parcours",
    "bénévole": "benevole",
    "administrateur": "administrateur",
    "partenaire": "partenaire",
}
STRENGTHS = {"totale": "full", "partielle": "partial"}
BOOLEANS = {"oui": True, "non": False}

# The sheet of the template that explains the others; nothing is read from it.
GUIDE_SHEET = "Lisez-moi"
GUIDE_HEADINGS = ("feuille", "colonne", "obligatoire", "contenu", "valeurs possibles")
GUIDE_LINES = (
    "Un référentiel par classeur, une feuille par sujet, une ligne par élément.",
    "Les feuilles Référentiel, Échelle et Objectifs sont nécessaires.",
    "Ce dont le classeur ne parle pas (feuille ou colonne absente) reste tel quel.",
    "Les codes sont du texte : 1.10 n'est pas 1.1 ; leur colonne est au format Texte.",
    "Vérifier d'abord avec « Vérifier seulement » : rien n'est alors écrit.",
)


@dataclass(frozen=True)
class Column:
    """A column: its heading, what its cells hold, the field they come from and go to.

    ``field`` may follow a link (``parent_id.code``): the cell names a linked record.
    ``get`` and ``put`` replace it where a cell is no plain field; ``put`` gives the
    ``fields`` it writes. ``default`` is what an empty cell means. ``frozen``:
    publication freezes these fields, whatever the path (see ``get_frozen_fields``).
    """

    name: str
    kind: Kind = NAME
    field: str = ""
    help: str = ""
    required: bool = False
    frozen: bool = False
    default: Any = None
    wide: bool = False
    get: Callable[[Any], Any] | None = None
    put: Callable[[Any], dict[str, Any]] | None = None
    fields: tuple[str, ...] = ()

    @property
    def empty(self) -> Any:
        """What an empty cell means."""
        return self.kind.empty if self.default is None else self.default

    @property
    def written_fields(self) -> frozenset[str]:
        """The fields that importing this column writes."""
        first = self.field.partition(".")[0]
        return frozenset(self.fields or ((first,) if first else ()))

    @property
    def choices(self) -> tuple[str, ...]:
        """The only words that its cells may hold; none where anything goes."""
        return tuple(self.kind.choices) if isinstance(self.kind, Choice) else ()

    def read(self, raw: Any) -> Any:
        """Return the value of a raw cell of a file.

        :raise BadValueError: the cell holds something else
        """
        value = self.kind.read(raw)
        return self.empty if value in EMPTY else value

    def dump(self, record: Any) -> Any:
        """Return what ``record`` holds, in the form that reading its cell gives."""
        stored = self.get(record) if self.get else _follow(record, self.field)
        value = self.kind.clean(stored)
        return self.empty if value in EMPTY else value

    def load(self, value: Any, links: Mapping[str, Mapping[Any, int]]) -> dict:
        """Return the values to write for a cell: ``{field: value}``.

        :param links: ``{field: {code: id}}`` of the records that cells name
        """
        if self.put:
            return self.put(value)
        name, _, key = self.field.partition(".")
        if not name:
            return {}
        if not key:
            return {name: False if value in EMPTY else value}
        ids = links[self.field]
        if isinstance(value, tuple):
            return {name: [ids[code] for code in value]}
        return {name: ids.get(value, False)}

    def write(self, value: Any) -> str:
        """Return a value as its cell is written."""
        return "" if value in EMPTY else self.kind.write(value)


def _follow(record: Any, path: str) -> Any:
    """Return the value at the end of ``path``, or the list of those of several."""
    link, _, key = path.partition(".")
    if not key:
        return record[link]
    if link.endswith("_ids"):
        return [linked[key] for linked in record[link]]
    return record[link][key]


@dataclass(eq=False)
class Table:
    """A sheet of the workbook, a ``.csv`` of the folder; the records of ``model``.

    ``identity`` names the columns that tell a row from the others; ``ranked``: their
    rank does, and the records keep it in ``sequence``. The rows of a ``library`` serve
    every référentiel: a workbook adds to them, removes none. ``frozen_rows``: once
    published, no row comes or goes.
    """

    key: str
    model: str
    sheet: str
    filename: str
    columns: tuple[Column, ...]
    identity: tuple[str, ...]
    optional: bool = True
    library: bool = False
    frozen_rows: bool = False
    by_rank: bool = False
    max_rows: int = MAX_ROWS

    def identify(self, row: Row) -> tuple[Any, ...] | None:
        """Return what tells ``row`` from the others; None where that is unreadable."""
        if any(name not in row.cells for name in self.identity):
            return None
        return tuple(row.cells[name] for name in self.identity)

    def index(self, rows: list[Row]) -> dict[tuple[Any, ...], Row]:
        """Return ``{identity: row}``; rows told apart by rank get theirs, from 1."""
        result: dict[tuple[Any, ...], Row] = {}
        ranks: dict[Any, int] = {}
        for row in rows:
            key = self.identify(row)
            if key is not None and self.by_rank:
                ranks[key] = ranks.get(key, 0) + 1
                key = (*key, ranks[key])
            if key is not None:
                result[key] = row
        return result


class Row(NamedTuple):
    """A row of a table: its number in the file, and its cells by column name.

    A cell that cannot be read is not there. ``record`` is what the row was made of,
    where it comes from a database.
    """

    number: int
    cells: dict[str, Any]
    record: Any = None


class Problem(NamedTuple):
    """One thing to correct. ``code`` names the message, the rest fills it in."""

    code: str
    sheet: str = ""
    row: int = 0
    column: str = ""
    found: str = ""
    expected: str = ""


@dataclass
class Content:
    """The rows of each table, read; ``problems`` holds all that is wrong with them.

    ``present`` names the columns of each table that the file speaks of: what it does
    not speak of stays as it is. ``ignored`` names the sheets that are not read.
    """

    rows: dict[str, list[Row]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    present: dict[str, set[str]] = field(default_factory=dict)
    ignored: list[str] = field(default_factory=list)

    def __getitem__(self, key: str) -> list[Row]:
        return self.rows.get(key, [])


def _get_gate(objective: Any) -> int | None:
    return objective["gate_level"] if objective["is_gate"] else None


def _put_gate(level: int | None) -> dict[str, Any]:
    return {"is_gate": level is not None, "gate_level": level or 0}


def _end(rank: int) -> Callable[[Any], Any]:
    """Return a getter of one part of where a link of the crosswalk goes."""
    return lambda link: link._get_end()[rank]


_SOURCE = Column("source", NAME, "source", "Titre et année. Vide : une proposition.")
_CONFIRMED = Column(
    "confirme",
    Choice(choices=BOOLEANS),
    "confirmed",
    "oui : texte de COORACE. Vide ou non : une proposition.",
    default=False,
)


def _objective(path: str, frozen: bool) -> Column:
    text = "Code d'un objectif de la feuille Objectifs."
    return Column("code_objectif", CODE, path, text, required=True, frozen=frozen)


TABLES = (
    Table(
        "referential",
        "cap.referential.version",
        "Référentiel",
        "referentiel.csv",
        (
            Column(
                "code",
                CODE,
                "referential_id.code",
                "Code court, stable d'une édition à l'autre : CAP, CAP_RSE...",
                required=True,
                frozen=True,
            ),
            Column(
                "nom",
                NAME,
                help="Nom du référentiel, lu par tout le monde.",
                required=True,
                get=lambda version: version["referential_id"]["name"],
            ),
            Column(
                "edition",
                CODE,
                "name",
                "Nom de l'édition, souvent une année.",
                required=True,
            ),
            Column(
                "langue",
                CODE,
                "lang",
                "Langue de cette édition : fr_FR, en_US...",
                required=True,
                frozen=True,
            ),
            Column(
                "echelle",
                CODE,
                "scale_id.code",
                "Code de l'échelle décrite dans la feuille Échelle.",
                required=True,
                frozen=True,
            ),
        ),
        ("code", "edition"),
        optional=False,
        frozen_rows=True,
    ),
    Table(
        "levels",
        "cap.scale.level",
        "Échelle",
        "echelle.csv",
        (
            Column(
                "valeur",
                WHOLE,
                "value",
                "Nombre entier ; 0 est un niveau comme un autre.",
                required=True,
                frozen=True,
            ),
            Column("nom", NAME, "name", "Nom du niveau.", required=True, frozen=True),
            Column(
                "signification",
                PARAGRAPH,
                "meaning",
                "Ce que veut dire ce niveau, en une phrase.",
                frozen=True,
                wide=True,
            ),
            Column(
                "couleur",
                COLOR,
                "color",
                "Couleur du niveau, écrite #rrggbb : #1f7a6c.",
                frozen=True,
            ),
        ),
        ("valeur",),
        optional=False,
        frozen_rows=True,
    ),
    Table(
        "objectives",
        "cap.objective",
        "Objectifs",
        "objectifs.csv",
        (
            Column(
                "code",
                CODE,
                "code",
                "Code unique dans l'édition, stable, au format texte : 1.10.",
                required=True,
                frozen=True,
            ),
            Column(
                "code_parent",
                CODE,
                "parent_id.code",
                "Code de l'élément auquel celui-ci appartient. Vide : un thème.",
                frozen=True,
            ),
            Column(
                "type",
                Choice(choices=KINDS),
                "kind",
                "Place dans l'arbre ; seuls les objectifs opérationnels sont évalués.",
                required=True,
                frozen=True,
            ),
            Column(
                "intitule",
                NAME,
                "name",
                "Texte de l'objectif.",
                required=True,
                frozen=True,
                wide=True,
            ),
            Column(
                "guide",
                PARAGRAPH,
                "guidance",
                "Questions à se poser, preuves possibles.",
                wide=True,
            ),
            Column(
                "note",
                PARAGRAPH,
                "footnote",
                "Note du mot marqué * dans l'intitulé.",
                wide=True,
            ),
            Column(
                "poids",
                NUMBER,
                "weight",
                "Nombre plus grand que 0 ; 2 compte double. Vide : 1.",
                frozen=True,
                default=1.0,
            ),
            Column(
                "niveau_requis",
                WHOLE,
                help="Niveau à atteindre pour une reconnaissance. Vide : aucun.",
                frozen=True,
                get=_get_gate,
                put=_put_gate,
                fields=("is_gate", "gate_level"),
            ),
            Column(
                "types_structure",
                CODES,
                "structure_type_ids.code",
                "Codes séparés par des virgules : AI,ACI. Vide : tous.",
                frozen=True,
            ),
            _CONFIRMED,
            _SOURCE,
            Column(
                "offres",
                CODES,
                "offer_ids.code",
                "Références des offres qui aident, séparées par des virgules.",
            ),
        ),
        ("code",),
        optional=False,
        frozen_rows=True,
    ),
    Table(
        "indicators",
        "cap.objective.indicator",
        "Indicateurs",
        "indicateurs.csv",
        (
            _objective("objective_id.code", frozen=True),
            Column(
                "indicateur",
                NAME,
                "name",
                "Indicateur proposé.",
                required=True,
                frozen=True,
                wide=True,
            ),
            _SOURCE,
        ),
        ("code_objectif",),
        frozen_rows=True,
        by_rank=True,
    ),
    Table(
        "offers",
        "cap.offer",
        "Offres",
        "offres.csv",
        (
            Column(
                "ref",
                REFERENCE,
                "code",
                "Référence unique et stable de l'offre.",
                required=True,
            ),
            Column("nom", NAME, "name", "Nom de l'offre.", required=True, wide=True),
            Column(
                "type",
                Choice(choices=OFFER_KINDS),
                "kind",
                "Nature de l'offre.",
                required=True,
            ),
            Column("duree_heures", QUANTITY, "duration_hours", "Durée en heures."),
            Column(
                "description",
                PARAGRAPH,
                "description",
                "Ce que l'offre apporte.",
                wide=True,
            ),
            Column("source", NAME, "source", "Où elle est publiée."),
        ),
        ("ref",),
        library=True,
    ),
    Table(
        "descriptors",
        "cap.objective.descriptor",
        "Descripteurs",
        "descripteurs.csv",
        (
            _objective("objective_id.code", frozen=True),
            Column(
                "niveau",
                WHOLE,
                "level_id.value",
                "Valeur d'un niveau de l'échelle.",
                required=True,
                frozen=True,
            ),
            Column(
                "description",
                PARAGRAPH,
                "description",
                "Ce que ce niveau veut dire pour cet objectif.",
                required=True,
                frozen=True,
                wide=True,
            ),
            _SOURCE,
        ),
        ("code_objectif", "niveau"),
        frozen_rows=True,
    ),
    Table(
        "questions",
        "cap.objective.question",
        "Questions",
        "questions.csv",
        (
            _objective("objective_id.code", frozen=False),
            Column(
                "college",
                Choice(choices=COLLEGES),
                "college",
                "À qui la question est posée.",
                required=True,
            ),
            Column(
                "question",
                NAME,
                "question",
                "L'objectif demandé en mots simples.",
                required=True,
                wide=True,
            ),
            Column("exemple", PARAGRAPH, "example", "Un exemple concret.", wide=True),
            _SOURCE,
        ),
        ("code_objectif", "college"),
    ),
    Table(
        "mappings",
        "cap.objective.mapping",
        "Correspondances",
        "correspondances.csv",
        (
            _objective("source_id.code", frozen=False),
            Column(
                "cible",
                CODE,
                help="Code d'un référentiel (CAP_RSE) ou d'une norme (ISO9001:2015).",
                required=True,
                get=_end(0),
            ),
            Column(
                "edition_cible",
                CODE,
                help="Édition visée. Vide : la plus récente.",
                get=_end(1),
            ),
            Column(
                "code_cible",
                CODE,
                help="Code de l'objectif ou de l'article visé.",
                required=True,
                get=_end(2),
            ),
            Column(
                "force",
                Choice(choices=STRENGTHS),
                "strength",
                "Tout, ou une partie.",
                required=True,
            ),
            Column(
                "justification",
                PARAGRAPH,
                "rationale",
                "Pourquoi les deux se répondent, en une phrase.",
                wide=True,
            ),
            Column(
                "confirme",
                Choice(choices=BOOLEANS),
                "confirmed",
                "oui : relu par COORACE. Vide ou non : une proposition.",
                default=False,
            ),
        ),
        ("code_objectif", "cible", "edition_cible", "code_cible"),
    ),
    Table(
        "glossary",
        "cap.glossary.term",
        "Glossaire",
        "glossaire.csv",
        (
            Column("terme", CODE, "name", "Le mot expliqué.", required=True),
            Column(
                "definition",
                PARAGRAPH,
                "definition",
                "Son explication, en une ou deux phrases.",
                required=True,
                wide=True,
            ),
            _SOURCE,
        ),
        ("terme",),
        library=True,
        max_rows=MAX_TERMS,
    ),
)
BY_KEY = {table.key: table for table in TABLES}


def get_frozen_fields(key: str) -> frozenset[str]:
    """Return the fields of a table's records that its frozen columns write.

    >>> sorted(get_frozen_fields("descriptors"))
    ['description', 'level_id', 'objective_id']
    """
    columns = [column for column in BY_KEY[key].columns if column.frozen]
    return frozenset().union(*(column.written_fields for column in columns))


def sort_problems(problems: list[Problem]) -> list[Problem]:
    """Return the problems once each, as one meets them from the first sheet on.

    >>> late = Problem("orphan", "Objectifs", 9)
    >>> sort_problems([late, Problem("empty_cell", "Échelle", 12), late])[0].sheet
    'Échelle'
    """
    ranks = {t.sheet: rank for rank, t in enumerate(TABLES)}
    columns = {
        (t.sheet, c.name): rank for t in TABLES for rank, c in enumerate(t.columns)
    }
    return sorted(
        dict.fromkeys(problems),
        key=lambda problem: (
            ranks.get(problem.sheet, -1),
            problem.row or MAX_ROWS * 2,
            columns.get((problem.sheet, problem.column), -1),
        ),
    )
