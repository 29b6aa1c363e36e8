"""Run the tests: `test.py` those of every change, `test.py proof` those that take long.

Unit tests run in two processes, each on its own clone of the template database, then
those that drive Chromium one at a time. A test that is skipped fails the run.
"""

import os
import subprocess
import sys
import time
from xml.etree import ElementTree

import postgres
from common import LOGS, ROOT, Problem, main, say, stopped_at_exit
from databases import modules_template
from shell import prepare

DATABASE = "cap_test"
NO_TESTS = 5
STEPS = {
    # name: (which tests, processes)
    "unit": ("not browser and not proof", 2),
    "browser": ("browser and not proof", 0),
}
PROOF = {"proof": ("proof", 0)}
CONFIG = """[options]
addons_path = {addons}
data_dir = {data}
http_interface = 127.0.0.1
screenshots = {screenshots}
"""


def write_config(odoos):
    arguments = odoos.arguments(None, DATABASE)
    options = dict(part[2:].split("=", 1) for part in arguments if "=" in part)
    config = LOGS / "test.conf"
    config.write_text(
        CONFIG.format(
            addons=options["addons-path"],
            data=options["data-dir"],
            screenshots=LOGS / "screenshots",
        )
    )
    return config


def run_step(name, which, processes, odoos, config):
    """One pytest run; its exit code and {passed, failed, skipped}."""
    say(f"\n=== {name} tests")
    report = LOGS / f"test-{name}.xml"
    report.unlink(missing_ok=True)
    command = [
        *(odoos.odoo.python, "-m", "pytest", "-c", ROOT / "setup.cfg", "-m", which),
        *("--rootdir", ROOT, f"--odoo-config={config}", "--odoo-http"),
        f"--odoo-database={DATABASE}",
        *("--junitxml", report, "--durations", "10"),
        *(("-n", processes) if processes else ()),
        *(("-k", os.environ["K"]) if os.environ.get("K") else ()),
        *(("--cov", "--cov-append") if os.environ.get("COVER") else ()),
    ]
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        process_group=0,
        env=odoos.odoo.environment(),
    )
    with stopped_at_exit(process):
        process.wait()
    return process.returncode, count(report)


def count(report):
    """Passed, failed and skipped tests of a JUnit report."""
    if not report.exists():
        return {"passed": 0, "failed": 1, "skipped": 0}
    results = {}  # a test and its subtests are one
    for case in ElementTree.parse(report).iter("testcase"):
        name = case.get("classname"), case.get("name")
        kinds = {child.tag for child in case} | results.get(name, set())
        results[name] = kinds & {"failure", "error", "skipped"}
    failed = sum(bool(kinds & {"failure", "error"}) for kinds in results.values())
    skipped = sum(kinds == {"skipped"} for kinds in results.values())
    passed = len(results) - failed - skipped
    return {"passed": passed, "failed": failed, "skipped": skipped}


def check_installation(template):
    """Installing the modules must not make Odoo complain."""
    complaints = postgres.noted(template)
    if complaints:
        raise Problem(f"Odoo complains while it installs the modules:\n{complaints}")


def test():
    start = time.monotonic()
    odoos = prepare(browser=True)
    template = modules_template(odoos)
    check_installation(template)
    config = write_config(odoos)
    codes, totals = [], {"passed": 0, "failed": 0, "skipped": 0}
    for name, (which, processes) in (PROOF if "proof" in sys.argv else STEPS).items():
        postgres.drop(DATABASE)
        postgres.clone(template, DATABASE)
        code, counted = run_step(name, which, processes, odoos, config)
        codes.append(code)
        totals = {key: totals[key] + counted[key] for key in totals}
    say(f"\n{time.monotonic() - start:.0f} s in all")
    say("{passed} passed, {failed} failed, {skipped} skipped".format(**totals))
    if not totals["passed"]:
        raise Problem("No test was run: is there one whose name holds K?")
    return any(code not in (0, NO_TESTS) for code in codes)


if __name__ == "__main__":
    main(test)
