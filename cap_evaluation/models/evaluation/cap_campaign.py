from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_list


class CapCampaign(models.Model):
    """A moment when several structures take the same edition together."""

    _name = "cap.campaign"
    _description = "CAP Campaign"
    _inherit = ["mail.thread", "cap.system.fields.mixin"]
    _order = "date_start desc, id desc"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    version_id = fields.Many2one(
        "cap.referential.version",
        "Edition",
        required=True,
        domain="[('state', '=', 'published')]",
        ondelete="restrict",
        index=True,
        check_company=True,
    )
    partner_ids = fields.Many2many(
        "res.partner",
        "cap_campaign_partner_rel",
        "campaign_id",
        "partner_id",
        string="Structures",
        domain="[('is_company', '=', True)]",
        check_company=True,
    )
    region_ids = fields.Many2many(
        "cap.region",
        "cap_campaign_region_rel",
        "campaign_id",
        "region_id",
        string="Regions",
        help="The regions that animate this campaign.",
    )
    date_start = fields.Date(default=fields.Date.context_today, required=True)
    date_end = fields.Date()
    animator_id = fields.Many2one(
        "res.users",
        domain="[('share', '=', False)]",
        default=lambda self: self.env.user,
        index="btree_not_null",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
    )
    state = fields.Selection(
        [("draft", "Draft"), ("open", "Open"), ("closed", "Closed")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    evaluation_ids = fields.One2many("cap.evaluation", "campaign_id")
    evaluation_count = fields.Integer(compute="_compute_evaluation_count")
    can_change = fields.Boolean(compute="_compute_can_change")

    _dates_in_order = models.Constraint(
        "CHECK (date_end IS NULL OR date_end >= date_start)",
        "A campaign ends after it starts: check the two dates.",
    )

    def _compute_evaluation_count(self):
        counts = dict(
            self.env["cap.evaluation"]._read_group(
                [("campaign_id", "in", self.ids)], ["campaign_id"], ["__count"]
            )
        )
        for campaign in self:
            campaign.evaluation_count = counts.get(campaign._origin, 0)

    @api.model
    def _get_system_fields(self):
        return super()._get_system_fields() | {"state", "evaluation_ids"}

    @api.model
    def _get_birth_fields(self):
        return super()._get_birth_fields() | {"company_id"}

    @api.depends("animator_id")
    @api.depends_context("uid")
    def _compute_can_change(self):
        """Whether the reader may change it: a region reads campaigns of others too."""
        saved = self._origin
        changeable = saved._filtered_access("write")
        may_create = self.has_access("create")
        for campaign in self:
            origin = campaign._origin
            campaign.can_change = origin in changeable if origin else may_create

    def _check_may_change(self):
        """Raise AccessError, saying whom to ask, to who only reads these campaigns."""
        refused = self - self._filtered_access("write")
        if refused:
            animator = refused[0].sudo().animator_id.name or self.env._("nobody yet")
            raise AccessError(
                self.env._(
                    "“%(campaign)s” is animated by somebody else (%(animator)s): ask "
                    "them, or a CAP manager, to do this.",
                    campaign=refused[0].name,
                    animator=animator,
                )
            )

    @api.constrains("partner_ids")
    def _check_partners(self):
        for campaign in self:
            person = campaign.partner_ids.filtered(lambda p: not p.is_company)[:1]
            if person:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is a person: a campaign takes structures "
                        "(contacts that are companies).",
                        name=person.display_name,
                    )
                )

    def action_open(self):
        """Give each structure its evaluation in draft, with its lines.

        Called again, it adds what is missing only. A structure that already has an
        open evaluation of this edition keeps it: the campaign adopts it.

        :return: the action that shows the evaluations
        :raise AccessError: to who only reads it
        :raise UserError: without any structure
        """
        self._check_may_change()
        opening = self._hold_to_open()
        for campaign in opening:
            if not campaign.partner_ids:
                raise UserError(
                    self.env._(
                        "“%(campaign)s” has no structure yet: choose who takes part, "
                        "then open it.",
                        campaign=campaign.name,
                    )
                )
            campaign._open_evaluations()
        opening.sudo().filtered(lambda c: c.state != "open").state = "open"
        return self.action_view_evaluations()

    def _hold_to_open(self):
        """Return those of these campaigns that nobody else is opening just now.

        Who comes second at the very same moment finds the row locked, and has nothing
        to do. Who comes just after fails to serialise on the row written here, and
        Odoo runs the request again on what the first one made.
        """
        held = self.try_lock_for_update()
        if held:
            self.env.cr.execute(
                SQL(
                    "UPDATE cap_campaign SET write_date = write_date WHERE id IN %s",
                    tuple(held.ids),
                )
            )
        return held

    def _open_evaluations(self):
        """Create the evaluations that this campaign lacks; return them."""
        self.ensure_one()
        self.version_id._check_published()
        self._check_regions()
        evaluations = self.env["cap.evaluation"]
        existing_sudo = evaluations.sudo().search(
            [
                ("partner_id", "in", self.partner_ids.ids),
                ("company_id", "=", self.company_id.id),
                "|",
                # whatever its edition: some stay when a campaign moves to another
                ("campaign_id", "=", self.id),
                "&",
                ("version_id", "=", self.version_id.id),
                ("is_open", "=", True),
            ]
        )
        adopted_sudo = existing_sudo.filtered(lambda e: not e.campaign_id)
        adopted_sudo.with_context(tracking_disable=True).campaign_id = self
        kept_sudo = existing_sudo.filtered(lambda e: e.state != "cancelled")
        missing = self.partner_ids - kept_sudo.partner_id.with_env(self.env)
        return evaluations._open_for_structures(
            missing, self.version_id, self._prepare_evaluation_values()
        )

    def _check_regions(self):
        """Raise UserError for a delegate who takes structures of other regions."""
        if self.env.su or self.env.user.has_group("cap_evaluation.group_cap_manager"):
            return
        far = self.partner_ids.filtered(
            lambda p: self.env.user not in p.cap_region_id.animator_ids
        )
        if far:
            raise UserError(
                self.env._(
                    "Not in your regions: %(structures)s. Take them off this "
                    "campaign, or ask a CAP manager to open it.",
                    structures=format_list(
                        self.env,
                        [
                            f"{partner.name} ({partner.cap_region_id.name or '-'})"
                            for partner in far[:10]
                        ],
                    ),
                )
            )

    def _prepare_evaluation_values(self):
        """Return the values that every evaluation of this campaign shares."""
        return {"campaign_id": self.id, "company_id": self.company_id.id}

    def action_close(self):
        """Close the campaign; evaluations under way go on.

        :raise AccessError: to who only reads it
        """
        self._check_may_change()
        self.sudo().state = "closed"
        return True

    def action_invite_pilots(self):
        """Choose whom to invite to pilot the CAP of these structures."""
        return self.env["cap.pilot.invite"].action_open_for(self.partner_ids.ids)

    def action_view_evaluations(self):
        """Open the evaluations of these campaigns."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "cap_evaluation.cap_evaluation_action"
        )
        action["domain"] = [("campaign_id", "in", self.ids)]
        action["context"] = {}
        return action
