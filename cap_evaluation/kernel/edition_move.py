"""What becomes of the answers of an open evaluation when its edition changes.

Pure: it reads plain values and returns what to do, objective by objective; the models
do it. Nothing is ever deleted: an answer that does not go on unchanged is kept aside.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

KINDS = ("kept", "new", "merged", "split", "dropped")


class Said(NamedTuple):
    """What a line says of one objective of the edition that is left."""

    line_id: int
    objective_id: int
    code: str
    level_id: int | None = None
    value: int | None = None
    na_reason: str | None = None
    comment: str | None = None
    progress_action: str | None = None
    progress_comment: str | None = None

    @property
    def is_answered(self) -> bool:
        """Tell whether anything was written on this line."""
        return any(field is not None for field in self[3:])


class Step(NamedTuple):
    """What becomes of one objective: ``kind`` is one of :data:`KINDS`.

    ``line_id`` is the line that goes on under the ``target`` (None: a new one),
    ``values`` its new answer (None: the one it has, unchanged).
    """

    kind: str
    target: int | None
    sources: tuple[Said, ...]
    line_id: int | None = None
    values: dict[str, Any] | None = None

    @property
    def level_id(self) -> int | None:
        """Return the level that goes on under the target, if any.

        >>> Step("kept", 2, (Said(1, 1, "A", 7, 2),), 1).level_id
        7
        """
        if self.values:
            return self.values["level_id"]
        return self.sources[0].level_id if self.kind == "kept" else None


def plan_move(
    said: Mapping[int, Said],
    wanted: Mapping[int, Sequence[int]],
    same_scale: bool,
    mention: Callable[[str], str],
) -> list[Step]:
    """Return the steps that bring one evaluation to its new edition.

    :param said: the lines, by objective of the edition that is left
    :param wanted: the objectives of the new edition that concern the structure, in
        reading order, with those they come from
    :param same_scale: whether levels mean the same in both editions
    :param mention: says that an answer was copied from this code

    >>> said = {1: Said(10, 1, "A", 7, 2), 2: Said(20, 2, "B", 6, 1)}
    >>> said[3] = Said(30, 3, "C")
    >>> for step in plan_move(said, {4: [1, 2], 5: []}, True, str):
    ...     print(step.kind, step.target, step.line_id, [s.code for s in step.sources])
    merged 4 10 ['A', 'B']
    new 5 None []
    dropped None None ['C']
    """
    successors = Counter(source for sources in wanted.values() for source in sources)
    taken: set[int] = set()
    steps = []
    for target, sources in wanted.items():
        present = tuple(said[source] for source in sources if source in said)
        kind = _get_kind(sources, present, successors)
        line_id = _choose_line(present, taken)
        taken.add(line_id or 0)
        values = _carry(kind, present, same_scale, mention)
        steps.append(Step(kind, target, present, line_id, values))
    steps += [
        Step("dropped", None, (line,))
        for objective, line in said.items()
        if not successors[objective]
    ]
    return steps


def _get_kind(
    sources: Sequence[int], present: Sequence[Said], successors: Mapping[int, int]
) -> str:
    if not present:
        return "new"
    if len(sources) > 1:
        return "merged"
    return "split" if successors[sources[0]] > 1 else "kept"


def _choose_line(present: Iterable[Said], taken: set[int]) -> int | None:
    """Return the line that goes on: one that asks for an action, else the first.

    The actions of the plan hang from it; a line goes on under one objective only.
    """
    free = [line for line in present if line.line_id not in taken]
    asking = [line for line in free if line.progress_action == "yes"]
    return (asking or free)[0].line_id if free else None


def _carry(
    kind: str, present: Sequence[Said], same_scale: bool, mention: Callable[[str], str]
) -> dict[str, Any] | None:
    """Return the answer that goes on, None where it is the line's own, unchanged."""
    if not any(line.is_answered for line in present):
        return None
    if kind == "split":
        comment = join([present[0].comment, mention(present[0].code)])
    elif kind == "merged":
        comment = join(tell_source(line) for line in present)
    else:
        comment = present[0].comment
    if not same_scale:
        return make_answer(comment=comment)
    if kind == "kept":
        return None
    return merge_answers(present, comment)


def merge_answers(present: Sequence[Said], comment: str | None) -> dict[str, Any]:
    """Return one answer for several: the lowest level, every wish, every word.

    Not applicable only where none of them is; what is still to do waits for nobody.

    >>> two, one = Said(1, 1, "A", 7, 2), Said(2, 2, "B", 6, 1, comment="Slow")
    >>> merge_answers([two, one, Said(3, 3, "C")], "A, B")["level_id"]
    6
    """
    scored = [line for line in present if line.level_id]
    reasons = [line.na_reason for line in present if line.na_reason]
    wishes = {line.progress_action for line in present}
    return make_answer(
        level_id=min(scored, key=lambda x: x.value or 0).level_id if scored else None,
        na_reason=join(reasons) if len(reasons) == len(present) else None,
        comment=comment,
        progress_action=next((wish for wish in ("yes", "no") if wish in wishes), None),
        progress_comment=join(line.progress_comment for line in present),
    )


def make_answer(
    level_id: int | None = None,
    na_reason: str | None = None,
    comment: str | None = None,
    progress_action: str | None = None,
    progress_comment: str | None = None,
) -> dict[str, Any]:
    """Return the answer of a line, each of its fields given."""
    return {
        "level_id": level_id,
        "na_reason": na_reason,
        "comment": comment,
        "progress_action": progress_action,
        "progress_comment": progress_comment,
    }


def join(texts: Iterable[str | None]) -> str | None:
    """Return the texts that say something, one a line, each once.

    >>> join(["One", None, "Two", "One"])
    'One\\nTwo'
    >>> join([None])
    """
    return "\n".join(dict.fromkeys(text for text in texts if text)) or None


def tell_source(line: Said) -> str | None:
    """Return "1.1.1.1 (2): comment" for a line that says something.

    >>> tell_source(Said(1, 1, "1.1.1.1", 7, 0, comment="Begun"))
    '1.1.1.1 (0): Begun'
    >>> tell_source(Said(1, 1, "1.1.1.1", na_reason="Not our trade"))
    '1.1.1.1: Not our trade'
    >>> tell_source(Said(1, 1, "1.1.1.1"))
    """
    text = join([line.na_reason, line.comment])
    head = line.code if line.value is None else f"{line.code} ({line.value})"
    if text:
        return f"{head}: {text}"
    return None if line.value is None else head
