from werkzeug.exceptions import abort
from werkzeug.routing import BaseConverter, ValidationError

from odoo import models
from odoo.http import Response, request

from ...kernel.numbers import read_id

OUR_PAGES = ("/my/cap", "/cap/")


class IdConverter(BaseConverter):
    """An id in an address, ``<cap_id:name>``: what is no id of any record is not found,
    where Odoo's own ``int`` asks the database for 5,000 digits."""

    regex = "[0-9]{1,10}"
    part_isolating = True

    def to_python(self, value):
        """Return the id.

        :raise ValidationError: which makes the page not found
        """
        number = read_id(value)
        if number is None:
            raise ValidationError
        return number


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_converters(cls):
        return {**super()._get_converters(), "cap_id": IdConverter}

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """The live pages word what they say with the module's own translations."""
        return [*super()._get_translation_frontend_modules_name(), "cap_evaluation"]

    @classmethod
    def _pre_dispatch(cls, rule, args):
        """Answer OPTIONS on our pages without running them.

        Odoo lets it through to routes that only post, without a token: one would write.
        """
        answer = super()._pre_dispatch(rule, args)
        if request.httprequest.method == "OPTIONS" and rule.rule.startswith(OUR_PAGES):
            allowed = {*(rule.methods or ("GET", "HEAD", "POST")), "OPTIONS"}
            abort(Response(status=204, headers={"Allow": ", ".join(sorted(allowed))}))
        return answer
