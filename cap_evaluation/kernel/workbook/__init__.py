"""The workbook of a référentiel, without Odoo: columns, reading, checking, writing."""
