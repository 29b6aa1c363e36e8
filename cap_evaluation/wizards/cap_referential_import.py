import base64
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from .. import exchange

SHIPPED = Path(__file__).parent.parent / "data" / "referentials"
DEPTHS = ("theme", "subtheme", "general", "operational")
MAX_SHOWN = 200


class CapReferentialImport(models.TransientModel):
    """Import a référentiel workbook into an edition in draft.

    The file is read and checked whole before anything is written (``exchange.py``):
    on any problem, all of them are listed and nothing changes. A shipped référentiel
    takes the same road. A draft that exists already is brought to what the file says,
    record by record, by code; a published edition is never touched.
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
        if content.problems:
            self._show(content)
            return self._reopen()
        return self._import(content)._get_records_action()

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
        if content.problems:
            raise ValidationError(
                "\n".join(self._describe(problem) for problem in content.problems)
            )
        return self._import(content)

    @api.model
    def action_load_cap(self):
        """Load the CAP, a draft to read and publish, and show its edition."""
        return self.load_shipped("CAP")._get_records_action()

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
        referential = content["referential"][0]
        types = self._get_structure_types(content["objectives"])
        offers = {row.cells["ref"] for row in content["offers"]}
        codes = {c for r in content["objectives"] for c in r.cells.get("offres") or ()}
        offers |= set(self.env["cap.offer"]._get_by_code(list(codes)))
        languages = dict(self.env["cap.referential.version"]._get_languages())
        problems = content.problems
        problems += exchange.check_known(content, "types_structure", types, "no_type")
        problems += exchange.check_known(content, "offres", offers, "no_offer")
        if referential.cells["langue"] not in languages:
            problems.append(
                exchange.Problem(
                    "no_language",
                    "Référentiel",
                    referential.number,
                    "langue",
                    referential.cells["langue"],
                )
            )
        version = self._find_version(content)
        if version and version.state != "draft":
            problems.append(
                exchange.Problem(
                    "published",
                    "Référentiel",
                    referential.number,
                    "edition",
                    version.display_name,
                )
            )
        elif self._scale_would_change(content):
            problems.append(
                exchange.Problem(
                    "scale_frozen",
                    "Référentiel",
                    referential.number,
                    "echelle",
                    referential.cells["echelle"],
                )
            )

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
        frozen = scale.version_ids.filtered(lambda v: v.state != "draft")
        stored = {level.value: self._level_values(level) for level in scale.level_ids}
        return bool(frozen) and stored != self._prepare_levels(content)

    # ------------------------------------------------------------------ writing

    def _import(self, content):
        """Write ``content``, found right, into its edition in draft; return it."""
        scale = self._write_scale(content)
        version = self._write_version(content, scale)
        self._write_offers(content)
        objectives = self._write_objectives(content, version)
        self._write_indicators(content, objectives)
        return version

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
            elif self._level_values(stored[value]) != vals:
                commands.append(Command.update(stored[value].id, vals))
        if commands:
            scale.level_ids = commands
        return scale

    @api.model
    def _prepare_levels(self, content):
        return {
            row.cells["valeur"]: {
                "value": row.cells["valeur"],
                "name": row.cells["nom"],
                "meaning": row.cells.get("signification") or False,
                "color": row.cells.get("couleur") or False,
            }
            for row in content["levels"]
        }

    @api.model
    def _level_values(self, level):
        return {name: level[name] for name in ("value", "name", "meaning", "color")}

    def _write_version(self, content, scale):
        cells = content["referential"][0].cells
        version = self._find_version(content)
        if version:
            version.write({"scale_id": scale.id, "lang": cells["langue"]})
            return version
        referential = self.env["cap.referential"].search([("code", "=", cells["code"])])
        if not referential:
            referential = referential.create(
                {"code": cells["code"], "name": cells["nom"]}
            )
        return version.create(
            {
                "referential_id": referential[0].id,
                "name": cells["edition"],
                "lang": cells["langue"],
                "scale_id": scale.id,
            }
        )

    def _write_offers(self, content):
        vals_by_code = {
            row.cells["ref"]: {
                "code": row.cells["ref"],
                "name": row.cells["nom"],
                "kind": row.cells["type"],
                "duration_hours": row.cells.get("duree_heures") or 0.0,
                "description": row.cells.get("description") or False,
                "source": row.cells.get("source") or False,
            }
            for row in content["offers"]
        }
        known = self.env["cap.offer"]._get_by_code(list(vals_by_code))
        self._synchronise(self.env["cap.offer"], vals_by_code, known)

    def _write_objectives(self, content, version):
        """Bring the tree of ``version`` to the file's; return ``{code: objective}``."""
        model = self.env["cap.objective"]
        known = {objective.code: objective for objective in version.objective_ids}
        rows = content["objectives"]
        wanted = {row.cells["code"] for row in rows}
        dropped = model.union(*(o for code, o in known.items() if code not in wanted))
        links = self._get_linked_records(rows)
        ranks = {row.cells["code"]: rank for rank, row in enumerate(rows, 1)}
        for kind in DEPTHS:
            vals_by_code = {
                row.cells["code"]: {
                    **self._prepare_objective(row.cells, links),
                    "version_id": version.id,
                    "sequence": ranks[row.cells["code"]],
                    "parent_id": known[parent].id
                    if (parent := row.cells.get("code_parent"))
                    else False,
                }
                for row in rows
                if row.cells["type"] == kind
            }
            known.update(self._synchronise(model, vals_by_code, known))
        for _kind, objectives in sorted(
            dropped.grouped("kind").items(), key=lambda item: -DEPTHS.index(item[0])
        ):
            objectives.unlink()
        return {code: known[code] for code in wanted}

    def _get_linked_records(self, rows):
        """Return the ids of the offers and structure types that ``rows`` name."""
        codes = {code for row in rows for code in row.cells.get("offres") or ()}
        offers = self.env["cap.offer"]._get_by_code(list(codes))
        types = self._get_structure_types(rows)
        return {
            "offres": {code: offer.id for code, offer in offers.items()},
            "types_structure": types,
        }

    def _get_structure_types(self, rows):
        """Return ``{code: id}`` of the structure types that ``rows`` name."""
        codes = {c for row in rows for c in row.cells.get("types_structure") or ()}
        types = self.env["cap.structure.type"].search([("code", "in", list(codes))])
        return {structure_type.code: structure_type.id for structure_type in types}

    @api.model
    def _prepare_objective(self, cells, links):
        linked = {
            column: [ids[code] for code in cells.get(column) or ()]
            for column, ids in links.items()
        }
        gate = cells.get("niveau_requis")
        weight = cells.get("poids")
        return {
            "kind": cells["type"],
            "code": cells["code"],
            "name": cells["intitule"],
            "guidance": cells.get("guide") or False,
            "footnote": cells.get("note") or False,
            "weight": 1.0 if weight is None else weight,
            "is_gate": gate is not None,
            "gate_level": gate or 0,
            "confirmed": bool(cells.get("confirme")),
            "source": cells.get("source") or False,
            "structure_type_ids": [Command.set(linked["types_structure"])],
            "offer_ids": [Command.set(linked["offres"])],
        }

    def _write_indicators(self, content, objectives):
        """Replace the indicators of the objectives whose list differs."""
        wanted = {objective.id: [] for objective in objectives.values()}
        for row in content["indicators"]:
            objective = objectives[row.cells["code_objectif"]]
            wanted[objective.id].append(
                (row.cells["indicateur"], row.cells.get("source") or False)
            )
        model = self.env["cap.objective.indicator"]
        stored = dict.fromkeys(wanted, ())
        for objective, indicators in model._read_group(
            [("objective_id", "in", list(wanted))], ["objective_id"], ["id:recordset"]
        ):
            stored[objective.id] = indicators.sorted()
        stale, vals_list = model, []
        for objective_id, texts in wanted.items():
            current = stored[objective_id]
            if [(i.name, i.source) for i in current] == texts:
                continue
            stale = stale.union(*current)
            vals_list += [
                {
                    "objective_id": objective_id,
                    "sequence": rank,
                    "name": name,
                    "source": source,
                }
                for rank, (name, source) in enumerate(texts, 1)
            ]
        stale.unlink()
        model.create(vals_list)

    @api.model
    def _synchronise(self, model, vals_by_code, known):
        """Create what is missing, write what differs; return ``{code: record}``."""
        new = {code: vals for code, vals in vals_by_code.items() if code not in known}
        records = dict(zip(new, model.create(list(new.values())), strict=True))
        for code, vals in vals_by_code.items():
            if code in records:
                continue
            records[code] = known[code]
            changed = {
                name: value
                for name, value in vals.items()
                if self._stored_value(known[code], name) != self._plain_value(value)
            }
            if changed:
                known[code].write(changed)
        return records

    @api.model
    def _stored_value(self, record, name):
        value = record[name]
        field = record._fields[name]
        if field.type == "many2one":
            return value.id
        return set(value.ids) if field.type == "many2many" else value

    @api.model
    def _plain_value(self, value):
        return set(value[0][2]) if isinstance(value, list) else value

    # ------------------------------------------------------------------ showing

    def _show(self, content):
        """Keep the problems of ``content``, or what importing it would do."""
        self.problem_ids.unlink()
        problems = content.problems
        self.write(
            {
                "checked": True,
                "summary": self._summarise(content),
                "problem_ids": [
                    Command.create(
                        {
                            "sheet": problem.sheet,
                            "row": problem.row,
                            "column": problem.column,
                            "message": self._describe(problem),
                        }
                    )
                    for problem in problems[:MAX_SHOWN]
                ],
            }
        )

    def _summarise(self, content):
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
        return self.env._(
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
            "no_type": self.env._("No structure type has the code “%(found)s”."),
            "no_offer": self.env._(
                "No offer has the code “%(found)s”: add it in “Offres”."
            ),
            "no_language": self.env._(
                "“%(found)s” is no language: write fr_FR, for instance."
            ),
            "published": self.env._(
                "“%(found)s” is published and no longer changes: write the name of a "
                "new edition."
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
