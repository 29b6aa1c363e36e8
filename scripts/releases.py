"""The release that people have data in, and a database made by it.

Its code comes from this repository's own history; a checkout without that history (a
shallow clone, an archive) takes it from tests/data, which holds the same files.
"""

import io
import subprocess
import tarfile

import postgres
from common import ADDONS, CACHE, ROOT, Problem, digest, made_once, say
from databases import Odoos, base_template, forget_old_templates, staged
from demo import set_default_language

RELEASE = "19.0.1.0.0"
COMMIT = "9cf252171fff419d3d7d96292c11e7a499ce021b"
KEPT = ROOT / f"tests/data/release-{RELEASE}.tar.xz"
#: What of the commit makes and fills a database: no test, no picture, no page of text.
PARTS = (
    *(*ADDONS, "data", ":!data/samples", ":!*/tests", ":!*/readme"),
    *(":!*/i18n/*.pot", ":!*.html"),
)
STRUCTURES = 12
# The day is fixed, so that two machines test the same records.
FILL = f"""
import sys
from datetime import date
from pathlib import Path
from odoo.addons import cap_evaluation
sys.path.insert(0, str(Path(cap_evaluation.__file__).resolve().parent.parent))
from data.demo_network import make
make(env, size={STRUCTURES}, today=date(2026, 11, 21))
env.cr.commit()
"""


def get_release():
    """The folder that holds the release's modules and the maker of its demo."""
    return made_once(CACHE / "releases" / digest(COMMIT, *PARTS), _unpack)


def _unpack(folder):
    """Unpack the release from history, or else from the archive kept here."""
    archive = read_history()
    if archive is None:
        if not KEPT.exists():
            raise Problem(
                f"The release {RELEASE} (commit {COMMIT[:7]}) is not in this clone's "
                "history.\n  `git fetch --unshallow` brings it; then run the same "
                "command again."
            )
        say(f"  {COMMIT[:7]} is not in this clone's history: taking {KEPT.name}")
        archive = KEPT.read_bytes()
    with tarfile.open(fileobj=io.BytesIO(archive)) as files:
        files.extractall(folder, filter="data")


def read_history():
    """The release's files as a tar archive; None where the history lacks them."""
    command = ["git", "-C", ROOT, "archive", COMMIT, "--", *PARTS]
    result = subprocess.run([str(part) for part in command], capture_output=True)
    return None if result.returncode else result.stdout


def release_template(odoos):
    """A small demo in French, made by the release's code; kept for the next run."""
    base = base_template(odoos)
    name = f"cap_release_{digest(base, COMMIT, FILL)}"

    def make(database):
        forget_old_templates(name, r"cap_release_[0-9a-f]{12}")
        former = Odoos(odoos.odoo, get_release())
        postgres.clone(base, database)
        former.install(database, ",".join(ADDONS), f"Installing {RELEASE}")
        set_default_language(former, database, "fr_FR")
        former.script(database, FILL, f"Making a demo network with {RELEASE}")

    return staged(name, make)


def keep_release():
    """Write the archive for checkouts without history; the same bytes each time."""
    raw = subprocess.run(["xz", "-9e"], input=read_history(), capture_output=True)
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_bytes(raw.stdout)


if __name__ == "__main__":
    keep_release()
