# Plain classes: what they call read and write is no model's.
# pylint: disable=method-required-super

import json

from ...kernel import answer
from .base import FieldError, Form

DIRECTIONS = ("previous", "next", "stay", "erase")


class LineForm(Form):
    """What a plain form posted for one line, whatever was in it.

    ``seen`` is what the line held when the form was made, ``given`` what was sent: both
    as the kernel reads them.
    """

    def __init__(self, env, post):
        super().__init__(env, post)
        self.seen = answer.read_seen(self._read_base())
        self.given = {key: self.get_text(key) for key in answer.KEYS[1:]}
        self.answer = self.get_text("answer")
        if not self.answer and self.given["na_reason"]:
            self.answer = "na"  # a reason is written: that is the choice
        if self.answer != "na":
            del self.given["na_reason"]
        if self.answer not in ("", "na"):
            self.given["level"] = self.answer
        self.direction = self.get_choice("direction", DIRECTIONS) or "next"
        if self.direction == "erase":
            self._erase()

    def _erase(self):
        """Take the choices back; what was written stays."""
        self.answer = ""
        self.given.update(level=None, na_reason="", progress_action="")

    def _read_base(self):
        try:
            return json.loads(self.get_text("base") or "{}")
        except (ValueError, RecursionError):
            return {}

    @property
    def base(self):
        """What the line held, as the form carries it."""
        return json.dumps(self.seen._asdict())

    @property
    def values(self):
        """What the form shows: what was typed, as it was typed."""
        return {**self.seen._asdict(), "na_reason": "", **self.given}

    @property
    def level_text(self):
        """The level chosen, as it was posted; "" for none."""
        return "" if self.answer == "na" else self.answer[:20]

    def read(self, line):
        """Return the answer that this person wants for ``line``.

        :raise FieldError: on what cannot be read as an answer
        """
        try:
            return answer.read(self.given, self.seen)
        except answer.BadAnswer as error:
            raise FieldError(error.key, line._tell_bad(error)) from None

    def rebase(self, stored, wanted):
        """Stand on what is ``stored`` now, keeping only what this person changed."""
        kept = answer.merge(self.seen, stored, wanted).kept
        self.seen = stored
        self.given = kept._asdict()
        self.answer = str(kept.level) if kept.level is not None else ""
        if kept.na_reason:
            self.answer = "na"
