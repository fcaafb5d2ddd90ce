"""The one lock, the one writer of state, and how a record opens (ARCHITECTURE 5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import F, ForeignKey
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import Team, User
from journal import commands as journal
from journal import live
from journal.models import Event
from journal.units import command, current, hold, holds
from kernel.actor import Actor
from kernel.errors import Conflict
from kernel.workflow import Phase, Workflow
from records import events
from records.commands.columns import write_columns
from records.commands.search import reindex
from records.models import Category, Record
from records.queries.people import callers_of
from records.queries.record import LOCKED
from registry.models import Component, Service

SEQUENCES = ("incident", "problem", "change", "request", "task", "demand", "improvement", "continuity")
"""Kinds that have a number sequence; the migration makes one for each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What is known when a record is opened; the process adds its own fields."""

    title: str
    description: str = ""
    lang: str = "en"
    priority: int = 3
    requester: User | None = None
    owner_team: Team | None = None
    contact_owner: User | None = None
    service: Service | None = None
    component: Component | None = None
    category: Category | None = None
    confidential_class: str = ""
    class_audience: tuple[int, ...] = ()
    parent: Record | None = None


def lock(*records: Record, at: datetime) -> datetime:
    """Lock the rows by id in one statement, refresh the objects, and return `at`, never before their last event.

    First line of every command. Values gathered in this unit but not written yet are kept. Objects that this unit
    has locked last are as they were written, so nothing is asked for them again.
    """
    by_id, unit = {record.pk: record for record in records}, current()
    if not all(holds(LOCKED, pk, record) for pk, record in by_id.items()):
        rows = Record.objects.select_for_update(no_key=True).filter(pk__in=by_id).order_by("pk")
        for fresh in rows:
            _refresh(by_id[fresh.pk], fresh, unit.columns.get(fresh.pk, {}))
            hold(LOCKED, fresh.pk, by_id[fresh.pk])
    return max([at, *(record.last_at for record in records)])


def note_locked(record: Record) -> None:
    """Called by whoever has locked the row together with something else and read it so: `lock` need not do it again."""
    hold(LOCKED, record.pk, record)


def try_lock(record_ids: Iterable[int], *, at: datetime) -> tuple[list[Record], datetime]:
    """Lock those of the records that nobody else holds, by id; sweeps leave the others for their next round.

    `at` comes back no earlier than the last event of any of them.
    """
    rows = Record.objects.select_for_update(no_key=True, skip_locked=True).filter(pk__in=list(record_ids))
    records = list(rows.order_by("pk"))
    for record in records:
        hold(LOCKED, record.pk, record)
    return records, max([at, *(record.last_at for record in records)])


def _refresh(record: Record, fresh: Record, pending: dict[str, object]) -> None:
    for field in Record._meta.concrete_fields:  # noqa: SLF001  # the documented model Meta API
        value = pending.get(field.attname, getattr(fresh, field.attname))
        if isinstance(field, ForeignKey) and field.is_cached(record) and getattr(record, field.attname) != value:
            field.delete_cached_value(record)
        setattr(record, field.attname, value)


def note(record: Record, code: str, /, *, actor: Actor, at: datetime, **data: Any) -> Event:
    """Write one event to the record's chain; the record must be locked or new. Runs in-transaction reactions."""
    head = (record.event_seq, bytes(record.event_mac))
    event = journal.note((record.kind, record.pk), code, actor=actor, at=at, head=head, live=record, **data)
    _write_later(record, last_at=at)
    record.last_at = at
    live.bump(f"record:{record.pk}")
    return event


def _write_later(record: Record, **columns: object) -> None:
    """Columns that nobody reads inside the transaction are written once, with the head of the chain, at its end."""
    unit = current()
    subject, pk = (record.kind, record.pk), record.pk
    unit.columns.setdefault(pk, {}).update(columns)

    def write() -> None:
        head = unit.heads.get(subject)
        values = dict(unit.columns[pk])
        if head is not None:
            values |= {"event_seq": head[0], "event_mac": head[1]}
        Record.objects.filter(pk=pk).update(**values)

    unit.writers["record", pk] = write


def _next_number(workflow: Workflow) -> str:
    if workflow.kind not in SEQUENCES:
        message = f"no number sequence for {workflow.kind}"
        raise ValueError(message)
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(%s)", [f"record_number_{workflow.kind}"])
        return f"{workflow.prefix}-{cursor.fetchone()[0]}"


@command
def open_record(workflow: Workflow, opening: Opening, *, actor: Actor, at: datetime) -> Record:
    """Open a record in the workflow's first state, with its number, audience and first event."""
    state = workflow.state(workflow.initial)
    record = Record.objects.create(
        kind=workflow.kind, number=_next_number(workflow), title=opening.title, description=opening.description,
        lang=opening.lang, state=state.code, phase=state.phase, priority=opening.priority, requester=opening.requester,
        owner_team=opening.owner_team, contact_owner=opening.contact_owner, service=opening.service,
        component=opening.component, category=opening.category, confidential_class=opening.confidential_class,
        parent=opening.parent, opened_at=at, last_at=at, audience=_first_audience(opening, actor),
    )  # fmt: skip
    hold(LOCKED, record.pk, record)
    note(record, events.OPENED, actor=actor, at=at, state=state.code, priority=record.priority)
    reindex(record)
    return record


def _first_audience(opening: Opening, actor: Actor) -> list[int]:
    people = {-person.pk for person in (opening.requester, opening.contact_owner) if person is not None}
    if opening.confidential_class:
        return sorted({*people, -actor.id, *opening.class_audience} - {0})
    return sorted({*people, *([opening.owner_team.pk] if opening.owner_team else [])})


@command
def share(record: Record, *, teams: Iterable[int] = (), people: Iterable[int] = ()) -> None:
    """Let teams and people see the record from now on; teams are left out for confidential ones. Record locked."""
    wanted = {*record.audience, *(-person for person in people)}
    if not record.confidential_class:
        wanted |= set(teams)
    _set_audience(record, wanted)


@command
def unshare(record: Record, *, teams: Iterable[int] = (), people: Iterable[int] = ()) -> None:
    """Take teams and people out of the record's audience; nobody who owns or called loses it. Record locked."""
    stay = {-person for person in (record.requester_id, record.contact_owner_id) if person is not None}
    stay |= {record.owner_team_id or 0, *(-person for person in callers_of(record))}
    gone = {*teams, *(-person for person in people)} - stay
    _set_audience(record, set(record.audience) - gone)


def _set_audience(record: Record, wanted: set[int]) -> None:
    if wanted != set(record.audience):
        record.audience = sorted(wanted)
        _write_later(record, audience=record.audience)
        reindex(record)


@command
def move(
    record: Record, workflow: Workflow, name: str, *, actor: Actor, at: datetime, reason: str = "", **data: Any
) -> Event:
    """The one place that changes a state: compare-and-set on the locked record, one event, phase reactions.

    `reason` is the waiting reason when the target waits. Conflict (409) when the workflow does not allow it now.
    """
    step, old, old_phase, old_reason = workflow.transition(name), record.state, record.phase, record.waiting_reason
    if old not in step.sources:
        label = workflow.state(old).label
        raise Conflict(
            _("%(number)s is %(state)s now, so it cannot be changed this way. Look at what happened, then try again.")
            % {"number": record.number, "state": _(label)},
            code="wrong_state", facts={"state": old},
        )  # fmt: skip
    target = workflow.state(step.target)
    closed_at = (record.closed_at or at) if target.phase == Phase.DONE else None
    values = {"state": target.code, "phase": target.phase.value, "closed_at": closed_at,
              "waiting_reason": reason if target.phase == Phase.WAITING else ""}  # fmt: skip
    _set_state(record, old, values)
    event = note(record, f"{workflow.kind}.{name}", actor=actor, at=at, old=old, new=target.code, reason=reason, **data)
    if (old_phase, old_reason) != (record.phase, record.waiting_reason):
        waited = {"waited": old_reason} if old_reason else {}
        note(record, events.PHASE_CHANGED, actor=actor, at=at, old=old_phase, new=record.phase, reason=reason, **waited)
    return event


def _set_state(record: Record, old: str, values: dict[str, Any]) -> None:
    moved = Record.objects.filter(pk=record.pk, state=old).update(version=F("version") + 1, **values)
    if not moved:
        raise Conflict(_("%(number)s was changed by someone else. Load it again.") % {"number": record.number})
    if (record.closed_at is None) != (values["closed_at"] is None):
        reindex(record)
    record.version += 1
    for key, value in values.items():
        setattr(record, key, value)


@command
def move_back(record: Record, before: Mapping[str, Any], *, done_at: datetime, actor: Actor, at: datetime) -> None:
    """Undo only: restore the state that `state_of` gave, as if the move at `done_at` had never been. Record locked.

    The event record.phase_changed carries `undoes` = `done_at`, so that clocks forget what came after it.
    """
    old_phase, old_reason = record.phase, record.waiting_reason
    values: dict[str, Any] = {name: before[name] for name in ("state", "phase", "waiting_reason")}
    closed_at = parse_datetime(before["closed_at"]) if before["closed_at"] else None
    _set_state(record, record.state, {**values, "closed_at": closed_at})
    if (old_phase, old_reason) != (record.phase, record.waiting_reason):
        note(record, events.PHASE_CHANGED, actor=actor, at=at, old=old_phase, new=record.phase,
             reason=record.waiting_reason, undoes=done_at)  # fmt: skip


def state_of(record: Record) -> dict[str, Any]:
    """What `move_back` needs of the time before a move, as plain JSON: take it before, give it to `offer_undo`."""
    closed_at = record.closed_at.isoformat() if record.closed_at else None
    return {"state": record.state, "phase": record.phase, "waiting_reason": record.waiting_reason,
            "closed_at": closed_at}  # fmt: skip


@command
def respond(record: Record, *, actor: Actor, at: datetime) -> None:
    """Note the first response once: the first public reply by staff or first start of work. Record locked."""
    if record.responded_at is None:
        record.responded_at = at
        _write_later(record, responded_at=at)
        note(record, events.RESPONDED, actor=actor, at=at)


@command
def tell_supplier(record: Record, *, supplier: str, actor: Actor, at: datetime) -> None:
    """Say that the record went to this supplier, or ("") came back from where it was. Record locked.

    The process that handed it over tells; waiting for the supplier and being done say the rest by themselves.
    """
    note(record, events.SUPPLIER_CHANGED, actor=actor, at=at, supplier=supplier)


@command
def retarget(
    record: Record, *, actor: Actor, at: datetime, reason: str, undoes: datetime | None = None, **changed: Any
) -> None:
    """Change what promises depend on (priority, service, requester) and tell the clocks why. Record locked.

    `undoes` is when the change that this one takes back was made: clocks forget it.
    """
    change = write_columns(record, changed)
    if change["before"] == change["after"]:
        return
    Record.objects.filter(pk=record.pk).update(version=F("version") + 1)
    record.version += 1
    if "requester" in changed:
        reindex(record)
    stamp = {} if undoes is None else {"undoes": undoes}
    note(record, events.RETARGETED, actor=actor, at=at, reason=reason, **change, **stamp)


def touch(record: Record) -> None:
    """Move the version on, because a field of the process's own row was changed. Record locked."""
    Record.objects.filter(pk=record.pk).update(version=F("version") + 1)
    record.version += 1


def set_due(record: Record, *, due_at: datetime | None, risk_at: list[datetime] | None) -> None:
    """Called by `sla` only: the nearest promise of the record and the instants at which it becomes risky."""
    record.due_at, record.risk_at = due_at, risk_at
    _write_later(record, due_at=due_at, risk_at=risk_at)
