from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tools import format_list

SIZES = [
    ("under_10", "Under 10 FTE"),
    ("10_49", "10 to 49 FTE"),
    ("50_plus", "50 FTE and more"),
]


class ResPartner(models.Model):
    """A structure of the network is a company; the people who pilot are contacts.

    Our fields open doors: who pilots reads and fills in a CAP, the region says which
    delegate does. So contact rights do not write them, CAP roles do: a manager
    everywhere, a delegate in the structures of their own regions. A person's role is
    for one structure: it ends when somebody without a CAP role moves them to another.
    """

    _name = "res.partner"
    _inherit = ["res.partner", "cap.system.fields.mixin"]

    cap_size = fields.Selection(SIZES, "Size (FTE)")
    cap_region_id = fields.Many2one(
        "cap.region",
        "CAP Region",
        index="btree_not_null",
        ondelete="restrict",
        tracking=True,
    )
    cap_structure_type_ids = fields.Many2many(
        "cap.structure.type",
        "cap_structure_type_partner_rel",
        "partner_id",
        "structure_type_id",
        string="Structure Types",
    )
    cap_main_type_id = fields.Many2one(
        "cap.structure.type",
        "Main Type",
        compute="_compute_cap_main_type_id",
        store=True,
        readonly=False,
        index="btree_not_null",
        domain="[('id', 'in', cap_structure_type_ids)]",
        help="The one type under which the network counts this structure.",
    )
    cap_is_pilot = fields.Boolean(
        "Pilots the CAP",
        tracking=True,
        help="This person starts and fills in the CAP of the company they belong to.",
    )
    cap_evaluation_ids = fields.One2many(
        "cap.evaluation", "partner_id", string="CAP Evaluations"
    )
    cap_evaluation_count = fields.Integer(
        "CAPs", compute="_compute_cap_evaluation_count"
    )

    cap_former_evaluation_ids = fields.Many2many(
        "cap.evaluation",
        string="CAPs of other structures",
        compute="_compute_cap_former_evaluation_ids",
        help="What this person still reads and writes, and no longer works for.",
    )

    # ------------------------------------------------------------------ rights

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {
            "cap_is_pilot",
            "cap_region_id",
            "cap_structure_type_ids",
            "cap_main_type_id",
            "cap_size",
            "cap_evaluation_ids",
        }

    @api.model
    def _is_cap_staff(self):
        """Tell whether the user has a CAP role, elevated or not."""
        return self.env.user.has_group("cap_evaluation.group_cap_animator")

    @api.model
    def _may_default_system_fields(self):
        return self._is_cap_staff()

    def _may_write_system_fields(self, names):
        """Contact rights are not enough: these fields take a CAP role."""
        return self.env.su or self._is_cap_staff()

    def _get_system_fields_message(self, names):
        labels = [self._fields[n]._description_string(self.env) for n in sorted(names)]
        return self.env._(
            "Only the CAP's team (managers, regional delegates) changes this: "
            "%(fields)s. Ask one of them.",
            fields=format_list(self.env, labels),
        )

    def _check_written_fields(self, vals):
        """Refuse what changes: what stays as it is may come along, as in a merge."""
        names = self._get_system_fields() & vals.keys()
        changed = {name: vals[name] for name in names if self._changes(name, vals)}
        return super()._check_written_fields(changed)

    def _changes(self, name, vals):
        """Tell whether writing ``vals`` would change the field ``name`` of anyone."""
        field = self._fields[name]
        if field.type in ("one2many", "many2many"):
            return bool(vals[name])
        return any(
            field.convert_to_record(
                field.convert_to_cache(vals[name], partner), partner
            )
            != partner[name]
            for partner in self
        )

    @api.model_create_multi
    def create(self, vals_list):
        """Let a delegate make structures and pilots in their own regions only."""
        partners = super().create(vals_list)
        guarded = self._get_system_fields()
        for partner, vals in zip(partners, vals_list, strict=True):
            if any(vals.get(name) for name in guarded):
                partner._check_cap_regions()
        return partners

    def write(self, vals):
        """Keep each delegate to their own regions, and a role to its structure."""
        if guarded := self._get_system_fields() & vals.keys():
            self._check_written_fields(vals)
            self._check_cap_regions()
        moved = self.browse()
        if "parent_id" in vals:
            moved = self.filtered(
                lambda p: p.cap_is_pilot and p.parent_id.id != vals["parent_id"]
            )
        result = super().write(vals)
        if guarded:
            self._check_cap_regions()
        moved._end_cap_role()
        return result

    def _check_cap_regions(self):
        """Raise AccessError for a delegate, on structures of other regions.

        One that has no region yet is anybody's to place, until it has a CAP.
        """
        if not self._is_cap_staff():
            return
        for partner in self:
            if not partner._is_in_own_regions():
                raise AccessError(
                    self.env._(
                        "“%(structure)s” is not in your regions: its delegate, or a "
                        "CAP manager, changes this.",
                        structure=partner._get_cap_structure_sudo().name,
                    )
                )

    def _is_in_own_regions(self):
        """Tell whether the user, who has a CAP role, has it for this structure."""
        self.ensure_one()
        if self.env.su or self.env.user.has_group("cap_evaluation.group_cap_manager"):
            return True
        structure_sudo = self._get_cap_structure_sudo()
        region_sudo = structure_sudo.cap_region_id
        if region_sudo:
            return self.env.user in region_sudo.animator_ids
        return not structure_sudo.cap_evaluation_ids

    def _get_cap_structure_sudo(self):
        """Return the structure that this is, or that this person belongs to."""
        return self.sudo() if self.sudo().is_company else self.sudo().parent_id

    def _end_cap_role(self):
        """Take the role back from people whom somebody moved to where they give none:
        a delegate outside their regions, anybody without a CAP role."""
        if self.env.su:
            return
        staff = self._is_cap_staff()
        for pilot_sudo in self.sudo():
            if staff and pilot_sudo.sudo(False)._is_in_own_regions():
                continue
            pilot_sudo.cap_is_pilot = False
            pilot_sudo._message_log(
                body=self.env._(
                    "No longer pilots the CAP: moved to another structure by "
                    "%(user)s, who has no CAP role there.",
                    user=self.env.user.name,
                )
            )

    @api.depends("parent_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_cap_former_evaluation_ids(self):
        evaluations = self.env["cap.evaluation"].search(
            [("pilot_ids", "in", self.ids), ("state", "!=", "cancelled")]
        )
        for partner in self:
            partner.cap_former_evaluation_ids = evaluations.filtered(
                lambda e, p=partner: (
                    p._origin in e.pilot_ids and e.partner_id != p.parent_id
                )
            )

    def action_leave_former_caps(self):
        """Take the role back from people, in the CAPs of structures they have left.

        :raise AccessError: to who may not write on these CAPs
        """
        for partner in self:
            evaluations = partner.cap_former_evaluation_ids
            if not evaluations:
                continue  # or none that this user may see
            evaluations.write({"pilot_ids": [Command.unlink(partner.id)]})
            partner.sudo()._message_log(
                body=self.env._(
                    "No longer pilots: %(evaluations)s.",
                    evaluations=format_list(
                        self.env, evaluations.mapped("display_name")
                    ),
                )
            )
        return True

    # ------------------------------------------------------------- structures

    @api.depends("cap_structure_type_ids")
    def _compute_cap_main_type_id(self):
        """Keep the main type that was chosen while it is carried, else take the first
        one in the order of types."""
        for partner in self:
            types = partner.cap_structure_type_ids
            if partner.cap_main_type_id not in types:
                partner.cap_main_type_id = types._get_first()

    @api.constrains("cap_main_type_id", "cap_structure_type_ids")
    def _check_cap_main_type(self):
        for partner in self:
            main = partner.cap_main_type_id
            if main and main not in partner.cap_structure_type_ids:
                raise ValidationError(
                    self.env._(
                        "“%(structure)s” is not of the type %(type)s: add this type "
                        "to it first, or choose its main type among those it has.",
                        structure=partner.display_name,
                        type=main.display_name,
                    )
                )

    def _compute_cap_evaluation_count(self):
        counts = dict(
            self.env["cap.evaluation"]._read_group(
                [("partner_id", "in", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.cap_evaluation_count = counts.get(partner._origin, 0)

    def _get_shut_out(self, company):
        """Return those whose account is not allowed in ``company``.

        They could pilot nothing there: each of their pages follows its companies. Who
        has no account yet is not among them: an invitation makes one there.
        """
        return self.filtered(
            lambda person: (
                (accounts := person.sudo().user_ids)
                and company not in accounts.sudo().company_ids
            )
        )

    def _get_cap_pilots(self, company):
        """Return ``{structure: contacts who pilot its CAP in company}``.

        Those whose account is of other companies pilot the CAP of these.
        """
        pilots = dict.fromkeys(self, self.browse())
        contacts = self.search(
            [("parent_id", "in", self.ids), ("cap_is_pilot", "=", True)]
        )
        for contact in contacts - contacts._get_shut_out(company):
            pilots[contact.parent_id] |= contact
        return pilots

    def action_view_cap_evaluations(self):
        """Open the CAP evaluations of this structure."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cap_evaluation.cap_evaluation_action"
        )
        action["domain"] = [("partner_id", "=", self.id)]
        action["context"] = {"default_partner_id": self.id}
        return action
