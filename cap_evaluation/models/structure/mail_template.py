from odoo import models


class MailTemplate(models.Model):
    """Portal invitations in numbers leave by the mail queue."""

    _inherit = "mail.template"

    def send_mail(
        self,
        res_id,
        force_send=False,
        raise_exception=False,
        email_values=None,
        email_layout_xmlid=False,
    ):
        """Leave the mail in the queue when ``cap_mail_queue`` is in the context.

        Odoo's portal wizard sends each invitation at once, which hundreds of them
        in one go cannot afford.
        """
        if self.env.context.get("cap_mail_queue"):
            force_send = False
        return super().send_mail(
            res_id, force_send, raise_exception, email_values, email_layout_xmlid
        )
