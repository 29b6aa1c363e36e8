"""What a module does once, when it comes or goes."""

from odoo.fields import Domain

# What Odoo notes of a model under the name of another module that extends it.
NOTES = ("ir.model.inherit", "ir.model.fields.selection")


def uninstall_hook(env):
    """Leave nothing behind, and let Odoo delete our data without complaint.

    Odoo deletes a module's data before its tables, one record after the other: it would
    log one error for each clause that a link still holds, and for each type that a
    validated CAP counts under. And what mail, portal or rating note of our models under
    their own names would stay for ever.
    """
    env["cap.objective.mapping"].search([]).unlink()
    # Past the freeze of what is validated: the evaluations themselves are going.
    env["cap.evaluation"].flush_model(["main_type_id"])
    env.cr.execute("UPDATE cap_evaluation SET main_type_id = NULL")
    env["cap.evaluation"].invalidate_model(["main_type_id"])
    ours = Domain("name", "=like", r"model\_inherit\_\_cap\_%")
    ours |= Domain("name", "=like", r"selection\_\_cap\_%")
    noted = Domain("module", "not like", "cap_%") & Domain("model", "in", NOTES)
    env["ir.model.data"].search(noted & ours).unlink()
