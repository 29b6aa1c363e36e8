"""The demo: `demo.py make` builds the database cap_demo, `demo.py serve` serves it too.

The people to log in as are listed in data/demo_logins.csv, which the demo's maker,
data/demo_network.py, reads as well.
"""

import contextlib
import csv
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import date

import postgres
from common import (
    ADDONS,
    LOGS,
    ROOT,
    Problem,
    digest,
    locked,
    main,
    need_space,
    say,
    stopped_at_exit,
)
from databases import SOURCES, key_of_addons, modules_template, staged
from shell import prepare

DATABASE = "cap_demo"
MAKER = ROOT / "data/demo_network.py"
LOGINS = ROOT / "data/demo_logins.csv"
LANGUAGES = {"fr_FR": "French", "en_US": "English"}

# Whoever is there and whoever will be created reads this language; a visitor too.
SET_LANGUAGE = """
import os
code = os.environ["LANG_CODE"]
env["ir.default"].set("res.partner", "lang", code)
env["ir.default"].set("res.partner", "tz", "Europe/Paris")
people = env["res.partner"].with_context(active_test=False).search([])
people.write({"lang": code, "tz": "Europe/Paris"})
env.ref("base.EUR").active = True
env.company.write({
    "country_id": env.ref("base.fr").id,
    "currency_id": env.ref("base.EUR").id,
})
env.cr.commit()
"""
# Compiled once here rather than while the first visitor waits.
WARM = """
env["ir.qweb"]._pregenerate_assets_bundles()
env.cr.commit()
"""


def set_default_language(odoos, database, language):
    what = f"Setting the language: {LANGUAGES[language]}"
    odoos.script(database, SET_LANGUAGE, what, LANG_CODE=language)


def make_database(odoos, language):
    """The demo's database, whole or not at all; kept as it is while it is current."""
    need_space(LOGS, 1000)
    sources = [p for p in sorted(MAKER.parent.rglob("*")) if p.suffix in SOURCES]
    maker_key = digest(*(path.read_bytes() for path in sources))
    if os.environ.get("FRESH"):
        postgres.drop(DATABASE)
    if DATABASE in postgres.databases():
        _bring_up_to_date(odoos, language, maker_key)
        return
    template = modules_template(odoos)

    def make(database):
        postgres.clone(template, database)
        set_default_language(odoos, database, language)
        if MAKER.exists():
            odoos.script(
                database,
                f"__file__ = {str(MAKER)!r}\n" + MAKER.read_text(),
                "Making the demo network (about a minute)",
                progress=r"^demo: (.+)$",
                LANG_CODE=language,
            )
        odoos.script(database, WARM, "Preparing the pages' styles and scripts")
        postgres.note(
            database, f"{key_of_addons()} {maker_key} {language} {date.today()}"
        )

    staged(DATABASE, make)


def _bring_up_to_date(odoos, language, maker_key):
    """Follow the code and the language; what the user did in the demo stays."""
    with locked("demo"):
        noted = postgres.noted(DATABASE).split()
        addons, maker, spoken, made = noted if len(noted) == 4 else ("", "", "", "?")
        if maker != maker_key:
            say(
                f"  data/ has changed since the demo was made ({made}): "
                "`make demo FRESH=1` makes it anew."
            )
        if addons != key_of_addons():
            what = "The code has changed: updating the three modules"
            odoos.install(DATABASE, ",".join(ADDONS), what, update=True)
            odoos.script(DATABASE, WARM, "Preparing the pages' styles and scripts")
        if spoken != language:
            set_default_language(odoos, DATABASE, language)
        postgres.note(DATABASE, f"{key_of_addons()} {maker} {language} {made}")


def free_port(first=8069):
    """The first free port from 8069 on."""
    for port in range(first, first + 100):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port != first:
            say(f"  Port {first} is taken: using {port}.")
        return port
    raise Problem(f"No port is free from {first} to {first + 99}. Stop a server first.")


def set_address(database, url):
    """Reports fetch their styles from here, and mails link to it."""
    for key in ("web.base.url", "report.url"):
        postgres.sql(
            "INSERT INTO ir_config_parameter (key, value, create_date, write_date) "
            f"VALUES ('{key}', '{url}', now(), now()) "
            f"ON CONFLICT (key) DO UPDATE SET value = '{url}'",
            database,
        )


@contextlib.contextmanager
def serving(odoos, database, port):
    """An Odoo server that answers on that port; (process, address, log)."""
    url = f"http://127.0.0.1:{port}"
    set_address(database, url)
    log = LOGS / f"{database}-server.log"
    command = odoos.arguments(
        None,
        database,
        f"--db-filter=^{database}$",
        "--http-interface=127.0.0.1",
        f"--http-port={port}",
    )
    with log.open("wb") as output:
        server = subprocess.Popen(
            command,
            stdout=output,
            stderr=output,
            process_group=0,
            env=odoos.odoo.environment(),
        )
    with stopped_at_exit(server):
        _wait_until_ready(server, url, log)
        yield server, url, log


def serve(odoos):
    """Serve the demo until Ctrl-C, which is how it ends well."""
    with serving(odoos, DATABASE, free_port()) as (server, url, log):
        _welcome(url, log)
        try:
            server.wait()
        except KeyboardInterrupt:
            say("\nStopped. `make demo` serves the same data again.")
            return
    raise Problem(f"The server has stopped. Its log: {log}")


def _wait_until_ready(server, url, log):
    for _attempt in range(240):
        if server.poll() is not None:
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-25:])
            raise Problem(f"The server stopped at once:\n{tail}\n  Whole log: {log}")
        try:
            with urllib.request.urlopen(f"{url}/web/health", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.25)
    raise Problem(f"The server gives no answer on {url}. Its log: {log}")


def _welcome(url, log):
    say(f"\nReady: {url}\n")
    if LOGINS.exists():
        with LOGINS.open(newline="") as stream:
            header, *people = csv.reader(stream, delimiter=";")
        say(f"{header[1]} / {header[2]}")
        for who, login, password, *look in people:
            say(f"  {login} / {password}\n      {who}\n      {';'.join(look)}")
    say(f"\nCtrl-C stops the server; the data stays. Log: {log}")


def demo():
    start = time.monotonic()
    language = os.environ.get("LANG_CODE") or "fr_FR"
    if language not in LANGUAGES:
        raise Problem(f"LANG_CODE={language}: choose one of {', '.join(LANGUAGES)}.")
    odoos = prepare()
    make_database(odoos, language)
    if sys.argv[1:] == ["serve"]:
        return serve(odoos)
    say(f"Database {DATABASE} is ready ({time.monotonic() - start:.0f} s).")


if __name__ == "__main__":
    main(demo)
