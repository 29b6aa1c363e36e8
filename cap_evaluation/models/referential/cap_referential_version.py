from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from ...tools.names import search_names

MIN_LEVELS, MAX_LEVELS = 2, 7
FROZEN_FIELDS = frozenset(
    {"referential_id", "scale_id", "lang", "objective_ids", "follows_codes"}
)


class CapReferentialVersion(models.Model):
    """An edition of a référentiel, in one language.

    In draft, everything can change. Once published its content is frozen (see
    ``cap.edition.content``): evaluations made with it keep their meaning for ever.
    """

    _name = "cap.referential.version"
    _description = "CAP Référentiel Edition"
    _inherit = ["mail.thread"]
    _order = "referential_id, published_on desc, id desc"

    referential_id = fields.Many2one(
        "cap.referential", required=True, index=True, ondelete="restrict"
    )
    name = fields.Char("Edition", required=True, tracking=True)
    lang = fields.Selection(
        "_get_languages",
        "Language",
        required=True,
        default=lambda self: self.env.lang or "en_US",
    )
    scale_id = fields.Many2one(
        "cap.scale", required=True, index=True, ondelete="restrict"
    )
    state = fields.Selection(
        [("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    published_on = fields.Date(readonly=True, copy=False)
    objective_ids = fields.One2many("cap.objective", "version_id", string="Objectives")
    follows_codes = fields.Boolean(
        "Same codes go on",
        default=True,
        copy=False,
        help="An objective that names none it comes from continues the one that had "
        "its code in the edition before. Unticked in an edition copied from another, "
        "where each objective names its own: there, the others are new.",
    )
    company_id = fields.Many2one(related="referential_id.company_id")
    objective_count = fields.Integer(
        "Operational objectives", compute="_compute_counts"
    )
    proposal_count = fields.Integer("Proposals", compute="_compute_counts")

    _name_unique = models.Constraint(
        "UNIQUE (referential_id, name)", "This référentiel already has this edition."
    )

    @api.model
    def _get_languages(self):
        """Return every language Odoo knows: an edition's need not be installed."""
        return [
            (lang.code, lang.name)
            for lang in self.env["res.lang"]
            .sudo()
            .with_context(active_test=False)
            .search([])
        ]

    @api.depends("referential_id.code", "name")
    def _compute_display_name(self):
        for version in self:
            code = (version.referential_id.code or "").replace("_", " ")
            version.display_name = f"{code} {version.name or ''}".strip()

    @api.model
    def _search_display_name(self, operator, value):
        """Find an edition by its référentiel, its name, or both: "CAP 2026"."""
        texts = ["name", "referential_id.code", "referential_id.name"]
        return search_names(self, operator, value, texts)

    @api.depends("objective_ids.kind", "objective_ids.confirmed")
    def _compute_counts(self):
        groups = self.env["cap.objective"]._read_group(
            [("version_id", "in", self.ids)],
            ["version_id", "kind", "confirmed"],
            ["__count"],
        )
        operational, proposals = {}, {}
        for version, kind, confirmed, count in groups:
            if kind == "operational":
                operational[version] = operational.get(version, 0) + count
            if not confirmed:
                proposals[version] = proposals.get(version, 0) + count
        for version in self:
            version.objective_count = operational.get(version._origin, 0)
            version.proposal_count = proposals.get(version._origin, 0)

    @tools.ormcache("self.id")
    def _get_level_ids(self):
        """Return ``{value: level id}`` of this edition's scale, lowest first."""
        self.ensure_one()
        return {level.value: level.id for level in self.sudo().scale_id.level_ids}

    @api.model
    def _get_latest_published(self, code):
        """Return the last published edition of référentiel ``code``, or none."""
        return self.search(
            [("referential_id.code", "=", code), ("state", "=", "published")],
            order="published_on desc, id desc",
            limit=1,
        )

    def _check_draft(self):
        """Raise UserError unless all these editions are drafts."""
        frozen = self.filtered(lambda version: version.state != "draft")
        if frozen:
            raise UserError(
                self.env._(
                    "The edition “%(edition)s” is published: its content no longer "
                    "changes, so that evaluations keep their meaning. Make the change "
                    "in a new edition.",
                    edition=frozen[0].display_name,
                )
            )

    def _check_published(self):
        """Raise UserError unless all these editions are published."""
        other = self.filtered(lambda version: version.state != "published")
        if other:
            raise UserError(
                self.env._(
                    "The edition “%(edition)s” is not published: publish it, or "
                    "choose another one.",
                    edition=other[0].display_name,
                )
            )

    def write(self, vals):
        if FROZEN_FIELDS & vals.keys():
            self._check_draft()
        if vals.get("state") == "draft":
            self._check_draft()
        if "scale_id" in vals:
            self.env.registry.clear_cache()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._check_draft()

    def action_retire(self):
        """Retire published editions: no new evaluation starts with them."""
        self.filtered(lambda v: v.state == "published").write({"state": "retired"})
        return True

    def action_view_objectives(self):
        """Open the objectives of this edition, as a tree by theme."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cap_evaluation.cap_objective_action"
        )
        action["domain"] = [("version_id", "=", self.id)]
        action["context"] = {
            "default_version_id": self.id,
            "search_default_operational": 1,
            "search_default_group_theme": 1,
            "search_default_group_subtheme": 1,
            "search_default_group_parent": 1,
        }
        action["display_name"] = self.display_name
        return action

    def _get_applicable_objectives(self, partners):
        """Return ``{partner: operational objectives}`` of this edition.

        An objective without types is for all; else one shared type is enough.
        """
        self.ensure_one()
        operational = self.env["cap.objective"].search(
            [("version_id", "=", self.id), ("kind", "=", "operational")]
        )
        needs = [(objective, objective.structure_type_ids) for objective in operational]
        by_types = {}
        for partner in partners:
            types = partner.cap_structure_type_ids
            if types not in by_types:
                by_types[types] = operational.browse(
                    [o.id for o, wanted in needs if not wanted or wanted & types]
                )
        return {p: by_types[p.cap_structure_type_ids] for p in partners}

    def _get_score_groups(self, kind):
        """Return what scores are given for, in reading order: ids, or False for all."""
        self.ensure_one()
        if kind == "all":
            return [False]
        nodes = self.env["cap.objective"].search(
            [("version_id", "=", self.id), ("kind", "=", kind)]
        )
        return nodes.ids

    # ------------------------------------------------------------ publishing

    def action_publish(self):
        """Publish these drafts and freeze their content.

        :raise UserError: listing every defect of an edition at once
        """
        self._check_draft()
        for version in self:
            defects = version._get_publication_defects()
            if defects:
                raise UserError(
                    self.env._(
                        "“%(edition)s” cannot be published yet:\n%(defects)s",
                        edition=version.display_name,
                        defects="\n".join(f"- {message}" for message, _r in defects),
                    )
                )
        self.write(
            {"state": "published", "published_on": fields.Date.context_today(self)}
        )
        return True

    def action_publish_or_list_defects(self):
        """Publish this draft; where it has defects, open them as a list of links."""
        self.ensure_one()
        self._check_draft()
        defects = self._get_publication_defects()
        if not defects:
            return self.action_publish()
        rows = self.env["cap.edition.defect"].create(
            [
                {
                    "version_id": self.id,
                    "message": message,
                    "res_model": record._name,
                    "res_id": record.id,
                }
                for message, record in defects
            ]
        )
        return rows._get_list_action()

    def _get_publication_defects(self):
        """Return what keeps this edition from being published.

        :return: list of ``(sentence, record to open)``, in reading order
        """
        self.ensure_one()
        defects = self._get_scale_defects()
        objectives = self.env["cap.objective"].search([("version_id", "=", self.id)])
        operational = objectives.filtered(lambda o: o.kind == "operational")
        if not operational:
            defects.append(
                (self.env._("It has no operational objective to score."), self)
            )
        values = set(self.scale_id.level_ids.mapped("value"))
        for objective in objectives:
            defects += [
                (message, objective)
                for message in objective._get_publication_defects(values)
            ]
        return defects

    def _get_scale_defects(self):
        count = len(self.scale_id.level_ids)
        if count < MIN_LEVELS:
            return [(self.env._("Its scale needs at least two levels."), self.scale_id)]
        if count > MAX_LEVELS:
            message = self.env._(
                "Its scale has %(count)s levels: %(most)s is the most that people can "
                "tell apart, and that a page can show.",
                count=count,
                most=MAX_LEVELS,
            )
            return [(message, self.scale_id)]
        return []
