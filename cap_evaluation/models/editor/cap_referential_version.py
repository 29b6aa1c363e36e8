from odoo import api, models
from odoo.tools import SQL

from ...kernel.tree import KINDS, PARENTS, get_next_code
from ...tools.sent import read_mapping, read_record, refuse
from .cap_objective import PLAIN_FIELDS


class CapReferentialVersion(models.Model):
    """What the editor of a référentiel reads, and the order it keeps.

    The screen holds the whole tree (:meth:`get_editor_tree`, a constant number of
    queries). Every change is one call, made under the user's own rights, that answers
    with the tree as it has become. A change first touches the edition
    (:meth:`_lock_content`): of two people who reorder at once, one waits, then is told
    when what they saw is no longer true.
    """

    _inherit = "cap.referential.version"

    def action_open_editor(self):
        """Open the content of this edition as one tree, on one screen."""
        self.ensure_one()
        action = self.env["ir.actions.client"]._for_xml_id(
            "cap_evaluation.cap_referential_editor_action"
        )
        action["context"] = {"active_id": self.id, "active_model": self._name}
        return action

    @api.readonly
    def get_editor_tree(self):
        """Return all that the editor shows of this edition.

        ``nodes`` come in reading order. Each carries a ``token`` that changes with
        its content, to be sent back when it is edited, and the ``next_code`` free
        below it.
        """
        self.ensure_one()
        self.check_access("read")
        nodes = self._get_editor_nodes()
        taken = {node["code"] for node in nodes}
        codes = {}
        for node in nodes:
            codes.setdefault(node["parent_id"], []).append(node["code"])
        for node in nodes:
            below = codes.get(node["id"], [])
            node["next_code"] = get_next_code(node["code"], below, taken)
        kind = self.env["cap.objective"]._fields["kind"]
        return {
            "id": self.id,
            "name": self.display_name,
            "state": self.state,
            "can_edit": self.state == "draft" and self.has_access("write"),
            "kinds": dict(kind._description_selection(self.env)),
            "parent_kinds": PARENTS,
            "grammar": self.env["cap.objective"]._tell_grammar(),
            "next_code": get_next_code("", codes.get(False, []), taken),
            "nodes": nodes,
        }

    def _get_editor_nodes(self):
        objectives = self._get_ordered_objectives()
        indicators = self.env["cap.objective.indicator"].search_fetch(
            [("objective_id.version_id", "=", self.id)],
            ["objective_id", "name", "source"],
        )
        below = indicators.grouped("objective_id")
        return [o._get_editor_node(below.get(o, indicators[:0])) for o in objectives]

    def _get_ordered_objectives(self):
        """Return the objectives of this edition in reading order: each parent, then
        all that it holds."""
        objectives = self.env["cap.objective"].search_fetch(
            [("version_id", "=", self.id)],
            [*PLAIN_FIELDS, "sequence", "parent_id", "offer_ids", "structure_type_ids"],
        )
        children = objectives.grouped("parent_id")
        return self._walk(children)

    def _walk(self, children):
        """Return the objectives of ``{parent: children}`` in reading order."""
        none = self.env["cap.objective"]
        ids, pending = [], list(reversed(children.get(none, none)))
        while pending:
            objective = pending.pop()
            ids.append(objective.id)
            pending.extend(reversed(children.get(objective, none)))
        return none.browse(ids)

    def _lock_content(self):
        """Make changes of this edition's tree wait for one another.

        :raise AccessError, UserError: to who may not write, or on a published edition
        """
        self.ensure_one()
        self.check_access("write")
        self._check_draft()
        self.env.cr.execute(
            SQL(
                "UPDATE cap_referential_version SET write_date = %s, write_uid = %s"
                " WHERE id = %s",
                self.env.cr.now(),
                self.env.uid,
                self.id,
            )
        )
        self.invalidate_recordset(["write_date", "write_uid"], flush=False)

    def _renumber(self, objectives):
        """Write the rank of each of ``objectives``, which are all of this edition's.

        Only ranks change, never codes. The ranks that stay are not written.
        """
        for rank, objective in enumerate(objectives, 1):
            if objective.sequence != rank:
                objective.sequence = rank
        objectives.flush_recordset(["sequence"])
        objectives.invalidate_recordset(["child_ids"])

    def action_add_objective(self, values, seen):
        """Add an objective at the end of its parent; return its id and the tree.

        :param dict values: ``parent_id`` (False for a theme), ``kind``, ``code`` and
            ``name``
        :param list seen: ids below that parent, as the screen showed them
        """
        self._lock_content()
        objectives = self.env["cap.objective"]
        values = read_mapping(self.env, values, ("parent_id", "kind"), ("code", "name"))
        parent = read_record(objectives, values["parent_id"])
        objectives._check_seen(self, parent, seen)
        if values["kind"] not in KINDS:
            refuse(self.env)
        added = objectives.create(
            {
                **values,
                "parent_id": parent.id,
                "version_id": self.id,
                "sequence": max(self.objective_ids.mapped("sequence"), default=0) + 1,
            }
        )
        self._renumber(self._get_ordered_objectives())
        return {"id": added.id, "tree": self.get_editor_tree()}
