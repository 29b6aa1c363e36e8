from odoo import fields, models


class CapEditionDefect(models.TransientModel):
    """One thing to mend before an edition can be published, with the way to it."""

    _name = "cap.edition.defect"
    _description = "Defect of a CAP Edition"

    version_id = fields.Many2one("cap.referential.version", required=True)
    message = fields.Char("To mend", required=True)
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)

    def action_open(self):
        """Open the record that this defect is about."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id)._get_records_action()

    def _get_list_action(self):
        """Return the action that lists these defects."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._(
                "To mend before publishing %(edition)s",
                edition=self.version_id.display_name,
            ),
            "res_model": self._name,
            "view_mode": "list",
            "domain": [("id", "in", self.ids)],
            "target": "current",
        }
