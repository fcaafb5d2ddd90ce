"""Does what is stored follow from the ledgers? And are the invariants of RELIABILITY 6 true?"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from journal.models import Event
from journal.queries import outbox
from kernel.zones import tzdata_version
from sla import events
from sla.ledger import ClockState, Entry, Slot, Step, fold, measure, plan
from sla.models import Clock, Deadline, Party
from sla.queries.ledgers import entries_of
from sla.queries.rules import Now

ARMED, FIRED, PARKED = Deadline.State.ARMED, Deadline.State.FIRED, Deadline.State.PARKED

STOPPED_DAYS = 30
"""Stopped clocks are looked at for so many days."""

OVERDUE_SECONDS = 60
FIRED_HOURS = 24


def audited_after(cursor: int, at: datetime, limit: int) -> list[Clock]:
    """The next clocks to audit, by id: all that have not stopped, and those that stopped lately."""
    lately = Q(stopped_at__gte=at - timedelta(days=STOPPED_DAYS))
    rows = Clock.objects.filter(~Q(state=Clock.State.STOPPED) | lately, pk__gt=cursor)
    return list(rows.select_related("record").order_by("pk")[:limit])


@dataclass(frozen=True, slots=True)
class Difference:
    """A clock that its ledger does not explain: the columns that differ, as stored and as computed."""

    clock: Clock
    stored: dict[str, Any]
    computed: dict[str, Any]


def differences(clocks: Iterable[Clock], now: Now, at: datetime) -> list[Difference]:
    """Those of the clocks whose columns or armed deadlines do not follow from their ledgers: two statements."""
    rows = list(clocks)
    ids = [clock.pk for clock in rows]
    ledgers = entries_of(ids)
    deadlines: dict[int, list[Deadline]] = defaultdict(list)
    for row in Deadline.objects.filter(clock__in=ids, state__in=(ARMED, FIRED, PARKED)):
        deadlines[row.clock_id].append(row)
    found = (_difference(clock, ledgers[clock.pk], deadlines[clock.pk], now, at) for clock in rows)
    return [each for each in found if each is not None]


def _difference(
    clock: Clock, entries: list[Entry], deadlines: list[Deadline], now: Now, at: datetime
) -> Difference | None:
    try:
        state = fold(entries)
    except (ValueError, KeyError) as fault:
        return Difference(clock, {"ledger": len(entries)}, {"ledger": str(fault)})
    stored, computed = _plain(clock), _meant(clock, state, now, at) | _whose(min(entries, key=lambda each: each.seq))
    if _is_current(state, now):
        stored["armed"] = sorted([*_slot(row), _iso(row.due_at)] for row in deadlines if row.state == ARMED)
        computed["armed"] = _armed(clock, state, deadlines, now)
    wrong = [name for name, value in computed.items() if stored[name] != value]
    if not wrong:
        return None
    return Difference(clock, {name: stored[name] for name in wrong}, {name: computed[name] for name in wrong})


def _plain(clock: Clock) -> dict[str, Any]:
    return {
        "state": str(clock.state), "generation": clock.generation, "target": clock.target_id,
        "target_minutes": clock.target_minutes, "calendar": clock.calendar_id, "pause_reason": clock.pause_reason,
        "started_at": _iso(clock.started_at), "since": _iso(clock.since), "stopped_at": _iso(clock.stopped_at),
        "due_at": _iso(clock.due_at), "is_broken": clock.breached_at is not None,
        "risk_at": [_iso(each) for each in clock.risk_at or ()],
        "party": str(clock.party), "team": clock.team_id, "supplier": clock.supplier,
    }  # fmt: skip


def _whose(start: Entry) -> dict[str, Any]:
    """Whose clock it is, as its first entry says; one that says nothing is a customer's."""
    empty = {"party": Party.CUSTOMER.value, "team": None, "supplier": ""}
    return {name: start.data.get(name, value) for name, value in empty.items()}


def _meant(clock: Clock, state: ClockState, now: Now, at: datetime) -> dict[str, Any]:
    """The columns as the ledger means them. Times of a clock that another version of its calendar counted are left
    out: that version is gone, and a stopped clock keeps the result that it had.
    """
    promise = state.promise
    meant: dict[str, Any] = {
        "state": state.state.value, "generation": state.generation, "target": promise.target,
        "target_minutes": promise.minutes, "calendar": promise.calendar, "pause_reason": state.pause_reason,
        "started_at": _iso(state.started_at), "since": _iso(state.since), "stopped_at": _iso(state.stopped_at),
    }  # fmt: skip
    if not _is_current(state, now):
        return meant
    measured = measure(state, now.calendar(promise.calendar), at)
    meant["due_at"] = _iso(measured.due_at)
    meant["risk_at"] = [_iso(each) for each in measured.risk_at or ()]
    if not state.is_running or clock.breached_at is not None:
        meant["is_broken"] = measured.breached_at is not None
    return meant


def _armed(clock: Clock, state: ClockState, deadlines: list[Deadline], now: Now) -> list[list[Any]]:
    """What this generation armed, less what has come of it since."""
    fired = {_slot(row) for row in deadlines if row.state == FIRED and row.generation < state.generation}
    gone = {_slot(row) for row in deadlines if row.state != ARMED and row.generation == state.generation}
    steps = [Step.from_json(step) for step in clock.steps]
    armings = plan(state, now.calendar(state.promise.calendar), steps, fired)
    return sorted([each.step, each.cycle, _iso(each.due_at)] for each in armings if each.slot not in gone)


def _is_current(state: ClockState, now: Now) -> bool:
    promise = state.promise
    return (now.versions[promise.calendar], tzdata_version()) == (promise.version, promise.tzdata)


def _slot(row: Deadline) -> Slot:
    return row.step, row.cycle


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


# ---------------------------------------------------------------------------------------------- invariants


def overdue(at: datetime) -> QuerySet[Deadline]:
    """I1: armed, due for a minute, and nobody has fired it. Those put off after a failure are I8's."""
    late = at - timedelta(seconds=OVERDUE_SECONDS)
    return Deadline.objects.filter(state=ARMED, due_at__lt=late, next_try_at=None)


def unarmed() -> QuerySet[Clock]:
    """I2: a promise that is kept so far, with nothing armed that would say when it breaks."""
    armed = Deadline.objects.filter(clock=OuterRef("pk"), state=ARMED)
    return Clock.objects.filter(~Exists(armed), state=Clock.State.RUNNING, breached_at=None)


def silent(at: datetime) -> QuerySet[Deadline]:
    """I4: fired within a day without an event that says so."""
    told = Event.objects.annotate(deadline=Cast(KT("data__deadline_id"), BigIntegerField()))
    said = told.filter(
        subject_kind=OuterRef("record__kind"), subject_id=OuterRef("record_id"),
        code__in=(events.STEP_FIRED, events.BREACHED, events.TURN_OVERDUE), deadline=OuterRef("pk"),
    )  # fmt: skip
    lately = at - timedelta(hours=FIRED_HOURS)
    return Deadline.objects.filter(~Exists(said), state=FIRED, fired_at__gte=lately)


def armed_after_the_end() -> QuerySet[Deadline]:
    """I5: armed for a clock that has stopped."""
    return Deadline.objects.filter(state=ARMED, clock__state=Clock.State.STOPPED)


def outdated(now: Now) -> int:
    """I9: clocks planned by a calendar that has been edited since (S8); not 0 only while the sweep is at it."""
    rows = Clock.objects.exclude(state=Clock.State.STOPPED).values_list("calendar_id", "calendar_version")
    return sum(now.versions[calendar] != version for calendar, version in rows.iterator())


def invariants(now: Now, at: datetime) -> dict[str, int]:
    """What must be 0, by name and sentence (RELIABILITY 6)."""
    counts: dict[str, Callable[[], int]] = {
        "I1 deadlines overdue for a minute": overdue(at).count,
        "I2 running clocks without a deadline": unarmed().count,
        "I3 reactions waiting for two minutes": lambda: outbox.waiting_longer_than(120, at),
        "I4 fired deadlines without an event": silent(at).count,
        "I5 armed deadlines of stopped clocks": armed_after_the_end().count,
        "I7 components silent for a minute": lambda: len(outbox.silent_since(at, 60)),
        "I8 parked deadlines": Deadline.objects.filter(state=PARKED).count,
        "I8 reactions given up": lambda: len(outbox.dead()),
        "I9 clocks on an older calendar": lambda: outdated(now),
    }
    return {name: count() for name, count in counts.items()}
