"""Own facts of an incident, changed one by one: compare-and-set on the value that the writer saw (UX 3.5)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from incidents import events, policies
from incidents.commands.locking import lock
from incidents.commands.undoing import DETAILS, columns_of
from incidents.models import Incident
from incidents.queries.facts import EDITABLE
from journal.units import command
from kernel.actor import Actor
from kernel.errors import NotAllowed
from records import commands as records
from records.commands.columns import plain, raw, write_columns
from records.models import Undo

FACTS = ("title", "description", "service", "component", "category")
"""Columns of the record that a client may set on an incident."""


@command
def edit_details(
    incident: Incident, *, seen: Mapping[str, Any], values: Mapping[str, Any], actor: Actor, at: datetime
) -> Undo | None:
    """Set workaround, tags, supplier's reference. Another person's change of the same one is Stale (409)."""
    at = lock(incident, at=at)
    policies.require(policies.can_edit, actor, incident)
    for name in values:
        if name not in EDITABLE:
            message = _("The field %(field)s cannot be changed here.") % {"field": name}
            raise NotAllowed(message, code="field_not_editable")
    records.check_seen(incident.record, incident, seen=seen, values=values)
    wanted = {name: value for name, value in values.items() if raw(incident, name) != plain(incident, name, value)}
    if not wanted:
        return None
    before = columns_of(incident, tuple(wanted))
    change = write_columns(incident, wanted)
    records.touch(incident.record)
    records.note(incident.record, events.FIELD_CHANGED, actor=actor, at=at, **change)
    return records.offer_undo(incident.record, DETAILS, before={"columns": before}, actor=actor, at=at)


@command
def add_tags(incident: Incident, *, tags: list[str], actor: Actor, at: datetime) -> Undo | None:
    """Put tags on it, beside those it has."""
    at = lock(incident, at=at)
    merged = sorted({*incident.tags, *tags})
    return edit_details(incident, seen={}, values={"tags": merged}, actor=actor, at=at)


@command
def edit_incident(
    incident: Incident, *, facts: Mapping[str, Any], details: Mapping[str, Any], actor: Actor, at: datetime
) -> None:
    """Set facts of the record and own columns in one go, for a writer who has named the version that was seen."""
    at = lock(incident, at=at)
    if facts:
        records.edit_fields(incident.record, seen={}, values=facts, allowed=FACTS, actor=actor, at=at)
    if details:
        edit_details(incident, seen={}, values=details, actor=actor, at=at)
