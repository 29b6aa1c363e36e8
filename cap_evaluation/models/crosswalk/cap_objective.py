from odoo import models


class CapObjective(models.Model):
    """How an objective is answered from elsewhere, and what continues it."""

    _name = "cap.objective"
    _inherit = ["cap.objective", "cap.crosswalk.target"]
    _crosswalk_field = "target_id"
    _crosswalk_links = "reverse_mapping_ids"
    _crosswalk_whole = "version_id"

    def _get_heirs(self):
        """Return ``{objective: what continues it in the latest published edition}``.

        An objective of the latest edition, or of a newer draft, continues itself. One
        that the latest edition dropped has nothing. One round of queries for each
        edition in between, however many objectives.
        """
        latest = self.version_id.referential_id._get_latest_editions()
        following, edge = {}, self
        while edge:
            older = edge.filtered(lambda o: o._is_outdated(latest))
            following.update((node, node.successor_ids) for node in older)
            edge = older.successor_ids.filtered(lambda o: o not in following)
        return {objective: objective._follow(following) for objective in self}

    def _follow(self, following):
        """Return where the chains of ``following`` end, from these."""
        ends, seen, edge = self.browse(), self.browse(), self
        while edge:
            ends |= edge.filtered(
                lambda o: (
                    o in self if o.version_id.state == "draft" else o not in following
                )
            )
            seen |= edge
            edge = edge.union(*(following.get(o, o.browse()) for o in edge)) - seen
        return ends

    def _is_outdated(self, latest):
        """Whether a newer edition than this objective's is published."""
        version = self.version_id
        newest = latest.get(version.referential_id)
        return bool(newest) and version != newest and version.state != "draft"
