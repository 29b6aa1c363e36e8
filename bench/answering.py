"""Saving one answer, over HTTP, on a server of its own.

The server's own log tells how many SQL queries each request sent; the limit is its
answer to /web/health, which reads and writes nothing.
"""

import statistics

from odoo.fields import Command

from .harness import Measure, Result, in_child
from .server import Client, Server

LOGIN = "bench_pilot"
WARM, TIMES = 15, 60


def save_answers(databases, sizes) -> list[Result]:
    """Save answers in turn in evaluations of these sizes; return what one costs."""
    database = databases.network()
    subjects = in_child(database, lambda env: make_subjects(env, sizes), commit=True)
    with Server(databases.odoos, database) as server:
        client = Pilot(server.url)
        client.log_in(database, LOGIN)
        for _turn in range(WARM):
            _save_each(client, subjects)
        server.forget_peak()
        turns = [_save_each(client, subjects) for _turn in range(TIMES)]
        megabytes = server.grown()
        queries = server.read_queries("POST", TIMES)
    health = statistics.median(turn[0] for turn in turns)
    return [
        Result(
            size,
            Measure(
                statistics.median(turn[1][size] for turn in turns),
                max(queries[f"/my/cap/{evaluation}/save"]),
                megabytes,
            ),
            Measure(health, 0, 0.0),
        )
        for size, (evaluation, _lines) in subjects.items()
    ]


def _save_each(client, subjects):
    """Return the seconds of /web/health and of one save in each evaluation."""
    health = client.time(client.get, "/web/health")
    return health, {
        size: client.time(client.save, evaluation, lines)
        for size, (evaluation, lines) in subjects.items()
    }


def make_subjects(env, sizes):
    """Return ``{size: (evaluation id, ids of its first lines)}``, one pilot for all."""
    structure = env["res.partner"].create({"name": "Mesurée", "is_company": True})
    user = make_pilot(env, structure)
    subjects = {}
    for size in sizes:
        version = make_version(env, size)
        evaluation = env["cap.evaluation"]._open_for_structure(
            structure, user.partner_id, version, env.company
        )
        evaluation.action_start()
        assert len(evaluation.line_ids) == size
        subjects[size] = evaluation.id, evaluation.line_ids[:10].ids
    return subjects


def make_pilot(env, structure):
    """Return a portal user who pilots the CAP of that structure."""
    user = (
        env["res.users"]
        .with_context(no_reset_password=True)
        .create(
            {
                "name": "Pilote",
                "login": LOGIN,
                "password": LOGIN,
                "group_ids": [Command.set(env.ref("base.group_portal").ids)],
            }
        )
    )
    user.partner_id.write({"parent_id": structure.id, "cap_is_pilot": True})
    return user


def make_version(env, size):
    """Return a published edition with that many objectives to score."""
    scale = env["cap.scale"].search([("code", "=", "CAP")])
    referential = env["cap.referential"].create(
        {"code": f"B{size}", "name": f"B{size}"}
    )
    version = env["cap.referential.version"].create(
        {
            "referential_id": referential.id,
            "name": "2026",
            "lang": "fr_FR",
            "scale_id": scale.id,
        }
    )
    parent, rank = env["cap.objective"], 0
    for kind, code in (("theme", "1"), ("subtheme", "1.1"), ("general", "1.1.1")):
        rank += 1
        parent = parent.create(_node(version, parent, kind, code, rank))
    parent.create(
        [
            _node(version, parent, "operational", f"1.1.1.{n}", rank + n)
            for n in range(1, size + 1)
        ]
    )
    version.action_publish()
    return version


def _node(version, parent, kind, code, rank):
    return {
        "version_id": version.id,
        "parent_id": parent.id,
        "kind": kind,
        "code": code,
        "name": f"Objectif {code}",
        "sequence": rank,
    }


class Pilot(Client):
    """A pilot who changes the level and the comment of one line after another."""

    def __init__(self, url):
        super().__init__(url)
        self.saved = {}

    def save(self, evaluation, lines):
        """Change the level and the comment of one line, the next one each time."""
        count = self.saved.setdefault(evaluation, {"n": -1})
        count["n"] += 1
        line = lines[count["n"] % len(lines)]
        base = count.get(line, {"level": None, "comment": ""})
        values = {
            "level": count["n"] // len(lines) % 4,
            "comment": f"Ce qui nous fait dire cela, {count['n']}",
        }
        answer = self.call(
            f"/my/cap/{evaluation}/save",
            {"line_id": line, "values": values, "base": base},
        )
        assert answer["status"] == "saved", answer
        count[line] = values
