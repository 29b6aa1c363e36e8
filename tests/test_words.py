"""One word for one thing in French: what docs/words.md refuses is in no fr.po."""

import re
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).parents[1]
ADDONS = ("cap_evaluation", "cap_progress_plan", "cap_network_report")
#: What is refused: the word to write.
REFUSED = {
    r"not(é|ée|és|ées|er|ez)": "évaluer",
    r"sans objet": "non applicable",
    r"intitulés?|libellés?": "formulation",
    r"descripteurs?|niveaux? (en mots|formulés?|en toutes lettres)": "description",
    r"passages? obligés?": "incontournable",
    r"liens? (entre référentiels|complets?|partiels?|à revoir|à confirmer)": (
        "correspondance"
    ),
    r"langage courant": "en mots simples",
    r"courriels?|(?<!e-)mails?|adresses? électroniques?": "e-mail",
    r"responsables? CAP": "responsable du CAP",
    r"délégués?|déléguées?|délégué-e(-s)?": "délégation régionale",
    r"anonym\w*": "confidentiel",
}
#: Refused as a label of its own.
LABELS = {"Seul": "En autonomie", "Faites": "Terminées", "Faite": "Terminée"}
MIDDLE_DOT = re.compile(r"\w·\w")


def entries(addon):
    return polib.pofile(str(ROOT / addon / "i18n" / "fr.po")).translated_entries()


@pytest.mark.parametrize("addon", ADDONS)
def test_one_word_for_one_thing(addon):
    refused = [
        (re.compile(rf"(?<![\w-])(?:{pattern})(?![\w-])", re.I), word)
        for pattern, word in REFUSED.items()
    ]
    found = [
        f"{match[0]!r}, write {word!r}: {entry.msgstr}"
        for entry in entries(addon)
        for pattern, word in refused
        if (match := pattern.search(entry.msgstr))
    ]
    found += [
        f"{entry.msgstr!r}, write {LABELS[entry.msgstr]!r}"
        for entry in entries(addon)
        if entry.msgstr in LABELS
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("addon", ADDONS)
def test_inclusive_forms_are_written_as_coorace_does(addon):
    found = [e.msgstr for e in entries(addon) if MIDDLE_DOT.search(e.msgstr)]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("addon", ADDONS)
def test_no_line_begins_with_a_sign(addon):
    """A space that does not break goes before : ; ? ! and inside « »."""
    breaking = re.compile(r"[^\s>] (?=[:;?!»](?![:=/-]))|« ")
    assert not [e.msgstr for e in entries(addon) if breaking.search(e.msgstr)]
