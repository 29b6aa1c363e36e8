import hashlib
import json

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Command

from ...kernel.tree import KINDS, get_copied_code, get_next_code
from ...tools.sent import read_ids, read_mapping, read_record

PLAIN_FIELDS = (
    "kind",
    "code",
    "name",
    "guidance",
    "footnote",
    "weight",
    "is_gate",
    "gate_level",
    "confirmed",
    "source",
)
# What an objective owns, copied with it
COPIED_FIELDS = ("indicator_ids", "descriptor_ids", "question_ids")
NOT_COPIED_FIELDS = {"child_ids", "successor_ids"}


class CapObjective(models.Model):
    """The moves of the editor: everything is an ordinary write, checked and frozen.

    ``seen`` is what the person had on screen. When it is no longer true, the change is
    refused with a sentence that says so, and nothing is written.
    """

    _inherit = "cap.objective"

    # ------------------------------------------------------------------ reading

    def _get_editor_node(self, indicators=None):
        """Return this objective as the editor shows it."""
        if indicators is None:
            indicators = self.indicator_ids
        node = {
            "id": self.id,
            "parent_id": self.parent_id.id,
            **{name: self[name] for name in PLAIN_FIELDS},
            "types": [[kind.id, kind.display_name] for kind in self.structure_type_ids],
            "offers": [[offer.id, offer.code, offer.name] for offer in self.offer_ids],
            "indicators": [[x.id, x.name, x.source or ""] for x in indicators],
        }
        return {**node, "token": get_token(node)}

    @api.readonly
    def get_editor_token(self):
        """Return the mark of what this objective says now."""
        self.ensure_one()
        self.check_access("read")
        return self._get_editor_node()["token"]

    def _get_branch(self):
        """Return this objective and all below it, in reading order."""
        self.ensure_one()
        return self.search(
            [("id", "child_of", self.id), ("version_id", "=", self.version_id.id)]
        )

    def _split_by_kind(self):
        """Return these objectives kind by kind, what holds before what is held."""
        by_kind = self.grouped("kind")
        return [by_kind[kind] for kind in KINDS if kind in by_kind]

    # ---------------------------------------------------------- two people at once

    def _raise_changed(self):
        raise UserError(
            self.env._(
                "Somebody else has just changed this part of the tree. Nothing of "
                "yours was written: read it as it is now, then do it again."
            )
        )

    @api.model
    def _check_seen(self, version, parent, seen):
        """Raise UserError unless ``seen`` is what ``parent`` now holds, in order."""
        now = self.search(
            [("version_id", "=", version.id), ("parent_id", "=", parent.id)]
        )
        if now.ids != read_ids(self.env, seen):
            self._raise_changed()

    def web_save(self, vals, specification, next_id=None):
        """Refuse to save a form opened from the editor on what has changed since."""
        seen = self.env.context.get("cap_editor_token")
        if seen and len(self) == 1 and self.get_editor_token() != seen:
            raise UserError(
                self.env._(
                    "Somebody else changed “%(objective)s” while you were editing it. "
                    "Copy what you typed, close this window and open it again: their "
                    "changes will be there.",
                    objective=self.display_name,
                )
            )
        saved = super().web_save(vals, specification, next_id=next_id)
        if seen and "parent_id" in vals:
            for version in self.version_id:
                version._renumber(version._get_ordered_objectives())
        return saved

    # -------------------------------------------------------------------- changes

    def action_move(self, parent_id, after_id, seen):
        """Put this objective, with all below it, elsewhere; return the tree.

        Its code does not change, nor do the others'.

        :param parent_id: what will hold it; False for a theme
        :param after_id: what it will follow there; False to come first
        :param dict seen: ``parent_id``, where it was on screen, and ``siblings``, the
            ids then below the new parent
        """
        self.ensure_one()
        version = self.version_id
        version._lock_content()
        parent = read_record(self, parent_id)
        seen = read_mapping(self.env, seen, ("parent_id", "siblings"))
        if self.parent_id != read_record(self, seen["parent_id"]):
            self._raise_changed()
        self._check_seen(version, parent, seen["siblings"])
        if self.parent_id != parent:
            self.parent_id = parent
        after = read_record(self, after_id)
        version._renumber(version._walk(self._place(parent, after.id)))
        return version.get_editor_tree()

    def _place(self, parent, after_id):
        """Return ``{parent: children}`` of the edition with this one at its place."""
        children = self.version_id._get_ordered_objectives().grouped("parent_id")
        siblings = [o for o in children.get(parent, self.browse()) if o != self]
        ids = [sibling.id for sibling in siblings]
        if after_id and after_id not in ids:
            self._raise_changed()
        rank = ids.index(after_id) + 1 if after_id else 0
        ids.insert(rank, self.id)
        return {**children, parent: self.browse(ids)}

    def action_duplicate(self):
        """Copy this objective with all below it, just after it.

        The copies take the next free codes and are proposals until confirmed. They
        continue the same objectives of earlier editions, which are then split: an
        answer goes to each.

        :return: the id of the copy, the tree, and ``told``, what to know of it
        """
        self.ensure_one()
        version = self.version_id
        version._lock_content()
        copied = self._copy_branch()
        version._renumber(version._walk(copied._place(copied.parent_id, self.id)))
        continued = self._get_branch().predecessor_ids
        told = self.env._(
            "It continues the same objectives of the earlier edition: when evaluations "
            "move, their answers go to both. If it is something new, empty “Comes "
            "from” (page “Editions” of its form)."
        )
        return {
            "id": copied.id,
            "tree": version.get_editor_tree(),
            "told": told if continued else "",
        }

    def _copy_branch(self):
        """Return the copy of this objective; what is below it is copied too."""
        groups = self._get_branch()._split_by_kind()
        codes = self._get_copied_codes([o for group in groups for o in group])
        copies = {}
        for sources in groups:
            vals_list = [
                {
                    **source._prepare_copy(codes[source]),
                    "parent_id": copies.get(source.parent_id, source.parent_id).id,
                }
                for source in sources
            ]
            copies.update(zip(sources, self.create(vals_list), strict=True))
        copies[self].name = self.env._("%(name)s (copy)", name=self.name)
        return copies[self]

    def _get_copied_codes(self, branch):
        """Return ``{objective: code of its copy}``, free and different.

        :param list branch: this objective, then what is below it, parents first
        """
        taken = set(self.version_id.objective_ids.mapped("code"))
        siblings = self.search(
            [
                ("version_id", "=", self.version_id.id),
                ("parent_id", "=", self.parent_id.id),
            ]
        )
        above = self.parent_id.code or ""
        codes = {self: get_next_code(above, siblings.mapped("code"), taken)}
        taken.add(codes[self])
        for objective in branch[1:]:
            code = get_copied_code(objective.code, self.code, codes[self])
            if not code or code in taken:
                code = get_next_code(codes[objective.parent_id], [], taken)
            codes[objective] = code
            taken.add(code)
        return codes

    def _prepare_copy(self, code):
        """Return the values of a copy of this objective, with what it owns."""
        values = self.copy_data()[0]
        for name in COPIED_FIELDS:
            inverse = self._fields[name].inverse_name
            values[name] = [
                Command.create({k: v for k, v in vals.items() if k != inverse})
                for vals in self[name].copy_data()
            ]
        values.update(
            code=code,
            confirmed=False,
            source=False,
            predecessor_ids=[Command.set(self.predecessor_ids.ids)],
        )
        return {k: v for k, v in values.items() if k not in NOT_COPIED_FIELDS}

    @api.model
    def _get_owned_texts(self):
        """Return ``{field: sentence}`` for what is deleted with an objective."""
        return {
            "indicator_ids": self.env._("Indicators: %s"),
            "descriptor_ids": self.env._("Levels in words: %s"),
            "question_ids": self.env._("Plain questions: %s"),
            "mapping_ids": self.env._("Crosswalk links from it: %s"),
            "reverse_mapping_ids": self.env._("Crosswalk links to it: %s"),
        }

    def get_deletion_notice(self):
        """Return what would be deleted with this objective.

        :return: ``ids`` of the objectives, and ``told``, sentences
        """
        self.ensure_one()
        branch = self._get_branch()
        told = []
        if len(branch) > 1:
            told.append(self.env._("Objectives below it: %s", len(branch) - 1))
        told += [
            text % len(branch[name])
            for name, text in self._get_owned_texts().items()
            if branch[name]
        ]
        told += branch._tell_answers_set_aside()
        return {"ids": branch.ids, "told": told}

    def _tell_answers_set_aside(self):
        """Return what becomes of answers given where only these objectives go on."""
        version = self.version_id
        latest = version.referential_id._get_latest_editions()
        origin = latest.get(version.referential_id)
        if not origin or origin == version:
            return []
        followed = version._get_successors(origin)
        lost = [old for old, new in followed.items() if set(new) <= set(self.ids)]
        if not lost:
            return []
        return [
            self.env._(
                "When evaluations move from “%(edition)s”, their answers to these "
                "objectives will be kept aside: %(codes)s",
                edition=origin.display_name,
                codes=", ".join(self.browse(lost).mapped("code")),
            )
        ]

    def action_delete(self, seen):
        """Delete this objective and all below it; return the tree.

        :param list seen: the ids that the person agreed to delete
        """
        self.ensure_one()
        version = self.version_id
        version._lock_content()
        branch = self._get_branch()
        if set(branch.ids) != set(read_ids(self.env, seen)):
            self._raise_changed()
        for objectives in reversed(branch._split_by_kind()):
            objectives.unlink()
        version._renumber(version._get_ordered_objectives())
        return version.get_editor_tree()


def get_token(content) -> str:
    """Return a short mark of ``content`` that changes when it does."""
    text = json.dumps(content, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
