"""The workbook's kernels, piece by piece, without a database."""

import doctest
import io
import zipfile
from types import SimpleNamespace

from openpyxl import load_workbook

from odoo.tests import BaseCase

from ..kernel.workbook import cells, check, diff, read, schema, sheets, write
from ..kernel.workbook.schema import BY_KEY, Column, Content, Problem, Row

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = (
    '<styleSheet xmlns="%s"><numFmts>'
    '<numFmt numFmtId="164" formatCode="0.0\\ &quot;h&quot;"/>'
    '<numFmt numFmtId="165" formatCode="[Red]dd/mm/yyyy"/></numFmts><cellXfs>'
    '<xf/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs>'
    "</styleSheet>"
) % MAIN


class Record(dict):
    """A record as far as columns look at one."""


def make_workbook(rows, properties="", main="workbook"):
    """Return a workbook of one sheet, "Feuille", whose rows are given as XML."""
    stream = io.BytesIO()
    links = '<Relationships xmlns="x">%s</Relationships>'
    link = f'<Relationship Id="%s" Type="{LINKS}/%s" Target="%s"/>'
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in {
            "[Content_Types].xml": "<Types/>",
            "_rels/.rels": links
            % (link % ("r1", "officeDocument", "/xl/workbook.xml")),
            "xl/workbook.xml": f'<{main} xmlns="{MAIN}" xmlns:r="{LINKS}">'
            f'{properties}<sheets><sheet name="Feuille" r:id="r1" state="hidden"/>'
            '<sheet name="Graphique"/></sheets>'
            f"</{main}>",
            "xl/_rels/workbook.xml.rels": links
            % (
                link % ("r1", "worksheet", "worksheets/one.xml")
                + link % ("r2", "styles", "styles.xml")
            ),
            "xl/styles.xml": STYLES,
            "xl/worksheets/one.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{rows}'
            "</sheetData></worksheet>",
        }.items():
            archive.writestr(name, text)
    return zipfile.ZipFile(stream)


class TestWorkbookSheets(BaseCase):
    def _read(self, rows, **options):
        with make_workbook(rows, **options) as archive:
            workbook = sheets.Workbook(archive)
            (sheet,) = workbook.sheets
            self.assertEqual((sheet.name, sheet.hidden), ("Feuille", True))
            return workbook.read(sheet)[0]

    def test_places_that_are_not_said(self):
        """Rows and cells without their place follow one another."""
        rows = self._read(
            "<row><c><v>1</v></c><c><v>2</v></c></row><row/>"
            '<row><c r="C3"><v>3</v></c><c><v>4</v></c></row>'
            '<row r="7"><c><v>5</v></c></row><row><c><v>6</v></c></row>'
        )
        self.assertEqual(rows, {1: {0: 1, 1: 2}, 3: {2: 3, 3: 4}, 7: {0: 5}, 8: {0: 6}})

    def test_what_cells_hold(self):
        for cell, value in (
            ("<c><v>1.5</v></c>", 1.5),
            ("<c><v>-2</v></c>", -2),
            ("<c><v>1E3</v></c>", 1000.0),
            ('<c t="str"><f>A1</f><v>a_x000D_b</v></c>', "a\rb"),
            ('<c t="b"><v>1</v></c>', True),
            ('<c t="b"><v>0</v></c>', False),
            ('<c t="e"><v>#REF!</v></c>', cells.Odd("error_cell", "#REF!")),
            ('<c t="d"><v>2026-01-02</v></c>', cells.Odd("date", "2026-01-02")),
            ('<c s="1"><v>46023</v></c>', cells.Odd("date", "01/01/2026")),
            ('<c s="3"><v>0.5</v></c>', cells.Odd("date", "12:00")),
            ('<c s="3"><v>1e300</v></c>', cells.Odd("date", "1e+300")),
            ('<c s="2"><v>7</v></c>', 7),
            ('<c s="9"><v>7</v></c>', 7),
            ("<c><f>A1</f></c>", cells.Odd("formula", "")),
            (
                '<c t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r><rPh><t>c</t></rPh>'
                "</is></c>",
                "ab",
            ),
            ('<c t="inlineStr"><is><t/></is></c>', None),
            ('<c t="inlineStr"/>', None),
            ('<c t="str"><f>A1</f><v></v></c>', None),
            ("<c/>", None),
        ):
            with self.subTest(cell=cell):
                rows = self._read(f"<row>{cell}</row>")
                self.assertEqual(rows.get(1, {}).get(0), value)

    def test_dates_of_the_other_epoch(self):
        rows = '<row><c s="1"><v>44561</v></c></row>'
        found = self._read(rows, properties='<workbookPr date1904="1"/>')
        self.assertEqual(found[1][0].text, "01/01/2026")
        found = self._read(rows, properties='<workbookPr date1904="0"/>')
        self.assertEqual(found[1][0].text, "31/12/2021")

    def test_too_many_cells(self):
        self.patch(sheets, "MAX_CELLS", 3)
        with self.assertRaises(sheets.TooManyCells):
            self._read("<row>" + "<c/>" * 4 + "</row>")

    def test_a_document_that_is_no_workbook(self):
        with make_workbook("", main="document") as archive:
            with self.assertRaises(ValueError):
                sheets.Workbook(archive)

    def test_another_kind_of_document(self):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            archive.writestr("_rels/.rels", "<Relationships/>")
        with zipfile.ZipFile(stream) as archive, self.assertRaises(KeyError):
            sheets.Workbook(archive)


class TestWorkbookColumns(BaseCase):
    def test_doctests(self):
        for module in (cells, schema, sheets, read, check, diff, write):
            result = doctest.testmod(module)
            self.assertGreater(result.attempted, 0)
            self.assertFalse(result.failed)

    def test_a_field_through_a_link(self):
        column = Column("c", cells.CODE, "parent_id.code")
        record = Record(parent_id=Record(code=" A\u200b "))
        self.assertEqual(column.dump(record), "A")
        self.assertEqual(
            column.load("A", {"parent_id.code": {"A": 7}}), {"parent_id": 7}
        )
        self.assertEqual(column.load("", {"parent_id.code": {}}), {"parent_id": False})
        self.assertEqual(column.written_fields, {"parent_id"})

    def test_a_field_through_several_links(self):
        column = Column("c", cells.CODES, "type_ids.code")
        record = Record(type_ids=[Record(code="B"), Record(code="A")])
        self.assertEqual(column.dump(record), ("A", "B"))
        ids = {"type_ids.code": {"A": 1, "B": 2}}
        self.assertEqual(column.load(("A", "B"), ids), {"type_ids": [1, 2]})
        self.assertEqual(column.load((), ids), {"type_ids": []})

    def test_plain_fields(self):
        column = Column("c", cells.NAME, "name")
        self.assertEqual(column.dump(Record(name=False)), "")
        self.assertEqual(column.load("", {}), {"name": False})
        self.assertEqual(column.load("x", {}), {"name": "x"})
        self.assertEqual(Column("c", get=len).load("x", {}), {})
        self.assertEqual(Column("c", get=len).written_fields, frozenset())

    def test_what_an_empty_cell_means(self):
        weight = next(c for c in BY_KEY["objectives"].columns if c.name == "poids")
        self.assertEqual((weight.read(""), weight.read(None)), (1.0, 1.0))
        self.assertEqual(weight.dump(Record(weight=0.5)), 0.5)
        gate = next(
            c for c in BY_KEY["objectives"].columns if c.name == "niveau_requis"
        )
        for level, is_gate in ((0, True), (3, True), (None, False)):
            stored = {"is_gate": is_gate, "gate_level": level or 0}
            self.assertEqual(gate.dump(Record(stored)), level)
            self.assertEqual(gate.load(level, {}), stored)
        self.assertEqual(gate.write(None), "")
        self.assertEqual(gate.write(0), "0")

    def test_choices(self):
        kind = cells.Choice(choices={"thème": "theme", "outil": "tool"})
        self.assertEqual(kind.clean("theme"), "theme")
        self.assertEqual(kind.read("THEME"), "theme")
        self.assertEqual(kind.write("nothing"), "")
        for raw in ("x", True):
            with self.assertRaises(cells.BadValueError) as raised:
                kind.read(raw)
            self.assertEqual(raised.exception.expected, "thème, outil")

    def test_colours(self):
        self.assertEqual(cells.COLOR.read(" #1F7A6C "), "#1f7a6c")
        self.assertEqual(cells.COLOR.clean("#1F7A6C"), "#1f7a6c")
        with self.assertRaises(cells.BadValueError):
            cells.COLOR.read("#fff")

    def test_names_of_links(self):
        link = SimpleNamespace(_get_end=lambda: ("CAP", "2026", "1.1"))
        ends = [c.get(link) for c in BY_KEY["mappings"].columns if c.get]
        self.assertEqual(ends, ["CAP", "2026", "1.1"])
        version = {"referential_id": {"name": "The CAP"}}
        names = [c.get(version) for c in BY_KEY["referential"].columns if c.get]
        self.assertEqual(names, ["The CAP"])

    def test_rows_are_told_apart(self):
        table = BY_KEY["indicators"]
        rows = [Row(n, {"code_objectif": c}) for n, c in enumerate("aab")]
        self.assertEqual(list(table.index(rows)), [("a", 1), ("a", 2), ("b", 1)])
        self.assertEqual(table.index([Row(2, {})]), {})


class TestWorkbookDiff(BaseCase):
    def _objectives(self, *codes, **cells_of_all):
        content = Content()
        names = [column.name for column in BY_KEY["objectives"].columns]
        content.present["objectives"] = set(names)
        content.rows["objectives"] = [
            Row(n, {**dict.fromkeys(names, ""), "code": code, **cells_of_all})
            for n, code in enumerate(codes, 2)
        ]
        return content

    def _changes(self, stored, content):
        return diff.list_changes(diff.compare(stored, content))

    def test_new_changed_removed_moved(self):
        stored, content = self._objectives(*"abc"), self._objectives(*"bad")
        content["objectives"][1].cells["intitule"] = "x" * 100
        changes = self._changes(stored, content)
        self.assertEqual(
            [(c.kind, c.row, c.key, c.column) for c in changes],
            [
                ("new", 4, "d", ""),
                ("changed", 3, "a", "intitule"),
                ("removed", 0, "c", ""),
                ("moved", 2, "b", "code"),
            ],
        )
        problems = list(diff.get_frozen_problems(changes))
        self.assertEqual(
            [p.code for p in problems], [f"frozen_{c.kind}" for c in changes]
        )
        self.assertEqual(len(problems[1].found), 80)
        self.assertEqual((problems[3].expected, problems[3].found), ("a", "b"))

    def test_nothing(self):
        content = self._objectives(*"ab")
        difference = diff.compare(content, content)["objectives"]
        self.assertFalse(difference)
        self.assertEqual(list(difference.pairs), [("a",), ("b",)])
        self.assertEqual(self._changes(content, content), [])
        other = self._objectives("a")
        self.assertTrue(diff.compare(content, other)["objectives"])
        self.assertTrue(diff.compare(other, content)["objectives"])

    def test_free_columns_are_no_problem(self):
        stored, content = self._objectives("a"), self._objectives("a", guide="g")
        changes = self._changes(stored, content)
        self.assertEqual([(c.before, c.after) for c in changes], [("", "g")])
        self.assertEqual(list(diff.get_frozen_problems(changes)), [])

    def test_what_cannot_be_read_changes_nothing(self):
        stored, content = self._objectives(*"ab"), self._objectives(*"a")
        content["objectives"].append(Row(3, {"intitule": "no code"}))
        del content["objectives"][0].cells["intitule"]
        self.assertEqual(self._changes(stored, content), [])

    def test_what_is_not_spoken_of_stays(self):
        stored, content = self._objectives("a"), self._objectives("a", guide="g")
        content.present["objectives"] = {"code"}
        self.assertEqual(self._changes(stored, content), [])
        content.present = {}
        self.assertEqual(diff.compare(stored, content), {})

    def test_a_library_loses_nothing(self):
        stored = Content(rows={"offers": [Row(2, {"ref": "A"})]})
        content = Content(present={"offers": {"ref"}})
        self.assertEqual(self._changes(stored, content), [])


class TestWorkbookCheck(BaseCase):
    def _check(self, **rows):
        content = Content(
            rows={
                key: [Row(n, found) for n, found in enumerate(cells_list, 2)]
                for key, cells_list in rows.items()
            },
            present={"objectives": {"code", "code_parent"}},
        )
        return [problem[:5] for problem in check.check(content)]

    def test_the_tree(self):
        objectives = [
            {"code": "1", "type": "theme", "code_parent": ""},
            {"code": "2", "type": "theme", "code_parent": "1"},
            {"code": "3", "type": "operational", "code_parent": ""},
            {"code": "4", "type": "operational", "code_parent": "1"},
            {"code": "5", "type": "operational", "code_parent": "9"},
            {"code": "6", "code_parent": "1"},
            {"code": "7", "type": "subtheme", "code_parent": "6"},
            {"code": "8", "type": "subtheme"},
        ]
        where = ("Objectifs",)
        self.assertEqual(
            self._check(objectives=objectives),
            [
                ("on_top", *where, 3, "code_parent", "thème"),
                ("no_parent", *where, 4, "code_parent", "objectif opérationnel"),
                ("misplaced", *where, 5, "code_parent", "objectif opérationnel"),
                ("orphan", *where, 6, "code_parent", "9"),
            ],
        )

    def test_numbers(self):
        self.assertEqual(
            self._check(
                levels=[{"valeur": 0}, {"valeur": 1}],
                objectives=[{"poids": 0.0}, {"niveau_requis": 2}, {"niveau_requis": 0}],
                offers=[{"duree_heures": -1.5}, {"duree_heures": None}],
                descriptors=[{"niveau": 3}],
            ),
            [
                ("weight_not_positive", "Objectifs", 2, "poids", "0"),
                ("negative", "Offres", 2, "duree_heures", "-1.5"),
                ("outside_scale", "Objectifs", 3, "niveau_requis", "2"),
                ("outside_scale", "Descripteurs", 2, "niveau", "3"),
            ],
        )

    def test_nothing_to_score(self):
        found = self._check(objectives=[{"type": "theme"}, {"type": "subtheme"}])
        self.assertEqual(found, [("nothing_to_score", "Objectifs", 0, "", "")])
        self.assertEqual(self._check(objectives=[{"type": "theme"}, {}]), [])

    def test_levels_that_cannot_be_read_bound_nothing(self):
        for levels in ([{"valeur": 0}, {}], []):
            found = self._check(levels=levels, objectives=[{"niveau_requis": 9}])
            self.assertEqual(found, [])

    def test_rows(self):
        self.assertEqual(
            self._check(referential=[{}, {}], levels=[{"valeur": 0}]),
            [
                ("one_row_only", "Référentiel", 3, "", ""),
                ("one_level", "Échelle", 0, "", ""),
            ],
        )

    def test_links_to_itself(self):
        link = {"code_objectif": "", "code_cible": "1"}
        found = self._check(
            referential=[{"code": "CAP", "edition": "1"}],
            mappings=[
                {**link, "cible": "CAP", "edition_cible": ""},
                {**link, "cible": "CAP", "edition_cible": "1", "code_cible": "2"},
                {**link, "cible": "CAP", "edition_cible": "2"},
                {**link, "cible": "X", "edition_cible": ""},
                {"cible": "CAP"},
                {},
            ],
        )
        self.assertEqual(
            [(p[0], p[2]) for p in found], [("own_edition", 2), ("own_edition", 3)]
        )

    def test_known_codes(self):
        content = Content(
            rows={"objectives": [Row(2, {"offres": ("A", "B")}), Row(3, {})]}
        )
        found = list(check.check_known(content, "offres", {"A"}, "no_offer"))
        self.assertEqual(found, [Problem("no_offer", "Objectifs", 2, "offres", "B")])

    def test_problems_in_the_order_of_the_file(self):
        problems = [
            Problem("a", "Objectifs", 9, "intitule"),
            Problem("b", "Objectifs", 0),
            Problem("c", "Objectifs", 9, "code"),
            Problem("d", "Référentiel", 30),
            Problem("e"),
            Problem("d", "Référentiel", 30),
        ]
        self.assertEqual(
            [p.code for p in schema.sort_problems(problems)], list("edcab")
        )


class TestWorkbookWrite(BaseCase):
    CONTENT = Content(
        rows={
            "offers": [
                Row(
                    2, {"ref": "A", "nom": "=1+1", "type": "tool", "duree_heures": 1.5}
                ),
                Row(3, {"ref": "B", "nom": "#N/A", "description": "a\nb"}),
            ],
            "levels": [Row(2, {"valeur": -1, "nom": "+"})],
        }
    )

    def test_a_table(self):
        self.assertEqual(
            write.write_csv(BY_KEY["offers"], self.CONTENT),
            "ref;nom;type;duree_heures;description;source\n"
            "A;'=1+1;outil;1,5;;\n"
            'B;\'#N/A;;;"a\nb";\n',
        )
        self.assertIn("-1;'+;;", write.write_csv(BY_KEY["levels"], self.CONTENT))

    def test_the_zip_holds_every_table(self):
        with zipfile.ZipFile(io.BytesIO(write.write_zip(self.CONTENT))) as archive:
            names = archive.namelist()
            self.assertTrue(archive.read("offres.csv").startswith(b"\xef\xbb\xbfref;"))
        self.assertEqual(names, [table.filename for table in schema.TABLES])

    def test_the_workbook(self):
        workbook = load_workbook(io.BytesIO(write.write_xlsx(self.CONTENT)))
        self.assertEqual(workbook.active.title, "Référentiel")
        sheet = workbook["Offres"]
        row = [cell.value for cell in sheet[2]]
        self.assertEqual(row, ["A", "=1+1", "outil", 1.5, None, None])
        self.assertEqual(sheet["B2"].data_type, "s")
        self.assertEqual(sheet.freeze_panes, "B2")
        self.assertEqual(sheet["A1"].comment.text, BY_KEY["offers"].columns[0].help)
        (rule,) = sheet.data_validations.dataValidation
        self.assertEqual(str(rule.sqref), "C2:C8001")
        self.assertEqual(rule.formula1, f'"{",".join(schema.OFFER_KINDS)}"')
        self.assertEqual(sheet["A1"].fill.fgColor.rgb, "FFF0B64C")
        self.assertEqual(sheet["E1"].fill.fgColor.rgb, "FFE7DFD6")
        self.assertEqual(sheet["A2"].number_format, "@")
        widths = [sheet.column_dimensions[c].width for c in "AB"]
        self.assertGreater(widths[1], widths[0])

    def test_the_guide_is_read_whole(self):
        """No text runs over its neighbour: lines are merged, cells are wrapped."""
        workbook = load_workbook(io.BytesIO(write.write_xlsx(Content())))
        sheet = workbook[schema.GUIDE_SHEET]
        count = len(schema.GUIDE_LINES)
        self.assertEqual(len(sheet.merged_cells.ranges), count)
        heading = [cell.value for cell in sheet[count + 2]]
        self.assertEqual(heading, list(schema.GUIDE_HEADINGS))
        told = [
            tuple(cell.value or "" for cell in row)
            for row in sheet.iter_rows(min_row=count + 3)
        ]
        self.assertEqual(told, write.list_columns())
        for row in sheet.iter_rows(min_row=count + 2):
            for cell in row:
                self.assertTrue(cell.value is None or cell.alignment.wrap_text)
