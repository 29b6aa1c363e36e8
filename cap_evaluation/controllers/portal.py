from odoo.addons.portal.controllers.portal import CustomerPortal


class CapPortal(CustomerPortal):
    pass
