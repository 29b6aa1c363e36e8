"""Make the demo network: `make demo-db`, or this script in an Odoo shell.

    make shell DB=my_database < data/demo_network.py

80 fictional structures, three yearly campaigns, plans, trainings, and one login per
kind of person (demo_logins.csv). Everything comes from one seed and is dated from
today. A database that has the demo already is left as it is.
"""

import sys
import time
from pathlib import Path

MADE = "cap_demo.made_on"
SEED, SIZE = 2015, 80


def make(env, size=SIZE, seed=SEED, today=None, tell=print):
    """Make the network in this database; the caller commits.

    :param int size: how many structures, the three that logins lead to come first
    :param today: what the dates are relative to
    :return: whether it was made: False where it was there already
    """
    from odoo import fields

    from data.demo_campaigns import SHARES, Campaigns, seasons
    from data.demo_people import People
    from data.demo_plans import Plans
    from data.demo_trainings import Trainings

    settings = env["ir.config_parameter"].sudo()
    if settings.get_param(MADE):
        tell(f"demo: already here, made on {settings.get_param(MADE)}; nothing to do")
        return False
    env = env(context={**env.context, **quiet(env)})
    today = today or fields.Date.context_today(env.user)
    tell("demo: the référentiel")
    version = env["cap.referential.import"].load_shipped("CAP")
    if version.state == "draft":
        version.action_publish()
    tell(f"demo: {size} structures and their people")
    structures, featured, staff = People(env, seed, size).make()
    campaigns = Campaigns(env, seed, version, structures, featured, staff, today)
    plans = Plans(env, seed, today, featured["pilote"])
    for season, share in zip(seasons(today), SHARES, strict=True):
        tell(f"demo: the campaign of {season.year}")
        plans.generate(campaigns.make(season, share))
    tell("demo: the progress plans")
    plans.live()
    tell("demo: the trainings")
    Trainings(env, seed, today, staff, featured["pilote"]).make()
    settings.set_param(MADE, str(today))
    return True


def quiet(env):
    """Return a context in which making records sends nothing and follows nothing."""
    import os

    lang = os.environ.get("LANG_CODE") or "fr_FR"
    installed = dict(env["res.lang"].get_installed())
    return {
        "lang": lang if lang in installed else "en_US",
        "tz": "Europe/Paris",
        "tracking_disable": True,
        "mail_create_nosubscribe": True,
        "mail_create_nolog": True,
        "mail_notrack": True,
        "mail_auto_subscribe_no_notify": True,
    }


def find_root():
    """Return the folder that holds ``data``: a script on standard input has no path."""
    from odoo.addons import cap_evaluation

    return Path(cap_evaluation.__file__).resolve().parent.parent


if "env" in globals():
    sys.path.insert(0, str(find_root()))
    started = time.monotonic()
    if make(env):  # noqa: F821
        env.cr.commit()  # noqa: F821
        print(f"demo: made in {time.monotonic() - started:.0f} s")
