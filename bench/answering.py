"""Saving one answer, over HTTP, on a server of its own.

The server's own log tells how many SQL queries each request sent; the limit is its
answer to /web/health, which reads and writes nothing.
"""

import json
import os
import re
import socket
import statistics
import subprocess
import time
import urllib.request

from odoo.fields import Command

from .harness import Measure, Result, in_child, memory

LOGIN = "bench_pilot"
WARM, TIMES = 15, 60
REQUEST = re.compile(r'"POST /my/cap/(\d+)/save HTTP/1\.\d" 200 - (\d+) ')


def save_answers(databases, sizes) -> list[Result]:
    """Save answers in turn in evaluations of these sizes; return what one costs."""
    database = databases.network()
    subjects = in_child(database, lambda env: make_subjects(env, sizes), commit=True)
    with Server(databases.odoos, database) as server:
        client = Client(server.url)
        client.log_in(database)
        for _turn in range(WARM):
            _save_each(client, subjects)
        server.forget_peak()
        turns = [_save_each(client, subjects) for _turn in range(TIMES)]
        megabytes = server.grown()
        queries = server.read_queries(TIMES)
    health = statistics.median(turn[0] for turn in turns)
    return [
        Result(
            size,
            Measure(
                statistics.median(turn[1][size] for turn in turns),
                max(queries[evaluation]),
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


class Client:
    """A pilot's browser, reduced to what is measured."""

    def __init__(self, url):
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        self.saved = {}

    def log_in(self, database):
        params = {"db": database, "login": LOGIN, "password": LOGIN}
        assert self._call("/web/session/authenticate", params)["uid"]

    def time(self, call, *args):
        start = time.perf_counter()
        call(*args)
        return time.perf_counter() - start

    def get(self, path):
        self.opener.open(self.url + path, timeout=30).read()

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
        answer = self._call(
            f"/my/cap/{evaluation}/save",
            {"line_id": line, "values": values, "base": base},
        )
        assert answer["status"] == "saved", answer
        count[line] = values

    def _call(self, path, params):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        request = urllib.request.Request(
            self.url + path, body.encode(), {"Content-Type": "application/json"}
        )
        answer = json.load(self.opener.open(request, timeout=30))
        assert "result" in answer, answer
        return answer["result"]


class Server:
    """An Odoo server on a free port, and its log."""

    def __init__(self, odoos, database):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        self.log = f"{os.environ.get('TMPDIR', '/tmp')}/cap-bench-{port}.log"
        self.command = odoos.arguments(
            None,
            database,
            f"--db-filter=^{database}$",
            "--http-interface=127.0.0.1",
            f"--http-port={port}",
            "--max-cron-threads=0",
        )
        self.environment = odoos.odoo.environment()

    def __enter__(self):
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [str(part) for part in self.command],
                stdout=log,
                stderr=log,
                env=self.environment,
            )
        for _attempt in range(300):
            try:
                urllib.request.urlopen(f"{self.url}/web/health", timeout=5).read()
                return self
            except OSError:
                if self.process.poll() is not None:
                    break
                time.sleep(0.2)
        self.__exit__()
        raise RuntimeError("The server did not start.")

    def __exit__(self, *_error):
        self.process.terminate()
        self.process.wait()
        os.unlink(self.log)

    def forget_peak(self):
        with open(f"/proc/{self.process.pid}/clear_refs", "w") as peak:
            peak.write("5")
        self.before = memory("VmRSS", self.process.pid)

    def grown(self):
        return max(0.0, memory("VmHWM", self.process.pid) - self.before)

    def read_queries(self, count):
        """Return ``{evaluation id: SQL queries of each of its last requests}``."""
        queries = {}
        with open(self.log) as log:
            for evaluation, number in REQUEST.findall(log.read()):
                queries.setdefault(int(evaluation), []).append(int(number))
        return {evaluation: found[-count:] for evaluation, found in queries.items()}
