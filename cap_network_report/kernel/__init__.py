"""What may be said of the network, without Odoo."""
