"""Small workbooks and tables that people really make: read, or refused where they err.

What each file of ``cases/`` holds is told in its README.
"""

import time
import tracemalloc
from pathlib import Path

from odoo.tests import BaseCase

from ..kernel.workbook import read, schema

CASES = Path(__file__).parent / "cases"

# {file: what is wrong with it: (problem, sheet, row, column, what was found)}
REFUSED = {
    "01_codes_as_dates.xlsx": [
        ("date", "Objectifs", 3, "code", "01/01/2026"),
        ("date", "Objectifs", 4, "code", "01/01/2001"),
        ("date", "Objectifs", 4, "code_parent", "01/01/2026"),
        ("date", "Objectifs", 5, "code", "01/01/2002"),
        ("date", "Objectifs", 5, "code_parent", "01/01/2026"),
    ],
    "03_formula_no_cache_optional.xlsx": [
        ("formula", "Objectifs", 4, "guide", ""),
        ("formula", "Objectifs", 4, "poids", ""),
    ],
    "03c_libreoffice_formulas.xlsx": [
        ("error_cell", "Objectifs", 5, "intitule", "#N/A"),
        ("error_cell", "Objectifs", 5, "guide", "#DIV/0!"),
    ],
    "04_error_values.xlsx": [
        ("error_cell", "Objectifs", 4, "intitule", "#REF!"),
        ("error_cell", "Objectifs", 4, "guide", "#N/A"),
    ],
    "11_hidden_old_sheet.xlsx": [
        ("double_sheet", "Objectifs", 0, "", "“Objectifs”, “Objectifs ”"),
    ],
    "11b_echelle_twice.xlsx": [
        ("double_sheet", "Échelle", 0, "", "“Échelle”, “Echelle”"),
    ],
    "15_libreoffice.ods": [("other_format", "", 0, "", "15_libreoffice.ods")],
    "19b_zip_two_copies.zip": [
        (
            "double_sheet",
            "Objectifs",
            0,
            "",
            "“ancienne version/objectifs.csv”, “objectifs.csv”",
        ),
    ],
    "36_date_in_text.xlsx": [
        ("date", "Référentiel", 2, "edition", "01/01/2026"),
        ("date", "Objectifs", 4, "intitule", "09:30"),
        ("date", "Objectifs", 4, "source", "01/03/2025"),
    ],
    "37_lo_saved_csv.zip": [
        ("date", "Objectifs", 4, "code", "01/01/01"),
        ("date", "Objectifs", 5, "code", "01/01/02"),
    ],
}
# {file: what the two objectives hold that those of the control do not}
READ = {
    "00_control.xlsx": ({}, {}),
    "05_merged_cells.xlsx": (
        {"poids": 3.0, "types_structure": ("ACI",)},
        {"poids": 3.0, "types_structure": ("ACI",), "confirme": True},
    ),
    "06_crlf_escaped.xlsx": ({"guide": "Ligne une\nLigne deux"}, {}),
    "07_vertical_tab_escaped.xlsx": ({"intitule": "Premier objectif"}, {}),
    "13_wide_rows.xlsx": ({}, {}),
    "18f_csv_tab.zip": ({}, {}),
    "20_capital_names.zip": ({}, {}),
    "33_0_types.xlsx": ({"types_structure": ("ACI", "AI")}, {}),
}


def read_case(name):
    """Return the content of a file of ``cases/``."""
    return read.read_file((CASES / name).read_bytes(), name)


class TestWorkbookCases(BaseCase):
    def test_every_case_is_told_here(self):
        names = {path.name for path in CASES.iterdir()} - {"README.md"}
        self.assertEqual(names, {*REFUSED, *READ})

    def test_refused_with_the_cell(self):
        for name, expected in REFUSED.items():
            with self.subTest(name=name):
                problems = schema.sort_problems(read_case(name).problems)
                self.assertEqual([problem[:5] for problem in problems], expected)

    def test_read_as_it_is_seen(self):
        control = [row.cells for row in read_case("00_control.xlsx")["objectives"]]
        for name, differences in READ.items():
            with self.subTest(name=name):
                content = read_case(name)
                self.assertEqual(content.problems, [])
                cells = [row.cells for row in content["objectives"]]
                self.assertEqual(cells[:2], control[:2])
                for found, base, other in zip(
                    cells[2:], control[2:], differences, strict=True
                ):
                    self.assertEqual(found, {**base, **other})

    def test_far_away_cells_cost_nothing(self):
        """48 kB of styled cells in the last column: 7 s and 1 GB before."""
        started = time.process_time()
        tracemalloc.start()
        read_case("13_wide_rows.xlsx")
        _current, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        self.assertLess(peak, 100e6)
        self.assertLess(time.process_time() - started, 5)
