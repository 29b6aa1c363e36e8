"""What a screen or a script sends to a public method: read, or refused in words."""

from odoo.exceptions import UserError

from ..kernel.numbers import read_id
from ..kernel.text import one_line


def refuse(env):
    """Raise UserError: what was sent is nothing that this method can take."""
    raise UserError(
        env._("What was sent cannot be read. Reload the page, then do it again.")
    )


def read_record(records, value):
    """Return the record of this model that ``value`` names, none for an empty one.

    :raise UserError: where it names none that is there
    """
    if value is None or value is False:
        return records.browse()
    record_id = read_id(value)
    record = records.browse(record_id or []).exists()
    return record or refuse(records.env)


def read_ids(env, value):
    """Return the ids in a list that was sent.

    :raise UserError: where it is no list of ids
    """
    if not isinstance(value, list | tuple):
        refuse(env)
    ids = [read_id(item) for item in value]
    return refuse(env) if None in ids else ids


def read_mapping(env, value, names, texts=()):
    """Return what ``value`` says of ``names``, and no other key.

    :param names: keys kept as they are, to be read further; missing ones are None
    :param texts: keys of texts on one line; missing or other ones are ""
    :raise UserError: where it is no mapping
    """
    if not isinstance(value, dict):
        refuse(env)
    return {
        **{name: value.get(name) for name in names},
        **{name: one_line(value.get(name)) for name in texts},
    }
