"""`make bench` measures everything, `make bench K=workbook` what has that in its name.

The targets are printed beside the figures. A missed target is told, never an error: a
time depends on the machine, and tests bound the numbers of queries instead.
"""

import os
import platform
import sys
from collections.abc import Callable
from typing import NamedTuple

from . import answering, importing, pages, workloads
from .database import Databases
from .harness import Result, compare, growth

TIMES = 5


class Target(NamedTuple):
    """What a workload is held to: a sentence, and whether the results meet it."""

    words: str
    meets: Callable[[list[Result]], bool]


class Workload(NamedTuple):
    name: str
    unit: str
    factor: int
    sizes: tuple
    run: Callable
    targets: tuple


def per_structure(results):
    """Return the queries that one structure more costs.

    >>> from .harness import Measure
    >>> few, many = Measure(1, 20, 0), Measure(1, 170, 0)
    >>> per_structure([Result(150, few, few), Result(250, many, few)])
    1.5
    """
    first, last = results[0], results[-1]
    return (last.ours.queries - first.ours.queries) / (last.size - first.size)


def extra_queries(results):
    """Return how many more queries than the limit, at each size."""
    return [result.ours.queries - result.limit.queries for result in results]


def alternating(ours, limit, get_database):
    """Return what runs a workload at all its sizes, in turn with its limit."""

    def run(databases, sizes):
        results = []
        for size in sizes:
            database = get_database(databases, size)
            results.append(compare(database, ours, limit, size, TIMES))
            databases.vacuum(database)
        return results

    return run


def page(name, unit, sizes, ratio):
    """Return the workload of one page, held to so many times Survey's."""
    return Workload(
        f"pages: {name}",
        unit,
        1,
        sizes,
        PAGES.run(name),
        (
            Target(f"{ratio:g}x Survey's", lambda r: max(x.ratio for x in r) <= ratio),
            Target(
                "10 queries more than /my",
                lambda r: max(x.more_queries for x in r) <= 10,
            ),
            Target(
                "the same queries at each size",
                lambda r: len({x.ours.queries for x in r}) == 1,
            ),
        ),
    )


PAGES = pages.Pages()
WORKLOADS = (
    Workload(
        "open a campaign",
        "lines",
        72,
        (150, 300, 600),
        alternating(
            workloads.open_campaign,
            workloads.insert_campaign,
            lambda databases, _size: databases.network(),
        ),
        (
            Target("3x raw INSERTs", lambda r: r[-1].ratio <= 3),
            Target("1.5 queries a structure", lambda r: per_structure(r) <= 1.5),
        ),
    ),
    Workload(
        "save one answer",
        "lines in the CAP",
        1,
        (72, 200, 500),
        answering.save_answers,
        (Target("12 queries", lambda r: max(x.ours.queries for x in r) <= 12),),
    ),
    Workload(
        "generate a plan",
        "actions",
        1,
        (5, 15, 30),
        alternating(
            workloads.generate_plan,
            workloads.create_tasks,
            lambda databases, _size: databases.network(),
        ),
        (
            Target(
                "bare create's queries + a constant",
                lambda r: extra_queries(r)[-1] <= extra_queries(r)[0],
            ),
        ),
    ),
    Workload(
        "import a référentiel",
        "objectives",
        1,
        (500, 1000, 2000),
        alternating(
            importing.import_workbook,
            importing.create_records,
            lambda databases, _size: databases.network(),
        ),
        (
            Target("3x the ORM's bare create", lambda r: r[-1].ratio <= 3),
            Target("50 queries more than it", lambda r: extra_queries(r)[-1] <= 50),
            Target("300 MB", lambda r: r[-1].ours.megabytes <= 300),
        ),
    ),
    Workload(
        "consolidate",
        "lines",
        72,
        (150, 300, 600),
        alternating(
            workloads.consolidate,
            workloads.group_by,
            lambda databases, size: databases.validated(size),
        ),
        (Target("1.5x raw GROUP BY", lambda r: r[-1].ratio <= 1.5),),
    ),
    Workload(
        "network workbook",
        "lines",
        72,
        (70, 278, 600),
        alternating(
            workloads.write_workbook,
            workloads.write_bare,
            lambda databases, _size: databases.validated(600),
        ),
        (
            Target("1.2x bare XlsxWriter", lambda r: r[-1].ratio <= 1.2),
            Target(
                "memory flat",
                lambda r: r[-1].ours.megabytes <= r[0].ours.megabytes + 10,
            ),
        ),
    ),
    Workload("pages: /my", "page", 1, (1,), PAGES.run(pages.HOME), ()),
    Workload("pages: Survey's", "page", 1, (1,), PAGES.run(pages.SURVEY), ()),
    page("evaluate", "objectives", (72, 500), 0.8),
    page("photographie", "objectives", (72, 500), 1.2),
    page("plan", "actions", (10, 300), 1.0),
    page("position", "structures", (600,), 1.2),
)
HEADINGS = ("workload", "size", "ours", "limit", "ratio", "queries", "limit's", "MB")
WIDTHS = (20, 24, 11, 11, 7, 8, 8, 7)


def show(workload, results):
    """Print a workload's lines, how it grows, and what it is held to."""
    for result in results:
        size = f"{result.size * workload.factor:,} {workload.unit}"
        _row(
            workload.name,
            size,
            _seconds(result.ours.seconds),
            _seconds(result.limit.seconds),
            f"{result.ratio:.2f}x",
            f"{result.ours.queries:g}",
            f"{result.limit.queries:g}",
            f"{result.ours.megabytes:.0f}",
        )
    notes = []
    if len(results) > 1:
        notes.append(f"time grows as size^{growth(results):.2f}")
    if isinstance(results[0], pages.Page):
        times = ", ".join(f"{result.to_home:.2f}" for result in results)
        more = ", ".join(f"{result.more_queries:+g}" for result in results)
        notes.append(f"{times} times /my; queries beyond it: {more}")
    if workload.name == "open a campaign":
        notes.append(f"{per_structure(results):.2f} queries a structure")
    if workload.name == "generate a plan":
        extra = ", ".join(f"{count:+g}" for count in extra_queries(results))
        notes.append(f"queries beyond the bare create: {extra}")
    for target in workload.targets:
        answer = "met" if target.meets(results) else "NOT MET"
        notes.append(f"at most {target.words}: {answer}")
    print(f"{'':{WIDTHS[0]}}  {'; '.join(notes)}\n", flush=True)


def _row(*cells):
    print(
        "  ".join(
            f"{cell:{'<' if rank < 2 else '>'}{width}}"
            for rank, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
        ),
        flush=True,
    )


def _seconds(seconds):
    return f"{seconds:.2f} s" if seconds >= 1 else f"{seconds * 1000:.1f} ms"


def main():
    wanted = os.environ.get("K", "")
    databases = Databases()
    databases.configure()
    cores = os.cpu_count()
    print(f"\n{cores} cores, Python {platform.python_version()}, medians of {TIMES}\n")
    _row(*HEADINGS)
    try:
        for workload in WORKLOADS:
            if wanted in workload.name:
                show(workload, workload.run(databases, workload.sizes))
    finally:
        databases.drop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
