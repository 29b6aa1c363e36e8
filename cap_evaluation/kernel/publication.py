"""What keeps an edition from being published: its defects, in reading order.

Plain: models and workbooks hand over nodes, and put the defects into words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

MIN_LEVELS, MAX_LEVELS = 2, 7


class Node(NamedTuple):
    """An objective, as publishing sees it."""

    kind: str
    code: str = ""
    name: str = ""
    has_below: bool = False
    gate: int | None = None  # the minimum asked, None where it is no gate
    indicators: tuple[str, ...] = ()
    # Of each level in words: its value (None: of another scale), and what is written
    levels: tuple[tuple[int | None, str], ...] = ()


class Defect(NamedTuple):
    """One thing to mend: ``what`` it is, the rank of its node (None: the edition)."""

    what: str
    rank: int | None = None
    values: dict[str, Any] = {}  # noqa: RUF012 (never written)


def find_defects(scale: Collection[int], nodes: Iterable[Node]) -> list[Defect]:
    """Return every defect of an edition at once.

    :param scale: the values of its scale

    >>> theme, leaf = Node("theme", "1", "Identity", True), Node("operational", "1.1")
    >>> [(defect.what, defect.rank) for defect in find_defects((0, 1), [theme, leaf])]
    [('no_wording', 1)]
    >>> [defect.what for defect in find_defects((0,), [])]
    ['few_levels', 'nothing_to_score']
    """
    nodes = list(nodes)
    defects = _check_scale(scale)
    if not any(node.kind == "operational" for node in nodes):
        defects.append(Defect("nothing_to_score"))
    for rank, node in enumerate(nodes):
        defects += [
            Defect(what, rank, values) for what, values in _check_node(scale, node)
        ]
    return defects


def _check_scale(scale: Collection[int]) -> list[Defect]:
    if len(scale) < MIN_LEVELS:
        return [Defect("few_levels")]
    if len(scale) > MAX_LEVELS:
        return [Defect("many_levels", None, {"count": len(scale), "most": MAX_LEVELS})]
    return []


def _check_node(
    scale: Collection[int], node: Node
) -> Iterable[tuple[str, dict[str, Any]]]:
    """Yield what is wrong with one objective.

    >>> list(_check_node((0, 1), Node("theme", "", "Identity", gate=5)))
    [('no_code', {}), ('nothing_below', {}), ('gate_off_scale', {'level': 5})]
    >>> half = Node("operational", "1", "One", levels=((0, "Not yet"),))
    >>> list(_check_node((0, 1), half._replace(indicators=(" ",))))
    [('blank_indicator', {}), ('half_worded', {'worded': 1, 'all': 2})]
    """
    if not node.name.strip():
        yield "no_wording", {}
    if not node.code.strip():
        yield "no_code", {}
    if not all(indicator.strip() for indicator in node.indicators):
        yield "blank_indicator", {}
    if node.kind != "operational" and not node.has_below:
        yield "nothing_below", {}
    if node.gate is not None and node.gate not in scale:
        yield "gate_off_scale", {"level": node.gate}
    if node.levels and not _words_all(scale, node.levels):
        worded = {value for value, text in node.levels if text.strip()} - {None}
        yield "half_worded", {"worded": len(worded), "all": len(scale)}


def _words_all(
    scale: Collection[int], levels: Collection[tuple[int | None, str]]
) -> bool:
    """Levels are worded all together or not at all, on the edition's scale.

    >>> _words_all((0, 1), ((0, "No"), (1, "Yes")))
    True
    >>> _words_all((0, 1), ((0, "No"), (1, " "))), _words_all((0, 1), ((0, "No"),))
    (False, False)
    """
    values = [value for value, text in levels if text.strip()]
    return len(levels) == len(scale) and set(values) == set(scale)
