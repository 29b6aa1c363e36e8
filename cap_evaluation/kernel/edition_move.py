"""What becomes of the answers of an open evaluation when its edition changes.

Pure: it reads plain values and returns what to do, objective by objective; the models
do it. Nothing is ever deleted: an answer that does not go on unchanged is kept aside.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple

from .answer import ACTIONS, Answer

KINDS = ("kept", "new", "merged", "split", "dropped")


class Said(NamedTuple):
    """What a line says of one objective of the edition that is left."""

    line_id: int
    objective_id: int
    code: str
    answer: Answer = Answer()


class Step(NamedTuple):
    """What becomes of one objective: ``kind`` is one of :data:`KINDS`.

    ``line_id`` is the line that goes on under the ``target`` (None: a new one),
    ``answer`` what it says from then on (None: what it said, unchanged).
    """

    kind: str
    target: int | None
    sources: tuple[Said, ...]
    line_id: int | None = None
    answer: Answer | None = None

    @property
    def level(self) -> int | None:
        """The level that goes on, in the scale of the new edition; None for none.

        >>> Step("kept", 2, (Said(1, 1, "A", Answer(3)),), 1).level
        3
        """
        unchanged = self.sources[0].answer if self.kind == "kept" else Answer()
        return (self.answer or unchanged).level


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

    >>> said = {1: Said(10, 1, "A", Answer(2)), 2: Said(20, 2, "B", Answer(1))}
    >>> said[3] = Said(30, 3, "C")
    >>> for step in plan_move(said, {4: [1, 2], 5: []}, True, str):
    ...     print(step.kind, step.target, step.line_id, [s.code for s in step.sources])
    merged 4 10 ['A', 'B']
    new 5 None []
    dropped None None ['C']
    """
    successors = Counter(source for sources in wanted.values() for source in sources)
    taken: set[int | None] = set()
    steps = []
    for target, sources in wanted.items():
        present = tuple(said[source] for source in sources if source in said)
        kind = _get_kind(sources, present, successors)
        line_id = _choose_line(present, taken)
        taken.add(line_id)
        answer = _carry(kind, present, same_scale, mention)
        steps.append(Step(kind, target, present, line_id, answer))
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


def _choose_line(present: Iterable[Said], taken: set[int | None]) -> int | None:
    """Return the line that goes on: one that asks for an action, else the first.

    The actions of the plan hang from it; a line goes on under one objective only.
    """
    free = [line for line in present if line.line_id not in taken]
    asking = [line for line in free if line.answer.progress_action == "yes"]
    return (asking or free)[0].line_id if free else None


def _carry(
    kind: str, present: Sequence[Said], same_scale: bool, mention: Callable[[str], str]
) -> Answer | None:
    """Return the answer that goes on, None where it is the line's own, unchanged."""
    if all(line.answer == Answer() for line in present):
        return None
    comment = present[0].answer.comment
    if kind == "split":
        comment = join([comment, mention(present[0].code)])
    elif kind == "merged":
        comment = join(map(tell_source, present))
    if not same_scale:
        return Answer(comment=comment)
    if kind == "kept":
        return None
    return merge_answers([line.answer for line in present])._replace(comment=comment)


def merge_answers(answers: Sequence[Answer]) -> Answer:
    """Return one answer for several: the lowest level, every wish, every word.

    Not applicable only where none of them is; what is still to do waits for nobody.

    >>> merge_answers([Answer(2), Answer(1, comment="Slow"), Answer()])[:3]
    (1, '', 'Slow')
    >>> merge_answers([Answer(na_reason="Not ours"), Answer(0)])[:2]
    (0, '')
    """
    levels = [answer.level for answer in answers if answer.level is not None]
    reasons = [answer.na_reason for answer in answers]
    wishes = [answer.progress_action for answer in answers]
    return Answer(
        level=min(levels, default=None),
        na_reason=join(reasons) if all(reasons) else "",
        comment=join(answer.comment for answer in answers),
        progress_action=next((wish for wish in ACTIONS if wish in wishes), ""),
        progress_comment=join(answer.progress_comment for answer in answers),
    )


def join(texts: Iterable[str]) -> str:
    """Return the texts that say something, one a line, each once.

    >>> join(["One", "", "Two", "One"])
    'One\\nTwo'
    """
    return "\n".join(dict.fromkeys(filter(None, texts)))


def tell_source(line: Said) -> str:
    """Return "1.1.1.1 (2): comment" for a line that says something.

    >>> tell_source(Said(1, 1, "1.1.1.1", Answer(0, comment="Begun")))
    '1.1.1.1 (0): Begun'
    >>> tell_source(Said(1, 1, "1.1.1.1", Answer(na_reason="Not our trade")))
    '1.1.1.1: Not our trade'
    >>> tell_source(Said(1, 1, "1.1.1.1"))
    ''
    """
    text = join([line.answer.na_reason, line.answer.comment])
    if text:
        return f"{name_source(line)}: {text}"
    return "" if line.answer.level is None else name_source(line)


def name_source(line: Said) -> str:
    """Return "1.1.1.1 (2)": a code, with its level if it has one.

    >>> name_source(Said(1, 1, "A", Answer(0))), name_source(Said(1, 1, "B"))
    ('A (0)', 'B')
    """
    level = line.answer.level
    return line.code if level is None else f"{line.code} ({level})"
