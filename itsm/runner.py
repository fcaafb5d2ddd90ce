"""`make run`: every process of Spindel from nothing, under one supervisor.

`python -m itsm.runner` runs until Ctrl-C. `python -m itsm.runner COMMAND …` runs one command with the embedded
servers up, using those of a running Spindel if there is one. Knows nothing of Django: it starts processes.
"""

import http.client
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn

from itsm import binaries, embedded, environment

BIN = Path(sys.executable).parent
READY_LIMIT_S = 90
STOP_LIMIT_S = 20


class RunnerFault(Exception):
    """Spindel cannot start or go on; the message is a sentence that says what to do."""

    @classmethod
    def with_log(cls, sentence: str, log: Path) -> "RunnerFault":
        return cls(
            f"{sentence} Read the log, mend the cause and start again; the data is kept.\n{log}:\n{embedded.tail(log)}"
        )


@dataclass(frozen=True)
class Program:
    """A process of ours. `early` ones are stopped before the others: no new work comes in while old work ends."""

    name: str
    command: list[str]
    early: bool = False


@dataclass
class Running:
    """A started program."""

    program: Program
    process: "subprocess.Popen[bytes]"
    log: Path

    def fell(self) -> bool:
        return self.process.poll() is not None

    def ask_to_stop(self) -> None:
        if not self.fell():
            self.process.terminate()

    def await_stop(self, deadline: float) -> None:
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(max(0.0, deadline - time.monotonic()))
        with suppress(ProcessLookupError):  # the program and whatever it left behind in its group
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def programs(port: int) -> list[Program]:
    """Web, which is started first, worker with beat, and the resident engine."""
    address = f"127.0.0.1:{port}"
    if os.environ.get("ALLOWED_HOSTS"):
        address = f"0.0.0.0:{port}"  # told to answer to other names, so to other machines
    gunicorn = [str(BIN / "gunicorn"), "itsm.wsgi:application", "--bind", address, "--worker-class", "gthread"]
    gunicorn += ["--workers", "2", "--threads", "4", "--preload", "--graceful-timeout", "5", "--no-control-socket"]
    celery = [str(BIN / "celery"), "--app", "itsm", "worker", "--beat", "--concurrency", "1", "--loglevel", "INFO"]
    celery += [
        "--schedule",
        str(environment.data_directory() / "beat-schedule"),
        "--without-gossip",
        "--without-mingle",
    ]
    return [
        Program("web", gunicorn, early=True),
        Program("worker", celery),
        Program("engine", [sys.executable, "manage.py", "engine"]),
    ]


@dataclass
class Supervisor:
    """Starts the servers and the programs, watches them and stops them in order."""

    data: Path
    port: int
    say: Callable[[str], None]
    servers: embedded.Embedded
    children: list[Running] = field(default_factory=list)
    told_to_stop: bool = False

    def run(self) -> None:
        """Until a signal comes or a process ends by itself; the latter raises."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._on_signal)
        try:
            self._start()
            self._watch()
        except (InterruptedError, RunnerFault, binaries.EmbeddedFault):
            if not self.told_to_stop:  # else Ctrl-C reached a child while starting
                raise
        finally:
            self.stop()

    def stop(self) -> None:
        """Web first, then worker and engine, then the servers. Returns when nothing is left."""
        for early in (True, False):
            group = [child for child in self.children if child.program.early is early]
            for child in group:
                child.ask_to_stop()
            deadline = time.monotonic() + STOP_LIMIT_S
            for child in group:
                child.await_stop(deadline)
        self.children.clear()
        self.servers.stop()

    def _start(self) -> None:
        begin = time.monotonic()
        self.servers.lock()
        require_free_port(self.port)
        self.say(f"Starting the database and the broker in {self.servers.root} …")
        os.environ.update(self.servers.start())
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(self._metrics())
        self.say("Preparing the database; from nothing this takes a minute or two …")
        notes = self._prepare()
        self._pause_point()
        # Web alone first: three programs that load at once make the first page wait for the last.
        first, *others = programs(self.port)
        self.children.append(self._launch(first))
        self._await_ready()
        self.children += [self._launch(program) for program in others]
        self.say(f"Ready after {time.monotonic() - begin:.1f} s.\n")
        self.say(f"  Spindel   http://localhost:{self.port}/\n  Logs      {self.data / 'log'}\n")
        if notes:
            self.say(notes + "\n")
        self.say("Ctrl-C stops everything.")

    def _prepare(self) -> str:
        """Migrate and fill an empty database; returns what the command has to tell, such as the demo logins."""
        log = self._log("prepare")
        command = [*binaries.die_with_parent(signal.SIGTERM), sys.executable, "manage.py", "prepare"]
        with log.open("ab") as out:
            process = subprocess.Popen(
                command, cwd=environment.ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=out
            )
            text, _ = process.communicate()
        self._pause_point()
        if process.returncode:
            raise RunnerFault.with_log("The database could not be prepared.", log)
        return text.decode().strip()

    def _launch(self, program: Program) -> Running:
        log = self._log(program.name)
        command = [*binaries.die_with_parent(signal.SIGTERM), *program.command]
        with log.open("ab") as out:
            # A group of its own: Ctrl-C in the terminal reaches only the supervisor, which stops things in order.
            process = subprocess.Popen(
                command,
                cwd=environment.ROOT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
                env={**os.environ, "PYTHONUNBUFFERED": "1"},
            )
        return Running(program, process, log)

    def _metrics(self) -> Path:
        """Where the web workers count requests together, from zero at each start."""
        directory = self.data / "metrics"
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True, mode=0o700)
        return directory

    def _log(self, name: str) -> Path:
        directory = self.data / "log"
        directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        log = directory / f"{name}.log"
        embedded.rotate(log)
        return log

    def _await_ready(self) -> None:
        answer = "no answer"
        for _ in embedded.ticks(READY_LIMIT_S, 0.1):
            self._pause_point()
            self._require_children()
            ready, answer = ask_ready(self.port)
            if ready:
                return
        sentence = f"Spindel was not ready after {READY_LIMIT_S} s (/readyz: {answer})."
        raise RunnerFault.with_log(sentence, self._log("web"))

    def _watch(self) -> None:
        while not self.told_to_stop:
            self._require_children()
            time.sleep(0.3)
        self.say("\nStopping …")

    def _require_children(self) -> None:
        for child in self.children:
            if child.fell():
                raise RunnerFault.with_log(f"The {child.program.name} process ended by itself.", child.log)
        if server := self.servers.fallen():
            raise RunnerFault.with_log(f"{server.name} ended by itself.", server.log)

    def _pause_point(self) -> None:
        if self.told_to_stop:
            raise InterruptedError

    def _on_signal(self, *_: object) -> None:
        self.told_to_stop = True


def require_free_port(port: int) -> None:
    """Refuse before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except PermissionError:
            raise RunnerFault(f"Port {port} needs root. Choose one above 1023, for example PORT=8000.") from None
        except OSError:
            raise RunnerFault(
                f"Port {port} is in use by another program. Stop that one, or choose another port: "
                f"PORT={port + 1 if port < 65535 else 8000} make run"
            ) from None


def ask_ready(port: int) -> tuple[bool, str]:
    """Whether /readyz answers 200, and what it answered otherwise."""
    host = environment.allowed_hosts()[0]
    name = "localhost" if host == "*" else host.lstrip(".")
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": name})
        answer = connection.getresponse()
        return answer.status == 200, f"{answer.status} {answer.read(300).decode(errors='replace')}"
    except (OSError, http.client.HTTPException) as fault:
        return False, str(fault) or type(fault).__name__
    finally:
        connection.close()


def embedded_servers(data: Path) -> embedded.Embedded:
    """The servers that the environment does not give. An empty pair still locks the data directory."""
    postgres, valkey = (not os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL"))
    return embedded.Embedded(data / "embedded", postgres=postgres, valkey=valkey)


def run(say: Callable[[str], None]) -> None:
    """Run Spindel until told to stop."""
    data = environment.data_directory()
    Supervisor(data, environment.port(), say, embedded_servers(data)).run()


def run_command(command: list[str]) -> int:
    """Run one command with the servers up; returns its exit status."""
    servers = embedded_servers(environment.data_directory())
    try:
        servers.lock()
    except binaries.EmbeddedFault:
        return subprocess.run(command, check=False).returncode  # Spindel runs: its servers are found by themselves
    try:
        exports = servers.start()
        return subprocess.run(command, check=False, env={**os.environ, **exports}).returncode
    finally:
        servers.stop()


def main(arguments: list[str]) -> int:
    """Exit status: 0 stopped as told, 1 with a sentence on standard error."""

    def say(text: str) -> None:
        sys.stdout.write(text + "\n")
        sys.stdout.flush()

    os.environ["SPINDEL_DATA"] = str(environment.data_directory())
    try:
        if arguments:
            return run_command(arguments)
        run(say)
    except (RunnerFault, binaries.EmbeddedFault, environment.EnvironmentFault) as fault:
        sys.stderr.write(f"\n{fault}\n")
        return 1
    return 0


def entry() -> NoReturn:
    """The module's command line."""
    raise SystemExit(main(sys.argv[1:]))


if __name__ == "__main__":
    entry()
