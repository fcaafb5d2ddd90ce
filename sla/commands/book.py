"""The ledger of one record, opened for writing: read once, entries added, projections and deadlines written once."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Q

from kernel.actor import Actor
from kernel.zones import MICROSECOND, tzdata_version
from records import commands as records
from records.models import Record
from sla.commands import firing
from sla.ledger import ClockState, Entry, Kind, Measure, Promise, State, Step, fold, measure, plan
from sla.models import Clock, Deadline, Party, Segment, SupplierTurn
from sla.queries.ledgers import clocks_with_entries
from sla.queries.rules import OURS, Now, Whose

PROJECTED = (
    "state", "target_id", "target_minutes", "calendar_id", "calendar_version", "tzdata_version", "generation", "steps",
    "since", "consumed_seconds", "due_at", "risk_at", "pause_reason", "stopped_at", "breached_at",
)  # fmt: skip
"""Columns of Clock that follow from its ledger."""


@dataclass(slots=True)
class Leaf:
    """One clock with its ledger and with its deadlines that are armed or have fired."""

    clock: Clock
    entries: list[Entry]
    deadlines: list[Deadline] = field(default_factory=list)
    written: int = 0

    @property
    def state(self) -> ClockState:
        """What the ledger says now."""
        return fold(self.entries)

    @property
    def steps(self) -> list[Step]:
        """The steps frozen on the clock."""
        return [Step.from_json(step) for step in self.clock.steps]

    @property
    def whose(self) -> Whose:
        """Whose promise the clock measures."""
        return Whose(self.clock.party, self.clock.team_id, self.clock.supplier)

    @property
    def is_ours(self) -> bool:
        """Whether it is what we have promised to the customer."""
        return self.clock.party == Party.CUSTOMER

    @property
    def has_news(self) -> bool:
        """Whether entries wait to be written."""
        return len(self.entries) > self.written

    def add(self, kind: Kind, at: datetime, reason: str = "", **data: Any) -> None:
        """Append an entry; `Book.save` writes it."""
        self.entries.append(Entry(len(self.entries) + 1, kind, at, reason, data))


class Book:
    """All clocks of a locked record. Whoever opens it acts as `actor` at `at`."""

    def __init__(self, record: Record, now: Now, *, actor: Actor, at: datetime) -> None:
        self.record, self.now, self.actor, self.at = record, now, actor, at
        self.leaves: list[Leaf] = []

    def read(self) -> "Book":
        """Bring the clocks, ledgers and deadlines in, and fire first what was due before this instant.

        So the outcome never depends on when the sweep came by: an outage can make a step late, never drop it.
        """
        clocks = clocks_with_entries(self.record)
        self.leaves = [Leaf(clock, entries, written=len(entries)) for clock, entries in clocks]
        by_clock = {leaf.clock.pk: leaf for leaf in self.leaves}
        live = Q(state=Deadline.State.ARMED) | Q(state=Deadline.State.FIRED)
        for deadline in Deadline.objects.filter(live, clock__in=by_clock).order_by("due_at", "pk"):
            deadline.clock = by_clock[deadline.clock_id].clock
            by_clock[deadline.clock_id].deadlines.append(deadline)
        overdue = [row for leaf in self.leaves for row in leaf.deadlines if firing.is_overdue(row, self.at)]
        if overdue:
            firing.fire_all(self.record, overdue, actor=self.actor, at=self.at)
            firing.write(overdue)
        return self

    def leaf(self, metric: str) -> Leaf | None:
        """The clock that measures this for the customer, if there is one."""
        return next((leaf for leaf in self.leaves if leaf.is_ours and leaf.clock.metric == metric), None)

    def turn(self, party: str) -> Leaf | None:
        """The clock of the present turn of a team or of a supplier, else that of the last one that was measured.

        An undone hand-over brings the turn before it back, so the present one is not always the newest.
        """
        mine = [leaf for leaf in reversed(self.leaves) if leaf.clock.party == party]
        return next((leaf for leaf in mine if leaf.state.state is not State.STOPPED), mine[0] if mine else None)

    def supplier_turn(self) -> SupplierTurn | None:
        """Which supplier the record went to last."""
        return SupplierTurn.objects.filter(record=self.record).first()

    # ------------------------------------------------------------------------------------------ entries

    def start(self, metric: str, promise: Promise, whose: Whose = OURS) -> Leaf:
        """A new clock, its steps frozen."""
        steps = self.now.rules.steps_for(self.record.kind, metric, promise.priority, whose.party)
        clock = Clock(
            record=self.record, metric=metric, started_at=self.at, steps=[step.as_json() for step in steps],
            party=whose.party, team_id=whose.team, supplier=whose.supplier,
        )  # fmt: skip
        leaf = Leaf(clock, [])
        leaf.add(Kind.STARTED, self.at, "", **promise_data(promise), **whose_data(whose))
        self.leaves.append(leaf)
        return leaf

    def add(self, leaf: Leaf, kind: Kind, reason: str = "", **data: Any) -> None:
        """Append an entry after those that make the clock current with an edited calendar."""
        self.catch_up(leaf)
        leaf.add(kind, self.at, reason, **data)
        if kind is Kind.REOPENED:
            self.catch_up(leaf)

    def catch_up(self, leaf: Leaf) -> None:
        """Note that the promised calendar or the zone rules have a new version, unless the clock has stopped."""
        state = leaf.state
        version, tzdata = self.now.versions[state.promise.calendar], tzdata_version()
        if state.state is not State.STOPPED and (version, tzdata) != (state.promise.version, state.promise.tzdata):
            leaf.add(Kind.CALENDAR, self.at, "calendar", version=version, tzdata=tzdata)

    def retarget(self, leaf: Leaf, promise: Promise, reason: str, **why: Any) -> None:
        """Promise something else from now on: time used is kept, steps of the new priority are added."""
        self.catch_up(leaf)
        state, data = leaf.state, promise_data(promise)
        if promise.calendar != state.promise.calendar:
            calendar = self.now.calendar(state.promise.calendar)
            data["carried"] = measure(state, calendar, self.at).used // MICROSECOND
        known = {step["id"] for step in leaf.clock.steps}
        wanted = self.now.rules.steps_for(
            self.record.kind, leaf.clock.metric, promise.priority, leaf.clock.party
        )  # fmt: skip
        leaf.clock.steps = [*leaf.clock.steps, *(step.as_json() for step in wanted if step.id not in known)]
        leaf.add(Kind.RETARGETED, self.at, reason, **data, **why)

    # ------------------------------------------------------------------------------------------ writing

    def save(self) -> None:
        """Write new entries, project the clocks, supersede and arm deadlines, and tell the record its due time."""
        changed = [leaf for leaf in self.leaves if leaf.has_news]
        if not changed:
            return
        states = [(leaf, leaf.state) for leaf in changed]
        for leaf, state in states:
            self._project(leaf.clock, state)
        self._write_clocks(changed)
        self._write_segments([row for leaf in changed for row in self._segments(leaf)])
        self._rearm(states)
        self._tell_due(nearest([leaf.clock for leaf in self.leaves]))

    def _write_clocks(self, changed: list[Leaf]) -> None:
        """Those that are there first: a turn ends before the next one begins."""
        old = [leaf.clock for leaf in changed if leaf.written]
        over = [clock for clock in old if clock.state == Clock.State.STOPPED]
        for rows in (over, [clock for clock in old if clock not in over]):
            Clock.objects.bulk_update(rows, [name.removesuffix("_id") for name in PROJECTED]) if rows else None
        new = [leaf.clock for leaf in changed if not leaf.written]
        Clock.objects.bulk_create(new) if new else None

    def _write_segments(self, rows: list[Segment]) -> None:
        Segment.objects.bulk_create(rows)

    def _write_deadlines(self, gone: list[Deadline], armed: list[Deadline]) -> None:
        if gone:
            Deadline.objects.filter(pk__in=[row.pk for row in gone]).update(state=Deadline.State.SUPERSEDED)
        if armed:
            Deadline.objects.bulk_create(armed)

    def _tell_due(self, due: Clock | None) -> None:
        records.set_due(self.record, due_at=due.due_at if due else None, risk_at=due.risk_at if due else None)

    def _project(self, clock: Clock, state: ClockState) -> None:
        project(clock, state, measure(state, self.now.calendar(state.promise.calendar), self.at))

    def _segments(self, leaf: Leaf) -> list[Segment]:
        fresh, leaf.written = leaf.entries[leaf.written :], len(leaf.entries)
        return [
            Segment(
                clock=leaf.clock, seq=entry.seq, kind=entry.kind, at=entry.at, reason=entry.reason,
                actor_kind=self.actor.kind, actor_id=self.actor.id, data=dict(entry.data),
            )
            for entry in fresh
        ]  # fmt: skip

    def _rearm(self, changed: Iterable[tuple[Leaf, ClockState]]) -> None:
        gone: list[Deadline] = []
        armed: list[Deadline] = []
        for leaf, state in changed:
            old = [row for row in leaf.deadlines if row.state == Deadline.State.ARMED]
            if state.is_running and all(row.generation == state.generation for row in old) and old:
                continue
            gone += old
            fired = [row for row in leaf.deadlines if row.state == Deadline.State.FIRED]
            fresh = self._planned(leaf, state, fired)
            leaf.deadlines = [*fired, *fresh]
            armed += fresh
        self._write_deadlines(gone, armed)

    def _planned(self, leaf: Leaf, state: ClockState, fired: list[Deadline]) -> list[Deadline]:
        calendar = self.now.calendar(state.promise.calendar)
        armings = plan(state, calendar, leaf.steps, {(row.step, row.cycle) for row in fired})
        return [
            Deadline(
                clock=leaf.clock, record=self.record, step=each.step, cycle=each.cycle, generation=state.generation,
                due_at=each.due_at,
            )
            for each in armings
        ]  # fmt: skip


def promise_data(promise: Promise) -> dict[str, Any]:
    """What a start or a change of target writes down."""
    return {name: getattr(promise, name) for name in ("target", "minutes", "calendar", "version", "tzdata", "priority")}


def whose_data(whose: Whose) -> dict[str, Any]:
    """Whose clock it is, as its first entry says it; nothing of a customer's."""
    named = {"team": whose.team} if whose.party == Party.TEAM else {"supplier": whose.supplier}
    return {} if whose.party == Party.CUSTOMER else {"party": whose.party, **named}


def project(clock: Clock, state: ClockState, measured: Measure) -> None:
    """Set the clock's columns to what its ledger says."""
    promise = state.promise
    clock.state, clock.generation = Clock.State(state.state.value), state.generation
    clock.target_id, clock.target_minutes = promise.target, promise.minutes
    clock.calendar_id, clock.calendar_version, clock.tzdata_version = promise.calendar, promise.version, promise.tzdata
    clock.started_at, clock.since, clock.stopped_at = state.started_at, state.since, state.stopped_at
    clock.consumed_seconds, clock.pause_reason = int(measured.used.total_seconds()), state.pause_reason
    clock.due_at, clock.breached_at = measured.due_at, measured.breached_at
    clock.risk_at = list(measured.risk_at) if measured.risk_at is not None else None


def nearest(clocks: Iterable[Clock]) -> Clock | None:
    """The clock whose running promise the record shows, of those to the customer; None while none runs."""
    ours = (clock for clock in clocks if clock.party == Party.CUSTOMER)
    running = [clock for clock in ours if clock.state == Clock.State.RUNNING and clock.due_at is not None]
    return min(running, key=lambda clock: (clock.due_at, clock.metric), default=None)
