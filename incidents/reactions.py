"""What an incident does when coordination and the clocks say something (ARCHITECTURE 3)."""

from accounts.queries import SYSTEM
from incidents import commands
from incidents.models import Incident
from incidents.process import INCIDENTS
from incidents.queries import detail
from incidents.workflow import ASSIGNED, IN_PROGRESS, NEW, OPEN, PENDING, PENDING_REASONS, TASK
from kernel.errors import Conflict
from kernel.reactions import Fact, When, on
from records import commands as records


def _incident_of(fact: Fact) -> Incident | None:
    """The incident that the work is about, with the very record that is locked already; None for other work."""
    record = fact.subject
    if record is None or record.kind != "incident" or fact.data.get("task") != TASK:
        return None
    incident = INCIDENTS.of_record(record)
    if record.state not in OPEN:
        raise Conflict(f"{record.number} has ended.", code="wrong_state", facts={"state": record.state})
    return incident


@on("work.assigned", when=When.IN_TRANSACTION)
def assign_with_work(fact: Fact) -> None:
    """Somebody was given the work: they see the incident, which is no longer new."""
    incident = _incident_of(fact)
    if incident is None:
        return
    records.share(incident.record, people=[fact.data["user"]])
    if incident.record.state == NEW:
        commands.assign(incident, actor=fact.actor, at=fact.at)


@on("work.picked", when=When.IN_TRANSACTION)
def start_with_work(fact: Fact) -> None:
    """Somebody took the work and starts."""
    incident = _incident_of(fact)
    if incident is None:
        return
    records.share(incident.record, people=[fact.data["user"]])
    if incident.record.state in (NEW, ASSIGNED):
        commands.start(incident, actor=fact.actor, at=fact.at)
    elif incident.record.state == PENDING:
        commands.resume(incident, actor=fact.actor, at=fact.at)


@on("work.released", when=When.IN_TRANSACTION)
def release_with_work(fact: Fact) -> None:
    """The work went back to the queue."""
    incident = _incident_of(fact)
    if incident is not None and incident.record.state in (IN_PROGRESS, PENDING):
        commands.release(incident, actor=fact.actor, at=fact.at)


@on("work.waiting", "work.resumed")
def follow_waiting_work(fact: Fact) -> None:
    """Work that waits or goes on from the queue's side takes its incident along: as the work stands now."""
    if fact.subject_kind != "incident" or fact.data.get("task") != TASK:
        return
    incident = INCIDENTS.by_id(fact.subject_id)
    item = INCIDENTS.work_item(incident.record)
    if item is None:
        return
    state = incident.record.state
    if item.state == "waiting" and item.waiting_reason in PENDING_REASONS and state in (ASSIGNED, IN_PROGRESS):
        commands.hold(incident, reason=item.waiting_reason, actor=SYSTEM, at=fact.at)
    elif item.state == "in_progress" and state == PENDING:
        commands.resume(incident, is_by_hand=not fact.actor.is_system, actor=SYSTEM, at=fact.at)
    elif item.state == "queued" and state == PENDING:
        commands.release(incident, actor=SYSTEM, at=fact.at)


@on("incident.resolve")
def resolve_parts(fact: Fact) -> None:
    """A main incident was resolved: each of its open parts follows, in a transaction of its own."""
    parts = detail.open_part_ids(fact.subject_id)
    if parts:
        commands.tell_parts(parts, parent=INCIDENTS.by_id(fact.subject_id), actor=SYSTEM, at=fact.at)


@on("incident.parent_resolved")
def resolve_part(fact: Fact) -> None:
    """This part's turn."""
    told = {name: fact.data[name] for name in ("parent", "cause", "resolution")}
    commands.resolve_with_parent(INCIDENTS.by_id(fact.subject_id), actor=SYSTEM, at=fact.at, **told)


@on("sla.step_fired", only=lambda data: data.get("action") == "raise_priority")
def raise_priority(fact: Fact) -> None:
    """An escalation step asks for a higher priority."""
    if fact.subject_kind == "incident" and fact.data.get("action") == "raise_priority":
        incident = INCIDENTS.by_id(fact.subject_id)
        commands.raise_priority(incident, deadline_id=fact.data["deadline_id"], actor=SYSTEM, at=fact.at)
