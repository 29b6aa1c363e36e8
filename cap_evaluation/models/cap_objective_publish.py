from odoo import models


class CapObjective(models.Model):
    """What keeps an objective from being published, and its confirmation."""

    # pylint: disable-next=consider-merging-classes-inherited
    _inherit = "cap.objective"

    def _get_publication_defects(self, values):
        """Return the defects of this objective, as sentences.

        :param set values: the values of the edition's scale
        """
        self.ensure_one()
        return [
            *self._get_wording_defects(),
            *self._get_tree_defects(),
            *self._get_gate_defects(values),
            *self._get_descriptor_defects(values),
        ]

    def _get_wording_defects(self):
        defects = []
        if not (self.name or "").strip():
            defects.append(
                self.env._("“%(code)s” has an empty wording.", code=self.code)
            )
        if not (self.code or "").strip():
            defects.append(
                self.env._("“%(wording)s” has an empty code.", wording=self.name)
            )
        blank = self.indicator_ids.filtered(lambda i: not (i.name or "").strip())
        if blank:
            defects.append(
                self.env._(
                    "“%(objective)s” has an indicator without wording.",
                    objective=self.display_name,
                )
            )
        return defects

    def _get_tree_defects(self):
        defects = []
        if self.kind != "operational" and not self.child_ids:
            defects.append(
                self.env._(
                    "“%(objective)s” has nothing below it.",
                    objective=self.display_name,
                )
            )
        referential = self.version_id.referential_id
        strangers = self.predecessor_ids.filtered(
            lambda o: o.version_id.referential_id != referential
        )
        if strangers:
            defects.append(
                self.env._(
                    "“%(objective)s” comes from an objective of another référentiel.",
                    objective=self.display_name,
                )
            )
        return defects

    def _get_gate_defects(self, values):
        if not self.is_gate or self.gate_level in values:
            return []
        return [
            self.env._(
                "“%(objective)s” asks at least level %(level)s, which is not on the "
                "scale: choose %(values)s.",
                objective=self.display_name,
                level=self.gate_level,
                values=", ".join(map(str, sorted(values))),
            )
        ]

    def _get_descriptor_defects(self, values):
        """Levels are worded all together or not at all, on the edition's scale."""
        if "descriptor_ids" not in self._fields or not self.descriptor_ids:
            return []
        written = self.descriptor_ids.filtered(lambda d: (d.description or "").strip())
        scale = self.version_id.scale_id
        worded = {d.level_id.value for d in written if d.level_id.scale_id == scale}
        if worded == values and len(written) == len(self.descriptor_ids) == len(values):
            return []
        return [
            self.env._(
                "“%(objective)s” words some of its levels only (%(worded)s of "
                "%(all)s): word each level of the scale, or none.",
                objective=self.display_name,
                worded=len(worded),
                all=len(values),
            )
        ]

    def action_confirm_wording(self):
        """Take these wordings as COORACE's own: they are proposals no more."""
        proposals = self.filtered(lambda objective: not objective.confirmed)
        proposals.write({"confirmed": True})
        for version, objectives in proposals.grouped("version_id").items():
            version._message_log(
                body=self.env._(
                    "Wording confirmed: %(codes)s.",
                    codes=", ".join(objectives.mapped("code")),
                )
            )
        return True
