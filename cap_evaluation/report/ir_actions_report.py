from odoo import models

PHOTOGRAPHIE = "cap_evaluation.report_photographie"


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Render several photographies one by one: the wkhtmltopdf that systems
        ship refuses more than one document at a time."""
        prepare = super()._render_qweb_pdf_prepare_streams
        is_ours = self._get_report(report_ref).report_name == PHOTOGRAPHIE
        if not is_ours or len(res_ids or []) < 2:
            return prepare(report_ref, data, res_ids)
        streams = {}
        for res_id in dict.fromkeys(res_ids):
            streams.update(prepare(report_ref, dict(data or {}), [res_id]))
        return streams
