from odoo import api, models


class CapEditionContent(models.AbstractModel):
    """Content of a référentiel edition: frozen by field name once it is published.

    A model that inherits this names its frozen fields in ``_edition_frozen_fields``
    and says in ``_get_editions`` which editions its records belong to. The fields
    that are not named stay free for ever (guidance, offers, confirmation...).
    """

    _name = "cap.edition.content"
    _description = "Content of a CAP Edition"

    _edition_frozen_fields: frozenset[str] = frozenset()
    _edition_parent_field = "version_id"

    def _get_editions(self):
        """Return the editions that these records belong to."""
        return self.version_id

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
        self._get_editions_of(vals_list)._check_draft()
        return super().create(vals_list)

    def write(self, vals):
        if self._edition_frozen_fields & vals.keys():
            self._get_editions()._check_draft()
            self._get_editions_of([vals])._check_draft()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_published(self):
        self._get_editions()._check_draft()
