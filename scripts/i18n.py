"""Export each module's texts and merge them into its French file.

Translations are kept; a text that has changed comes back empty, never guessed. Fails
while a text has no French. With CHECK=1 nothing is written: it tells what would change.
"""

import os
import shutil
import subprocess

from common import ADDONS, LOGS, ROOT, Problem, main, run, say
from databases import modules_template
from shell import prepare

MERGE = ROOT / "scripts/merge_po.py"


def export(odoos, template, addons):
    """Write <module>.pot for each module into a folder of ours."""
    for addon in addons:
        command = odoos.arguments("i18n", template)
        # `odoo i18n` reads its options from a configuration file only.
        config = LOGS / "i18n.conf"
        options = (part[2:].split("=", 1) for part in command if part.startswith("--"))
        lines = [f"{name.replace('-', '_')} = {value}" for name, value in options]
        config.write_text("[options]\n" + "\n".join(lines) + "\n")
        run(
            [
                *(*odoos.odoo.command, "i18n", "export"),
                *("-c", config, "-d", template, "-o", LOGS / f"{addon}.pot", addon),
            ],
            f"Exporting the texts of {addon}",
            env=odoos.odoo.environment(),
        )


def merge(odoos, addon, check):
    """Merge the export into the module's files; whether anything is amiss."""
    kept = ROOT / addon / "i18n"
    work = LOGS / addon if check else kept
    work.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(LOGS / f"{addon}.pot", work / f"{addon}.pot")
    if check and (kept / "fr.po").exists():
        shutil.copyfile(kept / "fr.po", work / "fr.po")
    merged = subprocess.run(
        [odoos.odoo.python, MERGE, work / f"{addon}.pot", work / "fr.po"],
        env=odoos.odoo.environment(),
        check=False,
    )
    amiss = bool(merged.returncode)
    for name in (f"{addon}.pot", "fr.po") if check else ():
        if not same(kept / name, work / name):
            say(f"  {addon}/i18n/{name} is not up to date: run `make i18n`")
            amiss = True
    return amiss


def same(one, other):
    return one.exists() and one.read_text() == other.read_text()


def i18n():
    check = bool(os.environ.get("CHECK"))
    odoos = prepare()
    template = modules_template(odoos)
    addons = [addon for addon in ADDONS if os.environ.get("K", "") in addon]
    export(odoos, template, addons)
    amiss = [addon for addon in addons if merge(odoos, addon, check)]
    if amiss:
        raise Problem(f"Put French in: {', '.join(f'{a}/i18n/fr.po' for a in amiss)}")
    say("Every text has its French.")


if __name__ == "__main__":
    main(i18n)
