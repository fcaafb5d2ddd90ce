"""Back to the queue: hand back with a reason, or pass over what one does not want to be given."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from coordination import events, policies
from coordination.commands.change import change, lock_work, note, require_state
from coordination.commands.queueing import stand_in_line
from coordination.models import Skip, WorkItem
from coordination.queries.limits import limits
from coordination.queries.pairs import beside
from coordination.queries.reasons import RELEASE, SKIP, offered
from coordination.queries.work import of_person
from coordination.workflow import ACCOUNT_OFF, UNASSIGNED, WITH_SOMEBODY
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Unprocessable


@command
def hand_back(work_item: WorkItem, *, actor: Actor, at: datetime, reason: str = "", note_text: str = "") -> None:
    """Back to the queue with its waiting time kept. A reason is needed, except within two minutes of picking."""
    at = lock_work(work_item, at=at)
    policies.require(policies.can_handle, actor, work_item)
    require_state(work_item, *WITH_SOMEBODY)
    is_free = is_released_free(work_item, at) and work_item.assignee_id == actor.id
    if reason not in offered(RELEASE) and not (is_free and not reason):
        message = _("Choose why the work goes back to the queue.")
        raise Unprocessable(message, fields={"reason": [message]})
    _back(work_item, actor=actor, at=at, reason=reason, text=note_text, is_free=is_free)


@command
def give_back_all(user_id: int, *, actor: Actor, at: datetime) -> int:
    """Everything that the person holds or waits for goes back to the queue, because the account is switched off (X5).

    Doing it again changes nothing; returns how much went back.
    """
    returned = 0
    for work_item in of_person(user_id).order_by("record_id", "pk"):  # records are locked by id
        at = lock_work(work_item, at=at)
        policies.require(policies.can_assign, actor, work_item)
        if work_item.assignee_id == user_id and work_item.state in WITH_SOMEBODY:
            note(work_item, events.LEFT, actor=actor, at=at, name=work_item.assignee.name if work_item.assignee else "")
            _back(work_item, actor=actor, at=at, reason=ACCOUNT_OFF, text="", is_free=False)
            returned += 1
    _leave_pairs(user_id, actor=actor, at=at)
    return returned


def _leave_pairs(user_id: int, *, actor: Actor, at: datetime) -> None:
    """Nobody is the second person of work with an account that is switched off."""
    for work_item in beside(user_id).order_by("record_id", "pk"):
        at = lock_work(work_item, at=at)
        if work_item.second_id == user_id:
            name = work_item.second.name if work_item.second is not None else ""
            change(work_item, at=at, second_id=None)
            note(work_item, events.LEFT, actor=actor, at=at, name=name)


def is_released_free(work_item: WorkItem, at: datetime) -> bool:
    """Whether the work was picked less than two minutes ago, so that giving it back costs no reason."""
    picked = work_item.picked_at
    return picked is not None and at - picked <= timedelta(seconds=limits().free_release_seconds)


def _back(work_item: WorkItem, *, actor: Actor, at: datetime, reason: str, text: str, is_free: bool) -> None:
    before, name = work_item.assignee_id, work_item.assignee.name if work_item.assignee is not None else ""
    stand_in_line(work_item, at=at, assignee=None, second=None, picked_at=None, top_at=None, waiting_reason="",
                  waiting_until=None, parked_by=None)  # fmt: skip
    note(work_item, events.RELEASED, actor=actor, at=at, before=before, name=name, reason=reason,
         note=text.strip()[:200], is_free=is_free)  # fmt: skip


@command
def skip(work_item: WorkItem, *, reason: str, actor: Actor, at: datetime, note_text: str = "") -> None:
    """Not for me: pick next leaves it out for this person for a day. What one has already goes back to the queue."""
    at = lock_work(work_item, at=at)
    policies.require_picker(actor)
    if reason not in offered(SKIP):
        message = _("Choose one of the reasons.")
        raise Unprocessable(message, fields={"reason": [message]})
    if work_item.assignee_id != actor.id:
        require_state(work_item, *UNASSIGNED)
    Skip.objects.create(work_item=work_item, user_id=actor.id, reason=reason, note=note_text.strip()[:200], at=at)
    if work_item.assignee_id == actor.id:
        require_state(work_item, *WITH_SOMEBODY)
        _back(work_item, actor=actor, at=at, reason=reason, text=note_text, is_free=is_released_free(work_item, at))
