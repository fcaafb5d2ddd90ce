"""One Spindel for each worker, as `make run` starts it: its own database with the small demo, gunicorn, the engine.

The tests look at it from outside. What they need to have happened is arranged by a process behind the stage
(tests/browser/backstage.py), so that this process, where other tests run too, never sees its database.
"""

import json
import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2

from itsm.environment import ROOT
from itsm.shelf import TEMPLATE

WEB = ["--worker-class", "gthread", "--workers", "1", "--threads", "8", "--no-control-socket", "--keep-alive", "30"]


class Stage:
    """The address of the running Spindel, and a way to have things happen in it."""

    def __init__(self, url: str, backstage: "subprocess.Popen[str]") -> None:
        self.url = url
        self._backstage = backstage

    def arrange(self, deed: Callable[..., Any], **facts: Any) -> Any:
        """Have a function of tests/browser/arrange.py run behind the stage; arguments and answer go as JSON."""
        writing, reading = self._backstage.stdin, self._backstage.stdout
        assert writing is not None
        assert reading is not None
        writing.write(json.dumps({"deed": deed.__name__, "facts": facts}) + "\n")
        writing.flush()
        answer = json.loads(reading.readline() or '{"fault": "the process behind the stage is gone"}')
        assert "fault" not in answer, answer["fault"]
        return answer["done"]


@contextmanager
def stage(name: str, place: Path) -> Iterator[Stage]:
    """Start everything, wait until it answers, and take it away again. `place` keeps files and the logs."""
    with _database(f"spindel_browser_{name}") as address:
        environment = {**os.environ, "DATABASE_URL": address, "REDIS_URL": _cache(name), "SPINDEL_DATA": str(place)}
        environment |= {"DJANGO_SETTINGS_MODULE": "itsm.settings", "PYTHONUNBUFFERED": "1"}
        with (
            (place / "processes.log").open("w") as log,
            _listening() as sock,
            _backstage(environment, log) as behind,
            _web(environment, sock, log) as url,
        ):
            yield Stage(url, behind)


def _cache(name: str) -> str:
    """A database of the cache server that no other worker uses; the one after it is the broker's."""
    number = 2 + 2 * (int("".join(each for each in name if each.isdigit()) or 0) % 6)
    address = os.environ["REDIS_URL"]
    if address.startswith("unix:"):
        return f"{address}?db={number}"
    return urlsplit(address)._replace(path=f"/{number}").geturl()


@contextmanager
def _database(name: str) -> Iterator[str]:
    """A migrated, empty database of its own."""
    server = os.environ["DATABASE_URL"]
    maintenance = psycopg2.connect(urlsplit(server)._replace(path="/postgres").geturl())
    maintenance.autocommit = True
    with maintenance.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
        template = TEMPLATE if cursor.fetchone() else "template0"
        cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield urlsplit(server)._replace(path=f"/{name}").geturl()
        finally:
            cursor.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            maintenance.close()


@contextmanager
def _listening() -> Iterator[socket.socket]:
    """A socket on a free port: whoever asks before gunicorn accepts simply waits."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as sock:
        yield sock


@contextmanager
def _backstage(environment: dict[str, str], log: Any) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.browser.backstage"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": log}
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n", Path(log.name).read_text()
            yield process
        finally:
            process.kill()


@contextmanager
def _web(environment: dict[str, str], sock: socket.socket, log: Any) -> Iterator[str]:
    files = ["--log-level", "warning", "--worker-tmp-dir", environment["SPINDEL_DATA"]]
    command = [sys.executable, "-m", "gunicorn", "itsm.wsgi", *WEB, *files, "--bind", f"fd://{sock.fileno()}"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=log, pass_fds=[sock.fileno()]) as process:
        try:
            url = f"http://127.0.0.1:{sock.getsockname()[1]}"
            with urllib.request.urlopen(f"{url}/healthz", timeout=60) as answer:
                assert answer.status == 200
            yield url
        finally:
            process.terminate()
            process.wait(20)
