"""A CAP from the first click to the network's report, in a real browser.

Four people, each with their own account: the network's manager, a structure's pilot,
the animator of its region, and the pilot of another structure, who must see nothing.
"""

import datetime as dt
import io
import zipfile

from pypdf import PdfReader

from odoo import fields
from odoo.tests import HttpCase, tagged

from odoo.addons.cap_evaluation.tests.common import CapCommon


@tagged("post_install", "-at_install")
class TestJourney(CapCommon, HttpCase):
    @classmethod
    def make_version(cls, *args, **kwargs):
        """The journey starts from an empty database: its manager loads the CAP."""
        versions = cls.env["cap.referential.version"]
        assert not versions.search_count([]), "the journey wants an empty database"
        return versions

    def test_journey(self):
        self.load_and_publish()
        self.open_campaign()
        self.evaluate()
        self.print_photographie()
        self.plan_and_book()
        self.follow_own_region()
        self.meet_closed_doors()
        self.report_the_network()

    # ------------------------------------------------- 1. the manager's référentiel

    def load_and_publish(self):
        self.start_tour(
            "/odoo/action-cap_evaluation.cap_referential_version_action",
            "cap_journey_manager_loads",
            login="cap_manager",
        )
        self.version = self.env["cap.referential.version"].search([])
        self.assertEqual(self.version.display_name, "CAP 2026")
        self.assertEqual(self.version.state, "published")
        self.assertEqual(self.version.objective_count, 72)

    def open_campaign(self):
        campaign = self.env["cap.campaign"].create(
            {
                "name": "CAP 2026",
                "version_id": self.version.id,
                "partner_ids": (self.structure | self.other_structure).ids,
                "animator_id": self.user_manager.id,
            }
        )
        self.start_tour(
            f"/odoo/cap.campaign/{campaign.id}",
            "cap_journey_manager_opens",
            login="cap_manager",
        )
        self.assertEqual(len(campaign.evaluation_ids.line_ids), 2 * 72)
        self.evaluation = self.structure.cap_evaluation_ids

    # --------------------------------------------- 2. and 3. the pilot's evaluation

    def evaluate(self):
        self.start_tour("/my/cap", "cap_journey_pilot_evaluates", login="cap_pilot")
        self.evaluation.invalidate_recordset()
        self.assertEqual(self.evaluation.state, "validated")
        self.assertEqual(self.evaluation.region_id, self.region_a)
        (total,) = self.evaluation.get_scores("all")
        self.assertAlmostEqual(total["score"], 100 / 6)
        self.assertEqual((total["scored"], total["applicable"]), (2, 72))

    def print_photographie(self):
        self.env["ir.config_parameter"].set_param("report.url", self.base_url())
        self.render_for_real()
        self.authenticate("cap_pilot", "cap_pilot")
        response = self.url_open(f"/my/cap/{self.evaluation.id}/pdf", timeout=60)
        self.assertEqual(response.headers["Content-Type"], "application/pdf")
        pages = PdfReader(io.BytesIO(response.content)).pages
        text = " ".join(" ".join(page.extract_text() for page in pages).split())
        self.assertIn(self.structure.name, text)
        self.assertIn("Décidé à l'oral", text)

    def render_for_real(self):
        """Tests get HTML for a PDF unless they ask; a request cannot ask."""
        reports = self.registry["ir.actions.report"]
        render = reports._render_qweb_pdf

        def render_for_real(records, *args, **kwargs):
            real = records.with_context(force_report_rendering=True)
            return render(real, *args, **kwargs)

        self.patch(reports, "_render_qweb_pdf", render_for_real)

    # ------------------------------------------------------ 4. the pilot's progress

    def plan_and_book(self):
        line = self.get_line(self.evaluation, "1.1.1.1")
        session = self.env["event.event"].create(
            {
                "name": "Gouvernance",
                "cap_offer_id": line.objective_id.offer_ids.id,
                "date_begin": fields.Datetime.now() + dt.timedelta(days=30),
                "date_end": fields.Datetime.now() + dt.timedelta(days=31),
                "seats_limited": True,
                "seats_max": 1,
            }
        )
        self.start_tour(
            f"/my/cap/{self.evaluation.id}/plan",
            "cap_journey_pilot_plans",
            login="cap_pilot",
        )
        task = self.evaluation.project_id.task_ids
        self.assertEqual(task.name, "Tenir un relevé d'une page")
        self.assertEqual(task.cap_objective_id, line.objective_id)
        self.assertEqual(task.cap_offer_ids, line.objective_id.offer_ids)
        self.assertEqual(session.registration_ids.cap_task_id, task)
        self.assertEqual(session.seats_available, 0)
        self.assertEqual(self.evaluation.action_generate_plan().task_ids, task)

    # ------------------------------------------ what each sees, and what they do not

    def follow_own_region(self):
        self.start_tour(
            "/odoo/action-cap_evaluation.cap_evaluation_action",
            "cap_journey_animator_follows",
            login="cap_animator",
        )

    def meet_closed_doors(self):
        """To another structure's pilot, this CAP is a page that does not exist."""
        self.authenticate("cap_other_pilot", "cap_other_pilot")
        for page in ("", "/results", "/pdf", "/plan", "/position"):
            url = f"/my/cap/{self.evaluation.id}{page}"
            nowhere = f"/my/cap/{self.evaluation.id + 999}{page}"
            with self.subTest(page=page):
                self.assertEqual(self.url_open(url).status_code, 404)
                self.assertEqual(self.url_open(nowhere).status_code, 404)
        self.assertNotIn(self.structure.name, self.url_open("/my/cap").text)

    # -------------------------------------------------------- 5. the network's report

    def report_the_network(self):
        self.start_tour(
            "/odoo/action-cap_network_report.cap_network_line_action",
            "cap_journey_manager_reports",
            login="cap_manager",
        )
        self.check_workbook()
        self.check_position_is_refused()

    def check_workbook(self):
        workbook = (
            self.env["cap.network.workbook"].with_user(self.user_manager).create({})
        )
        self.authenticate("cap_manager", "cap_manager")
        response = self.url_open(workbook.action_download()["url"])
        with zipfile.ZipFile(io.BytesIO(response.content)) as archive:
            charts = [n for n in archive.namelist() if n.startswith("xl/charts/chart")]
            self.assertEqual(len(charts), 1)
            self.assertIn(b"radarChart", archive.read(charts[0]))

    def check_position_is_refused(self):
        """One structure is no network: nothing is shown under five."""
        positions = self.env["cap.position"].with_user(self.user_manager)
        objective = self.get_line(self.evaluation, "1.1.1.1").objective_id
        position = positions.get_position(objective, {"year": self.evaluation.year})
        self.assertFalse(position["shown"])
        self.assertTrue(position["reason"])
        self.assertNotIn("mean", position)
