"""Before the files are read again: what must follow them is no longer kept back."""

from openupgradelib import openupgrade

from odoo.addons.cap_evaluation.tools.upgrade import let_translations_follow


@openupgrade.migrate()
def migrate(env, version):
    let_translations_follow(env.cr, "cap_progress_plan")
