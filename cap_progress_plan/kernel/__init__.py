"""The progress plan without Odoo: plain values in, plain values out."""
