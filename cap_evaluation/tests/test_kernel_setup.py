"""Where a structure is, and who leads it: what other tests leave aside."""

from odoo.tests import BaseCase

from ..kernel.setup.areas import find_area, find_region
from ..kernel.setup.pilots import Person, choose_pilots
from ..kernel.setup.types import match_types


class TestSetupRules(BaseCase):
    def test_area(self):
        """zip, country, code and name of the state -> area."""
        table = [
            (("35000", "fr", "", ""), "35"),
            (("", "fr", "", ""), ""),
            (("", "RE", "35", ""), "974"),
            (("20199", "", "", ""), "2A"),
            (("97100", "", "", ""), "971"),
            (("97133", "", "", ""), "977"),
            (("00100", "", "fr-2b", ""), "2B"),
            (("1.000", "FR", "", ""), "01"),
            (("", "", "", "cotes d armor"), "22"),
            (("", "", "", "Nowhere"), ""),
            (("", "BE", "35", "Bretagne"), ""),
        ]
        for told, expected in table:
            with self.subTest(told=told):
                self.assertEqual(find_area(*told), expected)

    def test_types(self):
        """tag -> codes of the types that it speaks of."""
        types = {
            "ZA": ["Garage"],
            "ZB": ["Garage solidaire"],
            "ZC": ["Aide au logement des jeunes travailleurs", "Foyer de nuit calme"],
            "ZD": ["Aide au logement des familles nombreuses"],
            "ZE": ["A" * 17 + "ccc"],
        }
        table = [
            ("Press ZA", ["ZA"]),
            ("press za", []),
            ("PRESS ZA", []),
            ("za, zb", ["ZA", "ZB"]),
            ("zb et za", ["ZA", "ZB"]),
            ("Press (za)", ["ZA"]),
            ("Press (x) [zb] (za)", ["ZB"]),
            ("Garages solidaires du nord", ["ZB"]),
            ("Le garage du nord", ["ZA"]),
            ("garage", ["ZA"]),
            ("solidaire", []),
            ("foyer", []),
            ("Le foyer calme", ["ZC"]),
            ("foyers calmes", ["ZC"]),
            ("aide au logement", []),
            ("aides au logement des jeunes", ["ZC"]),
            ("a" * 17 + "bbb", ["ZE"]),
            ("a" * 16 + "bbbb", []),
            ("garages solidoires", ["ZA"]),
            ("garace solidaire", ["ZB"]),
            ("", []),
        ]
        for tag, expected in table:
            with self.subTest(tag=tag):
                self.assertEqual(match_types(tag, types), expected)
        self.assertEqual(match_types("anything", {}), [])

    def test_region_of_this_name(self):
        known = {"a": "Bretagne", "b": "Corse"}
        self.assertEqual(find_region("CORSE", known), "b")
        self.assertEqual(find_region("Normandie", known), "")

    def test_who_can_be_written_to_leads(self):
        silent = Person(1, "Directrice", "", False)
        reached = Person(2, "Coordinateur", "b@x.fr", False)
        self.assertEqual(choose_pilots([silent, reached]), [2])
        self.assertEqual(choose_pilots([reached, silent]), [2])
        self.assertEqual(choose_pilots([silent]), [1])
