"""Each module builds as a Python package that carries what it needs."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
EVERYWHERE = (
    "__manifest__.py",
    "i18n/fr.po",
    "kernel/__init__.py",
    "migrations/19.0.2.0.0/pre-migration.py",
    "static/description/icon.png",
)
CARRIED = {
    "cap_evaluation": (
        "data/referentials/cap/objectifs.csv",
        "data/regions/departements.csv",
        "kernel/workbook/schema.py",
        "migrations/19.0.2.0.0/post-migration.py",
    ),
    "cap_progress_plan": ("data/action_models/cap.csv", "kernel/planning.py"),
    "cap_network_report": ("kernel/positions.py",),
}


@pytest.mark.proof
@pytest.mark.parametrize("addon", sorted(CARRIED))
def test_wheel(addon, tmp_path):
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", tmp_path]
    subprocess.run([*build, ROOT / addon], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    carried = {f"odoo/addons/{addon}/{name}" for name in EVERYWHERE + CARRIED[addon]}
    assert carried <= set(names)
