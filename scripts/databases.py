"""Odoo databases, built in stages that are kept: a change redoes only what it touches.

Each stage is a database cloned from the one before, named after a hash of what went
into it, made under a temporary name and renamed at the end. A name that exists is
therefore a whole database.
"""

import contextlib
import os
import re

import postgres
from common import ADDONS, CACHE, LOGS, ROOT, Problem, digest, locked, run

# What the three modules depend on, so that installing these is not part of each try.
BASE_MODULES = "mail,portal,project,event"
PROGRESS = r"Loading module (\S+ \(\d+/\d+\))"
# English is what the database is made in; French is added after, and both stay.
# Files go into the database, so that a clone of it is whole by itself.
FINISH_BASE = """
env["ir.config_parameter"].set_param("ir_attachment.location", "db")
env["ir.attachment"].force_storage()
languages = env["res.lang"].with_context(active_test=False)
french = languages.search([("code", "=", "fr_FR")])
env["base.language.install"].create({"lang_ids": french.ids}).lang_install()
env.cr.commit()
"""
OLD = r"cap_(modules|base)_[0-9a-f]{12}(-gw\d+)?"
SOURCES = (".py", ".xml", ".csv", ".js", ".scss", ".po", ".svg")


class Odoos:
    """Runs Odoo's commands on databases of the server that `postgres.start` found.

    The modules are this checkout's, or those in the folder `root`.
    """

    def __init__(self, odoo, root=ROOT):
        self.odoo = odoo
        self.root = root

    def arguments(self, command, database, *more):
        """A whole command line; the options that every run of ours shares."""
        paths = f"{self.odoo.source}/addons,{self.root}"
        rc = ["-c", self.odoo.rc] if self.odoo.rc else ["-c", os.devnull]
        return [
            *self.odoo.command,
            *([command] if command else []),
            *rc,
            *("-d", database),
            f"--addons-path={paths}",
            f"--data-dir={CACHE / 'filestore'}",
            *(str(part) for part in more),
        ]

    def install(self, database, modules, what, update=False):
        """Install (or update) modules; the database is made when it is not there."""
        option = "-u" if update else "-i"
        run(
            self.arguments(
                None, database, option, modules, "--stop-after-init", "--no-http"
            ),
            what,
            log=f"{database}.log",
            progress=PROGRESS,
            env=self.odoo.environment(),
        )

    def script(self, database, code, what, progress=None, **variables):
        """Run Python code in an Odoo shell, with `env` bound."""
        LOGS.mkdir(parents=True, exist_ok=True)
        source = LOGS / f"{database}-script.py"
        source.write_text(f"{code}\n")
        with source.open() as stream:
            run(
                self.arguments("shell", database, "--no-http", "--log-level=warn"),
                what,
                progress=progress,
                stdin=stream,
                env=self.odoo.environment(PYTHONUNBUFFERED="1", **variables),
            )


def key_of_addons():
    """A key that changes with anything that an installed database depends on."""
    parts = []
    for addon in ADDONS:
        for path in sorted((ROOT / addon).rglob("*")):
            if path.suffix in SOURCES and "tests" not in path.parts:
                parts += [path.relative_to(ROOT), path.read_bytes()]
    return digest(*parts)


def staged(name, make):
    """The database of that name, made by `make(temporary_name)` unless it is there."""
    if name not in postgres.databases():
        with locked(f"database-{name}"):
            if name not in postgres.databases():
                partial = f"{name}_partial"
                postgres.drop(partial)
                make(partial)
                postgres.rename(partial, name)
    return name


def base_template(odoos):
    """Odoo's own modules, in English, French loaded after."""
    name = f"cap_base_{digest(odoos.odoo.version, BASE_MODULES, FINISH_BASE)}"

    def make(database):
        odoos.install(database, BASE_MODULES, "Installing Odoo's modules (about 40 s)")
        odoos.script(database, FINISH_BASE, "Loading French")

    return staged(name, make)


def complaints(log):
    """The warnings and errors of an Odoo log."""
    lines = log.read_text(errors="replace").splitlines()
    found = [
        line for line in lines if re.search(r" \d+ (WARNING|ERROR|CRITICAL) ", line)
    ]
    return "\n".join(found)


def forget_old_templates(kept, pattern=OLD):
    """Delete the templates of former code, but for those that are in use."""
    for old in postgres.databases():
        if re.fullmatch(pattern, old) and old != kept:
            with contextlib.suppress(Problem):
                postgres.sql(f'DROP DATABASE "{old}"')


def modules_template(odoos):
    """The three modules, installed; the tests and the demo start from a clone of it."""
    base = base_template(odoos)
    name = f"cap_modules_{digest(base, key_of_addons())}"

    def make(database):
        forget_old_templates(base)
        postgres.clone(base, database)
        odoos.install(database, ",".join(ADDONS), "Installing the three modules")
        # Told by `make test`; an odd warning must not keep anyone from the demo.
        postgres.note(database, complaints(LOGS / f"{database}.log"))

    return staged(name, make)
