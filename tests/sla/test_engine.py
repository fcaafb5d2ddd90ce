"""The resident engine and its doubles: exactly once with two sweepers, over kill -9, after an outage, told to stop."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.queries import SYSTEM
from journal.models import Event, Heartbeat
from journal.units import database_now, door
from records import commands as records
from records.models import Record
from sla.commands import sweep
from sla.models import Deadline
from tests.sla.rooms import always, open_at, step, target, utc

MOMENTS = utc("2026-03-04 12:00")


def many(count: int) -> list[Record]:
    """Records with three deadlines each, all of them long due."""
    target(always(), 60)
    step(percent=50)
    step(percent=75)
    return [open_at(utc("2026-03-04 07:00") + timedelta(seconds=number)) for number in range(count)]


def fired() -> Counter[tuple[int, str, int]]:
    """How often each thing was said, by (record, code, step)."""
    events = Event.objects.filter(code__startswith="sla.")
    return Counter((event.subject_id, event.code, event.data.get("step", -1)) for event in events)


def exactly_once(made: list[Record]) -> bool:
    """Whether each record said its three things once."""
    codes = (("sla.step_fired", 0), ("sla.step_fired", 1), ("sla.breached", -1))
    return fired() == Counter((record.pk, code, number) for record in made for code, number in codes)


@contextmanager
def engine(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """A resident engine on this test's database."""
    row = connection.settings_dict
    place = f"postgres://{row['USER']}@/{row['NAME']}?host={quote(str(row['HOST']), safe='/')}"
    environment = {**os.environ, "DATABASE_URL": place, "SPINDEL_DATA": str(tmp_path)}
    command = [sys.executable, "manage.py", "engine", "--tick", "0.1"]
    process = subprocess.Popen(command, cwd=settings.ROOT, env=environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for(question: Callable[[], bool], process: "subprocess.Popen[bytes]", seconds: float = 400) -> None:
    """Ask until the answer is yes, however slow the machine is; an engine that ended by itself never says it."""
    end = time.monotonic() + seconds
    while not question():
        assert process.poll() is None, f"the engine ended with {process.returncode}"
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


def others_connected() -> int:
    """How many connections besides our own this test's database has."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        count: int = cursor.fetchone()[0]
    return count


@pytest.mark.django_db(transaction=True)
def test_two_sweepers_at_the_same_time_fire_everything_once() -> None:
    made = many(40)
    counts: list[int] = []
    start = threading.Barrier(3)

    def run() -> None:
        start.wait()
        for _again in range(8):
            counts.append(sweep(MOMENTS, limit=30))
        connection.close()

    threads = [threading.Thread(target=run) for _each in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while sweep(MOMENTS):
        pass
    assert exactly_once(made)


@pytest.mark.django_db(transaction=True)
def test_a_record_that_somebody_holds_is_left_for_the_next_sweep() -> None:
    held, free = many(2)
    locked, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with door(SYSTEM) as at:
            records.lock(held, at=at)
            locked.set()
            let_go.wait(20)
        connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    locked.wait(20)
    assert sweep(MOMENTS) == 3
    assert {subject for subject, _code, _step in fired()} == {free.pk}
    let_go.set()
    thread.join()
    assert sweep(MOMENTS) == 3
    assert exactly_once([held, free])


@pytest.mark.realtime
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.django_db(transaction=True)
def test_killed_engines_fire_everything_once(tmp_path: Path) -> None:
    made = many(200)
    left = Deadline.objects.filter(state="armed")
    for goal in (550, 350, 100):
        with engine(tmp_path) as process:
            wait_for(lambda goal=goal: left.count() < goal, process)  # type: ignore[misc]  # bound on purpose
            process.send_signal(signal.SIGKILL)
            process.wait()
    with engine(tmp_path) as process:
        wait_for(lambda: not left.exists(), process)
        wait_for(lambda: Heartbeat.objects.filter(component="engine:sweep.sla").exists(), process)
        process.terminate()
        assert process.wait(120) == 0
    assert exactly_once(made)


@pytest.mark.realtime
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.django_db(transaction=True)
def test_the_engine_comes_back_when_its_connections_are_cut(tmp_path: Path) -> None:
    with engine(tmp_path) as process:
        wait_for(lambda: Heartbeat.objects.filter(component="engine:relay").exists(), process)
        wait_for(lambda: others_connected() >= 3, process)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
            assert cursor.fetchone()[0] >= 3
        target(always(), 1)
        record = open_at(database_now() - timedelta(minutes=5))
        wait_for(lambda: fired() == Counter({(record.pk, "sla.breached", -1): 1}), process)


@pytest.mark.django_db
def test_sweeping_once_by_hand_does_what_the_engine_does(settings: object, tmp_path: Path) -> None:
    settings.SPINDEL_DATA = tmp_path  # type: ignore[attr-defined]  # pytest-django's settings
    made = many(3)
    call_command("sweep", once=True, stdout=(said := StringIO()))
    assert exactly_once(made)
    assert "reactions." in said.getvalue()
    with pytest.raises(CommandError, match="engine"):
        call_command("sweep")


@pytest.mark.django_db
def test_two_hours_without_a_sweep_cost_nothing_but_time() -> None:
    (record,) = many(1)
    sweep(utc("2026-03-04 07:20"))
    sweep(utc("2026-03-04 09:20"))
    said = Event.objects.filter(code__startswith="sla.", subject_id=record.pk).order_by("seq")
    assert [(event.data.get("step", -1), event.data["late_seconds"]) for event in said] == [
        (0, 110 * 60), (1, 95 * 60), (-1, 80 * 60),
    ]  # fmt: skip
