"""pytest plugin: throw-away servers before settings are read, and no socket except loopback.

Named in `addopts` as `-p itsm.testing`, because pytest-django reads settings before any conftest is loaded.
The workers of pytest-xdist inherit the environment and start nothing.
"""

import atexit
import ipaddress
import os
import shutil
import socket
import tempfile
from pathlib import Path
from typing import Any

import pytest

from itsm.embedded import Embedded

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo


def start_servers() -> None:
    """Start what DATABASE_URL and REDIS_URL do not give, in a temporary directory that goes when pytest ends."""
    postgres, valkey = (not os.environ.get(name) for name in ("DATABASE_URL", "REDIS_URL"))
    if "SPINDEL_TEST_DATA" in os.environ:
        return  # a worker, or a test that runs pytest
    place = Path(tempfile.mkdtemp(prefix="spindel-test-"))
    if os.geteuid() == 0:
        place.chmod(0o711)  # the user nobody passes through where it runs PostgreSQL
    os.environ["SPINDEL_TEST_DATA"] = os.environ["SPINDEL_DATA"] = str(place)
    os.environ["SPINDEL_SECRET_KEY"] = "only-for-tests-" * 4
    os.environ["SPINDEL_JOURNAL_KEY"] = "only-for-tests"
    servers = Embedded(place / "embedded", durable=False, postgres=postgres, valkey=valkey)
    pid = os.getpid()

    def stop() -> None:
        if os.getpid() == pid:  # not in a forked child
            servers.stop()
            shutil.rmtree(place, ignore_errors=True)
            shutil.rmtree(servers.sockets, ignore_errors=True)

    atexit.register(stop)
    if postgres or valkey:
        os.environ.update(servers.start())


def refuse_distant(address: Any) -> None:
    """Raise unless the address is a Unix socket or loopback."""
    if not isinstance(address, tuple) or is_loopback(str(address[0])):
        return
    raise RuntimeError(f"A test tried to reach {address[0]}. Tests open no socket except loopback.")


def is_loopback(host: str) -> bool:
    """Whether the host is this machine, without asking a name server."""
    try:
        return ipaddress.ip_address(host.split("%", 1)[0]).is_loopback
    except ValueError:
        return host in ("", "localhost")


def guard_sockets() -> None:
    """Replace the ways out of this process by ones that ask first."""

    def connect(self: socket.socket, address: Any) -> None:
        refuse_distant(address)
        return _connect(self, address)

    def connect_ex(self: socket.socket, address: Any) -> int:
        refuse_distant(address)
        return _connect_ex(self, address)

    def getaddrinfo(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host or ""
        try:
            ipaddress.ip_address(name.split("%", 1)[0])
        except ValueError:
            refuse_distant((name,))
        return _getaddrinfo(host, *args, **kwargs)

    for name, guard in (("connect", connect), ("connect_ex", connect_ex)):
        setattr(socket.socket, name, guard)
    socket.getaddrinfo = getaddrinfo


def pytest_report_header() -> str:
    """Say which servers the run uses."""
    return f"servers: {os.environ['DATABASE_URL']} {os.environ['REDIS_URL']}"


def pytest_configure(config: pytest.Config) -> None:
    """Close the sockets once pytest has its own running."""
    guard_sockets()


start_servers()
