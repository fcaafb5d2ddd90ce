"""Whole lives of records, made up by Hypothesis, against the minute-by-minute oracle: sweeps that die, edits, merges.

The suite looks at a few; `make soak` at many (SPINDEL_SOAK_EXAMPLES, 200 unless told).
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from accounts.queries import SYSTEM
from journal.models import Event
from journal.units import door
from records import commands as records
from records.models import Record
from sla.commands import replan, sweep
from sla.commands.audit import audit_all
from sla.models import Clock, Deadline
from sla.queries.audit import armed_after_the_end, unarmed
from tests.sla.oracle import MINUTE, Hours, Life, Told
from tests.sla.rooms import (
    OFFICE,
    always,
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
from workforce.commands import CalendarContent, OwnDay, edit_calendar
from workforce.models import Calendar

STARTS = [utc(text) for text in ("2026-03-27 14:00", "2026-03-04 11:30", "2026-10-23 13:30", "2026-04-02 22:00")]
PROMISES = {  # priority: response, resolution
    1: ((40, "always"), (240, "always")), 2: ((60, "always"), (240, "office")),
    3: ((120, "office"), (480, "office")), 4: ((240, "office"), (960, "office")),
}  # fmt: skip
OF_THE_SERVICE = (600, "office")
"""What is promised for the resolution of any record of the service, whatever its priority."""
TOLD = ("sla.step_fired", "sla.breached")
PAUSING = ("user", "supplier")
STEPS: list[tuple[str, dict[str, Any]]] = [
    ("response", {"percent": 50}),
    ("resolution", {"percent": 25}),
    ("resolution", {"percent": 75, "priority": 1}),
    ("resolution", {"offset_minutes": -60}),
    ("resolution", {"offset_minutes": 30, "repeat_minutes": 60, "repeat_count": 2}),
    ("resolution", {"offset_minutes": 0, "priority": 3}),
]
waits = st.one_of(st.just(0), st.integers(1, 90), st.integers(90, 900), st.integers(900, 3 * 1440))


class Killed(BaseException):
    """The process dies here: nothing catches it."""


@contextmanager
def killed_at(statement: int | None) -> Iterator[None]:
    """Die before the n-th statement; the transaction is rolled back as the server would do. None: live."""
    left = [statement]

    def count(execute: Any, *call: Any) -> Any:
        if left[0] is not None:
            left[0] -= 1
            if left[0] < 0:
                left[0] = None
                raise Killed
        return execute(*call)

    try:
        with connection.execute_wrapper(count):
            yield
    except Killed:
        pass


@dataclass
class Case:
    """A record beside what the oracle thinks of its two promises."""

    record: Record
    lives: dict[str, Life]
    state: str = "open"
    has_service: bool = False
    said: Counter[tuple[str, int, int]] = field(default_factory=Counter)

    def each(self, name: str, *metrics: str) -> None:
        """Do that to those lives that have not stopped."""
        for metric, life in self.lives.items():
            if metric in (metrics or self.lives) and life.walk.state != "stopped":
                life.act(name)


class Lives(RuleBasedStateMachine):
    """What may happen to records with promises, in any order, while sweeps come and die."""

    @initialize(start=st.sampled_from(STARTS))
    def begin(self, start: datetime) -> None:
        """An installation with two kinds of hours, promises for each priority, steps, pauses."""
        self.atomic = transaction.atomic()
        self.atomic._from_testcase = True  # type: ignore[attr-defined]  # doors are durable everywhere else
        self.atomic.__enter__()
        self.now, self.cases, self.closed = start, list[Case](), set[date]()
        self.calendars: dict[str, Calendar] = {"office": office(), "always": always()}
        self.doors = {"office": Hours("Europe/Stockholm", OFFICE), "always": Hours("UTC", always=True)}
        for priority, promised in PROMISES.items():
            for metric, (minutes, name) in zip(("response", "resolution"), promised, strict=True):
                target(self.calendars[name], minutes, metric, priority)
        self.service = service("vpn")
        target(self.calendars["office"], OF_THE_SERVICE[0], service=self.service)
        pause(*PAUSING)
        self.steps = {"response": list[Told](), "resolution": list[Told]()}
        for metric, values in STEPS:
            row = step(metric, **values)
            self.steps[metric].append(
                Told(row.pk, values.get("percent"), values.get("offset_minutes"), values.get("priority"),
                     values.get("repeat_minutes", 0), values.get("repeat_count", 0))
            )  # fmt: skip
        self.open(wait=0, priority=3)

    def promised(self, case_or_priority: "Case | int", metric: str, *, has_service: bool = False) -> tuple[int, str]:
        """What a record is promised."""
        if metric == "resolution" and has_service:
            return OF_THE_SERVICE
        priority = case_or_priority if isinstance(case_or_priority, int) else case_or_priority.record.priority
        return PROMISES[priority][0 if metric == "response" else 1]

    @rule(wait=waits, priority=st.integers(1, 4))
    @precondition(lambda self: len(self.cases) < 3)
    def open(self, wait: int, priority: int) -> None:
        """Somebody reports something."""
        self.pass_time(wait)
        lives = {
            metric: Life(self.doors, self.now, self.promised(priority, metric), self.steps[metric], priority)
            for metric in ("response", "resolution")
        }
        self.cases.append(Case(open_at(self.now, priority=priority), lives))

    def pass_time(self, wait: int) -> None:
        """Time passes, whole minutes of it."""
        self.now += wait * MINUTE
        for case in self.cases:
            for life in case.lives.values():
                life.go_to(self.now)

    def pick(self, wait: int, number: int, *states: str) -> Case | None:
        """After a while, one of the records in these states."""
        self.pass_time(wait)
        fitting = [case for case in self.cases if case.state in states]
        if not fitting:
            return None
        case = fitting[number % len(fitting)]
        case.record = Record.objects.get(pk=case.record.pk)
        return case

    numbers = st.integers(0, 5)

    @rule(wait=waits, number=numbers)
    def answer(self, wait: int, number: int) -> None:
        """The first response."""
        case = self.pick(wait, number, "open", "waiting")
        if case is not None and case.record.responded_at is None:
            respond(case.record, self.now)
            case.each("stop", "response")
            self.check(case)

    @rule(wait=waits, number=numbers, reason=st.sampled_from(["user", "supplier", "change"]))
    def hold(self, wait: int, number: int, reason: str) -> None:
        """It waits for somebody, which pauses the time for some reasons."""
        case = self.pick(wait, number, "open")
        if case is not None:
            move(case.record, "hold", self.now, reason)
            case.state = "waiting"
            if reason in PAUSING:
                case.each("pause")
            self.check(case)

    @rule(wait=waits, number=numbers)
    def resume(self, wait: int, number: int) -> None:
        """It goes on."""
        case = self.pick(wait, number, "waiting")
        if case is not None:
            move(case.record, "start", self.now)
            case.state = "open"
            for life in case.lives.values():
                if life.walk.state == "paused":
                    life.act("resume")
            self.check(case)

    @rule(wait=waits, number=numbers)
    def resolve(self, wait: int, number: int) -> None:
        """It is done."""
        case = self.pick(wait, number, "open", "waiting")
        if case is not None:
            move(case.record, "resolve", self.now)
            case.state = "done"
            case.each("stop")
            self.check(case)

    @rule(wait=waits, number=numbers)
    def reopen(self, wait: int, number: int) -> None:
        """It comes back: only the time to the resolution goes on, by the promise that holds now."""
        case = self.pick(wait, number, "done")
        if case is not None:
            move(case.record, "reopen", self.now)
            case.state = "open"
            life = case.lives["resolution"]
            life.act("resume")
            life.count_again()
            self.repromise(case)
            self.check(case)

    @rule(wait=waits, number=numbers, priority=st.integers(1, 4))
    def prioritise(self, wait: int, number: int, priority: int) -> None:
        """Another priority is another promise; time used so far stays used."""
        case = self.pick(wait, number, "open", "waiting", "done")
        if case is not None and case.record.priority != priority:
            retarget(case.record, self.now, priority=priority)
            self.repromise(case)
            self.check(case)

    @rule(wait=waits, number=numbers)
    def serve(self, wait: int, number: int) -> None:
        """It turns out to be about the service, or not."""
        case = self.pick(wait, number, "open", "waiting", "done")
        if case is not None:
            case.has_service = not case.has_service
            retarget(case.record, self.now, service=self.service if case.has_service else None)
            self.repromise(case)
            self.check(case)

    def repromise(self, case: Case) -> None:
        """What the record is promised from now on, for what has not stopped."""
        for metric, life in case.lives.items():
            promised = self.promised(case, metric, has_service=case.has_service)
            if life.walk.state == "stopped":
                continue
            changed = life.priority != case.record.priority
            if changed or promised != (life.walk.minutes, life.walk.calendar):
                life.act("promise", promised, case.record.priority)

    @rule(wait=waits, number=numbers)
    def merge(self, wait: int, number: int) -> None:
        """It was the same as another one: its promises end, the other one's go on."""
        case = self.pick(wait, number, "open", "waiting")
        other = next((each for each in self.cases if each is not case and each.state in ("open", "waiting")), None)
        if case is not None and other is not None:
            with locked(case.record, self.now) as at:
                records.merge_into(case.record, other.record, actor=SYSTEM, at=at)
            case.state = "merged"
            case.each("stop")
            self.check(case)
            self.check(other)

    @rule(wait=waits, ahead=st.integers(-2, 4), dies=st.none() | st.integers(0, 60))
    def edit_hours(self, wait: int, ahead: int, dies: int | None) -> None:
        """A day is closed, or open after all: running clocks count it from the start of their promise."""
        self.pass_time(wait)
        day = (self.now + timedelta(days=ahead)).date()
        self.closed ^= {day}
        content = CalendarContent(
            name={"en": "office"}, weekly=OFFICE, days={each: OwnDay(name="Own") for each in self.closed}
        )
        with door(SYSTEM):
            calendar = edit_calendar(self.calendars["office"], content, actor=SYSTEM, at=self.now)
        with door(SYSTEM):
            replan.ask("calendar", calendar_id=calendar.pk, actor=SYSTEM, at=self.now)
        with killed_at(dies):
            replan.replan(self.now, limit=2)
        while replan.replan(self.now, limit=2):
            pass
        self.doors["office"] = Hours("Europe/Stockholm", OFFICE, frozenset(self.closed))
        for case in self.cases:
            for life in case.lives.values():
                if life.walk.state != "stopped" and life.walk.calendar == "office":
                    life.count_again()
            self.check(case)

    @rule(wait=waits, dies=st.none() | st.integers(0, 80), limit=st.integers(1, 5))
    def sweep(self, wait: int, dies: int | None, limit: int) -> None:
        """A sweep comes by, and dies at some statement."""
        self.pass_time(wait)
        with killed_at(dies):
            sweep(self.now, limit=limit)

    @rule(wait=waits, dies=st.lists(st.integers(0, 60), max_size=2))
    def sweep_all(self, wait: int, dies: list[int]) -> None:
        """Sweeps come by until nothing is left: then exactly what has come was said, each once."""
        self.pass_time(wait)
        for each in dies:
            with killed_at(each):
                sweep(self.now)
        while sweep(self.now):
            pass
        for case in self.cases:
            self.check_said(case)

    def check(self, case: Case) -> None:
        """State, due time and time used are the oracle's."""
        clocks = {clock.metric: clock for clock in Clock.objects.filter(record=case.record)}
        for metric, life in case.lives.items():
            clock, walk = clocks[metric], life.walk
            assert (metric, clock.state) == (metric, walk.state)
            assert (metric, clock.consumed_seconds) == (metric, walk.used * 60) or clock.state == "running"
            if walk.state == "running":
                assert (metric, clock.due_at) == (metric, walk.due())
        assert not unarmed().exists()
        assert not armed_after_the_end().exists()

    def check_said(self, case: Case) -> None:
        """Each step that has come was said once; the breach as often as it came to be ahead again."""
        events = Event.objects.filter(subject_kind="incident", subject_id=case.record.pk, code__in=TOLD)
        said = Counter(
            (event.data["metric"], event.data.get("step_id", 0), event.data.get("cycle", 0)) for event in events
        )
        expected: Counter[tuple[str, int, int]] = Counter()
        for metric, life in case.lives.items():
            expected.update({(metric, number, cycle): 1 for number, cycle in life.fired})
            expected.update({(metric, 0, 0): life.breaches})
        assert said == +expected

    def teardown(self) -> None:
        """In the end everything was said, and every clock follows from its ledger."""
        if not hasattr(self, "atomic"):
            return
        try:
            self.sweep_all(wait=0, dies=[])
            for case in self.cases:
                self.check(case)
            assert audit_all(self.now) == 0
            assert not Deadline.objects.filter(state="parked").exists()
        finally:
            transaction.set_rollback(True)  # Django's signature
            self.atomic.__exit__(None, None, None)


QUIET = [HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.filter_too_much]


@pytest.mark.django_db
def test_lives_of_records_are_those_of_the_walk() -> None:
    few = settings(
        max_examples=30, stateful_step_count=14, deadline=None, phases=[Phase.generate], suppress_health_check=QUIET
    )
    run_state_machine_as_test(Lives, settings=few)


@pytest.mark.soak
@pytest.mark.timeout(7200)
@pytest.mark.django_db
def test_many_lives_of_records_are_those_of_the_walk() -> None:
    many = settings(
        max_examples=int(os.environ.get("SPINDEL_SOAK_EXAMPLES", "200")), stateful_step_count=30, deadline=None,
        derandomize=False, suppress_health_check=QUIET, print_blob=True,
    )  # fmt: skip
    run_state_machine_as_test(Lives, settings=many)
