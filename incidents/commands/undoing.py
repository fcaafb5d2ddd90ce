"""Taking back what was just done: old columns, old state, and the clocks as if nothing had been (ARCHITECTURE 5)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from coordination import commands as work
from incidents import events
from incidents.models import Incident
from incidents.queries import detail
from incidents.workflow import OPEN, PENDING, TASK
from kernel.actor import Actor
from records import commands as records
from records.commands.columns import raw, write_columns
from records.models import Record, Undo

MOVE, ENDED = "incident.move", "incident.ended"
ASSESSMENT, DETAILS = "incident.assessment", "incident.details"
ENDING = (
    "cause", "resolution", "resolved_at", "resolved_by_id", "resolved_at_desk", "closes_at", "next_update_at",
    "remind_update_at",
)  # fmt: skip
ASSESSED = ("impact", "urgency", "is_priority_overridden", "priority_reason")


def columns_of(incident: Incident, names: tuple[str, ...]) -> dict[str, Any]:
    """The columns as plain JSON."""
    values = {name: raw(incident, name) for name in names}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()}


def before_move(incident: Incident) -> dict[str, Any]:
    """What taking a move back needs to know: ask before moving."""
    return {"record": records.state_of(incident.record), "columns": columns_of(incident, ("closes_at",))}


def offer_to_move_back(incident: Incident, before: Mapping[str, Any], *, actor: Actor, at: datetime) -> Undo | None:
    """Offer to take the move back; call it last."""
    return records.offer_undo(incident.record, MOVE, before=before, actor=actor, at=at)


@records.undoes(MOVE)
def _move_back(record: Record, before: Mapping[str, Any], *, done_at: datetime, actor: Actor, at: datetime) -> None:
    restore(detail.of_record(record), before["columns"])
    records.move_back(record, before["record"], done_at=done_at, actor=actor, at=at)
    if record.state == PENDING:
        work.wait_for(record, task=TASK, reason=record.waiting_reason, actor=actor, at=at)
    elif record.state in OPEN:
        work.resume_for(record, task=TASK, actor=actor, at=at)


def before_end(incident: Incident) -> dict[str, Any]:
    """What taking back its end needs to know: ask before resolving or cancelling."""
    return {"record": records.state_of(incident.record), "columns": columns_of(incident, ENDING),
            "work": work.unended(incident.record)}  # fmt: skip


def offer_to_go_on(incident: Incident, before: Mapping[str, Any], *, actor: Actor, at: datetime) -> Undo | None:
    """Offer to take the end back; call it last. None while open parts follow it: they would stay resolved."""
    if actor.is_system or detail.open_part_ids(incident.pk):
        return None
    return records.offer_undo(incident.record, ENDED, before=before, actor=actor, at=at)


@records.undoes(ENDED)
def _go_on(record: Record, before: Mapping[str, Any], *, done_at: datetime, actor: Actor, at: datetime) -> None:
    restore(detail.of_record(record), before["columns"])
    records.move_back(record, before["record"], done_at=done_at, actor=actor, at=at)
    work.restore(record, before["work"], actor=actor, at=at)


@records.undoes(ASSESSMENT)
def _assess_back(record: Record, before: Mapping[str, Any], *, done_at: datetime, actor: Actor, at: datetime) -> None:
    restore(detail.of_record(record), before["columns"])
    records.retarget(record, priority=before["priority"], reason="undo", undoes=done_at, actor=actor, at=at)


@records.undoes(DETAILS)
def _details_back(record: Record, before: Mapping[str, Any], *, done_at: datetime, actor: Actor, at: datetime) -> None:
    del done_at  # nothing is promised by these columns
    change = write_columns(detail.of_record(record), before["columns"])
    records.touch(record)
    records.note(record, events.FIELD_CHANGED, actor=actor, at=at, **change)


def restore(incident: Incident, columns: Mapping[str, Any]) -> None:
    """Put old values back. Record locked."""
    for name, value in columns.items():
        setattr(incident, name, parse_datetime(value) if name.endswith("_at") and value else value)
    incident.save(update_fields=list(columns))
