"""What may be shown of a group of structures, readable without Odoo.

A *member* is one structure with its region, size and types. A *cohort* is a choice of
at most one region, one type and one size, ``None`` meaning all of them. Its figures are
shown only when nobody could be recognised in them, alone or by subtracting one shown
group from another:

- a cohort holds at least ``minimum`` members;
- a filter is only added to a cohort that is itself shown;
- two shown cohorts never differ by 1 to ``minimum - 1`` members;
- what the shown regions (types, sizes) leave of their common whole is nobody, or
  ``minimum`` members at least. A member with two types counts there too: adding up
  the types and subtracting the whole would leave just these.

Cohorts are decided widest first, so that the whole is kept and the narrow groups give
way. Nothing here reads a score: two equal populations are always treated alike.

>>> north = [Member(region="N")] * 9
>>> south = [Member(region="S")] * 3
>>> sorted(shown_cohorts(north + south, minimum=5).values())
[12]
>>> sorted(shown_cohorts(north + south * 2, minimum=5).values())
[6, 9, 15]
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import product
from statistics import quantiles
from typing import NamedTuple

MIN_MEAN = 5
MIN_QUARTILES = 10


class Cohort(NamedTuple):
    """A choice of structures; ``None`` is "all"."""

    region: Hashable = None
    size: Hashable = None
    type: Hashable = None

    def wider(self, dimension: str) -> Cohort:
        """Return this cohort without its choice of ``dimension``.

        >>> Cohort(region="N", size="small").wider("region")
        Cohort(region=None, size='small', type=None)
        """
        return self._replace(**{dimension: None})

    def chosen(self) -> list[str]:
        """Return the dimensions chosen.

        >>> Cohort(type="AI").chosen()
        ['type']
        """
        return [name for name, value in self._asdict().items() if value is not None]


class Member(NamedTuple):
    """One structure, by what a cohort can choose."""

    region: Hashable = None
    size: Hashable = None
    types: frozenset = frozenset()

    def belongs(self, cohort: Cohort) -> bool:
        """Return whether this structure is one of ``cohort``.

        >>> Member(region="N", types=frozenset({"AI"})).belongs(Cohort(type="AI"))
        True
        >>> Member(region="N").belongs(Cohort(region="S"))
        False
        """
        return (
            cohort.region in (None, self.region)
            and cohort.size in (None, self.size)
            and (cohort.type is None or cohort.type in self.types)
        )


def shown_cohorts(members: Sequence[Member], minimum: int = MIN_MEAN) -> dict:
    """Return the cohorts that may be shown, each with its number of members."""
    shown: dict[Cohort, int] = {}
    for cohort, mask in _by_priority(_cohort_masks(members), minimum):
        if _is_safe(cohort, mask, shown, minimum):
            shown[cohort] = mask
    return {cohort: mask.bit_count() for cohort, mask in shown.items()}


def _cohort_masks(members: Sequence[Member]) -> Iterator[tuple[Cohort, int]]:
    """Yield every cohort with its members, as the bits of an integer."""
    everyone = (1 << len(members)) - 1
    masks: dict[str, dict] = {name: {None: everyone} for name in Cohort._fields}
    for position, member in enumerate(members):
        bit = 1 << position
        if member.region is not None:
            masks["region"][member.region] = masks["region"].get(member.region, 0) | bit
        if member.size is not None:
            masks["size"][member.size] = masks["size"].get(member.size, 0) | bit
        for type_ in member.types:
            masks["type"][type_] = masks["type"].get(type_, 0) | bit
    for choice in product(*(masks[name].items() for name in Cohort._fields)):
        mask = everyone
        for _value, part in choice:
            mask &= part
        yield Cohort(*(value for value, _part in choice)), mask


def _by_priority(
    cohorts: Iterable[tuple[Cohort, int]], minimum: int
) -> list[tuple[Cohort, int]]:
    """Return the cohorts that are large enough: fewest choices, then largest first."""
    return sorted(
        ((cohort, mask) for cohort, mask in cohorts if mask.bit_count() >= minimum),
        key=lambda pair: (
            len(pair[0].chosen()),
            -pair[1].bit_count(),
            [str(value) for value in pair[0]],
        ),
    )


def _is_safe(cohort: Cohort, mask: int, shown: dict, minimum: int) -> bool:
    """Return whether showing ``cohort`` beside those ``shown`` reveals nobody."""
    chosen = cohort.chosen()
    if any(cohort.wider(dimension) not in shown for dimension in chosen):
        return False
    if any(0 < (mask ^ other).bit_count() < minimum for other in shown.values()):
        return False
    return all(
        not 0 < _left_over(cohort, mask, shown, dimension).bit_count() < minimum
        for dimension in chosen
    )


def _left_over(cohort: Cohort, mask: int, shown: dict, dimension: str) -> int:
    """Return who is not in exactly one of ``cohort`` and its shown neighbours."""
    parent = cohort.wider(dimension)
    once, several = mask, 0
    for other, members in shown.items():
        if other != parent and other.wider(dimension) == parent:
            several |= once & members
            once |= members
    return shown[parent] & ~(once & ~several)


def whole(percent: float) -> int:
    """Return ``percent`` as a whole number, halves up.

    >>> whole(62.5), whole(61.49), whole(0)
    (63, 61, 0)
    """
    return int(percent + 0.5)


def quartiles(scores: Iterable[float]) -> tuple[int, int, int]:
    """Return the first quartile, the median and the third one, in whole percents.

    Between two scores the quartile is interpolated, as spreadsheets do.

    >>> quartiles([0, 10, 20, 30, 40, 50, 60, 70, 80, 90])
    (23, 45, 68)
    """
    first, median, third = quantiles(scores, n=4, method="inclusive")
    return whole(first), whole(median), whole(third)


def shares(counts: dict[int, int]) -> dict[int, int]:
    """Return the whole percent of each level, 100 in all.

    Each is rounded down, then the largest remainders get what is missing.

    >>> shares({0: 1, 1: 2, 2: 0})
    {0: 33, 1: 67, 2: 0}
    >>> shares({0: 3, 1: 8, 2: 16, 3: 7})
    {0: 9, 1: 23, 2: 47, 3: 21}
    """
    total = sum(counts.values())
    percents = {level: 100 * count // total for level, count in counts.items()}
    by_remainder = sorted(counts, key=lambda level: -(100 * counts[level] % total))
    for level in by_remainder[: 100 - sum(percents.values())]:
        percents[level] += 1
    return percents


def place(own: float, spread: tuple[int, int, int]) -> str:
    """Return where ``own`` stands among ``spread``: below, middle or above.

    >>> [place(own, (40, 50, 60)) for own in (39, 40, 60, 61)]
    ['below', 'middle', 'middle', 'above']
    """
    first, _median, third = spread
    if whole(own) < first:
        return "below"
    return "above" if whole(own) > third else "middle"
