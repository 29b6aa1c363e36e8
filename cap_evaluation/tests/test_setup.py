"""A database of 500 companies that know nothing of us, set up by the wizard."""

import doctest
from collections import Counter

from lxml import html

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from odoo.addons.cap_evaluation.kernel.setup import areas, pilots
from odoo.addons.cap_evaluation.kernel.setup import types as type_rules

from .common import CapCommon

# What 500 companies look like: how many, where, tags; then what is expected of them.
# (count, values, tags, region code or None, type codes)
KINDS = (
    (200, {"zip": "35000", "country": "fr"}, "Association intermédiaire", "BRE", "AI"),
    (90, {"zip": "44 200"}, "aci", "PDL", "ACI"),
    (60, {"zip": "75011", "country": "fr"}, "Adhérent|AI / ETTI", "IDF", "AI ETTI"),
    (40, {"zip": "20090"}, "Entreprises d'insertion", "COR", "EI"),
    (10, {"zip": "20200"}, "Entreprises d'insertion", "COR", "EI"),
    (30, {"zip": "97410", "country": "fr"}, "Chantier d'insertion", "LRE", "ACI"),
    (10, {"country": "re"}, "chantier d'insertion ", "LRE", "ACI"),
    (10, {"zip": "F-97300"}, "Proxim'Services", "GUF", "SAP"),
    (10, {"zip": "1000", "country": "fr"}, "GEIQ", "ARA", "GEIQ"),
    (5, {"zip": "29200 CEDEX 2"}, "Adhérent", "BRE", ""),
    (10, {"zip": "", "country": "fr"}, "Association intermédiaire", None, "AI"),
    (10, {"zip": "10115", "country": "de"}, "Presse", None, ""),
    (5, {"zip": "N/A"}, "", None, ""),
    (10, {"zip": "98000", "country": "mc"}, "", None, ""),
)
TOTAL = 500
ARCHIVED = 7


@tagged("post_install", "-at_install")
class TestSetup(CapCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        known = cls.env["cap.region"].search([]) - cls.region_a - cls.region_b
        for region in known:  # none that looks like an administrative one
            region.write({"code": f"X{region.id}", "name": f"X{region.id}"})
        cls.tag = cls.env["res.partner.category"].create({"name": "Réseau 2026"})
        cls.tags = {}
        cls.expected = {}
        for count, values, tags, region, types in KINDS:
            for partner in cls.make_companies(count, values, tags):
                cls.expected[partner] = (region, set(types.split()))
        cls.companies = cls.env["res.partner"].union(*cls.expected)
        cls.archived = cls.make_companies(
            ARCHIVED, {"zip": "35000", "active": False}, "aci"
        )
        cls.env.flush_all()

    @classmethod
    def make_companies(cls, count, values, tags=""):
        """Return ``count`` companies; a country by its code, tags between bars."""
        values = dict(values)
        country = values.pop("country", None)
        if country:
            values["country_id"] = cls.env.ref(f"base.{country}").id
        names = [name for name in tags.split("|") if name]
        for name in set(names) - set(cls.tags):
            cls.tags[name] = cls.tag.create({"name": name})
        ids = [cls.tags[name].id for name in names] + cls.tag.ids
        return cls.env["res.partner"].create(
            [
                {
                    "name": f"Company {number}",
                    "is_company": True,
                    "category_id": [Command.set(ids)],
                    **values,
                }
                for number in range(count)
            ]
        )

    def make_setup(self, **values):
        """Return a wizard on our companies only, as the manager."""
        values = {"category_ids": [Command.set(self.tag.ids)]} | values
        return self.env["cap.setup"].with_user(self.user_manager).create(values)

    def go(self, setup, step):
        """Press Continue up to this step."""
        while setup.step != step:
            setup.action_next()
        return setup

    def get_state(self):
        """Return what each company holds now: region code, type codes."""
        self.env.invalidate_all()
        return {
            company: (
                company.cap_region_id.code or None,
                set(company.cap_structure_type_ids.mapped("code")),
            )
            for company in self.companies
        }

    # ------------------------------------------------------------------ whole

    def test_rules_of_the_texts(self):
        for rules in (areas, type_rules, pilots):
            self.assertEqual(doctest.testmod(rules).failed, 0, rules.__name__)

    def test_five_hundred_companies(self):
        setup = self.make_setup()
        self.assertEqual(setup.structure_count, TOTAL)
        self.go(setup, "done")
        self.assertEqual(self.get_state(), self.expected)
        self.assertIn("Of 500 structures, 465 received a region and 470", setup.report)
        self.assertIn("without a region: 35. Still without a type: 30", setup.report)

    def test_only_the_regions_used_are_created(self):
        before = self.env["cap.region"].search([])
        self.go(self.make_setup(), "done")
        created = self.env["cap.region"].search([]) - before
        self.assertEqual(
            set(created.mapped("code")), {r for r, _t in self.expected.values() if r}
        )
        self.assertEqual(created.filtered(lambda r: r.code == "COR").name, "Corse")

    def test_nothing_is_written_before_the_end(self):
        regions = self.env["cap.region"].search_count([])
        self.go(self.make_setup(), "preview")
        self.assertEqual(set(map(str, self.get_state().values())), {"(None, set())"})
        self.assertEqual(self.env["cap.region"].search_count([]), regions)

    def test_a_second_run_changes_nothing_more(self):
        self.go(self.make_setup(), "done")
        self.env["res.partner"].flush_model()
        self.env.cr.execute("UPDATE res_partner SET write_date = '2020-01-01'")
        regions = self.env["cap.region"].search_count([])
        setup = self.go(
            self.make_setup(overwrite_regions=True, overwrite_types=True), "done"
        )
        self.assertIn("0 received a region and 0 their types", setup.report)
        self.assertEqual(self.get_state(), self.expected)
        self.assertEqual(self.env["cap.region"].search_count([]), regions)
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT count(*) FROM res_partner WHERE write_date > '2021-01-01'"
        )
        self.assertEqual(self.env.cr.fetchone()[0], 0)

    def test_archived_contacts_stay_as_they_are(self):
        self.go(self.make_setup(), "done")
        self.assertFalse(self.archived.cap_region_id)
        self.assertFalse(self.archived.cap_structure_type_ids)

    # ------------------------------------------------------------------ choices

    def test_a_person_is_never_a_structure(self):
        self.env["res.partner"].create(
            {"name": "Someone", "category_id": self.tag.ids, "zip": "35000"}
        )
        self.assertEqual(self.make_setup(domain="[]").structure_count, TOTAL)

    def test_a_domain_that_cannot_be_read(self):
        for domain in ("[('name'", "__import__('os')", "5"):
            with self.subTest(domain=domain), self.assertRaises(UserError):
                self.make_setup().write({"domain": domain})
                self.make_setup(domain=domain).action_next()

    def test_no_company_at_all(self):
        with self.assertRaises(UserError):
            self.make_setup(domain="[('name', '=', 'Nobody')]").action_next()

    def test_proposals_can_be_corrected(self):
        setup = self.go(self.make_setup(), "regions")
        corsica = setup.region_line_ids.filtered(lambda ln: ln.area in ("2A", "2B"))
        self.assertEqual(corsica.mapped("new_region"), ["COR", "COR"])
        corsica.new_region = "PAC"
        setup.action_back()
        tag = setup.type_line_ids.filtered(lambda ln: ln.category_id.name == "Presse")
        tag.structure_type_ids = self.type_ai
        self.go(setup, "done")
        counts = Counter(
            (region, *sorted(types)) for region, types in self.get_state().values()
        )
        self.assertEqual(counts["PAC", "EI"], 50)
        self.assertEqual(counts[None, "AI"], 20)
        self.assertFalse(self.env["cap.region"].search([("code", "=", "COR")]))

    def test_a_departement_left_empty(self):
        setup = self.go(self.make_setup(), "regions")
        line = setup.region_line_ids.filtered(lambda ln: ln.area == "75")
        self.assertEqual((line.name, line.count), ("75 Paris", 60))
        line.new_region = False
        self.go(setup, "preview")
        reasons = Counter(setup.issue_ids.mapped("proposed"))
        self.assertEqual(reasons["75 Paris: no region chosen"], 60)
        self.go(setup, "done")
        self.assertFalse(self.env["cap.region"].search([("code", "=", "IDF")]))

    def test_a_region_of_ours_is_recognised(self):
        ours = self.env["cap.region"].create({"code": "B", "name": "BRETAGNE"})
        setup = self.go(self.make_setup(), "done")
        line = setup.region_line_ids.filtered(lambda ln: ln.area == "35")
        self.assertEqual((line.region_id, line.new_region), (ours, False))
        self.assertEqual(len(ours.partner_ids), 205)

    def test_a_chosen_region_of_ours_wins(self):
        setup = self.go(self.make_setup(), "regions")
        with Form(setup) as form:
            with form.region_line_ids.edit(0) as line:
                line.region_id = self.region_a
                self.assertFalse(line.new_region)

        line = setup.region_line_ids[0]
        line.write({"region_id": self.region_a.id, "new_region": "GUF"})
        setup.region_line_ids[1:].write({"region_id": False, "new_region": False})
        self.go(setup, "done")
        self.assertFalse(self.env["cap.region"].search([("code", "=", "GUF")]))

    def test_our_own_company_is_left_out_unless_asked_for(self):
        own = self.env.company.partner_id
        own.write({"is_company": True, "category_id": self.tag.ids})
        self.assertEqual(self.make_setup().structure_count, TOTAL)
        asked = self.make_setup(domain="[('is_company', '=', True)]")
        self.assertEqual(asked.structure_count, TOTAL + 1)

    # ------------------------------------------------------------------ preview

    def test_the_preview_says_why(self):
        setup = self.go(self.make_setup(), "preview")
        reasons = Counter(
            issue.proposed for issue in setup.issue_ids if issue.kind == "no_region"
        )
        self.assertEqual(
            reasons,
            {
                "No zip code": 10,
                "Abroad: Germany": 10,
                "Abroad: Monaco": 10,
                "Zip code to check: N/A": 5,
            },
        )
        cells = html.fromstring(setup.summary).xpath("//td/text()")
        told = dict(zip(cells[::2], cells[1::2], strict=True))
        self.assertEqual((told["Bretagne"], told["AI"]), ("205", "270"))

    def test_the_preview_holds_no_html_of_anybody(self):
        """A manager once stored a script there for the administrator to run."""
        setup = self.go(self.make_setup(), "preview")
        script = "<script>alert(1)</script>"
        self.env["cap.region"].search([], limit=1).name = script
        self.companies[0].category_id.name = script
        setup.write({"summary": script})
        setup.invalidate_recordset()
        self.assertNotIn("<script", setup.summary)
        self.assertFalse(self.env["cap.setup"]._fields["summary"].store)

    def test_what_people_set_stays(self):
        kept, same = self.companies[0], self.companies[1]
        kept.write({"cap_region_id": self.region_a.id})
        kept.cap_structure_type_ids = self.type_aci
        same.cap_structure_type_ids = self.type_ai
        setup = self.go(self.make_setup(), "preview")
        issues = setup.issue_ids.filtered(lambda i: i.partner_id in (kept | same))
        self.assertEqual(
            [(i.partner_id, i.kind, i.now, i.proposed) for i in issues],
            [
                (kept, "region", "Region A", "Bretagne"),
                (kept, "types", "ACI", "AI"),
            ],
        )
        self.assertFalse(any(issues.mapped("replaced")))
        setup.action_next()
        self.assertEqual(kept.cap_region_id, self.region_a)
        self.assertEqual(kept.cap_structure_type_ids, self.type_aci)
        self.assertEqual(same.cap_region_id.code, "BRE")

    def test_what_people_set_is_replaced_when_ticked(self):
        kept = self.companies[0]
        kept.cap_region_id = self.region_a
        kept.cap_structure_type_ids = self.type_aci
        nowhere = next(p for p, (region, _t) in self.expected.items() if not region)
        nowhere.cap_region_id = self.region_a
        setup = self.go(self.make_setup(overwrite_regions=True), "preview")
        issues = setup.issue_ids.filtered(lambda i: i.partner_id == kept)
        self.assertEqual(issues.mapped("replaced"), [True, False])
        setup.action_next()
        self.assertEqual(kept.cap_region_id.code, "BRE")
        self.assertEqual(kept.cap_structure_type_ids, self.type_aci)
        self.assertEqual(nowhere.cap_region_id, self.region_a)

    def test_an_internal_account_holds_nobody_up(self):
        """Odoo refuses to write on a batch with the partner of another's account."""
        self.user_employee.partner_id.write(
            {"is_company": True, "zip": "35000", "category_id": self.tag.ids}
        )
        self.go(self.make_setup(), "done")
        self.assertEqual(self.user_employee.partner_id.cap_region_id.code, "BRE")

    # ------------------------------------------------------------------ volume

    def test_queries_do_not_grow_with_the_companies(self):
        """Measured, the five steps: 35 for 100 companies, 43 for 900."""
        costs = []
        for tag, count in (("warm", 20), ("small", 100), ("large", 900)):
            self.make_companies(count, {"zip": "35000"}, f"aci|{tag}")
            setup = self.make_setup(category_ids=[Command.set(self.tags[tag].ids)])
            costs.append(self.count_queries(lambda s=setup: self.go(s, "done")))
        _warm, small, large = costs
        self.assertLessEqual(large - small, 15)

    # ------------------------------------------------------------------ refusals

    def test_only_managers_set_up(self):
        for user in (self.user_animator, self.user_employee, self.user_pilot):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env["cap.setup"].with_user(user).create({})
        setup = self.make_setup()
        with self.assertRaises(AccessError):
            setup.with_user(self.user_animator).action_next()
        with self.assertRaises(AccessError):
            setup.with_user(self.user_animator).action_apply()

    def test_nobody_writes_the_html_that_another_reads(self):
        self.assertFalse(self.env["cap.setup"]._fields["summary"].store)
        hostile = "<script>alert(1)</script>"
        self.type_ai.code = hostile
        setup = self.go(self.make_setup(), "preview")
        self.assertNotIn(hostile, setup.summary)
        self.assertIn("&lt;script&gt;", setup.summary)

    def test_the_menu_is_for_managers(self):
        menu = self.env.ref("cap_evaluation.menu_cap_setup")
        visible = self.env["ir.ui.menu"]
        shown = visible.with_user(self.user_manager)._visible_menu_ids()
        hidden = visible.with_user(self.user_animator)._visible_menu_ids()
        self.assertIn(menu.id, shown)
        self.assertNotIn(menu.id, hidden)
