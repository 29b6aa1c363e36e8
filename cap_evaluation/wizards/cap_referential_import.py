import base64
from collections import Counter
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..kernel.workbook import diff as exchange_diff
from ..kernel.workbook import exchange

SHIPPED = Path(__file__).parent.parent / "data" / "referentials"
MAX_SHOWN = 200


class CapReferentialImport(models.TransientModel):
    """Import a référentiel workbook into an edition in draft.

    The file is read and checked whole before anything is written (``kernel/workbook``):
    on any problem, all of them are listed and nothing changes. A shipped référentiel
    takes the same road. A draft that exists already is brought to what the file says,
    record by record, by code. Of a published edition only the free parts follow the
    file (guidance, sources, confirmations, offers, questions, links, glossary): any
    other difference is a problem, told where it stands.
    """

    _name = "cap.referential.import"
    _description = "Import a CAP Référentiel"

    file = fields.Binary(
        "Workbook", help="An .xlsx workbook, or a .zip of .csv tables."
    )
    filename = fields.Char()
    checked = fields.Boolean(readonly=True)
    summary = fields.Text(readonly=True)
    problem_ids = fields.One2many(
        "cap.referential.import.problem", "wizard_id", readonly=True
    )
    change_ids = fields.One2many(
        "cap.referential.import.change", "wizard_id", readonly=True
    )

    # ------------------------------------------------------------------ actions

    def action_check(self):
        """Read and check the file, write nothing; show what importing would do."""
        self.ensure_one()
        content = self._read()
        self._show(content)
        return self._reopen()

    def action_import(self):
        """Import the file; on any problem show them all and write nothing.

        :return: the action that shows the edition, or the wizard with its problems
        """
        self.ensure_one()
        content = self._read()
        version = not content.problems and self._import_whole(content)
        if not version:
            self._show(content)
            return self._reopen()
        return version._get_records_action()

    def action_download_template(self):
        """Download an empty workbook to fill in."""
        return self.env["cap.referential.export"].action_download_template()

    @api.model
    def load_shipped(self, code):
        """Load the référentiel ``code`` that this module carries; return its edition.

        An edition already published is returned as it is.

        :raise UserError: unknown code, or not a manager
        """
        self.check_access("create")
        folder = SHIPPED / code.lower()
        if not code.isidentifier() or not folder.is_dir():
            raise UserError(
                self.env._("There is no référentiel “%(code)s” to load.", code=code)
            )
        content = exchange.read_folder(folder)
        version = self._find_version(content)
        if version and version.state != "draft":
            return version
        self._check_against_database(content)
        version = not content.problems and self._import_whole(content)
        if not version:
            raise ValidationError(
                "\n".join(self._describe(problem) for problem in content.problems)
            )
        return version

    @api.model
    def action_load_cap(self):
        """Load the CAP, a draft to read and publish, and show its edition."""
        return self.load_shipped("CAP")._get_records_action()

    def _import_whole(self, content):
        """Import all of ``content`` or nothing; what is refused becomes a problem."""
        try:
            with self.env.cr.savepoint():
                return self._import(content)
        except exchange.UnreadableError as error:
            content.problems += error.problems
            return None

    # ------------------------------------------------------------------ reading

    def _read(self):
        """Return the content of the file, problems with the database included."""
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        try:
            content = exchange.read_file(
                base64.b64decode(self.file), self.filename or ""
            )
        except exchange.UnreadableError as error:
            return exchange.Content(problems=error.problems)
        if not content.problems:
            self._check_against_database(content)
        return content

    def _check_against_database(self, content):
        """Add to ``content.problems`` what this database does not allow."""
        problems = content.problems
        types = self._get_structure_types(content["objectives"])
        problems += exchange.check_known(content, "types_structure", types, "no_type")
        offers = {row.cells["ref"] for row in content["offers"]}
        codes = {c for r in content["objectives"] for c in r.cells.get("offres") or ()}
        offers |= set(self.env["cap.offer"]._get_by_code(list(codes)))
        problems += exchange.check_known(content, "offres", offers, "no_offer")
        languages = dict(self.env["cap.referential.version"]._get_languages())
        cells = content["referential"][0].cells
        if cells["langue"] not in languages:
            problems.append(self._locate(content, "no_language", "langue"))
        version = self._find_version(content)
        self._complete_editions(content)
        problems += self._get_link_problems(content, version)
        if version and version.state != "draft":
            problems += exchange_diff.get_frozen_problems(self._diff(content, version))
        elif self._scale_would_change(content):
            problems.append(self._locate(content, "scale_frozen", "echelle"))

    def _complete_editions(self, content):
        """Name the edition that each link means: left empty, the latest one."""
        targets = self._find_targets(content)
        own = content["referential"][0].cells
        editions = {
            name: next(iter(objectives.values())).version_id.name
            for (name, edition), objectives in targets.items()
            if not edition and objectives and not self._are_clauses(objectives)
        }
        editions[own["code"]] = own["edition"]
        for row in content["mappings"]:
            if not row.cells.get("edition_cible"):
                row.cells["edition_cible"] = editions.get(row.cells["cible"], "")

    @api.model
    def _are_clauses(self, targets):
        return next(iter(targets.values()))._name == "cap.clause"

    @api.model
    def _locate(self, content, code, column):
        row = content["referential"][0]
        return exchange.Problem(
            code, "Référentiel", row.number, column, row.cells[column]
        )

    def _get_link_problems(self, content, version):
        """Return the links to a clause or an objective that does not exist.

        A link to an edition that is not here yet is right: it waits.
        """
        targets = self._find_targets(content)
        waiting = set()
        if version:
            links = self.env["cap.objective.mapping.waiting"].search(
                [("source_id.version_id", "=", version.id)]
            )
            waiting = {(w.referential_code, w.edition or "", w.code) for w in links}
        for row in content["mappings"]:
            key = self._get_target_key(row.cells)
            known = targets.get(key[:2])
            if known is None or key[2] in known or key in waiting:
                continue
            yield exchange.Problem(
                "no_target",
                "Correspondances",
                row.number,
                "code_cible",
                key[2],
                " ".join(filter(None, key[:2])),
            )

    @api.model
    def _get_target_key(self, cells):
        return (cells["cible"], cells.get("edition_cible") or "", cells["code_cible"])

    def _find_targets(self, content):
        """Return ``{(standard or référentiel, edition): {code: record}}``.

        What does not exist in this database is not there; an empty edition is the
        latest one: published, else in draft.
        """
        wanted = {self._get_target_key(r.cells)[:2] for r in content["mappings"]}
        names = list({name for name, _edition in wanted})
        found = {}
        for clause in self.env["cap.clause"].search([("standard", "in", names)]):
            found.setdefault((clause.standard, ""), {})[clause.code] = clause
        versions = self.env["cap.referential.version"].search(
            [("referential_id.code", "in", names)]
        )
        for version in versions.sorted(
            lambda v: (v.state != "draft", str(v.published_on or ""), v.id)
        ):
            objectives = {o.code: o for o in version.objective_ids}
            code = version.referential_id.code
            found[code, version.name] = found[code, ""] = objectives
        return found

    def _diff(self, content, version):
        """Return what importing ``content`` would change in ``version``."""
        export = self.env["cap.referential.export"]
        stored = export._get_content(version)
        references = [row.cells["ref"] for row in content["offers"]]
        offers = self.env["cap.offer"]._get_by_code(references)
        language = content["referential"][0].cells["langue"]
        libraries = {
            "offers": export._get_offer_cells(offers.values()),
            "glossary": export._get_glossary_cells(language),
        }
        for key, cells in libraries.items():
            stored.rows[key] = [exchange.Row(0, row) for row in cells]
        return exchange_diff.diff(stored, content)

    def _find_version(self, content):
        """Return the edition that the file is about, if it exists."""
        cells = content["referential"][0].cells
        return self.env["cap.referential.version"].search(
            [
                ("referential_id.code", "=", cells["code"]),
                ("name", "=", cells["edition"]),
            ],
            limit=1,
        )

    def _find_scale(self, content):
        code = content["referential"][0].cells["echelle"]
        return self.env["cap.scale"].search([("code", "=", code)])

    def _scale_would_change(self, content):
        """Tell whether the file changes a scale that published editions rely on."""
        scale = self._find_scale(content)
        if not scale.version_ids.filtered(lambda v: v.state != "draft"):
            return False
        wanted = self._prepare_levels(content)
        stored = {level.value: level for level in scale.level_ids}
        return wanted.keys() != stored.keys() or any(
            self._get_changed(stored[value], vals) for value, vals in wanted.items()
        )

    # ------------------------------------------------------------------ showing

    def _show(self, content):
        """Keep the problems of ``content``, or what importing it would change."""
        self.problem_ids.unlink()
        self.change_ids.unlink()
        changes = []
        if not content.problems:
            changes = self._diff(content, self._find_version(content))
        self.write(
            {
                "checked": True,
                "summary": self._summarise(content, changes),
                "problem_ids": [
                    Command.create(
                        {
                            "sheet": problem.sheet,
                            "row": problem.row,
                            "column": problem.column,
                            "message": self._describe(problem),
                        }
                    )
                    for problem in content.problems[:MAX_SHOWN]
                ],
                "change_ids": [
                    Command.create(
                        {
                            "kind": change.kind,
                            "sheet": change.sheet,
                            "key": change.key,
                            "column": change.column,
                            "before": change.before,
                            "after": change.after,
                        }
                    )
                    for change in changes[:MAX_SHOWN]
                ],
            }
        )

    def _summarise(self, content, changes):
        count = len(content.problems)
        if count:
            return self.env._(
                "%(count)s lines to correct, nothing was imported. Correct them in the "
                "workbook, then choose it again.",
                count=count,
            )
        version = self._find_version(content)
        known = set(version.objective_ids.mapped("code"))
        codes = {row.cells["code"] for row in content["objectives"]}
        cells = content["referential"][0].cells
        summary = self.env._(
            "%(code)s %(edition)s: %(new)s new objectives, %(kept)s already there, "
            "%(dropped)s to remove; %(indicators)s indicators, %(offers)s offers. "
            "Nothing is written yet.",
            code=cells["code"],
            edition=cells["edition"],
            new=len(codes - known),
            kept=len(codes & known),
            dropped=len(known - codes),
            indicators=len(content["indicators"]),
            offers=len(content["offers"]),
        )
        if not changes:
            return f"{summary} {self.env._('The file changes nothing.')}"
        kinds = Counter(change.kind for change in changes)
        details = self.env._(
            "In all: %(new)s new rows, %(changed)s changed cells, %(removed)s removed "
            "rows; the first %(shown)s are below.",
            new=kinds["new"],
            changed=kinds["changed"],
            removed=kinds["removed"],
            shown=min(len(changes), MAX_SHOWN),
        )
        waiting = self._count_waiting(content)
        if not waiting:
            return f"{summary} {details}"
        wait = self.env._(
            "%(count)s links go to référentiels that are not here yet: they wait for "
            "them.",
            count=waiting,
        )
        return f"{summary} {details} {wait}"

    def _count_waiting(self, content):
        targets = self._find_targets(content)
        keys = [self._get_target_key(row.cells) for row in content["mappings"]]
        return sum(key[:2] not in targets for key in keys)

    def _reopen(self):
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "cap_evaluation.cap_referential_import_action"
            ),
            "res_id": self.id,
        }

    @api.model
    def _describe(self, problem):
        """Return the sentence that says what is wrong and what to do."""
        expected = self._get_expected_words().get(problem.expected, problem.expected)
        text = self._get_messages()[problem.code] % {
            **problem._asdict(),
            "expected": expected,
        }
        where = ", ".join(
            part
            for part in (
                problem.sheet,
                problem.row and self.env._("row %(row)s", row=problem.row),
                problem.column,
            )
            if part
        )
        return f"{where}: {text}" if where else text

    @api.model
    def _get_expected_words(self):
        return {
            "text": self.env._("a code typed as text (1.10 is not 1.1)"),
            "number": self.env._("a number"),
            "integer": self.env._("a whole number"),
            "color": self.env._("a colour like #1f7a6c"),
        }

    @api.model
    def _get_messages(self):
        """Return ``{problem code: message}``; values are filled in afterwards."""
        return {
            **self._get_reading_messages(),
            **self._get_content_messages(),
            **self._get_database_messages(),
        }

    @api.model
    def _get_reading_messages(self):
        """Return what is said of a file, a sheet or a cell that cannot be read."""
        return {
            "too_large": self.env._("The file is too large: %(expected)s MB at most."),
            "not_a_workbook": self.env._(
                "“%(found)s” cannot be read: choose an .xlsx workbook, or a .zip of "
                ".csv tables."
            ),
            "not_a_table": self.env._(
                "This table cannot be read: save it again as CSV UTF-8."
            ),
            "missing_sheet": self.env._(
                "This sheet is missing: take the workbook's own name."
            ),
            "empty_sheet": self.env._("This sheet has no row."),
            "too_many_rows": self.env._("Too many rows: %(expected)s at most."),
            "missing_column": self.env._("This column is missing."),
            "unknown_column": self.env._(
                "Unknown column “%(found)s”; expected: %(expected)s."
            ),
            "double_column": self.env._("This column is there twice: keep one."),
            "bad_value": self.env._("“%(found)s” was found; expected: %(expected)s."),
            "empty_cell": self.env._("Fill in this cell."),
            "long_cell": self.env._(
                "This text is too long: %(expected)s characters at most."
            ),
            "bad_character": self.env._(
                "This text holds characters that cannot be shown."
            ),
            "cell_without_heading": self.env._(
                "“%(found)s” stands outside the columns: name its column or remove it."
            ),
        }

    @api.model
    def _get_content_messages(self):
        """Return what is said of rows that do not fit together."""
        return {
            "one_row_only": self.env._("One edition in a workbook: remove this row."),
            "duplicate": self.env._("“%(found)s” is there twice: keep one."),
            "one_level": self.env._("A scale has two levels at least."),
            "no_parent": self.env._(
                "Write the code of what this %(found)s belongs to (%(expected)s)."
            ),
            "orphan": self.env._("No objective has the code “%(found)s”."),
            "misplaced": self.env._("A %(found)s belongs to: %(expected)s."),
            "nothing_to_score": self.env._(
                "There is no operational objective to score."
            ),
            "weight_not_positive": self.env._(
                "A weight is over 0; “%(found)s” was found."
            ),
            "outside_scale": self.env._(
                "“%(found)s” is not a level of the scale: choose %(expected)s."
            ),
            "negative": self.env._("“%(found)s” is negative: write 0 or more."),
        }

    @api.model
    def _get_database_messages(self):
        """Return what is said of what this database does not know, or has frozen."""
        return {
            "no_type": self.env._("No structure type has the code “%(found)s”."),
            "no_offer": self.env._(
                "No offer has the code “%(found)s”: add it in “Offres”."
            ),
            "no_language": self.env._(
                "“%(found)s” is no language: write fr_FR, for instance."
            ),
            "own_edition": self.env._(
                "“%(found)s” is this very edition: a link goes to another one, or to a "
                "standard."
            ),
            "refused": self.env._("These links are refused. %(found)s"),
            "no_target": self.env._("“%(expected)s” has no code “%(found)s”."),
            "frozen_changed": self.env._(
                "This edition is published and no longer changes: “%(expected)s” was "
                "expected, “%(found)s” was found. Write the name of a new edition."
            ),
            "frozen_new": self.env._(
                "This edition is published and no longer changes: “%(found)s” is not "
                "in it. Write the name of a new edition."
            ),
            "frozen_removed": self.env._(
                "This edition is published and no longer changes: the row “%(found)s” "
                "is missing. Put it back, or write the name of a new edition."
            ),
            "scale_frozen": self.env._(
                "The scale “%(found)s” belongs to a published edition and no longer "
                "changes: give this one another code."
            ),
        }


class CapReferentialImportProblem(models.TransientModel):
    """One thing to correct in a workbook, where it stands."""

    _name = "cap.referential.import.problem"
    _description = "Problem in a CAP Référentiel Workbook"
    _order = "id"

    wizard_id = fields.Many2one(
        "cap.referential.import", required=True, ondelete="cascade", index=True
    )
    sheet = fields.Char()
    row = fields.Integer()
    column = fields.Char()
    message = fields.Char("To correct")


class CapReferentialImportChange(models.TransientModel):
    """One thing that importing a workbook would change."""

    _name = "cap.referential.import.change"
    _description = "Change of a CAP Référentiel Workbook"
    _order = "id"

    wizard_id = fields.Many2one(
        "cap.referential.import", required=True, ondelete="cascade", index=True
    )
    kind = fields.Selection(
        [("new", "New"), ("changed", "Changed"), ("removed", "Removed")], "Change"
    )
    sheet = fields.Char()
    key = fields.Char("Row")
    column = fields.Char()
    before = fields.Text("From")
    after = fields.Text("To")
