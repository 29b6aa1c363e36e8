import tempfile

from werkzeug.wsgi import wrap_file

from odoo import http
from odoo.http import content_disposition, request

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class CapNetworkWorkbookController(http.Controller):
    """Sends the network's workbook as it lies on disk, never whole in memory."""

    @http.route(
        "/cap/network/workbook/<cap_id:workbook_id>",
        type="http",
        auth="user",
        methods=["GET"],
        readonly=True,
    )
    def network_workbook(self, workbook_id):
        """Write the workbook the person chose (their own choices only), and send it."""
        workbook = request.env["cap.network.workbook"].browse(workbook_id).exists()
        if not workbook or not workbook.has_access("read"):
            raise request.not_found()
        file = tempfile.TemporaryFile()
        workbook._write(file)
        size = file.tell()
        file.seek(0)
        return http.Response(
            wrap_file(request.httprequest.environ, file),
            headers=[
                ("Content-Type", XLSX),
                ("Content-Length", str(size)),
                ("Content-Disposition", content_disposition(workbook._get_filename())),
                ("X-Content-Type-Options", "nosniff"),
            ],
            direct_passthrough=True,
        )
