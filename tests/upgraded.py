"""Upgrade a database made by the release, once as `make demo` does, then once more.

What was there is written down before and after each; the written pages are kept in the
cache under a key of the code, so that two processes of a run share one upgrade.
"""

import contextlib
import io
import json
import shutil
import sys
import time
from pathlib import Path

from . import snapshots

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "cap_upgrade"
PAGES = ("records", "structure", "schema")


def _import_scripts():
    """Return the scripts this needs; they lie in no package."""
    if str(ROOT / "scripts") not in sys.path:
        sys.path.append(str(ROOT / "scripts"))
    import common
    import databases
    import demo
    import postgres
    import releases
    import shell

    return common, databases, demo, postgres, releases, shell


def get_upgrade():
    """Return ``{name: value}`` of what the upgrade was; made when the code changed."""
    common, databases, *_others, releases, _shell = _import_scripts()
    sources = (ROOT / "tests" / name for name in ("snapshots.py", "upgraded.py"))
    key = common.digest(
        *(releases.COMMIT, releases.FILL, databases.key_of_addons()),
        *(path.read_bytes() for path in sources),
    )
    folder = common.CACHE / "upgrades" / key
    common.made_once(folder, _upgrade)
    for old in folder.parent.iterdir():
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)
    return {path.stem: json.loads(path.read_text()) for path in folder.glob("*.json")}


def _upgrade(folder):
    common, databases, demo, postgres, releases, shell = _import_scripts()
    odoos = shell.prepare()
    fresh = databases.modules_template(odoos)
    template = releases.release_template(odoos)
    addons = ",".join(common.ADDONS)
    start = time.monotonic()
    postgres.drop(DATABASE)
    try:
        postgres.clone(template, DATABASE)
        # As scripts/demo.py of the release leaves it; the keys are those of its files.
        postgres.note(DATABASE, "released released fr_FR 2026-11-21")
        _write(folder, "before", DATABASE)
        told = _make_demo(demo, odoos)
        log = common.LOGS / f"{DATABASE}.log"
        complaints = [databases.complaints(log)]
        _write(folder, "after", DATABASE)
        odoos.install(DATABASE, addons, "Upgrading again", update=True)
        complaints.append(databases.complaints(log))
        _write(folder, "again", DATABASE)
        _write(folder, "fresh", fresh)
        noted = postgres.noted(DATABASE)
    finally:
        postgres.drop(DATABASE)
    _put(
        folder / "run.json",
        {
            "told": told,
            "noted": noted,
            "complaints": complaints,
            "seconds": time.monotonic() - start,
        },
    )


def _make_demo(demo, odoos):
    """Bring the database up to date as `make demo` would; return what it says."""
    kept, demo.DATABASE = demo.DATABASE, DATABASE
    try:
        with contextlib.redirect_stdout(io.StringIO()) as told:
            demo.make_database(odoos, "fr_FR")
    finally:
        demo.DATABASE = kept
    return told.getvalue()


def _write(folder, name, database):
    addons = [path.parent.name for path in ROOT.glob("cap_*/__manifest__.py")]
    _put(folder / f"{name}-records.json", snapshots.read_records(database, addons))
    _put(folder / f"{name}-structure.json", snapshots.read_structure(database, addons))
    _put(folder / f"{name}-schema.json", snapshots.read_schema(database))


def _put(path, value):
    path.write_text(json.dumps(value))
