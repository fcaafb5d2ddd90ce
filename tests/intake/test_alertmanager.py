"""A real Alertmanager sends alerts to a real Spindel over HTTP; one of them is away for a minute; nothing is lost."""

import contextlib
import json
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.db import connections

from accounts.models import User
from incidents.models import Incident
from intake.models import AlertGroup, Inbox, Source
from records.models import Record
from tests.factories import bearer, make_team, make_user

BINARY = shutil.which("prometheus-alertmanager") or shutil.which("alertmanager")
pytestmark = [
    pytest.mark.realtime,
    pytest.mark.slow,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(BINARY is None, reason="needs a real one: apt-get install prometheus-alertmanager"),
    pytest.mark.timeout(300),
]


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def eventually(check: Callable[[], bool], seconds: float = 90) -> None:
    """Wait until the check holds."""
    end = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    allow_reuse_address = True


class _Handler(WSGIRequestHandler):
    def log_message(self, *args: object) -> None:
        """Stay quiet."""

    def finish(self) -> None:
        """Let go of this thread's connection."""
        super().finish()
        connections.close_all()


class Spindel:
    """The web application on a port of its own, which can be away for a while."""

    def __init__(self) -> None:
        self.port = free_port()
        self.server: _Server | None = None

    def start(self) -> None:
        """Answer from now on."""
        self.server = _Server(("127.0.0.1", self.port), _Handler)
        self.server.set_app(WSGIHandler())
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self) -> None:
        """Be away: connections are refused."""
        if self.server is not None:
            self.server.shutdown()
            self.server.server_close()
            self.server = None


class Alertmanager:
    """The real program, with our webhook as its only receiver."""

    def __init__(self, place: Path, url: str, headers: dict[str, str]) -> None:
        self.port = free_port()
        token = headers["Authorization"].removeprefix("Bearer ")
        config = place / "alertmanager.json"
        receiver = {
            "url": url, "send_resolved": True,
            "http_config": {"authorization": {"type": "Bearer", "credentials": token}},
        }  # fmt: skip
        route = {
            "receiver": "spindel", "group_by": ["cluster"], "group_wait": "1s", "group_interval": "2s",
            "repeat_interval": "4s",
        }  # fmt: skip
        config.write_text(
            json.dumps({"route": route, "receivers": [{"name": "spindel", "webhook_configs": [receiver]}]})
        )
        self.log = (place / "alertmanager.log").open("w")
        self.process = subprocess.Popen(
            [
                str(BINARY), f"--config.file={config}", f"--storage.path={place}", "--cluster.listen-address=",
                f"--web.listen-address=127.0.0.1:{self.port}", "--log.level=warn",
            ],
            stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL,
        )  # fmt: skip
        eventually(self._is_up)

    def _is_up(self) -> bool:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{self.port}/-/ready", timeout=2):
            return True
        return False

    def send(self, *names: str, cluster: str = "a", resolved: bool = False) -> None:
        """Post alerts as Prometheus does; resolved ones ended just now."""
        now = datetime.now(UTC)
        ends = now - timedelta(seconds=1) if resolved else now + timedelta(minutes=10)
        alerts = [
            {"labels": {"alertname": name, "cluster": cluster, "severity": "warning"}, "endsAt": ends.isoformat(),
             "startsAt": (now - timedelta(minutes=1)).isoformat(), "annotations": {"summary": f"{name} in {cluster}"}}
            for name in names
        ]  # fmt: skip
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/api/v2/alerts",
            json.dumps(alerts).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            assert answer.status == 200

    def stop(self) -> None:
        """End the program."""
        self.process.terminate()
        self.process.wait(10)
        self.log.close()


@pytest.fixture
def spindel() -> Iterator[Spindel]:
    """A running Spindel."""
    site = Spindel()
    site.start()
    yield site
    site.stop()


@pytest.fixture
def alertmanager(spindel: Spindel, tmp_path: Path) -> Iterator[Alertmanager]:
    """A running Alertmanager that knows it."""
    Source.objects.create(
        code="prometheus", name="Prometheus", format="alertmanager", default_team=make_team("net"), reopen_minutes=60
    )
    user: User = make_user("integration", kind="integration")
    headers = bearer(user, "alerts:write")
    program = Alertmanager(tmp_path, f"http://127.0.0.1:{spindel.port}/api/v1/alerts/alertmanager/", headers)
    yield program
    program.stop()


def counted() -> dict[str, int]:
    """How often each alert was told to us, by name."""
    return {group.labels["alertname"]: group.count for group in AlertGroup.objects.all()}


def told() -> dict[str, int]:
    """The same from the messages as they came: what was accepted must have been counted, no more and no less."""
    found: dict[str, int] = {}
    for kept in Inbox.objects.filter(status=202):
        for each in json.loads(bytes(kept.raw))["alerts"]:
            if each["status"] == "firing":
                name = each["labels"]["alertname"]
                found[name] = found.get(name, 0) + 1
    return found


def test_firing_repeats_grouping_absence_and_clearing(spindel: Spindel, alertmanager: Alertmanager) -> None:
    alertmanager.send("Disk", "Memory")
    eventually(lambda: len(counted()) == 2)
    assert Incident.objects.count() == 1, "one group of Alertmanager is one incident"

    eventually(lambda: min(counted().values()) >= 2)
    assert Incident.objects.count() == 1, "repeats open nothing"

    spindel.stop()
    alertmanager.send("Network", cluster="b")
    alertmanager.send("Power", cluster="c")
    time.sleep(60)
    assert Incident.objects.count() == 1, "Spindel is away"
    spindel.start()
    eventually(lambda: set(counted()) == {"Disk", "Memory", "Network", "Power"})
    assert Incident.objects.count() == 3

    alertmanager.send("Disk", resolved=True)
    eventually(lambda: AlertGroup.objects.filter(state="resolved").count() == 1)
    shared = Record.objects.get(
        pk=AlertGroup.objects.values_list("incident", flat=True).get(labels__alertname="Memory")
    )
    assert shared.phase != "done", "another alert of it still fires"
    alertmanager.send("Memory", resolved=True)
    eventually(lambda: Record.objects.get(pk=shared.pk).state == "resolved")
    assert Record.objects.exclude(pk=shared.pk).filter(phase="done").count() == 0

    alertmanager.stop()
    spindel.stop()
    assert counted() == told()
    assert Inbox.objects.filter(status__gte=400).count() == 0
