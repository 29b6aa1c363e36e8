from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from odoo.addons.cap_evaluation.kernel.workbook.xlsx import TooManyRows

from ..report.network_workbook import NetworkWorkbook


class CapNetworkWorkbook(models.TransientModel):
    """Choose what goes in the network's workbook, then download it.

    One edition, one year, one company, the regions the person may see. Each structure
    counts once, with the last evaluation it validated that year. What is in the sheets
    is in ``report/network_workbook.py``.
    """

    _name = "cap.network.workbook"
    _description = "CAP Network Workbook"

    version_id = fields.Many2one(
        "cap.referential.version",
        "Edition",
        required=True,
        domain=[("state", "!=", "draft")],
        default=lambda self: self._default_version(),
    )
    year = fields.Selection(
        "_get_years", required=True, default=lambda self: self._default_year()
    )
    region_ids = fields.Many2many(
        "cap.region",
        "cap_network_workbook_region_rel",
        "workbook_id",
        "region_id",
        string="Regions",
        domain=lambda self: self._get_region_domain(),
        help="Empty: all the regions you follow.",
    )
    structure_count = fields.Integer("Structures", compute="_compute_structure_count")

    @api.model
    def _get_lines(self):
        return self.env["cap.network.line"]

    @api.model
    def _default_version(self):
        """Return the edition last evaluated, among what the person sees."""
        last = self._get_lines().search([], order="validated_on desc", limit=1)
        return last.version_id

    @api.model
    def _get_years(self):
        rows = self._get_lines()._read_group([], ["year"])
        years = {year for (year,) in rows} | {fields.Date.context_today(self).year}
        return [(str(year), str(year)) for year in sorted(years, reverse=True)]

    @api.model
    def _default_year(self):
        last = self._get_lines().search([], order="validated_on desc", limit=1)
        return str(last.year or fields.Date.context_today(self).year)

    @api.model
    def _get_region_domain(self):
        """Return the regions the person follows; all of them for a manager."""
        if self.env.user.has_group("cap_evaluation.group_cap_manager"):
            return []
        return [("animator_ids", "in", self.env.uid)]

    @api.depends("version_id", "year", "region_ids")
    def _compute_structure_count(self):
        for workbook in self:
            groups = workbook._get_lines()._read_group(
                workbook._get_scope(), [], ["structure_count:count_distinct"]
            )
            workbook.structure_count = groups[0][0]

    def _get_scope(self):
        """Return the domain of the lines in this workbook."""
        self.ensure_one()
        scope = (
            Domain("version_id", "=", self.version_id.id)
            & Domain("year", "=", int(self.year or 0))
            & Domain("is_last_of_year", "=", True)
            & Domain("company_id", "=", self.env.company.id)
        )
        if self.region_ids:
            scope &= Domain("region_id", "in", self.region_ids.ids)
        return scope

    def action_download(self):
        """Download the workbook; say what to change when nothing is in its scope."""
        self.ensure_one()
        self._check_not_empty()
        return {
            "type": "ir.actions.act_url",
            "url": f"/cap/network/workbook/{self.id}",
            "target": "self",
        }

    def _check_not_empty(self):
        if not self.structure_count:
            raise UserError(
                self.env._(
                    "No evaluation made with %(edition)s was validated in %(year)s in "
                    "these regions. Choose another year, or more regions.",
                    edition=self.version_id.display_name,
                    year=self.year,
                )
            )

    # ---------------------------------------------------------------- workbook

    def _get_filename(self):
        edition = self.version_id.display_name.replace("/", "-")
        return self.env._(
            "%(scope)s, %(edition)s, year %(year)s.xlsx",
            scope=self._get_scope_name().replace("/", "-"),
            edition=edition,
            year=self.year,
        )

    def _get_scope_name(self):
        """Return what the workbook covers: the network, or the regions by name."""
        regions = self.region_ids or self.env["cap.region"].search(
            self._get_region_domain()
        )
        everything = self.env["cap.region"].search_count([])
        if len(regions) == everything:
            return self.env._("Network")
        return ", ".join(regions.mapped("name")[:4])

    def _write(self, target):
        """Write the workbook to ``target``, a path or a binary file.

        :return: number of rows of each sheet
        :raise UserError: when the scope is empty or does not fit in a sheet
        """
        self._check_not_empty()
        try:
            return self._get_builder().write(target)
        except TooManyRows as error:
            raise UserError(
                self.env._(
                    "The sheet “%(sheet)s” would be longer than a spreadsheet can "
                    "hold. Choose fewer regions.",
                    sheet=str(error),
                )
            ) from error

    def _get_builder(self):
        """Return what makes the workbook of these choices."""
        self.ensure_one()
        regions = self.region_ids or self.env["cap.region"].search(
            self._get_region_domain()
        )
        return NetworkWorkbook(
            self.env, self._get_scope(), self.version_id, int(self.year), regions
        )
