"""Merge an exported template into a French file: merge_po.py TEMPLATE.pot fr.po

Runs in Odoo's environment, which has polib. The French file follows the template's
order; what it says is kept; what the template no longer has is dropped. Prints the
texts that have no French, and fails when there are any.
"""

import sys
from pathlib import Path

import polib

WIDTH = 78


def main():
    template, french = sys.argv[1:]
    pot = polib.pofile(template, wrapwidth=WIDTH)
    for date in ("POT-Creation-Date", "PO-Revision-Date"):
        pot.metadata.pop(date, None)  # would change at each export
    pot.save()
    known = polib.pofile(french) if Path(french).exists() else []
    said = {entry.msgid_with_context: entry for entry in known}
    pot.metadata.update(
        {"Language": "fr", "Plural-Forms": "nplurals=2; plural=(n > 1);"}
    )
    missing = []
    for entry in pot:
        old = said.get(entry.msgid_with_context)
        if old and old.msgstr and not old.fuzzy:
            entry.msgstr = old.msgstr
        else:
            missing.append(entry.msgid)
    pot.save(french)
    print("\n".join(f"  no French: {text!r}" for text in missing))
    sys.exit(bool(missing))


if __name__ == "__main__":
    main()
