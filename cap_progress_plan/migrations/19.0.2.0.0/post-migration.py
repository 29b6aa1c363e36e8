"""From 19.0.1.0.0: what people have keeps its meaning under the new rules."""

from openupgradelib import openupgrade


def copy_what_was_reached(cr):
    """Copy on each action the share of the scale that its line had reached.

    Its priority was read from the line itself; from now on it is computed from this.
    """
    openupgrade.logged_query(
        cr,
        """
        UPDATE project_task task
           SET cap_reached = (level.value - bounds.low)::float
                             / (bounds.high - bounds.low)
          FROM cap_evaluation_line line
          JOIN cap_scale_level level ON level.id = line.level_id
          JOIN (SELECT scale_id, MIN(value) AS low, MAX(value) AS high
                  FROM cap_scale_level GROUP BY scale_id) bounds
            ON bounds.scale_id = level.scale_id AND bounds.high > bounds.low
         WHERE line.id = task.cap_line_id AND task.cap_reached IS NULL
        """,
    )


def empty_blank_descriptions(cr):
    """An action without details had an empty paragraph, shown under a heading."""
    openupgrade.logged_query(
        cr,
        """
        UPDATE project_task SET description = NULL
         WHERE cap_objective_id IS NOT NULL
           AND regexp_replace(description, '<[^>]*>|\\s', '', 'g') = ''
        """,
    )


@openupgrade.migrate()
def migrate(env, version):
    copy_what_was_reached(env.cr)
    empty_blank_descriptions(env.cr)
