"""Before the files are read again: what must follow them is no longer kept back."""

from openupgradelib import openupgrade

from odoo.addons.cap_evaluation.tools.upgrade import let_translations_follow


def let_rules_follow(env):
    """Record rules were ``noupdate``: one mended here reached nobody's database."""
    env.cr.execute(
        "SELECT name FROM ir_model_data WHERE module = %s AND model = %s AND noupdate",
        ("cap_network_report", "ir.rule"),
    )
    names = [name for (name,) in env.cr.fetchall()]
    if names:
        openupgrade.set_xml_ids_noupdate_value(env, "cap_network_report", names, False)


@openupgrade.migrate()
def migrate(env, version):
    let_rules_follow(env)
    let_translations_follow(env.cr, "cap_network_report")
