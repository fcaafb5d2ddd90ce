"""The arithmetic of promises: what a clock's ledger means, and when what becomes due. Pure: no database, no Django.

A clock is whatever `fold` makes of its entries; nothing is ever carried over from an earlier result, so a stored clock
that differs from its ledger is wrong by definition. Policies, each held by a test:

- Time used so far is kept when the target changes. Under another calendar it is written down, as counted until then.
- An edited calendar counts for the whole time that it was promised: the edit corrects it, or it would not matter yet.
- The time while a record was done counts as a pause when it is reopened (DOMAIN I11: "restores the clock").
- What an undone act wrote to the ledger counts as never written.
- A promise is kept until its due time, that instant included.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from kernel.calendars import HORIZON, NeverOpen, WorkingCalendar
from kernel.zones import MICROSECOND

Slot = tuple[int, int]
"""(step, cycle): which step, and which of its repetitions, from 0."""

BREACH = -1
"""The step number of the breach itself."""

RISK_SHARES = (25, 50, 75, 90, 100)
"""Percent of the target after which a record's risk takes its next step (ARCHITECTURE 6)."""


class Kind(StrEnum):
    """What an entry says began at its instant."""

    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    RETARGETED = "retargeted"
    CALENDAR = "calendar"
    STOPPED = "stopped"
    REOPENED = "reopened"
    UNDONE = "undone"


class State(StrEnum):
    """Whether time is being used."""

    RUNNING = "running"
    PAUSED = "paused"
    STOPPED = "stopped"


PLANNING = frozenset({Kind.STARTED, Kind.RESUMED, Kind.RETARGETED, Kind.CALENDAR, Kind.REOPENED, Kind.UNDONE})
"""Entries after which everything ahead is armed anew; each one is a generation."""


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised: minutes of a calendar, as it stood, to a record of that priority."""

    target: int
    minutes: int
    calendar: int
    version: int
    tzdata: str
    priority: int

    @property
    def length(self) -> timedelta:
        """The promised working time."""
        return timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger. `data` holds the Promise's fields when started or retargeted."""

    seq: int
    kind: str
    at: datetime
    reason: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time during which the clock ran; `end` is None while it runs."""

    start: datetime
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClockState:
    """What the ledger says. `since` is when the present state began, `planned_at` the last entry that re-planned.

    `stretches` are by the promised calendar; what was used by earlier ones is `carried`.
    """

    state: State
    promise: Promise
    started_at: datetime
    since: datetime
    planned_at: datetime
    generation: int
    stretches: tuple[Stretch, ...]
    carried: timedelta = timedelta()
    pause_reason: str = ""
    stop_reason: str = ""

    @property
    def is_running(self) -> bool:
        """Whether time is being used."""
        return self.state is State.RUNNING

    @property
    def stopped_at(self) -> datetime | None:
        """When the promise ended."""
        return self.since if self.state is State.STOPPED else None


def fold(entries: Iterable[Entry]) -> ClockState:
    """The clock that this ledger means, whatever order its entries come in. ValueError without a start."""
    ordered = sorted(entries, key=lambda entry: entry.seq)
    void = {seq for entry in ordered for seq in entry.data.get("undoes", ())}
    valid = [entry for entry in ordered if entry.seq not in void]
    if not valid or valid[0].kind != Kind.STARTED:
        raise ValueError("A ledger begins with a start")
    state = _started(valid[0])
    for entry in valid[1:]:
        state = _after(state, entry)
    plans = [entry for entry in ordered if entry.kind in PLANNING]
    return replace(state, generation=len(plans), planned_at=plans[-1].at)


def _started(entry: Entry) -> ClockState:
    return ClockState(
        State.RUNNING, promise_in(entry), entry.at, entry.at, entry.at, 1, (Stretch(entry.at),)
    )  # fmt: skip


def promise_in(entry: Entry) -> Promise:
    """The promise that a start or a change of target wrote down."""
    data = entry.data
    return Promise(
        data["target"], data["minutes"], data["calendar"], data["version"], data["tzdata"], data["priority"]
    )  # fmt: skip


def _after(state: ClockState, entry: Entry) -> ClockState:
    match entry.kind:
        case Kind.PAUSED:
            return replace(_closed(state, entry.at), state=State.PAUSED, since=entry.at, pause_reason=entry.reason)
        case Kind.RESUMED | Kind.REOPENED:
            running = replace(state, state=State.RUNNING, since=entry.at, pause_reason="", stop_reason="")
            return _opened(running, entry.at)
        case Kind.STOPPED:
            stopped = replace(_closed(state, entry.at), state=State.STOPPED, since=entry.at, pause_reason="")
            return replace(stopped, stop_reason=entry.reason)
        case Kind.RETARGETED:
            return _promised(state, entry)
        case Kind.CALENDAR:
            newer = replace(state.promise, version=entry.data["version"], tzdata=entry.data["tzdata"])
            return replace(state, promise=newer)
    return state


def _promised(state: ClockState, entry: Entry) -> ClockState:
    promise = promise_in(entry)
    if promise.calendar == state.promise.calendar:
        return replace(state, promise=promise)
    stretches = (Stretch(entry.at),) if state.is_running else ()
    carried = entry.data["carried"] * MICROSECOND
    return replace(state, promise=promise, carried=carried, stretches=stretches)


def _closed(state: ClockState, at: datetime) -> ClockState:
    if not state.is_running:
        return state
    return replace(state, stretches=(*state.stretches[:-1], replace(state.stretches[-1], end=at)))


def _opened(state: ClockState, at: datetime) -> ClockState:
    return replace(state, stretches=(*state.stretches, Stretch(at)))


# ---------------------------------------------------------------------------------------------- what it means in time


@dataclass(frozen=True, slots=True)
class Measure:
    """A state laid on its calendar.

    `due_at` is the instant at which the promised time is used: None while paused or ended in a pause, unless it was
    reached before. `risk_at` are the instants of RISK_SHARES, only while running.
    """

    used: timedelta
    due_at: datetime | None
    risk_at: tuple[datetime, ...] | None
    breached_at: datetime | None


def measure(state: ClockState, calendar: WorkingCalendar, at: datetime) -> Measure:
    """Lay the state on its calendar as of `at`, which matters only while the clock runs."""
    due = due_at(state, calendar)
    until = at if state.is_running else state.since
    risk = None
    if state.is_running:
        risk = tuple(reached_at(state, calendar, state.promise.length * share / 100) for share in RISK_SHARES)
    return Measure(used(state, calendar, until), due, risk, due if due is not None and until > due else None)


def used(state: ClockState, calendar: WorkingCalendar, until: datetime) -> timedelta:
    """Working time used until an instant that is not before the last entry."""
    return sum((_length(stretch, calendar, until) for stretch in state.stretches), state.carried)


def due_at(state: ClockState, calendar: WorkingCalendar) -> datetime | None:
    """When the promised time is used up; for a stopped clock, when it would have been had it run on."""
    return _passed_at(state, calendar, state.promise.length)


def reached_at(state: ClockState, calendar: WorkingCalendar, amount: timedelta) -> datetime:
    """When that much of the time is used, for a running clock.

    Before the due time it is the latest such instant, so that a warning falls into opening hours and never at a past
    closing (S7); after it, the earliest, like the due time itself.
    """
    due, last = due_at(state, calendar), state.stretches[-1]
    left = state.promise.length - amount
    if due is not None and left > timedelta():
        latest = _subtract(calendar, due, left)
        if latest >= last.start:
            return latest
    return _passed_at(state, calendar, amount) or last.start


def _length(stretch: Stretch, calendar: WorkingCalendar, until: datetime) -> timedelta:
    end = until if stretch.end is None else stretch.end
    return calendar.elapsed(stretch.start, end) if end > stretch.start else timedelta()


def _passed_at(state: ClockState, calendar: WorkingCalendar, amount: timedelta) -> datetime | None:
    """The earliest instant at which the amount was or will be used; None when the clock stands still before it.

    What was used before the present calendar was promised counts as passed when that began.
    """
    left = max(amount - state.carried, timedelta())
    last = len(state.stretches) - 1
    for number, stretch in enumerate(state.stretches):
        runs_on = number == last and (state.is_running or stretch.end == state.stopped_at)
        passed = HORIZON if runs_on else _length(stretch, calendar, stretch.start)
        if passed >= left:
            return _add(calendar, stretch.start, left)
        left -= passed
    return None


def _add(calendar: WorkingCalendar, start: datetime, amount: timedelta) -> datetime:
    """As the calendar counts; a calendar that hardly opens gives its horizon, so that no record fails to open."""
    try:
        return calendar.add(start, amount)
    except NeverOpen:
        return start + HORIZON


def _subtract(calendar: WorkingCalendar, end: datetime, amount: timedelta) -> datetime:
    try:
        return calendar.subtract(end, amount)
    except NeverOpen:
        return end - HORIZON


# ---------------------------------------------------------------------------------------------- steps before and after


@dataclass(frozen=True, slots=True)
class Step:
    """An escalation step as frozen on a clock: percent of the target, or minutes before (negative) or after due."""

    id: int
    action: str
    percent: int | None = None
    offset_minutes: int | None = None
    repeat_minutes: int = 0
    repeat_count: int = 0
    priority: int | None = None
    team: int | None = None
    config: Mapping[str, Any] = field(default_factory=dict)

    def amount(self, promised: timedelta, cycle: int) -> timedelta:
        """Working time used when this cycle of the step is due; not before the start of the clock."""
        if self.percent is not None:
            base = promised * self.percent / 100
        else:
            base = promised + timedelta(minutes=self.offset_minutes or 0)
        return max(timedelta(), base + timedelta(minutes=self.repeat_minutes) * cycle)

    def applies(self, priority: int) -> bool:
        """Whether the step belongs to records of that priority."""
        return self.priority is None or self.priority == priority

    def as_json(self) -> dict[str, Any]:
        """What Clock.steps keeps: only what is set, because there are many clocks."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in values.items() if value or (name == "offset_minutes" and value == 0)}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Step":
        """Read a step back from Clock.steps."""
        return cls(**data)


@dataclass(frozen=True, slots=True)
class Arming:
    """One deadline to arm: step (BREACH for the breach itself), repetition, instant."""

    step: int
    cycle: int
    due_at: datetime

    @property
    def slot(self) -> Slot:
        """Which step and repetition."""
        return self.step, self.cycle


def plan(state: ClockState, calendar: WorkingCalendar, steps: Sequence[Step], fired: AbstractSet[Slot]) -> list[Arming]:
    """Everything still to come for a running clock, nothing for any other.

    A slot that fired is not armed again. What a shorter promise has already passed is due at once, at the re-plan. The
    breach is armed again only when a re-plan put the due time ahead again.
    """
    due = due_at(state, calendar)
    if not state.is_running or due is None:
        return []
    armings = [Arming(BREACH, 0, max(due, state.planned_at))] if _may_breach(state, due, fired) else []
    for number, cycle, step in _slots(state, steps):
        if (number, cycle) not in fired:
            instant = reached_at(state, calendar, step.amount(state.promise.length, cycle))
            armings.append(Arming(number, cycle, max(instant, state.planned_at)))
    return armings


def _may_breach(state: ClockState, due: datetime, fired: AbstractSet[Slot]) -> bool:
    return due >= state.planned_at or (BREACH, 0) not in fired


def _slots(state: ClockState, steps: Sequence[Step]) -> Iterator[tuple[int, int, Step]]:
    for number, step in enumerate(steps):
        if step.applies(state.promise.priority):
            for cycle in range(step.repeat_count + 1):
                yield number, cycle, step
