"""Days, numbers and sentences, as people of each language read them."""

import datetime as dt
import doctest

from freezegun import freeze_time

from odoo.tests import tagged

from ..kernel import numbers, scoring, typography
from ..models.evaluation.cap_evaluation import STATES
from ..report.photographie import Photographie
from ..tools.dates import format_day
from ..tools.numbers import format_percent
from ..tools.words import Words
from .common import CapCommon


@tagged("post_install", "-at_install")
class TestWords(CapCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.french = cls.env(context={**cls.env.context, "lang": "fr_FR"})

    def test_doctests(self):
        for module in (numbers, scoring, typography):
            failed, tried = doctest.testmod(module)
            self.assertFalse(failed)
            self.assertGreater(tried, 3)

    def test_the_first_of_a_month_in_french(self):
        first, second = dt.date(2026, 3, 1), dt.date(2026, 3, 2)
        self.assertEqual(format_day(self.french, first, "d MMMM y"), "1er mars 2026")
        self.assertEqual(format_day(self.french, second, "d MMMM y"), "2 mars 2026")
        told = format_day(self.french, first, "EEEE d MMM 'd' dd")
        self.assertEqual(told, "dimanche 1er mars d 01")
        self.assertEqual(format_day(self.env, first, "d MMMM y"), "1 March 2026")
        self.assertEqual(format_day(self.french, False), "")

    def test_what_stands_before_the_sign(self):
        self.assertEqual(format_percent(self.french, 66.5), "67\u00a0%")
        self.assertEqual(format_percent(self.env, 66.5), "67%")
        self.assertEqual(format_percent(self.french, 0), "0\u00a0%")
        self.assertEqual(format_percent(self.french, None), "–")

    def test_every_state_is_told(self):
        evaluation = self.make_evaluation(levels={"1.1.1.1": 2})
        told = set()
        for state, _label in STATES[:-2] + STATES[-1:]:
            evaluation.state = state
            told.add(Words(evaluation).tell_state())
        evaluation.state = "consensus"
        evaluation.action_validate()
        told.add(Words(evaluation).tell_state())
        self.assertEqual(len(told), len(STATES))

    def test_states_are_whole_in_french(self):
        evaluation = self.make_evaluation().with_env(self.french)
        told = Words(evaluation).tell_state()
        self.assertEqual(told, "TEST 2026 · en cours de remplissage")
        self.set_levels(evaluation, {"1.1.1.1": 1})
        self.validate(evaluation, on="2026-03-01")
        self.assertEqual(
            Words(evaluation).tell_state(), "TEST 2026 · validé le 1er mars 2026"
        )

    # ------------------------------------------------- the day of a validation

    def test_one_day_and_its_year_wherever_one_reads(self):
        """Midnight has passed in Réunion, neither in Paris nor where one acts."""
        self.structure.tz = "Indian/Reunion"
        evaluation = self.make_evaluation(levels={"1.1.1.1": 1})
        self.env.user.tz = "America/Martinique"
        with freeze_time("2026-12-31 20:30:00"):
            evaluation.action_validate()
        self.assertEqual(evaluation.validated_day, dt.date(2027, 1, 1))
        self.assertEqual(evaluation.year, 2027)
        for zone in ("America/Martinique", "Europe/Paris", "Pacific/Noumea"):
            reader = evaluation.with_context(lang="fr_FR", tz=zone)
            self.assertEqual(
                Words(reader).tell_state(), "TEST 2027 · validé le 1er janvier 2027"
            )

    def test_the_company_s_day_where_the_structure_has_no_zone(self):
        self.structure.tz = False
        self.env.company.partner_id.tz = "America/Martinique"
        evaluation = self.make_evaluation(levels={"1.1.1.1": 1})
        with freeze_time("2027-01-01 02:00:00"):
            evaluation.with_context(tz="Europe/Paris").action_validate()
        self.assertEqual(evaluation.validated_day, dt.date(2026, 12, 31))
        self.assertEqual(evaluation.year, 2026)

    # ------------------------------------------------------------- what is told

    def test_no_priority_is_alone_on_a_page(self):
        lines = self.make_evaluation(levels={}).line_ids[:3]
        keep = Photographie.keep_last
        self.assertEqual([len(block) for block in keep(lines)], [1, 2])
        self.assertEqual([len(block) for block in keep(lines[:1])], [1])
        self.assertEqual(keep(lines[:0]), [])
        lines[1].progress_comment = "Long. " * 200
        self.assertEqual([len(block) for block in keep(lines)], [1, 1, 1])

    def tell(self, levels):
        (partner,) = self.make_structures(1)
        shown = Photographie(self.make_evaluation(partner, levels=levels))
        return shown.words.tell_place(shown.total, shown.names)

    def test_nothing_is_claimed_under_half(self):
        self.assertEqual(
            self.tell({"1.1.1.1": 2, "1.1.1.2": 2}),
            "Too few objectives are scored to say where the structure stands. "
            "Objectives scored: 2 of 6.",
        )

    def test_half_is_enough_to_say_where_it_stands(self):
        levels = {"1.1.1.1": 2, "1.1.1.2": 2, "1.2.1.1": 2}
        self.assertEqual(
            self.tell(levels),
            "The structure stands at <strong>67%</strong> of the scale. "
            "Objectives scored: 3 of 6.",
        )

    def test_not_applicable_is_told_with_the_rest(self):
        levels = dict.fromkeys(self.objectives, 3)
        self.assertEqual(
            self.tell({**levels, "1.1.1.1": "na"}),
            "The structure stands at <strong>100%</strong> of the scale. The 5 "
            "objectives that concern it are all scored. Not applicable: 1.",
        )
        self.assertEqual(self.tell({}), "")


@tagged("post_install", "-at_install")
class TestPhotographiePath(CapCommon):
    """The path of a photographie: its names, its lineage."""

    def follow(self, version=None):
        """Return the CAP after a whole one of 2024, made with ``version``."""
        levels = dict.fromkeys(self.objectives, 1)
        first = self.make_evaluation(levels=levels)
        self.validate(first, on="2024-03-01")
        if not version:
            return first.action_start_next()
        following = first._open_for_structures(self.structure, version)
        following.action_start()
        return following

    def test_the_open_one_is_under_way_whatever_its_edition(self):
        following = self.follow()
        self.assertEqual(Photographie(following).names, ["2024", "under way"])
        self.set_levels(following, {"1.1.1.1": 2})
        self.validate(following, on="2026-03-01")
        self.assertEqual(Photographie(following).names, ["2024", "2026"])

    def test_two_of_one_year_are_told_apart_by_their_day(self):
        following = self.follow()
        self.set_levels(following, {"1.1.1.1": 2})
        self.validate(following, on="2024-11-02")
        names = Photographie(following.with_context(lang="fr_FR")).names
        self.assertEqual(names, ["1er mars 2024", "2 nov. 2024"])

    def test_themes_are_followed_by_lineage_not_by_code(self):
        draft = self.version.action_new_edition()
        themes = {o.name: o for o in draft.objective_ids if o.kind == "theme"}
        for name, code in (("Identity", "X"), ("Services", "1"), ("Identity", "2")):
            themes[name].code = code
            self.env.flush_all()
        draft.action_publish()
        evaluation = self.make_evaluation(
            levels={**dict.fromkeys(self.objectives, 1), "2.1.1.1": 3, "2.1.1.2": 3}
        )
        self.validate(evaluation, on="2024-03-01")
        following = evaluation.action_start_next()
        self.assertEqual(following.version_id, draft)
        paths = {
            course.objective.name: [round(s.score or 0) for s in course.summaries]
            for course in Photographie(following).themes
        }
        self.assertEqual(paths, {"Identity": [33, 0], "Services": [100, 0]})

    def test_a_split_theme_rises_from_nothing(self):
        """Its two halves show what the whole one was, and claim no progress."""
        draft = self.version.action_new_edition()
        themes = {o.name: o for o in draft.objective_ids if o.kind == "theme"}
        services, identity = themes["Services"], themes["Identity"]
        services.predecessor_ids |= identity.predecessor_ids
        draft.action_publish()
        evaluation = self.make_evaluation(levels=dict.fromkeys(self.objectives, 1))
        self.validate(evaluation, on="2024-03-01")
        following = evaluation.action_start_next()
        self.set_levels(following, dict.fromkeys(self.objectives, 2))
        courses = {c.objective: c for c in Photographie(following).themes}
        self.assertEqual(courses[services].before.applicable, 6)
        self.assertFalse(courses[services].is_comparable)
        self.assertFalse(courses[identity].is_comparable)
