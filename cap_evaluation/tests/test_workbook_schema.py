"""The one table of columns, and all that follows it."""

import re
from pathlib import Path

from odoo.exceptions import UserError
from odoo.tests import tagged

from ..kernel.tree import PARENTS
from ..kernel.workbook import read, schema, write
from ..kernel.workbook.cells import Choice
from ..kernel.workbook.schema import BY_KEY, TABLES, Column
from ..models.exchange.exporter import Exporter
from ..models.exchange.importer import Importer
from .common import CapCommon

USAGE = Path(__file__).parent.parent / "readme" / "USAGE.md"


@tagged("post_install", "-at_install")
class TestWorkbookSchema(CapCommon):
    def _add_column(self, key, column):
        """Add one line to a table, for this test."""
        self.patch(BY_KEY[key], "columns", (*BY_KEY[key].columns, column))

    def _import(self, data):
        importer = Importer(self.env, read.read_file(data))
        version = importer.write("test")
        self.assertTrue(version, importer.problems)
        return version

    def test_one_line_makes_a_column(self):
        """Added to the table alone, it is exported, told, checked and imported."""
        version = self.make_version(code="LINE", publish=False)
        offer = self.env["cap.offer"].create(
            {"code": "LINE-1", "name": "Offer", "active": True}
        )
        version.objective_ids[3].offer_ids = offer
        self._add_column(
            "offers",
            Column(
                "en_service",
                Choice(choices=schema.BOOLEANS),
                "active",
                "Vide : oui.",
                default=True,
            ),
        )
        offer.active = False
        content = Exporter(version).get_content()
        for write_file in (write.write_zip, write.write_xlsx):
            with self.subTest(write_file=write_file.__name__):
                offer.active = False
                data = write_file(content)
                offer.active = True
                importer = Importer(self.env, read.read_file(data))
                self.assertEqual(
                    [(c.sheet, c.key, c.column, c.after) for c in importer.changes],
                    [("Offres", "LINE-1", "en_service", "non")],
                )
                self._import(data)
                self.assertFalse(offer.active)
        self.assertIn("en_service", [line[1] for line in write.list_columns()])

    def test_frozen_is_said_once(self):
        """What a frozen column writes is frozen in the model, and only that."""
        for key in ("objectives", "indicators", "descriptors"):
            model = self.env[BY_KEY[key].model]
            for column in BY_KEY[key].columns:
                with self.subTest(table=key, column=column.name):
                    self.assertEqual(
                        column.written_fields <= model._edition_frozen_fields,
                        column.frozen,
                    )
        for key in ("offers", "questions", "mappings", "glossary"):
            self.assertFalse(schema.get_frozen_fields(key))

    def test_the_scale_is_frozen_whole(self):
        level = self.scale.level_ids[0]
        for column in BY_KEY["levels"].columns:
            self.assertTrue(column.frozen)
            for name in column.written_fields:
                with self.subTest(field=name), self.assertRaises(UserError):
                    level.write({name: level[name]})

    def test_fields_exist(self):
        for table in TABLES:
            for column in table.columns:
                names = column.fields or column.field.split(".")[:1]
                for name in filter(None, names):
                    with self.subTest(table=table.key, column=column.name):
                        self.assertIn(name, self.env[table.model]._fields)

    def test_choices_are_those_of_the_fields(self):
        for table in TABLES:
            for column in table.columns:
                if not column.choices or column.kind.choices is schema.BOOLEANS:
                    continue
                field = self.env[table.model]._fields[column.field]
                with self.subTest(table=table.key, column=column.name):
                    self.assertEqual(
                        set(column.kind.choices.values()),
                        set(field.get_values(self.env)),
                    )
        self.assertEqual(set(schema.KINDS.values()), set(PARENTS))

    def test_every_column_is_explained(self):
        for table in TABLES:
            for column in table.columns:
                with self.subTest(table=table.key, column=column.name):
                    self.assertTrue(column.help.endswith((".", "...")), column.help)
            self.assertLessEqual(
                set(table.identity), {column.name for column in table.columns}
            )

    def test_the_manual_names_every_column(self):
        told = re.findall(r"^\| (\S+) \(`(\S+)`\) \| (.*) \|$", USAGE.read_text(), re.M)
        self.assertEqual(
            told,
            [
                (
                    table.sheet,
                    table.filename,
                    ", ".join(
                        f"**{c.name}**" if c.required else c.name for c in table.columns
                    ),
                )
                for table in TABLES
            ],
        )
