"""See processes from outside, as a person with `ps` would."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.guards.tree import REPOSITORY


def using(place: Path) -> list[str]:
    """Command lines of the living processes that name the directory or work in it, except our own."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            environ = (entry / "environ").read_bytes().decode(errors="replace")
            directory = str((entry / "cwd").readlink())  # where servers that rename themselves still are
        except OSError:
            continue
        if int(entry.name) != os.getpid() and str(place) in command + environ + directory:
            found.append(command)
    return found


def eventually(condition: Callable[[], bool], limit_s: float = 30) -> bool:
    """Whether the condition comes true within the limit."""
    deadline = time.monotonic() + limit_s
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def runner(data: Path, port: int, **environ: str) -> "Iterator[subprocess.Popen[str]]":
    """`make run` without make: the supervisor as a process of its own, killed at the end if it still lives."""
    ours = ("SPINDEL_", "PYTEST_", "DATABASE_URL", "REDIS_URL")
    clean = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
    given = {"SPINDEL_DATA": str(data), "PORT": str(port), "SPINDEL_DEMO": "0", **environ}
    process = subprocess.Popen(
        [sys.executable, "-m", "itsm.runner"],
        cwd=REPOSITORY,
        env={**clean, **given},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()
        eventually(lambda: not using(data))


def await_line(process: "subprocess.Popen[str]", text: str) -> str:
    """What the process said until and including the line with the text, or until it ended."""
    said = ""
    for line in process.stdout or ():
        said += line
        if text in line:
            break
    return said


def rest(process: "subprocess.Popen[str]") -> str:
    """What the process says until it ends."""
    said, _ = process.communicate(timeout=60)
    return said
