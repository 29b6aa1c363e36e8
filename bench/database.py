"""The benchmark's databases: a network of 600 structures, and what it validated."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "scripts"))

import databases  # noqa: E402
import postgres  # noqa: E402
from shell import prepare  # noqa: E402

import odoo  # noqa: E402
from odoo.fields import Command  # noqa: E402

from .harness import in_child  # noqa: E402

NAME = "cap_bench"
STRUCTURES = 600
#: Structures of each region: the first makes 5,040 lines, the first three 20,016.
REGIONS = (70, 108, 100, 90, 60, 45, 35, 26, 20, 16, 12, 8, 6, 4)
SIZES = ("under_10", "10_49", "10_49", "50_plus")


class Databases:
    """Builds what the workloads need when they need it; drops it all at the end."""

    def __init__(self):
        self.odoos = prepare()
        self.made = set()

    def configure(self):
        """Let this process load registries, with the options of every other run."""
        databases.modules_template(self.odoos)
        arguments = self.odoos.arguments(None, NAME, "--log-level=error", "--no-http")
        first = next(i for i, part in enumerate(arguments) if part in ("-c", "-d"))
        odoo.tools.config.parse_config([str(part) for part in arguments[first:]])

    def network(self):
        """Return the database with 600 structures and the CAP published."""
        return self._once(NAME, databases.modules_template, make_network)

    def validated(self, structures):
        """Return a database where that many structures validated their CAP."""
        self.network()
        return self._once(
            f"{NAME}_{structures}",
            lambda _odoos: NAME,
            lambda env: validate_network(env, structures),
        )

    def with_survey(self):
        """Return a database where Survey is installed, 600 validated a closed year."""
        source = self.validated(STRUCTURES)
        name = f"{NAME}_pages"
        return self._once(name, lambda _odoos: source, close_year, "survey")

    def _once(self, name, get_source, fill, modules=""):
        if name not in self.made:
            postgres.drop(name)
            odoo.sql_db.close_all()
            postgres.clone(get_source(self.odoos), name)
            self.made.add(name)
            if modules:
                self.odoos.install(name, modules, f"Installing {modules}")
            in_child(name, fill, commit=True)
            self.vacuum(name)
        return name

    def vacuum(self, name):
        """Take away what rolled back transactions left, and count rows again."""
        postgres.sql("VACUUM ANALYZE", name)

    def drop(self):
        odoo.sql_db.close_all()
        for name in self.made:
            postgres.drop(name)


def close_year(env):
    """Let what is validated be a year old: positions tell of closed years only."""
    env.cr.execute(
        "UPDATE cap_evaluation SET year = 2025, validated_on = '2025-06-15', "
        "validated_day = '2025-06-15' WHERE state = 'validated'"
    )


def make_network(env):
    """Publish the CAP and create the structures, each with its pilot."""
    version = env["cap.referential.import"].load_shipped("CAP")
    version.action_publish()
    types = env["cap.structure.type"].search([], limit=6)
    regions = env["cap.region"].create(
        [{"code": f"B{n}", "name": f"Région {n:02}"} for n in range(len(REGIONS))]
    )
    places = [
        r for r, count in zip(regions, REGIONS, strict=True) for _i in range(count)
    ]
    env["res.partner"].with_context(tracking_disable=True).create(
        [
            {
                "name": f"Structure {number:03}",
                "is_company": True,
                "cap_region_id": region.id,
                "cap_size": SIZES[number % 4],
                "cap_structure_type_ids": [Command.set(types[number % 6].ids)],
                "child_ids": [
                    Command.create(
                        {"name": f"Pilote {number:03}", "cap_is_pilot": True}
                    )
                ],
            }
            for number, region in enumerate(places)
        ]
    )


def get_structures(env, count):
    """Return that many structures, taken evenly from all regions."""
    structures = env["res.partner"].search([("cap_region_id", "!=", False)], order="id")
    return structures[:: STRUCTURES // count][:count]


def new_campaign(env, count):
    """Return a campaign in draft, of that many structures."""
    return env["cap.campaign"].create(
        {
            "name": f"Campagne de {count} structures",
            "version_id": env["cap.referential.version"]
            ._get_latest_published("CAP")
            .id,
            "partner_ids": [Command.set(get_structures(env, count).ids)],
        }
    )


def validate_network(env, count):
    """Open a campaign and answer everything, in SQL: this is only the scene."""
    campaign = new_campaign(env, count)
    campaign.action_open()
    env.flush_all()
    env.cr.execute(
        """
        UPDATE cap_evaluation_line line
           SET level_id = CASE WHEN line.id %% 31 > 0 THEN level.id END,
               na_reason = CASE WHEN line.id %% 31 = 0 THEN 'Pas notre métier.' END,
               progress_action = CASE WHEN line.id %% 10 = 0 THEN 'yes' ELSE 'no' END,
               progress_comment = CASE WHEN line.id %% 10 = 0
                    THEN 'Programmer dès l''embauche les bilans à trois' END,
               comment = CASE WHEN line.id %% 5 < 2
                    THEN 'Les bilans ont lieu, souvent sans l''encadrement. ' || line.id
               END
          FROM cap_scale_level level, cap_evaluation evaluation
         WHERE evaluation.id = line.evaluation_id
           AND evaluation.campaign_id = %(campaign)s
           AND level.scale_id = %(scale)s
           AND level.value = line.id * 79 %% 101 %% 4;
        UPDATE cap_evaluation evaluation
           SET state = 'validated', year = 2026, validated_on = '2026-06-15',
               validated_day = '2026-06-15',
               region_id = partner.cap_region_id, size = partner.cap_size,
               main_type_id = partner.cap_main_type_id
          FROM res_partner partner
         WHERE partner.id = evaluation.partner_id
           AND evaluation.campaign_id = %(campaign)s;
        INSERT INTO cap_evaluation_structure_type_rel
               (evaluation_id, structure_type_id)
        SELECT evaluation.id, kind.structure_type_id
          FROM cap_evaluation evaluation
          JOIN cap_structure_type_partner_rel kind
            ON kind.partner_id = evaluation.partner_id
         WHERE evaluation.campaign_id = %(campaign)s;
        """,
        {"scale": campaign.version_id.scale_id.id, "campaign": campaign.id},
    )
    env.invalidate_all()
