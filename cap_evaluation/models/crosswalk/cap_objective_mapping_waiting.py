from odoo import api, fields, models

from .cap_objective_mapping import STRENGTHS


class CapObjectiveMappingWaiting(models.Model):
    """A link whose other end is not here yet: made when that référentiel comes.

    So référentiels can be loaded in any order, and a link outlives a draft that drops
    the objective it went to.
    """

    _name = "cap.objective.mapping.waiting"
    _description = "CAP Crosswalk Link Waiting for its Target"
    _inherit = ["cap.shared.mixin"]
    _order = "source_id, referential_code, edition, code, id"

    source_id = fields.Many2one(
        "cap.objective", "Objective", required=True, index=True, ondelete="cascade"
    )
    referential_code = fields.Char("Référentiel", required=True)
    edition = fields.Char(help="Empty: the latest one.")
    code = fields.Char("Objective's code", required=True)
    strength = fields.Selection(STRENGTHS, required=True, default="partial")
    rationale = fields.Text()
    confirmed = fields.Boolean()

    _target_unique = models.UniqueIndex(
        "(source_id, referential_code, COALESCE(edition, ''), code)",
        "This objective already waits for this link.",
    )

    def _get_end(self):
        """Return where this link will go: (référentiel, edition, code).

        The edition is empty for the latest one.
        """
        return (self.referential_code, self.edition or "", self.code)

    def _filter_shared(self):
        """Return those that start from an edition that no single company owns."""
        return self.filtered(lambda link: not link.source_id.version_id.company_id)

    @api.model
    def _link(self, version):
        """Make the links that waited for the edition ``version``; return them."""
        waiting = self.search(
            [
                ("referential_code", "=", version.referential_id.code),
                ("edition", "in", [version.name, False]),
            ]
        )
        targets = {objective.code: objective for objective in version.objective_ids}
        ready = waiting.filtered(lambda w: w.code in targets)
        mapping = self.env["cap.objective.mapping"]
        linked = {
            (link.source_id.id, link.target_id.id)
            for link in mapping.search([("source_id", "in", ready.source_id.ids)])
        }
        vals_by_ends = {
            (w.source_id.id, targets[w.code].id): {
                "source_id": w.source_id.id,
                "target_id": targets[w.code].id,
                "strength": w.strength,
                "rationale": w.rationale,
                "confirmed": w.confirmed,
            }
            for w in ready
        }
        links = mapping.create(
            [vals for ends, vals in vals_by_ends.items() if ends not in linked]
        )
        ready.unlink()
        return links
