from odoo.http import route

from odoo.addons.cap_evaluation.controllers.access import CapPortal

from .pages.position import PositionPage, read_choice


class CapPosition(CapPortal):
    """The page "Where we stand": my structure beside a group of others."""

    @route(
        "/my/cap/<cap_id:evaluation_id>/position",
        type="http",
        auth="user",
        website=True,
        methods=["GET"],
    )
    def portal_position(self, evaluation_id, **kwargs):
        """Show the position of one's structure in the group chosen by plain links.

        The gate is the user's own rules on the evaluation; what is then read of other
        structures are figures of groups, or a refusal.
        """
        evaluation = self._get_evaluation(evaluation_id)
        page = PositionPage(
            evaluation, read_choice(kwargs), self._can_conclude(evaluation)
        )
        return self._render_page("cap_network_report.portal_position", page)
