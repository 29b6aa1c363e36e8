"""System packages: installed when we may, otherwise named with the one command."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from common import Problem, output_of, run, say

# What each package gives us that can be seen without asking dpkg, which other
# distributions do not have.
RUN = {
    "python3-venv": "/usr/lib/python3*/ensurepip",
    "postgresql": "/usr/lib/postgresql/*/bin/initdb",
    "wkhtmltopdf": "/usr/bin/wkhtmltopdf",
    "fonts-dejavu-core": "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "ca-certificates": "/etc/ssl/certs/ca-certificates.crt",
}
BROWSER = {
    "chromium": "/usr/bin/chromium",
    "poppler-utils": "/usr/bin/pdffonts",
}


def is_there(pattern):
    return any(Path("/").glob(pattern.lstrip("/")))


def need(packages):
    """Install the missing ones among {package: a path it brings}."""
    missing = [name for name, path in packages.items() if not is_there(path)]
    if not missing:
        return
    command = ["apt-get", "install", "-y", "--no-install-recommends", *missing]
    prefix = _as_root(command)
    say(f"System packages to install: {' '.join(missing)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    # Repairs an installation that was interrupted; does nothing otherwise.
    run([*prefix, "dpkg", "--configure", "-a"], "Checking the installed packages")
    run([*prefix, "apt-get", "update"], "Reading the lists of packages")
    run(
        [*prefix, *command],
        "Installing system packages",
        progress=r"(?:Unpacking|Setting up) (\S+)",
        env=environment,
    )


def _as_root(command):
    """The prefix that runs a command as root: nothing, or sudo."""
    asked = f"sudo apt-get update && sudo {' '.join(command)}"
    if not shutil.which("apt-get"):
        raise Problem(
            f"These packages are missing: {' '.join(command[4:])}.\n"
            "  Install what your system calls them, then run the same command again."
        )
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo"):
        silent = subprocess.run(["sudo", "-n", "true"], capture_output=True)
        if silent.returncode == 0:
            return ["sudo", "-n"]
        # sudo asks on the terminal, once, before anything long starts.
        if sys.stdin.isatty() and not subprocess.run(["sudo", "-v"]).returncode:
            return ["sudo", "-n"]
    raise Problem(
        f"System packages are missing. Install them with this command:\n    {asked}\n"
        "  then run the same command again."
    )


def debian_mirror():
    """The mirror that this machine already uses, read from its own settings."""
    rows = output_of(
        [
            "apt-get",
            "indextargets",
            "--no-release-info",
            "--format",
            "$(REPO_URI)",
            "Created-By: Packages",
            "Component: main",
        ]
    ).splitlines()
    mirrors = [row for row in rows if row and "security" not in row]
    if not mirrors:
        raise Problem(
            "apt knows no Debian mirror (main), and Odoo 19 comes from there.\n"
            "  Add one to /etc/apt/sources.list.d, or run with ODOO=/path/to/odoo-bin."
        )
    return mirrors[0]
