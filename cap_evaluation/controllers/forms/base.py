"""What browsers post, read field by field: the one protocol of all our forms.

A reader returns what the model takes, or raises :class:`FieldError`; the controller
turns that into ``errors`` (see ``CapPortal._render_page``), shown by the template
``field`` under the field, with what was typed still in it.
"""

from odoo.exceptions import UserError

from ...kernel.text import typed


class FieldError(UserError):
    """A value that cannot be kept, with the name of the field that holds it."""

    def __init__(self, field, message):
        super().__init__(message)
        self.field = field


class Form:
    """What a browser posted, whatever was in it: texts, several of a name, files."""

    def __init__(self, env, post):
        self.env = env
        self.post = post

    def get_text(self, field):
        """Return what was typed in a field, as it can be kept; "" for anything else."""
        return typed(self.post.get(field))

    def get_choice(self, field, choices):
        """Return what was chosen of ``choices``, or None."""
        choice = self.post.get(field)
        return choice if choice in choices else None
