from odoo import api, fields, models


class CapEditionCorrection(models.TransientModel):
    """Correct a typo in a published wording, saying why.

    The one way through the freeze, and for the wording alone: what an objective asks
    never changes under the evaluations made with it.
    """

    _name = "cap.edition.correction"
    _description = "Correction of a Published CAP Wording"

    objective_id = fields.Many2one("cap.objective", required=True, readonly=True)
    indicator_id = fields.Many2one(
        "cap.objective.indicator",
        domain="[('objective_id', '=', objective_id)]",
        help="Empty: the wording of the objective itself.",
    )
    descriptor_id = fields.Many2one(
        "cap.objective.descriptor",
        "Level in words",
        domain="[('objective_id', '=', objective_id)]",
    )
    wording_before = fields.Char("Published wording", compute="_compute_wording_before")
    wording = fields.Text(
        "Corrected wording",
        compute="_compute_wording",
        store=True,
        readonly=False,
        required=True,
    )
    reason = fields.Char(
        required=True, help="Kept in the history of the edition, for everyone."
    )

    @api.depends("objective_id", "indicator_id", "descriptor_id")
    def _compute_wording_before(self):
        for correction in self:
            correction.wording_before = correction._get_wording()

    @api.depends("objective_id", "indicator_id", "descriptor_id")
    def _compute_wording(self):
        for correction in self:
            correction.wording = correction._get_wording()

    def _get_corrected(self):
        """Return the objective, indicator or level in words that this corrects."""
        return self.indicator_id or self.descriptor_id or self.objective_id

    def _get_wording(self):
        """Return the wording as it is; what a stored field holds is computed elevated,
        so whoever corrects is held to what they may read.

        :raise AccessError: on an objective of another company
        """
        corrected = self._get_corrected().sudo(False)
        corrected._origin.check_access("read")
        return corrected[corrected._edition_wording_field]

    def action_correct(self):
        """Write the corrected wording and its reason."""
        self.ensure_one()
        self._get_corrected()._correct_wording(self.wording, self.reason)
        return {"type": "ir.actions.act_window_close"}
