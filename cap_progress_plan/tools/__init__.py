"""Helpers of the plan that need Odoo and belong to no model."""
