"""What the environment says, parsed."""

import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.db.backends.postgresql.psycopg_any import is_psycopg3

from itsm import environment
from itsm.environment import EnvironmentFault
from tests.guards.tree import REPOSITORY


def test_database_url_over_tcp() -> None:
    assert environment.parse_database_url("postgres://anna:p%40ss@db.example:5433/spindel?sslmode=require") == {
        "ENGINE": "itsm.postgresql",
        "NAME": "spindel",
        "USER": "anna",
        "PASSWORD": "p@ss",
        "HOST": "db.example",
        "PORT": "5433",
        "OPTIONS": {"sslmode": "require"},
    }


def test_database_url_over_a_socket() -> None:
    found = environment.parse_database_url("postgresql://spindel@/spindel?host=/run/postgresql")
    assert (found["HOST"], found["PORT"], found["NAME"]) == ("/run/postgresql", "", "spindel")


@pytest.mark.parametrize("url", ["mysql://a@b/c", "sqlite:///x.db", "postgres://db.example"])
def test_database_url_that_cannot_be_used(url: str) -> None:
    with pytest.raises(EnvironmentFault, match="DATABASE_URL"):
        environment.parse_database_url(url)


@pytest.mark.parametrize(
    ("url", "broker"),
    [
        ("unix:///run/valkey.sock", "redis+socket:///run/valkey.sock?virtual_host=1"),
        ("unix:///run/valkey.sock?db=4", "redis+socket:///run/valkey.sock?virtual_host=5"),
        ("redis://cache.example:6379/0", "redis://cache.example:6379/1"),
        ("rediss://:secret@cache.example", "rediss://:secret@cache.example/1"),
    ],
)
def test_broker_lives_beside_the_cache_never_in_it(url: str, broker: str) -> None:
    assert environment.celery_url(url) == broker


def test_broker_that_cannot_be_used() -> None:
    with pytest.raises(EnvironmentFault, match="REDIS_URL must begin with"):
        environment.celery_url("amqp://guest@localhost")


@pytest.mark.parametrize("text", ["0", "65536", "http", "-1", ""])
def test_port_that_cannot_be_used(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", text)
    with pytest.raises(EnvironmentFault, match="Give a number from 1 to 65535"):
        environment.port()


def test_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOWED_HOSTS", "desk.example, .region.example")
    assert environment.allowed_hosts() == ["desk.example", ".region.example"]
    monkeypatch.delenv("ALLOWED_HOSTS")
    assert environment.allowed_hosts() == ["localhost", "127.0.0.1", "[::1]"]


def test_keys_are_made_once_private_and_different(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SPINDEL_DATA", str(tmp_path))
    monkeypatch.delenv("SPINDEL_SECRET_KEY")
    monkeypatch.delenv("SPINDEL_JOURNAL_KEY")
    first, sealed = environment.secret_key(), environment.journal_key()
    assert (first, sealed) == (environment.secret_key(), environment.journal_key())
    assert len(first) >= 50
    assert first.encode() != sealed
    assert [stat.S_IMODE(path.stat().st_mode) for path in sorted(tmp_path.iterdir())] == [0o600, 0o600]


def test_processes_that_race_get_the_same_key(tmp_path: Path) -> None:
    code = f"from itsm import environment as e; print(e._kept_secret(e.Path({str(tmp_path / 'secret.key')!r})))"
    command = [sys.executable, "-c", code]
    racing = [subprocess.Popen(command, stdout=subprocess.PIPE, cwd=REPOSITORY) for _ in range(4)]
    assert len({process.communicate()[0] for process in racing}) == 1


def test_driver_is_psycopg2() -> None:
    """If psycopg (3) came along with another package, Django would silently use it."""
    assert not is_psycopg3


def test_tests_reach_nothing_but_this_machine() -> None:
    with socket.socket() as client, pytest.raises(RuntimeError, match=r"no socket except loopback"):
        client.connect(("192.0.2.1", 80))
    with pytest.raises(RuntimeError, match=r"tried to reach spindel\.example"):
        socket.getaddrinfo("spindel.example", 80)
    assert socket.getaddrinfo("localhost", 80)
