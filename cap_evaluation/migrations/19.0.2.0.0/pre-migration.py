"""Before the tables follow the new code: what is renamed keeps its records."""

from openupgradelib import openupgrade

MODELS = [("cap.answered", "cap.crosswalk.target")]


def rename_models(env):
    """Give the abstract model of the crosswalk's targets its new name."""
    openupgrade.rename_models(env.cr, MODELS)


@openupgrade.migrate()
def migrate(env, version):
    rename_models(env)
