"""What lies in data/ beside the demo: comments, sample workbooks, the dictionary."""

import doctest
import importlib
from collections import Counter

import pytest

from odoo.addons.cap_evaluation.kernel.workbook import read

from data import make_samples, phrases

MODULES = (
    "data.names",
    "data.profiles",
    "data.phrases",
    "data.clock",
    "data.demo_campaigns",
    "data.demo_trainings",
    "bench.harness",
)
SAMPLES = make_samples.HERE / "samples"
EXPECTED = {
    "referentiel_exemple.xlsx": set(),
    "essai_feuille_manquante.xlsx": {"missing_sheet"},
    "essai_colonne_inconnue.xlsx": {"unknown_column", "missing_column"},
    "essai_niveau_en_texte.xlsx": {"bad_value"},
    "essai_codes_faux.xlsx": {"duplicate", "orphan"},
}


def read_problems(path):
    return read.read_file(path.read_bytes(), path.name).problems


@pytest.mark.parametrize("name", MODULES)
def test_doctests(name):
    results = doctest.testmod(importlib.import_module(name))
    assert results.attempted and not results.failed


def test_samples_are_what_their_maker_writes():
    assert make_samples.make_samples() == {
        path.name: path.read_bytes() for path in SAMPLES.iterdir()
    }


@pytest.mark.parametrize("name", EXPECTED)
def test_samples_are_right_or_wrong_as_said(name):
    assert {p.code for p in read_problems(SAMPLES / name)} == EXPECTED[name]


def test_dictionary_is_what_the_columns_say():
    path = make_samples.HERE / "dictionnaire.csv"
    assert path.read_text(encoding="utf-8") == make_samples.make_dictionary()


def test_each_objective_has_its_comments():
    objectives = read.read_folder(make_samples.TABLES)["objectives"]
    codes = {r.cells["code"] for r in objectives if r.cells["type"] == "operational"}
    comments = phrases.read_comments()
    assert {code for code, _level in comments} == codes
    assert Counter(map(len, comments.values())) == {1: 144, 2: 144}
    texts = [text for found in comments.values() for text in found]
    assert len(set(texts)) == len(texts)
    for text in texts:
        assert "{" not in text.format(n=3, mois="mai", an=2025)
