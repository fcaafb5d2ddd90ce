"""Arrange promises: a process with the usual states, two calendars, targets. Everything goes through doors."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from accounts.models import Team
from accounts.queries import SYSTEM
from journal.units import door
from kernel.workflow import Phase, State, Transition, Workflow
from records import commands as records
from records.models import Record, Undo
from registry.models import Component, ComponentType, Service
from sla.models import Clock, Deadline, EscalationStep, PauseRule, Target
from workforce.commands import CalendarContent, add_calendar
from workforce.models import Calendar

ANY = frozenset({"new", "assigned", "started", "pending"})
FLOW = Workflow(
    kind="incident", prefix="INC", label="Incident", initial="new",
    states=(
        State("new", "New", Phase.NEW), State("assigned", "Assigned", Phase.ACTIVE),
        State("started", "Started", Phase.ACTIVE), State("pending", "Pending", Phase.WAITING),
        State("resolved", "Resolved", Phase.DONE),
    ),
    transitions=(
        Transition("start", "Start", ANY, "started", "x"), Transition("hold", "Hold", ANY, "pending", "x"),
        Transition("resolve", "Resolve", ANY, "resolved", "x"),
        Transition("reopen", "Reopen", frozenset({"resolved"}), "assigned", "x"),
    ),
)  # fmt: skip

OFFICE = tuple((day, start, end) for day in range(5) for start, end in ((480, 720), (780, 1020)))
"""Monday to Friday, 8-12 and 13-17."""


def utc(text: str) -> datetime:
    """An instant such as "2026-03-04 11:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def office(code: str = "office", country: str = "", zone: str = "Europe/Stockholm") -> Calendar:
    """Office hours in Sweden."""
    content = CalendarContent(name={"en": code}, zone=zone, weekly=OFFICE, country=country)
    with door(SYSTEM) as at:
        return add_calendar(code, content, actor=SYSTEM, at=at)


def always(code: str = "always") -> Calendar:
    """Every second counts."""
    with door(SYSTEM) as at:
        return add_calendar(code, CalendarContent(name={"en": code}, always_open=True), actor=SYSTEM, at=at)


def target(
    calendar: Calendar, minutes: int, metric: str = "resolution", priority: int | None = None,
    service: Service | None = None, customer: str = "", **whose: Any,
) -> Target:  # fmt: skip
    """A promise for incidents; `whose`: party, team, supplier."""
    return Target.objects.create(
        kind="incident",
        metric=metric,
        priority=priority,
        service=service,
        minutes=minutes,
        calendar=calendar,
        customer=customer,
        **whose,
    )


def service(code: str) -> Service:
    """A service of the registry."""
    kind, _made = ComponentType.objects.get_or_create(code="service", defaults={"name": {"en": "Service"}})
    at = utc("2026-01-01 00:00")
    return Service.objects.create(
        component=Component.objects.create(tag=code, name=code, type=kind, updated_at=at), code=code
    )


def step(metric: str = "resolution", action: str = "notify_team", **values: object) -> EscalationStep:
    """An escalation step for incidents."""
    return EscalationStep.objects.create(kind="incident", metric=metric, action=action, **values)


def pause(*reasons: str) -> None:
    """These waiting reasons stop the clocks of incidents."""
    PauseRule.objects.bulk_create([PauseRule(kind="incident", reason=reason) for reason in reasons])


def open_at(at: datetime, **fields: Any) -> Record:
    """An incident opened then."""
    with door(SYSTEM):
        return records.open_record(FLOW, records.Opening(title="VPN drops", **fields), actor=SYSTEM, at=at)


@contextmanager
def locked(record: Record, at: datetime) -> Iterator[datetime]:
    """A door with the record locked."""
    with door(SYSTEM):
        yield records.lock(record, at=at)


def move(record: Record, name: str, at: datetime, reason: str = "") -> None:
    """Do a verb at an instant."""
    with locked(record, at) as when:
        records.move(record, FLOW, name, actor=SYSTEM, at=when, reason=reason)


def retarget(record: Record, at: datetime, **changed: Any) -> None:
    """Change priority or service at an instant."""
    with locked(record, at) as when:
        records.retarget(record, actor=SYSTEM, at=when, reason="test", **changed)


def own(record: Record, at: datetime, team: Team | None) -> Undo | None:
    """Another team owns the record from an instant; how to take that back."""
    with door(SYSTEM):
        edited = records.edit_fields(
            record, seen={}, values={"owner_team": team}, allowed={"owner_team"}, actor=SYSTEM, at=at
        )  # fmt: skip
    return edited.undo


def supplier(record: Record, at: datetime, name: str) -> None:
    """It goes to a supplier, or ("") comes back."""
    with locked(record, at) as when:
        records.tell_supplier(record, supplier=name, actor=SYSTEM, at=when)


def turns(record: Record) -> list[tuple[str, str, datetime | None, datetime | None]]:
    """(party, state, due, when broken) of the clocks of teams and suppliers, in the order of their turns."""
    rows = Clock.objects.filter(record=record).exclude(party="customer").order_by("pk")
    return list(rows.values_list("party", "state", "due_at", "breached_at"))


def respond(record: Record, at: datetime) -> None:
    """The first response."""
    with locked(record, at) as when:
        records.respond(record, actor=SYSTEM, at=when)


def clock(record: Record, metric: str = "resolution") -> Clock:
    """The stored clock."""
    return Clock.objects.get(record=record, metric=metric, party="customer")


def deadlines(record: Record, state: str = "armed") -> list[tuple[str, int, int, datetime]]:
    """(metric, step, cycle, due) of the record's deadlines in that state, in order."""
    rows = Deadline.objects.filter(record=record, state=state).order_by("due_at", "pk")
    return list(rows.values_list("clock__metric", "step", "cycle", "due_at"))
