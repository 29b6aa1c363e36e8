"""Broken and hostile workbooks: imported exactly, or refused with a place to look."""

import base64

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..kernel.workbook import read, schema, write
from ..models.exchange.exporter import Exporter
from .common import CapCommon
from .test_workbook_read import to_xlsx, to_zip

QUICK = settings(
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=list(HealthCheck),
)
HEADS = {t.sheet: [column.name for column in t.columns] for t in schema.TABLES}
SHEETS = list(HEADS)
BASE = {
    "Référentiel": [["MUT", "Mutant", "1", "fr_FR", "MUT"]],
    "Échelle": [["0", "Non", "", "#e7dfd6"], ["1", "Oui", "", "#1f7a6c"]],
    "Objectifs": [
        ["1", "", "thème", "T", "", "", "", "", "", "oui", "", ""],
        ["1.1", "1", "sous-thème", "S", "", "", "", "", "", "", "", ""],
        ["1.1.1", "1.1", "objectif général", "G"] + [""] * 8,
        ["1.1.1.1", "1.1.1", "objectif opérationnel", "O", "g", "n", "2", "1"]
        + ["AI", "non", "X, 2026", "MUT-1"],
        ["1.1.1.2", "1.1.1", "objectif opérationnel", "P"] + [""] * 8,
    ],
    "Indicateurs": [["1.1.1.1", "I", ""], ["1.1.1.1", "J", "X, 2026"]],
    "Offres": [["MUT-1", "Offer", "formation", "7", "", ""]],
    "Descripteurs": [["1.1.1.1", "0", "Nothing.", ""]],
    "Questions": [["1.1.1.1", "bénévole", "Is it?", "", ""]],
    "Correspondances": [
        ["1.1.1.1", "ISO9001:2015", "", "5.1", "totale", "", "non"],
        ["1.1.1.2", "NOT_HERE", "2030", "1.1", "partielle", "Why.", "oui"],
    ],
    "Glossaire": [["MUT-TERM", "A word.", ""]],
}
ODD = st.one_of(
    st.sampled_from(
        ["", " ", "0", "-1", "1.1", "1.1.1.1", "9.9", "thème", "oui", "AI", "XX"]
        + ["=1+1", "'=1", "1e400", "nan", "1,5", "#fff", "MUT", "MUT-1", "totale"]
        + ["\x00", "\x0b", "\ufffe", "a\r\nb", "é" * 40, "LONG", "_x0041_"]
    ),
    st.integers(-3, 10),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.text(st.characters(codec="utf-8"), max_size=12),
)
MUTATION = st.tuples(
    st.sampled_from(["cell", "drop", "double", "swap", "sheet", "column", "extra"]),
    st.sampled_from(SHEETS),
    st.integers(0, 5),
    st.integers(0, 11),
    ODD,
)


def mutate(mutations):
    """Return the base tables, headings included, with these mutations."""
    tables = {s: [list(HEADS[s]), *map(list, BASE[s])] for s in SHEETS}
    for kind, sheet, row, column, value in mutations:
        rows = tables.get(sheet)
        if not rows:
            continue
        row, column = row % len(rows), column % len(HEADS[sheet])
        if kind == "cell" and column < len(rows[row]):
            rows[row][column] = "x" * 30_001 if value == "LONG" else value
        elif kind == "drop":
            rows.pop(row)
        elif kind == "double":
            rows.insert(row, list(rows[row]))
        elif kind == "swap":
            rows[row], rows[-1] = rows[-1], rows[row]
        elif kind == "sheet":
            del tables[sheet]
        elif kind == "column":
            for cells in rows:
                del cells[column : column + 1]
        elif kind == "extra":
            rows[row].append(value)
    return tables


def to_csv_zip(tables):
    """Return the tables as a zip; a text cannot hold what UTF-8 cannot."""
    return to_zip(
        {
            sheet: [[str(cell) for cell in cells] for cells in rows]
            for sheet, rows in tables.items()
        }
    )


class TestExchangeProperties(BaseCase):
    @QUICK
    @given(st.lists(MUTATION, max_size=4))
    def test_problems_are_located(self, mutations):
        """Any file is read, or refused with problems that name their place."""
        content = read.read_file(to_csv_zip(mutate(mutations)), "cap.zip")
        for problem in content.problems:
            self.assertTrue(problem.sheet, problem)

    @QUICK
    @given(st.lists(MUTATION, max_size=3))
    def test_what_is_read_is_written_back(self, mutations):
        """Reading what was written gives the same content, in both formats."""
        content = read.read_file(to_csv_zip(mutate(mutations)), "cap.zip")
        if content.problems:
            return
        first = write.write_zip(content)
        for write_file in (write.write_zip, write.write_xlsx):
            again = read.read_file(write_file(content), "cap")
            self.assertEqual(again.problems, [])
            self.assertEqual(write.write_zip(again), first)

    @QUICK
    @given(st.binary(max_size=40), st.integers(0, 4000), st.integers(0, 4000))
    def test_broken_bytes_are_refused(self, noise, start, length):
        """Bytes overwritten anywhere: read, or refused; never a crash."""
        data = bytearray(to_csv_zip(mutate([])))
        data[start : start + length] = noise
        content = read.read_file(bytes(data), "cap.zip")
        self.assertTrue(content.problems or content.rows)


@tagged("post_install", "-at_install")
class TestImportProperties(CapCommon):
    MODELS = (
        "cap.scale.level",
        "cap.referential",
        "cap.referential.version",
        "cap.objective",
        "cap.objective.indicator",
        "cap.objective.descriptor",
        "cap.objective.question",
        "cap.objective.mapping",
        "cap.objective.mapping.waiting",
        "cap.glossary.term",
        "cap.offer",
    )

    def _count(self):
        self.env.flush_all()
        return {model: self.env[model].search_count([]) for model in self.MODELS}

    def _import(self, data):
        wizard = self.env["cap.referential.import"].create(
            {"file": base64.b64encode(data), "filename": "cap"}
        )
        action = wizard.action_import()
        if action["res_model"] == wizard._name:
            return wizard, None
        return wizard, self.env["cap.referential.version"].browse(action["res_id"])

    def _try(self, tables):
        data = to_csv_zip(tables)
        before = self._count()
        wizard, version = self._import(data)
        if not version:
            self.assertTrue(wizard.problem_ids)
            self.assertFalse(wizard.problem_ids.filtered(lambda p: not p.sheet))
            self.assertEqual(self._count(), before)
            return
        content = read.read_file(data, "cap")
        self.assertEqual(self._get_cells(version), self._get_own(content))

    def _get_own(self, content):
        return {
            "objectives": [row.cells["intitule"] for row in content["objectives"]],
            "indicators": sorted(r.cells["indicateur"] for r in content["indicators"]),
            "descriptors": sorted(
                r.cells["description"] for r in content["descriptors"]
            ),
            "questions": sorted(r.cells["question"] for r in content["questions"]),
            "mappings": sorted(r.cells["code_cible"] for r in content["mappings"]),
        }

    def _get_cells(self, version):
        """Return what the database now holds of what the file speaks of."""
        rows = Exporter(version).get_content().rows
        columns = {
            "objectives": "intitule",
            "indicators": "indicateur",
            "descriptors": "description",
            "questions": "question",
            "mappings": "code_cible",
        }
        cells = {
            key: [row.cells[name] for row in rows[key]] for key, name in columns.items()
        }
        return {
            key: values if key == "objectives" else sorted(values)
            for key, values in cells.items()
        }

    def test_mutated_workbooks(self):
        """Imported exactly or refused whole, whatever was there before."""

        @settings(QUICK, max_examples=40)
        @given(st.lists(MUTATION, max_size=2))
        def check(mutations):
            savepoint = self.env.cr.savepoint()
            try:
                self._try(mutate(mutations))
            finally:
                savepoint.close(rollback=True)
                self.env.invalidate_all(flush=False)
                self.env.registry.clear_all_caches()

        check()

    def test_the_base_is_right(self):
        """Otherwise the test above would only see refusals."""
        _wizard, version = self._import(to_xlsx(mutate([])))
        self.assertEqual(len(version.objective_ids), 5)
