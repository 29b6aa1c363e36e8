"""The arithmetic of a CAP score, readable without Odoo.

Rules (design of the CAP, stated once here):

- a level is read on its scale: ``(value - minimum) / (maximum - minimum)``, in percent;
- the score of a set is the mean of its scored leaves, weighted by the leaves' own
  weights only;
- 0 is a score, "nothing scored" is ``None``;
- coverage is scored / applicable, in percent; not applicable counts in neither.

>>> leaves = [Scored(2), Scored(0), Scored(None), Scored(None, applicable=False)]
>>> result = summarise(leaves, Bounds(0, 3))
>>> round(result.score, 2), round(result.coverage, 2)
(33.33, 66.67)
>>> result.scored, result.applicable, result.not_applicable
(2, 3, 1)
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple


class Bounds(NamedTuple):
    """The lowest and the highest value of a scale."""

    minimum: int
    maximum: int


class Scored(NamedTuple):
    """``count`` leaves scored alike: their level's value, or None where not yet."""

    value: int | None
    weight: float = 1.0
    applicable: bool = True
    count: int = 1


class Summary(NamedTuple):
    """Score and coverage (0-100, unrounded) of a set of leaves, with its counts."""

    score: float | None
    coverage: float
    scored: int
    applicable: int
    not_applicable: int

    @property
    def is_whole(self) -> bool:
        """Tell whether something applies, and all that applies is scored."""
        return 0 < self.scored == self.applicable

    @property
    def is_enough(self) -> bool:
        """Tell whether at least half is scored: under that, nothing is claimed."""
        return bool(self.scored) and self.coverage >= 50


def to_percent(value: int, bounds: Bounds) -> float:
    """Return where ``value`` stands on its scale, 0-100.

    >>> to_percent(1, Bounds(0, 4))
    25.0
    >>> to_percent(1, Bounds(1, 5))
    0.0
    """
    return 100.0 * (value - bounds.minimum) / (bounds.maximum - bounds.minimum)


def summarise(leaves: Iterable[Scored], bounds: Bounds) -> Summary:
    """Return the summary of ``leaves`` on a scale with these ``bounds``.

    Nothing scored gives ``None``, never 0; nothing applicable is wholly covered.

    >>> summarise([Scored(None)], Bounds(0, 3))
    Summary(score=None, coverage=0.0, scored=0, applicable=1, not_applicable=0)
    >>> summarise([Scored(None, applicable=False)], Bounds(0, 3)).coverage
    100.0
    >>> summarise([Scored(0), Scored(3, weight=3.0)], Bounds(0, 3)).score
    75.0
    >>> summarise([Scored(0, count=3), Scored(3)], Bounds(0, 3)).score
    25.0
    >>> few = summarise([Scored(2), Scored(None, count=2)], Bounds(0, 3))
    >>> half = summarise([Scored(2), Scored(None)], Bounds(0, 3))
    >>> (few.is_enough, half.is_enough, half.is_whole)
    (False, True, False)
    >>> summarise([Scored(2)], Bounds(0, 3)).is_whole, summarise([], None).is_enough
    (True, False)
    """
    total = weighted = 0.0
    scored = applicable = not_applicable = 0
    for leaf in leaves:
        if not leaf.applicable:
            not_applicable += leaf.count
            continue
        applicable += leaf.count
        if leaf.value is not None:
            scored += leaf.count
            weight = leaf.weight * leaf.count
            total += weight
            weighted += weight * to_percent(leaf.value, bounds)
    return Summary(
        score=weighted / total if scored else None,
        coverage=100.0 * scored / applicable if applicable else 100.0,
        scored=scored,
        applicable=applicable,
        not_applicable=not_applicable,
    )
