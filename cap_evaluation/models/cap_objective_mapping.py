from odoo import api, fields, models

STRENGTHS = [("full", "Full"), ("partial", "Partial")]


class CapObjectiveMapping(models.Model):
    """One link of the crosswalk: an objective answers another one, or a clause.

    Many to many, and free in every edition. A link is a reading aid, never a proof of
    conformity.
    """

    _name = "cap.objective.mapping"
    _description = "CAP Crosswalk Link"
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
