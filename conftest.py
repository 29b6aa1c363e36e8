"""Rules of every test run: which tests drive a browser, and that none is skipped."""

import re

import pytest

BROWSER_FILE = re.compile(r"test_(\w+_)?(tours?|hoot|journeys?)(_\w+)?\.py")
SKIPPED = []


def pytest_collection_modifyitems(items):
    for item in items:
        if BROWSER_FILE.fullmatch(item.path.name):
            item.add_marker(pytest.mark.browser)


def pytest_runtest_logreport(report):
    """Seen by the main process, whichever worker ran the test."""
    if report.skipped and not hasattr(report, "wasxfail"):
        SKIPPED.append(report.nodeid)


def pytest_sessionfinish(session):
    if SKIPPED and not hasattr(session.config, "workerinput"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter):
    if SKIPPED:
        terminalreporter.section("skipped tests fail the run", red=True)
        terminalreporter.write_line("\n".join(SKIPPED))
