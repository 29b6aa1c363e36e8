import base64
import re

from odoo import api, fields, models

from ..kernel.workbook import write
from ..kernel.workbook.schema import Content
from ..models.exchange.exporter import Exporter


class CapReferentialExport(models.TransientModel):
    """Ask for an edition and a format; give the workbook that the import reads."""

    _name = "cap.referential.export"
    _description = "Export a CAP Référentiel"

    version_id = fields.Many2one("cap.referential.version", "Edition")
    file_format = fields.Selection(
        [("xlsx", "Workbook (.xlsx)"), ("zip", "Tables (.zip of .csv)")],
        "Format",
        default="xlsx",
        required=True,
    )
    file = fields.Binary(readonly=True, attachment=False)
    filename = fields.Char(readonly=True)

    def action_export(self):
        """Write the file and download it."""
        self.ensure_one()
        content = Exporter(self.version_id).get_content()
        is_workbook = self.file_format == "xlsx"
        write_file = write.write_xlsx if is_workbook else write.write_zip
        self.file = base64.b64encode(write_file(content))
        name = re.sub(r"[^\w.-]+", "_", self.version_id.display_name)
        self.filename = f"{name}.{self.file_format}"
        return self._download()

    @api.model
    def action_download_template(self):
        """Download an empty workbook, with its help and its drop-down lists."""
        wizard = self.create({"filename": "referentiel_modele.xlsx"})
        wizard.file = base64.b64encode(write.write_xlsx(Content()))
        return wizard._download()

    def _download(self):
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file/{self.filename}"
            "?download=true",
            "target": "download",
        }
