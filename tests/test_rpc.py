"""Our public methods, as anybody may call them by RPC on records that are not theirs.

The methods are found in the registry: a new one is called too, and has to refuse. A
call may open a screen, where the rights of whoever looks hold; it never writes, and
tells nothing that is not listed here.
"""

import inspect
import re
from unittest.mock import patch

from odoo.exceptions import AccessError, MissingError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .people import PeopleCommon

STRANGERS = (
    "other_pilot",
    "other_animator",
    "manager_elsewhere",
    "portal",
    "employee",
    "project_employee",
    "event_employee",
    "contact_employee",
)
# What each parameter without a default is given.
ARGUMENTS = {
    "cohort": {},
    "values": {"comment": "Forged"},
    "vals": {"name": "Forged"},
    "text": "Forged",
    "name": "Forged",
    "code": "9.9",
    "wording": "Forged",
}
# The matrix of rights tests these, on every model.
STANDARD = {"create", "write", "unlink", "copy", "copy_data", "read", "onchange"}
STANDARD |= {"message_subscribe", "default_get", "name_search", "web_read", "search"}
# (model, method): what it tells anybody, and why that is right.
TOLD = {
    ("cap.referential.version", "get_editor_tree"): "a published edition is for all",
    (
        "cap.objective",
        "get_editor_token",
    ): "so is an objective, and what it changes with",
    ("cap.objective", "get_deletion_notice"): "so is what hangs from it",
}
# (model, method): who may, though these records are not theirs alone.
SHARED = {
    # An empty workbook, made for whoever asks
    ("cap.referential.import", "action_download_template"): {"manager_elsewhere"},
    ("cap.referential.export", "action_download_template"): {"manager_elsewhere"},
}
WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE)\b", re.IGNORECASE)


class Answered(Exception):
    """A call that was not refused; what it did is rolled back."""


def get_public_methods(model):
    """Return ``{name: function}`` of what our modules let anybody call on a model."""
    found = {}
    for parent in type(model).mro():
        if not parent.__module__.startswith("odoo.addons.cap_"):
            continue
        for name, value in vars(parent).items():
            method = getattr(type(model), name, None)
            if (
                inspect.isfunction(value)
                and not name.startswith("_")
                and name not in STANDARD
                and not getattr(method, "_api_private", False)
            ):
                found[name] = method
    return found


@tagged("post_install", "-at_install")
class TestRpc(PeopleCommon):
    def get_calls(self):
        """Yield ``(model, method name, function)``."""
        for model in sorted(self.env.registry):
            if self.env[model]._abstract:
                continue  # what it gives is called on each model that inherits it
            for name, function in sorted(get_public_methods(self.env[model]).items()):
                yield model, name, function

    def prepare_arguments(self, function):
        parameters = list(inspect.signature(function).parameters.values())[1:]
        return {
            p.name: ARGUMENTS.get(p.name, self.evaluation.id)
            for p in parameters
            if p.default is p.empty and p.kind is p.POSITIONAL_OR_KEYWORD
        }

    def test_strangers_are_refused(self):
        for model, name, function in self.get_calls():
            subject = self.get_sample(model)
            for kind in STRANGERS:
                if kind in SHARED.get((model, name), ()):
                    continue
                with self.subTest(model=model, method=name, kind=kind):
                    self.env.flush_all()
                    self._call(subject, name, function, self.people_by_kind[kind])

    def _call(self, subject, name, function, user):
        self.env.invalidate_all()
        subject = subject.with_user(user).with_context(lang="en_US")
        written = []
        execute = type(self.env.cr).execute

        def spy(cursor, query, params=None, log_exceptions=True):
            code = getattr(query, "code", query)
            if WRITES.match(code):
                written.append(code)
            return execute(cursor, query, params, log_exceptions)

        try:
            with (
                self.env.cr.savepoint(flush=False),
                patch.object(type(self.env.cr), "execute", spy),
                mute_logger("odoo.sql_db", "odoo.addons.base.models.ir_rule"),
            ):
                answer = getattr(subject, name)(**self.prepare_arguments(function))
                self.env.flush_all()
                raise Answered(answer)
        except (AccessError, UserError, MissingError):
            pass
        except Answered as answered:
            self.assertFalse(written, "a stranger's call writes")
            self._check_answer(subject._name, name, answered.args[0])
        finally:
            self.env.invalidate_all()

    def _check_answer(self, model, name, answer):
        """What opens a screen, or says nothing, is harmless; the rest is listed."""
        opens = isinstance(answer, dict) and str(answer.get("type")).startswith("ir.")
        if not opens and answer not in (None, True, False):
            self.assertIn((model, name), TOLD, f"it answers {answer!r:.200}")
