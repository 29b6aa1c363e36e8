import io

from odoo import models

from ..tools.words import Words
from .page_feet import Feet, write_feet

PHOTOGRAPHIE = "cap_evaluation.report_photographie"


class IrActionsReport(models.Model):
    _inherit = "ir.actions.report"

    def _render_qweb_pdf_prepare_streams(self, report_ref, data, res_ids=None):
        """Render several photographies one by one: the wkhtmltopdf that systems
        ship refuses more than one document at a time. Then number their pages."""
        prepare = super()._render_qweb_pdf_prepare_streams
        if self._get_report(report_ref).report_name != PHOTOGRAPHIE or not res_ids:
            return prepare(report_ref, data, res_ids)
        streams = {}
        for res_id in dict.fromkeys(res_ids):
            for key, made in prepare(report_ref, dict(data or {}), [res_id]).items():
                streams[key] = {**made, "stream": self._write_cap_feet(key, made)}
        return streams

    def _write_cap_feet(self, evaluation_id, made):
        """Return the stream of a photographie with the foot of each of its pages."""
        if made["attachment"] or not made["stream"]:
            return made["stream"]
        evaluation = self.env["cap.evaluation"].browse(evaluation_id)
        feet = Feet(Words(evaluation).tell_document(), self.env.lang or "")
        return io.BytesIO(write_feet(made["stream"].getvalue(), feet))
