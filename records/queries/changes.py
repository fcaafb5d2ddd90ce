"""Who changed a field last: from the record's own chain of events."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from journal.models import Event
from records import events
from records.models import Record


@dataclass(frozen=True, slots=True)
class Change:
    """Who changed something, and when."""

    by: str
    at: datetime


def last_change(record: Record, field: str) -> Change:
    """The newest event that changed the field; the record's last event when no event names it."""
    chain = Event.objects.filter(subject_kind=record.kind, subject_id=record.pk).order_by("-seq")
    found = chain.filter(
        code__in=(events.FIELD_CHANGED, events.RETARGETED, f"{record.kind}.field_changed"), data__after__has_key=field
    ).first()
    found = found or chain.first()
    if found is None:
        return Change("Spindel", record.last_at)
    name = User.objects.filter(pk=found.actor_id).values_list("name", flat=True).first()
    return Change(name or "Spindel", found.at)
