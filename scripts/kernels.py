"""The kernels alone, where there is no Odoo: `kernels.py cover`, `kernels.py mutate`.

What `kernel/` holds is copied, beside the tests that need nothing else, under a folder
`odoo/addons` in which Odoo is two lines long. There the tests run in seconds: `cover`
wants every branch taken (part of `make test`), `mutate` wants the tests to fail for
nearly every small change of the code (part of `make proof`; K=name: some kernels).
"""

import ast
import json
import os
import re
import shutil
import subprocess
import sys

from common import (
    ADDONS,
    CACHE,
    ROOT,
    SYSTEM_PYTHON,
    Problem,
    digest,
    made_once,
    main,
    output_of,
    run,
    say,
)
from system import RUN, need

#: The share of mutants that the tests of each kernel must notice, in percent.
KILLED = 95
#: Mutants that no test can tell from the code, by name: why.
EQUIVALENT = {}
# All that pure tests may use of Odoo.
ODOO = {
    "__init__.py": "",
    "addons/__init__.py": "",
    "tests.py": """
import unittest
from unittest import mock

class BaseCase(unittest.TestCase):
    def patch(self, holder, name, value):
        patcher = mock.patch.object(holder, name, value)
        patcher.start()
        self.addCleanup(patcher.stop)

def tagged(*_tags):
    return lambda case: case
""",
}
KERNEL = re.compile(r"\.\.kernel\b|odoo\.addons\.cap_\w+\.kernel\b")
# Mutmut calls each test from several places in one process, on purpose.
CONFTEST = """
from hypothesis import HealthCheck, settings

settings.register_profile(
    "kernels",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("kernels")
"""
ALLOWED = {"odoo.tests.BaseCase", "odoo.tests.tagged"}
SETTINGS = """[tool:pytest]
addopts = -q --strict-markers --doctest-modules
markers =
    proof: takes long

[coverage:run]
branch = True
source = odoo/addons
omit =
    */tests/*

[coverage:report]
exclude_also =
    if TYPE_CHECKING:

[mutmut]
source_paths =
    odoo
only_mutate = {mutated}
also_copy =
    odoo
    conftest.py
pytest_add_cli_args_test_selection = {tests}
"""


def get_imports(path):
    """The dotted names that a file imports, as they are written in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = "." * node.level + (node.module or "")
            dot = "." if node.module else ""
            yield from (f"{base}{dot}{alias.name}" for alias in node.names)


def is_pure(path):
    """Whether a test imports nothing of ours but kernels, nor of Odoo but BaseCase."""
    foreign = [n for n in get_imports(path) if re.match(r"\.|odoo\b", n)]
    return all(KERNEL.match(name) or name in ALLOWED for name in foreign)


def tests_of(kernel):
    """The pure tests that import this kernel."""
    parts = kernel.relative_to(ROOT).with_suffix("").parts[1:]
    named = re.compile(rf"(.*\.)?{re.escape('.'.join(parts))}(\.|$)")
    return [
        path for path in get_pure_tests() if any(map(named.match, get_imports(path)))
    ]


def get_kernels():
    """The files of all kernels, packages' own apart."""
    found = [p for addon in ADDONS for p in (ROOT / addon / "kernel").rglob("*.py")]
    return sorted(path for path in found if path.name != "__init__.py")


def get_pure_tests():
    """The tests that a kernel needs and that need nothing but kernels."""
    found = [p for addon in ADDONS for p in (ROOT / addon / "tests").glob("test_*.py")]
    return sorted(p for p in found if "kernel" in p.read_text() and is_pure(p))


def lay_out(folder):
    """Copy kernels and pure tests into an empty folder; where they lie in it."""
    shutil.rmtree(folder, ignore_errors=True)
    addons = folder / "odoo/addons"
    for path in [
        *(p for addon in ADDONS for p in (ROOT / addon / "kernel").rglob("*.py")),
        *get_pure_tests(),
    ]:
        target = addons / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    for addon in ADDONS:
        for name in ("data", "tests/cases"):  # what the workbook's tests read
            if (ROOT / addon / name).is_dir():
                shutil.copytree(ROOT / addon / name, addons / addon / name)
        (addons / addon / "tests").mkdir(exist_ok=True)
        for package in (addon, f"{addon}/tests"):
            (addons / package / "__init__.py").touch()
    (folder / "conftest.py").write_text(CONFTEST)
    for name, text in ODOO.items():
        (folder / "odoo" / name).write_text(text)
    return addons


def cover():
    """Run the pure tests; a Problem where one fails or a branch is never taken."""
    folder = CACHE / "kernels" / "cover"
    lay_out(folder)
    write_settings(folder, "*/kernel/*", "odoo/addons")
    python = [sys.executable, "-m"]
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    tested = subprocess.run(
        [*python, "coverage", "run", "-m", "pytest", "-p", "no:odoo", "odoo/addons"],
        **{"cwd": folder, "env": environment, "capture_output": True, "text": True},
    )
    if tested.returncode:
        raise Problem(f"The kernels' tests fail without Odoo:\n{tested.stdout[-3000:]}")
    report = folder / "coverage.json"
    subprocess.run(
        [*python, "coverage", "json", "-q", "-o", report], cwd=folder, check=True
    )
    return read_gaps(json.loads(report.read_text()))


def read_gaps(report):
    """``{kernel: what of it no test takes}``, from coverage's own report."""
    gaps = {}
    for name, file in report["files"].items():
        missing = [str(line) for line in file["missing_lines"]]
        missing += [f"{a}->{b}" for a, b in file["missing_branches"]]
        if missing:
            gaps[name.removeprefix("odoo/addons/")] = missing
    return gaps


def write_settings(folder, mutated, tests):
    text = SETTINGS.format(mutated=mutated, tests=tests)
    (folder / "setup.cfg").write_text(text)


def get_mutmut():
    """The folder of commands of mutmut's own Python environment."""
    requirements = ROOT / "requirements-proof.txt"

    def make(folder):
        need({"python3-venv": RUN["python3-venv"]})
        run([SYSTEM_PYTHON, "-m", "venv", folder], "Making mutmut's environment")
        pip = [folder / "bin/python", "-m", "pip", "--disable-pip-version-check"]
        run([*pip, "install", "-r", requirements], "Installing mutmut")

    return made_once(CACHE / "proof" / digest(requirements.read_bytes()), make) / "bin"


def mutate(kernel):
    """Change a kernel in every small way; ``(killed %, the changes that no test saw)``.

    Only the tests that name the kernel run, and its own doctests. A mutant that makes
    them endless is seen; one that is listed as equivalent does not count.
    """
    commands = get_mutmut()
    name = kernel.relative_to(ROOT)
    folder = CACHE / "kernels" / "-".join(name.with_suffix("").parts)
    addons = lay_out(folder)
    tests = [
        str((addons / path.relative_to(ROOT)).relative_to(folder))
        for path in tests_of(kernel)
    ]
    mutated = f"odoo/addons/{name}"
    write_settings(folder, mutated, "\n    ".join(["", *tests, mutated]))
    mutmut = [commands / "python", "-m", "mutmut"]
    log = f"mutate-{folder.name}.log"
    run([*mutmut, "run"], f"Mutating {name}", cwd=folder, progress=r"\d+/\d+", log=log)
    told = output_of([*mutmut, "results", "--all", "true"], cwd=folder)
    results = dict(re.findall(r"(\S+__mutmut_\d+): (.+)", told))
    results = {one: how for one, how in results.items() if one not in EQUIVALENT}
    unseen = [one for one, how in results.items() if how not in ("killed", "timeout")]
    changes = [output_of([*mutmut, "show", one], cwd=folder) for one in unseen]
    return 100 - 100 * len(unseen) / max(len(results), 1), changes


def tell_mutants(kernels):
    """Say how many mutants of each kernel were killed; whether too few of one."""
    few = []
    for kernel in kernels:
        killed, unseen = mutate(kernel)
        say(f"{kernel.relative_to(ROOT)}: {killed:.1f} % killed")
        for change in unseen:
            say("\n".join(f"    {line}" for line in change.splitlines()))
        few += [kernel] if killed < KILLED else []
    return bool(few)


def kernels():
    wanted = os.environ.get("K") or ""
    if sys.argv[1:] == ["cover"]:
        gaps = cover()
        for name, missing in gaps.items():
            say(f"{name}: {', '.join(missing)}")
        return bool(gaps)
    if sys.argv[1:2] == ["mutate"]:
        wanted = sys.argv[2] if sys.argv[2:] else wanted
        return tell_mutants(p for p in get_kernels() if wanted in str(p))
    raise Problem("Say which: cover or mutate")


if __name__ == "__main__":
    main(kernels)
