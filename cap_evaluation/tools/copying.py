"""Reading records so as to create copies of them, in one read."""

from odoo.fields import Command
from odoo.models import MAGIC_COLUMNS


def read_to_copy(records, links):
    """Yield ``(id, values)`` to create a copy of each of ``records``, in one read.

    Every stored field that Odoo would copy is there, whichever module added it;
    the ``links`` (many2one) come as plain ids, for the caller to point elsewhere.
    """
    skipped = {*MAGIC_COLUMNS, "parent_path"}
    names = {
        name
        for name, field in records._fields.items()
        if field.store and field.copy and field.type != "one2many"
    }
    names = [*names - skipped - set(links), *links]
    for row in records.read(names, load=""):
        yield (
            row.pop("id"),
            {
                name: (
                    [Command.set(value)]
                    if records._fields[name].type == "many2many"
                    else value
                )
                for name, value in row.items()
            },
        )
