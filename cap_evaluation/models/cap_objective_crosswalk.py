from odoo import models


class CapObjective(models.Model):
    """How an objective is answered from elsewhere, and what continues it."""

    _name = "cap.objective"
    _inherit = ["cap.objective", "cap.answered"]
    _crosswalk_field = "target_id"
    _crosswalk_links = "reverse_mapping_ids"

    def _get_heirs(self):
        """Return ``{objective: what continues it in the latest published edition}``.

        An objective of the latest edition, or of a newer draft, continues itself. One
        that the latest edition dropped has nothing. One round of queries for each
        edition in between, however many objectives.
        """
        latest = self.version_id.referential_id._get_latest_editions()
        heirs = {objective: objective.browse() for objective in self}
        edge = {objective: objective for objective in self}
        for _edition in self.version_id.referential_id.version_ids:
            following = {}
            for origin, reached in edge.items():
                older = reached.filtered(lambda o: o._is_outdated(latest))
                heirs[origin] |= reached - older
                following[origin] = older.successor_ids
            edge = {origin: found for origin, found in following.items() if found}
        return heirs

    def _is_outdated(self, latest):
        """Whether a newer edition than this objective's is published."""
        version = self.version_id
        newest = latest.get(version.referential_id)
        return bool(newest) and version != newest and version.state != "draft"
