"""pytest plugin: throw-away servers before settings are read, and no socket except loopback.

Named in `addopts` as `-p itsm.testing`, because pytest-django reads settings before any conftest is loaded.
"""

import fcntl
import ipaddress
import os
import socket
from pathlib import Path
from typing import Any

from itsm import throwaway, translations
from itsm.shelf import TEMPLATE

_connect = socket.socket.connect
_connect_ex = socket.socket.connect_ex
_getaddrinfo = socket.getaddrinfo


def prepare_template() -> None:
    """Migrate one database, once for all workers and, while migrations stay the same, for later runs."""
    from django.db import connection  # noqa: PLC0415  # the plugin is loaded before settings

    place = os.environ.get("SPINDEL_TEST_DATA")
    if not place or not connection.settings_dict["HOST"].startswith("/"):
        return  # a server of somebody else's: pytest-django makes and removes its databases there
    test: dict[str, Any] = connection.settings_dict["TEST"]
    with (Path(place) / "template.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _template_exists():
            _make_template()
            (Path(place) / "template-made").touch()
        elif (behind := Path(place) / "template-behind").exists():
            _advance_template()
            behind.rename(Path(place) / "template-made")
    test["TEMPLATE"] = TEMPLATE


def _template_exists() -> bool:
    from django.db import connection  # noqa: PLC0415  # the plugin is loaded before settings

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [TEMPLATE])
        found = cursor.fetchone() is not None
    connection.close()
    return found


def _make_template() -> None:
    from django.db import connection  # noqa: PLC0415  # the plugin is loaded before settings

    settings, draft = connection.settings_dict, f"{TEMPLATE}_draft"
    before, before_test = settings["NAME"], settings["TEST"].get("NAME")
    settings["TEST"]["NAME"] = draft
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.close()
        settings["NAME"], settings["TEST"]["NAME"] = before, before_test
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {draft} RENAME TO {TEMPLATE}")
    connection.close()


def _advance_template() -> None:
    from django.core.management import call_command  # noqa: PLC0415  # the plugin is loaded before settings
    from django.db import connection  # noqa: PLC0415  # the plugin is loaded before settings

    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = TEMPLATE
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def refuse_distant(address: Any) -> None:
    """Raise unless the address is a Unix socket or loopback."""
    if isinstance(address, tuple) and not is_loopback(str(address[0])):
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


def pytest_configure() -> None:
    """Close the sockets once pytest has its own running."""
    guard_sockets()


throwaway.start()
if "PYTEST_XDIST_WORKER" not in os.environ:
    translations.compile_changed()
