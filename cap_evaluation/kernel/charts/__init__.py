"""Drawings as SVG text, and the colours they are made with."""
