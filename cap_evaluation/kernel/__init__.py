"""The CAP without Odoo: plain values in, plain values out, typed and doctested."""
