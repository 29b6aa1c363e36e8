import json

from odoo.http import request

TEXTS = ("na_reason", "comment", "progress_comment")
EMPTY = {
    "level": None,
    "na_reason": "",
    "comment": "",
    "progress_action": False,
    "progress_comment": "",
}


def clean(text):
    """Return a typed text as it is stored: trimmed, with plain line ends."""
    return (text or "").strip().replace("\r\n", "\n")


class AnswerForm:
    """What a plain form posted for one line, whatever was in it.

    ``values`` is what the form shows (so that a refused form is shown again as it was
    typed), ``base`` what the line held when the form was made.
    """

    def __init__(self, post):
        self.answer = post.get("answer") or ""
        self.direction = post.get("direction") or "next"
        self.base = self._read_base(post.get("base"))
        action = post.get("progress_action")
        self.values = {
            "level": self.answer if self.answer not in ("", "na") else None,
            "na_reason": clean(post.get("na_reason")),
            "comment": clean(post.get("comment")),
            "progress_action": action if action in ("yes", "no") else False,
            "progress_comment": clean(post.get("progress_comment")),
        }
        if self._is_action_implied():
            self.values["progress_action"] = "yes"

    def _is_action_implied(self):
        """Tell whether an action was written without ticking yes or no."""
        text = self.values["progress_comment"]
        return (
            bool(text)
            and not self.values["progress_action"]
            and text != clean_base(self.base, "progress_comment")
        )

    def _read_base(self, text):
        try:
            base = json.loads(text or "{}")
        except ValueError:
            base = {}
        return {**EMPTY, **(base if isinstance(base, dict) else {})}

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

    @property
    def base_json(self):
        return json.dumps(self.base)

    def check(self):
        """Return ``{field: message}`` for what cannot be saved as it is."""
        if self.answer == "na" and not self.values["na_reason"]:
            return {
                "na_reason": request.env._(
                    "Write a reason, even a short one. Without it, the objective "
                    "stays “to do”."
                )
            }
        return {}

    def get_changes(self):
        """Return what this person changed: the rest is left as others wrote it."""
        changes = {
            key: value
            for key, value in self.values.items()
            if key not in ("level", "na_reason") and value != clean_base(self.base, key)
        }
        if self.answer == "na":
            if self.values["na_reason"] != clean_base(self.base, "na_reason"):
                changes["na_reason"] = self.values["na_reason"]
        elif self.answer and str(self.base["level"]) != self.answer:
            changes["level"] = self.answer
        return changes


def clean_base(base, key):
    """Return a base value as the form would give it back."""
    return clean(base[key]) if key in TEXTS else base[key]
