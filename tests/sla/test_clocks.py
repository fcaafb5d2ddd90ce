"""Clocks follow their record: started, paused, resumed, stopped, reopened, retargeted, undone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.queries import SYSTEM
from journal.units import door
from records import commands as records
from sla.commands import replan
from sla.models import Clock, Segment
from sla.queries.rules import Asked
from sla.queries.rules import now as current_rules
from tests.factories import make_user
from tests.sla.rooms import (
    always,
    clock,
    deadlines,
    locked,
    move,
    office,
    open_at,
    pause,
    respond,
    retarget,
    service,
    step,
    target,
    utc,
)

pytestmark = pytest.mark.django_db


def test_two_clocks_start_and_the_record_knows_the_nearer() -> None:
    target(always(), 15, "response")
    target(office(), 4 * 60)
    record = open_at(utc("2026-03-04 07:30"))
    record.refresh_from_db()
    assert clock(record, "response").due_at == utc("2026-03-04 07:45")
    assert clock(record).due_at == utc("2026-03-04 12:30")  # 8:30-12 and half an hour after lunch
    assert record.due_at == utc("2026-03-04 07:45")
    respond(record, utc("2026-03-04 07:40"))
    record.refresh_from_db()
    assert clock(record, "response").state == "stopped"
    assert record.due_at == utc("2026-03-04 12:30")
    assert record.risk_at == [utc(f"2026-03-04 {time}") for time in ("08:30", "09:30", "10:30", "12:06", "12:30")]


def test_no_target_no_clock() -> None:
    target(always(), 15, priority=1)
    record = open_at(utc("2026-03-04 07:30"), priority=3)
    assert not Clock.objects.filter(record=record).exists()
    assert record.due_at is None


def test_the_most_specific_target_counts() -> None:

    calendar = always()
    mail = service("mail")
    target(calendar, 600)
    target(calendar, 300, priority=2)
    target(calendar, 200, service=mail)
    target(calendar, 100, priority=2, service=mail)
    at = utc("2026-03-04 07:00")
    found = [
        clock(open_at(at, priority=priority, service=hit)).target_minutes for priority in (3, 2) for hit in (None, mail)
    ]
    assert found == [600, 200, 300, 100]


def test_opening_a_record_with_two_clocks_costs_three_statements() -> None:

    target(always(), 15, "response")
    target(office(), 240)
    step(percent=75)
    with door(SYSTEM):
        replan.ask("rules", actor=SYSTEM, at=utc("2026-03-04 07:00"))
    open_at(utc("2026-03-04 07:30"))
    with CaptureQueriesContext(connection) as with_clocks:
        open_at(utc("2026-03-04 07:31"))
    mine = [query["sql"] for query in with_clocks if '"sla_' in query["sql"]]
    assert len(mine) == 3


def test_waiting_for_a_pausing_reason_stops_the_time_and_nothing_is_due() -> None:
    target(office(), 4 * 60)
    pause("user")
    record = open_at(utc("2026-03-04 07:30"))
    move(record, "hold", utc("2026-03-04 08:30"), "user")
    record.refresh_from_db()
    assert (clock(record).state, clock(record).due_at, record.due_at) == ("paused", None, None)
    assert clock(record).consumed_seconds == 3600
    assert deadlines(record) == []
    move(record, "start", utc("2026-03-05 07:30"))  # next day 8:30
    assert clock(record).due_at == utc("2026-03-05 10:30")
    assert clock(record).generation == 2
    assert deadlines(record) == [("resolution", -1, 0, utc("2026-03-05 10:30"))]


def test_a_reason_that_does_not_pause_lets_the_clock_run() -> None:
    target(office(), 4 * 60)
    pause("user")
    record = open_at(utc("2026-03-04 07:30"))
    move(record, "hold", utc("2026-03-04 08:30"), "change")
    assert clock(record).state == "running"
    move(record, "hold", utc("2026-03-04 09:30"), "user")
    assert clock(record).pause_reason == "user"
    move(record, "hold", utc("2026-03-04 10:00"), "change")
    assert clock(record).due_at == utc("2026-03-04 13:00")


def test_done_stops_both_and_says_whether_the_promise_was_kept() -> None:
    calendar = always()
    target(calendar, 15, "response")
    target(calendar, 60)
    record = open_at(utc("2026-03-04 07:00"))
    move(record, "resolve", utc("2026-03-04 07:30"))
    assert clock(record, "response").breached_at == utc("2026-03-04 07:15")
    assert clock(record).breached_at is None
    assert clock(record).stopped_at == utc("2026-03-04 07:30")
    assert deadlines(record) == []


def test_the_due_instant_still_keeps_the_promise() -> None:
    target(always(), 60)
    kept, broken = open_at(utc("2026-03-04 07:00")), open_at(utc("2026-03-04 07:00"))
    move(kept, "resolve", utc("2026-03-04 08:00"))
    move(broken, "resolve", utc("2026-03-04 08:00:00.000001"))
    assert clock(kept).breached_at is None
    assert clock(broken).breached_at == utc("2026-03-04 08:00")


def test_reopening_counts_the_time_while_done_as_a_pause() -> None:
    calendar = always()
    target(calendar, 15, "response")
    target(calendar, 60)
    record = open_at(utc("2026-03-04 07:00"))
    move(record, "resolve", utc("2026-03-04 07:10"))
    move(record, "reopen", utc("2026-03-06 12:00"))
    assert clock(record).due_at == utc("2026-03-06 12:50")
    assert clock(record, "response").state == "stopped"
    move(record, "resolve", utc("2026-03-06 12:30"))
    assert clock(record).consumed_seconds == 40 * 60


def test_retarget_keeps_the_time_used_on_the_same_calendar() -> None:
    calendar = office()
    target(calendar, 8 * 60, priority=3)
    target(calendar, 4 * 60, priority=2)
    record = open_at(utc("2026-03-04 07:00"), priority=3)
    retarget(record, utc("2026-03-04 09:00"), priority=2)
    assert clock(record).due_at == utc("2026-03-04 11:00")
    retarget(record, utc("2026-03-04 09:30"), priority=3)
    assert clock(record).due_at == utc("2026-03-04 16:00")
    assert deadlines(record, "superseded") == [
        ("resolution", -1, 0, utc("2026-03-04 11:00")),
        ("resolution", -1, 0, utc("2026-03-04 16:00")),
    ]


def test_retarget_to_another_calendar_carries_what_was_used() -> None:
    target(office(), 16 * 60, priority=3)
    target(always(), 4 * 60, priority=1)
    record = open_at(utc("2026-03-06 13:00"), priority=3)  # Friday 14:00, three hours until closing
    retarget(record, utc("2026-03-09 07:00"), priority=1)  # Monday 8:00
    assert clock(record).due_at == utc("2026-03-09 08:00")
    retarget(record, utc("2026-03-09 07:30"), priority=3)
    assert clock(record).consumed_seconds == int(3.5 * 3600)
    assert clock(record).due_at == utc("2026-03-10 13:00")  # 12.5 hours from Monday 8:30


def test_a_promise_already_used_up_by_the_change_is_overdue_from_when_it_was() -> None:
    calendar = always()
    target(calendar, 480, priority=3)
    target(calendar, 60, priority=1)
    record = open_at(utc("2026-03-04 07:00"), priority=3)
    retarget(record, utc("2026-03-04 11:00"), priority=1)
    assert clock(record).due_at == utc("2026-03-04 08:00")
    assert deadlines(record) == [("resolution", -1, 0, utc("2026-03-04 11:00"))]


def test_a_promise_may_begin_or_end_with_a_change_of_target() -> None:
    target(always(), 60, priority=1)
    record = open_at(utc("2026-03-04 07:00"), priority=3)
    retarget(record, utc("2026-03-04 08:00"), priority=1)
    assert clock(record).due_at == utc("2026-03-04 09:00")
    retarget(record, utc("2026-03-04 08:30"), priority=3)
    assert (clock(record).state, deadlines(record)) == ("stopped", [])
    retarget(record, utc("2026-03-04 10:00"), priority=1)
    assert clock(record).due_at == utc("2026-03-04 10:30")


def test_retarget_while_paused_waits_with_the_plan() -> None:
    calendar = always()
    target(calendar, 480, priority=3)
    target(calendar, 60, priority=1)
    pause("user")
    record = open_at(utc("2026-03-04 07:00"), priority=3)
    move(record, "hold", utc("2026-03-04 07:30"), "user")
    retarget(record, utc("2026-03-04 08:00"), priority=1)
    assert (clock(record).due_at, deadlines(record)) == (None, [])
    move(record, "start", utc("2026-03-04 09:00"))
    assert clock(record).due_at == utc("2026-03-04 09:30")


def test_undone_resolution_leaves_the_clock_as_if_it_had_never_stopped() -> None:

    calendar = always()
    target(calendar, 15, "response")
    target(calendar, 60)
    record = open_at(utc("2026-03-04 07:00"))
    before = records.state_of(record)
    move(record, "resolve", utc("2026-03-04 07:10"))
    with locked(record, utc("2026-03-04 07:11")) as at:
        records.move_back(record, before, done_at=utc("2026-03-04 07:10"), actor=SYSTEM, at=at)
    assert clock(record).due_at == utc("2026-03-04 08:00")
    assert clock(record, "response").due_at == utc("2026-03-04 07:15")
    assert [row.kind for row in Segment.objects.filter(clock=clock(record)).order_by("seq")] == [
        "started", "stopped", "undone",
    ]  # fmt: skip


def test_a_response_outside_the_target_is_judged_by_its_time() -> None:
    target(always(), 15, "response")
    record = open_at(utc("2026-03-04 07:00"))
    respond(record, utc("2026-03-04 07:16"))
    assert clock(record, "response").breached_at == utc("2026-03-04 07:15")
    assert deadlines(record, "fired") == [("response", -1, 0, utc("2026-03-04 07:15"))]


def test_a_customer_may_be_promised_something_else_and_keeps_it_while_the_requester_is_theirs() -> None:
    calendar = always()
    target(calendar, 480, priority=3)
    target(calendar, 240, customer="Emergency ward")
    target(calendar, 600, service=(vpn := service("vpn")))
    ward, office_clerk = make_user(unit="emergency ward"), make_user(unit="Archive")
    record = open_at(utc("2026-03-04 07:00"), priority=3, requester=ward)
    assert clock(record).target_minutes == 240
    retarget(record, utc("2026-03-04 08:00"), requester=office_clerk)
    assert (clock(record).target_minutes, clock(record).due_at) == (480, utc("2026-03-04 15:00"))
    retarget(record, utc("2026-03-04 09:00"), requester=ward, service=vpn)
    assert clock(record).target_minutes == 600


def test_a_promise_can_be_asked_before_there_is_a_record() -> None:
    calendar = always()
    target(calendar, 480)
    target(calendar, 240, customer="Emergency ward")
    rules = current_rules().rules
    minutes = [
        found.minutes
        for unit in ("Emergency ward", "Kitchen", "")
        if (found := rules.promised(Asked("incident", "resolution", 3, None, unit)))
    ]
    assert minutes == [240, 480, 480]
