from odoo import models


class EventEventTicket(models.Model):
    """A ticket of a session: a booking from a plan takes the first that fits."""

    _inherit = "event.event.ticket"

    def _cap_get_price(self):
        """Return what a seat costs, taxes included; 0 without the sale of tickets."""
        self.ensure_one()
        # Odoo's module of events with products is not one of ours: maybe not there.
        return self["price_incl"] or self["price"] if "price" in self._fields else 0.0

    def _cap_get_free_seats(self):
        """Return the seats left here: None not counted, 0 when not to be booked.

        A ticket that costs something is bought where it is sold, with its order.
        """
        self.ensure_one()
        if self.is_expired or not self.is_launched or self._cap_get_price():
            return 0
        return max(0, self.seats_available) if self.seats_max else None

    def _cap_takes(self, count):
        """Tell whether this ticket can be given to ``count`` people now."""
        free = self._cap_get_free_seats()
        return free is None or free >= count
