"""`make run` with real processes: first start, refusals, kill -9, second start, Ctrl-C, servers of one's own."""

import http.client
import os
import signal
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from itsm import environment
from itsm.shelf import TEMPLATE
from tests.platform.processes import await_line, eventually, free_port, rest, runner, using

LAST_LINE = "Ctrl-C stops everything."
pytestmark = [pytest.mark.slow, pytest.mark.realtime, pytest.mark.timeout(240)]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    tmp_path.chmod(0o755)
    return tmp_path / "data"


def ask(port: int, path: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        connection.request("GET", path)
        return connection.getresponse().status


def query(url: str, statement: str) -> Any:
    settings = environment.parse_database_url(url)
    connection = psycopg2.connect(host=settings["HOST"], user=settings["USER"], dbname=settings["NAME"])
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone() if cursor.description else None


def test_from_nothing_to_kept_data(data: Path, tmp_path: Path) -> None:
    port, url = free_port(), environment.embedded_database_url(data / "embedded")
    with runner(data, port) as first:
        assert f"http://localhost:{port}/" in await_line(first, LAST_LINE)
        assert (ask(port, "/healthz"), ask(port, "/readyz")) == (200, 200)
        query(url, "CREATE TABLE kept AS SELECT 42 AS answer")
        with runner(data, free_port()) as second:
            assert "already running on" in rest(second)
            assert second.returncode == 1
        with runner(tmp_path / "other", port) as elsewhere:
            said = rest(elsewhere)
            assert f"Port {port} is in use by another program. Stop that one, or choose another port" in said
            assert (elsewhere.returncode, "Traceback" in said) == (1, False)
        first.kill()
        first.wait()
        assert eventually(lambda: not using(data))
    with runner(data, port) as again:
        assert LAST_LINE in await_line(again, LAST_LINE)
        assert query(url, "SELECT answer FROM kept") == (42,)
        again.send_signal(signal.SIGINT)
        assert "Stopping" in rest(again)
        assert again.returncode == 0
    assert using(data) == []


@pytest.fixture
def database() -> Iterator[str]:
    """A migrated database on the tests' server, as if it were somebody's own."""
    url = os.environ["DATABASE_URL"]
    query(url, f"CREATE DATABASE run_test TEMPLATE {TEMPLATE}")
    yield url.replace("/spindel?", "/run_test?")
    query(url, "DROP DATABASE run_test WITH (FORCE)")


@pytest.mark.django_db
def test_servers_of_ones_own_switch_the_embedded_ones_off(data: Path, database: str) -> None:
    port = free_port()
    with runner(data, port, DATABASE_URL=database, REDIS_URL=os.environ["REDIS_URL"]) as process:
        assert LAST_LINE in await_line(process, LAST_LINE)
        assert ask(port, "/readyz") == 200
        assert not (data / "embedded" / "postgres").exists()
        assert not (data / "embedded" / "valkey").exists()
        process.terminate()
        rest(process)
        assert process.returncode == 0


@pytest.mark.django_db
def test_a_process_that_ends_by_itself_stops_the_rest_and_shows_its_log(data: Path, database: str) -> None:
    with runner(data, free_port(), DATABASE_URL=database) as process:
        assert LAST_LINE in await_line(process, LAST_LINE)
        (pid,) = [pid for pid in children(process.pid) if "celery" in command(pid)]
        os.kill(pid, signal.SIGKILL)
        said = rest(process)
        assert "The worker process ended by itself. Read the log" in said
        assert process.returncode == 1
    assert using(data) == []


def test_database_that_does_not_answer_is_a_sentence(data: Path) -> None:
    with runner(data, free_port(), DATABASE_URL="postgres://spindel@/spindel?host=/nowhere") as process:
        said = rest(process)
    assert "The database could not be prepared. Read the log" in said
    assert process.returncode == 1


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [("PORT", "http", "PORT is 'http'. Give a number"), ("SPINDEL_DATA", "/proc/spindel", "Set SPINDEL_DATA to")],
)
def test_variable_that_cannot_be_used_is_a_sentence(data: Path, name: str, value: str, sentence: str) -> None:
    with runner(data, free_port(), **{name: value}) as process:
        said = rest(process)
    assert (sentence in said, "Traceback" in said, process.returncode) == (True, False, 1)


def test_port_that_somebody_listens_on_is_refused(data: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("0.0.0.0", 0))
        listener.listen()
        with runner(data, listener.getsockname()[1]) as process:
            assert "is in use by another program" in rest(process)


def children(pid: int) -> list[int]:
    """Direct children of a process."""
    return [int(number) for number in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def command(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
