"""Incidents with everything that the API shows of them: the rows of the list, with ids, and one incident whole."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet

from incidents.models import Incident
from incidents.queries.listing import IncidentRow, for_list, rows_of
from kernel.actor import Actor
from kernel.templatetags.spindel import localname
from records.queries.page import url_of

PUBLIC = ("number", "title", "state", "phase", "priority", "opened_at", "resolved_at", "closed_at")
"""What a requester reads in a row of an own incident; everything else is for staff."""
PUBLIC_WHOLE = (*PUBLIC, "description", "version")
AS_ROW = (
    *PUBLIC, "line", "caller_count", "tags", "is_major", "last_at", "due_at", "clocks", "cause",
)  # fmt: skip


def for_api(actor: Actor) -> QuerySet[Incident]:
    """Incidents that the actor may see, with everything that a row of the API names."""
    return for_list(actor).select_related("record__contact_owner")


def api_rows(actor: Actor, incidents: Sequence[Incident], at: datetime) -> list[dict[str, Any]]:
    """The rows of these incidents; of an own one that others handle only what is public."""
    rows = rows_of(incidents, at, actor=actor)
    return [_shown(each, row) for each, row in zip(incidents, rows, strict=True)]


def api_whole(actor: Actor, incident: Incident, at: datetime) -> dict[str, Any]:
    """One incident whole, or the public part of an own one."""
    row, record = rows_of([incident], at, actor=actor)[0], incident.record
    known = _shown(incident, row) | {"description": record.description, "version": record.version}
    if not row.is_internal:
        return known
    return known | {
        "impact": incident.impact, "urgency": incident.urgency, "waiting_reason": record.waiting_reason,
        "cause": incident.cause, "resolution": incident.resolution, "workaround": incident.workaround,
        "supplier": incident.supplier, "supplier_reference": incident.supplier_reference,
        "part_of": record.parent.number if record.parent else None,
        "merged_into": record.merged_into.number if record.merged_into else None,
    }  # fmt: skip


def _shown(incident: Incident, row: IncidentRow) -> dict[str, Any]:
    if not row.is_internal:
        return {name: getattr(row, name) for name in PUBLIC}
    record = incident.record
    return {name: getattr(row, name) for name in AS_ROW} | {
        "id": incident.pk, "url": url_of(record), "responded_at": record.responded_at,
        "requester": _named(record.requester), "contact_owner": _named(record.contact_owner),
        "assignee": {"id": row.assignee_id, "name": row.assignee} if row.assignee_id else None,
        "team": _coded(record.owner_team), "category": _coded(record.category),
        "component": _named(record.component, tag=record.component.tag) if record.component else None,
        "service": _named(record.service.component, code=record.service.code) if record.service else None,
    }  # fmt: skip


def _named(thing: Model | None, **more: str) -> dict[str, Any] | None:
    return None if thing is None else {"id": thing.pk, "name": getattr(thing, "name", ""), **more}


def _coded(thing: Model | None) -> dict[str, Any] | None:
    if thing is None:
        return None
    return {"id": thing.pk, "code": getattr(thing, "code", ""), "name": localname(getattr(thing, "name", {}))}
