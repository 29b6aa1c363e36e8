from odoo import api, fields, models, tools

from ...kernel.glossary import Glossary, Term


class CapGlossaryTerm(models.Model):
    """A word explained where it is read."""

    _name = "cap.glossary.term"
    _description = "CAP Glossary Term"
    _inherit = ["cap.shared.mixin"]
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

    @api.model_create_multi
    def create(self, vals_list):
        """Have pages read the glossary anew."""
        terms = super().create(vals_list)
        self.env.registry.clear_cache()
        return terms

    def write(self, vals):
        """Have pages read the glossary anew."""
        result = super().write(vals)
        self.env.registry.clear_cache()
        return result

    def unlink(self):
        """Have pages read the glossary anew."""
        result = super().unlink()
        self.env.registry.clear_cache()
        return result

    @api.model
    @tools.ormcache("lang")
    def _get_glossary(self, lang):
        """Return the terms of a language, ready to be looked for in texts.

        One query, then none until a term changes. Everybody may read them.
        """
        terms = self.sudo().search_fetch([("lang", "=", lang)], ["name", "definition"])
        return Glossary(Term(term.id, term.name, term.definition) for term in terms)
