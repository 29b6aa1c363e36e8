from odoo import fields, models

COLLEGES = [
    ("permanent", "Permanent employees"),
    ("parcours", "Employees on an insertion path"),
    ("benevole", "Volunteers"),
    ("administrateur", "Board members"),
    ("partenaire", "Partners"),
]


class CapObjectiveQuestion(models.Model):
    """An objective asked in plain words of one college; free in every edition.

    A college without a question is not asked that objective.
    """

    _name = "cap.objective.question"
    _description = "CAP Plain Question"
    _inherit = ["cap.shared.mixin"]
    _order = "objective_id, college, id"
    _rec_name = "question"

    objective_id = fields.Many2one(
        "cap.objective", required=True, index=True, ondelete="cascade"
    )
    college = fields.Selection(COLLEGES, required=True)
    question = fields.Char(required=True)
    example = fields.Text()
    source = fields.Char(help="Title and year. Empty: a proposal.")

    _college_unique = models.Constraint(
        "UNIQUE (objective_id, college)",
        "An objective has one question for each college.",
    )

    def _filter_shared(self):
        return self.filtered(lambda q: not q.objective_id.version_id.company_id)
