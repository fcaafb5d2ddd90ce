"""After an outage: how long ten thousand due steps take (RELIABILITY F9: at most a minute). `make soak` prints it."""

import sys
import time
from datetime import timedelta

import pytest

from accounts.queries import SYSTEM
from journal.commands.relay import relay_due
from journal.models import Event, Outbox
from journal.units import database_now
from sla.commands import sweep
from sla.models import Deadline
from tests.sla.rooms import always, open_at, step, target, utc

RECORDS, DUE = 2_500, 10_000


@pytest.mark.soak
@pytest.mark.timeout(3600)
@pytest.mark.django_db(transaction=True)
def test_ten_thousand_due_steps_are_swept_within_a_minute() -> None:
    target(always(), 60)
    for percent in (25, 50, 75):
        step(percent=percent, action="notify_role", config={"role": "manager"})
    for number in range(RECORDS):
        open_at(utc("2026-03-04 07:00") + timedelta(milliseconds=number))
    Outbox.objects.all().delete()
    assert Deadline.objects.filter(state="armed").count() == DUE
    at, begun, fired = utc("2026-03-04 12:00"), time.perf_counter(), 0
    while count := sweep(at):
        fired += count
    swept = time.perf_counter() - begun
    relayed = 0
    while count := relay_due(database_now(), actor=SYSTEM):
        relayed += count
    told = time.perf_counter() - begun - swept
    figure = f"{fired} due steps swept in {swept:.1f} s ({fired / swept:.0f}/s), {relayed} reactions in {told:.1f} s"
    sys.stderr.write(f"\n{figure}\n")
    assert (fired, Event.objects.filter(code__startswith="sla.").count()) == (DUE, DUE)
    assert swept <= 60, "RELIABILITY F9"
