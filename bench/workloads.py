"""What is measured, and the least that the same work can cost.

A workload prepares, out of the measure, then returns the work to measure. Its limit
does the same with raw SQL, or with XlsxWriter alone.
"""

import io

import xlsxwriter

from .database import REGIONS, new_campaign

SQL_ROWS = 100


# ------------------------------------------------------------------- campaign


def open_campaign(env, structures):
    """The button of a campaign: evaluations, pilots and lines."""
    return new_campaign(env, structures).action_open


def insert_campaign(env, structures):
    """The same rows by raw INSERTs of 100 rows each, on the same indexes."""
    campaign = new_campaign(env, structures)
    env.flush_all()
    version, partners = campaign.version_id, campaign.partner_ids
    objectives = version.objective_ids.filtered(lambda o: o.kind == "operational").ids
    pilots = {p.parent_id.id: p.id for p in partners.child_ids}
    company, partner_ids = env.company.id, partners.ids

    def insert():
        evaluations = _insert(
            env.cr,
            "cap_evaluation (partner_id, version_id, campaign_id, company_id, mode, "
            "state, create_uid, write_uid, create_date, write_date)",
            "(%s, %s, %s, %s, 'alone', 'draft', 2, 2, now(), now())",
            [(p, version.id, campaign.id, company) for p in partner_ids],
            returning=True,
        )
        _insert(
            env.cr,
            "cap_evaluation_pilot_rel (evaluation_id, partner_id)",
            "(%s, %s)",
            [(e, pilots[p]) for e, p in zip(evaluations, partner_ids, strict=True)],
        )
        _insert(
            env.cr,
            "cap_evaluation_line (evaluation_id, objective_id, active, create_uid, "
            "write_uid, create_date, write_date)",
            "(%s, %s, true, 2, 2, now(), now())",
            [(e, objective) for e in evaluations for objective in objectives],
            returning=True,
        )

    return insert


def _insert(cr, table, template, rows, returning=False):
    ids = []
    for start in range(0, len(rows), SQL_ROWS):
        chunk = rows[start : start + SQL_ROWS]
        values = ", ".join([template] * len(chunk))
        query = f"INSERT INTO {table} VALUES {values}"
        query += " RETURNING id" if returning else ""
        cr.execute(query, [value for row in chunk for value in row])
        ids += [row[0] for row in cr.fetchall()] if returning else []
    return ids


# ----------------------------------------------------------------------- plan


def generate_plan(env, actions):
    """The button of an evaluation: the plan, its actions and what is said of it."""
    return _get_evaluation(env, actions).action_generate_plan


def create_tasks(env, actions):
    """A bare create of the very same tasks, with tracking off, in a project."""
    evaluation = _get_evaluation(env, actions)
    plan = evaluation.action_generate_plan()
    tasks = env["project.task"].with_context(tracking_disable=True)
    lines = evaluation.line_ids.filtered(lambda line: line.progress_action == "yes")
    project = (
        env["project.project"]
        .with_context(tracking_disable=True)
        .create({"name": "Projet", "privacy_visibility": "followers"})
    )
    vals_list = [
        {**tasks._cap_prepare_action(plan, line), "project_id": project.id}
        for line in lines
    ]
    return lambda: tasks.create(vals_list)


def _get_evaluation(env, actions):
    """Return an evaluation, pooled, that asks for that many actions."""
    campaign = new_campaign(env, 1)
    campaign.action_open()
    evaluation = campaign.evaluation_ids
    evaluation.action_start()
    levels = evaluation.version_id.scale_id.level_ids
    evaluation.line_ids.write({"level_id": levels[1].id})
    for line in evaluation.line_ids[:actions]:
        line.write({"progress_action": "yes", "progress_comment": f"Action {line.id}"})
    return evaluation


# -------------------------------------------------------------- consolidation


def consolidate(env, _structures):
    """The network's figures by theme and region, under the rules of who asks."""
    lines = env["cap.network.line"]
    return _warm(lambda: lines._consolidate([("is_current", "=", True)]))


def group_by(env, _structures):
    """The same figures by the shortest SQL that gives them, rules aside."""

    def work():
        env.cr.execute(
            """
            SELECT objective.theme_id, evaluation.region_id,
                   SUM(objective.weight * level.value / 3.0 * 100)
                   / SUM(objective.weight) FILTER (WHERE level.id IS NOT NULL),
                   COUNT(line.level_id), COUNT(*) - COUNT(line.na_reason),
                   COUNT(line.na_reason), COUNT(DISTINCT evaluation.partner_id)
              FROM cap_evaluation_line line
              JOIN cap_evaluation evaluation ON evaluation.id = line.evaluation_id
              JOIN cap_objective objective ON objective.id = line.objective_id
         LEFT JOIN cap_scale_level level ON level.id = line.level_id
             WHERE evaluation.state = 'validated'
          GROUP BY objective.theme_id, evaluation.region_id
            """
        )
        return env.cr.fetchall()

    return _warm(work)


def _warm(work):
    """Return ``work`` once it has run: connection and rules known, as on a server."""
    rows = work()
    assert len(rows) == 4 * len(REGIONS), len(rows)
    return work


# ------------------------------------------------------------------- workbook

#: structures: how many of the first regions hold them
REGIONS_OF = {70: 1, 278: 3, 600: 14}


def write_workbook(env, structures):
    """The network's workbook: five sheets, a radar, every line with its words."""
    wizard = _get_wizard(env, structures)

    def work():
        with open("/dev/null", "wb") as target:
            rows = wizard._write(target)
        assert max(rows.values()) == structures * 72, rows

    return work


def write_bare(env, structures):
    """The cells of the lines alone, ready in memory, by a bare loop of XlsxWriter."""
    sheet = _get_wizard(env, structures)._get_builder().get_sheets()[-1]
    rows = [tuple(row) for row in sheet.rows]
    kinds = [column.kind for column in sheet.columns]

    def work():
        options = {"constant_memory": True}
        with xlsxwriter.Workbook(io.BytesIO(), options) as workbook:
            worksheet = workbook.add_worksheet()
            text = worksheet.write_string
            writers = {
                "date": worksheet.write_datetime,
                "text": text,
                "paragraph": text,
            }
            write = [writers.get(kind, worksheet.write_number) for kind in kinds]
            day = workbook.add_format({"num_format": "dd/mm/yyyy"})
            for row, values in enumerate(rows):
                for column, value in enumerate(values):
                    if value is not None:
                        write[column](row, column, value, day)

    return work


def _get_wizard(env, structures):
    regions = env["cap.region"].search([], order="id", limit=REGIONS_OF[structures])
    version = env["cap.referential.version"]._get_latest_published("CAP")
    return env["cap.network.workbook"].create(
        {"version_id": version.id, "year": "2026", "region_ids": regions.ids}
    )
