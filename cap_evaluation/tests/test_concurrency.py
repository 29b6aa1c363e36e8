"""Two people at once, in two real transactions that both began before either ended."""

from contextlib import closing

from psycopg2.errors import SerializationFailure, UniqueViolation

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import CapCommon


@tagged("post_install", "-at_install")
class TestConcurrency(CapCommon):
    """Records are committed for real, so that both transactions see them."""

    def setUp(self):
        super().setUp()
        with closing(self.registry.cursor()) as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})
            self.ids = self._make_committed(env)
            cr.commit()  # pylint: disable=invalid-commit
        self.addCleanup(self._delete_committed)  # runs last: both are closed by then
        self.mine = self._open_transaction()
        self.theirs = self._open_transaction()

    def _open_transaction(self):
        cr = self.registry.cursor()
        self.addCleanup(cr.close)
        return api.Environment(cr, SUPERUSER_ID, {"tracking_disable": True})

    def _make_committed(self, env):
        scale = env["cap.scale"].create({"code": "RACE", "name": "RACE"})
        env["cap.scale.level"].create(
            [{"scale_id": scale.id, "value": v, "name": str(v)} for v in (0, 1)]
        )
        referential = env["cap.referential"].create({"code": "RACE", "name": "RACE"})
        version = env["cap.referential.version"].create(
            {"referential_id": referential.id, "name": "1", "scale_id": scale.id}
        )
        made = {"": env["cap.objective"]}
        for code, kind in (
            ("1", "theme"),
            ("1.1", "subtheme"),
            ("1.1.1", "operational"),
            ("1.1.2", "operational"),
        ):
            made[code] = env["cap.objective"].create(
                {
                    "version_id": version.id,
                    "parent_id": made[code.rpartition(".")[0]].id,
                    "kind": kind,
                    "code": code,
                    "name": code,
                }
            )
        version.action_publish()
        partners = env["res.partner"].create(
            [{"name": "Under way", "is_company": True}]
            + [{"name": "Not begun", "is_company": True}]
        )
        evaluation = env["cap.evaluation"]._open_for_structures(partners[0], version)
        evaluation.action_start()
        following = version.action_new_edition()
        following.action_publish()
        self.line_ids = evaluation.line_ids.ids
        self.evaluation_id = evaluation.id
        return {
            "res_partner": partners.ids,
            "cap_objective": (
                following.objective_ids.ids[::-1] + version.objective_ids.ids[::-1]
            ),
            "cap_referential_version": (following | version).ids,
            "cap_referential": referential.ids,
            "cap_scale": scale.ids,
        }

    def _delete_committed(self):
        with closing(self.registry.cursor()) as cr:
            cr.execute(
                "DELETE FROM mail_message WHERE model = 'cap.referential.version' "
                "AND res_id IN %s OR model = 'cap.evaluation' AND res_id IN %s "
                "OR model = 'cap.campaign' AND res_id IN %s",
                [
                    tuple(self.ids["cap_referential_version"]),
                    (self.evaluation_id,),
                    tuple(self.ids.get("cap_campaign", [0])),
                ],
            )
            cr.execute(
                "DELETE FROM cap_evaluation WHERE partner_id IN %s",
                [tuple(self.ids["res_partner"])],
            )
            for table, ids in self.ids.items():
                cr.execute(f"DELETE FROM {table} WHERE id IN %s", [tuple(ids)])
            cr.commit()  # pylint: disable=invalid-commit

    def _make_campaign(self):
        """Return the id of a committed campaign of the two structures."""
        env = self._open_transaction()
        campaign = env["cap.campaign"].create(
            {
                "name": "Race",
                "version_id": self.ids["cap_referential_version"][0],
                "partner_ids": self.ids["res_partner"],
            }
        )
        env.cr.commit()
        return campaign.id

    @mute_logger("odoo.sql_db")
    def test_a_campaign_opened_many_times_at_once_opens_once(self):
        """Who comes during finds it held; who comes just after starts again."""
        self.ids = {"cap_campaign": [self._make_campaign()], **self.ids}
        mine, theirs = (
            env["cap.campaign"].browse(self.ids["cap_campaign"])
            for env in (self.mine, self.theirs)
        )
        mine.fetch(["name"])
        theirs.action_open()
        self.assertEqual(
            mine.action_open()["res_model"], "cap.evaluation", "Nothing to do, no error"
        )
        self.theirs.cr.commit()
        with self.assertRaises(SerializationFailure):
            mine.action_open()
        self.mine.cr.rollback()
        self.mine.invalidate_all()
        self.assertEqual(len(mine.evaluation_ids), 2)
        mine.action_open()
        self.mine.flush_all()
        mine.invalidate_recordset()
        self.assertEqual(len(mine.evaluation_ids), 2)
        self.mine.cr.rollback()

    def _line(self, env, rank=0):
        line = env["cap.evaluation.line"].browse(self.line_ids[rank])
        line.fetch(["level_id"])  # what a page has just shown
        return line

    @mute_logger("odoo.sql_db")
    def test_second_answer_on_a_line_is_retried_then_told(self):
        mine, theirs = self._line(self.mine), self._line(self.theirs)
        theirs.save_answer({"level": 0}, {})
        self.theirs.cr.commit()
        with self.assertRaises(SerializationFailure):
            mine.save_answer({"level": 1}, {})
            self.mine.flush_all()
        self.mine.cr.rollback()
        self.mine.invalidate_all()
        answer = self._line(self.mine).save_answer({"level": 1}, {})
        self.assertEqual((answer["status"], answer["line"]["level"]), ("conflict", 0))

    @mute_logger("odoo.sql_db")
    def test_no_answer_slips_into_an_evaluation_validated_meanwhile(self):
        mine, theirs = self._line(self.mine), self._line(self.theirs, 1)
        theirs.save_answer({"level": 0}, {})
        theirs.evaluation_id.action_validate()
        self.theirs.cr.commit()
        with self.assertRaises(SerializationFailure):
            mine.save_answer({"comment": "Too late"}, {})
        self.mine.cr.rollback()
        self.mine.invalidate_all()
        with self.assertRaisesRegex(UserError, "no longer changes"):
            self._line(self.mine).save_answer({"comment": "Too late"}, {})

    def _move(self, env):
        following = env["cap.referential.version"].browse(
            self.ids["cap_referential_version"][0]
        )
        evaluation = env["cap.evaluation"].browse(self.evaluation_id)
        evaluation._move_to_edition(following)
        return evaluation

    @mute_logger("odoo.sql_db")
    def test_an_answer_saved_while_its_evaluation_moves_is_not_lost(self):
        mine, theirs = self._line(self.mine), self._line(self.theirs)
        theirs.save_answer({"level": 1}, {})
        self.theirs.cr.commit()
        self.assertFalse(mine.level_id)
        with self.assertRaises(SerializationFailure):
            self._move(self.mine)
        self.mine.cr.rollback()
        self.mine.invalidate_all()
        evaluation = self._move(self.mine)
        self.assertEqual(evaluation.line_ids.mapped("level_id.value"), [1])

    @mute_logger("odoo.sql_db")
    def test_an_answer_sent_from_before_the_move_goes_on_its_line(self):
        mine = self._line(self.mine)
        self._move(self.theirs)
        self.theirs.cr.commit()
        with self.assertRaises(SerializationFailure):
            mine.save_answer({"level": 1}, {})
        self.mine.cr.rollback()
        self.mine.invalidate_all()
        answer = self._line(self.mine).save_answer({"level": 1}, {})
        self.assertEqual(answer["status"], "saved")

    @mute_logger("odoo.sql_db")
    def test_two_people_who_move_at_once_move_it_once(self):
        self._line(self.mine)
        self._move(self.theirs)
        self.theirs.cr.commit()
        with self.assertRaises(SerializationFailure):
            self._move(self.mine)
        self.mine.cr.rollback()
        self.mine.invalidate_all()
        with self.assertRaisesRegex(UserError, "not a later published edition"):
            self._move(self.mine)

    @mute_logger("odoo.sql_db")
    def test_two_people_who_start_at_once_get_one_evaluation(self):
        self._look_for_evaluation(self.mine)
        theirs = self._start(self.theirs)
        self.theirs.cr.commit()
        with self.assertRaises(UniqueViolation):
            self._start(self.mine)
        self.mine.cr.rollback()
        self.mine.invalidate_all()
        self.assertEqual(self._start(self.mine).id, theirs.id)

    def _look_for_evaluation(self, env):
        partner_id = self.ids["res_partner"][1]
        env["cap.evaluation"].search_count([("partner_id", "=", partner_id)])

    def _start(self, env):
        partner = env["res.partner"].browse(self.ids["res_partner"][1])
        version = env["cap.referential.version"].browse(
            self.ids["cap_referential_version"][0]
        )
        evaluation = env["cap.evaluation"]._open_for_structure(
            partner, env["res.partner"], version, env.company
        )
        evaluation.flush_recordset()
        return evaluation
