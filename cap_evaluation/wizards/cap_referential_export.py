import base64
import re
import unicodedata

from odoo import api, fields, models
from odoo.fields import Domain

from ..kernel.workbook import exchange
from ..kernel.workbook import write as exchange_write
from ..kernel.workbook.exchange import Content, Row

clean = exchange_write.clean


class CapReferentialExport(models.TransientModel):
    """Write an edition as the workbook that the import reads: the same, both ways."""

    _name = "cap.referential.export"
    _description = "Export a CAP Référentiel"

    version_id = fields.Many2one("cap.referential.version", "Edition")
    file_format = fields.Selection(
        [("xlsx", "Workbook (.xlsx)"), ("zip", "Tables (.zip of .csv)")],
        "Format",
        default="xlsx",
        required=True,
    )
    file = fields.Binary(readonly=True, attachment=False)
    filename = fields.Char(readonly=True)

    def action_export(self):
        """Write the file and download it."""
        self.ensure_one()
        content = self._get_content(self.version_id)
        xlsx = self.file_format == "xlsx"
        write = exchange_write.write_xlsx if xlsx else exchange_write.write_zip
        self.file = base64.b64encode(write(content))
        name = re.sub(r"[^\w.-]+", "_", self.version_id.display_name)
        self.filename = f"{name}.{self.file_format}"
        return self._download()

    @api.model
    def action_download_template(self):
        """Download an empty workbook, with its help and its drop-down lists."""
        wizard = self.create({"filename": "referentiel_modele.xlsx"})
        wizard.file = base64.b64encode(exchange_write.write_xlsx(Content()))
        return wizard._download()

    def _download(self):
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.filename}"
            "?download=true",
            "target": "download",
        }

    # ------------------------------------------------------------------ content

    @api.model
    def _get_content(self, version):
        """Return the tables of ``version``, rows in the order they are written."""
        content = Content()
        if not version:
            return content
        objectives = version.objective_ids.sorted(lambda o: (o.sequence, o.id))
        ranks = {objective.id: rank for rank, objective in enumerate(objectives)}
        tables = {
            "referential": self._get_referential_cells(version),
            "levels": self._get_level_cells(version),
            "objectives": self._get_objective_cells(objectives),
            "indicators": self._get_indicator_cells(objectives),
            "offers": self._get_offer_cells(self._with_archived(objectives)),
            "descriptors": self._get_descriptor_cells(objectives),
            "questions": self._get_question_cells(objectives),
            "mappings": self._get_mapping_cells(objectives, ranks),
            "glossary": self._get_glossary_cells(version.lang),
        }
        for table in exchange.TABLES:
            content.rows[table.key] = [
                Row(number, cells) for number, cells in enumerate(tables[table.key], 2)
            ]
        return content

    @api.model
    def _get_referential_cells(self, version):
        referential = version.referential_id
        return [
            {
                "code": clean(referential.code),
                "nom": clean(referential.name),
                "edition": clean(version.name),
                "langue": version.lang,
                "echelle": clean(version.scale_id.code),
            }
        ]

    @api.model
    def _get_level_cells(self, version):
        return [
            {
                "valeur": level.value,
                "nom": clean(level.name),
                "signification": clean(level.meaning),
                "couleur": (level.color or "").lower(),
            }
            for level in version.scale_id.level_ids.sorted("value")
        ]

    @api.model
    def _get_objective_cells(self, objectives):
        return [
            {
                "code": clean(objective.code),
                "code_parent": clean(objective.parent_id.code),
                "type": objective.kind,
                "intitule": clean(objective.name),
                "guide": clean(objective.guidance),
                "note": clean(objective.footnote),
                "poids": objective.weight,
                "niveau_requis": objective.gate_level if objective.is_gate else None,
                "types_structure": sorted(objective.structure_type_ids.mapped("code")),
                "confirme": objective.confirmed,
                "source": clean(objective.source),
                "offres": sorted(self._with_archived(objective).mapped("code")),
            }
            for objective in objectives
        ]

    @api.model
    def _with_archived(self, objectives):
        return objectives.with_context(active_test=False).offer_ids

    @api.model
    def _get_indicator_cells(self, objectives):
        return [
            {
                "code_objectif": clean(objective.code),
                "indicateur": clean(indicator.name),
                "source": clean(indicator.source),
            }
            for objective in objectives
            for indicator in objective.indicator_ids.sorted(
                lambda i: (i.sequence, i.id)
            )
        ]

    @api.model
    def _get_offer_cells(self, offers):
        return [
            {
                "ref": clean(offer.code),
                "nom": clean(offer.name),
                "type": offer.kind,
                "duree_heures": offer.duration_hours or None,
                "description": clean(offer.description),
                "source": clean(offer.source),
            }
            for offer in sorted(offers, key=lambda o: natural(o.code))
        ]

    @api.model
    def _get_descriptor_cells(self, objectives):
        return [
            {
                "code_objectif": clean(objective.code),
                "niveau": descriptor.level_id.value,
                "description": clean(descriptor.description),
                "source": clean(descriptor.source),
            }
            for objective in objectives
            for descriptor in objective.descriptor_ids.sorted(
                lambda d: d.level_id.value
            )
        ]

    @api.model
    def _get_question_cells(self, objectives):
        order = list(exchange.COLLEGES.values())
        return [
            {
                "code_objectif": clean(objective.code),
                "college": question.college,
                "question": clean(question.question),
                "exemple": clean(question.example),
                "source": clean(question.source),
            }
            for objective in objectives
            for question in objective.question_ids.sorted(
                lambda q: order.index(q.college)
            )
        ]

    @api.model
    def _get_mapping_cells(self, objectives, ranks):
        """Return the links from these objectives, those that wait included."""
        links = [
            (ranks[record.source_id.id], *self._get_ends(record), record)
            for model in ("cap.objective.mapping", "cap.objective.mapping.waiting")
            for record in self.env[model].search(
                Domain("source_id", "in", objectives.ids)
            )
        ]
        links.sort(key=lambda link: (link[0], link[1], link[2], natural(link[3])))
        return [
            {
                "code_objectif": clean(record.source_id.code),
                "cible": target,
                "edition_cible": edition,
                "code_cible": code,
                "force": record.strength,
                "justification": clean(record.rationale),
                "confirme": record.confirmed,
            }
            for _rank, target, edition, code, record in links
        ]

    @api.model
    def _get_ends(self, link):
        """Return (référentiel or standard, edition, code) that ``link`` goes to."""
        if link._name == "cap.objective.mapping.waiting":
            ends = (link.referential_code, link.edition, link.code)
        elif link.clause_id:
            ends = (link.clause_id.standard, "", link.clause_id.code)
        else:
            version = link.target_id.version_id
            ends = (version.referential_id.code, version.name, link.target_id.code)
        return tuple(map(clean, ends))

    @api.model
    def _get_glossary_cells(self, lang):
        terms = self.env["cap.glossary.term"].search([("lang", "=", lang)])
        return [
            {
                "terme": clean(term.name),
                "definition": clean(term.definition),
                "source": clean(term.source),
            }
            for term in terms.sorted(lambda t: (fold(t.name), t.name))
        ]


def natural(code):
    """Return a key that sorts 1.2 before 1.10.

    >>> sorted(["1.10", "1.2", "OFF-P1"], key=natural)
    ['1.2', '1.10', 'OFF-P1']
    """
    parts = re.split(r"(\d+)", code or "")
    return [(0, int(p), "") if p.isdecimal() else (1, 0, p) for p in parts]


def fold(text):
    """Return a text to sort by: without case or accents."""
    decomposed = unicodedata.normalize("NFKD", (text or "").casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
