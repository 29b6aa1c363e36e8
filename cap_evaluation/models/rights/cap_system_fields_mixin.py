from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import format_list


class CapSystemFieldsMixin(models.AbstractModel):
    """Fields that the product decides: refused by name to everybody but the system.

    A state, a date of validation, what is copied from the structure, a link that a
    generation makes: such a field has a meaning only if nobody can write it, whatever
    their rights and whatever the path (form, import, RPC, a default of the context or
    of the user). A model that inherits this names its fields::

        class CapThing(models.Model):
            _name = "cap.thing"
            _inherit = ["cap.system.fields.mixin"]

            @api.model
            def _get_system_fields(self):
                return super()._get_system_fields() | {"state", "done_on"}

            @api.model
            def _get_birth_fields(self):
                return super()._get_birth_fields() | {"company_id"}

    and extends the same two methods where it adds a field in another module. "The
    system" is ``env.su``: there is no key of the context to forge, and no value to
    guess. A public method that moves such a field checks its gate under the user's own
    rights, then elevates::

        def action_finish(self):
            self.check_access("write")
            self.sudo().write({"state": "done"})

    On one of Odoo's models the same mixin guards the fields that we add to it; who may
    write them there is then said in ``_may_write_system_fields``.
    """

    _name = "cap.system.fields.mixin"
    _description = "Fields Written by the System Only"

    @api.model
    def _get_system_fields(self):
        """Return the names of the fields that only the system ever writes."""
        return frozenset()

    @api.model
    def _get_birth_fields(self):
        """Return the names of the fields chosen when a record is made, then fixed."""
        return frozenset()

    def _may_write_system_fields(self, names):
        """Tell whether the user may write ``names`` of these records: the system."""
        return self.env.su

    @api.model
    def _may_default_system_fields(self):
        """Tell whether a default of the context, or a saved one, may fill them in."""
        return False

    @api.model
    def default_get(self, fields):
        """Take the defaults of what the product decides from the product alone.

        Never from the context nor from somebody's saved defaults: they would write
        what a value refuses, even in the records that an elevated method makes.
        """
        values = super().default_get(fields)
        if self._may_default_system_fields():
            return values
        for name in self._get_system_fields().intersection(fields):
            default = self._fields[name].default
            values.pop(name, None)
            if default:
                values[name] = default(self)
        return values

    @api.model_create_multi
    def create(self, vals_list):
        """Refuse by name what only the system writes.

        :raise AccessError: naming the fields
        """
        given = {name for vals in vals_list for name in vals}
        self._check_system_fields(self._get_system_fields() & given)
        return super().create(vals_list)

    def write(self, vals):
        """Refuse by name what only the system writes, and what is fixed at birth.

        :raise AccessError: naming the fields
        """
        self._check_written_fields(vals)
        return super().write(vals)

    def _check_written_fields(self, vals):
        """Raise AccessError where ``vals`` write what the system alone does.

        :meth:`write` does it; a ``write`` that has refusals of its own calls it first.
        """
        fixed = self._get_system_fields() | self._get_birth_fields()
        self._check_system_fields(fixed & vals.keys())

    def _check_system_fields(self, names):
        if names and not self._may_write_system_fields(names):
            raise AccessError(self._get_system_fields_message(names))

    def _get_system_fields_message(self, names):
        """Return the refusal to write ``names``: what they are, and what to do."""
        labels = sorted(
            self._fields[name]._description_string(self.env) or name for name in names
        )
        return self.env._(
            "The CAP itself decides this: %(fields)s. It is not written by hand: use "
            "the buttons of the page.",
            fields=format_list(self.env, labels),
        )
