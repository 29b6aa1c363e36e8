import doctest
from contextlib import closing

from psycopg2.errors import SerializationFailure

from odoo import SUPERUSER_ID, api
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from odoo.addons.cap_evaluation.kernel import tree as codes

from .common import CapCommon

LARGE_QUERIES = 14  # whatever the number of objectives


class EditorCommon(CapCommon):
    """A draft edition and the few gestures of who edits it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draft = cls.make_version(name="2027", publish=False)
        cls.manager = cls.draft.with_user(cls.user_manager)
        cls.nodes = {o.code: o for o in cls.manager.objective_ids}

    def read_order(self, tree=None):
        tree = tree or self.manager.get_editor_tree()
        return [node["code"] for node in tree["nodes"]]

    def see(self, code, parent=None):
        """Return what a screen shows before ``code`` goes below ``parent``."""
        objective = self.nodes[code]
        below = self.manager.objective_ids.filtered(
            lambda o: (o.parent_id.code or None) == parent
        )
        return {
            "parent_id": objective.parent_id.id,
            "siblings": below.sorted("sequence").ids,
        }

    def move(self, code, parent, after=None, seen=None):
        """Move ``code`` below ``parent``, after ``after``; codes all."""
        return self.nodes[code].action_move(
            self.nodes[parent].id if parent else False,
            self.nodes[after].id if after else False,
            seen or self.see(code, parent),
        )


@tagged("post_install", "-at_install")
class TestEditorTree(EditorCommon):
    def test_what_the_screen_reads(self):
        objective = self.nodes["1.1.1.1"]
        objective.write({"weight": 2, "footnote": "A word", "confirmed": True})
        self.env["cap.objective.indicator"].create(
            {"objective_id": objective.id, "name": "Minutes"}
        )
        tree = self.manager.get_editor_tree()
        node = next(n for n in tree["nodes"] if n["code"] == "1.1.1.1")
        self.assertEqual(tree["state"], "draft")
        self.assertTrue(tree["can_edit"])
        self.assertEqual(tree["kinds"]["general"], "General objective")
        self.assertEqual(node["parent_id"], self.nodes["1.1.1"].id)
        self.assertEqual([name for _id, name, _s in node["indicators"]], ["Minutes"])
        self.assertEqual((node["weight"], node["footnote"]), (2, "A word"))
        self.assertTrue(node["confirmed"])

    def test_next_codes(self):
        tree = self.manager.get_editor_tree()
        proposed = {node["code"]: node["next_code"] for node in tree["nodes"]}
        self.assertEqual(tree["next_code"], "3")
        self.assertEqual(proposed["1.1.1"], "1.1.1.3")
        self.assertEqual(proposed["1"], "1.3")
        self.assertEqual(doctest.testmod(codes).failed, 0)

    def test_queries_do_not_grow(self):
        """2,000 objectives cost as many queries as 14."""
        self.nodes["1.1.1"].flush_recordset()
        self.env["cap.objective"].create(
            [
                {
                    "version_id": self.draft.id,
                    "parent_id": self.nodes["1.1.1"].id,
                    "kind": "operational",
                    "code": f"1.1.1.{number}",
                    "name": f"Objective {number}",
                    "sequence": 100 + number,
                    "indicator_ids": [(0, 0, {"name": "One"}), (0, 0, {"name": "Two"})],
                }
                for number in range(3, 2003)
            ]
        )
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(LARGE_QUERIES):
            tree = self.draft.get_editor_tree()
        self.assertEqual(len(tree["nodes"]), 2014)

    def test_token_follows_content(self):
        objective = self.nodes["1.1.1.1"]
        before = objective.get_editor_token()
        objective.sequence = 99
        self.assertEqual(objective.get_editor_token(), before)
        objective.name = "Other words"
        after = objective.get_editor_token()
        self.assertNotEqual(after, before)
        objective.indicator_ids = [(0, 0, {"name": "New"})]
        self.assertNotEqual(objective.get_editor_token(), after)


@tagged("post_install", "-at_install")
class TestEditorMoves(EditorCommon):
    def test_reorder_keeps_every_code(self):
        order = self.read_order(self.move("1.1.1.2", "1.1.1"))
        self.assertEqual(order[3:5], ["1.1.1.2", "1.1.1.1"])
        self.assertEqual(sorted(order), sorted(self.nodes))
        ranks = self.draft.objective_ids.sorted("sequence").mapped("sequence")
        self.assertEqual(ranks, list(range(1, 15)))

    def test_move_a_branch_elsewhere(self):
        order = self.read_order(self.move("1.1.1", "2.1", "2.1.1"))
        self.assertEqual(order[-3:], ["1.1.1", "1.1.1.1", "1.1.1.2"])
        moved = self.nodes["1.1.1.1"]
        self.assertEqual(moved.theme_id, self.nodes["2"])
        self.assertEqual(moved.subtheme_id, self.nodes["2.1"])

    def test_themes_reorder(self):
        order = self.read_order(self.move("2", None))
        self.assertEqual(order[:2], ["2", "2.1"])

    def test_a_place_that_the_kind_refuses(self):
        with self.assertRaisesRegex(ValidationError, "not in its place"):
            self.move("1.1.1.1", "2")

    def test_two_people_at_once(self):
        stale = self.see("1.1.1.2", "1.1.1")
        self.move("1.2.1.1", "1.1.1", "1.1.1.1")
        order = self.read_order()
        with self.assertRaisesRegex(UserError, "Somebody else"):
            self.move("1.1.1.2", "1.1.1", seen=stale)
        self.assertEqual(self.read_order(), order)

    def test_moved_away_meanwhile(self):
        stale = self.see("1.1.1.2", "2.1.1")
        self.move("1.1.1.2", "1.2.1")
        with self.assertRaisesRegex(UserError, "Somebody else"):
            self.move("1.1.1.2", "2.1.1", seen=stale)

    def test_only_changed_ranks_are_written(self):
        other = self.nodes["2.1.1.2"]
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE cap_objective SET write_date = '2020-01-01' WHERE id = %s",
            [other.id],
        )
        self.env.invalidate_all()
        self.move("1.1.1.2", "1.1.1")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(other.write_date.year, 2020)


@tagged("post_install", "-at_install")
class TestEditorChanges(EditorCommon):
    def add(self, parent, kind, code, name="New", seen=None):
        if seen is None:
            seen = self.see("1", parent)["siblings"]
        return self.manager.action_add_objective(
            {
                "parent_id": self.nodes[parent].id if parent else False,
                "kind": kind,
                "code": code,
                "name": name,
                "confirmed": True,
            },
            seen,
        )

    def test_add_below(self):
        answer = self.add("1.1.1", "operational", "1.1.1.3")
        order = self.read_order(answer["tree"])
        self.assertEqual(order[3:6], ["1.1.1.1", "1.1.1.2", "1.1.1.3"])
        added = self.env["cap.objective"].browse(answer["id"])
        self.assertFalse(added.confirmed, "a proposal, whatever was sent")
        self.assertEqual(self.read_order(self.add(None, "theme", "3")["tree"])[-1], "3")

    def test_add_what_somebody_just_added(self):
        stale = self.see("1", "1.1.1")["siblings"]
        self.add("1.1.1", "operational", "1.1.1.3")
        with self.assertRaisesRegex(UserError, "Somebody else"):
            self.add("1.1.1", "operational", "1.1.1.4", seen=stale)

    def test_duplicate_a_branch(self):
        source = self.nodes["1.1.1.1"]
        source.write({"confirmed": True, "source": "CAP 2026"})
        source.indicator_ids = [(0, 0, {"name": "Minutes"})]
        answer = self.nodes["1.1"].action_duplicate()
        order = self.read_order(answer["tree"])
        self.assertEqual(
            order[:9],
            ["1", "1.1", "1.1.1", "1.1.1.1", "1.1.1.2"]
            + ["1.3", "1.3.1", "1.3.1.1", "1.3.1.2"],
        )
        copied = self.draft.objective_ids.filtered(lambda o: o.code == "1.3.1.1")
        self.assertEqual(copied.indicator_ids.mapped("name"), ["Minutes"])
        self.assertFalse(copied.confirmed or copied.source)
        self.assertEqual(copied.subtheme_id.name, "Values (copy)")
        self.assertEqual(copied.name, source.name)

    def test_delete_says_what_goes(self):
        self.nodes["1.1.1.1"].indicator_ids = [(0, 0, {"name": "Minutes"})]
        notice = self.nodes["1.1"].get_deletion_notice()
        self.assertEqual(len(notice["ids"]), 4)
        self.assertEqual(
            notice["told"][:2], ["Objectives below it: 3", "Indicators: 1"]
        )
        order = self.read_order(self.nodes["1.1"].action_delete(notice["ids"]))
        self.assertEqual(order[:2], ["1", "1.2"])
        ranks = self.draft.objective_ids.mapped("sequence")
        self.assertEqual(sorted(ranks), list(range(1, 11)))

    def test_delete_what_grew_meanwhile(self):
        notice = self.nodes["1.1"].get_deletion_notice()
        self.add("1.1.1", "operational", "1.1.1.3")
        with self.assertRaisesRegex(UserError, "Somebody else"):
            self.nodes["1.1"].action_delete(notice["ids"])

    def test_form_on_what_changed_meanwhile(self):
        objective = self.nodes["1.1.1.1"]
        token = objective.get_editor_token()
        form = objective.with_context(cap_editor_token=token)
        form.web_save({"name": "Mine"}, {"name": {}})
        self.assertEqual(objective.name, "Mine")
        with self.assertRaisesRegex(UserError, "while you were editing"):
            form.web_save({"name": "Mine again"}, {"name": {}})
        self.assertEqual(objective.name, "Mine")

    def test_form_that_changes_the_parent(self):
        objective = self.nodes["1.1.1.1"]
        form = objective.with_context(cap_editor_token=objective.get_editor_token())
        form.web_save({"parent_id": self.nodes["2.1.1"].id}, {})
        ranks = self.draft.objective_ids.sorted("sequence").mapped("code")
        self.assertEqual(ranks, self.read_order())


@tagged("post_install", "-at_install")
class TestEditorAccess(EditorCommon):
    def get_changes(self, version):
        """Return every change of the editor on ``version``, as ``{name: call}``."""
        found = {o.code: o for o in version.sudo().objective_ids}
        node = found["1.1.1.2"].with_env(version.env)
        siblings = [found["1.1.1.1"].id, node.id]
        parent_id = found["1.1.1"].id
        seen = {"parent_id": parent_id, "siblings": siblings}
        values = {
            "parent_id": parent_id,
            "kind": "operational",
            "code": "1.1.1.9",
            "name": "New",
        }
        return {
            "move": lambda: node.action_move(parent_id, False, seen),
            "add": lambda: version.action_add_objective(values, siblings),
            "duplicate": node.action_duplicate,
            "delete": lambda: node.action_delete(node.ids),
            "edit": lambda: node.web_save({"name": "Changed"}, {}),
        }

    def test_published_is_read_only(self):
        version = self.version.with_user(self.user_manager)
        self.assertFalse(version.get_editor_tree()["can_edit"])
        for name, change in self.get_changes(version).items():
            with self.subTest(name), self.assertRaisesRegex(UserError, "published"):
                change()

    def test_only_managers_change_anything(self):
        for user in (self.user_animator, self.user_employee, self.user_pilot):
            for name, change in self.get_changes(self.draft.with_user(user)).items():
                with self.subTest(f"{user.login} {name}"):
                    self.assertRaises(AccessError, change)
        for name, change in self.get_changes(self.manager).items():
            with self.subTest(name), self.env.cr.savepoint() as savepoint:
                change()
                savepoint.rollback()
                self.env.invalidate_all()

    def test_drafts_are_read_by_managers_only(self):
        for user in (self.user_animator, self.user_employee, self.user_pilot):
            with self.subTest(user.login):
                self.assertRaises(
                    AccessError, self.draft.with_user(user).get_editor_tree
                )
                tree = self.version.with_user(user).get_editor_tree()
                self.assertEqual(len(tree["nodes"]), 14)
                self.assertFalse(tree["can_edit"])

    def test_the_button_opens_the_editor(self):
        action = self.manager.action_open_editor()
        self.assertEqual(action["tag"], "cap_referential_editor")
        self.assertEqual(action["context"]["active_id"], self.draft.id)


@tagged("post_install", "-at_install")
class TestPreview(EditorCommon, HttpCase):
    def open(self, login, code, version=None):
        objective = (version or self.draft).objective_ids.filtered(
            lambda o: o.code == code
        )
        self.authenticate(login, login)
        return self.url_open(f"/cap/preview/{objective.id}")

    def test_as_the_pilot_sees_it(self):
        self.nodes["1.1.1.1"].write({"guidance": "Look : at the minutes"})
        page = self.open("cap_manager", "1.1.1.1")
        self.assertEqual(page.status_code, 200)
        for words in ("Decisions are known to all", "at the minutes", "In place"):
            self.assertIn(words, page.text)
        self.assertIn("inert", page.text)

    def test_a_theme_has_its_page_too(self):
        self.assertIn("Identity", self.open("cap_manager", "1").text)

    def test_a_draft_is_for_managers(self):
        for login in ("cap_animator", "cap_employee", "cap_pilot"):
            with self.subTest(login):
                self.assertEqual(self.open(login, "1.1.1.1").status_code, 404)
        page = self.open("cap_pilot", "1.1.1.1", self.version)
        self.assertEqual(page.status_code, 200)


@tagged("post_install", "-at_install")
class TestEditorTransactions(CapCommon):
    """Two people in two real transactions that began before either ended."""

    def setUp(self):
        super().setUp()
        with closing(self.registry.cursor()) as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            self.version_id = self._make_committed(env).id
            cr.commit()  # pylint: disable=invalid-commit
        self.addCleanup(self._delete_committed)
        self.mine = self._open_transaction()
        self.theirs = self._open_transaction()

    def _make_committed(self, env):
        scale = env["cap.scale"].create({"code": "TWO", "name": "TWO"})
        referential = env["cap.referential"].create({"code": "TWO", "name": "TWO"})
        version = env["cap.referential.version"].create(
            {"referential_id": referential.id, "name": "1", "scale_id": scale.id}
        )
        for code in "1234":
            version.action_add_objective(
                {"kind": "theme", "code": code, "name": code}, version.objective_ids.ids
            )
        return version

    def _delete_committed(self):
        with closing(self.registry.cursor()) as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            version = env["cap.referential.version"].browse(self.version_id)
            referential, scale = version.referential_id, version.scale_id
            version.objective_ids.unlink()
            for records in (version, referential, scale):
                records.unlink()
            cr.commit()  # pylint: disable=invalid-commit

    def _open_transaction(self):
        cr = self.registry.cursor()
        self.addCleanup(cr.close)
        env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
        return env["cap.referential.version"].browse(self.version_id)

    def move(self, version, code, after, seen):
        """Move a theme after another one, on a screen that shows ``seen``."""
        ids = {o.code: o.id for o in version.objective_ids}
        theme = version.env["cap.objective"].browse(ids[code])
        shown = {"parent_id": False, "siblings": seen}
        theme.action_move(False, ids.get(after, False), shown)

    def test_the_second_is_told(self):
        """Even when the two moves touch different rows."""
        seen = self.mine.objective_ids.ids
        self.assertEqual(self.theirs.objective_ids.ids, seen)
        self.move(self.mine, "2", None, seen)
        self.mine.env.cr.commit()  # pylint: disable=invalid-commit
        with mute_logger("odoo.sql_db"), self.assertRaises(SerializationFailure):
            self.move(self.theirs, "4", "2", seen)
        self.theirs.env.cr.rollback()  # then Odoo tries again by itself
        self.theirs.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "Somebody else"):
            self.move(self.theirs, "4", "2", seen)


@tagged("post_install", "-at_install")
class TestEditorLineage(EditorCommon):
    """What duplicating and deleting mean for the evaluations that will move."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.draft = cls.version.action_new_edition("2028")
        cls.manager = cls.draft.with_user(cls.user_manager)
        cls.nodes = {o.code: o for o in cls.manager.objective_ids}

    def test_a_copy_splits_what_it_copies(self):
        answer = self.nodes["1.1.1.1"].action_duplicate()
        copied = self.env["cap.objective"].browse(answer["id"])
        old = self.objectives["1.1.1.1"]
        self.assertEqual(copied.predecessor_ids, old)
        self.assertIn("answers go to both", answer["told"])
        followed = self.draft._get_successors(self.version)
        self.assertEqual(set(followed[old.id]), {self.nodes["1.1.1.1"].id, copied.id})
        copied.predecessor_ids = False
        self.assertEqual(
            copied.with_user(self.user_manager).action_duplicate()["told"], ""
        )

    def test_deleting_says_whose_answers_are_kept_aside(self):
        told = "\n".join(self.nodes["1.1.1"].get_deletion_notice()["told"])
        self.assertIn("kept aside: 1.1.1.1, 1.1.1.2", told)
        self.nodes["1.1.1.1"].action_duplicate()
        told = self.nodes["1.1.1.1"].get_deletion_notice()["told"]
        self.assertNotIn("kept aside", "\n".join(told), "the copy goes on")
