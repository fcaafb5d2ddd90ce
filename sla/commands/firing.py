"""A deadline has come: say so once. What follows from it happens after commit, by those who listen."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from kernel.actor import Actor
from records import commands as records
from records.models import Record
from sla import events
from sla.ledger import BREACH, Step
from sla.models import Clock, Deadline, Party

ATTEMPTS = 5
"""After so many failures a deadline is parked and shown to the operator."""

Note = Callable[..., object]
FIRED_COLUMNS = ("state", "fired_at", "late_seconds", "attempts", "next_try_at", "error")


def is_overdue(deadline: Deadline, at: datetime) -> bool:
    """Whether an armed deadline has come. The due instant itself still keeps the promise, so the breach is after it."""
    if deadline.state != Deadline.State.ARMED or (deadline.next_try_at or at) > at:
        return False
    return deadline.due_at < at or (deadline.due_at == at and deadline.step != BREACH)


def fire_all(
    record: Record, deadlines: Iterable[Deadline], *, actor: Actor, at: datetime, note: Note = records.note
) -> int:
    """Fire these overdue deadlines (with their clock) in the order of their due times; returns how many. Record locked.

    `note` is how it is told on the record. One that cannot be understood waits longer each time and is parked in the
    end; it never stops the others.
    """
    fired = 0
    for deadline in sorted(deadlines, key=lambda row: (row.due_at, row.pk)):
        try:
            code, facts = said_of(deadline, at)
        except Exception as fault:  # noqa: BLE001  # whatever is wrong with one row, the others must fire
            put_off(record, deadline, f"{type(fault).__name__}: {fault}", actor=actor, at=at)
            continue
        deadline.state, deadline.fired_at, deadline.late_seconds = Deadline.State.FIRED, at, facts["late_seconds"]
        if deadline.step == BREACH:
            deadline.clock.breached_at = deadline.clock.due_at
        note(record, code, actor=actor, at=at, **facts)
        fired += 1
    return fired


def whose_words(clock: Clock) -> dict[str, Any]:
    """Whose time it is, for an event: the team's name in every language, the supplier's as it was typed."""
    named = {"team_name": clock.team.name} if clock.team is not None else {"supplier": clock.supplier}
    return {"party": clock.party, **named}


def said_of(deadline: Deadline, at: datetime) -> tuple[str, dict[str, Any]]:
    """Event code and facts of a deadline that fires at this instant."""
    clock = deadline.clock
    facts: dict[str, Any] = {
        "deadline_id": deadline.pk, "clock": clock.pk, "metric": clock.metric,
        "late_seconds": int((at - deadline.due_at).total_seconds()),
    }  # fmt: skip
    if clock.party != Party.CUSTOMER:
        facts |= whose_words(clock)
    if deadline.step == BREACH:
        code = events.BREACHED if clock.party == Party.CUSTOMER else events.TURN_OVERDUE
        return code, facts | {"late": facts["late_seconds"], "due_at": clock.due_at}
    step = Step.from_json(clock.steps[deadline.step])
    return events.STEP_FIRED, facts | {
        "step": deadline.step, "cycle": deadline.cycle, "step_id": step.id, "action": step.action,
        "config": dict(step.config), "team": step.team, "percent": step.percent,
        "offset_minutes": step.offset_minutes, "due_at": clock.due_at,
    }  # fmt: skip


def put_off(record: Record, deadline: Deadline, error: str, *, actor: Actor, at: datetime) -> None:
    """Try a failed deadline again in 2, 4, 8, 16 minutes; then park it and say so. Record locked."""
    deadline.attempts, deadline.error = deadline.attempts + 1, error[:2000]
    deadline.next_try_at = at + timedelta(minutes=2**deadline.attempts)
    if deadline.attempts >= ATTEMPTS:
        deadline.state = Deadline.State.PARKED
        records.note(record, events.PARKED, actor=actor, at=at, deadline_id=deadline.pk, error=deadline.error[:200])


def write(deadlines: Iterable[Deadline]) -> None:
    """Write what `fire_all` and `put_off` changed, on deadlines and on the clocks whose promise broke."""
    rows = list(deadlines)
    Deadline.objects.bulk_update(rows, FIRED_COLUMNS)
    broken = {row.clock_id: row.clock for row in rows if row.step == BREACH and row.state == Deadline.State.FIRED}
    if broken:
        Clock.objects.bulk_update(broken.values(), ["breached_at"])
