"""Waiting with a reason, going on, and coming back after a major incident.

`wait` and `resume` are verbs of the person who has the work. `wait_for` and `resume_for` are called by a process whose
own state has moved and which has asked for its own permission.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from coordination import events, policies
from coordination.commands.change import change, leave_queue, lock_work, note, require_state
from coordination.commands.claim import excess, lock_person
from coordination.commands.queueing import BATCH, stand_in_line
from coordination.models import WorkItem
from coordination.queries.reasons import WAIT, offered
from coordination.queries.work import open_work, parked_by, waiting_due
from coordination.workflow import HELD
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Unprocessable
from records import commands as records
from records.models import Record


@command
def wait(work_item: WorkItem, *, reason: str, actor: Actor, at: datetime, until: datetime | None = None) -> None:
    """Put the work on hold with a reason, perhaps until a time; the place in progress becomes free."""
    at = lock_work(work_item, at=at)
    policies.require(policies.can_handle, actor, work_item)
    require_state(work_item, *HELD)
    if reason not in offered(WAIT):
        message = _("Choose what the work waits for.")
        raise Unprocessable(message, fields={"reason": [message]})
    if until is not None and until <= at:
        message = _("Choose a time that is still to come.")
        raise Unprocessable(message, fields={"until": [message]})
    _wait(work_item, reason=reason, until=until, actor=actor, at=at)


@command
def wait_for(
    record: Record, *, reason: str, actor: Actor, at: datetime, task: str | None = None, until: datetime | None = None
) -> None:
    """The process waits, so its open work waits with it; what waits already is left as it is."""
    at = records.lock(record, at=at)
    for work_item in open_work(record, task):
        if work_item.state != WorkItem.State.WAITING:
            _wait(work_item, reason=reason, until=until, actor=actor, at=at)


def _wait(work_item: WorkItem, *, reason: str, until: datetime | None, actor: Actor, at: datetime) -> None:
    is_ranked = work_item.state == WorkItem.State.QUEUED
    change(work_item, at=at, state=WorkItem.State.WAITING, waiting_reason=reason, waiting_until=until)
    if is_ranked:
        leave_queue(work_item)
    note(work_item, events.WAITING, actor=actor, at=at, reason=reason, until=until)


@command
def resume(work_item: WorkItem, *, actor: Actor, at: datetime) -> None:
    """Go on with what waited. Needs a free place in progress, as picking does (DoesNotFit 409)."""
    at = lock_work(work_item, at=at)
    policies.require(policies.can_handle, actor, work_item)
    require_state(work_item, WorkItem.State.WAITING)
    _resume(work_item, actor=actor, at=at)
    if work_item.assignee_id == actor.id:
        lock_person(actor.id)
        refusal = excess(work_item, at=at)
        if refusal is not None and "places" in refusal.facts["over"]:
            raise refusal


@command
def wake(*, actor: Actor, at: datetime) -> int:
    """Work that waited until a time goes on when it has come, at most a hundred; returns how many. Swept.

    It stays with whoever has it, even beyond their places; what nobody has stands in the queue again.
    """
    found, at = records.try_lock(waiting_due(at, BATCH), at=at)
    locked = {record.pk: record for record in found}
    rows = WorkItem.objects.filter(record__in=locked, state=WorkItem.State.WAITING, waiting_until__lte=at)
    woken = 0
    for work_item in rows.select_related("assignee").order_by("pk"):
        work_item.record = locked[work_item.record_id]
        _resume(work_item, actor=actor, at=at)
        woken += 1
    return woken


@command
def resume_for(record: Record, *, actor: Actor, at: datetime, task: str | None = None) -> None:
    """The process goes on, so its waiting work does; what somebody has stays theirs, even beyond their places."""
    at = records.lock(record, at=at)
    for work_item in open_work(record, task):
        if work_item.state == WorkItem.State.WAITING and work_item.parked_by_id is None:
            _resume(work_item, actor=actor, at=at)


def _resume(work_item: WorkItem, *, actor: Actor, at: datetime) -> None:
    if work_item.assignee_id is None:
        stand_in_line(work_item, at=at, waiting_reason="", waiting_until=None, parked_by=None, top_at=at)
    else:
        change(work_item, at=at, state=WorkItem.State.IN_PROGRESS, waiting_reason="", waiting_until=None,
               parked_by=None, top_at=at, started_at=work_item.started_at or at)  # fmt: skip
    note(work_item, events.RESUMED, actor=actor, at=at)


@command
def return_parked(cause_id: int, *, actor: Actor, at: datetime) -> int:
    """What a major incident's work interrupted comes back to its owner's top once that work has ended. Returns how
    many came back; doing it again changes nothing."""  # fmt: skip
    parked = parked_by(cause_id)
    at = records.lock(*(each.record for each in parked), at=at)
    returned = 0
    for work_item in parked_by(cause_id, within=parked):
        state = WorkItem.State.IN_PROGRESS if work_item.started_at else WorkItem.State.ASSIGNED
        change(work_item, at=at, state=state, waiting_reason="", parked_by=None, top_at=at)
        note(work_item, events.RETURNED, actor=actor, at=at)
        returned += 1
    return returned
