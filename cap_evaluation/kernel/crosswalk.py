"""Cycles in the crosswalk's graph, without Odoo.

A full link says "a good level here answers that one whole". Followed from objective
to objective, full links carry a level across référentiels: if they came back to where
they started, each objective would be answered by itself and a level could go round.
So a cycle is a chain of **full** links that comes back to its first objective, whatever
its length. A partial link carries no whole answer: it may go both ways, and breaks the
chain. Clauses answer nothing, so no cycle goes through them.
"""

from collections.abc import Collection, Iterable, Mapping


def find_cycle(links: Mapping[int, Collection[int]], starts: Iterable[int]) -> list:
    """Return the first chain from one of ``starts`` back to itself, or nothing.

    The shortest one through that start, its end left out.

    >>> find_cycle({1: [2], 2: [3], 3: [1]}, [1])
    [1, 2, 3]
    >>> find_cycle({1: [2, 3], 2: [3], 3: [4]}, [1, 2, 3])
    []
    >>> find_cycle({1: [2], 2: [3], 3: [2]}, [1])
    []
    >>> find_cycle({1: [2], 2: [3], 3: [2]}, [3])
    [3, 2]
    >>> find_cycle({7: [7]}, [7])
    [7]
    """
    for start in starts:
        came_from: dict[int, int] = {}
        edge = [start]
        while edge:
            following = []
            for node in edge:
                for reached in links.get(node, ()):
                    if reached == start:
                        return _unroll(came_from, start, node)
                    if reached not in came_from:
                        came_from[reached] = node
                        following.append(reached)
            edge = following
    return []


def _unroll(came_from: Mapping[int, int], start: int, last: int) -> list:
    chain = [last]
    while chain[-1] != start:
        chain.append(came_from[chain[-1]])
    return chain[::-1]
