import base64
import binascii
from collections import Counter
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command

from ..kernel.text import one_line, storable
from ..kernel.workbook import read, schema
from ..models.exchange import messages
from ..models.exchange.importer import Importer

SHIPPED = Path(__file__).parent.parent / "data" / "referentials"
MAX_SHOWN = 200


class CapReferentialImport(models.TransientModel):
    """Ask for a référentiel workbook, show what importing it would do, import it.

    The file is read and checked whole before anything is written: on any problem, all
    of them are listed and nothing changes (``models/exchange/importer.py`` says what
    importing does). A shipped référentiel (``shipped``) takes the same road.
    """

    _name = "cap.referential.import"
    _description = "Import a CAP Référentiel"

    file = fields.Binary(
        "Workbook",
        attachment=False,
        help="An .xlsx workbook, or a .zip of .csv tables.",
    )
    filename = fields.Char()
    shipped = fields.Char(readonly=True, help="A référentiel that this module carries.")
    candidate_ids = fields.Many2many("cap.referential", readonly=True)
    referential_id = fields.Many2one(
        "cap.referential",
        "Référentiel that receives it",
        domain="[('id', 'in', candidate_ids)]",
        help="Several have the code of this file: shared, or of one company.",
    )
    version_id = fields.Many2one("cap.referential.version", "Edition", readonly=True)
    checked = fields.Boolean(readonly=True)
    summary = fields.Text(readonly=True)
    problem_ids = fields.One2many(
        "cap.referential.import.problem", "wizard_id", readonly=True
    )
    change_ids = fields.One2many(
        "cap.referential.import.change", "wizard_id", readonly=True
    )

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse as a file what no form sends."""
        self._refuse_other_types(vals_list)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse as a file what no form sends."""
        self._refuse_other_types([vals])
        return super().write(vals)

    @api.model
    def _refuse_other_types(self, vals_list):
        """Refuse as a file what no form sends, before the database meets it."""
        for vals in vals_list:
            if not isinstance(vals.get("file") or "", str | bytes):
                raise UserError(self.env._("Choose a file first."))

    # ------------------------------------------------------------------ actions

    def action_check(self):
        """Read and check the file, write nothing; show what importing would do."""
        self.ensure_one()
        importer = self._get_importer()
        importer.check()
        return self._show(importer)

    def action_import(self):
        """Import the file; on any problem show them all and write nothing.

        :return: the action that shows the edition, or the wizard with its problems
        """
        self.ensure_one()
        importer = self._get_importer()
        version = importer.write(self._get_origin())
        return version._get_records_action() if version else self._show(importer)

    def action_open_edition(self):
        """Leave the edition as it is, and open it."""
        self.ensure_one()
        return self.version_id._get_records_action()

    def action_download_template(self):
        """Download an empty workbook to fill in."""
        return self.env["cap.referential.export"].action_download_template()

    # ------------------------------------------------------------------ shipped

    @api.model
    def load_shipped(self, code):
        """Load the référentiel ``code`` that this module carries; return its edition.

        An edition that exists already is returned as it is, whatever its state: see
        :meth:`action_load_shipped`.

        :raise UserError: unknown code
        :raise AccessError: not a manager
        """
        self.check_access("create")
        importer = self._get_shipped_importer(code)
        if importer.version:
            return importer.version
        version = importer.write(importer.content["referential"][0].cells["nom"])
        if not version:
            raise ValidationError(
                "\n".join(messages.locate(self.env, importer.problems))
            )
        return version

    @api.model
    def action_load_shipped(self, code):
        """Load the référentiel ``code`` that this module carries, and show its edition.

        Of a draft that somebody has changed since, show what loading it again would
        undo, and ask.
        """
        version = self.load_shipped(code)
        if version.state == "draft":
            wizard = self.create({"shipped": code})
            importer = wizard._get_importer()
            if importer.check() or importer.changes:
                return wizard._show(importer)
        return version._get_records_action()

    @api.model
    def action_load_cap(self):
        """Load the CAP, a draft to read and publish, and show its edition."""
        return self.action_load_shipped("CAP")

    @api.model
    def _get_shipped_importer(self, code):
        """Return the importer of a shipped référentiel: the one that all share."""
        folder = SHIPPED / str(code).lower()
        if not str(code).isidentifier() or not folder.is_dir():
            raise UserError(
                self.env._("There is no référentiel “%(code)s” to load.", code=code)
            )
        content = read.read_folder(folder)
        shared = self.env["cap.referential"].search(
            [("code", "=", code), ("company_id", "=", False)]
        )
        return Importer(self.env, content, shared)

    # ------------------------------------------------------------------ reading

    def _get_importer(self):
        """Return the importer of the chosen file, or of the shipped référentiel."""
        if self.shipped:
            return self._get_shipped_importer(self.shipped)
        if not self.file:
            raise UserError(self.env._("Choose a file first."))
        try:
            data = base64.b64decode(self.file)
        except (binascii.Error, ValueError):
            data = b""  # what was sent is no file
        content = read.read_file(data, self._get_origin())
        return Importer(self.env, content, self.referential_id or None)

    def _get_origin(self):
        """Return what the file is called, for those who read the history."""
        if self.shipped:
            return self.version_id.referential_id.name or self.shipped
        return one_line(self.filename) or self.env._("workbook")

    # ------------------------------------------------------------------ showing

    def _show(self, importer):
        """Keep the problems of a file, or what importing it would change; show them."""
        problems = importer.problems[:MAX_SHOWN]
        changes = [] if problems else importer.changes[:MAX_SHOWN]
        texts = messages.describe(self.env, problems)
        several = len(importer.candidates) > 1 and not self.shipped
        self.write(
            {
                "checked": True,
                "summary": "\n".join(self._summarise(importer)),
                "version_id": importer.version.id,
                "candidate_ids": [
                    Command.set(importer.candidates.ids if several else [])
                ],
                "problem_ids": [
                    Command.clear(),
                    *(
                        Command.create(self._prepare_problem(problem, text))
                        for problem, text in zip(problems, texts, strict=True)
                    ),
                ],
                "change_ids": [
                    Command.clear(),
                    *(
                        Command.create(self._prepare_change(change))
                        for change in changes
                    ),
                ],
            }
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cap_evaluation.cap_referential_import_action"
        )
        if self.shipped:
            action["name"] = self.env._("Load a référentiel")
        return {**action, "res_id": self.id}

    @api.model
    def _prepare_problem(self, problem, text):
        return {
            "sheet": problem.sheet,
            "row": problem.row,
            "column": storable(problem.column),
            "message": storable(text),
        }

    @api.model
    def _prepare_change(self, change):
        names = ("kind", "sheet", "key", "column", "before", "after")
        return {name: getattr(change, name) for name in names}

    def _summarise(self, importer):
        """Return, sentence by sentence, what is wrong or what importing would do."""
        if importer.problems:
            return [
                self.env._(
                    "%(count)s lines to correct, nothing was imported. Correct them in "
                    "the workbook, then choose it again.",
                    count=len(importer.problems),
                ),
                *self._tell_ignored(importer),
            ]
        told = [self._tell_size(importer), *self._tell_changes(importer)]
        waiting = importer.count_waiting()
        if waiting:
            told.append(
                self.env._(
                    "%(count)s links go to référentiels that are not here yet: they "
                    "wait for them.",
                    count=waiting,
                )
            )
        return [*told, *self._tell_ignored(importer)]

    def _tell_size(self, importer):
        """Return what the file holds, beside what is there already."""
        content = importer.content
        objectives = importer.differences["objectives"]
        cells = content["referential"][0].cells
        return self.env._(
            "%(code)s %(edition)s: %(new)s new objectives, %(kept)s already there, "
            "%(dropped)s to remove; %(indicators)s indicators, %(offers)s offers. "
            "Nothing is written yet.",
            code=cells["code"],
            edition=cells["edition"],
            new=len(objectives.new),
            kept=len(objectives.pairs),
            dropped=len(objectives.removed),
            indicators=len(content["indicators"]),
            offers=len(content["offers"]),
        )

    def _tell_changes(self, importer):
        if not importer.changes:
            return [self.env._("The file changes nothing.")]
        kinds = Counter(change.kind for change in importer.changes)
        told = [
            self.env._(
                "New rows: %(new)s; changed cells: %(changed)s; removed rows: "
                "%(removed)s.",
                new=kinds["new"],
                changed=kinds["changed"],
                removed=kinds["removed"],
            )
        ]
        if len(importer.changes) > MAX_SHOWN:
            told.append(self.env._("Below: the first %s of them.", MAX_SHOWN))
        return told

    def _tell_ignored(self, importer):
        """Name the sheets that are not read, if any."""
        names = importer.content.ignored
        if not names:
            return []
        known = ", ".join(table.sheet for table in schema.TABLES)
        return [
            self.env._(
                "Not read, for they have another name than the sheets of a workbook "
                "(%(known)s): %(names)s.",
                known=known,
                names=", ".join(f"“{name}”" for name in names),
            )
        ]
