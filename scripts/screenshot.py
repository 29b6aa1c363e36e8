#!/usr/bin/python3
"""Take a picture of a page of a running Odoo, as one person sees it.

    screenshot.py LOGIN PAGE WIDTH FILE [--base http://127.0.0.1:8069] [--password ...]

The login's password is the login itself unless given, as in the demo; "-" is a visitor.
"""

import argparse
import os

import system
from common import ROOT, main
from tools import get_tools


def screenshot():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("login", help='"-" for a visitor who is not logged in')
    parser.add_argument("page", help="/my/cap, /odoo/action-...")
    parser.add_argument("width", type=int, help="1280, 375")
    parser.add_argument("file", help="the PNG to write")
    parser.add_argument("--base", default="http://127.0.0.1:8069")
    parser.add_argument("--password", help="the login itself unless given")
    parser.add_argument("--click", help="a CSS selector to click first")
    parser.add_argument("--fold", action="store_true", help="only the first screen")
    parser.add_argument("--locale", default="fr-FR", help="the browser's language")
    asked = parser.parse_args()
    system.need(system.BROWSER)
    tools = get_tools()
    environment = {
        **tools.environment(),
        "CLICK": asked.click or "",
        "FOLD": "1" if asked.fold else "",
        "LOCALE": asked.locale,
    }
    command = [
        *("node", str(ROOT / "scripts/screenshot.mjs"), asked.base, asked.login),
        *(asked.password or asked.login, asked.page, str(asked.width), asked.file),
    ]
    os.execvpe("node", command, environment)


if __name__ == "__main__":
    main(screenshot)
