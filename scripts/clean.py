"""Delete what the other scripts made: databases and logs, or with ALL=1 everything."""

import os
import re
import shutil

import postgres
from common import CACHE, LOGS, main, say

OURS = re.compile(r"cap_(base|modules|release|upgrade|demo|test|bench)(_\w+|-gw\d+)*")


def clean():
    if os.environ.get("PGHOST"):
        # Someone's own server: only the databases that are ours.
        for name in filter(OURS.fullmatch, postgres.databases()):
            postgres.drop(name)
    else:
        postgres.remove()
    shutil.rmtree(CACHE if os.environ.get("ALL") else LOGS, ignore_errors=True)
    say("Clean. `make demo` or `make test` makes everything again.")


if __name__ == "__main__":
    main(clean)
