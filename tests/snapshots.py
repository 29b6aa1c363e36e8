"""What a database holds, written down so that two can be compared.

``read_records`` takes every row that people's work is made of; ``read_structure`` what
the modules' own files bring (fields, views, rules, menus...), told by XML ids, since
numbers differ from one database to another.
"""

import contextlib
import json
import re
from collections import defaultdict

import psycopg2

#: Made anew by an update, and compared with a fresh installation instead.
STRUCTURE = (
    *("ir_model", "ir_ui_", "ir_act", "ir_rule", "rule_group_rel", "ir_cron"),
    *("ir_asset", "ir_module_", "ir_filters", "res_groups_implied", "ir_config_param"),
    *("ir_profile", "ir_logging", "orm_", "bus_", "res_groups_report", "res_device"),
)
#: What differs from run to run and says nothing of what a record is.
CLOCKS = {"write_date", "write_uid", "last_presence", "last_poll"}
OWN = {"id", "create_date", "create_uid", "write_date", "write_uid", "parent_path"}
#: Facts of one database: when a job runs next, which class named a model last.
RUNNING = {
    *("nextcall", "lastcall", "failure_count", "first_failure_date"),
    *("arch_prev", "info"),
}
#: Who is in a group is people's own choice.
CHOSEN = {"user_ids"}
ACTION = re.compile(r'name="(\d+)" type="action"')
REFERENCE = re.compile(r"(ir\.[\w.]+),(\d+)")
TABLES = {
    "ir.actions.act_window": "ir_act_window",
    "ir.actions.act_window.view": "ir_act_window_view",
    "ir.actions.act_url": "ir_act_url",
    "ir.actions.client": "ir_act_client",
    "ir.actions.report": "ir_act_report_xml",
    "ir.actions.server": "ir_act_server",
}


@contextlib.contextmanager
def connected(database):
    """A cursor on that database, of the server that the environment names."""
    with contextlib.closing(psycopg2.connect(dbname=database)) as connection:
        yield connection.cursor()


def _query(cr, query, *values):
    cr.execute(query, values or None)
    return cr.fetchall()


def _get_tables(cr):
    found = _query(cr, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    return sorted(name for (name,) in found)


def _read_table(cr, table):
    """Return ``{key: row}``: its number, or the whole row where it has none."""
    where = "WHERE url IS NULL OR url NOT LIKE '/web/assets/%'"
    where = where if table == "ir_attachment" else ""
    rows = {}
    for (row,) in _query(cr, f'SELECT to_jsonb(t) FROM "{table}" t {where}'):
        row.pop("db_datas", None)  # its checksum tells the same
        key = str(row["id"]) if "id" in row else json.dumps(row, sort_keys=True)
        rows[key] = {name: row[name] for name in row if name not in CLOCKS}
    return rows


def read_records(database, addons):
    """Return ``{table: {key: row}}`` of everything that is nobody's structure.

    Rows that these modules' files bring, and update, are left out too.
    """
    with connected(database) as cr:
        updated = _query(
            cr,
            "SELECT model, res_id FROM ir_model_data "
            "WHERE module = ANY(%s) AND NOT COALESCE(noupdate, FALSE)",
            list(addons),
        )
        ours = {(model.replace(".", "_"), str(number)) for model, number in updated}
        return {
            table: {
                key: row
                for key, row in _read_table(cr, table).items()
                if (table, key) not in ours
            }
            for table in _get_tables(cr)
            if not table.startswith(STRUCTURE)
        }


def read_structure(database, addons):
    """Return ``{XML id: values}`` of all that these modules' files bring.

    What another module names too, as a model that ours extends, is left out.
    """
    with connected(database) as cr:
        names = {
            (model, number): f"{module}.{name}"
            for module, name, model, number in _query(
                cr,
                "SELECT module, name, model, res_id FROM ir_model_data "
                "ORDER BY module DESC, name DESC",
            )
        }
        ours = defaultdict(dict)
        for xmlid, model, number, noupdate in _query(
            cr,
            "SELECT module || '.' || name, model, res_id, noupdate "
            "FROM ir_model_data data WHERE module = ANY(%s) AND NOT EXISTS ("
            "SELECT FROM ir_model_data other WHERE other.model = data.model "
            "AND other.res_id = data.res_id AND other.module <> ALL(%s))",
            list(addons),
            list(addons),
        ):
            ours[model][number] = xmlid, noupdate
        return {
            xmlid: values
            for model, numbers in ours.items()
            for xmlid, values in _tell(cr, model, numbers, names)
        }


def _tell(cr, model, numbers, names):
    """Return ``(XML id, values)`` of the records of one model."""
    table = TABLES.get(model) or model.replace(".", "_")
    fields = dict(
        _query(
            cr,
            "SELECT name, relation FROM ir_model_fields "
            "WHERE model = %s AND ttype = 'many2one'",
            model,
        )
    )
    linked = _read_links(cr, model, names)
    for (row,) in _query(
        cr,
        f'SELECT to_jsonb(t) FROM "{table}" t WHERE id = ANY(%s)',
        list(numbers),
    ):
        xmlid, noupdate = numbers[row["id"]]
        values = {
            name: _name(value, fields.get(name), names)
            for name, value in row.items()
            if name not in OWN | RUNNING
        }
        values.update(linked[row["id"]], noupdate=noupdate)
        yield xmlid, values


def _name(value, relation, names):
    """Return a value with the records that it names told by their XML ids."""
    if relation and value:
        return names.get((relation, value), "?")
    if isinstance(value, str) and (found := REFERENCE.fullmatch(value)):
        return names.get((found[1], int(found[2])), "?")
    if isinstance(value, dict):  # in several languages
        return {lang: _name_actions(text, names) for lang, text in value.items()}
    return value


def _name_actions(text, names):
    """Return a view with the actions of its buttons told by their XML ids."""

    def tell(found):
        kinds = (kind for kind in TABLES if (kind, int(found[1])) in names)
        return f'name="{names.get((next(kinds, ""), int(found[1])), "?")}"'

    return ACTION.sub(tell, text) if isinstance(text, str) else text


def _read_links(cr, model, names):
    """Return ``{number: {many2many field: XML ids}}``."""
    links = defaultdict(dict)
    for name, relation, table, column1, column2 in _query(
        cr,
        "SELECT name, relation, relation_table, column1, column2 FROM ir_model_fields "
        "WHERE model = %s AND ttype = 'many2many' AND store "
        "AND relation_table IS NOT NULL AND name <> ALL(%s)",
        model,
        list(CHOSEN),
    ):
        for one, other in _query(cr, f'SELECT "{column1}", "{column2}" FROM "{table}"'):
            found = links[one].setdefault(name, [])
            found.append(names.get((relation, other), "?"))
            found.sort()
    return links


def read_schema(database):
    """Return ``{column, index or constraint: its definition}`` of the CAP's tables."""
    with connected(database) as cr:
        columns = _query(
            cr,
            "SELECT table_name || '.' || column_name, data_type, is_nullable "
            "FROM information_schema.columns WHERE table_schema = 'public' "
            "AND (table_name LIKE 'cap\\_%' OR column_name LIKE 'cap\\_%')",
        )
        indexes = _query(
            cr,
            "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' "
            "AND indexdef LIKE '%cap\\_%'",
        )
        constraints = _query(
            cr,
            "SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid), contype "
            "FROM pg_constraint WHERE conrelid::regclass::text LIKE 'cap\\_%'",
        )
        return {row[0]: list(row[1:]) for row in (*columns, *indexes, *constraints)}
