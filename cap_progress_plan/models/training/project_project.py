from odoo import models


class ProjectProject(models.Model):
    """The seats that a structure holds for its plan."""

    _inherit = "project.project"

    def _cap_get_seats(self):
        """Return the seats booked for the actions of these plans (elevated)."""
        return (
            self.env["event.registration"]
            .sudo()
            .search_fetch(
                [
                    ("cap_task_id.project_id", "in", self.ids),
                    ("state", "!=", "cancel"),
                ],
                ["event_id", "name", "email", "partner_id", "state", "cap_task_id"],
                order="id",
            )
        )
