"""What is told of a group of structures: its mean, its quartiles, its levels.

Which groups may be told of is decided in ``cap_evaluation/kernel/disclosure.py``, by
counts; this is how they are told, so that nobody can be read through the figures.

- A *mean* or *quartiles* are of scores of several objectives, each structure's first
  softened: under a threshold (11 % where six objectives count alike) it counts as that
  threshold, so that even a group where all are at 0 tells no level of anybody.
- *Levels* of one objective come from the coded counts of disjoint blocks, and are told
  as ranges: the two halves of the scale first, then each level. What is told of a block
  is exact but where at most a few structures stand: then it is "few or none".

>>> tell_levels([[3, 8, 16, 7]])
[(0, 3), (8, 11), (16, 16), (7, 7)]
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from statistics import quantiles
from typing import NamedTuple

from odoo.addons.cap_evaluation.kernel.disclosure import (
    blocks,
    few,
    made_of,
    matches,
)
from odoo.addons.cap_evaluation.kernel.numbers import whole

#: From how many structures each is told.
MIN_MEAN = 10
MIN_HALVES = MIN_QUARTILES = 20
MIN_LEVELS = 30
#: Means are not told under it, nor over its complement: "5 % or less", "95 % or more".
END = 5
#: Under this coverage of one's own, no place is claimed.
MIN_COVERAGE = 50


class Cohort(NamedTuple):
    """A choice of structures; ``None`` is "all". The main type is what matters most."""

    type: int | None = None
    region: int | None = None
    size: str | None = None

    def wider(self, dimension: str) -> Cohort:
        """Return this cohort without its choice of ``dimension``.

        >>> Cohort(region=3, size="10_49").wider("region")
        Cohort(type=None, region=None, size='10_49')
        """
        return self._replace(**{dimension: None})

    def chosen(self) -> list[str]:
        """Return the dimensions chosen.

        >>> Cohort(type=2).chosen()
        ['type']
        """
        return [name for name, value in self._asdict().items() if value is not None]


#: Those who know a part of the network by right: the staff of a region.
INSIDERS = Cohort._fields.index("region")


class Mean(NamedTuple):
    """A mean in whole percents; ``bound`` says "at most" or "at least" this."""

    percent: int
    bound: str = ""


def soften(score: float, threshold: float) -> float:
    """Return ``score`` kept between ``threshold`` and its complement.

    >>> soften(0, 11), soften(40, 11), soften(100, 11)
    (11, 40, 89)
    """
    return min(max(score, threshold), 100 - threshold)


def tell_mean(scores: Sequence[float], thresholds: Sequence[float]) -> Mean:
    """Return the mean of ``scores``, each softened at its own threshold.

    Where that brings all of them to one end, or near an end, only the end is told.

    >>> tell_mean([40, 60], [11, 11]), tell_mean([0, 1, 2], [2, 2, 2])
    (Mean(percent=50, bound=''), Mean(percent=5, bound='at_most'))
    >>> tell_mean([100, 100], [11.1, 11.1])
    Mean(percent=89, bound='at_least')
    """
    pairs = zip(scores, thresholds, strict=True)
    mean = whole(sum(soften(*pair) for pair in pairs) / len(scores))
    end = max(END, whole(sum(thresholds) / len(thresholds)))
    if mean <= end:
        return Mean(end, "at_most")
    return Mean(100 - end, "at_least") if mean >= 100 - end else Mean(mean)


def quartiles(scores: Iterable[float]) -> tuple[int, int, int]:
    """Return the first quartile, the median and the third one, in whole percents.

    Between two scores the quartile is interpolated, as spreadsheets do.

    >>> quartiles([0, 10, 20, 30, 40, 50, 60, 70, 80, 90])
    (23, 45, 68)
    """
    first, median, third = quantiles(scores, n=4, method="inclusive")
    return whole(first), whole(median), whole(third)


def place(
    own: float, spread: tuple[int, int, int], coverage: float = 100
) -> str | None:
    """Return where ``own`` stands among ``spread``: below, middle or above.

    :param coverage: of what ``own`` was computed from; under half, no place is claimed

    >>> [place(own, (40, 50, 60)) for own in (39, 40, 60, 61)]
    ['below', 'middle', 'middle', 'above']
    >>> place(67, (40, 50, 60), coverage=100 * 2 / 23)
    """
    if coverage < MIN_COVERAGE:
        return None
    first, _median, third = spread
    if whole(own) < first:
        return "below"
    return "above" if whole(own) > third else "middle"


# ----------------------------------------------------------------------- levels

Told = tuple[int, int]


class Levels(NamedTuple):
    """What is told of one objective: how many structures, at least and at most."""

    count: int
    low: Told  # in the lower half of the scale
    levels: list[Told] | None  # at each level, in order; None: too few to tell


class Answers:
    """The levels given on one objective, and what may be told of them.

    :param counts: for each cell, how many structures stand at each level, in order

    >>> answers = Answers({Cohort(type=1): [3, 8, 16, 7], Cohort(type=2): [1, 0, 3, 1]})
    >>> answers.tell(Cohort())
    Levels(count=39, low=(12, 12), levels=[(4, 4), (8, 8), (19, 19), (8, 8)])
    >>> answers.tell(Cohort(type=1)) is None
    True
    """

    def __init__(self, counts: Mapping[Cohort, Sequence[int]]):
        self._counts = counts
        population = {cell: sum(levels) for cell, levels in counts.items()}
        self._large = blocks(population, MIN_LEVELS, INSIDERS)
        self._small = blocks(population, MIN_HALVES, INSIDERS, self._large)

    def is_shown(self, cohort: Cohort) -> bool:
        """Return whether something may be told of ``cohort``, by counts alone."""
        return made_of(cohort, self._small) is not None

    def tell(self, cohort: Cohort) -> Levels | None:
        """Return what is told of ``cohort``, or None. It is added up from blocks."""
        parts = made_of(cohort, self._small)
        if parts is None:
            return None
        wholes = made_of(cohort, self._large)
        return Levels(
            sum(sum(c) for cell, c in self._counts.items() if matches(cell, cohort)),
            _add_up(tell_halves(self._count(self._small[part])) for part in parts),
            wholes and self._tell_blocks(wholes),
        )

    def _tell_blocks(self, places: Sequence[int]) -> list[Told]:
        told = [
            tell_levels(
                [self._count(p) for p in self._small if p <= self._large[place]]
            )
            for place in places
        ]
        return [_add_up(level) for level in zip(*told, strict=True)]

    def _count(self, block: Iterable[Cohort]) -> list[int]:
        levels = (self._counts[cell] for cell in block)
        return [sum(level) for level in zip(*levels, strict=True)]


def _add_up(told: Iterable[Told]) -> Told:
    at_least, at_most = zip(*told, strict=True)
    return sum(at_least), sum(at_most)


def tell_halves(counts: Sequence[int]) -> Told:
    """Return how many stand in the lower half of the scale, at least and at most.

    >>> tell_halves([5, 5, 6, 4]), tell_halves([0, 0, 12, 8])
    ((10, 10), (0, 2))
    >>> tell_halves([9, 10, 1, 0])
    (18, 20)
    """
    total, low = sum(counts), sum(counts[: len(counts) // 2])
    if low <= few(total):
        return 0, few(total)
    if total - low <= few(total):
        return total - few(total), total
    return low, low


def tell_levels(parts: Sequence[Sequence[int]]) -> list[Told]:
    """Return how many stand at each level of a block, at least and at most.

    The halves are added up from those of ``parts``, as each of these may be told by
    itself: a sum told exactly would give away the part told as "few or none". Each
    half is then shared out in the same way.

    :param parts: counts by level, in order, of the parts of the block

    >>> tell_levels([[15, 15, 0, 0]])
    [(15, 15), (12, 15), (0, 3), (0, 3)]
    >>> tell_levels([[0, 0, 9, 11], [9, 11, 0, 0]])
    [(9, 9), (9, 13), (9, 9), (9, 13)]
    """
    counts = [sum(level) for level in zip(*parts, strict=True)]
    total, middle = sum(counts), len(counts) // 2
    halves = [tell_halves(part) for part in parts]
    low = sum(at_least for at_least, _most in halves)
    high = sum(at_most for _least, at_most in halves)
    return [
        *_share_out(counts[:middle], (low, high), few(total)),
        *_share_out(counts[middle:], (total - high, total - low), few(total)),
    ]


def _share_out(counts: Sequence[int], told: Told, small: int) -> list[Told]:
    """Return what is told of each of ``counts``, ``told`` being told of their sum."""
    if len(counts) == 1:
        return [told]
    at_least, at_most = told
    middle = len(counts) // 2
    first, slack = sum(counts[:middle]), at_most - at_least
    if first <= small:
        parts = (0, min(small, at_most)), (max(0, at_least - small), at_most)
    elif at_least - first <= small:  # whatever the second, it is told the same
        hidden = small + slack
        parts = (max(0, at_least - hidden), at_most), (0, min(hidden, at_most))
    else:
        parts = (first, first), (at_least - first, at_most - first)
    return [
        *_share_out(counts[:middle], parts[0], small),
        *_share_out(counts[middle:], parts[1], small),
    ]


def tell_share(told: Told, total: int) -> Told:
    """Return ``told`` in whole percents of ``total``.

    >>> tell_share((8, 11), 34)
    (24, 32)
    """
    at_least, at_most = told
    return whole(100 * at_least / total), whole(100 * at_most / total)
