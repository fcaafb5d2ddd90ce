"""One named test for each class of bug in the timers of others (RELIABILITY 2.1, DEMAND 2A and 5).

The arithmetic of S1-S3, S12 and S15 is tested in tests/kernel/test_calendars_named.py; here a whole record goes
through it. The sources are in the pages; only the idea is taken.
"""

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import IntegrityError, transaction

from accounts.queries import SYSTEM
from journal.models import Event
from journal.units import door
from records.models import Record
from sla.commands import sweep
from sla.commands.replan import ask, replan
from sla.models import Clock, Deadline
from sla.queries.audit import armed_after_the_end, outdated
from sla.queries.rules import now
from tests.sla.rooms import (
    OFFICE,
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
from workforce.commands import CalendarContent, OwnDay, add_calendar, edit_calendar
from workforce.models import Calendar

pytestmark = pytest.mark.django_db


def said(record: Record) -> list[str]:
    events = Event.objects.filter(subject_id=record.pk, code__startswith="sla.").order_by("seq")
    return [event.code for event in events]


def around_the_clock(zone: str) -> Calendar:
    """Open day and night, written as weekly hours."""
    weekly = tuple((day, 0, 1440) for day in range(7))
    with door(SYSTEM) as at:
        content = CalendarContent(name={"en": zone}, zone=zone, weekly=weekly)
        return add_calendar("night-and-day", content, actor=SYSTEM, at=at)


@pytest.mark.parametrize(
    ("zone", "opened", "due"),
    [  # across the night in which midnight itself moves: a day of the wall is 23 or 25 hours, 24 hours are 24 hours
        ("America/Santiago", "2026-04-04 15:00", "2026-04-05 15:00"),
        ("Asia/Beirut", "2026-03-28 12:00", "2026-03-29 12:00"),
        ("Africa/Cairo", "2026-10-29 12:00", "2026-10-30 12:00"),
    ],
)
def test_s01_a_midnight_that_moves_ends(zone: str, opened: str, due: str) -> None:
    target(around_the_clock(zone), 24 * 60)
    assert clock(open_at(utc(opened))).due_at == utc(due)


def test_s02_a_day_of_23_or_25_hours_counts_its_hours() -> None:
    target(around_the_clock("Europe/Stockholm"), 48 * 60)
    assert clock(open_at(utc("2026-03-27 23:00"))).due_at == utc("2026-03-29 23:00")
    assert clock(open_at(utc("2026-10-23 22:00"))).due_at == utc("2026-10-25 22:00")


def test_s03_the_zone_of_the_server_does_not_matter() -> None:
    """The same promise in processes with other zones gives the same bytes."""
    program = (
        "from datetime import datetime, timedelta, UTC\n"
        "from kernel.calendars import WorkingCalendar\n"
        "from sla.ledger import Entry, fold, measure\n"
        f"calendar = WorkingCalendar('Europe/Stockholm', {OFFICE!r})\n"
        "data = dict(target=1, minutes=480, calendar=1, version=1, tzdata='', priority=3)\n"
        "start = datetime(2026, 3, 27, 15, 0, tzinfo=UTC)\n"
        "print(measure(fold([Entry(1, 'started', start, '', data)]), calendar, start))\n"
    )
    answers = {
        subprocess.run(
            [sys.executable, "-c", program], cwd=settings.ROOT, env={**os.environ, "TZ": zone}, check=True,
            capture_output=True, text=True,
        ).stdout
        for zone in ("UTC", "Asia/Tokyo", "America/St_Johns")
    }  # fmt: skip
    assert len(answers) == 1


def test_s04_a_pause_over_a_weekend_a_holiday_or_a_change_of_time_keeps_what_is_left() -> None:
    target(office(country="SE"), 8 * 60)
    pause("user")
    record = open_at(utc("2026-04-02 12:00"))  # Thursday 14:00 before Good Friday
    move(record, "hold", utc("2026-04-02 13:00"), "user")
    move(record, "start", utc("2026-04-06 15:00"))  # Easter Monday: nothing counts until Tuesday 8:00
    assert clock(record).due_at == utc("2026-04-07 14:00")
    target(always(), 60, priority=1)
    other = open_at(utc("2026-03-28 20:00"), priority=1)
    move(other, "hold", utc("2026-03-28 20:20"), "user")
    move(other, "start", utc("2026-03-29 10:00"))
    assert clock(other).due_at == utc("2026-03-29 10:40")


def test_s04_a_pause_within_closed_time_changes_nothing() -> None:
    target(office(), 8 * 60)
    pause("user")
    record = open_at(utc("2026-03-04 12:00"))
    before = clock(record).due_at
    move(record, "hold", utc("2026-03-04 17:00"), "user")
    move(record, "start", utc("2026-03-05 05:00"))
    assert clock(record).due_at == before


def test_s05_a_change_of_priority_keeps_the_pauses_and_both_promises_in_the_ledger() -> None:
    calendar = always()
    target(calendar, 240, priority=3)
    target(calendar, 120, priority=2)
    pause("user")
    record = open_at(utc("2026-03-04 07:00"))
    move(record, "hold", utc("2026-03-04 07:30"), "user")
    move(record, "start", utc("2026-03-04 09:30"))
    retarget(record, utc("2026-03-04 10:00"), priority=2)
    assert clock(record).due_at == utc("2026-03-04 11:00")
    retarget(record, utc("2026-03-04 10:30"), priority=3)
    assert clock(record).due_at == utc("2026-03-04 13:00")


def test_s06_solved_and_reopened_at_once_is_a_pause_without_length() -> None:
    target(office(), 8 * 60)
    record = open_at(utc("2026-03-04 07:00"))
    before = clock(record).due_at
    move(record, "resolve", utc("2026-03-04 09:00"))
    move(record, "reopen", utc("2026-03-04 09:00"))
    assert clock(record).due_at == before


def test_s07_a_warning_before_the_due_time_falls_into_opening_hours() -> None:
    target(office(), 4 * 60)
    step(offset_minutes=-90)
    step(percent=75)
    record = open_at(utc("2026-03-03 14:00"))  # 15:00, two hours until closing: due at 10:00 the next day
    assert deadlines(record) == [
        ("resolution", 0, 0, utc("2026-03-04 07:30")),
        ("resolution", 1, 0, utc("2026-03-04 08:00")),
        ("resolution", -1, 0, utc("2026-03-04 09:00")),
    ]


def test_s07_a_warning_that_falls_on_a_closing_waits_for_the_opening() -> None:
    target(office(), 4 * 60)
    step(percent=50)
    record = open_at(utc("2026-03-03 14:00"))
    assert deadlines(record)[0] == ("resolution", 0, 0, utc("2026-03-04 07:00"))


def test_s08_a_holiday_entered_later_moves_every_running_clock() -> None:
    calendar = office()
    target(calendar, 8 * 60)
    pause("user")
    running, paused = open_at(utc("2026-03-04 12:00")), open_at(utc("2026-03-04 12:00"))
    move(paused, "hold", utc("2026-03-04 13:00"), "user")
    content = CalendarContent(name={"en": "office"}, weekly=OFFICE, days={date(2026, 3, 5): OwnDay()})
    with door(SYSTEM):
        edit_calendar(calendar, content, actor=SYSTEM, at=utc("2026-03-04 14:00"))
        ask("calendar", calendar_id=calendar.pk, actor=SYSTEM, at=utc("2026-03-04 14:00"))
    assert outdated(now()) == 2
    while replan(utc("2026-03-04 14:01")):
        pass
    assert outdated(now()) == 0
    assert clock(running).due_at == utc("2026-03-06 11:00")
    move(paused, "start", utc("2026-03-06 07:00"))
    assert clock(paused).due_at == utc("2026-03-06 15:00")
    assert Deadline.objects.filter(clock=clock(running), state="superseded").count() == 1  # kept as history


def test_s09_what_is_finished_escalates_no_more() -> None:
    target(always(), 60)
    step(percent=50)
    record = open_at(utc("2026-03-04 07:00"))
    move(record, "resolve", utc("2026-03-04 07:10"))
    assert sweep(utc("2026-03-05 07:00")) == 0
    assert said(record) == []
    assert not armed_after_the_end().exists()


def test_s10_fifty_sweeps_fire_once_and_the_table_refuses_a_double() -> None:
    target(always(), 60)
    step(percent=50)
    record = open_at(utc("2026-03-04 07:00"))
    for again in range(50):
        sweep(utc("2026-03-04 07:30") + timedelta(seconds=again))
    assert said(record) == ["sla.step_fired"]
    one = Deadline.objects.get(record=record, step=0)
    with pytest.raises(IntegrityError), transaction.atomic():
        Deadline.objects.create(
            clock=one.clock, record=record, step=0, cycle=0, generation=one.generation, due_at=one.due_at
        )  # fmt: skip


def test_s11_clocks_do_not_overrule_each_other_and_the_record_shows_the_nearest() -> None:
    calendar = always()
    target(calendar, 120, "response")
    target(calendar, 60)
    record = open_at(utc("2026-03-04 07:00"))
    record.refresh_from_db()
    assert record.due_at == utc("2026-03-04 08:00")
    respond(record, utc("2026-03-04 07:30"))
    record.refresh_from_db()
    assert record.due_at == clock(record).due_at == utc("2026-03-04 08:00")
    assert clock(record, "response").due_at == utc("2026-03-04 09:00")


def test_s12_opened_in_closed_time_the_whole_promise_lies_ahead() -> None:
    target(office(), 60)
    record = open_at(utc("2026-03-07 10:00"))  # Saturday
    assert clock(record).due_at == utc("2026-03-09 08:00")


def test_s13_repeated_reminders_follow_the_calendar() -> None:
    target(office(), 60)
    step(offset_minutes=60, repeat_minutes=180, repeat_count=2)
    record = open_at(utc("2026-03-06 13:00"))  # Friday 14:00: due 15:00
    assert [due for *_slot, due in deadlines(record)] == [
        utc(text)
        for text in ("2026-03-06 14:00", "2026-03-06 15:00", "2026-03-09 09:00", "2026-03-09 13:00")
    ]  # fmt: skip


def test_s14_nothing_says_that_it_is_running_so_nothing_hangs() -> None:
    """What a dying process had in its hands is armed again: there is no state in between (see test_engine)."""
    assert set(Deadline.State.values) == {"armed", "fired", "superseded", "parked"}
    target(always(), 60)
    record = open_at(utc("2026-03-04 07:00"))
    with pytest.raises(RuntimeError), transaction.atomic():
        fire_and_die(record)
    assert sweep(utc("2026-03-04 09:00")) == 1
    assert said(record) == ["sla.breached"]


def fire_and_die(record: Record) -> None:
    Deadline.objects.filter(record=record).update(state="fired")
    raise RuntimeError("killed before the commit")


@pytest.mark.parametrize(
    ("zone", "opened", "minutes", "due"),
    [
        ("Pacific/Apia", "2011-12-29 22:00", 24 * 60, "2011-12-30 22:00"),  # 30 December does not exist there
        ("Australia/Lord_Howe", "2026-04-04 12:00", 24 * 60, "2026-04-05 12:00"),
        ("Europe/Stockholm", "2028-02-28 12:00", 48 * 60, "2028-03-01 12:00"),
    ],
)
def test_s15_skipped_days_half_hours_and_leap_days(zone: str, opened: str, minutes: int, due: str) -> None:
    target(around_the_clock(zone), minutes)
    assert clock(open_at(utc(opened))).due_at == utc(due)


def test_nothing_becomes_overdue_while_it_waits() -> None:
    target(always(), 60)
    pause("user")
    record = open_at(utc("2026-03-04 07:00"))
    move(record, "hold", utc("2026-03-04 07:30"), "user")
    assert sweep(utc("2026-03-09 07:00")) == 0
    assert Clock.objects.get(record=record).breached_at is None
