from ast import literal_eval
from collections import Counter, defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command, Domain

from ..kernel.setup import areas
from ..kernel.setup.types import match_types

STEPS = [
    ("structures", "Structures"),
    ("types", "Types"),
    ("regions", "Regions"),
    ("preview", "Preview"),
    ("done", "Done"),
]
ORDER = [step for step, _label in STEPS]
READ_FIELDS = (
    "name",
    "zip",
    "country_id",
    "state_id",
    "category_id",
    "cap_region_id",
    "cap_structure_type_ids",
)
BATCH = 1000


class Placing(NamedTuple):
    """What the chosen mapping says of one structure."""

    partner: models.Model
    area: str
    region: object  # id of a region, code of one to create, or False
    types: tuple


class CapSetup(models.TransientModel):
    """Give regions and types to the companies of a database that knows nothing of us.

    Contact tags become structure types, zip codes become regions. Every proposal can
    be corrected, a preview tells who would get what, and only the last step writes.
    What people set by hand stays unless they ask otherwise, so running it again
    changes nothing more.
    """

    _name = "cap.setup"
    _description = "Set up the CAP Network"

    step = fields.Selection(STEPS, default="structures", required=True, readonly=True)
    domain = fields.Char(
        "Among these contacts",
        default=lambda self: self._default_domain(),
        required=True,
    )
    category_ids = fields.Many2many(
        "res.partner.category",
        "cap_setup_category_rel",
        string="With one of these tags",
        help="Leave it empty to take all of these contacts.",
    )
    structure_count = fields.Integer("Structures", compute="_compute_structure_count")
    type_line_ids = fields.One2many("cap.setup.type", "setup_id", "Tags")
    region_line_ids = fields.One2many("cap.setup.region", "setup_id", "Départements")
    overwrite_types = fields.Boolean("Replace the types already set")
    overwrite_regions = fields.Boolean("Replace the regions already set")
    # Never stored, and made of escaped values: nobody else's HTML can be read here.
    summary = fields.Html(compute="_compute_summary", sanitize=False)
    issue_ids = fields.One2many("cap.setup.issue", "setup_id", readonly=True)
    report = fields.Text(readonly=True)

    @api.model
    def _default_domain(self):
        """Leave our own companies out: seldom structures of their own network."""
        own = self.env["res.company"].sudo().search([("active", "=", True)])
        return str([("is_company", "=", True), ("id", "not in", own.partner_id.ids)])

    @api.depends("domain", "category_ids")
    def _compute_structure_count(self):
        for setup in self:
            setup.structure_count = self.env["res.partner"].search_count(
                setup._get_domain()
            )

    @api.depends("step", "overwrite_regions", "overwrite_types")
    def _compute_summary(self):
        for setup in self:
            setup.summary = setup.step == "preview" and setup._render_summary()

    # ------------------------------------------------------------------ steps

    def action_next(self):
        """Go on to the next step; the last one before the end shows the preview."""
        self.ensure_one()
        step = ORDER[ORDER.index(self.step) + 1]
        if step == "types":
            self._check_structures()
            self._propose_types()
        elif step == "regions":
            self._propose_regions()
        elif step == "preview":
            self._preview()
        else:
            return self.action_apply()
        self.step = step
        return self._reopen()

    def action_back(self):
        """Return to the step before; what was chosen is kept."""
        self.ensure_one()
        self.step = ORDER[max(ORDER.index(self.step) - 1, 0)]
        return self._reopen()

    def action_apply(self):
        """Write regions and types, in one write for each different value."""
        self.ensure_one()
        self._create_regions()
        plan = self._get_plan()
        writes, counts = self._prepare_writes(plan)
        for values, partners in writes:
            self._write_partners(partners, values)
        self.report = self._describe_result(plan, counts)
        self.step = "done"
        return self._reopen()

    def action_view_structures(self):
        """Show the structures of the network."""
        return self.env["ir.actions.act_window"]._for_xml_id(
            "cap_evaluation.cap_structure_action"
        )

    def action_invite_pilots(self):
        """Go on with inviting the pilots of these structures."""
        self.ensure_one()
        structures = self._get_structures().filtered(
            lambda p: p.cap_region_id or p.cap_structure_type_ids
        )
        return self.env["cap.pilot.invite"].action_open_for(structures.ids)

    def _reopen(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Set up the network"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    # ------------------------------------------------------------------ structures

    def _get_domain(self):
        """Return the domain of the structures chosen.

        :raise UserError: when it cannot be read
        """
        self.ensure_one()
        try:
            domain = Domain(literal_eval(self.domain or "[]"))
        except (ValueError, SyntaxError, TypeError) as error:
            raise UserError(
                self.env._("This choice of contacts cannot be read: choose it again.")
            ) from error
        if self.category_ids:
            domain &= Domain("category_id", "in", self.category_ids.ids)
        return domain & Domain("is_company", "=", True)

    def _get_structures(self):
        """Return the companies chosen, what the plan reads already in cache."""
        return self.env["res.partner"].search_fetch(self._get_domain(), READ_FIELDS)

    def _check_structures(self):
        if not self.structure_count:
            raise UserError(
                self.env._(
                    "No company answers this choice. Widen it: a structure is a "
                    "contact that is a company."
                )
            )

    # ------------------------------------------------------------------ proposals

    def _propose_types(self):
        """List the tags these structures carry; keep what was already chosen."""
        counts = Counter(
            category for p in self._get_structures() for category in p.category_id
        )
        lines = {line.category_id: line for line in self.type_line_ids}
        types = self.env["cap.structure.type"].search([("code", "!=", False)])
        by_code = {kind.code: kind for kind in types}
        languages = [code for code, _name in self.env["res.lang"].get_installed()]
        names = {
            kind.code: [kind.with_context(lang=code).name for code in languages]
            for kind in types
        }
        for category, count in counts.items():
            if category in lines:
                lines[category].count = count
        self._replace_lines(
            "type_line_ids",
            [line for category, line in lines.items() if category not in counts],
            [
                {
                    "category_id": category.id,
                    "count": count,
                    "structure_type_ids": [
                        Command.set(
                            [
                                by_code[code].id
                                for code in match_types(category.name, names)
                            ]
                        )
                    ],
                }
                for category, count in sorted(
                    counts.items(), key=lambda item: (-item[1], item[0].name)
                )
                if category not in lines
            ],
        )

    def _propose_regions(self):
        """List the départements these structures are in, and a region for each."""
        counts = Counter(filter(None, map(self._find_area, self._get_structures())))
        lines = {line.area: line for line in self.region_line_ids}
        known = self._get_known_regions()
        for area, count in counts.items():
            if area in lines:
                lines[area].count = count
        self._replace_lines(
            "region_line_ids",
            [line for area, line in lines.items() if area not in counts],
            [
                self._prepare_region_line(area, counts[area], known)
                for area in sorted(counts)
                if area not in lines
            ],
        )

    def _prepare_region_line(self, area, count, known):
        label, code = areas.describe_area(area)
        region = self._find_region(code, known)
        return {
            "area": area,
            "name": label,
            "count": count,
            "region_id": region.id,
            "new_region": False if region else code,
        }

    def _replace_lines(self, field, gone, new):
        commands = [Command.delete(line.id) for line in gone]
        self.write({field: commands + [Command.create(values) for values in new]})

    @api.model
    def _get_known_regions(self):
        return self.env["cap.region"].search([("code", "!=", False)])

    @api.model
    def _find_region(self, code, known):
        """Return the region of the network that is this administrative region."""
        names = {region: region.name for region in known}
        found = areas.find_region(areas.regions()[code], names)
        return found or known.filtered(lambda region: region.code == code)

    @api.model
    def _find_area(self, partner):
        return areas.find_area(
            partner.zip or "",
            partner.country_id.code or "",
            partner.state_id.code or "",
            partner.state_id.name or "",
        )

    # ------------------------------------------------------------------ plan

    def _get_plan(self):
        """Return what the mapping says of each structure, nothing written."""
        self.ensure_one()
        types = {
            line.category_id: line.structure_type_ids for line in self.type_line_ids
        }
        regions = {
            line.area: line.region_id.id or line.new_region
            for line in self.region_line_ids
        }
        plan = []
        for partner in self._get_structures():
            area = self._find_area(partner)
            found = {
                kind
                for tag in partner.category_id
                for kind in types.get(tag, self.env["cap.structure.type"]).ids
            }
            placing = Placing(
                partner, area, regions.get(area, False), tuple(sorted(found))
            )
            plan.append(placing)
        return plan

    def _gets_region(self, placing):
        """Tell whether the plan changes the region of this structure."""
        now = placing.partner.cap_region_id
        changes = placing.region and now.id != placing.region
        return bool(changes and (not now or self.overwrite_regions))

    def _gets_types(self, placing):
        """Tell whether the plan changes the types of this structure."""
        now = placing.partner.cap_structure_type_ids
        changes = placing.types and set(now.ids) != set(placing.types)
        return bool(changes and (not now or self.overwrite_types))

    def _preview(self):
        """Fill in the counts and the list of what stays without or differs."""
        plan = self._get_plan()
        self.issue_ids.unlink()
        self.env["cap.setup.issue"].create(
            [values for placing in plan for values in self._prepare_issues(placing)]
        )

    def _prepare_issues(self, placing):
        """Return the lines to show about a structure that people should look at."""
        partner = placing.partner
        shared = {"setup_id": self.id, "partner_id": partner.id}
        region, types = partner.cap_region_id, partner.cap_structure_type_ids
        issues = []
        if not region and not placing.region:
            reason = self._explain_no_region(placing)
            issues.append({"kind": "no_region", "proposed": reason})
        if region and placing.region and region.id != placing.region:
            name = self._get_region_name(placing.region)
            issues.append({"kind": "region", "now": region.name, "proposed": name})
        if not types and not placing.types:
            issues.append(
                {"kind": "no_type", "proposed": self._explain_no_type(partner)}
            )
        if types and placing.types and set(types.ids) != set(placing.types):
            issues.append(
                {
                    "kind": "types",
                    "now": self._name_types(types.ids),
                    "proposed": self._name_types(placing.types),
                }
            )
        return [shared | issue for issue in issues]

    def _explain_no_region(self, placing):
        partner = placing.partner
        country = partner.country_id
        if placing.area:
            label, _code = areas.describe_area(placing.area)
            return self.env._("%(area)s: no region chosen", area=label)
        if country and country.code != "FR":
            return self.env._("Abroad: %(country)s", country=country.name)
        if partner.zip:
            return self.env._("Zip code to check: %(zip)s", zip=partner.zip)
        return self.env._("No zip code")

    def _explain_no_type(self, partner):
        tags = ", ".join(tag.name for tag in partner.category_id)
        if tags:
            return self.env._("Tags without a type: %(tags)s", tags=tags)
        return self.env._("No tag")

    def _get_region_name(self, region):
        if isinstance(region, str):
            return areas.regions()[region]
        return self.env["cap.region"].browse(region).name

    def _name_types(self, ids):
        types = self.env["cap.structure.type"].browse(ids)
        return ", ".join(types.sorted().mapped("code"))

    def _render_summary(self):
        """Return two small tables: how many structures get each region, each type."""
        plan = self._get_plan()
        regions = Counter(
            self._get_region_name(p.region) for p in plan if self._gets_region(p)
        )
        types = Counter(
            self._name_types([kind])
            for p in plan
            if self._gets_types(p)
            for kind in p.types
        )
        return self.env["ir.qweb"]._render(
            "cap_evaluation.setup_summary",
            {"regions": sorted(regions.items()), "types": sorted(types.items())},
        )

    # ------------------------------------------------------------------ writing

    def _create_regions(self):
        """Create the administrative regions chosen, and only these."""
        known = self._get_known_regions()
        names = areas.regions()
        for code in dict.fromkeys(self.region_line_ids.mapped("new_region")):
            lines = self.region_line_ids.filtered(
                lambda line, c=code: line.new_region == c and not line.region_id
            )
            if code and lines:
                region = self._find_region(code, known) or known.create(
                    {"code": code, "name": names[code]}
                )
                lines.write({"region_id": region.id, "new_region": False})

    def _prepare_writes(self, plan):
        """Return ``[(values, partners)]``, one per value, and what is counted."""
        partners = self.env["res.partner"]
        regions, types = defaultdict(partners.browse), defaultdict(partners.browse)
        counts = Counter()
        for placing in plan:
            if self._gets_region(placing):
                regions[placing.region] |= placing.partner
                counts["regions"] += 1
            if self._gets_types(placing):
                types[placing.types] |= placing.partner
                counts["types"] += 1
        writes = [({"cap_region_id": key}, group) for key, group in regions.items()]
        writes += [
            ({"cap_structure_type_ids": [Command.set(key)]}, group)
            for key, group in types.items()
        ]
        return writes, counts

    def _write_partners(self, partners, values):
        """Write on structures that this person may change.

        Odoo refuses a whole batch when one of the companies is also somebody's
        internal account; these two fields are ours, hence ``sudo`` after the check.
        """
        partners.check_access("write")
        partners_sudo = partners.sudo().with_context(tracking_disable=True)
        for start in range(0, len(partners_sudo), BATCH):
            partners_sudo[start : start + BATCH].write(values)

    def _describe_result(self, plan, counts):
        without_region = sum(not p.partner.cap_region_id for p in plan)
        without_type = sum(not p.partner.cap_structure_type_ids for p in plan)
        return "\n".join(
            [
                self.env._(
                    "Of %(total)s structures, %(regions)s received a region and "
                    "%(types)s their types.",
                    total=len(plan),
                    regions=counts["regions"],
                    types=counts["types"],
                ),
                self.env._(
                    "Still without a region: %(regions)s. Still without a type: "
                    "%(types)s. Complete them in “Structures”, or correct zip codes "
                    "and tags and set up again: what is set stays.",
                    regions=without_region,
                    types=without_type,
                ),
            ]
        )
