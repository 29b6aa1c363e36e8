"""PostgreSQL: the server in PGHOST when that is set, else a private cluster.

The private cluster listens on a socket that only its owner can reach, never on the
network. PostgreSQL refuses to run as root: as root, the `postgres` user runs it.
"""

import os
import re
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

from common import (
    CACHE,
    Problem,
    advice,
    digest,
    locked,
    need_space,
    output_of,
    run,
    say,
)

ROLE = "cap"
# Fast rather than crash-proof: the cluster holds only what these scripts can remake.
BROKEN = re.compile(r"PANIC|could not locate a valid checkpoint|invalid page|corrupt")
SETTINGS = """
listen_addresses = ''
unix_socket_permissions = 0700
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
shared_buffers = 256MB
work_mem = 16MB
max_wal_size = 2GB
jit = off
"""


def start():
    """Make the server's address known to every command that we run after this."""
    if os.environ.get("PGHOST"):
        _check("PGHOST={PGHOST}".format(**os.environ))
        return
    os.environ.update(
        PGHOST=str(_socket_folder()), PGPORT="5432", PGUSER=ROLE, PGDATABASE="postgres"
    )
    if _answers():
        return
    with locked("postgres"):
        if not _answers():
            _make_and_start()


def _home():
    """Where the cluster lies: user postgres cannot enter root's home."""
    if os.geteuid() == 0:
        return Path("/var/lib/postgresql/coorace-cap") / digest(CACHE)
    return CACHE / "postgres"


def _socket_folder():
    folder = _home() / "run"
    if len(str(folder)) < 80:  # the system's limit is 107, with the socket's name
        return folder
    return Path(tempfile.gettempdir()) / f"coorace-cap-{os.getuid()}-{digest(CACHE)}"


def _answers():
    """Whether the server takes connections now."""
    return not subprocess.run(
        [_tool("psql"), "-d", "postgres", "-Atqc", "SELECT 1"], capture_output=True
    ).returncode


def _check(where):
    if not _answers():
        raise Problem(
            f"No PostgreSQL answers at {where}.\n  Check PGHOST, PGPORT, PGUSER and "
            "PGPASSWORD, or unset PGHOST to use a private server."
        )


def _tool(name):
    """A PostgreSQL command; the server's own are not in PATH."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: float(p.parent.name)
    )
    for folder in reversed(folders):
        if (folder / name).exists():
            return str(folder / name)
    return shutil.which(name) or name


def _as_owner(command):
    """The command, run by the user who owns the cluster."""
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    return [*prefix, *(str(part) for part in command)]


def _make_and_start():
    home, data = _home(), _home() / "data"
    need_space(home, 500)
    for folder in (home, _socket_folder()):
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres", "postgres")
    if not (data / "cap-complete").exists():
        _init(home, data)
    if _try_start(data):
        return
    log = (home / "log").read_text(errors="replace")
    if BROKEN.search(log):
        # The machine stopped in the middle of a write. It may hold someone's work.
        aside = home / time.strftime("data-broken-%Y%m%d-%H%M%S")
        data.rename(aside)
        say(f"  The private PostgreSQL was damaged; its data is put aside in {aside}")
        _init(home, data)
        if _try_start(data):
            return
        log = (home / "log").read_text(errors="replace")
    raise Problem(f"PostgreSQL does not start:\n{log[-2000:]}\n  {advice(home)}")


def _forget_dead_server(data):
    """Remove the marks of a server that was killed, whose number may live again."""
    for mark in (data / "postmaster.pid", _socket_folder() / ".s.PGSQL.5432.lock"):
        if mark.exists():
            process = Path("/proc") / mark.read_text().split()[0] / "stat"
            state = process.read_text() if process.exists() else ""
            if "(postgres) " not in state or "(postgres) Z" in state:
                mark.unlink()


def _init(home, data):
    """Make the cluster under another name, then give it its own: never half of one."""
    fresh = home / "data.new"
    shutil.rmtree(fresh, ignore_errors=True)
    shutil.rmtree(data, ignore_errors=True)
    options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
    command = [_tool("initdb"), "-D", fresh, "-U", ROLE, *options]
    run(_as_owner(command), "Making a private PostgreSQL", cwd="/")
    with (fresh / "postgresql.conf").open("a") as stream:
        stream.write(f"{SETTINGS}unix_socket_directories = '{_socket_folder()}'\n")
    (fresh / "cap-complete").touch()
    fresh.rename(data)


def _try_start(data):
    """Start the server in the background; it outlives this script."""
    _forget_dead_server(data)
    (data.parent / "log").unlink(missing_ok=True)
    command = [_tool("pg_ctl"), "-D", data, "-l", data.parent / "log", "-w", "-t", "60"]
    result = subprocess.run(
        _as_owner([*command, "start"]),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd="/",
        start_new_session=True,  # Ctrl-C is for us, not for the server
    )
    return result.returncode == 0 or _answers()


def stop():
    """Stop the private server, when there is one."""
    data = _home() / "data"
    if (data / "postmaster.pid").exists():
        command = [_tool("pg_ctl"), "-D", data, "-m", "fast", "-w", "stop"]
        subprocess.run(_as_owner(command), capture_output=True, cwd="/")


def remove():
    """Stop the private server and delete its data."""
    stop()
    shutil.rmtree(_home(), ignore_errors=True)


# Databases -----------------------------------------------------------------------


def sql(query, database="postgres"):
    """The rows of a query, as text."""
    command = [_tool("psql"), "-d", database, "-v", "ON_ERROR_STOP=1", "-Atqc", query]
    return output_of(command).splitlines()


def databases():
    return sql("SELECT datname FROM pg_database")


def drop(name):
    sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def clone(source, target):
    """Copy a database file by file: seconds, whatever was installed in it."""
    sql(f'CREATE DATABASE "{target}" TEMPLATE "{source}"')


def rename(source, target):
    sql(f'ALTER DATABASE "{source}" RENAME TO "{target}"')


def note(database, text):
    """Keep a line about a database with the database itself; it survives a rename."""
    quoted = text.replace("'", "''")
    sql(f"""COMMENT ON DATABASE "{database}" IS '{quoted}'""")


def noted(database):
    rows = sql(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
        f"WHERE datname = '{database}'"
    )
    return "\n".join(rows)
