from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.cap_evaluation.models.structure.res_partner import SIZES
from odoo.addons.project.models.project_task import CLOSED_STATES


class CapNetworkAction(models.Model):
    """One progress action of one structure's plan: a task, seen by the network.

    Region and size are those copied on the evaluation that the action comes from, or
    the structure's own where it was added by hand. ``overdue`` is decided when the
    query runs: no date is baked into a view. Dropped actions (archived tasks) are out.
    ``structure_type_ids`` filters and does not group, as on ``cap.network.line``.
    """

    _name = "cap.network.action"
    _description = "CAP Network Action"
    _auto = False
    _order = "region_id, partner_id, date_deadline, id"
    _depends = {
        "project.task": [
            "active",
            "name",
            "state",
            "date_deadline",
            "project_id",
            "company_id",
            "cap_line_id",
            "cap_objective_id",
        ],
        "project.project": ["active", "cap_partner_id", "company_id"],
        "cap.evaluation.line": ["evaluation_id"],
        "cap.evaluation": ["region_id", "size", "year"],
        "cap.objective": ["theme_id", "subtheme_id"],
        "res.partner": ["cap_region_id", "cap_size"],
    }

    name = fields.Char("Action", readonly=True)
    task_id = fields.Many2one("project.task", readonly=True)
    project_id = fields.Many2one("project.project", "Plan", readonly=True)
    partner_id = fields.Many2one("res.partner", "Structure", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    evaluation_id = fields.Many2one("cap.evaluation", readonly=True)
    objective_id = fields.Many2one("cap.objective", readonly=True)
    theme_id = fields.Many2one("cap.objective", readonly=True)
    subtheme_id = fields.Many2one("cap.objective", "Sub-theme", readonly=True)
    region_id = fields.Many2one("cap.region", readonly=True)
    size = fields.Selection(SIZES, "Size (FTE)", readonly=True)
    structure_type_ids = fields.Many2many(
        "cap.structure.type",
        string="Structure Types",
        compute="_compute_structure_type_ids",
        search="_search_structure_type_ids",
    )
    state = fields.Selection(
        selection="_get_states",
        string="Progress",
        readonly=True,
    )
    date_deadline = fields.Datetime("Deadline", readonly=True)
    is_done = fields.Integer("Done", readonly=True)
    is_open = fields.Integer("Under way", readonly=True)
    overdue = fields.Integer(
        "Date passed", readonly=True, help="Under way, and its date is behind us."
    )
    action_count = fields.Integer("Actions", readonly=True)
    structure_count = fields.Integer(
        "Structures", readonly=True, aggregator="count_distinct", exportable=False
    )

    @api.model
    def _get_states(self):
        """Return a task's states in the reader's language: the field's own list is not
        translated where another model takes it."""
        field = self.env["project.task"]._fields["state"]
        return field._description_selection(self.env)

    def _compute_structure_type_ids(self):
        for action in self:
            action.structure_type_ids = action.partner_id.cap_structure_type_ids

    def _search_structure_type_ids(self, operator, value):
        return Domain("partner_id.cap_structure_type_ids", operator, value)

    @property
    def _table_query(self) -> SQL:
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    @api.model
    def _select(self) -> SQL:
        return SQL(
            """
            SELECT task.id, task.id AS task_id, task.name, task.project_id, task.state,
                   task.date_deadline, task.cap_objective_id AS objective_id,
                   project.cap_partner_id AS partner_id,
                   project.cap_partner_id AS structure_count,
                   COALESCE(task.company_id, project.company_id) AS company_id,
                   line.evaluation_id, objective.theme_id, objective.subtheme_id,
                   COALESCE(evaluation.region_id, partner.cap_region_id) AS region_id,
                   COALESCE(evaluation.size, partner.cap_size) AS size,
                   1 AS action_count,
                   %(progress)s
            """,
            progress=self._select_progress(),
        )

    @api.model
    def _select_progress(self) -> SQL:
        """Return what can be summed: done, under way, and late at this very moment."""
        is_open = SQL("task.state NOT IN %s", tuple(CLOSED_STATES))
        return SQL(
            """
            (task.state = '1_done')::int AS is_done,
            (%(is_open)s)::int AS is_open,
            (%(is_open)s AND COALESCE(task.date_deadline < %(now)s, FALSE))::int
                AS overdue
            """,
            is_open=is_open,
            now=fields.Datetime.now(),
        )

    @api.model
    def _from(self) -> SQL:
        return SQL(
            """
            FROM project_task task
            JOIN project_project project ON project.id = task.project_id
            JOIN res_partner partner ON partner.id = project.cap_partner_id
            LEFT JOIN cap_objective objective ON objective.id = task.cap_objective_id
            LEFT JOIN cap_evaluation_line line ON line.id = task.cap_line_id
            LEFT JOIN cap_evaluation evaluation ON evaluation.id = line.evaluation_id
            """
        )

    @api.model
    def _where(self) -> SQL:
        return SQL("WHERE task.active AND project.active")

    def action_open_task(self):
        """Open the task behind this action."""
        self.ensure_one()
        return self.task_id._get_records_action()
