"""The auditor finds every clock that its ledger does not explain; the invariants say what is lost."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from accounts.queries import SYSTEM
from journal.commands import relay_due
from journal.models import Event
from records.models import Record
from sla.commands import sweep
from sla.commands.audit import audit_all, repair_unarmed
from sla.models import Clock, Deadline, Drift
from sla.queries.audit import invariants
from sla.queries.rules import now
from tests.sla.rooms import (
    always,
    clock,
    deadlines,
    move,
    office,
    open_at,
    pause,
    respond,
    retarget,
    step,
    target,
    utc,
)

pytestmark = pytest.mark.django_db
AT = utc("2026-03-05 07:00")


@pytest.fixture
def lived() -> Record:
    """A record with a history: waited, retargeted, resolved, reopened, some steps fired."""
    calendar = office()
    target(always(), 60, "response")
    target(calendar, 16 * 60, priority=3)
    target(calendar, 8 * 60, priority=2)
    step(percent=25)
    step(percent=75)
    step(offset_minutes=30, repeat_minutes=60, repeat_count=2)
    pause("user")
    record = open_at(utc("2026-03-04 07:00"), priority=3)
    respond(record, utc("2026-03-04 07:10"))
    move(record, "hold", utc("2026-03-04 08:00"), "user")
    move(record, "start", utc("2026-03-04 09:00"))
    retarget(record, utc("2026-03-04 09:30"), priority=2)
    move(record, "resolve", utc("2026-03-04 10:00"))
    move(record, "reopen", utc("2026-03-04 12:30"))
    sweep(utc("2026-03-04 12:45"))
    return record


def test_what_nobody_touched_has_no_drift_at_any_time(lived: Record) -> None:
    assert audit_all(utc("2026-03-04 13:00")) == 0
    sweep(AT)
    assert audit_all(AT) == 0
    sweep(AT + timedelta(days=3))
    assert audit_all(AT + timedelta(days=3)) == 0
    move(lived, "resolve", AT + timedelta(days=4))
    assert audit_all(AT + timedelta(days=4)) == 0


@pytest.mark.parametrize(
    "change",
    [
        {"due_at": utc("2026-03-09 07:00")}, {"target_minutes": 999}, {"generation": 9}, {"state": "paused"},
        {"risk_at": []}, {"since": utc("2026-03-04 07:00")}, {"breached_at": utc("2026-03-04 07:00")},
    ],
)  # fmt: skip
def test_each_changed_column_is_found(lived: Record, change: dict[str, Any]) -> None:
    Clock.objects.filter(record=lived, metric="resolution").update(**change)
    assert audit_all(AT) == 1
    drift = Drift.objects.get()
    assert drift.clock_id == clock(lived).pk
    assert drift.stored.keys() == drift.computed.keys()
    assert Event.objects.filter(code="sla.drifted", subject_id=lived.pk).count() == 1


def test_a_moved_a_lost_and_a_doubled_deadline_are_found(lived: Record) -> None:
    armed = Deadline.objects.filter(record=lived, state="armed")
    due_at = armed.order_by("pk").values_list("due_at", flat=True)[0]
    first = armed.order_by("pk")[0].pk
    for change, back in (
        ({"due_at": due_at + timedelta(minutes=1)}, {"due_at": due_at}),
        ({"state": "superseded"}, {"state": "armed"}),
    ):
        Deadline.objects.filter(pk=first).update(**change)
        assert audit_all(AT) == 1
        Deadline.objects.filter(pk=first).update(**back)
        assert audit_all(AT) == 0


def test_a_clock_that_lost_its_deadlines_is_armed_again(lived: Record) -> None:
    before = deadlines(lived)
    Deadline.objects.filter(record=lived, state="armed").update(state="superseded")
    assert invariants(now(), AT)["I2 running clocks without a deadline"] == 1
    assert repair_unarmed(utc("2026-03-04 12:50")) == 1
    assert deadlines(lived) == before
    assert Drift.objects.count() == 1
    assert repair_unarmed(utc("2026-03-04 12:50")) == 0
    assert audit_all(utc("2026-03-04 12:51")) == 0


def test_invariants_are_zero_and_each_is_found_when_it_is_not(lived: Record) -> None:
    at = utc("2026-03-04 12:46")
    assert [name for name, count in invariants(now(), at).items() if count] == ["I3 reactions waiting for two minutes"]
    while relay_due(at, actor=SYSTEM):
        pass
    assert set(invariants(now(), at).values()) == {0}

    def broken() -> list[str]:
        return [name[:2] for name, count in invariants(now(), at).items() if count]

    Deadline.objects.filter(record=lived, state="armed").update(due_at=at - timedelta(minutes=2))
    assert broken() == ["I1"]
    Deadline.objects.filter(record=lived, state="armed").update(state="parked")
    assert broken() == ["I2", "I8"]
    Deadline.objects.filter(record=lived, state="parked").update(state="fired", fired_at=at)
    assert "I4" in broken()


def test_the_command_prints_them_and_fails(lived: Record) -> None:
    with pytest.raises(CommandError, match="does not hold"):
        call_command("verify", stdout=(said := StringIO()))  # by the clock of the wall everything is long overdue
    assert "I1 deadlines overdue for a minute" in said.getvalue()
