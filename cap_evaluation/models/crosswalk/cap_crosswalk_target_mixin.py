from odoo import api, fields, models
from odoo.fields import Domain

COVERAGES = [
    ("full", "Full"),
    ("partial", "Partial"),
    ("none", "Not covered"),
]


class CapCrosswalkTarget(models.AbstractModel):
    """What links of the crosswalk answer: how far it is covered, and by how many.

    One full link is enough for "full"; else one partial link for "partial". By default
    the links of the current edition of each référentiel count, so that a new edition
    counts instead of the last one, not beside it; the context key
    ``cap_source_version`` (ids, or the text typed in a search) keeps those of one.

    Where no link at all goes to the same edition, or to the same standard, nobody has
    looked: there is no coverage to tell, which is not "not covered".
    """

    _name = "cap.crosswalk.target"
    _description = "Target of the CAP Crosswalk"

    # Of the links: the field that names this model, and its inverse here
    _crosswalk_field = ""
    _crosswalk_links = ""
    # What these are parts of: links to one part say that the whole was looked at
    _crosswalk_whole = ""

    crosswalk_coverage = fields.Selection(
        COVERAGES,
        "Coverage",
        compute="_compute_crosswalk",
        search="_search_crosswalk_coverage",
        help="By the links of the current editions, or of the edition chosen in the "
        "search; empty where there are no links to tell from. A reading aid, never a "
        "proof of conformity.",
    )
    crosswalk_full_count = fields.Integer("Full links", compute="_compute_crosswalk")
    crosswalk_partial_count = fields.Integer(
        "Partial links", compute="_compute_crosswalk"
    )
    crosswalk_proposal_count = fields.Integer(
        "Links to confirm", compute="_compute_crosswalk"
    )
    # Only for the search view, which puts the chosen edition in the context
    crosswalk_version_id = fields.Many2one(
        "cap.referential.version",
        "Answered from the edition",
        store=False,
        search=lambda self, operator, value: [],
    )

    @api.depends(
        lambda self: (
            [f"{self._crosswalk_links}.{name}" for name in ("strength", "confirmed")]
            if self._crosswalk_links
            else []
        )
    )
    @api.depends_context("cap_source_version", "uid")
    def _compute_crosswalk(self):
        counts = self._count_crosswalk_links()
        wholes = self._get_crosswalk_wholes()
        heads = self._get_crosswalk_heads()
        for target in self:
            of_target = counts.get(target._origin.id, {})
            full = sum(of_target.get(("full", done), 0) for done in (True, False))
            partial = sum(of_target.get(("partial", done), 0) for done in (True, False))
            target.crosswalk_full_count = full
            target.crosswalk_partial_count = partial
            target.crosswalk_proposal_count = sum(
                of_target.get((strength, False), 0) for strength in ("full", "partial")
            )
            coverage = "full" if full else "partial" if partial else "none"
            looked_at = bool(wholes) and target[self._crosswalk_whole] in wholes
            looked_at = looked_at and (coverage != "none" or target not in heads)
            target.crosswalk_coverage = coverage if looked_at else False

    @api.model
    def _get_crosswalk_heads(self):
        """Return those that only name a chapter: what it holds is covered, or not."""
        return self.browse()

    def _get_crosswalk_wholes(self):
        """Return the editions, or the standards, that some link that counts goes to."""
        if not self._crosswalk_field:
            return []
        domain = self._get_crosswalk_domain() & Domain(
            self._crosswalk_field, "!=", False
        )
        groupby = f"{self._crosswalk_field}.{self._crosswalk_whole}"
        groups = self.env["cap.objective.mapping"]._read_group(domain, [groupby])
        return [whole for (whole,) in groups]

    def _count_crosswalk_links(self):
        """Return ``{target id: {(strength, confirmed): links}}``, in one query."""
        counts = {}
        if not self._crosswalk_field:
            return counts
        groups = self.env["cap.objective.mapping"]._read_group(
            self._get_crosswalk_domain()
            & Domain(self._crosswalk_field, "in", self.ids),
            [self._crosswalk_field, "strength", "confirmed"],
            ["__count"],
        )
        for target, strength, confirmed, count in groups:
            counts.setdefault(target.id, {})[strength, confirmed] = count
        return counts

    @api.model
    def _get_crosswalk_domain(self):
        """Return which links count: of the chosen edition, else of the current ones."""
        chosen = self.env.context.get("cap_source_version")
        if not chosen:
            return Domain("source_id.version_id.is_current", "=", True)
        items = chosen if isinstance(chosen, list | tuple) else [chosen]
        ids = {item for item in items if isinstance(item, int)}
        for text in items:
            if isinstance(text, str):
                names = self.env["cap.referential.version"].name_search(text)
                ids.update(version_id for version_id, _name in names)
        return Domain("source_id.version_id", "in", list(ids))

    @api.model
    def _search_crosswalk_coverage(self, operator, value):
        if operator != "in":
            return NotImplemented
        counted = self._get_crosswalk_domain()
        answered = Domain(self._crosswalk_links, "any", counted)
        full = Domain(
            self._crosswalk_links, "any", counted & Domain("strength", "=", "full")
        )
        wholes = self._get_crosswalk_wholes()
        heads = Domain("id", "in", self._get_crosswalk_heads().ids)
        looked_at = Domain(
            self._crosswalk_whole,
            "in",
            [getattr(whole, "id", whole) for whole in wholes],
        )
        by_coverage = {
            "full": full,
            "partial": answered & ~full,
            "none": looked_at & ~answered & ~heads,
            False: ~looked_at | (heads & ~answered),
        }
        return Domain.OR(by_coverage[name] for name in value if name in by_coverage)

    def action_view_crosswalk_links(self):
        """Open the links that answer these."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cap_evaluation.cap_objective_mapping_action"
        )
        action["domain"] = [(self._crosswalk_field, "in", self.ids)]
        action["context"] = {
            "show_edition": True,
            f"default_{self._crosswalk_field}": self.id if len(self) == 1 else False,
        }
        action["view_mode"] = "list,form"
        action["views"] = [(False, "list"), (False, "form")]
        return action
