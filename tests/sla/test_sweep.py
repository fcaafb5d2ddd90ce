"""Due rows are swept: each fires exactly once, late rather than never, in order, and says that it was late."""

from datetime import timedelta

import pytest

from accounts.queries import SYSTEM
from journal.models import Event
from journal.units import door
from records.models import Record
from sla.commands import replan, sweep
from sla.models import Clock, Deadline
from tests.sla.rooms import (
    always,
    clock,
    deadlines,
    move,
    office,
    open_at,
    pause,
    retarget,
    step,
    target,
    utc,
)
from workforce.commands import CalendarContent, OwnDay, edit_calendar

pytestmark = pytest.mark.django_db


def told(record: Record) -> list[tuple[str, int, int, int]]:
    """(code, step, cycle, late seconds) of what was said about the record's promises, in order."""
    codes = ("sla.step_fired", "sla.breached", "sla.turn_overdue")
    events = Event.objects.filter(subject_id=record.pk, code__in=codes).order_by("seq")
    return [
        (event.code, event.data.get("step", -1), event.data.get("cycle", 0), event.data["late_seconds"])
        for event in events
    ]


def test_steps_and_the_breach_fire_at_their_times_and_once() -> None:
    target(always(), 100)
    step(percent=75)
    step(offset_minutes=-10)
    step(offset_minutes=20, repeat_minutes=30, repeat_count=2)
    record = open_at(utc("2026-03-04 07:00"))
    assert deadlines(record) == [
        ("resolution", 0, 0, utc("2026-03-04 08:15")),
        ("resolution", 1, 0, utc("2026-03-04 08:30")),
        ("resolution", -1, 0, utc("2026-03-04 08:40")),
        ("resolution", 2, 0, utc("2026-03-04 09:00")),
        ("resolution", 2, 1, utc("2026-03-04 09:30")),
        ("resolution", 2, 2, utc("2026-03-04 10:00")),
    ]
    fired = [sweep(utc("2026-03-04 08:14:59")), sweep(utc("2026-03-04 08:15")), sweep(utc("2026-03-04 08:15"))]
    assert fired == [0, 1, 0]
    for _again in range(50):
        sweep(utc("2026-03-04 10:00:01"))
    assert told(record) == [
        ("sla.step_fired", 0, 0, 0),
        ("sla.step_fired", 1, 0, 5401),
        ("sla.breached", -1, 0, 4801),
        ("sla.step_fired", 2, 0, 3601),
        ("sla.step_fired", 2, 1, 1801),
        ("sla.step_fired", 2, 2, 1),
    ]
    assert clock(record).breached_at == utc("2026-03-04 08:40")


def test_the_breach_is_after_its_instant_a_step_at_it() -> None:
    target(always(), 60)
    step(percent=100)
    record = open_at(utc("2026-03-04 07:00"))
    sweep(utc("2026-03-04 08:00"))
    assert [code for code, *_rest in told(record)] == ["sla.step_fired"]
    sweep(utc("2026-03-04 08:00:01"))
    assert [code for code, *_rest in told(record)] == ["sla.step_fired", "sla.breached"]


def test_what_was_due_before_a_change_fires_with_the_change_whenever_the_sweep_comes() -> None:
    target(always(), 60)
    step(percent=50)
    pause("user")
    record = open_at(utc("2026-03-04 07:00"))
    move(record, "hold", utc("2026-03-04 07:45"), "user")
    assert told(record) == [("sla.step_fired", 0, 0, 900)]
    move(record, "start", utc("2026-03-04 09:00"))
    move(record, "resolve", utc("2026-03-04 09:30"))
    assert [code for code, *_rest in told(record)] == ["sla.step_fired", "sla.breached"]
    assert clock(record).breached_at == utc("2026-03-04 09:15")
    assert sweep(utc("2026-03-09 09:00")) == 0


def test_a_retarget_does_not_fire_again_what_has_fired() -> None:
    calendar = always()
    target(calendar, 480, priority=3)
    target(calendar, 240, priority=2)
    step(percent=25)
    step(percent=75)
    step(percent=10, priority=2)
    record = open_at(utc("2026-03-04 07:00"), priority=3)
    sweep(utc("2026-03-04 09:00"))
    retarget(record, utc("2026-03-04 09:30"), priority=2)
    assert deadlines(record) == [
        ("resolution", 2, 0, utc("2026-03-04 09:30")),
        ("resolution", 1, 0, utc("2026-03-04 10:00")),
        ("resolution", -1, 0, utc("2026-03-04 11:00")),
    ]
    sweep(utc("2026-03-04 12:00"))
    retarget(record, utc("2026-03-04 12:30"), priority=3)
    assert deadlines(record) == [("resolution", -1, 0, utc("2026-03-04 15:00"))]
    sweep(utc("2026-03-05 12:00"))
    assert [row[:2] for row in told(record)] == [
        ("sla.step_fired", 0), ("sla.step_fired", 2), ("sla.step_fired", 1), ("sla.breached", -1), ("sla.breached", -1),
    ]  # fmt: skip


def test_steps_are_those_of_the_start() -> None:
    target(always(), 60)
    late = step(percent=50, config={"role": "manager"})
    record = open_at(utc("2026-03-04 07:00"))
    late.percent, late.retired_at = 99, utc("2026-03-04 07:10")
    late.save()
    sweep(utc("2026-03-04 07:30"))
    event = Event.objects.get(code="sla.step_fired", subject_id=record.pk)
    assert (event.data["percent"], event.data["config"]) == (50, {"role": "manager"})


def test_a_step_that_cannot_be_understood_is_parked_and_stops_no_other() -> None:
    target(always(), 60)
    step(percent=10)
    step(percent=20)
    record = open_at(utc("2026-03-04 07:00"))
    broken = clock(record)
    broken.steps[0] = {"unknown": 1}
    broken.save()
    at = utc("2026-03-04 07:30")
    assert sweep(at) == 1
    for _hour in range(6):
        at += timedelta(hours=1)
        sweep(at)
    parked = Deadline.objects.get(record=record, step=0)
    assert (parked.state, parked.attempts) == ("parked", 5)
    assert "unknown" in parked.error
    assert Event.objects.filter(code="sla.deadline_parked", subject_id=record.pk).count() == 1


def test_everything_overdue_fires_in_the_order_of_its_time_over_all_records() -> None:
    target(always(), 60)
    step(percent=50)
    first, second = open_at(utc("2026-03-04 07:10")), open_at(utc("2026-03-04 07:00"))
    sweep(utc("2026-03-04 12:00"))
    events = Event.objects.filter(code__startswith="sla.").order_by("pk")
    assert [(event.subject_id, event.code) for event in events] == [
        (second.pk, "sla.step_fired"), (first.pk, "sla.step_fired"), (second.pk, "sla.breached"),
        (first.pk, "sla.breached"),
    ]  # fmt: skip


def test_an_edited_calendar_moves_running_clocks_in_chunks() -> None:
    calendar = office()
    target(calendar, 16 * 60)
    records = [open_at(utc("2026-03-04 07:00")) for _each in range(5)]
    done = open_at(utc("2026-03-04 07:00"))
    move(done, "resolve", utc("2026-03-04 08:00"))
    content = CalendarContent(
        name={"en": "office"}, weekly=tuple(tuple(entry) for entry in calendar.weekly),
        days={utc("2026-03-05 00:00").date(): OwnDay(name="Inventory")},
    )  # fmt: skip
    with door(SYSTEM):
        edit_calendar(calendar, content, actor=SYSTEM, at=utc("2026-03-04 09:00"))
        replan.ask("calendar", calendar_id=calendar.pk, actor=SYSTEM, at=utc("2026-03-04 09:00"))
    assert {clock(record).due_at for record in records} == {utc("2026-03-05 16:00")}
    assert Deadline.objects.filter(state="superseded", clock__state="running").count() == 0
    assert [replan.replan(utc("2026-03-04 09:01"), limit=2) for _chunk in range(4)] == [2, 2, 1, 0]
    assert Deadline.objects.filter(state="superseded", generation=1, clock__state="running").count() == 5
    assert {clock(record).due_at for record in records} == {utc("2026-03-06 16:00")}
    assert {row.calendar_version for row in Clock.objects.filter(state="running")} == {2}
    assert clock(done).calendar_version == 1


def test_an_edited_target_moves_running_clocks() -> None:
    promise = target(always(), 60)
    pause("user")
    record, paused = open_at(utc("2026-03-04 07:00")), open_at(utc("2026-03-04 07:00"))
    move(paused, "hold", utc("2026-03-04 07:10"), "user")
    promise.minutes = 90
    promise.save()
    with door(SYSTEM):
        replan.ask("rules", actor=SYSTEM, at=utc("2026-03-04 07:20"))
    assert replan.replan(utc("2026-03-04 07:21")) == 2
    assert replan.replan(utc("2026-03-04 07:21")) == 0
    assert clock(record).due_at == utc("2026-03-04 08:30")
    assert (clock(paused).target_minutes, clock(paused).due_at) == (90, None)
