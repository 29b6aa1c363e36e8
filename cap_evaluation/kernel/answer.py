"""One answer: its five keys, how it is read, and how two people's are put together.

An answer is read once, from whatever a page, a form or an old draft sends, then merged
once: what this person *saw* when they began, what is *stored* now, what they *want*.
Level and reason for "not applicable" are one thing said: one empties the other.

>>> seen = Answer()
>>> wanted = read({"level": "2", "progress_comment": " Write it "}, seen)
>>> wanted.level, wanted.progress_action, wanted.progress_comment
(2, 'yes', 'Write it')
>>> merge(seen, stored=seen, wanted=wanted).changes
{'level': 2, 'progress_action': 'yes', 'progress_comment': 'Write it'}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from .text import typed

TEXTS = ("na_reason", "comment", "progress_comment")
ACTIONS = ("yes", "no")
# What is decided together: whoever changed one of a group changed the group.
GROUPS = (
    ("level", "na_reason"),
    ("comment",),
    ("progress_action",),
    ("progress_comment",),
)
TEXT_LIMIT = 10_000
_LEVEL = re.compile(r"-?[0-9]{1,9}", re.ASCII)


class Answer(NamedTuple):
    """What a group, or one person, says of one objective. Empty: nothing yet.

    ``level`` is a value of the scale, 0 included; ``progress_action`` is "yes", "no" or
    "".
    """

    level: int | None = None
    na_reason: str = ""
    comment: str = ""
    progress_action: str = ""
    progress_comment: str = ""


KEYS = Answer._fields
#: The same, as the fields of a line: a level is a record of its scale.
FIELDS = ("level_id", *KEYS[1:])


class BadAnswer(ValueError):
    """What cannot be read as an answer: ``key`` tells where, ``problem`` what.

    ``problem`` is "level" (not a whole number), "reason" (none is written) or "long".
    """

    def __init__(self, key: str, problem: str) -> None:
        super().__init__(f"{key}: {problem}")
        self.key = key
        self.problem = problem


class Merge(NamedTuple):
    """What becomes of an answer: see :func:`merge`."""

    changes: dict[str, Any]
    clashes: list[str]
    kept: Answer


def read_seen(raw: object) -> Answer:
    """Return what somebody says that they saw; what cannot be read was empty.

    >>> odd = {"level": {}, "comment": ["x"], "progress_action": False, "x": 1}
    >>> read_seen(odd) == read_seen([1]) == Answer(), read_seen({"level": 0}).level
    (True, 0)
    """
    given = raw if isinstance(raw, Mapping) else {}
    try:
        level = read_level(given.get("level"))
    except BadAnswer:
        level = None
    action = given.get("progress_action")
    return Answer(
        level=level,
        progress_action=action if action in ACTIONS else "",
        **{key: typed(given.get(key)) for key in TEXTS},
    )


def read(raw: object, seen: Answer) -> Answer:
    """Return what somebody wants, who saw ``seen`` and sends what is in ``raw``.

    A key that is not there is left as it was. A written reason takes the level off, a
    level the reason; both given and empty take the answer back. An action that is
    written without a choice is a yes: a plan is made of the lines that say yes.

    >>> read({"na_reason": "Not ours"}, Answer(level=2))[:2]
    (None, 'Not ours')
    >>> read({"level": 0}, Answer(na_reason="Not ours"))[:2]
    (0, '')
    >>> read({"level": None, "na_reason": ""}, Answer(level=3)) == Answer()
    True
    >>> read({"progress_comment": "Later"}, Answer(progress_action="no"))[3:]
    ('no', 'Later')

    :raise BadAnswer: on a level that is no whole number, on a blank reason that no
        level comes with, on a text that has more than ``TEXT_LIMIT`` characters
    """
    given = raw if isinstance(raw, Mapping) else {}
    wanted = read_seen({**seen._asdict(), **given})
    for key in TEXTS:
        text = getattr(wanted, key)
        if len(text) > TEXT_LIMIT and text != getattr(seen, key):
            raise BadAnswer(key, "long")
    wanted = wanted._replace(**_read_pair(given, seen, wanted.na_reason))
    changed = wanted.progress_comment != seen.progress_comment
    if changed and wanted.progress_comment and not wanted.progress_action:
        return wanted._replace(progress_action="yes")
    return wanted


def _read_pair(given: Mapping[str, Any], seen: Answer, reason: str) -> dict[str, Any]:
    """Return level and reason, of which at most one says something."""
    if "level" in given:
        level = read_level(given["level"])
        return {"level": level, "na_reason": "" if level is not None else reason}
    if "na_reason" not in given:
        return {"level": seen.level, "na_reason": seen.na_reason}
    if not reason:
        raise BadAnswer("na_reason", "reason")
    return {"level": None, "na_reason": reason}


def read_level(value: object) -> int | None:
    """Return a level as a whole number, None for none.

    >>> read_level("2"), read_level(0), read_level(""), read_level(False)
    (2, 0, None, None)
    >>> for odd in (1.7, True, "²", "2.5", "9" * 5000):
    ...     try: read_level(odd)
    ...     except BadAnswer as error: print(error)
    level: level
    level: level
    level: level
    level: level
    level: level
    """
    if value is None or value is False or value == "":
        return None
    if isinstance(value, str) and _LEVEL.fullmatch(value):
        return int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise BadAnswer("level", "level")


def merge(seen: Answer, stored: Answer, wanted: Answer) -> Merge:
    """Return what to write over ``stored`` for somebody who saw ``seen``.

    What they left as they saw it stays as others wrote it. What they changed is theirs
    to write, unless it was changed meanwhile into something else: a clash.

    - ``changes``: the keys to write, with their values
    - ``clashes``: the keys that both changed; nothing is to be written then
    - ``kept``: what is stored, with what this person changed over it

    >>> seen, stored = Answer(level=1), Answer(level=1, comment="Theirs")
    >>> merge(seen, stored, Answer(level=2))[:2]
    ({'level': 2}, [])
    >>> merge(seen, stored, Answer(level=1, comment="Mine"))[:2]
    ({}, ['comment'])
    >>> merge(seen, Answer(na_reason="Not ours"), Answer(level=2)).clashes
    ['level', 'na_reason']
    """
    changes, clashes, kept = {}, [], {}
    for group in GROUPS:
        before, now, after = (
            {key: getattr(answer, key) for key in group}
            for answer in (seen, stored, wanted)
        )
        if after == before:
            continue
        kept.update(after)
        different = {key: value for key, value in after.items() if value != now[key]}
        if different and now != before:
            clashes += different
        else:
            changes.update(different)
    return Merge({} if clashes else changes, clashes, stored._replace(**kept))
