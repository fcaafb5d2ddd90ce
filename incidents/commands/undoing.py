"""Taking back what was just done to an incident; moves, ends and details as in every process."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from incidents import events
from incidents.models import Incident
from incidents.process import INCIDENTS
from incidents.queries import detail
from kernel.actor import Actor
from processes.undoing import Undoing, restore
from records import commands as records
from records.models import Record, Undo

ASSESSMENT = "incident.assessment"
ENDING = (
    "cause", "resolution", "resolved_at", "resolved_by_id", "resolved_at_desk", "closes_at", "next_update_at",
    "remind_update_at",
)  # fmt: skip
ASSESSED = ("impact", "urgency", "is_priority_overridden", "priority_reason")
UNDOING = Undoing(process=INCIDENTS, moved=("closes_at",), ended=ENDING, field_changed=events.FIELD_CHANGED)


def offer_to_go_on(incident: Incident, before: Mapping[str, Any], *, actor: Actor, at: datetime) -> Undo | None:
    """Offer to take the end back; call it last. None while open parts follow it: they would stay resolved."""
    if detail.open_part_ids(incident.pk):
        return None
    return UNDOING.offer_to_go_on(incident, before, actor=actor, at=at)


@records.undoes(ASSESSMENT)
def _assess_back(record: Record, before: Mapping[str, Any], *, done_at: datetime, actor: Actor, at: datetime) -> None:
    restore(INCIDENTS.of_record(record), before["columns"])
    records.retarget(record, priority=before["priority"], reason="undo", undoes=done_at, actor=actor, at=at)
