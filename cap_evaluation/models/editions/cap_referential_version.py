from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain
from odoo.tools import SQL

from ...kernel.lineage import Node, trace
from ...tools.copying import read_to_copy

# What hangs below an objective, copied with it.
OBJECTIVE_PARTS = (
    "cap.objective.indicator",
    "cap.objective.descriptor",
    "cap.objective.question",
)


class CapReferentialVersion(models.Model):
    """From one edition to the next: the copy, and where each objective comes from."""

    _inherit = "cap.referential.version"

    # ------------------------------------------------------------- new edition

    def action_new_edition(self, name=None):
        """Copy this edition into a new draft that remembers where it comes from.

        The tree comes with all that hangs from it, codes unchanged, and each new
        objective names the one it continues: merging and splitting is then a matter
        of editing these predecessors. The scale is shared, not copied.

        :param str name: of the new edition; by default the next free year or number
        :return: the new edition, in draft
        :raise UserError: when this edition is still a draft
        """
        self.ensure_one()
        if self.state == "draft":
            raise UserError(
                self.env._(
                    "“%(edition)s” is still a draft: change it as you like, a new "
                    "edition is for one that is published.",
                    edition=self.display_name,
                )
            )
        draft = self.create(self._prepare_new_edition(name))
        copies = self._copy_objectives(draft)
        for model in OBJECTIVE_PARTS:
            self._copy_parts(model, ["objective_id"], copies)
        self._copy_parts("cap.objective.mapping", ["source_id", "target_id"], copies)
        self._copy_parts("cap.objective.mapping.waiting", ["source_id"], copies)
        self._log_new_edition(draft)
        return draft

    def action_new_edition_and_view(self):
        """Make the new edition and open it."""
        return self.action_new_edition()._get_records_action()

    def _prepare_new_edition(self, name):
        return {
            "referential_id": self.referential_id.id,
            "name": name or self._get_next_name(),
            "lang": self.lang,
            "scale_id": self.scale_id.id,
            "follows_codes": False,
        }

    def _get_next_name(self):
        """Return the name to propose for the edition after this one: "2027"."""
        taken = set(self.referential_id.version_ids.mapped("name"))
        if self.name.isdecimal():
            number = int(self.name) + 1
            while str(number) in taken:
                number += 1
            return str(number)
        number = 2
        while f"{self.name} ({number})" in taken:
            number += 1
        return f"{self.name} ({number})"

    def _copy_objectives(self, draft):
        """Copy the tree, one batch for each depth; return ``{old: new}`` ids."""
        objectives = self.env["cap.objective"].search([("version_id", "=", self.id)])
        copies = {}
        remaining = objectives
        while remaining:
            ready = remaining.filtered(
                lambda o: not o.parent_id or o.parent_id.id in copies
            )
            vals_list = [
                {
                    **values,
                    "version_id": draft.id,
                    "parent_id": copies.get(values["parent_id"], False),
                    "predecessor_ids": [Command.set([old])],
                }
                for old, values in read_to_copy(ready, ["parent_id"])
            ]
            copies.update(zip(ready.ids, ready.create(vals_list).ids, strict=True))
            remaining -= ready
        return copies

    def _copy_parts(self, model, links, copies):
        """Copy the records of ``model`` that hang from the objectives by ``links``.

        A link with another référentiel keeps its other end.
        """
        parts = self.env[model].search(
            Domain.OR(Domain(link, "in", list(copies)) for link in links)
        )
        parts.create(
            [
                {
                    **values,
                    **{link: copies.get(values[link], values[link]) for link in links},
                }
                for _id, values in read_to_copy(parts, links)
            ]
        )

    def _log_new_edition(self, draft):
        draft._message_log(
            body=self.with_context(lang=self._get_lang()).env._(
                "Made from “%(edition)s”, which stays as it is. Each objective "
                "remembers the one it continues.",
                edition=self.display_name,
            )
        )

    # ----------------------------------------------------------------- lineage

    def _get_sources(self, origin, kinds=("operational",)):
        """Return where the objectives of this edition come from (``kernel/lineage``).

        :param origin: an edition of the same référentiel
        :param kinds: of the objectives to trace
        :return: ``{objective id: ids of the objectives of origin, in their order}``
        """
        self.ensure_one()
        return trace(*self._read_lineage(kinds), origin.id, self.id)

    def _get_successors(self, origin, kinds=("operational",)):
        """Return ``{objective id of origin: ids of this edition that continue it}``."""
        if origin == self:
            return {objective.id: objective.ids for objective in self.objective_ids}
        successors = {}
        for objective, sources in self._get_sources(origin, kinds).items():
            for source in sources:
                successors.setdefault(source, []).append(objective)
        return successors

    def _read_lineage(self, kinds):
        """Return the nodes and the editions of this référentiel, as ``trace`` reads
        them, in one query. Drafts come last: they may name where they come from."""
        self.env["cap.objective"].flush_model()
        self.flush_model(["follows_codes", "published_on", "referential_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT objective.id, edition.id, objective.code, edition.follows_codes,
                       ARRAY(SELECT predecessor_id
                               FROM cap_objective_predecessor_rel
                              WHERE objective_id = objective.id)
                  FROM cap_objective objective
                  JOIN cap_referential_version edition
                    ON edition.id = objective.version_id
                 WHERE objective.kind IN %s AND edition.referential_id = %s
              ORDER BY edition.published_on NULLS LAST, edition.id,
                       objective.sequence, objective.id
                """,
                tuple(kinds),
                self.referential_id.id,
            )
        )
        nodes = {row[0]: Node(row[1], row[2], tuple(row[4])) for row in rows}
        return nodes, {row[1]: row[3] for row in rows}

    def _get_lang(self):
        """Return the language to speak of this edition in, whoever a job runs as.

        Its own where Odoo has it; else that of the reader.
        """
        self.ensure_one()
        installed = dict(self.env["res.lang"].get_installed())
        return self.lang if self.lang in installed else self.env.lang

    def _get_later_editions(self):
        """Return the published editions that came after this one, the last first."""
        self.ensure_one()
        published = self.search(
            [
                ("referential_id", "=", self.referential_id.id),
                ("state", "=", "published"),
                ("id", "!=", self.id),
            ],
            order="published_on desc, id desc",
        )
        moment = (self.published_on, self.id)
        return published.filtered(lambda v: (v.published_on, v.id) > moment)
