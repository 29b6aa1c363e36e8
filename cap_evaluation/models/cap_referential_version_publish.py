from odoo import fields, models
from odoo.exceptions import UserError

MIN_LEVELS, MAX_LEVELS = 2, 7


class CapReferentialVersion(models.Model):
    """Publishing an edition: every check at once, each defect with its record."""

    # One subject a file: the class would be 500 lines long.
    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "cap.referential.version"

    def action_publish(self):
        """Publish these drafts and freeze their content.

        :raise UserError: listing every defect of an edition at once
        """
        self._check_draft()
        for version in self:
            defects = version._get_publication_defects()
            if defects:
                raise UserError(
                    self.env._(
                        "“%(edition)s” cannot be published yet:\n%(defects)s",
                        edition=version.display_name,
                        defects="\n".join(f"- {message}" for message, _r in defects),
                    )
                )
        self.write(
            {"state": "published", "published_on": fields.Date.context_today(self)}
        )
        return True

    def action_publish_or_list_defects(self):
        """Publish this draft; where it has defects, open them as a list of links."""
        self.ensure_one()
        self._check_draft()
        defects = self._get_publication_defects()
        if not defects:
            return self.action_publish()
        rows = self.env["cap.edition.defect"].create(
            [
                {
                    "version_id": self.id,
                    "message": message,
                    "res_model": record._name,
                    "res_id": record.id,
                }
                for message, record in defects
            ]
        )
        return rows._get_list_action()

    def _get_publication_defects(self):
        """Return what keeps this edition from being published.

        :return: list of ``(sentence, record to open)``, in reading order
        """
        self.ensure_one()
        defects = self._get_scale_defects()
        objectives = self.env["cap.objective"].search([("version_id", "=", self.id)])
        operational = objectives.filtered(lambda o: o.kind == "operational")
        if not operational:
            defects.append(
                (self.env._("It has no operational objective to score."), self)
            )
        values = set(self.scale_id.level_ids.mapped("value"))
        for objective in objectives:
            defects += [
                (message, objective)
                for message in objective._get_publication_defects(values)
            ]
        return defects

    def _get_scale_defects(self):
        count = len(self.scale_id.level_ids)
        if count < MIN_LEVELS:
            return [(self.env._("Its scale needs at least two levels."), self.scale_id)]
        if count > MAX_LEVELS:
            message = self.env._(
                "Its scale has %(count)s levels: %(most)s is the most that people can "
                "tell apart, and that a page can show.",
                count=count,
                most=MAX_LEVELS,
            )
            return [(message, self.scale_id)]
        return []
