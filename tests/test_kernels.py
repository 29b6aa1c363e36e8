"""Every kernel runs without Odoo, is doctested, and has each branch held by a test.

``make proof`` also changes each one in every small way, and counts what the tests see.
"""

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT / "scripts"))
kernels = importlib.import_module("kernels")
KERNELS = [str(path.relative_to(ROOT)) for path in kernels.get_kernels()]

#: Kernel: why some of it is not taken by pure tests yet.
GAPS = {}
#: Kernel: why it has no doctest.
UNTRIED = {}
#: Kernel: why a function of it has no type.
UNTYPED = {}


def functions_of(kernel):
    for node in ast.walk(ast.parse((ROOT / kernel).read_text())):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def test_every_branch_is_taken_by_pure_tests():
    """They run where Odoo is two lines long: nothing there can import it."""
    command = [sys.executable, "scripts/kernels.py", "cover"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert "✗" not in run.stdout, run.stdout
    gaps = dict(line.split(": ", 1) for line in run.stdout.splitlines())
    assert not {name: found for name, found in gaps.items() if name not in GAPS}
    assert not GAPS.keys() - gaps.keys(), "these reasons are not needed any more"


@pytest.mark.parametrize("kernel", KERNELS)
def test_doctested(kernel):
    """The doctests themselves run with the pure tests."""
    tree = ast.parse((ROOT / kernel).read_text())
    holders = (ast.Module, ast.ClassDef, ast.FunctionDef)
    told = [
        ast.get_docstring(n) or "" for n in ast.walk(tree) if isinstance(n, holders)
    ]
    assert told[0], "says nothing of itself"
    calls = any(isinstance(n, ast.FunctionDef) for n in ast.walk(tree))
    tried = not calls or any(">>> " in text for text in told)
    assert tried == (kernel not in UNTRIED)


@pytest.mark.parametrize("kernel", KERNELS)
def test_typed(kernel):
    untyped = [
        function.name
        for function in functions_of(kernel)
        if (function.returns is None and function.name != "__init__")
        or any(
            argument.annotation is None
            for argument in (*function.args.args, *function.args.kwonlyargs)
            if argument.arg not in ("self", "cls")
        )
    ]
    assert not untyped or kernel in UNTYPED, untyped
    assert untyped or kernel not in UNTYPED, "this reason is not needed any more"


@pytest.mark.proof
@pytest.mark.parametrize("kernel", KERNELS)
def test_mutants_are_killed(kernel):
    command = [sys.executable, "scripts/kernels.py", "mutate", kernel]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert not run.returncode, run.stdout


def test_a_pure_test_is_known(tmp_path):
    path = tmp_path / "test_x.py"
    for text, pure in (
        ("from ..kernel import x", True),
        ("from ..kernel.x import y\nfrom odoo.tests import BaseCase, tagged", True),
        ("from odoo.addons.cap_evaluation.kernel import x", True),
        ("from odoo.tests import TransactionCase", False),
        ("import odoo", False),
        ("from .common import CapCommon", False),
        ("from ..tools import words", False),
    ):
        path.write_text(text)
        assert kernels.is_pure(path) == pure, text


def test_gaps_are_read():
    report = {
        "files": {
            "odoo/addons/a/kernel/x.py": {
                "missing_lines": [3],
                "missing_branches": [[1, 3]],
            },
            "odoo/addons/a/kernel/y.py": {"missing_lines": [], "missing_branches": []},
        }
    }
    assert kernels.read_gaps(report) == {"a/kernel/x.py": ["3", "1->3"]}
