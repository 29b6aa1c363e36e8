import random
from itertools import product

import highspy
import pytest

from odoo.tests import BaseCase, tagged

from odoo.addons.cap_evaluation.kernel.disclosure import matches, open_groups

from ..controllers.pages.position import PositionPage
from ..kernel.positions import INSIDERS, MIN_MEAN, Answers, Cohort, tell_share
from .attack import Attacker
from .common import NetworkCommon
from .test_position import CODES, LAST_YEAR

#: How structures stand on four levels: as they do, then the ways that give most away.
SHAPES = (
    (2, 4, 3, 1),
    (90, 8, 2, 0),
    (0, 0, 10, 90),
    (0, 50, 50, 0),
    (50, 0, 0, 50),
    (45, 0, 55, 0),
    (1, 97, 1, 1),
    (1, 0, 0, 0),
)
TYPES = (303, 71, 46, 47, 15, 15, 15, 10)
SIZES = {"under_10": 55, "10_49": 38, "50_plus": 7}


def make_network(rng, count, shape):
    """Return ``{cell: [structures at each level]}``, regions of very unequal size."""
    regions = [rng.paretovariate(1.3) for _ in range(14)]
    counts = {}
    for _structure in range(count):
        cell = Cohort(
            rng.choices(range(1, 9), TYPES)[0],
            rng.choices(range(1, 15), regions)[0],
            rng.choices(list(SIZES), SIZES.values())[0],
        )
        levels = counts.setdefault(cell, [0, 0, 0, 0])
        levels[rng.choices(range(4), shape)[0]] += 1
    return counts


def all_cohorts(cells):
    """Return every choice that somebody can make."""
    values = [{None, *(cell[place] for cell in cells)} for place in range(3)]
    return [Cohort(*choice) for choice in product(*values)]


def tell_all(counts):
    """Return all that is told of all the groups, as ``Attacker`` takes it."""
    answers, told = Answers(counts), []
    for cohort in all_cohorts(counts):
        levels = answers.tell(cohort)
        if levels:
            total, low = levels.count, levels.low
            shares = {
                (0, 1): tell_share(low, total),
                (2, 3): tell_share((total - low[1], total - low[0]), total),
            }
            for level, each in enumerate(levels.levels or ()):
                shares[level,] = tell_share(each, total)
            told.append(([c for c in counts if matches(c, cohort)], shares))
    return told


class AttackCase(BaseCase):
    def attack(self, counts, told, rng, tries=15):
        """Check that nobody is read: to those who know nothing, one structure, or ten
        of them anywhere, each of the others keeps three levels at least; to those who
        follow a whole region, two.

        :return: how many groups were told of
        """
        attacker = Attacker(counts, told)
        everybody = [
            (cell, level)
            for cell, levels in counts.items()
            for level, count in enumerate(levels)
            for _one in range(count)
        ]
        knowing = [(), *((one,) for one in sorted(set(everybody), key=str))]
        knowing += [rng.sample(everybody, 10) for _try in range(tries)]
        regions = {cell.region for cell in counts}
        staff = [[one for one in everybody if one[0].region == r] for r in regions]
        for least, several in ((3, knowing), (2, staff)):
            for known in several:
                for levels in attacker.find(known).values():
                    self.assertGreaterEqual(len(levels), least, known)
        return len(told)


class TestAttack(AttackCase):
    """Everything told of one objective, attacked exactly."""

    def assertHolds(self, sizes, seeds):
        for seed, size, shape in product(seeds, sizes, SHAPES):
            with self.subTest(seed=seed, size=size, shape=shape):
                rng = random.Random(f"{seed} {size} {shape}")
                counts = make_network(rng, size, shape)
                told = tell_all(counts)
                if told:  # a region may hold nearly all: then nothing is
                    self.attack(counts, told, rng)

    def test_attacker_is_able(self):
        """It reads what the former rule gave: shares of all but three."""
        cells = [Cohort(1, 1, "10_49"), Cohort(2, 1, "10_49")]
        counts = {cells[0]: [4, 5, 0, 0], cells[1]: [0, 3, 0, 0]}
        told = [
            (cells, {(0,): (33, 33), (1,): (67, 67)}),
            (cells[:1], {(0,): (44, 44)}),
        ]
        found = Attacker(counts, told).find()
        self.assertEqual(sorted(map(len, found.values())), [1, 2])

    def test_nobody_is_read(self):
        self.assertHolds((60, 130), ("a",))

    @pytest.mark.proof
    def test_nobody_is_read_in_a_whole_network(self):
        self.assertHolds((60, 110, 300, 600), "bcdef")

    def test_no_score_is_pinned(self):
        """From exact means of every group, the softened score of any one structure
        stays free on 20 points at least, for those who know one or a region."""
        rng = random.Random(5)
        counts = make_network(rng, 150, SHAPES[0])
        population = {cell: sum(levels) for cell, levels in counts.items()}
        scores = {
            cell: [rng.uniform(12, 88) for _one in range(count)]
            for cell, count in population.items()
        }
        shown = open_groups(population, MIN_MEAN, INSIDERS)
        self.assertGreater(len(shown), 5)
        for known in (None, *{cell.region for cell in population}):
            self.assertPinsNobody(population, scores, shown, known)

    def assertPinsNobody(self, population, scores, shown, region):
        model = highspy.Highs()
        model.setOptionValue("output_flag", False)
        variables = {}
        for cell, count in population.items():
            total = sum(scores[cell])
            bounds = (11 * count, 89 * count)
            variables[cell] = model.addVariable(
                *((total, total) if cell.region == region else bounds)
            )
        for cohort in shown:
            cells = [cell for cell in population if matches(cell, cohort)]
            total = sum(sum(scores[cell]) for cell in cells)
            both = sum(variables[cell] for cell in cells)
            model.addConstr(total - 1e-6 <= both <= total + 1e-6)
        for cell, count in population.items():
            if cell.region == region:
                continue
            ends = []
            for look in (model.minimize, model.maximize):
                look(variables[cell])
                ends.append(model.getInfo().objective_function_value)
            least = max(11, ends[0] - 89 * (count - 1))
            most = min(89, ends[1] - 11 * (count - 1))
            self.assertGreater(most - least, 20, (cell, region))


@tagged("post_install", "-at_install")
class TestAttackOnTheOutputs(NetworkCommon, AttackCase):
    """The same on what really comes out: the method, the page."""

    def test_nobody_is_read(self):
        rng = random.Random(11)
        truth, own = self.make_answers(rng, 96)
        objectives = [self.objectives[code] for code in CODES]
        for ask, codes in ((self.ask_method, CODES), (self.ask_page, CODES[:2])):
            told = {code: [] for code in codes}
            for cohort in all_cohorts(truth[CODES[0]]):
                chosen = {key: v for key, v in cohort._asdict().items() if v}
                positions = ask(objectives[: len(codes)], {**chosen, "year": 2025}, own)
                for code, position in zip(codes, positions, strict=True):
                    if position["shown"]:
                        cells = [c for c in truth[code] if matches(c, cohort)]
                        told[code].append((cells, self.read_shares(position)))
            for code in codes:
                self.assertGreater(self.attack(truth[code], told[code], rng, 5), 1)

    def make_answers(self, rng, count):
        """Validate the CAPs of ``count`` structures; return ``{code: counts}`` and one
        of these CAPs."""
        types, regions = (self.type_ai, self.type_aci), (self.region_a, self.region_b)
        truth, lines = {code: {} for code in CODES}, {}
        structures = self.make_structures(count)
        evaluations = self.make_evaluation(structures)
        for place, evaluation in enumerate(evaluations):
            kind, region = types[place % 3 == 0], regions[place % 2]
            size = rng.choices(list(SIZES), SIZES.values())[0]
            evaluation.partner_id.write(
                {
                    "cap_structure_type_ids": kind.ids,
                    "cap_region_id": region.id,
                    "cap_size": size,
                }
            )
            cell = Cohort(kind.id, region.id, size)
            for code, shape in zip(CODES, SHAPES[1:], strict=False):
                level = rng.choices(range(4), shape)[0]
                truth[code].setdefault(cell, [0, 0, 0, 0])[level] += 1
                lines.setdefault(level, []).append(self.get_line(evaluation, code).id)
        for level in self.scale.level_ids:
            chosen = evaluations.line_ids.browse(lines.get(level.value, ()))
            chosen.write({"level_id": level.id})
        self.validate(evaluations, LAST_YEAR)
        return truth, evaluations[0]

    def ask_method(self, objectives, cohort, _own):
        positions = self.env["cap.position"].with_user(self.user_animator)
        return positions.get_positions([o.id for o in objectives], cohort)

    def ask_page(self, objectives, cohort, own):
        own = own.with_user(self.user_manager)
        return [
            PositionPage(own, {**cohort, "objective": objective.id}).closely
            for objective in objectives
        ]

    def read_shares(self, position):
        shares = {(0, 1): position["halves"]["low"], (2, 3): position["halves"]["high"]}
        for level, share in (position["shares"] or {}).items():
            shares[level,] = share
        return shares
