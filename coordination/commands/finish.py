"""The end of work: done, or cancelled with its source. The process decides and has asked for its own permission."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime

from coordination import events
from coordination.commands.change import QUEUE, change, leave_queue, note
from coordination.commands.rank import put_in_rank
from coordination.models import WorkItem
from coordination.queries.work import open_work
from journal import live
from journal.units import command
from kernel.actor import Actor
from records import commands as records
from records.models import Record

ENDED = ("state", "assignee_id", "remaining_minutes", "waiting_reason", "waiting_until", "parked_by_id")
"""What ending writes over."""


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


def unended(record: Record) -> list[dict[str, Any]]:
    """The record's open work as plain JSON: what `restore` needs once it has ended."""
    return [
        {name: value.isoformat() if isinstance(value, datetime) else value
         for name, value in ((name, getattr(work_item, name)) for name in ("pk", *ENDED))}
        for work_item in open_work(record)
    ]  # fmt: skip


@command
def restore(record: Record, before: Sequence[Mapping[str, Any]], *, actor: Actor, at: datetime) -> None:
    """Undo only: work that ended is open again as `unended` saw it, with whoever had it. Record locked."""
    kept = {each["pk"]: each for each in before}
    for work_item in WorkItem.objects.filter(record=record, pk__in=kept).select_related("assignee").order_by("pk"):
        work_item.record = record
        values = {name: kept[work_item.pk][name] for name in ENDED}
        values["waiting_until"] = parse_datetime(values["waiting_until"]) if values["waiting_until"] else None
        change(work_item, at=at, finished_at=None, **values)
        if work_item.state == WorkItem.State.QUEUED:
            put_in_rank([work_item], at=at)
    live.bump(QUEUE)


def _end(work_item: WorkItem, state: str, *, by: int | None, at: datetime) -> None:
    change(work_item, at=at, state=state, assignee_id=by, finished_at=at, remaining_minutes=0, waiting_reason="",
           waiting_until=None, parked_by=None)  # fmt: skip
    leave_queue(work_item)
