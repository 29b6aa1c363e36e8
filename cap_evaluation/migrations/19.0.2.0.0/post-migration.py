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


def choose_main_types(cr):
    """A validated CAP counts under the first of the types it had, in their order."""
    openupgrade.logged_query(
        cr,
        """
        UPDATE cap_evaluation evaluation
           SET main_type_id = first.structure_type_id
          FROM (SELECT DISTINCT ON (carried.evaluation_id)
                       carried.evaluation_id, carried.structure_type_id
                  FROM cap_evaluation_structure_type_rel carried
                  JOIN cap_structure_type kind ON kind.id = carried.structure_type_id
              ORDER BY carried.evaluation_id, kind.sequence, kind.code) first
         WHERE first.evaluation_id = evaluation.id
           AND evaluation.state = 'validated' AND evaluation.main_type_id IS NULL
        """,
    )


# What COORACE published in capitals without accents, and how it is read.
THEMES = {
    "IDENTITE": "Identité",
    "SERVICES RENDUS": "Services rendus",
    "SUPPORTS": "Supports",
    "AMELIORATION & MUTATION": "Amélioration et mutation",
}


def spell_what_was_published_in_capitals(cr):
    """Show the CAP's themes as they are read; their source keeps the published form.

    Only those nobody has written otherwise: a correction of spelling, no other wording.
    """
    for published, read in THEMES.items():
        openupgrade.logged_query(
            cr,
            """
            UPDATE cap_objective objective
               SET name = %(read)s,
                   source = objective.source || %(note)s
              FROM cap_referential_version edition
              JOIN cap_referential referential
                ON referential.id = edition.referential_id
             WHERE edition.id = objective.version_id AND referential.code = 'CAP'
               AND objective.kind = 'theme' AND objective.name = %(published)s
            """,
            {
                "read": read,
                "published": published,
                "note": f", où s'écrit {published}",
            },
        )
    openupgrade.logged_query(
        cr,
        """
        UPDATE cap_offer SET name = 'Outils économiques'
         WHERE code = 'OFF-27' AND name = 'Outils Economique'
        """,
    )


@openupgrade.migrate()
def migrate(env, version):
    choose_main_types(env.cr)
    tell_how_editions_follow(env.cr)
    spell_what_was_published_in_capitals(env.cr)
