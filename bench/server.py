"""Start Spindel as `make run` does, on a data directory of its own; read its memory and its statements."""

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg2

from itsm import environment

ROOT = Path(__file__).resolve().parent.parent
COUNTED = """
SELECT coalesce(sum(calls), 0) FROM pg_stat_statements
WHERE query !~* '^\\s*(begin|commit|rollback$|show|set )' AND query !~* 'set_config|pg_stat_statements'
  AND query !~ '^SELECT \\$?1 FROM ONLY .* FOR KEY SHARE OF x$'  -- foreign keys that the commit checks are triggers
"""


class Server:
    """A running Spindel with `records` records."""

    def __init__(self, records: int, port: int) -> None:
        self.records, self.port, self.place = records, port, ROOT / "var" / f"bench-{records}"
        self.env = {**os.environ, "SPINDEL_DATA": str(self.place), "SPINDEL_DEMO": "0", "PORT": str(port)}
        for name in ("DATABASE_URL", "REDIS_URL"):
            self.env.pop(name, None)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def made(self) -> dict[str, object]:
        """What the load left a note of."""
        found: dict[str, object] = json.loads((self.place / "loaded.json").read_text())
        return found

    def load(self) -> None:
        """Fill the data directory unless it is filled."""
        if not (self.place / "loaded.json").exists():
            command = [sys.executable, "-m", "itsm.runner", sys.executable, "-m", "bench.load", str(self.records),
                       str(self.place)]  # fmt: skip
            subprocess.run(command, cwd=ROOT, env=self.env, check=True)

    def start(self) -> float:
        """Start and wait until it is ready; returns the seconds that took."""
        begin = time.monotonic()
        with (self.place / "bench.log").open("ab") as log:
            self.process = subprocess.Popen([sys.executable, "-m", "itsm.runner"], cwd=ROOT, env=self.env, stdout=log,
                                            stderr=log, start_new_session=True)  # fmt: skip
        while time.monotonic() - begin < 120:
            if self.process.poll() is not None:
                raise SystemExit(f"Spindel did not start. Look at {self.place / 'bench.log'}.")
            with suppress(OSError, http.client.HTTPException):
                ask = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
                ask.request("GET", "/readyz")
                if ask.getresponse().status == 200:
                    return time.monotonic() - begin
            time.sleep(0.1)
        raise SystemExit("Spindel was not ready after two minutes.")

    def stop(self) -> None:
        """As Ctrl-C does."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(60)

    def connect(self) -> "psycopg2.extensions.connection":
        """To its database."""
        url = environment.parse_database_url(environment.embedded_database_url(self.place / "embedded"))
        link = psycopg2.connect(host=url["HOST"], user=url["USER"], dbname=url["NAME"])
        link.autocommit = True
        return link

    # ------------------------------------------------------------------------------------------ processes

    def processes(self) -> dict[int, str]:
        """Our own processes below the runner, by id, without the servers."""
        assert self.process is not None
        found, todo = {}, [self.process.pid]
        while todo:
            pid = todo.pop()
            with suppress(OSError):
                todo += [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
                found[pid] = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
        return {pid: line for pid, line in found.items() if "postgres" not in line and "valkey" not in line}

    def memory(self) -> dict[str, int]:
        """Proportional set size in MB of web, worker and engine."""
        sums = {"web": 0, "worker": 0, "engine": 0}
        for pid, line in self.processes().items():
            kind = next((k for k, word in (("web", "gunicorn"), ("worker", "celery"), ("engine", "manage.py engine"))
                         if word in line), "")  # fmt: skip
            if kind:
                with suppress(OSError):
                    text = Path(f"/proc/{pid}/smaps_rollup").read_text()
                    sums[kind] += next(int(row.split()[1]) for row in text.splitlines() if row.startswith("Pss:"))
        return {kind: kilobytes // 1024 for kind, kilobytes in sums.items()}

    def web_processor(self) -> float:
        """Milliseconds of processor time that the web processes have used, every thread counted."""
        used = 0
        for pid in [pid for pid, line in self.processes().items() if "gunicorn" in line]:
            for thread in Path(f"/proc/{pid}/task").iterdir():
                with suppress(OSError):
                    used += int((thread / "schedstat").read_text().split()[0])
        return used / 1e6

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Engine and worker stand still, so that only the request's own statements are counted."""
        others = [pid for pid, line in self.processes().items() if "celery" in line or "manage.py engine" in line]
        for pid in others:
            with suppress(OSError):
                os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in others:
                with suppress(OSError):
                    os.kill(pid, signal.SIGCONT)
