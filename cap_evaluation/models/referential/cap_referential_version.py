from odoo import api, fields, models, tools
from odoo.exceptions import UserError
from odoo.fields import Domain

from ...kernel.publication import find_defects
from ...tools.names import search_names

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
    _inherit = ["mail.thread", "cap.system.fields.mixin", "cap.shared.mixin"]
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
    def _get_system_fields(self):
        return super()._get_system_fields() | {"state", "published_on"}

    def _filter_shared(self):
        """Return those of a référentiel that no single company owns."""
        return self.filtered(lambda version: not version.company_id)

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

    is_current = fields.Boolean(
        "Current",
        compute="_compute_is_current",
        search="_search_is_current",
        help="The last published edition of its référentiel; the last draft where "
        "none was published yet.",
    )

    @api.depends("state", "published_on")
    @api.depends_context("uid")
    def _compute_is_current(self):
        current = self._get_current_editions()
        for version in self:
            version.is_current = version._origin in current

    @api.model
    def _search_is_current(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("id", "in", self._get_current_editions().ids)

    @api.model
    def _get_current_editions(self):
        """Return the edition in use of each référentiel, of those the user reads."""
        editions = self.search_fetch(
            [("state", "in", ("draft", "published"))],
            ["referential_id", "state", "published_on"],
        )
        # The last one of each wins: drafts first, then by date of publication
        editions = editions.sorted(
            lambda v: (str(v.published_on) if v.state == "published" else "", v.id)
        )
        return self.browse().union(*{v.referential_id: v for v in editions}.values())

    @api.model
    def _get_latest_published(self, code, company=None):
        """Return the last published edition of référentiel ``code``, or none.

        Where ``company`` (by default the current one) has a référentiel of that code of
        its own, it goes before the one that all share; another company's never counts.
        """
        company = company or self.env.company
        published = self.search(
            [
                ("referential_id.code", "=", code),
                ("referential_id.company_id", "in", [company.id, False]),
                ("state", "=", "published"),
            ],
            order="published_on desc, id desc",
        )
        own = published.filtered(lambda version: version.company_id)
        return (own or published)[:1]

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
        """Refuse what a published edition froze, and going back to draft."""
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
        self.check_access("write")
        published_sudo = self.sudo().filtered(lambda v: v.state == "published")
        published_sudo.write({"state": "retired"})
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
        self.check_access("write")
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
        self.sudo().write(
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
        return self.env["cap.edition.defect"]._open_for(self, defects)

    def _get_publication_defects(self):
        """Return what keeps this edition from being published.

        :return: list of ``(sentence, record to open)``, in reading order
        """
        self.ensure_one()
        objectives = self.env["cap.objective"].search([("version_id", "=", self.id)])
        nodes = [objective._get_publication_node() for objective in objectives]
        scale = sorted(self.scale_id.level_ids.mapped("value"))
        found = []
        for defect in find_defects(scale, nodes):
            record = self if defect.rank is None else objectives[defect.rank]
            if defect.what in ("few_levels", "many_levels"):
                record = self.scale_id
            found.append((self._tell_defect(defect, record, scale), record))
        return found

    @api.model
    def _tell_defect(self, defect, record, scale):
        """Return the sentence that says a defect, and what to do."""
        env = self.env
        name = record.display_name
        match defect.what:
            case "few_levels":
                return env._("Its scale needs at least two levels.")
            case "many_levels":
                return env._(
                    "Its scale has %(count)s levels: %(most)s is the most that people "
                    "can tell apart, and that a page can show.",
                    **defect.values,
                )
            case "nothing_to_score":
                return env._("It has no operational objective to score.")
            case "no_wording":
                return env._("“%(code)s” has an empty wording.", code=record.code)
            case "no_code":
                return env._("“%(wording)s” has an empty code.", wording=record.name)
            case "blank_indicator":
                return env._(
                    "“%(objective)s” has an indicator without wording.", objective=name
                )
            case "nothing_below":
                return env._("“%(objective)s” has nothing below it.", objective=name)
            case "gate_off_scale":
                return env._(
                    "“%(objective)s” asks at least level %(level)s, which is not on "
                    "the scale: choose %(values)s.",
                    objective=name,
                    values=", ".join(map(str, scale)),
                    **defect.values,
                )
        return env._(
            "“%(objective)s” words some of its levels only (%(worded)s of %(all)s): "
            "word each level of the scale, or none.",
            objective=name,
            **defect.values,
        )
