"""From 19.0.1.0.0: what people have keeps its meaning under the new rules."""

from openupgradelib import openupgrade


def tell_how_editions_follow(cr):
    """An edition whose objectives mostly name where they come from was copied.

    In the others, made by workbook, the same code goes on continuing an objective.
    """
    openupgrade.logged_query(
        cr,
        """
        UPDATE cap_referential_version edition
           SET follows_codes = NOT (counted.named * 2 > counted.objectives)
          FROM (SELECT objective.version_id, COUNT(*) AS objectives,
                       COUNT(*) FILTER (WHERE EXISTS (
                           SELECT FROM cap_objective_predecessor_rel
                            WHERE objective_id = objective.id)) AS named
                  FROM cap_objective objective
                 WHERE objective.kind = 'operational'
              GROUP BY objective.version_id) counted
         WHERE counted.version_id = edition.id
        """,
    )


@openupgrade.migrate()
def migrate(env, version):
    tell_how_editions_follow(env.cr)
