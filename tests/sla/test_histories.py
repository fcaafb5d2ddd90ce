"""Whole histories against an independent walk, minute by minute; and what must not matter."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from journal.models import Event
from kernel.calendars import WorkingCalendar
from kernel.zones import MICROSECOND
from records.models import Record
from sla.commands import sweep
from sla.commands.audit import audit_all
from sla.ledger import ClockState, Entry, Kind, Step, fold, measure, plan, reached_at, used
from sla.models import Deadline
from tests.sla.oracle import MINUTE, Hours, Walk
from tests.sla.rooms import OFFICE, always, clock, move, office, open_at, pause, retarget, step, target, utc

SHIFTS = tuple((day, start, end) for day in range(7) for start, end in ((0, 90), (1320, 1440)))
DOORS = {
    "office": Hours("Europe/Stockholm", OFFICE, frozenset({date(2026, 4, 3), date(2026, 4, 6)})),
    "island": Hours("Australia/Lord_Howe", OFFICE),  # half an hour of summer time
    "night": Hours("America/Santiago", SHIFTS),  # its clocks change at midnight
    "always": Hours("UTC", always=True),
}
NUMBERS = dict(enumerate(DOORS, 1))
PROMISES = [(60, "always"), (480, "office"), (240, "office"), (600, "island"), (300, "night"), (1440, "always")]
STARTS = [utc(text) for text in ("2026-03-27 15:00", "2026-04-02 14:00", "2026-04-04 12:00", "2026-10-23 14:30")]

starts = st.builds(lambda day, minutes: day + minutes * MINUTE, st.sampled_from(STARTS), st.integers(0, 600))
waits = st.integers(1, 1200)
actions = st.one_of(st.sampled_from(["pause", "resume", "done", "reopen"]), st.sampled_from(PROMISES))
histories = st.lists(st.tuples(waits, actions), max_size=6)


def calendar_of(hours: Hours) -> WorkingCalendar:
    if hours.always:
        return WorkingCalendar(hours.zone, always_open=True)
    return WorkingCalendar(hours.zone, hours.weekly, dict.fromkeys(hours.closed, ()))


CALENDARS = {number: calendar_of(DOORS[name]) for number, name in NUMBERS.items()}


class Ledger:
    """Entries written as the room writes them, beside the walk."""

    def __init__(self, at: datetime, promise: tuple[int, str]) -> None:
        self.entries: list[Entry] = []
        self.walk = Walk(DOORS, at, *promise)
        self.add(Kind.STARTED, self.data(promise))

    def data(self, promise: tuple[int, str]) -> dict[str, object]:
        number = next(number for number, name in NUMBERS.items() if name == promise[1])
        return {"target": 1, "minutes": promise[0], "calendar": number, "version": 1, "tzdata": "x", "priority": 3}

    def add(self, kind: Kind, data: dict[str, object] | None = None) -> None:
        self.entries.append(Entry(len(self.entries) + 1, kind, self.walk.at, "", data or {}))

    @property
    def state(self) -> ClockState:
        return fold(self.entries)

    @property
    def calendar(self) -> WorkingCalendar:
        return CALENDARS[self.state.promise.calendar]

    def act(self, action: str | tuple[int, str]) -> None:
        state = self.walk.state
        if isinstance(action, tuple) and state != "stopped":
            data = self.data(action)
            if data["calendar"] != self.state.promise.calendar:
                data["carried"] = used(self.state, self.calendar, self.walk.at) // MICROSECOND
            self.walk.promise(*action)
            self.add(Kind.RETARGETED, data)
        elif action == "pause" and state == "running":
            self.walk.pause()
            self.add(Kind.PAUSED)
        elif action == "resume" and state == "paused":
            self.walk.resume()
            self.add(Kind.RESUMED)
        elif action == "done" and state != "stopped":
            self.walk.stop()
            self.add(Kind.STOPPED)
        elif action == "reopen" and state == "stopped":
            self.walk.resume()
            self.add(Kind.REOPENED)


def lived(start: datetime, promise: tuple[int, str], history: list[tuple[int, object]]) -> Iterator[Ledger]:
    ledger = Ledger(start, promise)
    yield ledger
    for wait, action in history:
        ledger.walk.go_to(ledger.walk.at + wait * MINUTE)
        ledger.act(action)
        yield ledger


@settings(max_examples=30, deadline=None)
@given(starts, st.sampled_from(PROMISES), histories)
def test_due_and_used_are_those_of_the_walk(
    start: datetime, promise: tuple[int, str], history: list[tuple[int, object]]
) -> None:
    for ledger in lived(start, promise, history):
        measured = measure(ledger.state, ledger.calendar, ledger.walk.at)
        assert measured.used == ledger.walk.used * MINUTE
    if ledger.walk.state != "stopped":
        assert measured.due_at == ledger.walk.due()


@settings(max_examples=30, deadline=None)
@given(starts, st.sampled_from(PROMISES), histories, st.integers(1, 99))
def test_warnings_come_before_due_in_open_time_and_never_before_the_plan(
    start: datetime, promise: tuple[int, str], history: list[tuple[int, object]], percent: int
) -> None:
    *_before, ledger = lived(start, promise, history)
    state, calendar = ledger.state, ledger.calendar
    if not state.is_running:
        assert plan(state, calendar, [Step(1, "x", percent=percent)], set()) == []
        return
    due = measure(state, calendar, ledger.walk.at).due_at
    assert due is not None
    amount = state.promise.length * percent / 100
    warned = reached_at(state, calendar, amount)
    assert warned <= due
    if warned >= state.planned_at and warned > state.stretches[-1].start:
        assert calendar.is_open(warned)
        assert used(state, calendar, warned) == amount
    armed = plan(state, calendar, [Step(1, "x", percent=percent)], set())
    assert all(each.due_at >= state.planned_at for each in armed)


@settings(max_examples=25, deadline=None)
@given(starts, histories, st.randoms())
def test_the_order_in_which_entries_are_read_does_not_matter(
    start: datetime, history: list[tuple[int, object]], chance: object
) -> None:
    *_before, ledger = lived(start, PROMISES[1], history)
    shuffled = list(ledger.entries)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]  # a random.Random
    assert fold(shuffled) == fold(ledger.entries)


@settings(max_examples=25, deadline=None)
@given(starts, st.sampled_from(PROMISES), waits, waits)
def test_a_pause_without_length_and_a_pause_in_two_parts_change_nothing(
    start: datetime, promise: tuple[int, str], first: int, second: int
) -> None:
    once = [*lived(start, promise, [(first, "pause"), (second + 5, "resume")])][-1]
    parts = [(first, "pause"), (second, "resume"), (0, "pause"), (5, "resume")]
    twice = [*lived(start, promise, parts)][-1]
    never = [*lived(start, promise, [(first, "pause"), (0, "resume")])][-1]
    plain = Ledger(start, promise)
    now = once.walk.at
    assert measure(once.state, once.calendar, now) == measure(twice.state, twice.calendar, now)
    assert measure(never.state, never.calendar, now).due_at == measure(plain.state, plain.calendar, now).due_at


@settings(max_examples=25, deadline=None)
@given(starts, waits, waits)
def test_there_and_back_on_one_calendar_is_as_if_nothing_had_changed(start: datetime, first: int, second: int) -> None:
    (*_a, changed) = lived(start, (480, "office"), [(first, (240, "office")), (second, (480, "office"))])
    plain = Ledger(start, (480, "office"))
    at = changed.walk.at
    assert measure(changed.state, changed.calendar, at).due_at == measure(plain.state, plain.calendar, at).due_at


STORED = {1: (60, "always"), 2: (240, "office"), 3: (480, "office"), 4: (1440, "always")}
MOVES = {"pause": ("hold", "user"), "resume": ("start", ""), "done": ("resolve", ""), "reopen": ("reopen", "")}
stored_actions = st.one_of(st.sampled_from(sorted(MOVES)), st.sampled_from(sorted(STORED)))
stored_histories = st.lists(st.tuples(waits, stored_actions), max_size=6)


def arrange() -> None:
    calendars = {"office": office(), "always": always()}
    for priority, (minutes, name) in STORED.items():
        target(calendars[name], minutes, priority=priority)
    pause("user")
    step(percent=50)
    step(offset_minutes=-30)
    step(offset_minutes=15, repeat_minutes=60, repeat_count=1)


def live(record: Record, walk: Walk, history: list[tuple[int, object]], *, is_swept: bool) -> None:
    for wait, action in history:
        walk.go_to(walk.at + wait * MINUTE)
        if is_swept:
            sweep(walk.at - MINUTE)
        if isinstance(action, int):
            retarget(record, walk.at, priority=action)
            walk.promise(*STORED[action]) if walk.state != "stopped" else None
            continue
        fits = {"pause": "running", "resume": "paused", "done": "running", "reopen": "stopped"}[str(action)]
        if walk.state == fits:
            move(record, MOVES[str(action)][0], walk.at, MOVES[str(action)][1])
            {"pause": walk.pause, "done": walk.stop}.get(str(action), walk.resume)()
            if action == "reopen":
                walk.promise(*STORED[record.priority])


def said(record: Record) -> list[tuple[str, object, object]]:
    events = Event.objects.filter(subject_id=record.pk, code__startswith="sla.").order_by("seq")
    return [(event.code, event.data.get("step"), event.data.get("cycle")) for event in events]


@pytest.mark.django_db
@settings(
    max_examples=8, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(starts, stored_histories)
def test_stored_clocks_are_those_of_the_walk_and_sweeps_change_nothing_but_lateness(
    start: datetime, history: list[tuple[int, object]]
) -> None:
    if not Deadline.objects.exists() and not Record.objects.exists():
        arrange()
    doors = {"office": Hours("Europe/Stockholm", OFFICE), "always": DOORS["always"]}
    walks = [Walk(doors, start, *STORED[3]) for _each in range(2)]
    swept = open_at(start, priority=3)
    live(swept, walks[0], history, is_swept=True)
    unswept = open_at(start, priority=3)
    live(unswept, walks[1], history, is_swept=False)
    stored, end = clock(swept), walks[0].at
    assert stored.state == walks[0].state
    if stored.state != "stopped":
        assert stored.due_at == walks[0].due()
    assert audit_all(end) == 0
    while sweep(end + timedelta(days=40)):
        pass
    assert said(swept) == said(unswept)
    assert len(said(swept)) == len(set(said(swept))) or ("sla.breached", None, None) in said(swept)
    assert audit_all(end + timedelta(days=40)) == 0
