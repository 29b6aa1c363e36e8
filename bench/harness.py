"""Measures one piece of work: time, SQL queries, peak memory.

Each measure runs in a child process of its own, forked from one that has Odoo loaded:
nothing that one leaves behind, in memory or in a transaction, weighs on the next.
"""

import contextlib
import gc
import math
import os
import pickle
import statistics
import time
from collections.abc import Callable
from typing import NamedTuple

import odoo
from odoo.modules.registry import Registry

ADMIN = 2


class Measure(NamedTuple):
    """One run, or the median of several."""

    seconds: float
    queries: int
    megabytes: float


class Result(NamedTuple):
    """A workload at one size: ours, and the limit measured between its runs."""

    size: int
    ours: Measure
    limit: Measure

    @property
    def ratio(self) -> float:
        return self.ours.seconds / self.limit.seconds


def median(measures: list[Measure]) -> Measure:
    """Return the median of each figure.

    >>> median([Measure(1.0, 5, 2.0), Measure(9.0, 5, 3.0), Measure(2.0, 6, 4.0)])
    Measure(seconds=2.0, queries=5, megabytes=3.0)
    """
    return Measure(
        *(statistics.median(column) for column in zip(*measures, strict=True))
    )


def growth(results: list[Result]) -> float:
    """Return the exponent by which time grows with size: 1.0 is proportional.

    >>> flat = Measure(1.0, 1, 0)
    >>> round(growth([Result(100, flat, flat), Result(400, Measure(4, 1, 0), flat)]), 2)
    1.0
    """
    first, last = results[0], results[-1]
    return math.log(last.ours.seconds / first.ours.seconds) / math.log(
        last.size / first.size
    )


def compare(
    database: str,
    prepare_ours: Callable,
    prepare_limit: Callable,
    size: int,
    times: int,
) -> Result:
    """Run ours and the limit in turn, ``times`` each; return the medians.

    Each ``prepare`` takes an environment and the size, and returns what is measured.
    """
    ours, limits = [], []
    for _turn in range(times):
        limits.append(measure(database, prepare_limit, size))
        ours.append(measure(database, prepare_ours, size))
    return Result(size, median(ours), median(limits))


def measure(database: str, prepare: Callable, size: int) -> Measure:
    """Measure in a child process; what it wrote is rolled back."""
    return in_child(database, lambda env: _measure(env, prepare(env, size)))


def _measure(env, work: Callable) -> Measure:
    env.flush_all()
    env.invalidate_all()
    gc.collect()
    with open("/proc/self/clear_refs", "w") as peak:
        peak.write("5")  # forget the peak so far
    before, queries = memory("VmRSS"), env.cr.sql_log_count
    start = time.perf_counter()
    work()
    env.flush_all()
    seconds = time.perf_counter() - start
    return Measure(
        seconds, env.cr.sql_log_count - queries, max(0.0, memory("VmHWM") - before)
    )


def memory(name: str, pid: int | str = "self") -> float:
    """Return a figure of the process's memory, in megabytes."""
    with open(f"/proc/{pid}/status") as status:
        line = next(line for line in status if line.startswith(name))
    return int(line.split()[1]) / 1024


def in_child(database: str, work: Callable, commit: bool = False):
    """Return what ``work(env)`` returns, run in a forked process."""
    Registry(database)  # loaded once, in the parent
    odoo.sql_db.close_all()
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        _answer(writing, lambda: _with_env(database, work, commit))
    os.close(writing)
    with os.fdopen(reading, "rb") as stream:
        answer = stream.read()
    os.waitpid(pid, 0)
    succeeded, value = pickle.loads(answer) if answer else (False, "killed")
    if not succeeded:
        raise RuntimeError(value)
    return value


def _answer(writing: int, work: Callable):
    """Send back what ``work`` returns or raises, and end this process there."""
    import traceback

    try:
        answer = True, work()
    except BaseException:  # noqa: BLE001 (told to the parent, which raises)
        answer = False, traceback.format_exc()
    with os.fdopen(writing, "wb") as stream:
        stream.write(pickle.dumps(answer))
    os._exit(0)


def _with_env(database: str, work: Callable, commit: bool):
    with contextlib.closing(Registry(database).cursor()) as cr:
        env = odoo.api.Environment(cr, ADMIN, {"lang": "fr_FR", "tz": "Europe/Paris"})
        value = work(env)
        env.flush_all()
        if commit:
            cr.commit()
        else:
            cr.rollback()
        return value
