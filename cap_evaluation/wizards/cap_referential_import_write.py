from odoo import api, models
from odoo.exceptions import ValidationError
from odoo.fields import Command

from ..kernel.workbook.diff import normal
from ..kernel.workbook.exchange import BY_KEY, PARENTS, Problem, UnreadableError
from ..kernel.workbook.write import clean

# {table: {column: field}}; what is linked to another record is written apart.
FIELDS = {
    "levels": {
        "valeur": "value",
        "nom": "name",
        "signification": "meaning",
        "couleur": "color",
    },
    "objectives": {
        "code": "code",
        "type": "kind",
        "intitule": "name",
        "guide": "guidance",
        "note": "footnote",
        "poids": "weight",
        "confirme": "confirmed",
        "source": "source",
    },
    "indicators": {"indicateur": "name", "source": "source"},
    "offers": {
        "ref": "code",
        "nom": "name",
        "type": "kind",
        "duree_heures": "duration_hours",
        "description": "description",
        "source": "source",
    },
    "descriptors": {"description": "description", "source": "source"},
    "questions": {
        "college": "college",
        "question": "question",
        "exemple": "example",
        "source": "source",
    },
    "mappings": {
        "force": "strength",
        "justification": "rationale",
        "confirme": "confirmed",
    },
    "glossary": {"terme": "name", "definition": "definition", "source": "source"},
}


class CapReferentialImport(models.TransientModel):
    """The writing of a workbook found right: in batches, and only what differs."""

    _inherit = "cap.referential.import"

    def _import(self, content):
        """Write ``content``, found right, into its edition; return it.

        Of an edition that is no draft any more, only the free parts are written.
        """
        version = self._find_version(content)
        frozen = bool(version) and version.state != "draft"
        if not frozen:
            version = self._write_version(content, self._write_scale(content))
        name = content["referential"][0].cells["nom"]
        self._change(version.referential_id, {"name": name})
        self._write_offers(content)
        objectives = self._write_objectives(content, version, frozen)
        self._write_indicators(content, objectives, frozen)
        self._write_descriptors(content, version, objectives, frozen)
        self._write_questions(content, objectives)
        self._write_glossary(content, version)
        try:
            self._write_mappings(content, objectives)
            self.env["cap.objective.mapping.waiting"]._link(version)
        except ValidationError as error:
            raise UnreadableError(
                Problem("refused", "Correspondances", found=str(error))
            ) from error
        return version

    # ------------------------------------------------------------------ preparing

    @api.model
    def _prepare(self, content, key, row, frozen=False):
        """Return the values of ``row``: the columns that the file speaks of.

        :param bool frozen: leave out what publication freezes
        """
        names = FIELDS[key]
        return {
            names[column.name]: self._prepare_value(normal(column, row.cells))
            for column in BY_KEY[key].columns
            if column.name in names
            and column.name in content.present[key]
            and not (frozen and column.frozen)
        }

    @api.model
    def _prepare_value(self, value):
        return False if value == "" else value

    @api.model
    def _prepare_levels(self, content):
        return {
            row.cells["valeur"]: self._prepare(content, "levels", row)
            for row in content["levels"]
        }

    def _prepare_objective(self, content, row, links, frozen):
        vals = self._prepare(content, "objectives", row, frozen)
        present = content.present["objectives"]
        for column, (name, ids) in links.items():
            if column in present and not (frozen and column == "types_structure"):
                codes = row.cells.get(column) or ()
                vals[name] = [Command.set([ids[code] for code in codes])]
        if "niveau_requis" in present and not frozen:
            gate = row.cells.get("niveau_requis")
            vals |= {"is_gate": gate is not None, "gate_level": gate or 0}
        return vals

    def _get_linked_records(self, rows):
        """Return ``{column: (field, {code: id})}`` of what objectives are linked to."""
        codes = {code for row in rows for code in row.cells.get("offres") or ()}
        offers = self.env["cap.offer"]._get_by_code(list(codes))
        return {
            "offres": ("offer_ids", {code: offer.id for code, offer in offers.items()}),
            "types_structure": ("structure_type_ids", self._get_structure_types(rows)),
        }

    def _get_structure_types(self, rows):
        """Return ``{code: id}`` of the structure types that ``rows`` name."""
        codes = {c for row in rows for c in row.cells.get("types_structure") or ()}
        types = self.env["cap.structure.type"].search([("code", "in", list(codes))])
        return {structure_type.code: structure_type.id for structure_type in types}

    # ------------------------------------------------------------------ the edition

    def _write_scale(self, content):
        scale = self._find_scale(content)
        cells = content["referential"][0].cells
        if not scale:
            scale = scale.create({"code": cells["echelle"], "name": cells["echelle"]})
        wanted = self._prepare_levels(content)
        stored = {level.value: level for level in scale.level_ids}
        commands = [
            Command.delete(level.id)
            for value, level in stored.items()
            if value not in wanted
        ]
        for value, vals in wanted.items():
            if value not in stored:
                commands.append(Command.create(vals))
            elif changed := self._get_changed(stored[value], vals):
                commands.append(Command.update(stored[value].id, changed))
        if commands:
            scale.level_ids = commands
        return scale

    def _write_version(self, content, scale):
        cells = content["referential"][0].cells
        referential = self.env["cap.referential"].search([("code", "=", cells["code"])])
        version = self._find_version(content)
        if not referential:
            referential = referential.create(
                {"code": cells["code"], "name": cells["nom"]}
            )
        vals = {"scale_id": scale.id, "lang": cells["langue"]}
        if version:
            self._change(version, vals)
            return version
        return version.create(
            {**vals, "referential_id": referential[0].id, "name": cells["edition"]}
        )

    # ------------------------------------------------------------------ the tree

    def _write_objectives(self, content, version, frozen):
        """Bring the tree of ``version`` to the file's; return ``{code: objective}``."""
        model = self.env["cap.objective"]
        known = {
            clean(objective.code): objective for objective in version.objective_ids
        }
        rows = content["objectives"]
        wanted = {row.cells["code"] for row in rows}
        dropped = model.union(*(o for code, o in known.items() if code not in wanted))
        links = self._get_linked_records(rows)
        ranks = {row.cells["code"]: rank for rank, row in enumerate(rows, 1)}
        for kind in PARENTS:
            vals_by_code = {}
            for row in rows:
                if row.cells["type"] == kind:
                    vals = self._prepare_objective(content, row, links, frozen)
                    if not frozen:
                        parent = known.get(row.cells.get("code_parent"), model)
                        vals |= {
                            "version_id": version.id,
                            "sequence": ranks[row.cells["code"]],
                            "parent_id": parent.id,
                        }
                    vals_by_code[row.cells["code"]] = vals
            known.update(self._synchronise(model, vals_by_code, known))
        dropped_by_kind = dropped.grouped("kind")
        for kind in reversed(PARENTS):
            dropped_by_kind.get(kind, model).unlink()
        return {code: known[code] for code in wanted}

    def _write_indicators(self, content, objectives, frozen):
        """Bring the indicators of each objective to the file's, rank by rank."""
        if "indicators" not in content.present:
            return
        model = self.env["cap.objective.indicator"]
        known, ranks = {}, {}
        records = self._search_of(model, objectives)
        for record in records.sorted(lambda i: (i.sequence, i.id)):
            objective_id = record.objective_id.id
            rank = ranks[objective_id] = ranks.get(objective_id, 0) + 1
            known[objective_id, rank] = record
        vals_by_key, ranks = {}, {}
        for row in content["indicators"]:
            objective_id = objectives[row.cells["code_objectif"]].id
            rank = ranks[objective_id] = ranks.get(objective_id, 0) + 1
            vals = self._prepare(content, "indicators", row, frozen)
            if not frozen:
                vals |= {"objective_id": objective_id, "sequence": rank}
            vals_by_key[objective_id, rank] = vals
        self._replace(model, vals_by_key, known)

    def _write_descriptors(self, content, version, objectives, frozen):
        if "descriptors" not in content.present:
            return
        model = self.env["cap.objective.descriptor"]
        levels = {level.value: level.id for level in version.scale_id.level_ids}
        known = {
            (record.objective_id.id, record.level_id.id): record
            for record in self._search_of(model, objectives)
        }
        vals_by_key = {}
        for row in content["descriptors"]:
            key = (
                objectives[row.cells["code_objectif"]].id,
                levels[row.cells["niveau"]],
            )
            vals = self._prepare(content, "descriptors", row, frozen)
            if not frozen:
                vals |= {"objective_id": key[0], "level_id": key[1]}
            vals_by_key[key] = vals
        self._replace(model, vals_by_key, known)

    # ------------------------------------------------------------------ free parts

    def _write_offers(self, content):
        vals_by_code = {
            row.cells["ref"]: self._prepare(content, "offers", row)
            for row in content["offers"]
        }
        model = self.env["cap.offer"]
        self._synchronise(model, vals_by_code, model._get_by_code(list(vals_by_code)))

    def _write_questions(self, content, objectives):
        if "questions" not in content.present:
            return
        model = self.env["cap.objective.question"]
        known = {
            (record.objective_id.id, record.college): record
            for record in self._search_of(model, objectives)
        }
        vals_by_key = {}
        for row in content["questions"]:
            objective_id = objectives[row.cells["code_objectif"]].id
            vals_by_key[objective_id, row.cells["college"]] = {
                **self._prepare(content, "questions", row),
                "objective_id": objective_id,
            }
        self._replace(model, vals_by_key, known)

    def _write_mappings(self, content, objectives):
        """Bring the crosswalk from these objectives to the file's.

        A link to an edition that is not here waits for it.
        """
        if "mappings" not in content.present:
            return
        targets = self._find_targets(content)
        links, waiting = {}, {}
        for row in content["mappings"]:
            vals = self._prepare(content, "mappings", row)
            source = objectives[row.cells["code_objectif"]]
            name, edition, code = key = self._get_target_key(row.cells)
            target = targets.get(key[:2], {}).get(code)
            if target is None:
                vals |= {"referential_code": name, "edition": edition, "code": code}
                waiting[source.id, *key] = {**vals, "source_id": source.id}
            else:
                field = "clause_id" if target._name == "cap.clause" else "target_id"
                vals |= {"source_id": source.id, field: target.id}
                links[source.id, field, target.id] = vals
        self._replace_links(objectives, links, waiting)

    def _replace_links(self, objectives, links, waiting):
        model = self.env["cap.objective.mapping"]
        known = {}
        for record in self._search_of(model, objectives, "source_id"):
            field = "clause_id" if record.clause_id else "target_id"
            known[record.source_id.id, field, record[field].id] = record
        self._replace(model, links, known)
        model = self.env["cap.objective.mapping.waiting"]
        known = {
            (r.source_id.id, r.referential_code, r.edition or "", r.code): r
            for r in self._search_of(model, objectives, "source_id")
        }
        self._replace(model, waiting, known)

    def _write_glossary(self, content, version):
        names = [row.cells["terme"] for row in content["glossary"]]
        model = self.env["cap.glossary.term"]
        known = {
            term.name: term
            for term in model.search(
                [("lang", "=", version.lang), ("name", "in", names)]
            )
        }
        vals_by_name = {
            row.cells["terme"]: {
                **self._prepare(content, "glossary", row),
                "lang": version.lang,
            }
            for row in content["glossary"]
        }
        self._synchronise(model, vals_by_name, known)

    # ------------------------------------------------------------------ in batches

    @api.model
    def _search_of(self, model, objectives, field="objective_id"):
        """Return the records of ``model`` that belong to these objectives."""
        ids = [objective.id for objective in objectives.values()]
        return model.search([(field, "in", ids)])

    @api.model
    def _replace(self, model, vals_by_key, known):
        """Synchronise, and drop the known records that are not wanted any more."""
        model.union(*(r for key, r in known.items() if key not in vals_by_key)).unlink()
        self._synchronise(model, vals_by_key, known)

    @api.model
    def _synchronise(self, model, vals_by_key, known):
        """Create what is missing, write what differs; return ``{key: record}``.

        Records that change in the same way are written together.
        """
        new = {key: vals for key, vals in vals_by_key.items() if key not in known}
        records = dict(zip(new, model.create(list(new.values())), strict=True))
        alike = {}
        for key, vals in vals_by_key.items():
            if key in records:
                continue
            records[key] = known[key]
            if changed := self._get_changed(known[key], vals):
                alike.setdefault(repr(changed), (changed, []))[1].append(known[key].id)
        for changed, ids in alike.values():
            model.browse(ids).write(changed)
        return records

    @api.model
    def _change(self, record, vals):
        if changed := self._get_changed(record, vals):
            record.write(changed)

    @api.model
    def _get_changed(self, record, vals):
        """Return the ``vals`` that differ from what ``record`` holds."""
        return {
            name: value
            for name, value in vals.items()
            if self._stored_value(record, name) != self._plain_value(value)
        }

    @api.model
    def _stored_value(self, record, name):
        field = record._fields[name]
        if field.type == "many2many":
            return set(record.with_context(active_test=False)[name].ids)
        value = record[name]
        if field.type == "many2one":
            return value.id
        return (clean(value) or False) if field.type in ("char", "text") else value

    @api.model
    def _plain_value(self, value):
        return set(value[0][2]) if isinstance(value, list) else value
