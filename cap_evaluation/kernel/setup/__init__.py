"""How a living database is read: areas, types, who pilots."""
