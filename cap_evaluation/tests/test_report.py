import io
from urllib.parse import unquote

from pypdf import PdfReader

from odoo.tests import HttpCase, tagged
from odoo.tools.safe_eval import safe_eval

from .common import CapCommon

NOW = (0x22, 0x36, 0x6F)
REPORT = "cap_evaluation.action_report_photographie"


@tagged("post_install", "-at_install")
class TestPhotographieReport(CapCommon, HttpCase):
    """The PDF, rendered for real: its text can be searched and copied."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.structure.name = "L'Atelier d'Été à Nîmes"
        cls.evaluation = cls.make_evaluation(levels={"1.1.1.1": 0, "2.1.1.1": 3})

    def open_pdf(self, evaluations):
        """Return the PDF of these evaluations, rendered for real."""
        report = self.env["ir.actions.report"].with_context(force_report_rendering=True)
        self.env["ir.config_parameter"].set_param("report.url", self.base_url())
        content, kind = report._render_qweb_pdf(REPORT, evaluations.ids)
        self.assertEqual(kind, "pdf")
        return PdfReader(io.BytesIO(content))

    def read_pages(self, evaluations):
        """Return the text of each page."""
        pages = self.open_pdf(evaluations).pages
        return [" ".join(page.extract_text().split()) for page in pages]

    def render(self, evaluations):
        """Return the text of all the pages."""
        return " ".join(self.read_pages(evaluations))

    def measure(self, evaluations):
        """Return the sizes of the letters in points, and the filled rectangles as
        ``(left, right, colour)``, whole points from the left of the page."""
        sizes, bars = set(), []
        paint = [None]  # each page sets its colour before it draws
        for page in self.open_pdf(evaluations).pages:

            def read_text(text, matrix, text_matrix, _font, size):
                if text.strip():
                    scale = abs(text_matrix[3] or text_matrix[1])
                    sizes.add(round(size * scale * abs(matrix[3]), 1))

            def read_shape(operator, values, matrix, _text_matrix):
                if operator in (b"rg", b"scn", b"sc"):
                    paint[0] = tuple(round(float(v) * 255) for v in values[:3])
                elif operator == b"re":
                    left, _bottom, width, _height = map(float, values)
                    edges = [x * matrix[0] + matrix[4] for x in (left, left + width)]
                    bars.append((*map(round, edges), paint[0]))

            page.extract_text(visitor_text=read_text, visitor_operand_before=read_shape)
        return sizes, bars

    def test_text_with_its_accents(self):
        self.get_line(
            self.evaluation, "1.1.1.1"
        ).comment = "Décidé à l'oral, cœur d'été"
        text = self.render(self.evaluation)
        for expected in (
            "L'Atelier d'Été à Nîmes",
            "Décidé à l'oral, cœur d'été",
            "1.1.1.1 Decisions are known to all",
            "Too few objectives are scored to say where the structure stands.",
            "100%",
            "Objectives scored: 2 of 6.",
            "self-assessment",
        ):
            self.assertIn(expected, text)

    def test_a_proposal_is_said_until_it_is_confirmed(self):
        """Once for all the objectives, not on each of 72 rows."""
        leaves = self.evaluation.line_ids.objective_id
        told = "The wordings are proposals, until COORACE confirms them"
        self.assertEqual(self.render(self.evaluation).count(told), 1)
        leaves[0].action_confirm_wording()
        self.assertIn(f"{told}, except: 1.1.1.1.", self.render(self.evaluation))
        leaves[1:4].action_confirm_wording()
        told = "Proposed wordings, until COORACE confirms them: 2.1.1.1, 2.1.1.2."
        self.assertIn(told, self.render(self.evaluation))
        leaves.action_confirm_wording()
        self.assertNotIn("until COORACE confirms", self.render(self.evaluation))

    def test_path_and_priorities(self):
        line = self.get_line(self.evaluation, "1.1.1.1")
        line.write({"progress_action": "yes", "progress_comment": "Write them down"})
        self.validate(self.evaluation, on="2024-03-01")
        following = self.evaluation.action_start_next()
        self.set_levels(following, {"1.1.1.1": 3})
        self.assertIn("Write them down", self.render(self.evaluation))
        text = self.render(following)
        self.assertIn("The path since the first CAP", text)
        self.assertIn("CAP 2024", text)

    def test_no_priority_is_cut_between_two_pages(self):
        tree = {
            "1": ("theme", "T"),
            "1.1": ("subtheme", "S"),
            "1.1.1": ("general", "G"),
        }
        tree.update({f"1.1.1.{n}": ("operational", f"O{n}") for n in range(1, 61)})
        evaluation = self.make_evaluation(
            self.other_structure, version=self.make_version(code="LONG", tree=tree)
        )
        for rank, line in enumerate(evaluation.line_ids, 1):
            words = "word " * (20 + 7 * rank % 60)
            line.write(
                {
                    "level_id": evaluation.version_id.scale_id.level_ids[0].id,
                    "progress_action": "yes",
                    "progress_comment": f"begin{rank}. {words} end{rank}.",
                }
            )
        pages = self.read_pages(evaluation)
        for rank in range(1, 61):
            (page,) = [text for text in pages if f"begin{rank}." in text]
            self.assertIn(f"end{rank}.", page, f"priority {rank} is whole")

    def test_every_page_says_whose_it_is_and_its_number(self):
        pages = self.read_pages(self.evaluation)
        self.assertGreater(len(pages), 1)
        for number, page in enumerate(pages, 1):
            self.assertIn("L'Atelier d'Été à Nîmes · TEST 2026 · being filled", page)
            self.assertIn("provisional", page)
            self.assertIn(f"{number} / {len(pages)}", page)
        self.validate(self.evaluation, on="2026-03-01")
        for page in self.read_pages(self.evaluation):
            self.assertIn("validated on 1 March 2026", page)
            self.assertNotIn("rovisional", page)

    def test_letters_have_at_least_nine_points(self):
        self.set_levels(self.evaluation, dict.fromkeys(self.objectives, 2))
        sizes, _bars = self.measure(self.evaluation)
        self.assertGreaterEqual(min(sizes), 9)
        self.assertLess(max(sizes), 24)

    def test_a_long_link_shrinks_nothing(self):
        self.set_levels(self.evaluation, dict.fromkeys(self.objectives, 2))
        usual, _bars = self.measure(self.evaluation)
        link = f"https://example.com/{'a' * 300}"
        first, second, third, *_others = self.evaluation.line_ids
        first.comment = link
        second.write({"progress_action": "yes", "progress_comment": link})
        third.write({"level_id": False, "na_reason": link})
        self.structure.name = "A" * 200
        sizes, _bars = self.measure(self.evaluation)
        self.assertGreaterEqual(min(sizes), 9)
        self.assertEqual(max(sizes), max(usual))

    def test_the_bars_of_the_themes_share_an_origin_and_a_length(self):
        """67 % and 50 % are compared by eye: same start, and same length for 100 %."""
        levels = dict.fromkeys(self.objectives, 2)
        self.set_levels(self.evaluation, {**levels, "1.1.1.1": 0, "2.1.1.1": 1})
        _sizes, bars = self.measure(self.evaluation)
        (scored,) = {c for _l, _r, c in bars if c == NOW} or {None}
        full = [(left, right) for left, right, color in bars if color == scored]
        self.assertEqual(len(full), 2, "one bar a theme")
        (left,) = {left for left, _right in full}
        lengths = sorted(right - left for left, right in full)
        self.assertAlmostEqual(lengths[0] / lengths[1], 50 / 50, delta=0.02)

    def test_72_objectives_take_at_most_six_pages(self):
        tree = {"1": ("theme", "Theme")}
        for sub in range(1, 12):
            tree[f"1.{sub}"] = ("subtheme", f"Sub-theme number {sub}")
            tree[f"1.{sub}.1"] = ("general", "G")
        words = (
            "People, partners and volunteers take part in what the enterprise decides"
        )
        for rank in range(72):
            tree[f"1.{1 + rank % 11}.1.{rank}"] = ("operational", f"{words} on {rank}.")
        evaluation = self.make_evaluation(
            self.other_structure, version=self.make_version(code="CAP72", tree=tree)
        )
        empty = len(self.read_pages(evaluation))
        for rank, line in enumerate(evaluation.line_ids):
            line.level_id = evaluation.version_id.scale_id.level_ids[rank % 4]
        full = len(self.read_pages(evaluation))
        self.assertEqual((2 <= empty <= 6, 2 <= full <= 6), (True, True), (empty, full))

    def test_no_heading_is_alone_at_the_foot_of_a_page(self):
        tree = {"1": ("theme", "T")}
        for sub in range(1, 16):
            tree[f"1.{sub}"] = ("subtheme", f"Heading {sub}.")
            tree[f"1.{sub}.1"] = ("general", "G")
            for leaf in range(1, 6):
                tree[f"1.{sub}.1.{leaf}"] = ("operational", f"O{sub}-{leaf}.")
        evaluation = self.make_evaluation(
            self.other_structure, version=self.make_version(code="LONG", tree=tree)
        )
        pages = self.read_pages(evaluation)
        annex = " ".join(pages).index("Annex: the objectives")
        self.assertGreater(annex, 0)
        for sub in range(1, 16):
            found = [p for p in pages if f"O{sub}-1." in p]
            self.assertIn(f"Heading {sub}.", found[-1], f"sub-theme {sub}")

    def test_themes_and_strip(self):
        text = self.render(self.evaluation)
        for expected in (
            "The 6 objectives at a glance",
            "1 Identity",
            "1.1 Values · 0% 1/2",
            "2.1 To people · 100% 1/2",
        ):
            self.assertIn(expected, text)

    def test_title_and_language_of_the_document(self):
        self.env = self.env(context={**self.env.context, "lang": "fr_FR"})
        reader = self.open_pdf(self.evaluation)
        self.assertIn("L'Atelier d'Été à Nîmes · TEST 2026", reader.metadata["/Title"])
        self.assertEqual(reader.trailer["/Root"]["/Lang"], "fr-FR")

    def test_evolution_and_coverage_are_apart(self):
        levels = dict.fromkeys(self.objectives, 1)
        self.set_levels(self.evaluation, levels)
        self.validate(self.evaluation, on="2024-03-01")
        following = self.evaluation.action_start_next()
        self.set_levels(following, dict.fromkeys(self.objectives, 2))
        text = self.render(following)
        self.assertIn("(+34 points) · Objectives scored: 4 of 4", text)

    def test_nothing_scored_and_a_very_long_comment(self):
        empty = self.make_evaluation(self.other_structure)
        words = " ".join(f"mot{number}" for number in range(4000))
        empty.line_ids[2].comment = f"{words}\n<script>alert(1)</script> " + "x" * 2000
        text = self.render(empty)
        self.assertIn("Objectives scored: 0 of 6.", text)
        for word in ("mot0", "mot2000", "mot3999", "<script>alert(1)</script>"):
            self.assertIn(word, text)

    def test_several_at_once(self):
        other = self.make_evaluation(self.other_structure, levels={"1.1.1.1": 1})
        text = self.render(self.evaluation | other)
        self.assertIn("Nîmes", text)
        self.assertIn("Relais des Essais", text)

    def test_mention_of_the_company(self):
        self.evaluation.company_id.report_footer = "Cofinancé par l'Union européenne"
        self.assertIn("Cofinancé par l'Union européenne", self.render(self.evaluation))

    def test_in_the_print_menu_of_the_form(self):
        report = self.env.ref(REPORT)
        self.assertEqual(report.binding_model_id.model, "cap.evaluation")
        self.assertEqual(report.binding_type, "report")

    def test_download_from_the_portal(self):
        report = type(self.env["ir.actions.report"])
        render = report._render_qweb_pdf

        def render_for_real(model, *args, **kwargs):
            model = model.with_context(force_report_rendering=True)
            return render(model, *args, **kwargs)

        self.patch(report, "_render_qweb_pdf", render_for_real)
        self.authenticate("cap_pilot", "cap_pilot")
        answer = self.url_open(f"/my/cap/{self.evaluation.id}/pdf")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.content[:5], b"%PDF-")
        told = unquote(answer.headers["Content-Disposition"])
        name = "Photographie, TEST 2026, L'Atelier d'Été à Nîmes"
        self.assertIn(f"{name}.pdf", told)
        printed = self.env.ref(REPORT).print_report_name
        self.assertEqual(safe_eval(printed, {"object": self.evaluation}), name)
        self.authenticate("cap_other_pilot", "cap_other_pilot")
        refused = self.url_open(f"/my/cap/{self.evaluation.id}/pdf")
        self.assertEqual(refused.status_code, 404)
