"""Who does it: a coordinator assigns, a person takes or starts."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from accounts.models import User
from coordination import events, policies
from coordination.commands.change import QUEUE, change, lock_work, note, require_state
from coordination.commands.claim import excess, hand_over, park_top
from coordination.commands.rank import put_in_rank
from coordination.models import WorkItem
from coordination.queries.work import open_work
from coordination.workflow import OPEN, UNASSIGNED
from journal import live
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Conflict, Unprocessable
from records import commands as records
from records.models import Record, Undo

_TAKEN_BACK = (
    "state",
    "assignee_id",
    "second_id",
    "is_routed",
    "top_at",
    "picked_at",
    "waiting_reason",
    "waiting_until",
)


@command
def assign(work_item: WorkItem, user: User, *, actor: Actor, at: datetime, override_reason: str = "") -> Undo | None:
    """Give the work to somebody, from the queue or from somebody else. Returns how to take it back.

    Raises DoesNotFit (409) when the person lacks a competence, a place or the hours; a coordinator may override with
    a reason, which is recorded. Work of a major incident always passes and parks what the person was doing.
    """
    at = lock_work(work_item, at=at)
    policies.require(policies.can_assign, actor, work_item, _("Only an agent or a coordinator can assign work."))
    require_state(work_item, *OPEN)
    before = work_item.assignee_id
    if before == user.pk:
        return None
    undo = {name: getattr(work_item, name) for name in _TAKEN_BACK}
    undo |= {"work_item": work_item.pk, "record": records.state_of(work_item.record)}
    hand_over(work_item, user_id=user.pk, state=WorkItem.State.ASSIGNED, at=at, is_routed=True)
    overridden = _fits_or_overridden(work_item, override_reason, actor=actor, at=at)
    note(work_item, events.ASSIGNED, actor=actor, at=at, before=before, name=_name(work_item), **overridden)
    if work_item.is_major and park_top(work_item, actor=actor, at=at) is not None:
        return None
    plain = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in undo.items()}
    return records.offer_undo(work_item.record, events.ASSIGNED, before=plain, actor=actor, at=at)


@records.undoes(events.ASSIGNED)
def unassign(record: Record, before: Mapping[str, Any], *, done_at: datetime, actor: Actor, at: datetime) -> None:
    """Back to whoever had it, or into the queue, and the record to its state. Record locked."""
    work_item = next((each for each in open_work(record) if each.pk == before["work_item"]), None)
    if work_item is None or work_item.state != WorkItem.State.ASSIGNED:
        raise Conflict(_("The work has gone on since, so this cannot be undone any more."), code="too_late")
    values = {name: before[name] for name in _TAKEN_BACK}
    values |= {name: parse_datetime(before[name]) for name in ("top_at", "picked_at", "waiting_until") if before[name]}
    change(work_item, at=at, **values)
    if work_item.state == WorkItem.State.QUEUED:
        put_in_rank([work_item], at=at)
    live.bump(QUEUE)
    if record.state != before["record"]["state"]:
        records.move_back(record, before["record"], done_at=done_at, actor=actor, at=at)


def _fits_or_overridden(work_item: WorkItem, reason: str, *, actor: Actor, at: datetime) -> dict[str, Any]:
    refusal = excess(work_item, at=at)
    if refusal is None:
        return {}
    if not reason.strip():
        raise refusal
    policies.require(policies.can_override, actor, work_item, _("Only a coordinator can give more than fits."))
    return {"override": reason.strip(), "over": refusal.facts["over"]}


@command
def take(work_item: WorkItem, *, actor: Actor, at: datetime, override_reason: str = "") -> None:
    """Take this one for oneself and start it. WrongState (409) tells who was first; limits as for `assign`."""
    at = lock_work(work_item, at=at)
    policies.require(policies.can_pick, actor, work_item, _("Your role does not take work from the queue."))
    if work_item.assignee_id == actor.id:
        _start(work_item, actor=actor, at=at)
        return
    require_state(work_item, *UNASSIGNED)
    hand_over(work_item, user_id=actor.id, state=WorkItem.State.IN_PROGRESS, at=at, started_at=at)
    overridden = _fits_or_overridden(work_item, override_reason, actor=actor, at=at)
    note(work_item, events.PICKED, actor=actor, at=at, name=_name(work_item), **overridden)
    if work_item.is_major:
        park_top(work_item, actor=actor, at=at)


@command
def start(work_item: WorkItem, *, actor: Actor, at: datetime) -> None:
    """Begin what one was assigned."""
    at = lock_work(work_item, at=at)
    policies.require(policies.can_handle, actor, work_item)
    if work_item.assignee_id != actor.id:
        raise Unprocessable(_("Only the person who has the work can start it."))
    _start(work_item, actor=actor, at=at)


def _start(work_item: WorkItem, *, actor: Actor, at: datetime) -> None:
    if work_item.state == WorkItem.State.IN_PROGRESS:
        return
    require_state(work_item, WorkItem.State.ASSIGNED)
    change(work_item, at=at, state=WorkItem.State.IN_PROGRESS, started_at=work_item.started_at or at, top_at=at)
    note(work_item, events.PICKED, actor=actor, at=at, name=_name(work_item))


def _name(work_item: WorkItem) -> str:
    return work_item.assignee.name if work_item.assignee is not None else ""
