"""The checkout as a whole: what each module carries, and what no file may name."""

import ast
import configparser
import re
import subprocess
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parent.parent
ADDONS = sorted(path.parent.name for path in ROOT.glob("cap_*/__manifest__.py"))
# Written apart, so that this file does not name them either.
REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "deb.debian" + ".org",
    "ftp.debian" + ".org",
    "yarnpkg" + ".com",
]


def tracked_files():
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = listed.stdout.rstrip("\0").split("\0")
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def manifest(addon):
    return ast.literal_eval((ROOT / addon / "__manifest__.py").read_text())


def test_the_three_modules_are_there():
    assert ADDONS == ["cap_evaluation", "cap_network_report", "cap_progress_plan"]


def test_no_registry_is_named():
    """The mirror, the index and the npm registry are read from the system."""
    named = [
        f"{path.relative_to(ROOT)}: {host}"
        for path in tracked_files()
        for host in REGISTRIES
        if host.encode() in path.read_bytes()
    ]
    assert not named


def test_no_path_of_one_machine():
    """Nothing names a folder that only exists where it was written."""
    pattern = re.compile(rb"/(?:root|home/\w+|work)/(?!\.)[\w.-]+/")
    named = [
        f"{path.relative_to(ROOT)}: {found.group().decode()}"
        for path in tracked_files()
        if (found := pattern.search(path.read_bytes()))
    ]
    assert not named


@pytest.mark.parametrize("addon", ADDONS)
@pytest.mark.parametrize(
    "name",
    [
        "pyproject.toml",
        "readme/DESCRIPTION.md",
        "readme/CONTEXT.md",
        "readme/CONFIGURE.md",
        "readme/USAGE.md",
        "readme/DEVELOP.md",
        "static/description/icon.png",
        "static/description/index.html",
        "i18n/fr.po",
        "i18n/{addon}.pot",
    ],
)
def test_a_module_carries(addon, name):
    assert (ROOT / addon / name.format(addon=addon)).is_file()


# What the map says will be built, and has no file yet.
PLANNED = re.compile(r"models/(track|indicator)/|kernel/(tracks|indicators)\.py")
NAMED = re.compile(r"`((?:[\w*<>-]+/)*[\w*<>-]+\.(?:py|js|xml|csv|md)|(?:[\w<>-]+/)+)`")


@pytest.mark.parametrize("addon", ADDONS)
def test_the_map_names_what_is_there(addon):
    """Each file or folder of readme/DEVELOP.md is in a module, or in the checkout."""
    text = (ROOT / addon / "readme/DEVELOP.md").read_text()
    names = {name for name in NAMED.findall(text) if "<" not in name}
    tops = [ROOT, *(ROOT / addon for addon in ADDONS)]
    places = [*tops, *(path for top in tops for path in top.rglob("*/"))]
    missing = {
        name
        for name in names
        if not PLANNED.match(name)
        and not any(list(place.glob(name)) for place in places)
    }
    assert len(names) > 5 and not missing


@pytest.mark.parametrize("addon", ADDONS)
def test_manifest(addon):
    values = manifest(addon)
    assert values["license"] == "AGPL-3"
    assert re.fullmatch(r"19\.0\.\d+\.\d+\.\d+", values["version"])
    assert f"{values['version']}" in (ROOT / "CHANGELOG.md").read_text()


@pytest.mark.parametrize("addon", ADDONS)
def test_every_text_has_its_french(addon):
    template = polib.pofile(str(ROOT / addon / "i18n" / f"{addon}.pot"))
    french = polib.pofile(str(ROOT / addon / "i18n" / "fr.po"))
    without = [e.msgid for e in french if not e.msgstr or e.fuzzy or e.obsolete]
    assert not without
    assert {e.msgid for e in template} == {e.msgid for e in french}
    assert not (ROOT / addon / "i18n/en.po").exists()


def test_pins_agree():
    """A tool named in two requirements files has one version."""
    pins = {}
    for name in ("requirements.txt", "requirements-lint.txt", "requirements-proof.txt"):
        for line in (ROOT / name).read_text().splitlines():
            if "==" in line:
                package, version = line.split("==")
                pins.setdefault(package.lower(), set()).add(version)
    assert not {package: found for package, found in pins.items() if len(found) > 1}


def test_python_dependencies_are_pinned():
    """What a module declares is what the tests run with."""
    pinned = (ROOT / "requirements.txt").read_text().lower()
    for addon in ADDONS:
        declared = manifest(addon).get("external_dependencies", {}).get("python", [])
        assert all(f"\n{package.lower()}==" in pinned for package in declared)


@pytest.mark.parametrize("addon", ADDONS)
def test_migrations_declare_what_they_import(addon):
    """openupgradelib is asked for by the modules whose migrations need it."""
    scripts = (ROOT / addon / "migrations").rglob("*.py")
    needed = any("openupgradelib" in path.read_text() for path in scripts)
    declared = manifest(addon).get("external_dependencies", {}).get("python", [])
    assert needed == ("openupgradelib" in declared)


def test_hooks_are_local():
    """A hook cloned from elsewhere could not be installed everywhere."""
    hooks = (ROOT / ".pre-commit-config.yaml").read_text()
    assert set(re.findall(r"repo: (\S+)", hooks)) == {"local"}


def test_every_make_target_is_told():
    makefile = (ROOT / "Makefile").read_text()
    targets = re.findall(r"^([a-z0-9-]+):(.*)$", makefile, re.MULTILINE)
    assert all("## " in rest for _target, rest in targets)


def test_settings_are_readable():
    settings = configparser.ConfigParser()
    settings.read(ROOT / "setup.cfg")
    folders = settings["tool:pytest"]["testpaths"].split()
    assert set(folders) == {*ADDONS, "tests"}


@pytest.mark.parametrize("addon", ADDONS)
def test_no_french_ends_with_a_space_of_its_own(addon):
    """Odoo trims it at the next update: a page would change by itself."""
    french = polib.pofile(str(ROOT / addon / "i18n" / "fr.po"))
    assert not [
        e.msgstr
        for e in french
        if e.msgstr.strip() != e.msgstr and e.msgid.strip() == e.msgid
    ]
