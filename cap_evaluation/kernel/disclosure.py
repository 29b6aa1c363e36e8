"""What may be shown of groups of people or structures, decided by counts alone.

A *cell* says what one member is in each dimension (a region, a type, a size; ``None``
where unknown) and a *population* counts the members of each cell. A *group* has the
shape of a cell: it holds the members of all the cells it matches, ``None`` meaning all.
Nothing here reads an answer: two populations of equal counts are always treated alike.

There are two ways to choose the groups that may be shown together.

:func:`open_groups` leaves no group, difference of groups or leftover of groups under a
minimum. Groups still cross one another, so that what is told of each must bear being
added and subtracted (scores softened one by one: :func:`softening`).

:func:`blocks` is stricter. It cuts the population into disjoint blocks, each of the
minimum at least, and shows what is a union of blocks. All the figures then come from
those of the blocks, and no combination says more than they do: what is told of a block
may be exact, but for its ends (:func:`few`).

Both hold too against those who know one part of the population by right: people who
follow the structures of a region see theirs, and must not meet the others by
subtracting what they know.

>>> population = {("AI", "north"): 30, ("AI", "south"): 30, ("ACI", "south"): 4}
>>> open_groups(population, 10)
{(None, None): 64, (None, 'south'): 34, (None, 'north'): 30}
>>> population["ACI", "south"] = 30
>>> ("AI", "south") in open_groups(population, 10)
True
>>> [len(block) for block in blocks(population, 10)]
[1, 1, 1]
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product

Cell = tuple[Hashable, ...]
Population = Mapping[Cell, int]
_Counted = frozenset[tuple[Cell, int]]

# Rows of whole numbers are kept modulo a large prime: what would cancel out exactly
# cancels out there too.
_PRIME = 2**31 - 1


def matches(cell: Cell, group: Cell) -> bool:
    """Return whether the members of ``cell`` are of ``group``.

    >>> matches(("AI", "north"), ("AI", None)), matches((None, "north"), ("AI", None))
    (True, False)
    """
    return all(
        want is None or want == have for want, have in zip(group, cell, strict=True)
    )


def wider(group: Cell) -> list[Cell]:
    """Return the groups one choice wider.

    >>> wider(("AI", None, "small"))
    [(None, None, 'small'), ('AI', None, None)]
    """
    return [
        (*group[:place], None, *group[place + 1 :])
        for place, value in enumerate(group)
        if value is not None
    ]


def few(count: int) -> int:
    """Return how many members of ``count`` are told as "few or none", never exactly.

    Two at least: with one of them known, there may be another.

    >>> few(10), few(20), few(45)
    (2, 2, 4)
    """
    return max(2, count // 10)


def softening(heaviest: float, weight: float) -> float:
    """Return the score, of 100, under which a score is told as that one.

    Let it be known that a structure stands at this score or below, on objectives that
    weigh ``weight`` together and ``heaviest`` for the heaviest: each of them may still
    have any of three levels, of four. Over its complement to 100 likewise. At 50 or
    more there are too few objectives to tell anything.

    >>> round(softening(1, 6), 1), round(softening(1, 2), 1), round(softening(1, 1), 1)
    (11.1, 33.3, 66.7)
    """
    return 200 / 3 * heaviest / weight


# ------------------------------------------------------------------ open groups


def open_groups(
    population: Population, minimum: int, insiders: int | None = None
) -> dict[Cell, int]:
    """Return the groups that may be shown together, with their number of members.

    - a group holds ``minimum`` members at least, and a choice is only added to a group
      that is itself shown;
    - two groups never differ by 1 to ``minimum - 1`` members;
    - what the shown values of a dimension leave of their whole is nobody, or as many;
    - no sum and difference of groups, however long, is about fewer members;
    - without any one value of the dimension ``insiders``, whose members are known to
      somebody, each of these still counts half the minimum.

    Groups are decided widest first, then largest first: the narrow ones give way.
    """
    key = frozenset((cell, count) for cell, count in population.items() if count)
    return dict(_open_groups(key, minimum, insiders))


@lru_cache(maxsize=512)
def _open_groups(
    population: _Counted, minimum: int, insiders: int | None
) -> tuple[tuple[Cell, int], ...]:
    members = _Members(population, insiders)
    span = _Span(members.sizes)
    shown: dict[Cell, int] = {}
    for group in sorted(members.groups(), key=members.priority):
        if _is_open(members, group, shown, minimum) and span.add(
            members.row(group), minimum
        ):
            shown[group] = members.mask(group)
    return tuple((group, mask.bit_count()) for group, mask in shown.items())


def _is_open(members: _Members, group: Cell, shown: dict, minimum: int) -> bool:
    """Return whether ``group`` may join those shown, two by two and by leftovers."""
    mask = members.mask(group)
    if any(other not in shown for other in wider(group)):
        return False
    if not members.is_large(mask, minimum):
        return False
    if not all(members.is_large(mask ^ other, minimum) for other in shown.values()):
        return False
    return all(
        members.is_large(_left_over(group, mask, shown, whole), minimum)
        for whole in wider(group)
    )


def _left_over(group: Cell, mask: int, shown: dict, whole: Cell) -> int:
    """Return who of ``whole`` is neither in ``group`` nor in its shown neighbours."""
    left = shown[whole] & ~mask
    for other, members in shown.items():
        if other != whole and other != group and whole in wider(other):
            place = next(i for i, value in enumerate(whole) if value != other[i])
            if group[place] is not None:
                left &= ~members
    return left


class _Members:
    """The members of a population as bits of an integer, those of a cell together."""

    def __init__(self, population: _Counted, insiders: int | None):
        self.cells = sorted(population, key=lambda pair: (-pair[1], _text(pair[0])))
        self.sizes = [count for _cell, count in self.cells]
        self.bits: dict[Cell, int] = {}
        start = 0
        for cell, count in self.cells:
            self.bits[cell] = ((1 << count) - 1) << start
            start += count
        self._masks: dict[Cell, int] = {}
        self._known = [0]
        if insiders is not None:
            values = {cell[insiders] for cell, _count in self.cells} - {None}
            self._known += [
                self._mask_where(insiders, value) for value in sorted(values, key=str)
            ]

    def _mask_where(self, place: int, value: Hashable) -> int:
        return sum(bits for cell, bits in self.bits.items() if cell[place] == value)

    def groups(self) -> Iterator[Cell]:
        """Yield every group that holds somebody."""
        width = len(self.cells[0][0]) if self.cells else 0
        values = [
            [None, *sorted({cell[i] for cell, _n in self.cells} - {None}, key=str)]
            for i in range(width)
        ]
        return (group for group in product(*values) if self.mask(group))

    def mask(self, group: Cell) -> int:
        """Return the members of ``group``, as bits."""
        if group not in self._masks:
            self._masks[group] = sum(
                bits for cell, bits in self.bits.items() if matches(cell, group)
            )
        return self._masks[group]

    def row(self, group: Cell) -> list[int]:
        """Return 1 for each cell of ``group``, 0 for the others."""
        return [int(matches(cell, group)) for cell, _count in self.cells]

    def priority(self, group: Cell) -> tuple:
        """Order the widest groups first, then the largest, then by the values."""
        chosen = sum(value is not None for value in group)
        return chosen, -self.mask(group).bit_count(), _text(group)

    def is_large(self, mask: int, minimum: int) -> bool:
        """Return whether ``mask`` is nobody, or large enough for everybody.

        Those who know a part of it need half the minimum beside: they are staff.
        """
        if not mask:
            return True
        if mask.bit_count() < minimum:
            return False
        rests = ((mask & ~known).bit_count() for known in self._known)
        return all(not rest or rest >= minimum // 2 for rest in rests)


class _Span:
    """All that sums and differences of the shown groups can say, as reduced rows.

    A row has a 1 at its own cell, where all the others have 0; the largest cells come
    first, so that what is about few members shows as one row, or as two.
    """

    def __init__(self, sizes: Sequence[int]):
        self.sizes = sizes
        self.rows: dict[int, list[int]] = {}

    def add(self, row: list[int], minimum: int) -> bool:
        """Add a group; return False, and leave it out, if it would isolate some."""
        row = self._reduce(row)
        place = next((i for i, value in enumerate(row) if value), None)
        if place is None:
            return True
        inverse = pow(row[place], -1, _PRIME)
        row = [value * inverse % _PRIME for value in row]
        before = self.rows
        self.rows = {
            own: _minus(other, other[place], row) if other[place] else other
            for own, other in before.items()
        }
        self.rows[place] = row
        changed = [own for own, r in self.rows.items() if r is not before.get(own)]
        if self._isolates(changed, minimum):
            self.rows = before
            return False
        return True

    def _reduce(self, row: list[int]) -> list[int]:
        for place, other in self.rows.items():
            if row[place]:
                row = _minus(row, row[place], other)
        return row

    def _isolates(self, changed: list[int], minimum: int) -> bool:
        """Return whether a row, or two together, are about fewer than ``minimum``."""
        small = [place for place in self.rows if self.sizes[place] < minimum]
        for place in small:
            if place not in changed:
                continue
            row = self.rows[place]
            if self._weight(row) < minimum:
                return True
            for other in small:
                if other != place and self.sizes[place] + self.sizes[other] < minimum:
                    if self._least(row, self.rows[other]) < minimum:
                        return True
        return False

    def _weight(self, row: list[int]) -> int:
        return sum(s for value, s in zip(row, self.sizes, strict=True) if value)

    def _least(self, one: list[int], two: list[int]) -> int:
        """Return how many members the closest combination of two rows is about."""
        total, cancelled = 0, {0: 0}
        for mine, theirs, size in zip(one, two, self.sizes, strict=True):
            if mine or theirs:
                total += size
            if mine and theirs:
                ratio = mine * pow(theirs, -1, _PRIME) % _PRIME
                cancelled[ratio] = cancelled.get(ratio, 0) + size
        return total - max(cancelled.values())


def _minus(row: list[int], times: int, other: list[int]) -> list[int]:
    return [
        (value - times * taken) % _PRIME if taken else value
        for value, taken in zip(row, other, strict=True)
    ]


def _text(group: Cell) -> list[str]:
    return [str(value) for value in group]


# ----------------------------------------------------------------------- blocks


def blocks(
    population: Population,
    minimum: int,
    insiders: int | None = None,
    start: Sequence[frozenset[Cell]] = (),
) -> list[frozenset[Cell]]:
    """Return the blocks of which what is shown is made, as sets of cells.

    Each holds ``minimum`` members at least, half of it beside any one value of
    ``insiders``. The population is cut by one choice first, then by two or more; of
    the choices, by the first dimension, then by the second...

    :param start: larger blocks to cut further, rather than the whole
    :return: nothing where the population itself is too small
    """
    key = frozenset((cell, count) for cell, count in population.items() if count)
    return list(_blocks(key, minimum, insiders, tuple(start)))


@lru_cache(maxsize=512)
def _blocks(
    population: _Counted,
    minimum: int,
    insiders: int | None,
    start: tuple[frozenset[Cell], ...],
) -> tuple[frozenset[Cell], ...]:
    members = _Members(population, insiders)
    whole = frozenset(cell for cell, _count in members.cells)
    made = list(start) or [whole]
    if not all(_holds(members, block, minimum) for block in made):
        return ()
    for group in sorted(members.groups(), key=_by_dimension(members)):
        parts = []
        for block in made:
            inside = frozenset(cell for cell in block if matches(cell, group))
            parts += [part for part in (inside, block - inside) if part]
        if all(_holds(members, part, minimum) for part in parts):
            made = parts
    return tuple(made)


def _holds(members: _Members, block: frozenset[Cell], minimum: int) -> bool:
    mask = sum(members.bits[cell] for cell in block)
    return bool(mask) and members.is_large(mask, minimum)


def _by_dimension(members: _Members) -> Callable[[Cell], tuple]:
    def key(group: Cell) -> tuple:
        chosen = [place for place, value in enumerate(group) if value is not None]
        return len(chosen), chosen, members.priority(group)

    return key


def made_of(group: Cell, whole: Sequence[frozenset[Cell]]) -> list[int] | None:
    """Return which blocks make up ``group``; None where it cuts one of them.

    >>> cut = [frozenset({("AI",)}), frozenset({("EI",), ("ACI",)})]
    >>> made_of(("AI",), cut), made_of((None,), cut), made_of(("EI",), cut)
    ([0], [0, 1], None)
    """
    taken = []
    for place, block in enumerate(whole):
        inside = sum(matches(cell, group) for cell in block)
        if inside == len(block):
            taken.append(place)
        elif inside:
            return None
    return taken or None
