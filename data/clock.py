"""Doing things in the past: the demo's validations and plans need their own dates."""

import contextlib
import datetime as dt
from unittest.mock import patch

from odoo import fields


@contextlib.contextmanager
def at(moment: dt.datetime):
    """Let what asks Odoo for the time get ``moment`` (naive, universal time).

    Methods then date their work by their ordinary path, with their ordinary rules.
    ``create_date`` and ``write_date`` come from PostgreSQL: see ``set_dates``.
    """
    today = fields.Date.context_today

    def past_today(record, timestamp=None):
        return today(record, timestamp or moment)

    with (
        patch.object(fields.Datetime, "now", lambda *_args: moment),
        patch.object(fields.Date, "today", lambda *_args: moment.date()),
        patch.object(fields.Date, "context_today", staticmethod(past_today)),
    ):
        yield


def working_day(day: dt.date) -> dt.date:
    """Return the day itself, or the Friday before a weekend.

    >>> working_day(dt.date(2026, 11, 21)), working_day(dt.date(2026, 11, 19))
    (datetime.date(2026, 11, 20), datetime.date(2026, 11, 19))
    """
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def moment(day: dt.date, hour: int = 10) -> dt.datetime:
    """Return that hour (universal time) of the working day up to ``day``."""
    return dt.datetime.combine(working_day(day), dt.time(hour, 12))


def set_dates(records, created, written=None):
    """Say when records were made: only SQL can, these columns are the database's.

    :param created: ``{record id: moment}``
    :param written: the same, for the last change; ``created`` when left out
    """
    if not created:
        return
    records.env.flush_all()
    rows = [
        (record_id, day, (written or created).get(record_id, day))
        for record_id, day in created.items()
    ]
    records.env.cr.execute_values(
        f"UPDATE {records._table} SET create_date = v.made, write_date = v.changed "
        "FROM (VALUES %s) AS v (id, made, changed) "
        f"WHERE {records._table}.id = v.id",
        rows,
        template="(%s, %s::timestamp, %s::timestamp)",
    )
    records.invalidate_model()
