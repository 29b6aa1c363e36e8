"""Helpers that need Odoo and belong to no model."""
