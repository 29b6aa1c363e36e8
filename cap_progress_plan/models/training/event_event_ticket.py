from odoo import models


class EventEventTicket(models.Model):
    _inherit = "event.event.ticket"

    def _cap_get_free_seats(self):
        """Return the seats left here: None not counted, 0 when not on sale."""
        self.ensure_one()
        if self.is_expired or not self.is_launched:
            return 0
        return max(0, self.seats_available) if self.seats_max else None

    def _cap_takes(self, count):
        """Tell whether this ticket can be given to ``count`` people now."""
        free = self._cap_get_free_seats()
        return free is None or free >= count
