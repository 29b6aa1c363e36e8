from odoo import fields, models

KIND_WORDS = [
    ("kept", "Kept"),
    ("new", "New"),
    ("merged", "Merged"),
    ("split", "Split"),
    ("dropped", "Dropped and kept aside"),
]


class CapEditionMoveLine(models.TransientModel):
    """One objective in the preview of a move."""

    _name = "cap.edition.move.line"
    _description = "Line of a Move to a Later CAP Edition"

    move_id = fields.Many2one("cap.edition.move", required=True, ondelete="cascade")
    kind = fields.Selection(KIND_WORDS, required=True)
    objective_id = fields.Many2one("cap.objective", required=True, ondelete="cascade")
    origin = fields.Text("Comes from")
    level = fields.Char("Level carried")
