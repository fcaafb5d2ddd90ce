"""What an incident's page shows beyond the page of every record."""

from datetime import datetime
from typing import Any

from coordination.models import WorkItem
from incidents.models import Incident
from incidents.queries import detail
from incidents.workflow import RESOLVED
from kernel.actor import Actor


def beside(
    actor: Actor, incident: Incident, _item: WorkItem | None, *, is_internal: bool, at: datetime
) -> dict[str, Any]:
    """Open parts, what comes after resolving, an update that is late."""
    return {
        "parts": detail.parts(actor, incident) if is_internal else [],
        "is_just_resolved": is_internal and incident.record.state == RESOLVED,
        "is_update_late": bool(incident.next_update_at and incident.next_update_at < at),
    }
