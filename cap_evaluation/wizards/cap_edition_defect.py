from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class CapEditionDefect(models.TransientModel):
    """One thing to mend before an edition can be published, with the way to it.

    What is mended leaves the list as soon as it is read again.
    """

    _name = "cap.edition.defect"
    _description = "Defect of a CAP Edition"
    _rec_name = "message"
    _order = "id"

    version_id = fields.Many2one(
        "cap.referential.version", required=True, ondelete="cascade"
    )
    message = fields.Text("To mend", required=True)
    res_model = fields.Char(required=True)
    res_id = fields.Many2oneReference(model_field="res_model", required=True)
    is_mended = fields.Boolean(
        "Mended", compute="_compute_is_mended", search="_search_is_mended"
    )

    @api.depends_context("lang")
    def _compute_is_mended(self):
        for version, rows in self.grouped("version_id").items():
            left = {
                (record._name, record.id, message)
                for message, record in version._get_publication_defects()
            }
            for row in rows:
                key = (row.res_model, row.res_id, row.message)
                row.is_mended = version.state != "draft" or key not in left

    @api.model
    def _search_is_mended(self, operator, value):
        if operator != "in":
            return NotImplemented
        mine = self.search([("create_uid", "=", self.env.uid)])
        return Domain("id", "in", mine.filtered("is_mended").ids)

    def action_open(self):
        """Open the record that this defect is about.

        :raise UserError: when somebody has deleted it since
        """
        self.ensure_one()
        record = self.env[self.res_model].browse(self.res_id).exists()
        if not record:
            raise UserError(
                self.env._(
                    "This has been deleted since: there is nothing left to mend here."
                )
            )
        return record._get_records_action()

    @api.model
    def _open_for(self, version, defects):
        """Write the defects of ``version`` down and return the action that lists them.

        :param defects: list of ``(sentence, record)``
        """
        mine = [("version_id", "=", version.id), ("create_uid", "=", self.env.uid)]
        self.search(mine).unlink()
        self.create(
            [
                {
                    "version_id": version.id,
                    "message": message,
                    "res_model": record._name,
                    "res_id": record.id,
                }
                for message, record in defects
            ]
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cap_evaluation.cap_edition_defect_action"
        )
        action["context"] = {"active_id": version.id, "active_model": version._name}
        action["domain"] = [*mine, ("is_mended", "=", False)]
        action["display_name"] = self.env._(
            "To mend before publishing %(edition)s", edition=version.display_name
        )
        return action
