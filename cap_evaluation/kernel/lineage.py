"""Who continues whom from one edition of a référentiel to the next: the only place.

Predecessors that somebody named come first. Where an objective names none, and its
edition was not copied from another (a workbook brings no predecessors), the same code
says the same objective, one by one: codes are stable. An objective of an edition that
was copied, and that names none, is new, even under a code that served before.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Node(NamedTuple):
    """An objective: its edition, its code, the ids of those it continues."""

    edition: int
    code: str
    sources: tuple[int, ...] = ()


def trace(
    nodes: Mapping[int, Node],
    editions: Mapping[int, bool],
    origin: int,
    target: int,
) -> dict[int, list[int]]:
    """Return, for each objective of ``target``, those of ``origin`` that it continues.

    Through the editions in between, if any. What continues nothing has an empty list.

    :param nodes: by id, in reading order
    :param editions: from the oldest to the newest, whether the same code continues
        an objective where no predecessor is named

    >>> nodes = {1: Node(10, "A"), 2: Node(10, "B"), 3: Node(10, "C")}
    >>> nodes |= {4: Node(20, "A", (1, 2)), 5: Node(20, "B"), 6: Node(20, "C")}
    >>> trace(nodes, {10: True, 20: True}, 10, 20)
    {4: [1, 2], 5: [], 6: [3]}
    >>> trace(nodes, {10: True, 20: False}, 10, 20)
    {4: [1, 2], 5: [], 6: []}
    """
    found: dict[int, set[int]] = {}
    sources = _name_sources(nodes, editions)

    def resolve(node_id: int) -> set[int]:
        if node_id not in found:
            found[node_id] = set()  # no circle goes round twice
            if nodes[node_id].edition == origin:
                found[node_id] = {node_id}
            else:
                found[node_id] = set().union(*map(resolve, sources[node_id]))
        return found[node_id]

    rank = {node_id: position for position, node_id in enumerate(nodes)}
    return {
        node_id: sorted(resolve(node_id), key=rank.__getitem__)
        for node_id, node in nodes.items()
        if node.edition == target
    }


def _name_sources(
    nodes: Mapping[int, Node], editions: Mapping[int, bool]
) -> dict[int, list[int]]:
    """Return what each node continues: what it names, else the same code before it.

    A code whose objective others of the same edition already continue is taken.
    """
    by_code: dict[str, dict[int, int]] = {}
    for node_id, node in nodes.items():
        by_code.setdefault(node.code, {})[node.edition] = node_id
    taken = {(n.edition, source) for n in nodes.values() for source in n.sources}
    order = list(editions)
    named = {}
    for node_id, node in nodes.items():
        named[node_id] = [source for source in node.sources if source in nodes]
        if node.sources or not editions.get(node.edition):
            continue
        for edition in reversed(order[: order.index(node.edition)]):
            same = by_code[node.code].get(edition)
            if same is not None:
                named[node_id] = [] if (node.edition, same) in taken else [same]
                break
    return named
