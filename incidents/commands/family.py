"""Incidents that belong together: further callers, duplicates, parent and parts (DOMAIN I1, I4)."""

from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from accounts.commands.guests import add_guest
from accounts.models import User
from coordination import commands as work
from incidents import events, policies
from incidents.commands.life import resolved
from incidents.models import Cause, Incident
from incidents.process import INCIDENTS
from incidents.workflow import OPEN, TASK, WORKFLOW
from journal import commands as journal
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Conflict
from processes.rules import require
from records import commands as records


@command
def add_caller(
    incident: Incident, user: User | None, *, guest: str = "", channel: str = "phone", call_key: UUID | None = None,
    actor: Actor, at: datetime,
) -> int:  # fmt: skip
    """One more person has the same fault ("me too"); returns how many callers there are now.

    `guest` is the name of a caller whom nobody knows yet, `call_key` the form whose draft this spends.
    """
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_edit, actor, incident)
    if incident.record.state not in OPEN:
        raise Conflict(
            _("%(number)s has ended. Log a new incident for this caller.") % {"number": incident.record.number},
            code="wrong_state", facts={"state": incident.record.state},
        )  # fmt: skip
    person = user or add_guest(name=guest, actor=actor, at=at)
    incident.caller_count = records.add_caller(incident.record, person, actor=actor, at=at, channel=channel)
    incident.save(update_fields=["caller_count"])
    if call_key is not None:
        records.drop_draft(key=f"call:{call_key}", actor=actor, at=at)
    return incident.caller_count


@command
def merge(incident: Incident, *, target: Incident, actor: Actor, at: datetime) -> None:
    """The incident is the same as `target`: its callers, followers and parts go there, its work is called off."""
    at = INCIDENTS.lock_family(incident, target, at=at)
    require(policies.can_edit, actor, incident)
    require(policies.can_edit, actor, target)
    if target.record.state not in OPEN:
        raise Conflict(
            _("%(number)s has ended. Reopen it before you merge into it.") % {"number": target.record.number},
            code="wrong_state", facts={"state": target.record.state},
        )  # fmt: skip
    records.merge_into(incident.record, target.record, actor=actor, at=at)
    records.move(incident.record, WORKFLOW, "merge", actor=actor, at=at, target=target.record.number)
    work.cancel(incident.record, actor=actor, at=at)
    if incident.remind_update_at is not None:
        incident.next_update_at = incident.remind_update_at = None
        incident.save(update_fields=["next_update_at", "remind_update_at"])
    target.caller_count = records.count_callers(target.record)
    target.save(update_fields=["caller_count"])


@command
def set_parent(incident: Incident, *, parent: Incident | None, actor: Actor, at: datetime) -> None:
    """Make it a part of a main incident, with which it is resolved, or of none."""
    at = INCIDENTS.lock_family(*filter(None, (incident, parent)), at=at)
    require(policies.can_edit, actor, incident)
    if parent is not None and parent.record.state not in OPEN:
        raise Conflict(
            _("%(number)s has ended. Choose an open incident.") % {"number": parent.record.number}, code="wrong_state",
            facts={"state": parent.record.state},
        )  # fmt: skip
    records.set_parent(incident.record, parent.record if parent else None, actor=actor, at=at)


@command
def tell_parts(part_ids: list[int], *, parent: Incident, actor: Actor, at: datetime) -> None:
    """Note for every open part that its main incident was resolved; each then follows in its own transaction.

    The notes lie on chains of their own, so nothing is locked together (ARCHITECTURE 5).
    """
    for part_id in part_ids:
        journal.note(
            ("incident_part", part_id), events.PARENT_RESOLVED, actor=actor, at=at, parent=parent.record.number,
            cause=parent.cause, resolution=parent.resolution,
        )  # fmt: skip


@command
def resolve_with_parent(
    incident: Incident, *, parent: str, cause: str, resolution: str, actor: Actor, at: datetime
) -> bool:
    """Resolve a part as its main incident was; its callers are told. False when it has ended already."""
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_work, actor, incident)
    if incident.record.state not in OPEN or not _is_part_of(incident, parent):
        return False
    resolved(
        incident,
        cause=cause or Cause.UNKNOWN,
        resolution=resolution,
        tell_callers=True,
        actor=actor,
        at=at,
        parent=parent,
    )
    work.finish(incident.record, task=TASK, actor=actor, at=at)
    return True


def _is_part_of(incident: Incident, number: str) -> bool:
    return incident.record.parent is not None and incident.record.parent.number == number
