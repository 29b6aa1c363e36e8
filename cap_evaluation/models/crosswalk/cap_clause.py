from odoo import api, fields, models

from ...kernel.text import shorten
from ...tools.names import search_names


class CapClause(models.Model):
    """A clause of an outside standard: its code and title, never its text."""

    _name = "cap.clause"
    _description = "Clause of a Standard"
    _inherit = ["cap.crosswalk.target", "cap.shared.mixin"]
    _crosswalk_field = "clause_id"
    _crosswalk_links = "mapping_ids"
    _crosswalk_whole = "standard"
    _order = "standard, sequence, code, id"

    standard = fields.Char(required=True, help="ISO9001:2015, ISO26000:2010...")
    code = fields.Char("Clause", required=True)
    title = fields.Char(required=True)
    sequence = fields.Integer(default=10, help="Rank in the standard's own order.")
    mapping_ids = fields.One2many("cap.objective.mapping", "clause_id", "Links")

    _code_unique = models.Constraint(
        "UNIQUE (standard, code)", "This standard already has this clause."
    )

    @api.depends("standard", "code", "title")
    @api.depends_context("cap_short_names")
    def _compute_display_name(self):
        short = self.env.context.get("cap_short_names")
        for clause in self:
            # A matrix says the standard above its clauses
            standard = "" if short else clause.standard
            name = " ".join(filter(None, (standard, clause.code, clause.title)))
            clause.display_name = shorten(name) if short else name

    @api.model
    def _search_display_name(self, operator, value):
        """Find a clause by its standard, its code, its title, or all of them."""
        texts = ["standard", "title"]
        return search_names(self, operator, value, texts, codes=["code"])

    @api.model
    def _get_crosswalk_heads(self):
        """Return the clauses that only head others: 6.2 where there is a 6.2.3."""
        clauses = self.search_fetch([], ["standard", "code"])
        above = {
            (clause.standard, clause.code.rpartition(".")[0]) for clause in clauses
        }
        return clauses.filtered(lambda c: (c.standard, c.code) in above)
