"""Before the tables follow the new code: what is renamed keeps its records."""

from openupgradelib import openupgrade

from odoo.addons.cap_evaluation.tools.upgrade import let_translations_follow

MODELS = [("cap.answered", "cap.crosswalk.target")]


def rename_models(env):
    """Give the abstract model of the crosswalk's targets its new name."""
    openupgrade.rename_models(env.cr, MODELS)


def drop_computed_columns(cr):
    """Drop what wizards no longer keep, now that they compute it."""
    openupgrade.logged_query(cr, "ALTER TABLE cap_setup DROP COLUMN IF EXISTS summary")


def keep_the_day_of_validation(cr):
    """Give each validated CAP the day it was where its structure is, in its year.

    Its year was the one of who validated: where the two disagree, at a turn of the
    year, the year stays and the day is its nearest one.
    """
    openupgrade.logged_query(
        cr, "ALTER TABLE cap_evaluation ADD COLUMN IF NOT EXISTS validated_day date"
    )
    openupgrade.logged_query(
        cr,
        """
        WITH moment AS (
            SELECT evaluation.id, evaluation.year,
                   (evaluation.validated_on AT TIME ZONE 'UTC' AT TIME ZONE COALESCE(
                       NULLIF(structure.tz, ''), NULLIF(house.tz, ''), 'UTC'
                   ))::date AS day
              FROM cap_evaluation evaluation
              JOIN res_partner structure ON structure.id = evaluation.partner_id
              JOIN res_company company ON company.id = evaluation.company_id
              JOIN res_partner house ON house.id = company.partner_id
             WHERE evaluation.validated_on IS NOT NULL
               AND evaluation.validated_day IS NULL
        )
        UPDATE cap_evaluation evaluation
           SET validated_day = GREATEST(
                   LEAST(moment.day, make_date(moment.year, 12, 31)),
                   make_date(moment.year, 1, 1))
          FROM moment
         WHERE moment.id = evaluation.id
        """,
    )


@openupgrade.migrate()
def migrate(env, version):
    rename_models(env)
    let_translations_follow(env.cr, "cap_evaluation")
    drop_computed_columns(env.cr)
    keep_the_day_of_validation(env.cr)
