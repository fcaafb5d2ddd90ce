"""The one place that changes a work item: locked with its record, compare-and-set, one event."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from coordination.models import Ranking, WorkItem
from coordination.workflow import LABELS
from journal import live
from kernel.actor import Actor
from kernel.errors import Conflict
from records import commands as records

QUEUE = "queue"
"""The topic under which live pages of the queue change."""

_FIELDS = [
    field.name
    for field in WorkItem._meta.concrete_fields  # noqa: SLF001  # the documented model Meta API
    if field.name not in ("id", "record")
]


class WrongState(Conflict):
    """The work item has moved on since the page was loaded (409)."""

    code = "wrong_state"


def lock_work(work_item: WorkItem, *, at: datetime) -> datetime:
    """Lock the record, read the work item again, return `at`, never before the record's last event."""
    at = records.lock(work_item.record, at=at)
    work_item.refresh_from_db(fields=_FIELDS)
    return at


def require_state(work_item: WorkItem, *states: str) -> None:
    """WrongState (409) unless the work item is in one of the states."""
    if work_item.state not in states:
        raise wrong_state(work_item)


def wrong_state(work_item: WorkItem) -> WrongState:
    """The refusal that says how it is now, and who has it."""
    who = work_item.assignee.name if work_item.assignee else ""
    facts = {"state": work_item.state, "assignee": work_item.assignee_id, "assignee_name": who}
    values = {"number": work_item.record.number, "state": _(LABELS[work_item.state]), "name": who}
    if who:
        return WrongState(_("%(number)s is with %(name)s now: %(state)s. Choose another.") % values, facts=facts)
    return WrongState(_("The work on %(number)s has moved on: %(state)s. Choose another.") % values, facts=facts)


def change(work_item: WorkItem, *, at: datetime, **values: Any) -> None:
    """Set columns if state and assignee are still as this object says; WrongState (409) otherwise. Record locked."""
    values["last_at"] = at
    row = WorkItem.objects.filter(pk=work_item.pk, state=work_item.state, assignee=work_item.assignee_id)
    if not row.update(**values):
        work_item.refresh_from_db(fields=_FIELDS)
        raise wrong_state(work_item)
    for name, value in values.items():
        setattr(work_item, name, value)


def leave_queue(work_item: WorkItem) -> None:
    """A work item has a rank only while it is queued. Record locked."""
    Ranking.objects.filter(pk=work_item.pk).delete()


def note(work_item: WorkItem, code: str, *, actor: Actor, at: datetime, **data: Any) -> None:
    """One event on the record, with what every event of work tells. Record locked."""
    live.bump(QUEUE)
    records.note(
        work_item.record, code, actor=actor, at=at, task=work_item.task, work_item=work_item.pk,
        user=work_item.assignee_id, **data,
    )  # fmt: skip
