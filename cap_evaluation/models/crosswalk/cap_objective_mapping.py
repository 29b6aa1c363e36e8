from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ...kernel.crosswalk import find_cycle
from ...tools.names import search_names

STRENGTHS = [("full", "Full"), ("partial", "Partial")]
REVIEWS = [
    ("dropped", "Dropped by a newer edition"),
    ("retired", "Its edition is retired"),
]


class CapObjectiveMapping(models.Model):
    """One link of the crosswalk: an objective answers another one, or a clause.

    Many to many, and free in every edition. A link is a reading aid, never a proof of
    conformity.
    """

    _name = "cap.objective.mapping"
    _description = "CAP Crosswalk Link"
    _inherit = ["cap.shared.mixin"]
    _order = "source_id, clause_id, target_id, id"

    source_id = fields.Many2one(
        "cap.objective", "Objective", required=True, index=True, ondelete="cascade"
    )
    target_id = fields.Many2one(
        "cap.objective", "Answers the objective", index=True, ondelete="cascade"
    )
    clause_id = fields.Many2one(
        "cap.clause", "Answers the clause", index=True, ondelete="restrict"
    )
    strength = fields.Selection(
        STRENGTHS,
        required=True,
        default="partial",
        help="Full: a good level here answers it whole. Partial: a part of it.",
    )
    rationale = fields.Text()
    confirmed = fields.Boolean(help="Reviewed by COORACE. Otherwise it is a proposal.")

    _one_target = models.Constraint(
        "CHECK ((target_id IS NULL) <> (clause_id IS NULL))",
        "A link goes to an objective or to a clause: choose one.",
    )
    _not_itself = models.Constraint(
        "CHECK (source_id <> target_id)", "An objective is not linked to itself."
    )
    _target_unique = models.Constraint(
        "UNIQUE (source_id, target_id)", "These two objectives are already linked."
    )
    _clause_unique = models.Constraint(
        "UNIQUE (source_id, clause_id)",
        "This objective is already linked to this clause.",
    )

    @api.depends("source_id", "target_id", "clause_id")
    def _compute_display_name(self):
        for mapping in self:
            target = mapping.target_id or mapping.clause_id
            mapping.display_name = (
                f"{mapping.source_id.code or ''} → {target.display_name or ''}"
            )

    def _filter_shared(self):
        """Return those that start from an edition that no single company owns."""
        return self.filtered(lambda link: not link.source_id.version_id.company_id)

    @api.model
    def _search_display_name(self, operator, value):
        ends = ["target_id.name", "clause_id.title", "clause_id.standard"]
        codes = ["source_id.code", "target_id.code", "clause_id.code"]
        return search_names(self, operator, value, texts=ends, codes=codes)

    def _get_end(self):
        """Return where this link goes: (référentiel or standard, edition, code).

        A standard has no edition.
        """
        if self.clause_id:
            return (self.clause_id.standard, "", self.clause_id.code)
        version = self.target_id.version_id
        return (version.referential_id.code, version.name, self.target_id.code)

    # --------------------------------------------------------- the crosswalk

    source_version_id = fields.Many2one(
        related="source_id.version_id", string="From the edition"
    )
    source_theme_id = fields.Many2one(
        related="source_id.theme_id", string="From the theme"
    )
    target_version_id = fields.Many2one(
        related="target_id.version_id", string="To the edition"
    )
    target_theme_id = fields.Many2one(
        related="target_id.theme_id", string="To the theme"
    )
    standard = fields.Char(related="clause_id.standard")
    review = fields.Selection(
        REVIEWS, "To review", compute="_compute_review", search="_search_review"
    )
    heir_ids = fields.Many2many(
        "cap.objective",
        string="Continued by",
        compute="_compute_review",
        help="What continues, in the latest edition, the objectives of older ones.",
    )

    # ---------------------------------------------------------------- refusals

    @api.constrains("source_id", "target_id")
    def _check_two_editions(self):
        for mapping in self:
            version = mapping.source_id.version_id
            if mapping.target_id and mapping.target_id.version_id == version:
                raise ValidationError(
                    self.env._(
                        "“%(objective)s” and “%(target)s” are both of the edition "
                        "“%(edition)s”: the crosswalk links two référentiels.",
                        objective=mapping.source_id.display_name,
                        target=mapping.target_id.display_name,
                        edition=version.display_name,
                    )
                )

    @api.constrains("source_id", "target_id", "strength")
    def _check_no_cycle(self):
        """Refuse a chain of full links that comes back to where it starts.

        See ``crosswalk.py`` for what counts as a cycle, and why.
        """
        full = self.filtered(lambda m: m.strength == "full" and m.target_id)
        if not full:
            return
        chain = find_cycle(full._get_full_links(), full.source_id.ids)
        if chain:
            objectives = self.env["cap.objective"].browse([*chain, chain[0]])
            raise ValidationError(
                self.env._(
                    "These full links go round in a circle, so that an objective would "
                    "be answered by itself:\n%(chain)s\nMake one of them partial.",
                    chain="\n→ ".join(
                        f"{o.version_id.display_name}, {o.display_name}"
                        for o in objectives
                    ),
                )
            )

    def _get_full_links(self):
        """Return ``{objective id: ids it answers whole}``, all that starts here.

        One query for each step of the longest chain, however many links.
        """
        links = {}
        edge = set(self.source_id.ids)
        while edge:
            # In sudo: a cycle through a draft that the user does not read is one too
            found = self.sudo().search_fetch(
                [
                    ("source_id", "in", list(edge)),
                    ("strength", "=", "full"),
                    ("target_id", "!=", False),
                ],
                ["source_id", "target_id"],
            )
            for node in edge:
                links.setdefault(node, set())
            for link in found:
                links[link.source_id.id].add(link.target_id.id)
            edge = set(found.target_id.ids) - links.keys()
        return links

    # ------------------------------------------------------------ confirmation

    def action_confirm(self):
        """Take these links as reviewed by COORACE: they are proposals no more."""
        self.check_access("write")
        self.filtered(lambda mapping: not mapping.confirmed).confirmed = True
        return True

    # ------------------------------------------------------------------ review

    @api.depends("source_id", "target_id", "clause_id")
    def _compute_review(self):
        heirs = (self.source_id | self.target_id).sudo()._get_heirs()
        heirs = {objective.id: found for objective, found in heirs.items()}
        carried = self._get_carried(heirs)
        for mapping in self:
            ends = mapping.source_id | mapping.target_id
            found = self.env["cap.objective"].union(
                *(heirs.get(end.id, end.browse()) for end in ends)
            )
            mapping.heir_ids = (found - ends).sudo(False)
            mapping.review = mapping._get_review(heirs, carried)

    def _get_review(self, heirs, carried):
        ends = self.source_id | self.target_id
        if not all(heirs.get(end.id) for end in ends):
            return "dropped"
        if "retired" not in ends.sudo().version_id.mapped("state"):
            return False
        moved = any(heirs[end.id] != end for end in ends)
        wanted = self._get_heir_links(heirs)
        return False if moved and wanted & carried else "retired"

    def _get_heir_links(self, heirs):
        """Return its ends in the latest editions: ``{(source, target, clause)}``.

        Several where an objective was split.
        """
        targets = heirs[self.target_id.id].ids if self.target_id else [False]
        return {
            (source, target, self.clause_id.id)
            for source in heirs[self.source_id.id].ids
            for target in targets
        }

    @api.model
    def _get_carried(self, heirs):
        """Return the ends of the links that start from one of these heirs."""
        sources = {one for found in heirs.values() for one in found.ids}
        links = self.sudo().search_fetch(
            [("source_id", "in", list(sources))],
            ["source_id", "target_id", "clause_id"],
        )
        return {
            (link.source_id.id, link.target_id.id, link.clause_id.id) for link in links
        }

    @api.model
    def _search_review(self, operator, value):
        if operator != "in":
            return NotImplemented
        versions = self.env["cap.referential.version"].sudo()
        versions = versions.search([("state", "in", ("published", "retired"))])
        latest = versions.referential_id._get_latest_editions()
        outdated = versions.filtered(
            lambda v: v.state == "retired" or v != latest.get(v.referential_id)
        )
        candidates = self.search(
            Domain("source_id.version_id", "in", outdated.ids)
            | Domain("target_id.version_id", "in", outdated.ids)
        )
        kept = candidates.filtered("review")
        found = kept.filtered(lambda mapping: mapping.review in value)
        if False in value:
            return Domain("id", "not in", (kept - found).ids)
        return Domain("id", "in", found.ids)

    def action_follow_editions(self):
        """Make these links again between what continues their objectives.

        They are proposals, partial where an objective was split, until somebody
        confirms them. The links of the older editions stay.
        """
        heirs = (self.source_id | self.target_id).sudo()._get_heirs()
        heirs = {objective.id: found for objective, found in heirs.items()}
        made = self._get_carried(heirs)
        vals_list = []
        for mapping in self.filtered("review"):
            if mapping.review == "dropped":
                continue
            wanted = mapping._get_heir_links(heirs)
            for source, target, clause in sorted(wanted - made):
                vals_list.append(
                    {
                        "source_id": source,
                        "target_id": target,
                        "clause_id": clause,
                        "strength": mapping.strength if len(wanted) == 1 else "partial",
                        "rationale": mapping.rationale,
                    }
                )
            made |= wanted
        links = self.create(vals_list)
        return links._get_records_action() if links else True
