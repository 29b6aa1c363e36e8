#!/usr/bin/python3
"""Run any command where Odoo, its Python and its PostgreSQL are at hand.

shell.py DATABASE        an Odoo shell, or the script on standard input
shell.py -- COMMAND...   the command itself, with the environment set
"""

import os
import sys

import postgres
import system
from common import Problem, main
from databases import Odoos
from odoo_source import get_odoo


def prepare(browser=False):
    """Get whatever is missing; the one beginning of every command."""
    system.need({**system.RUN, **(system.BROWSER if browser else {})})
    odoo = get_odoo()
    postgres.start()
    return Odoos(odoo)


def shell():
    if len(sys.argv) < 2:
        raise Problem("Say which database: make shell DB=cap_demo")
    odoos = prepare()
    if sys.argv[1] == "--":
        command = sys.argv[2:]
    else:
        if sys.argv[1] not in postgres.databases():
            known = ", ".join(n for n in postgres.databases() if "template" not in n)
            raise Problem(
                f"There is no database {sys.argv[1]}; there are: {known}.\n"
                "  `make demo-db` makes cap_demo."
            )
        command = odoos.arguments("shell", sys.argv[1], "--no-http", "--log-level=warn")
    os.execvpe(command[0], command, odoos.odoo.environment())


if __name__ == "__main__":
    main(shell)
