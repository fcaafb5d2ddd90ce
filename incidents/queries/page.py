"""What an incident's page shows beyond the frame of every record."""

from datetime import datetime
from typing import Any

from accounts.roles import Permission
from incidents.models import Incident
from incidents.policies import require
from incidents.queries import detail, facts, steps
from incidents.queries.work import work_item
from incidents.workflow import RESOLVED
from kernel.actor import Actor
from records.models import Record
from records.policies import can_read_internal, is_party
from registry import queries as registry
from sla.queries import clocks_for

IMPACT_LIMIT = 50
"""Components named in the impact panel; the count is always whole."""


def beside(actor: Actor, incident: Incident, *, is_internal: bool, at: datetime) -> dict[str, Any]:
    """Steps, own facts, who has the work, open parts, what comes after resolving."""
    item = work_item(incident.record)
    offered = steps.offered(actor, incident, item)
    names = {step.name for step in offered}
    own = facts.own_facts(incident, item, is_internal=is_internal)
    return {
        "head_steps": [step for step in offered if step.place == "head"],
        "more_steps": [step for step in offered if step.place == "more"],
        "clocks": [row.face for row in clocks_for([incident.pk], at=at).get(incident.pk, [])] if is_internal else [],
        "own_facts": own, "step_names": names, "item": item, "now": at,
        "parts": detail.parts(actor, incident) if is_internal else [],
        "can_pick": actor.may_somewhere(Permission.WORK_PICK),
        "is_just_resolved": is_internal and incident.record.state == RESOLVED,
        "is_update_late": bool(incident.next_update_at and incident.next_update_at < at),
    }  # fmt: skip


def impact_of(record: Record) -> registry.Impact | None:
    """What stops with the component, or the service when only that is known; None when neither is."""
    root = record.component_id or record.service_id
    return registry.impact(root, IMPACT_LIMIT) if root is not None else None


def require_internal(actor: Actor, incident: Incident) -> None:
    """NotAllowed for requesters: this part of the page is for staff."""
    require(lambda who, which: can_read_internal(who, which.record), actor, incident)


def is_own_only(actor: Actor, incident: Incident) -> bool:
    """Whether the actor is here as its requester or caller, who have a page of their own."""
    return is_party(actor, incident.record) and not can_read_internal(actor, incident.record)
