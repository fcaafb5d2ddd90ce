"""The end of work: done, or cancelled with its source. The process decides and has asked for its own permission."""

from datetime import datetime

from coordination import events
from coordination.commands.change import change, leave_queue, note
from coordination.models import WorkItem
from coordination.queries.work import open_work
from journal.units import command
from kernel.actor import Actor
from records import commands as records
from records.models import Record


@command
def finish(record: Record, *, actor: Actor, at: datetime, task: str | None = None) -> None:
    """The record's open work (or the one with that task word) is done. Whoever finishes queued work has done it."""
    at = records.lock(record, at=at)
    for work_item in open_work(record, task):
        by = work_item.assignee_id or (actor.id if actor.kind == "person" else None)
        _end(work_item, WorkItem.State.DONE, by=by, at=at)
        note(work_item, events.FINISHED, actor=actor, at=at)


@command
def cancel(record: Record, *, actor: Actor, at: datetime, task: str | None = None) -> None:
    """The record's open work (or the one with that task word) is no longer wanted."""
    at = records.lock(record, at=at)
    for work_item in open_work(record, task):
        _end(work_item, WorkItem.State.CANCELLED, by=work_item.assignee_id, at=at)
        note(work_item, events.CANCELLED, actor=actor, at=at)


def _end(work_item: WorkItem, state: str, *, by: int | None, at: datetime) -> None:
    change(work_item, at=at, state=state, assignee_id=by, finished_at=at, remaining_minutes=0, waiting_reason="",
           waiting_until=None, parked_by=None)  # fmt: skip
    leave_queue(work_item)
