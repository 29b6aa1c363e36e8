from odoo import api, fields, models
from odoo.exceptions import ValidationError

KINDS = [
    ("theme", "Theme"),
    ("subtheme", "Sub-theme"),
    ("general", "General objective"),
    ("operational", "Operational objective"),
]
PARENT_KINDS = {
    "theme": {False},
    "subtheme": {"theme"},
    "general": {"subtheme"},
    "operational": {"subtheme", "general"},
}


class CapObjective(models.Model):
    """A node of a référentiel's tree; the operational ones are scored."""

    _name = "cap.objective"
    _description = "CAP Objective"
    _inherit = ["cap.edition.content"]
    _parent_store = True
    _order = "version_id, sequence, id"
    _rec_names_search = ["code", "name"]
    _edition_frozen_fields = frozenset(
        {
            "version_id",
            "parent_id",
            "sequence",
            "kind",
            "code",
            "name",
            "weight",
            "is_gate",
            "gate_level",
            "structure_type_ids",
            "indicator_ids",
            "predecessor_ids",
            "successor_ids",
        }
    )

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
    kind = fields.Selection(KINDS, required=True, default="operational")
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

    @api.depends("code", "name", "version_id.name")
    @api.depends_context("show_edition")
    def _compute_display_name(self):
        for objective in self:
            name = f"{objective.code or ''} {objective.name or ''}"
            if self.env.context.get("show_edition"):
                name = f"{name} ({objective.version_id.name})"
            objective.display_name = name

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
            if parent.kind not in PARENT_KINDS[objective.kind]:
                raise ValidationError(
                    self.env._(
                        "“%(objective)s” (%(kind)s) is not in its place in the tree: "
                        "a theme holds sub-themes, which hold general objectives, "
                        "which hold operational ones.",
                        objective=objective.display_name,
                        kind=kinds[objective.kind],
                    )
                )
            if parent and parent.version_id != objective.version_id:
                raise ValidationError(
                    self.env._(
                        "“%(objective)s” and what it belongs to are of two editions.",
                        objective=objective.display_name,
                    )
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
