from odoo import api, fields, models


class CapGlossaryTerm(models.Model):
    """A word explained where it is read."""

    _name = "cap.glossary.term"
    _description = "CAP Glossary Term"
    _order = "name, id"

    name = fields.Char("Term", required=True)
    definition = fields.Text(required=True)
    source = fields.Char(help="Title and year. Empty: a proposal.")
    lang = fields.Selection(
        "_get_languages",
        "Language",
        required=True,
        default=lambda self: self.env.lang or "en_US",
    )

    _name_unique = models.Constraint(
        "UNIQUE (name, lang)", "This term is already explained in this language."
    )

    @api.model
    def _get_languages(self):
        """Return the languages that an edition may have."""
        return self.env["cap.referential.version"]._get_languages()
