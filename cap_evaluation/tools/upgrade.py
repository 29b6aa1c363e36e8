"""What the migrations of the three modules share."""

from openupgradelib import openupgrade

#: What a module's own files say, and where; people's records are not in it.
SAID = {
    "ir.ui.view": ("ir_ui_view", ("arch_db",)),
    "ir.model": ("ir_model", ("name",)),
    "ir.model.fields": ("ir_model_fields", ("field_description", "help")),
    "ir.model.fields.selection": ("ir_model_fields_selection", ("name",)),
    "ir.model.constraint": ("ir_model_constraint", ("message",)),
    "ir.ui.menu": ("ir_ui_menu", ("name",)),
    "ir.actions.act_window": ("ir_act_window", ("name", "help")),
    "ir.actions.server": ("ir_act_server", ("name",)),
    "ir.actions.report": ("ir_act_report_xml", ("name", "print_report_name")),
    "res.groups": ("res_groups", ("name", "comment")),
}


def let_translations_follow(cr, module):
    """Forget the former translations of a module's own screens, before its update.

    An update keeps a translation that is there, so that words mended since would reach
    nobody. Those that the module carries are read again right after; what people
    wrote, in whatever language, lies in other tables and stays. What another module
    named first, as the fields of a model that ours extends, is that module's.
    """
    for model, (table, columns) in SAID.items():
        for column in columns:
            openupgrade.logged_query(
                cr,
                f"""
                UPDATE {table} said
                   SET {column} = said.{column} - ARRAY(
                           SELECT code FROM res_lang WHERE code LIKE 'fr%%')
                  FROM ir_model_data named
                 WHERE named.module = %s AND named.model = %s
                   AND named.res_id = said.id AND said.{column} ? 'en_US'
                   AND NOT EXISTS (
                           SELECT FROM ir_model_data owned
                            WHERE owned.model = named.model
                              AND owned.res_id = named.res_id
                              AND owned.id < named.id)
                """,
                (module, model),
            )
