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

        An objective of the latest edition, or of a draft, continues itself. One that
        the latest edition dropped has nothing. Two queries for each edition that these
        objectives are of, however many they are.
        """
        latest = self.version_id.referential_id._get_latest_editions()
        heirs = {}
        for version, objectives in self.grouped("version_id").items():
            if not objectives[:1]._is_outdated(latest):
                heirs.update((objective, objective) for objective in objectives)
                continue
            newest = latest[version.referential_id]
            followed = newest._get_successors(version, set(objectives.mapped("kind")))
            heirs.update(
                (objective, self.browse(followed.get(objective.id, [])))
                for objective in objectives
            )
        return heirs

    def _is_outdated(self, latest):
        """Whether a newer edition than this objective's is published."""
        version = self.version_id
        newest = latest.get(version.referential_id)
        return bool(newest) and version != newest and version.state != "draft"
