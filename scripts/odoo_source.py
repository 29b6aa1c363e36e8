"""Odoo 19 itself and the Python environment that it runs in.

Odoo comes from Debian unstable's `odoo-19` package, unpacked into the cache: nothing
of it is installed on the system, and the system's own sources are left alone. Its
Python dependencies come from PyPI, at the versions of requirements.txt.
"""

import os
import re
import shutil
from pathlib import Path

from common import (
    CACHE,
    ROOT,
    SYSTEM_PYTHON,
    Problem,
    digest,
    made_once,
    need_space,
    output_of,
    run,
)
from system import debian_mirror

# Odoo's package links to files of these by relative path. Font Awesome must be the
# version 4 that Odoo's icons are drawn with; unstable's is version 7.
PACKAGES = {
    "sid": (
        "odoo-19",
        "libjs-jquery",
        "libjs-jquery-form",
        "libjs-underscore",
        "fonts-roboto-unhinted",
        "fonts-montserrat",
        "fonts-ocr-b",
    ),
    "bookworm": ("fonts-font-awesome", "fonts-inconsolata"),
}
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# Left out by Debian; absent, it is an error in the browser's console.
MISSING_SCRIPT = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"


class Odoo:
    """An Odoo to run: how to start it and where its source lies."""

    def __init__(self, command, source, python, version, pythonpath=None, rc=None):
        self.command = [str(part) for part in command]
        self.source = source
        self.python = python
        self.version = version
        self.pythonpath = pythonpath
        self.rc = rc

    def environment(self, **values):
        """The variables under which Odoo, or Python code that imports it, runs."""
        environment = dict(os.environ)
        if self.pythonpath:
            environment["PYTHONPATH"] = str(self.pythonpath)
        # The venv's own commands first: pytest, ruff, pybabel.
        environment["PATH"] = f"{Path(self.python).parent}:{environment['PATH']}"
        environment.update({name: str(value) for name, value in values.items()})
        return environment


def get_odoo():
    """The Odoo given by ODOO= (and ODOO_RC=), or the one kept in the cache."""
    given = os.environ.get("ODOO")
    if given:
        return _given(Path(given).expanduser().resolve())
    prefix = made_once(CACHE / "odoo" / "19.0", _download)
    pythonpath = prefix / "usr/lib/python3/dist-packages"
    python = get_venv() / "bin/python"
    return Odoo(
        command=[python, prefix / "usr/bin/odoo"],
        source=pythonpath / "odoo",
        python=python,
        version=(prefix / "version").read_text().strip(),
        pythonpath=pythonpath,
    )


# Asks an Odoo that is already there what it is.
WHICH_ODOO = """
import os, odoo.release
print(odoo.release.version, os.path.dirname(odoo.release.__file__), sep="\\n")
"""


def _given(launcher):
    """Use an Odoo that is already there: its launcher, with its own Python."""
    if not launcher.is_file():
        raise Problem(f"ODOO={launcher} is no file. Give the path of odoo or odoo-bin.")
    with launcher.open(errors="replace") as stream:
        found = re.match(r"#!\s*(?:/usr/bin/env\s+)?(\S*python\S*)", stream.readline())
    python = output_of(["which", found[1] if found else SYSTEM_PYTHON])
    pythonpath = launcher.parent if (launcher.parent / "odoo").is_dir() else None
    environment = dict(os.environ)
    if pythonpath:
        environment["PYTHONPATH"] = str(pythonpath)
    answer = output_of([python, "-c", WHICH_ODOO], env=environment)
    version, source = answer.splitlines()
    if not version.startswith("19."):
        raise Problem(f"ODOO={launcher} is Odoo {version}; these modules need Odoo 19.")
    rc = os.environ.get("ODOO_RC")
    return Odoo([python, launcher], Path(source), python, version, pythonpath, rc)


def get_venv():
    """The Python environment, remade when requirements.txt changes."""
    requirements = ROOT / "requirements.txt"
    key = digest(requirements.read_bytes(), output_of([SYSTEM_PYTHON, "-V"]))
    return made_once(
        CACHE / "venv" / key, lambda folder: _make_venv(folder, requirements)
    )


def _make_venv(folder, requirements):
    need_space(CACHE, 800)
    run([SYSTEM_PYTHON, "-m", "venv", folder], "Making the Python environment")
    pip = [folder / "bin/python", "-m", "pip", "--disable-pip-version-check", "install"]
    run(
        [*pip, "--prefer-binary", "-r", requirements],
        "Installing Odoo's Python dependencies",
        progress=r"Collecting ([\w.-]+)",
    )


def _download(prefix):
    need_space(CACHE, 3000)
    mirror = debian_mirror()
    for suite, packages in PACKAGES.items():
        folder = CACHE / "downloads" / suite
        run_apt = _private_apt(folder, mirror, suite)
        run_apt(["update"], f"Reading Debian's list of packages ({suite})")
        # apt checks what is already there, and completes or replaces it.
        size = " (120 MB)" if "odoo-19" in packages else ""
        run_apt(["download", *packages], f"Downloading {packages[0]} and others{size}")
        debs = [_newest(folder.glob(f"{package}_*.deb")) for package in packages]
        unpack = 'for deb in "$@"; do dpkg-deb -x "$deb" "$0" || exit; done'
        run(["sh", "-c", unpack, prefix, *debs], f"Unpacking {packages[0]} and others")
        if "odoo-19" in packages:
            (prefix / "version").write_text(debs[0].name.split("_")[1] + "\n")
    _complete(prefix)
    shutil.rmtree(CACHE / "downloads")


def _newest(paths):
    return max(paths, key=lambda path: path.stat().st_mtime)


def _complete(prefix):
    """Add the file that Debian leaves out; check that no link leads nowhere."""
    script = prefix / "usr/lib/python3/dist-packages/odoo/addons" / MISSING_SCRIPT
    script.parent.mkdir(parents=True, exist_ok=True)
    script.write_text("// Only blurs a webcam's background; left out by Debian.\n")
    dangling = output_of(["find", prefix, "-xtype", "l"])
    if dangling:
        raise Problem(f"Odoo's package links to files that are not there:\n{dangling}")


def _private_apt(folder, mirror, suite):
    """A function that runs apt-get for one suite, away from the system's settings."""
    for name in ("lists/partial", "cache/archives/partial"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    signed = f"[signed-by={KEYRING}] " if KEYRING.exists() else ""
    (folder / "sources.list").write_text(f"deb {signed}{mirror} {suite} main\n")
    options = {
        "Dir::Etc::SourceList": folder / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::State::Lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "Acquire::Languages": "none",
        "Acquire::Retries": 3,
        "APT::Sandbox::User": "",
    }
    settings = [
        part for item in options.items() for part in ("-o", "{}={}".format(*item))
    ]

    def run_apt(arguments, what):
        run(["apt-get", *settings, *arguments], what, cwd=folder, progress=r"(\d+)%")

    return run_apt
