"""Public methods given what nobody should send: a clear refusal, never a server error.

Generated from the registry: each method that a person can call through the RPC, each of
its parameters, each of these values.
"""

import inspect

from odoo.exceptions import UserError
from odoo.models import BaseModel
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.cap_progress_plan.tests.common import PlanCommon

ODD = (
    None,
    True,
    -1,
    10**30,
    1.5,
    float("nan"),
    "",
    "x",
    "\x00",
    "\ud800",
    "²",
    [],
    ["x"],
    [None],
    {},
    {"x": []},
    [[]],
)


@tagged("post_install", "-at_install")
class TestOddTypes(PlanCommon):
    def _get_methods(self):
        """Return ``[(model, method, parameters)]`` of ours that take something."""
        found = []
        for model in sorted(self.env.registry):
            if not model.startswith("cap."):
                continue
            cls = type(self.env[model])
            for name in dir(cls):
                if name.startswith("_"):
                    continue
                method = getattr(cls, name)
                if not inspect.isfunction(method) or getattr(
                    method, "_api_private", False
                ):
                    continue
                if ".cap_" not in f".{method.__module__.partition('addons.')[2]}":
                    continue
                names = list(inspect.signature(method).parameters)[1:]
                if names and not hasattr(BaseModel, name) and name != "web_save":
                    found.append((model, name, names))
        return found

    def _get_records(self, model):
        records = self.env[model].with_user(self.user_manager)
        known = {
            "cap.evaluation": self.evaluation,
            "cap.evaluation.line": self.evaluation.line_ids[0],
        }
        found = known.get(model) or (
            records if records._abstract else records.search([], limit=1)
        )
        return found.with_user(self.user_manager)

    @mute_logger("odoo.sql_db")
    def test_each_odd_value(self):
        self.evaluation = self.make_evaluation(levels={"1.1.1.1": 2})
        self.version.action_new_edition()
        methods = self._get_methods()
        self.assertGreater(len(methods), 5)
        for model, name, parameters in methods:
            for place, parameter in enumerate(parameters):
                for odd in ODD:
                    with self.subTest(model=model, method=name, given={parameter: odd}):
                        self._call(model, name, parameters, place, odd)

    def _call(self, model, name, parameters, place, odd):
        records = self._get_records(model)
        signature = inspect.signature(getattr(type(records), name))
        values = [
            odd if rank == place else parameter.default
            for rank, parameter in enumerate(list(signature.parameters.values())[1:])
        ]
        values = [None if v is inspect.Parameter.empty else v for v in values]
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            getattr(records, name)(*values)
            self.env.flush_all()
        except UserError:
            pass
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all(flush=False)
