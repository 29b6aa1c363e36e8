from odoo.http import request, route

from odoo.addons.portal.controllers.portal import pager

from ..kernel.numbers import read_id
from .access import CapPortal
from .pages.home import HomePage


class CapHome(CapPortal):
    """/my/cap: the CAPs one has, and how one starts."""

    def _get_structure_to_pilot(self):
        """Return the structure whose CAP the user may start, or none."""
        partner_sudo = request.env.user.partner_id.sudo()
        parent_sudo = partner_sudo.parent_id
        if partner_sudo.cap_is_pilot and parent_sudo.is_company:
            return parent_sudo
        return parent_sudo.browse()

    def _prepare_home_portal_values(self, counters):
        """Give the portal's home the count of CAPs, and its card to every pilot."""
        values = super()._prepare_home_portal_values(counters)
        if not counters:  # the page itself; its script only takes counts
            values["cap_is_pilot"] = bool(self._get_structure_to_pilot())
        if "cap_count" in counters:
            self._look_in_all_companies()
            values["cap_count"] = request.env["cap.evaluation"].search_count(
                self._get_cap_domain()
            )
        return values

    @route(
        ["/my/cap", "/my/cap/page/<cap_id:page>"],
        type="http",
        auth="user",
        website=True,
    )
    def portal_my_cap(self, page=1, **kwargs):
        """List the CAPs of the user in all their companies; let a pilot start one."""
        self._look_in_all_companies()
        evaluations = request.env["cap.evaluation"]
        domain = self._get_cap_domain()
        pages = pager(
            url="/my/cap",
            total=evaluations.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        evaluations = evaluations.search(
            domain, limit=self._items_per_page, offset=max(pages["offset"], 0)
        )
        structure_sudo = self._get_structure_to_pilot()
        return self._render_page(
            "cap_evaluation.portal_my_cap",
            HomePage(
                evaluations, structure_sudo, self._get_edition_to_start(structure_sudo)
            ),
            pager=pages,
        )

    def _get_edition_to_start(self, structure_sudo):
        """Return the edition that ``structure_sudo`` may start, or none.

        None either where the current company has one under way: people go on with it.
        None in an archived structure.
        """
        versions = request.env["cap.referential.version"]
        if not structure_sudo.active:
            return versions
        version = versions._get_latest_published("CAP")
        under_way = structure_sudo.env["cap.evaluation"].search_count(
            [
                ("partner_id", "=", structure_sudo.id),
                ("company_id", "=", request.env.company.id),
                ("version_id.referential_id", "=", version.referential_id.id),
                ("is_open", "=", True),
            ],
            limit=1,
        )
        return versions if under_way else version

    @route("/my/cap/start", type="http", auth="user", website=True, methods=["POST"])
    def portal_cap_start(self, evaluation_id=None, **kwargs):
        """Start the CAP of the user's structure, or one that a campaign opened.

        A double click, or two people at once, end on the same evaluation.
        """
        if evaluation_id:
            evaluation_sudo = self._get_evaluation(read_id(evaluation_id)).sudo()
        else:
            evaluation_sudo = self._open_for_user()
        if evaluation_sudo.state == "draft":
            evaluation_sudo.action_start()
        return request.redirect(f"/my/cap/{evaluation_sudo.id}")

    def _open_for_user(self):
        structure_sudo = self._get_structure_to_pilot()
        version = request.env["cap.referential.version"]._get_latest_published("CAP")
        if not (structure_sudo.active and version):
            self._stop_not_accessible()
        return self._create_once(
            lambda: structure_sudo.env["cap.evaluation"]._open_for_structure(
                structure_sudo,
                request.env.user.partner_id,
                version.sudo(),
                request.env.company,
            )
        )
