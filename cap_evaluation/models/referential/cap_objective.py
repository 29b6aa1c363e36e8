from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import format_list

from ...kernel.publication import Node
from ...kernel.text import shorten
from ...kernel.tree import may_hold
from ...kernel.workbook.schema import get_frozen_fields
from ...tools.names import search_names

KIND_WORDS = [
    ("theme", "Theme"),
    ("subtheme", "Sub-theme"),
    ("general", "General objective"),
    ("operational", "Operational objective"),
]


class CapObjective(models.Model):
    """A node of a référentiel's tree; the operational ones are scored."""

    _name = "cap.objective"
    _description = "CAP Objective"
    _inherit = ["cap.edition.content", "cap.system.fields.mixin"]
    _parent_store = True
    _order = "version_id, sequence, id"
    # What the workbook's columns say is frozen, and what holds the tree together
    _edition_frozen_fields = get_frozen_fields("objectives") | {
        "version_id",
        "sequence",
        "indicator_ids",
        "predecessor_ids",
        "successor_ids",
    }

    version_id = fields.Many2one(
        "cap.referential.version",
        "Edition",
        required=True,
        ondelete="cascade",
        index=True,
    )
    edition_state = fields.Selection(
        related="version_id.state", string="State of the edition"
    )
    referential_id = fields.Many2one(related="version_id.referential_id")
    parent_id = fields.Many2one(
        "cap.objective",
        "Belongs to",
        index=True,
        ondelete="restrict",
        domain="[('version_id', '=', version_id), ('kind', '!=', 'operational')]",
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("cap.objective", "parent_id")
    sequence = fields.Integer(
        default=10, help="Rank in the reading order of the whole edition."
    )
    kind = fields.Selection(KIND_WORDS, required=True, default="operational")
    code = fields.Char(required=True)
    name = fields.Char("Wording", required=True)
    guidance = fields.Text(help="Questions to ask, possible evidence.")
    footnote = fields.Text(help="Explains the word marked * in the wording.")
    weight = fields.Float(default=1.0, help="2 counts double in the scores.")
    is_gate = fields.Boolean("Gate", help="A recognition may ask a minimum here.")
    gate_level = fields.Integer("Minimum asked at the gate")
    structure_type_ids = fields.Many2many(
        "cap.structure.type",
        "cap_objective_structure_type_rel",
        "objective_id",
        "structure_type_id",
        string="Only for",
        help="Empty: for every structure. Else one shared type is enough.",
    )
    theme_id = fields.Many2one(
        "cap.objective",
        compute="_compute_theme",
        store=True,
        recursive=True,
        index=True,
    )
    subtheme_id = fields.Many2one(
        "cap.objective",
        "Sub-theme",
        compute="_compute_theme",
        store=True,
        recursive=True,
        index=True,
    )
    confirmed = fields.Boolean(
        help="The wording is COORACE's. Otherwise it is a proposal, and said so."
    )
    source = fields.Char(help="Title and year. Empty: a proposal.")
    indicator_ids = fields.One2many("cap.objective.indicator", "objective_id")
    offer_ids = fields.Many2many(
        "cap.offer",
        "cap_objective_offer_rel",
        "objective_id",
        "offer_id",
        string="Offers",
    )
    descriptor_ids = fields.One2many(
        "cap.objective.descriptor", "objective_id", "Levels in words"
    )
    question_ids = fields.One2many("cap.objective.question", "objective_id")
    mapping_ids = fields.One2many(
        "cap.objective.mapping", "source_id", "Answers elsewhere"
    )
    reverse_mapping_ids = fields.One2many(
        "cap.objective.mapping", "target_id", "Answered from elsewhere"
    )
    predecessor_ids = fields.Many2many(
        "cap.objective",
        "cap_objective_predecessor_rel",
        "objective_id",
        "predecessor_id",
        string="Comes from",
        copy=False,
        help="The objectives of earlier editions that this one continues. Several: "
        "they were merged. The same one named by several objectives: it was split.",
    )
    successor_ids = fields.Many2many(
        "cap.objective",
        "cap_objective_predecessor_rel",
        "predecessor_id",
        "objective_id",
        string="Continued by",
        copy=False,
        readonly=True,
    )

    _code_unique = models.Constraint(
        "UNIQUE (version_id, code)", "An edition has each code once."
    )
    _weight_positive = models.Constraint(
        "CHECK (weight > 0)", "A weight is over 0; 1 is the usual one."
    )

    @api.model
    def _get_system_fields(self):
        derived = {"theme_id", "subtheme_id", "parent_path", "successor_ids"}
        return super()._get_system_fields() | derived

    @api.depends("code", "name", "version_id.name")
    @api.depends_context("show_edition", "cap_short_names")
    def _compute_display_name(self):
        for objective in self:
            name = f"{objective.code or ''} {objective.name or ''}"
            if self.env.context.get("cap_short_names"):
                name = shorten(name)
            if self.env.context.get("show_edition"):
                name = f"{name} ({objective.version_id.name})"
            objective.display_name = name

    @api.model
    def _search_display_name(self, operator, value):
        """Find an objective by its code, words of it, or all that is shown."""
        texts = ["name"]
        if self.env.context.get("show_edition"):
            texts.append("version_id.name")
        return search_names(self, operator, value, texts, codes=["code"])

    @api.depends("kind", "parent_id.theme_id", "parent_id.subtheme_id")
    def _compute_theme(self):
        for objective in self:
            parent = objective.parent_id
            objective.theme_id = (
                objective if objective.kind == "theme" else parent.theme_id
            )
            objective.subtheme_id = (
                objective if objective.kind == "subtheme" else parent.subtheme_id
            )

    @api.constrains("kind", "parent_id", "version_id")
    def _check_parent(self):
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        for objective in self:
            parent = objective.parent_id
            if not may_hold(parent.kind, objective.kind):
                raise ValidationError(
                    self.env._(
                        "“%(objective)s” (%(kind)s) is not in its place in the tree. "
                        "%(grammar)s",
                        objective=objective.display_name,
                        kind=kinds[objective.kind],
                        grammar=self._tell_grammar(),
                    )
                )
            if parent and parent.version_id != objective.version_id:
                raise ValidationError(
                    self.env._(
                        "“%(objective)s” and what it belongs to are of two editions.",
                        objective=objective.display_name,
                    )
                )

    @api.model
    def _tell_grammar(self):
        """Return the sentence that says what holds what (``kernel/tree.py``)."""
        return self.env._(
            "A theme holds sub-themes, which hold general objectives, which hold "
            "operational ones."
        )

    @api.constrains("predecessor_ids", "version_id")
    def _check_predecessors(self):
        """Predecessors are of another edition of the same référentiel."""
        for objective in self:
            for predecessor in objective.predecessor_ids:
                if (
                    predecessor.version_id == objective.version_id
                    or predecessor.version_id.referential_id
                    != objective.version_id.referential_id
                ):
                    raise ValidationError(
                        self.env._(
                            "“%(objective)s” cannot come from “%(predecessor)s”: "
                            "choose objectives of earlier editions of the same "
                            "référentiel.",
                            objective=objective.display_name,
                            predecessor=predecessor.display_name,
                        )
                    )

    @api.ondelete(at_uninstall=False)
    def _unlink_keep_links(self):
        """Links from elsewhere to a dropped objective wait, they are not lost."""
        links = self.reverse_mapping_ids.filtered(lambda m: m.source_id not in self)
        waiting = self.env["cap.objective.mapping.waiting"]
        vals_list = [
            {
                "source_id": link.source_id.id,
                "referential_code": link.target_id.version_id.referential_id.code,
                "edition": link.target_id.version_id.name,
                "code": link.target_id.code,
                "strength": link.strength,
                "rationale": link.rationale,
                "confirmed": link.confirmed,
            }
            for link in links
        ]
        links.unlink()
        waiting.create(vals_list)

    # -------------------------------------------------------------- in words

    weight_text = fields.Char("Weight in words", compute="_compute_weight_text")
    types_text = fields.Char("For whom", compute="_compute_types_text")

    @api.depends("weight")
    @api.depends_context("lang")
    def _compute_weight_text(self):
        words = {
            0.5: self.env._("counts half"),
            1.0: "",
            2.0: self.env._("counts double"),
            3.0: self.env._("counts triple"),
        }
        for objective in self:
            weight = objective.weight
            objective.weight_text = words.get(weight)
            if weight not in words:
                decimal = self.env["res.lang"]._lang_get(self.env.lang or "en_US")
                number = f"{weight:g}".replace(".", decimal.decimal_point or ".")
                objective.weight_text = self.env._("counts ×%(weight)s", weight=number)

    @api.depends("structure_type_ids.code")
    @api.depends_context("lang")
    def _compute_types_text(self):
        for objective in self:
            codes = objective.structure_type_ids.mapped("code")
            told = self.env._("for %(types)s", types=format_list(self.env, codes))
            objective.types_text = told if codes else ""

    # ------------------------------------------------------------ publishing

    def _get_publication_node(self):
        """Return this objective as ``kernel/publication.py`` checks it."""
        self.ensure_one()
        scale = self.version_id.scale_id
        return Node(
            self.kind,
            self.code or "",
            self.name or "",
            bool(self.child_ids),
            self.gate_level if self.is_gate else None,
            tuple(indicator.name or "" for indicator in self.indicator_ids),
            tuple(
                (
                    words.level_id.value if words.level_id.scale_id == scale else None,
                    words.description or "",
                )
                for words in self.descriptor_ids
            ),
        )

    def action_confirm_wording(self):
        """Take these wordings as COORACE's own: they are proposals no more."""
        proposals = self.filtered(lambda objective: not objective.confirmed)
        proposals.write({"confirmed": True})
        proposals._log_confirmed_wording()
        return True

    def _log_confirmed_wording(self):
        """Say in the history of their editions that these wordings are confirmed."""
        for version, objectives in self.grouped("version_id").items():
            version._message_log(
                body=self.env._(
                    "Wording confirmed: %(codes)s.",
                    codes=", ".join(objectives.mapped("code")),
                )
            )
