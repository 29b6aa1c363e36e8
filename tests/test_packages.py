"""Each module builds as a Python package that carries what it needs."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
CARRIED = {
    "cap_evaluation": "data/referentials/cap/objectifs.csv",
    "cap_progress_plan": "i18n/fr.po",
    "cap_network_report": "i18n/fr.po",
}


@pytest.mark.proof
@pytest.mark.parametrize("addon", sorted(CARRIED))
def test_wheel(addon, tmp_path):
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "-q", "-w", tmp_path]
    subprocess.run([*build, ROOT / addon], check=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert f"odoo/addons/{addon}/__manifest__.py" in names
    assert f"odoo/addons/{addon}/{CARRIED[addon]}" in names
    assert f"odoo/addons/{addon}/static/description/icon.png" in names
