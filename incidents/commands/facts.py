"""Own facts of an incident, changed one by one: compare-and-set on the value that the writer saw (UX 3.5)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from incidents import policies
from incidents.commands.undoing import UNDOING
from incidents.models import Incident
from incidents.process import INCIDENTS
from incidents.queries.facts import DETAILS
from journal.units import command
from kernel.actor import Actor
from processes.details import write_details
from processes.rules import require
from records import commands as records
from records.models import Undo

FACTS = ("title", "description", "service", "component", "category")
"""Columns of the record that a client may set on an incident."""


@command
def edit_details(
    incident: Incident, *, seen: Mapping[str, Any], values: Mapping[str, Any], actor: Actor, at: datetime
) -> Undo | None:
    """Set workaround, tags, supplier's reference. Another person's change of the same one is Stale (409)."""
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_edit, actor, incident)
    return write_details(UNDOING, DETAILS, incident, seen=seen, values=values, actor=actor, at=at)


@command
def add_tags(incident: Incident, *, tags: list[str], actor: Actor, at: datetime) -> Undo | None:
    """Put tags on it, beside those it has."""
    at = INCIDENTS.lock(incident, at=at)
    merged = sorted({*incident.tags, *tags})
    return edit_details(incident, seen={}, values={"tags": merged}, actor=actor, at=at)


@command
def edit_incident(
    incident: Incident, *, facts: Mapping[str, Any], details: Mapping[str, Any], actor: Actor, at: datetime
) -> None:
    """Set facts of the record and own columns in one go, for a writer who has named the version that was seen."""
    at = INCIDENTS.lock(incident, at=at)
    if facts:
        records.edit_fields(incident.record, seen={}, values=facts, allowed=FACTS, actor=actor, at=at)
    if details:
        edit_details(incident, seen={}, values=details, actor=actor, at=at)
