"""Write the sample workbooks of data/samples, the same bytes each time.

    scripts/shell.py -- python data/make_samples.py

`referentiel_exemple.xlsx` is the CAP as the import wizard takes it, with a sheet that
says what each column holds, as `dictionnaire.csv` does: both are what the table of
columns (`cap_evaluation/kernel/workbook/schema.py`) says. The other samples are small
and wrong, one mistake each, to see what the wizard answers.
"""

import csv
import datetime as dt
import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

HERE = Path(__file__).resolve().parent
TABLES = HERE.parent / "cap_evaluation/data/referentials/cap"
SHEETS = {
    "Référentiel": "referentiel.csv",
    "Échelle": "echelle.csv",
    "Objectifs": "objectifs.csv",
    "Indicateurs": "indicateurs.csv",
    "Offres": "offres.csv",
}
NUMBERS = {"valeur", "poids", "niveau_requis", "duree_heures"}
WIDTHS = {
    "intitule": 70,
    "guide": 60,
    "indicateur": 80,
    "nom": 50,
    "description": 60,
    "signification": 80,
    "contenu": 90,
}
DAY = dt.datetime(2026, 1, 1)

Rows = dict[str, list[list]]


def read_tables() -> Rows:
    """Return ``{sheet: rows}`` of the CAP, headings first, numbers as numbers."""
    return {sheet: read_table(TABLES / name) for sheet, name in SHEETS.items()}


def list_columns() -> list[list[str]]:
    """Return what each column of a workbook holds, headings first."""
    # The addons path is known once the options are read, after this file
    from odoo.addons.cap_evaluation.kernel.workbook import schema, write

    return [list(schema.GUIDE_HEADINGS), *map(list, write.list_columns())]


def make_dictionary() -> str:
    """Return `dictionnaire.csv`."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=";", lineterminator="\n").writerows(list_columns())
    return stream.getvalue()


def read_table(path: Path) -> list[list]:
    with path.open(encoding="utf-8", newline="") as table:
        headings, *rows = csv.reader(table, delimiter=";")
    numbers = [heading in NUMBERS for heading in headings]
    return [headings] + [
        [
            float(cell) if number and cell else cell or None
            for cell, number in zip(row, numbers, strict=True)
        ]
        for row in rows
    ]


def only_first_theme(rows: Rows) -> Rows:
    """Return the tables cut to the first theme, without offers: a small référentiel."""
    objectives, indicators = rows["Objectifs"], rows["Indicateurs"]
    offers = objectives[0].index("offres")
    return {
        **rows,
        "Référentiel": [rows["Référentiel"][0], ["ESSAI", "Essai", 1, "fr_FR", "CAP"]],
        "Objectifs": [objectives[0]]
        + [
            [None if rank == offers else cell for rank, cell in enumerate(row)]
            for row in objectives[1:]
            if row[0].startswith("1")
        ],
        "Indicateurs": [r for r in indicators if r[0].startswith(("code", "1"))],
        "Offres": rows["Offres"][:1],
    }


def without_scale(rows: Rows) -> Rows:
    return {sheet: table for sheet, table in rows.items() if sheet != "Échelle"}


def with_wrong_column(rows: Rows) -> Rows:
    headings, *others = rows["Objectifs"]
    renamed = ["libellé" if name == "intitule" else name for name in headings]
    return {**rows, "Objectifs": [renamed, *others]}


def with_text_scores(rows: Rows) -> Rows:
    """Return a scale whose third level is a word."""
    headings, *levels = rows["Échelle"]
    wrong = [[("deux" if row[0] == 2 else row[0]), *row[1:]] for row in levels]
    return {**rows, "Échelle": [headings, *wrong]}


def with_wrong_codes(rows: Rows) -> Rows:
    """Return a code that comes twice, and an objective whose parent is nowhere."""
    objectives = [list(row) for row in rows["Objectifs"]]
    objectives[-1][0] = objectives[-2][0]
    objectives[-3][1] = "1.9.9"
    return {**rows, "Objectifs": objectives}


SAMPLES: dict[str, Callable[[Rows], Rows]] = {
    "essai_feuille_manquante.xlsx": without_scale,
    "essai_colonne_inconnue.xlsx": with_wrong_column,
    "essai_niveau_en_texte.xlsx": with_text_scores,
    "essai_codes_faux.xlsx": with_wrong_codes,
}


def make_workbook(rows: Rows) -> bytes:
    """Return a workbook of these sheets, codes as text so that 1.10 stays 1.10."""
    workbook = Workbook()
    workbook.remove(workbook.active)
    for sheet, table in rows.items():
        worksheet = workbook.create_sheet(sheet)
        for row in table:
            worksheet.append(row)
        for cell in worksheet[1]:
            cell.font = Font(bold=True)
            width = WIDTHS.get(cell.value, 16)
            worksheet.column_dimensions[cell.column_letter].width = width
        for cells in worksheet.iter_rows(min_row=2):
            for cell in cells:
                cell.alignment = Alignment(vertical="top", wrap_text=True)
        worksheet.freeze_panes = "A2"
    workbook.properties.creator = "COORACE CAP contributors"
    stream = io.BytesIO()
    workbook.save(stream)
    return without_dates(stream.getvalue())


def without_dates(data: bytes) -> bytes:
    """Return a workbook that does not tell when it was made."""
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as source,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target,
    ):
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _fix_dates(content)
            info = zipfile.ZipInfo(name, DAY.timetuple()[:6])
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, content)
    return stream.getvalue()


def _fix_dates(content: bytes) -> bytes:
    import re

    stamp = DAY.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    return re.sub(rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", stamp, content)


def make_samples() -> dict[str, bytes]:
    """Return ``{file name: content}`` of all the samples."""
    rows = read_tables()
    told = {"Lisez-moi": list_columns(), **rows}
    small = only_first_theme(rows)
    samples = {"referentiel_exemple.xlsx": make_workbook(told)}
    for name, spoil in SAMPLES.items():
        samples[name] = make_workbook(spoil(small))
    return samples


def main():
    from odoo.tools import config

    config.parse_config([f"--addons-path={HERE.parent}"])
    (HERE / "dictionnaire.csv").write_text(make_dictionary(), encoding="utf-8")
    folder = HERE / "samples"
    folder.mkdir(exist_ok=True)
    for name, content in make_samples().items():
        (folder / name).write_bytes(content)
        print(f"{name}: {len(content) // 1024} KB")


if __name__ == "__main__":
    sys.exit(main())
