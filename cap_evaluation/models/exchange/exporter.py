"""An edition as its workbook tells it."""

import re

from odoo.fields import Domain

from ...kernel.text import fold
from ...kernel.workbook import schema


class Exporter:
    """The rows of an edition's workbook, in the order they are written.

    Each row keeps the record it was made of, so that an import writes what differs
    where it stands. What belongs to no edition (the scale, the offers, the glossary)
    can be asked for without one.

    :param version: the edition, or none
    :param scale: the scale to tell; by default the edition's
    :param lang: the language of the glossary; by default the edition's
    :param offers: offers to tell beside those of the objectives
    """

    def __init__(self, version, scale=None, lang="", offers=None):
        self.env = version.env
        self.version = version
        self.scale = scale if scale is not None else version.scale_id
        self.lang = lang or version.lang
        # Archived offers stay linked, and are told
        objectives = version.with_context(active_test=False).objective_ids
        self.objectives = objectives.sorted(lambda o: (o.sequence, o.id))
        self.offers = self.objectives.offer_ids | (offers or self.env["cap.offer"])

    def get_content(self):
        """Return the tables as :class:`~...schema.Content`."""
        content = schema.Content()
        for table in schema.TABLES:
            content.rows[table.key] = [
                schema.Row(
                    number, {c.name: c.dump(record) for c in table.columns}, record
                )
                for number, record in enumerate(self._get_records(table.key), 2)
            ]
        return content

    def _get_records(self, key):
        """Return the records of a table, in the order of its rows."""
        order = list(schema.COLLEGES.values())
        getters = {
            "referential": lambda: self.version,
            "levels": lambda: self.scale.level_ids.sorted("value"),
            "objectives": lambda: self.objectives,
            "offers": lambda: self.offers.sorted(lambda o: natural(o.code)),
            "indicators": lambda: self._get_below(
                "indicator_ids", lambda i: (i.sequence, i.id)
            ),
            "descriptors": lambda: self._get_below(
                "descriptor_ids", lambda d: d.level_id.value
            ),
            "questions": lambda: self._get_below(
                "question_ids", lambda q: order.index(q.college)
            ),
            "mappings": self._get_links,
            "glossary": self._get_terms,
        }
        return getters[key]()

    def _get_below(self, name, rank):
        return [
            record
            for objective in self.objectives
            for record in objective[name].sorted(rank)
        ]

    def _get_links(self):
        """Return the links from these objectives, those that wait included."""
        ranks = {objective.id: rank for rank, objective in enumerate(self.objectives)}
        links = [
            link
            for model in ("cap.objective.mapping", "cap.objective.mapping.waiting")
            for link in self.env[model].search(
                Domain("source_id", "in", self.objectives.ids)
            )
        ]
        ends = {link: link._get_end() for link in links}
        return sorted(
            links,
            key=lambda link: (
                ranks[link.source_id.id],
                *ends[link][:2],
                natural(ends[link][2]),
            ),
        )

    def _get_terms(self):
        terms = self.env["cap.glossary.term"].search([("lang", "=", self.lang)])
        return terms.sorted(lambda term: (fold(term.name), term.name))


def natural(code):
    """Return a key that sorts 1.2 before 1.10.

    >>> sorted(["1.10", "1.2", "OFF-P1"], key=natural)
    ['1.2', '1.10', 'OFF-P1']
    """
    parts = re.split(r"(\d+)", code or "")
    return [(0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts]
