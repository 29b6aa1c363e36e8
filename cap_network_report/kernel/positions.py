"""What is told of a group of structures: its mean, its quartiles, its levels.

Which groups may be told of is decided in ``cap_evaluation/kernel/disclosure.py``, by
counts; this is how they are told, so that nobody can be read through the figures.

- A *mean* or *quartiles* are of scores of several objectives, each structure's first
  softened: under a threshold (11 % where six objectives count alike) it counts as that
  threshold, so that even a group where all are at 0 tells no level of anybody.
- *Levels* of one objective come from the coded counts of disjoint blocks, and are told
  as ranges: the two halves of the scale first, then each level. What is told of a block
  is exact but where at most a few structures stand: then it is "few or none".

>>> told = tell_levels([[3, 8, 16, 7]])
>>> [tell_share(level, 34) for level in told]
[(0, 9), (24, 32), (47, 47), (21, 21)]
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import quantiles
from typing import NamedTuple

from odoo.addons.cap_evaluation.kernel.disclosure import few
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
