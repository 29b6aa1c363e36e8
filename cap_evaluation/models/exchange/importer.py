"""A workbook on its way into an edition."""

# Plain classes: what they call read and write is no model's.
# pylint: disable=method-required-super

from dataclasses import replace

from markupsafe import Markup

from odoo.exceptions import ValidationError
from odoo.fields import Command

from ...kernel.text import fold, one_line, shorten
from ...kernel.tree import PARENTS
from ...kernel.workbook import check, diff, schema
from ...kernel.workbook.cells import NAME
from ...kernel.workbook.schema import BY_KEY, Problem
from .exporter import Exporter

MAX_LOGGED = 50


class _RefusedError(Exception):
    """The database refuses the links of the file; its text says why."""


class Importer:
    """What a workbook says, held beside what this database knows of it.

    Plain, and made for one file: it finds once the référentiel, the edition, the scale
    and all that the cells name, and compares once. What ``changes`` tells is what
    ``write`` writes. Making one changes nothing.

        importer = Importer(env, content)
        importer.check()       # every problem, those of the file included
        importer.changes       # what importing would change, one by one
        importer.write()       # the edition; nothing is written on any problem

    The file is about the edition that its first sheet names. A new one is made as a
    draft; a draft is brought to what the file says, record by record, by code. Of a
    published edition only the free parts follow (see ``Column.frozen``): any other
    difference is a problem. What the file does not speak of stays.

    :param content: what :func:`~...kernel.workbook.read.read_file` gave
    :param referential: the one to import into, where several have the file's code;
        none of them (an empty recordset): a new one, shared
    """

    def __init__(self, env, content, referential=None):
        self.env = env
        rows = content["referential"]
        self.row = rows[0] if rows else schema.Row(0, {})
        self.candidates = self._find_referentials()
        self.referential = self._choose(referential)
        self.version = self._find_version()
        self.scale = self._find_scale()
        self.targets = self._find_targets(content)
        self.offers = self._find_offers(content)
        self.types = {
            kind.code: kind.id for kind in env["cap.structure.type"].search([])
        }
        self.content = self._settle(content)
        self.stored = self._get_stored()
        self.differences = diff.compare(self.stored, self.content)
        self.changes = [
            *self._list_renaming(),
            *diff.list_changes(self.differences),
        ]
        self.problems = []

    # ------------------------------------------------------------------ finding

    def _get(self, column):
        """Return a cell of the first sheet, "" where it could not be read."""
        return self.row.cells.get(column, "")

    def _find_referentials(self):
        """Return the référentiels of the file's code, shared or of a company."""
        if not self._get("code"):
            return self.env["cap.referential"]
        return self.env["cap.referential"].search(
            [
                ("code", "=", self._get("code")),
                ("company_id", "in", [False, *self.env.companies.ids]),
            ]
        )

    def _choose(self, referential):
        """Return the one to import into; none to make it, or where nobody can tell."""
        if referential is not None and referential <= self.candidates:
            self.is_ambiguous = False
            return referential
        self.is_ambiguous = len(self.candidates) > 1
        return self.candidates[:0] if self.is_ambiguous else self.candidates

    def _find_version(self):
        """Return the edition that the file is about, if it exists."""
        return self.referential.version_ids.filtered(
            lambda version: one_line(version.name) == self._get("edition")
        )[:1]

    def _find_scale(self):
        """Return the scale that the file describes, if it exists.

        A published edition keeps its own: another code is then a problem.
        """
        if self.version and self.version.state != "draft":
            return self.version.scale_id
        code = self._get("echelle")
        return (
            self.env["cap.scale"].search([("code", "=", code)])
            if code
            else (self.version.scale_id)
        )

    def _find_offers(self, content):
        """Return ``{code: offer}`` of those that the file names, archived included.

        In whatever case it names them.
        """
        named = {fold(row.cells.get("ref")) for row in content["offers"]}
        for row in content["objectives"]:
            named |= set(map(fold, row.cells.get("offres", ())))
        offers = self.env["cap.offer"].with_context(active_test=False)
        offers = offers.search_fetch([], ["code"]) if named else offers
        return {o.code: o for o in offers if fold(o.code) in named}

    def _find_targets(self, content):
        """Return ``{(standard or référentiel, edition): {code: record}}``.

        What does not exist in this database is not there; an empty edition is the
        latest one: published, else in draft. Where a shared référentiel and one of a
        company have the same code, the company's is meant.
        """
        names = list({row.cells.get("cible", "") for row in content["mappings"]})
        found = {}
        for clause in self.env["cap.clause"].search([("standard", "in", names)]):
            found.setdefault((clause.standard, ""), {})[clause.code] = clause
        versions = self.env["cap.referential.version"].search(
            [
                ("referential_id.code", "in", names),
                ("referential_id.company_id", "in", [False, *self.env.companies.ids]),
            ]
        )
        for version in versions.sorted(
            lambda v: (
                bool(v.company_id),
                v.state != "draft",
                str(v.published_on or ""),
                v.id,
            )
        ):
            objectives = {one_line(o.code): o for o in version.objective_ids}
            code = version.referential_id.code
            found[code, version.name] = found[code, ""] = objectives
        return found

    def _settle(self, content):
        """Return the content as this database means it.

        Codes in lists take the case that they have here; a link that names no edition
        names the latest one.
        """
        known = {
            "types_structure": self.types,
            "offres": {*self.offers, *(r.cells.get("ref") for r in content["offers"])},
        }
        spelled = {
            column: {fold(code): code for code in codes}
            for column, codes in known.items()
        }

        def settle(row):
            cells = dict(row.cells)
            for column, spellings in spelled.items():
                codes = [
                    code if code in known[column] else spellings.get(fold(code), code)
                    for code in cells.get(column, ())
                ]
                if codes:
                    cells[column] = tuple(sorted(set(codes)))
            return row._replace(cells=cells)

        rows = {
            "objectives": [settle(row) for row in content["objectives"]],
            "mappings": [self._settle_link(row) for row in content["mappings"]],
        }
        return replace(content, rows={**content.rows, **rows})

    def _settle_link(self, row):
        name = row.cells.get("cible")
        if row.cells.get("edition_cible") or name is None:
            return row
        found = next(iter(self.targets.get((name, ""), {}).values()), None)
        edition = ""
        if name == self._get("code"):
            edition = self._get("edition")
        elif found is not None and found._name == "cap.objective":
            edition = one_line(found.version_id.name)
        return row._replace(cells={**row.cells, "edition_cible": edition})

    def _get_stored(self):
        """Return what this database holds of what the file speaks of."""
        offers = self.env["cap.offer"].union(*self.offers.values())
        exporter = Exporter(self.version, self.scale, self._get("langue"), offers)
        return exporter.get_content()

    def _list_renaming(self):
        """Return that a new edition renames its référentiel, where it does."""
        name, before = self._get("nom"), NAME.clean(self.referential.name)
        if self.version or not self.referential or name in ("", before):
            return []
        sheet = BY_KEY["referential"].sheet
        code = self.referential.code
        return [
            diff.Change("changed", sheet, self.row.number, code, "nom", before, name)
        ]

    # ----------------------------------------------------------------- checking

    def check(self):
        """Return all that is wrong with the file, in the order of its sheets.

        :return: list of :class:`~...kernel.workbook.schema.Problem`
        """
        self.problems = schema.sort_problems(
            [*self.content.problems, *self._check_edition(), *self._check_names()]
        )
        return self.problems

    def _check_edition(self):
        """Yield what is wrong with the edition, its scale or what is frozen in it."""
        languages = dict(self.env["cap.referential.version"]._get_languages())
        if self._get("langue") and self._get("langue") not in languages:
            yield self._locate("no_language", "langue")
        if self.is_ambiguous:
            yield self._locate("which_referential", "code")
        if self.version and self.version.state != "draft":
            yield from diff.get_frozen_problems(self.changes)
        elif self.differences.get("levels") and self.scale._is_frozen():
            yield self._locate("scale_frozen", "echelle")

    def _locate(self, code, column):
        sheet = BY_KEY["referential"].sheet
        return Problem(code, sheet, self.row.number, column, self._get(column))

    def _check_names(self):
        """Yield the types, offers and targets that nobody knows."""
        content = self.content
        offers = {row.cells.get("ref") for row in content["offers"]} | set(self.offers)
        yield from check.check_known(content, "types_structure", self.types, "no_type")
        yield from check.check_known(content, "offres", offers, "no_offer")
        yield from self._check_targets()

    def _check_targets(self):
        """Yield the links that go nowhere, or twice to the same place.

        A link to an edition that is not here yet is right: it waits.
        """
        table, rows = BY_KEY["mappings"], self.content["mappings"]
        told = {p.row for p in self.content.problems if p.sheet == table.sheet}
        rows = [row for row in rows if row.number not in told]
        yield from check.check_repeated(table, rows)
        known = table.index(self.stored["mappings"])
        for row in rows:
            key = table.identify(row)
            _source, name, edition, code = key or (None,) * 4
            targets = self.targets.get((name, edition))
            if targets is not None and key not in known and code not in targets:
                edition = " ".join(filter(None, (name, edition)))
                where = (table.sheet, row.number, "code_cible")
                yield Problem("no_target", *where, code, edition)

    def count_waiting(self):
        """Return how many links go to référentiels that are not here yet."""
        return sum(
            self._find_target(row.cells) is None for row in self.content["mappings"]
        )

    def _find_target(self, cells):
        """Return the clause or the objective that a link goes to, None if none yet."""
        key = (cells.get("cible"), cells.get("edition_cible"))
        return self.targets.get(key, {}).get(cells.get("code_cible"))

    # ------------------------------------------------------------------ writing

    def write(self, origin=""):
        """Write the differences in one go and tell them in the edition's history.

        :param str origin: the name of the file, for the history
        :return: the edition; none where there are ``problems``, and nothing is written
        """
        if self.check():
            return self.version[:0]
        try:
            with self.env.cr.savepoint():
                return self._write(origin)
        except _RefusedError as error:
            sheet = BY_KEY["mappings"].sheet
            self.problems = [Problem("refused", sheet, found=str(error))]
            return self.version[:0]

    def _write(self, origin):
        is_new, frozen = not self.version, self.version.state not in (False, "draft")
        version = self.version if frozen else self._write_version()
        if NAME.clean(self.referential.name) != self._get("nom"):
            self.referential.name = self._get("nom")
        offers = self._apply("offers")
        links = {
            "structure_type_ids.code": self.types,
            "offer_ids.code": {code: offer.id for code, offer in self.offers.items()}
            | {code: offer.id for (code,), offer in offers.items()},
            "level_id.value": {lv.value: lv.id for lv in version.scale_id.level_ids},
        }
        ids = self._write_objectives(version, links, frozen)
        links |= {"objective_id.code": ids, "source_id.code": ids}
        self._apply("indicators", links, ranked=not frozen)
        self._apply("descriptors", links)
        self._apply("questions", links)
        self._apply("glossary", links, {"lang": version.lang})
        try:
            self._write_mappings(links)
            self.env["cap.objective.mapping.waiting"]._link(version)
        except ValidationError as error:
            raise _RefusedError(str(error)) from error
        self._log(version, is_new, origin)
        return version

    def _write_version(self):
        """Write the scale and the edition, in draft; return the edition."""
        if not self.scale:
            code = self._get("echelle")
            self.scale = self.scale.create({"code": code, "name": code})
        self._apply("levels", extra={"scale_id": self.scale.id})
        if not self.referential:
            self.referential = self.referential.create(
                {"code": self._get("code"), "name": self._get("nom")}
            )
        vals = {"scale_id": self.scale.id, "lang": self._get("langue")}
        if not self.version:
            return self.version.create(
                {
                    **vals,
                    "referential_id": self.referential.id,
                    "name": self._get("edition"),
                }
            )
        if self.version.scale_id != self.scale:
            self._forget("descriptors")
        if (self.version.scale_id, self.version.lang) != (self.scale, vals["lang"]):
            self.version.write(vals)
        return self.version

    def _forget(self, key):
        """Take the rows of a table as new ones: what they hung from has changed."""
        difference = self.differences.get(key)
        if difference is None:
            return
        records = [pair.stored.record for pair in difference.pairs.values()]
        self.env[BY_KEY[key].model].union(*records).unlink()
        difference.new |= {k: pair.row for k, pair in difference.pairs.items()}
        difference.pairs = {}

    def _write_objectives(self, version, links, frozen):
        """Bring the tree to the file's, from its top; return ``{code: id}``."""
        difference = self.differences["objectives"]
        ids = {row.cells["code"]: row.record.id for row in self.stored["objectives"]}
        links["parent_id.code"] = ids
        extra = {} if frozen else {"version_id": version.id}
        for kind in PARENTS:
            made = self._apply("objectives", links, extra, not frozen, kind)
            ids |= {code: record.id for (code,), record in made.items()}
        gone = self.env["cap.objective"].union(
            *(row.record for row in difference.removed.values())
        )
        by_kind = gone.grouped("kind")
        for kind in reversed(PARENTS):
            by_kind.get(kind, gone[:0]).unlink()
        return ids

    def _write_mappings(self, links):
        """Bring the crosswalk from these objectives to the file's.

        A link whose target is not here waits for it; one that waited is made as soon
        as its target is here.
        """
        difference = self.differences.get("mappings")
        if difference is None:
            return
        models = [
            self.env[name]
            for name in ("cap.objective.mapping", "cap.objective.mapping.waiting")
        ]
        for key, pair in list(difference.pairs.items()):
            waits = pair.stored.record._name == models[1]._name
            if waits and self._find_target(pair.row.cells):
                difference.removed[key] = pair.stored
                difference.new[key] = difference.pairs.pop(key).row
        for model in models:
            self._unlink(difference, model)
        vals_lists = {model._name: [] for model in models}
        for row in difference.new.values():
            target = self._find_target(row.cells)
            model = models[target is None]
            vals_lists[model._name].append(
                {**self._load("mappings", row, links), **self._point(row, target)}
            )
        for model in models:
            model.create(vals_lists[model._name])
            self._update(difference, links, model)

    def _point(self, row, target):
        """Return the values that make a link go to ``target``, or wait for it."""
        if target is None:
            return {
                "referential_code": row.cells["cible"],
                "edition": row.cells["edition_cible"],
                "code": row.cells["code_cible"],
            }
        field = "clause_id" if target._name == "cap.clause" else "target_id"
        return {field: target.id}

    # --------------------------------------------------------------- in batches

    def _apply(self, key, links=None, extra=None, ranked=False, kind=None):
        """Write the difference of a table: what goes, what comes, what changes.

        :param dict extra: values of each record that is created
        :param bool ranked: keep the rank of the rows in ``sequence``
        :param kind: only the objectives of this kind, and none that goes
        :return: ``{identity: record}`` of what was created
        """
        difference = self.differences.get(key)
        if difference is None:
            return {}
        links, model = links or {}, self.env[BY_KEY[key].model]
        if kind is None:
            self._unlink(difference, model)
        ranks = self._rank(key, difference) if ranked else {}
        new = {
            identity: {
                **self._load(key, row, links),
                **(extra or {}),
                **({"sequence": ranks[identity]} if ranked else {}),
            }
            for identity, row in difference.new.items()
            if kind in (None, row.cells.get("type"))
        }
        made = dict(zip(new, model.create(list(new.values())), strict=True))
        self._update(difference, links, model, ranks, kind)
        return made

    def _rank(self, key, difference):
        """Return ``{identity: rank}`` of the rows: in all, or below their objective."""
        table = BY_KEY[key]
        index = table.index(self.content[key])
        if table.by_rank:
            return {identity: identity[-1] for identity in index}
        return {identity: rank for rank, identity in enumerate(index, 1)}

    def _load(self, key, row, links, columns=None):
        """Return the values of a row: the columns that the file speaks of."""
        vals = {}
        for column in columns or BY_KEY[key].columns:
            if column.name in self.content.present[key] and column.name in row.cells:
                vals |= column.load(row.cells[column.name], links)
        return {
            name: [Command.set(value)] if isinstance(value, list) else value
            for name, value in vals.items()
        }

    def _unlink(self, difference, model):
        """Unlink the records of ``model`` that the file removes."""
        model.union(
            *(
                row.record
                for row in difference.removed.values()
                if row.record._name == model._name
            )
        ).exists().unlink()  # some went with the objective or the level they hung from

    def _update(self, difference, links, model, ranks=None, kind=None):
        """Write what changes in the records of ``model``; those alike together."""
        alike = {}
        key = difference.table.key
        for identity, pair in difference.pairs.items():
            record = pair.stored.record
            if record._name != model._name:
                continue
            if kind not in (None, pair.row.cells.get("type")):
                continue
            vals = {}
            if pair.changed:
                vals = self._load(key, pair.row, links, pair.changed)
            if ranks and record.sequence != ranks[identity]:
                vals["sequence"] = ranks[identity]
            if vals:
                alike.setdefault(repr(vals), (vals, []))[1].append(record.id)
        for vals, ids in alike.values():
            model.browse(ids).write(vals)

    # ------------------------------------------------------------------ telling

    def _log(self, version, is_new, origin):
        """Tell in the history where this comes from, and what it changed."""
        if is_new:
            version._message_log(
                body=self.env._("Imported from “%(file)s”.", file=origin)
            )
        elif self.changes:
            told = [self.env._("Imported from “%(file)s”, which changed:", file=origin)]
            told += [self._tell(change) for change in self.changes[:MAX_LOGGED]]
            more = len(self.changes) - MAX_LOGGED
            if more > 0:
                told.append(self.env._("And %(count)s other changes.", count=more))
            items = Markup().join(Markup("<li>%s</li>") % line for line in told[1:])
            version._message_log(body=Markup("<p>%s</p><ul>%s</ul>") % (told[0], items))
        self._get_confirmed(version)._log_confirmed_wording()
        if self.content.ignored:
            version._message_log(
                body=self.env._(
                    "Not read: %(names)s.", names=", ".join(self.content.ignored)
                )
            )

    def _get_confirmed(self, version):
        """Return the objectives that were proposals, and that the file confirms."""
        difference = self.differences["objectives"]
        return self.env["cap.objective"].union(
            *(
                pair.stored.record
                for pair in difference.pairs.values()
                if any(column.name == "confirme" for column in pair.changed)
                and pair.row.cells["confirme"]
            )
        )

    def _tell(self, change):
        """Return a change as a line of the history."""
        values = {
            **change._asdict(),
            "before": shorten(change.before, diff.MAX_SHOWN),
            "after": shorten(change.after, diff.MAX_SHOWN),
        }
        if change.kind == "new":
            return self.env._("%(sheet)s, %(key)s: new", **values)
        if change.kind == "removed":
            return self.env._("%(sheet)s, %(key)s: removed", **values)
        if change.kind == "moved":
            return self.env._("%(sheet)s, %(key)s: moved", **values)
        return self.env._(
            "%(sheet)s, %(key)s, %(column)s: “%(before)s” became “%(after)s”", **values
        )
