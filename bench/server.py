"""A server of its own and what asks it: times from without, queries from its log."""

import json
import os
import re
import socket
import subprocess
import time
import urllib.request

from .harness import memory

REQUEST = re.compile(r'"([A-Z]+) (/\S*) HTTP/1\.\d" 200 - (\d+) ')


class Client:
    """A browser, reduced to what is measured."""

    def __init__(self, url):
        self.url = url
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def log_in(self, database, login):
        """Open a session; the password is the login."""
        params = {"db": database, "login": login, "password": login}
        assert self.call("/web/session/authenticate", params)["uid"]

    def time(self, call, *args):
        """Return the seconds that a call takes."""
        start = time.perf_counter()
        call(*args)
        return time.perf_counter() - start

    def get(self, path):
        """Return the page of that path."""
        return self.opener.open(self.url + path, timeout=60).read().decode()

    def call(self, path, params):
        """Return what a JSON route answers."""
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
        """Measure memory from here on."""
        with open(f"/proc/{self.process.pid}/clear_refs", "w") as peak:
            peak.write("5")
        self.before = memory("VmRSS", self.process.pid)

    def grown(self):
        """Return the megabytes taken since, at the most."""
        return max(0.0, memory("VmHWM", self.process.pid) - self.before)

    def read_queries(self, method, count):
        """Return ``{path: SQL queries of each of its last requests}``."""
        queries = {}
        with open(self.log) as log:
            for verb, path, number in REQUEST.findall(log.read()):
                if verb == method:
                    queries.setdefault(path, []).append(int(number))
        return {path: found[-count:] for path, found in queries.items()}
