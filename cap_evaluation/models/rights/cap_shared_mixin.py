from odoo import models
from odoo.exceptions import AccessError


class CapSharedMixin(models.AbstractModel):
    """Records that several companies share: changed by who answers for all of them.

    A référentiel without a company, a region, a structure type, an offer serve every
    company of the database. A CAP manager changes what their own companies hold; what
    is shared, only a manager who is allowed in the **main company** (Odoo's first one,
    the federation's). Where there is one company, that is everybody. Who is allowed in
    all companies is allowed in the main one.

    Reading stays what the rules say.
    """

    _name = "cap.shared.mixin"
    _description = "Records Shared by all Companies"

    def _filter_shared(self):
        """Return those of these records that every company shares: by default all."""
        return self

    def _may_change_shared(self):
        """Tell whether the user may change what all companies share."""
        # Both are in the registry's cache: this is asked at each write of an import.
        main_id = self.env["ir.model.data"]._xmlid_to_res_id("base.main_company")
        return self.env.su or not main_id or main_id in self.env.user._get_company_ids()

    def write(self, vals):
        """Write, then look again: nobody gives away, nor takes, what is shared."""
        result = super().write(vals)
        if not self.env.su:
            self.check_access("write")
        return result

    def _check_access(self, operation):
        """Keep to the managers of the main company what all companies share."""
        refused = super()._check_access(operation)
        if refused or operation == "read" or not self.ids or self._may_change_shared():
            return refused
        shared = self.sudo()._filter_shared().with_env(self.env)
        return (shared, shared._make_shared_error) if shared else None

    def _make_shared_error(self):
        main = self.env.ref("base.main_company").sudo()
        return AccessError(
            self.env._(
                "“%(record)s” serves all companies: the CAP managers of “%(company)s” "
                "change it. Ask one of them.",
                record=self[:1].sudo().display_name,
                company=main.name,
            )
        )
