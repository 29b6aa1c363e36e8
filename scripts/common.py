"""What the scripts share: where things lie, talking to the user, running commands.

Only the standard library: these scripts run with the system's Python before anything
is installed.
"""

import contextlib
import errno
import fcntl
import hashlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADDONS = ("cap_evaluation", "cap_progress_plan", "cap_network_report")
SYSTEM_PYTHON = "/usr/bin/python3"

_xdg = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
CACHE = Path(os.environ.get("CAP_CACHE") or Path(_xdg) / "coorace-cap").resolve()
LOGS = CACHE / "logs"


class Problem(Exception):
    """Something the user can act on: what happened, then what to do next."""


def say(text=""):
    print(text, flush=True)


def digest(*parts):
    """A short key that changes when any of the parts (text or bytes) changes."""
    result = hashlib.sha256()
    for part in parts:
        result.update(part if isinstance(part, bytes) else str(part).encode())
        result.update(b"\0")
    return result.hexdigest()[:12]


def main(function):
    """Run a script's main function; every failure ends in one readable message."""
    # A terminated script has to stop its children and release its locks, as on Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        sys.exit(function() or 0)
    except Problem as problem:
        say(f"\n✗ {problem}")
    except KeyboardInterrupt:
        say("\n✗ Interrupted. Run the same command again: it goes on from here.")
        sys.exit(130)
    except OSError as error:
        full = error.errno == errno.ENOSPC
        writable = f"Can {CACHE} be written to? CAP_CACHE chooses another folder."
        say(f"\n✗ {error}\n  {advice(CACHE) if full else writable}")
    sys.exit(1)


def advice(folder):
    """The next thing to try after an unexpected failure."""
    if free_space(folder) < 300:
        return (
            f"The disk that holds {folder} is full: free some space (about 4 GB), or "
            "set CAP_CACHE to a folder on another disk; then run the command again."
        )
    return "Run the same command again; `make clean ALL=1` first starts from nothing."


def free_space(folder):
    """Free megabytes on the disk of a folder, which may not exist yet."""
    folder = Path(folder)
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free // 2**20


def need_space(folder, megabytes):
    free = free_space(folder)
    if free < megabytes:
        raise Problem(
            f"{megabytes} MB are needed in {folder}, and {free} MB are free.\n"
            "  Free some space, or set CAP_CACHE to a folder on another disk, "
            "then run the same command again."
        )


def run(command, what, log=None, progress=None, stdin=subprocess.DEVNULL, **options):
    """Run a command quietly, showing that it moves; its output goes to a log.

    `progress` is a regular expression: what it last found in the output is shown
    beside the time that has passed. A failure shows the end of the log.
    """
    LOGS.mkdir(parents=True, exist_ok=True)
    log = LOGS / (log or f"{re.sub(r'[^a-z0-9]+', '-', what.lower()).strip('-')}.log")
    start = time.monotonic()
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(part) for part in command],
            stdin=stdin,
            stdout=output,
            stderr=subprocess.STDOUT,
            # One group, so that all of it can be stopped; and it holds our locks, so
            # that what outlives us when we are killed is waited for.
            process_group=0,
            close_fds=False,
            **options,
        )
        with stopped_at_exit(process):
            _watch(process, what, log, progress and re.compile(progress), start)
    seconds = time.monotonic() - start
    if process.returncode:
        tail = "\n".join(log.read_text(errors="replace").splitlines()[-25:])
        raise Problem(f"{what}: failed.\n{tail}\n  Whole log: {log}\n  {advice(CACHE)}")
    _line(f"  {what}: done in {seconds:.0f} s", last=True)


def _watch(process, what, log, pattern, start):
    """Wait for a process, showing every second (or every 15 without a terminal)."""
    step = 1 if sys.stdout.isatty() else 15
    _line(f"  {what}...", last=not sys.stdout.isatty())
    while True:
        try:
            process.wait(timeout=step)
            return
        except subprocess.TimeoutExpired:
            found = pattern and pattern.findall(_end_of(log))
            detail = f", {found[-1]}" if found else ""
            _line(f"  {what}... {time.monotonic() - start:.0f} s{detail}")


def _end_of(path, size=8000):
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - size))
        return stream.read().decode(errors="replace")


def _line(text, last=False):
    """Print over the previous line on a terminal, below it elsewhere."""
    if sys.stdout.isatty():
        width = shutil.get_terminal_size().columns
        print(f"\r\033[K{text[: width - 1]}", end="\n" if last else "", flush=True)
    else:
        say(text)


@contextlib.contextmanager
def stopped_at_exit(process):
    """Leave no process behind when the script is interrupted."""
    try:
        yield process
    finally:
        if process.poll() is None:
            _signal(process, signal.SIGTERM)
            try:
                process.wait(timeout=15)
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()


def _signal(process, number):
    """Signal a process and its children; not what sudo runs, which we only wait for."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, number)


def output_of(command, **options):
    """The standard output of a short command, stripped; a Problem when it fails."""
    result = subprocess.run(
        [str(part) for part in command],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        **options,
    )
    if result.returncode:
        shown = " ".join(str(part) for part in command)
        raise Problem(f"{shown}\n{result.stderr.strip()}\n  {advice(CACHE)}")
    return result.stdout.strip()


@contextlib.contextmanager
def locked(name):
    """Let one script at a time set a thing up; the system frees it if we die."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / f"{name}.lock").open("w") as stream:
        os.set_inheritable(stream.fileno(), True)
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"  Waiting for another run that is preparing: {name}...")
            fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def made_once(folder, make):
    """Make a folder; a stamp written last tells a whole one from a broken one."""
    stamp = folder / ".complete"
    if not stamp.exists():
        with locked(folder.parent.name if folder.parent != CACHE else folder.name):
            if not stamp.exists():
                if folder.exists():
                    shutil.rmtree(folder)
                folder.mkdir(parents=True)
                make(folder)
                stamp.touch()
    return folder
