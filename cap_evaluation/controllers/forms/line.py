import json

from .base import FieldError, Form

TEXTS = ("na_reason", "comment", "progress_comment")
EMPTY = {
    "level": None,
    "na_reason": "",
    "comment": "",
    "progress_action": False,
    "progress_comment": "",
}


class LineForm(Form):
    """What a plain form posted for one line, whatever was in it.

    ``values`` is what the form shows (so that a refused form is shown again as it was
    typed), ``base`` what the line held when the form was made.
    """

    def __init__(self, env, post):
        super().__init__(env, post)
        self.answer = self.get_text("answer")
        self.direction = (
            self.get_choice("direction", ("previous", "next", "stay")) or "next"
        )
        self.base = self._read_base()
        self.values = {
            "level": self.answer if self.answer not in ("", "na") else None,
            "progress_action": self.get_choice("progress_action", ("yes", "no"))
            or False,
            **{name: self.get_text(name) for name in TEXTS},
        }
        if self._is_action_implied():
            self.values["progress_action"] = "yes"

    @property
    def level_text(self):
        """The level chosen, as it was posted; "" for none."""
        return "" if self.answer == "na" else self.answer

    def _is_action_implied(self):
        """Tell whether an action was written without ticking yes or no."""
        text = self.values["progress_comment"]
        return (
            bool(text)
            and not self.values["progress_action"]
            and text != self._get_base("progress_comment")
        )

    def _read_base(self):
        try:
            base = json.loads(self.get_text("base") or "{}")
        except ValueError:
            base = {}
        return {**EMPTY, **(base if isinstance(base, dict) else {})}

    def _get_base(self, key):
        """Return a base value as the form would give it back."""
        value = self.base[key]
        return (value or "").strip() if key in TEXTS else value

    def rebase(self, stored):
        """Stand on what is ``stored`` now, keeping only what this person changed."""
        changes = self.get_changes()
        if not changes.keys() & {"level", "na_reason"}:
            self.values["level"] = stored["level"]
            self.values["na_reason"] = stored["na_reason"]
            self.answer = self._get_stored_answer(stored)
        for key in ("comment", "progress_action", "progress_comment"):
            if key not in changes:
                self.values[key] = stored[key]
        self.base = dict(stored)

    def _get_stored_answer(self, stored):
        if stored["level"] is not None:
            return str(stored["level"])
        return "na" if stored["na_reason"] else ""

    def read(self):
        """Return what this person changed, see :meth:`get_changes`.

        :raise FieldError: where "not applicable" is chosen without a reason
        """
        if self.answer == "na" and not self.values["na_reason"]:
            raise FieldError(
                "na_reason",
                self.env._(
                    "Write a reason, even a short one. Without it, the objective "
                    "stays “to do”."
                ),
            )
        return self.get_changes()

    def get_changes(self):
        """Return what this person changed: the rest is left as others wrote it."""
        changes = {
            key: value
            for key, value in self.values.items()
            if key not in ("level", "na_reason") and value != self._get_base(key)
        }
        if self.answer == "na":
            if self.values["na_reason"] != self._get_base("na_reason"):
                changes["na_reason"] = self.values["na_reason"]
        elif self.answer and str(self.base["level"]) != self.answer:
            changes["level"] = self.answer
        return changes
