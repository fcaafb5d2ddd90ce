"""The two ways of standing in line: in the queue with a rank, or planned until a time (DOMAIN 4)."""

from datetime import datetime
from typing import Any

from coordination import events
from coordination.commands.change import change, leave_queue, note
from coordination.commands.rank import put_in_rank
from coordination.models import WorkItem
from coordination.queries.work import planned_due
from journal.units import command
from kernel.actor import Actor
from records import commands as records

BATCH = 100


def line_state(*, earliest_at: datetime | None, is_routed: bool, at: datetime) -> str:
    """Planned while its start is still to come; work that nobody has routed yet waits in the queue for that."""
    is_planned = is_routed and earliest_at is not None and earliest_at > at
    return WorkItem.State.PLANNED if is_planned else WorkItem.State.QUEUED


def stand_in_line(work_item: WorkItem, *, at: datetime, **values: Any) -> None:
    """Nobody has it from now on: queued and ranked, or planned without a rank. Record locked."""
    earliest_at = values.get("earliest_at", work_item.earliest_at)
    is_routed = values.get("is_routed", work_item.is_routed)
    state = line_state(earliest_at=earliest_at, is_routed=is_routed, at=at)
    is_ranked_already = work_item.state == state == WorkItem.State.QUEUED
    change(work_item, at=at, state=state, **values)
    if state == WorkItem.State.PLANNED:
        leave_queue(work_item)
    elif not is_ranked_already:
        put_in_rank([work_item], at=at)


@command
def enter_planned(*, actor: Actor, at: datetime) -> int:
    """Planned work whose time has come enters the queue, at most a hundred; returns how many. Swept.

    Records that somebody holds are left for the next round.
    """
    found, at = records.try_lock(planned_due(at, BATCH), at=at)
    locked = {record.pk: record for record in found}
    rows = WorkItem.objects.filter(record__in=locked, state=WorkItem.State.PLANNED, earliest_at__lte=at).order_by("pk")
    entered = 0
    for work_item in rows:
        work_item.record = locked[work_item.record_id]
        stand_in_line(work_item, at=at)
        note(work_item, events.DUE, actor=actor, at=at)
        entered += 1
    return entered
