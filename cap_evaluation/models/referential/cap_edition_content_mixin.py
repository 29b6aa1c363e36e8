from markupsafe import Markup

from odoo import api, models
from odoo.exceptions import AccessError, UserError


class CapEditionContent(models.AbstractModel):
    """Content of a référentiel edition: frozen by field name once it is published.

    A model that inherits this names its frozen fields in ``_edition_frozen_fields``
    and says in ``_get_editions`` which editions its records belong to. The fields
    that are not named stay free for ever (guidance, offers, confirmation...).
    """

    _name = "cap.edition.content"
    _description = "Content of a CAP Edition"
    _inherit = ["cap.shared.mixin"]

    _edition_frozen_fields: frozenset[str] = frozenset()
    _edition_parent_field = "version_id"
    _edition_wording_field = "name"

    def _get_editions(self):
        """Return the editions that these records belong to."""
        return self.version_id

    def _filter_shared(self):
        """Return those of an edition that no single company owns."""
        return self.filtered(lambda part: not part._get_editions().company_id)

    @api.model
    def _get_editions_of(self, vals_list):
        """Return the editions that records made of ``vals_list`` would belong to."""
        field = self._fields[self._edition_parent_field]
        ids = {vals.get(field.name) for vals in vals_list} - {None, False}
        parents = self.env[field.comodel_name].browse(ids)
        if parents._name == "cap.referential.version":
            return parents
        return parents._get_editions()

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse what would add to a published edition, whatever the path."""
        self._get_editions_of(vals_list)._check_draft()
        return super().create(vals_list)

    def write(self, vals):
        """Refuse to change what a published edition froze, or to move into one."""
        if self._edition_frozen_fields & vals.keys():
            self._get_editions()._check_draft()
            self._get_editions_of([vals])._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        """Refuse to take content away from a published edition."""
        self._get_editions()._check_draft()

    # ------------------------------------------------------------- corrections

    def _correct_wording(self, wording, reason):
        """Correct a typo in a published wording; what and why go in the history.

        Not callable from outside: the wizard of the CAP managers is its only door,
        and the wording the only field it opens.

        :raise AccessError: to those who are not CAP managers
        :raise UserError: on a draft, or when a text is blank
        """
        self.ensure_one()
        self._check_may_correct()
        wording = " ".join((wording or "").split())
        reason = (reason or "").strip()
        if not wording or not reason:
            raise UserError(
                self.env._("Write the corrected wording, and why it is corrected.")
            )
        field = self._edition_wording_field
        before = self[field]
        if wording == before:
            return
        # Past the freeze of ``write``, on purpose, and nowhere else.
        super().write({field: wording})  # pylint: disable=super-method-mismatch
        self._log_correction(before, wording, reason)

    def _check_may_correct(self):
        self.check_access("write")
        if not self.env.user.has_group("cap_evaluation.group_cap_manager"):
            raise AccessError(
                self.env._("Only CAP managers correct a published wording.")
            )
        if self._get_editions().state == "draft":
            raise UserError(
                self.env._("This edition is a draft: change the wording itself.")
            )

    def _log_correction(self, before, after, reason):
        objective = self if self._name == "cap.objective" else self.objective_id
        self._get_editions()._message_log(
            body=Markup("<p>%s</p><ul><li>%s</li><li>%s</li><li>%s</li></ul>")
            % (
                self.env._("Wording corrected under %(code)s", code=objective.code),
                self.env._("Before: %(wording)s", wording=before),
                self.env._("After: %(wording)s", wording=after),
                self.env._("Why: %(reason)s", reason=reason),
            )
        )
