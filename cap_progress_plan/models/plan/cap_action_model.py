import csv

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Command
from odoo.tools import file_open
from odoo.tools.misc import file_path

from ...tools.words import describe_days


class CapActionModel(models.Model):
    """A proven action that a structure can start from, kept in a library.

    A model belongs to a référentiel and to the code of one of its objectives, not
    to one edition: codes are stable, so it stays available edition after edition.
    """

    _name = "cap.action.model"
    _inherit = ["cap.shared.mixin"]
    _description = "CAP Action Model"
    _order = "referential_id, objective_code, ref, id"
    _rec_names_search = ["name", "ref", "objective_code"]

    ref = fields.Char("Reference", help="Empty for the models you add yourselves.")
    name = fields.Char("Title", required=True)
    active = fields.Boolean(default=True)
    referential_id = fields.Many2one(
        "cap.referential",
        "Référentiel",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self.env["cap.referential"].search([], limit=1),
    )
    objective_code = fields.Char(required=True, index=True, help="For example 2.1.2.2.")
    objective_id = fields.Many2one(
        "cap.objective",
        compute="_compute_objective_id",
        help="The wording of the last edition that has this code.",
    )
    description = fields.Text(help="How other structures went about it.")
    success_indicator = fields.Text(help="How the structure will know that it worked.")
    effort_days = fields.Float(
        "Effort (days)", digits=(6, 1), help="Days of work, all people together."
    )
    delay_months = fields.Integer("Delay (months)")
    offer_ids = fields.Many2many(
        "cap.offer",
        "cap_action_model_offer_rel",
        "action_model_id",
        "offer_id",
        string="Offers that help",
    )
    source = fields.Char(help="Title and year. Empty: a proposal.")
    confirmed = fields.Boolean(
        help="COORACE has confirmed it. Otherwise it is a proposal, and said so."
    )

    _ref_unique = models.UniqueIndex(
        "(referential_id, ref) WHERE ref IS NOT NULL",
        "This référentiel already has an action model with this reference.",
    )
    _effort_positive = models.Constraint(
        "CHECK (effort_days >= 0 AND delay_months >= 0)",
        "Days of work and months of delay are 0 or more.",
    )

    def _filter_shared(self):
        """Return those of a référentiel that no single company owns."""
        return self.filtered(lambda model: not model.referential_id.company_id)

    @api.depends("referential_id", "objective_code")
    def _compute_objective_id(self):
        last = self._get_objectives_by_code()
        for model in self:
            key = (model.referential_id, model.objective_code)
            model.objective_id = last.get(key, False)

    @api.constrains("referential_id", "objective_code")
    def _check_objective_code(self):
        known = self._get_objectives_by_code()
        for model in self:
            if (model.referential_id, model.objective_code) not in known:
                raise ValidationError(
                    self.env._(
                        "No operational objective of “%(referential)s” has the code "
                        "“%(code)s”: look the code up in the tree of the edition.",
                        referential=model.referential_id.name,
                        code=model.objective_code,
                    )
                )

    def _describe_work(self):
        """Return the effort and the delay in words: “1.5 day, 3 months”."""
        self.ensure_one()
        parts = [self.effort_days and describe_days(self.env, self.effort_days)]
        if self.delay_months == 1:
            parts.append(self.env._("1 month"))
        elif self.delay_months:
            parts.append(self.env._("%s months", self.delay_months))
        return ", ".join(part for part in parts if part)

    def _get_objectives_by_code(self):
        """Return ``{(référentiel, code): its objective in the last edition}``."""
        objectives = self.env["cap.objective"].search(
            [
                ("version_id.referential_id", "in", self.referential_id.ids),
                ("code", "in", self.mapped("objective_code")),
                ("kind", "=", "operational"),
            ],
            order="version_id, id",
        )
        return {(o.version_id.referential_id, o.code): o for o in objectives}

    @api.model
    def _load_shipped(self, version):
        """Add the shipped models that the référentiel of ``version`` lacks.

        Models that are there already keep what people wrote in them.

        :return: the models that were added
        """
        rows = self._read_shipped(version.referential_id.code)
        known = self.with_context(active_test=False).search_fetch(
            [("referential_id", "=", version.referential_id.id)], ["ref"]
        )
        known_refs = set(known.mapped("ref"))
        codes = set(version.objective_ids.mapped("code"))
        refs = {ref for row in rows for ref in row["offres"].split(",") if ref}
        offers = self.env["cap.offer"]._get_by_code(list(refs))
        return self.create(
            [
                self._prepare_shipped(row, version.referential_id, offers)
                for row in rows
                if row["ref"] not in known_refs and row["code_objectif"] in codes
            ]
        )

    @api.model
    def _read_shipped(self, code):
        """Return the rows of the table shipped for référentiel ``code``, if any."""
        path = f"cap_progress_plan/data/action_models/{code.lower()}.csv"
        try:
            file_path(path)
        except (FileNotFoundError, ValueError):
            return []
        with file_open(path, "r") as table:
            return list(csv.DictReader(table, delimiter=";"))

    @api.model
    def _prepare_shipped(self, row, referential, offers):
        """Return the values of one row of a shipped table."""
        wanted = [offers[ref].id for ref in row["offres"].split(",") if ref in offers]
        return {
            "ref": row["ref"],
            "referential_id": referential.id,
            "objective_code": row["code_objectif"],
            "name": row["titre"],
            "description": row["description"],
            "success_indicator": row["indicateur_reussite"],
            "effort_days": float(row["effort_jours"]),
            "delay_months": int(row["delai_mois"]),
            "offer_ids": [Command.set(wanted)],
            "source": row["source"],
        }
