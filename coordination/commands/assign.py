"""Who does it: a coordinator assigns, a person takes or starts."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from coordination import events, policies
from coordination.commands.change import change, lock_work, note, require_state
from coordination.commands.claim import excess, hand_over, park_top
from coordination.models import WorkItem
from coordination.workflow import OPEN, UNASSIGNED
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Unprocessable


@command
def assign(work_item: WorkItem, user: User, *, actor: Actor, at: datetime, override_reason: str = "") -> None:
    """Give the work to somebody, from the queue or from somebody else.

    Raises DoesNotFit (409) when the person lacks a competence, a place or the hours; a coordinator may override with
    a reason, which is recorded. Work of a major incident always passes and parks what the person was doing.
    """
    at = lock_work(work_item, at=at)
    policies.require(policies.can_assign, actor, work_item, _("Only an agent or a coordinator can assign work."))
    require_state(work_item, *OPEN)
    before = work_item.assignee_id
    if before == user.pk:
        return
    hand_over(work_item, user_id=user.pk, state=WorkItem.State.ASSIGNED, at=at, is_routed=True)
    overridden = _fits_or_overridden(work_item, override_reason, actor=actor, at=at)
    note(work_item, events.ASSIGNED, actor=actor, at=at, before=before, **overridden)
    if work_item.is_major:
        park_top(work_item, actor=actor, at=at)


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
    note(work_item, events.PICKED, actor=actor, at=at, **overridden)
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
    note(work_item, events.PICKED, actor=actor, at=at)
