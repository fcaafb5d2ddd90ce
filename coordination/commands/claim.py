"""Give a work item to a person: compare-and-set, then the person's row for limits, then what a major incident parks."""

from datetime import datetime
from typing import Any

from django.db.models import Case, F, IntegerField, Value, When
from django.utils.translation import gettext as _

from accounts.models import User
from coordination import events
from coordination.commands.change import change, leave_queue, note
from coordination.models import WorkItem
from coordination.queries.limits import Seeker, free_of, limits, load_of
from coordination.queries.pairs import agreed
from coordination.queries.words import needs_words
from coordination.workflow import HELD, PARKED
from kernel.actor import Actor
from kernel.errors import Conflict, NotFound
from records import commands as records
from workforce import queries as workforce

PLACES, HOURS, COMPETENCE = "places", "hours", "competence"


class DoesNotFit(Conflict):
    """More than the person can finish, or not what they can do: a coordinator may override with a reason (409).

    `facts`: over (list of places, hours, competence), held, limit, free and load in minutes, missing needs.
    """

    code = "does_not_fit"


def lock_person(user_id: int) -> User:
    """Lock the row of an active person: work is given to one person by one transaction at a time."""
    person = User.objects.select_for_update(no_key=True).filter(pk=user_id, is_active=True).first()
    if person is None:
        raise NotFound(_("There is no such person, or the account is disabled."))
    return person


def hand_over(work_item: WorkItem, *, user_id: int, state: str, at: datetime, **values: Any) -> User:
    """Set the assignee and lock the person. Record locked; limits are the caller's next question.

    Whoever agreed to do this work together with that person is the second one from now on, nobody else.
    """
    values["second_id"] = agreed(work_item, user_id)
    change(work_item, at=at, state=state, assignee_id=user_id, top_at=at, picked_at=at, waiting_reason="",
           waiting_until=None, parked_by=None, **values)  # fmt: skip
    leave_queue(work_item)
    person = lock_person(user_id)
    work_item.assignee = person
    records.share(work_item.record, people=[user_id])
    return person


def excess(work_item: WorkItem, *, at: datetime, person: Seeker | None = None) -> DoesNotFit | None:
    """Why the work item, already counted in, is too much for its assignee; None when it fits or is major.

    `person` saves reading hours and competences again; what the person has is always counted now, behind the lock.
    """
    user_id = work_item.assignee_id
    if work_item.is_major or user_id is None:
        return None
    limit, load = limits().work_in_progress, load_of([user_id])[user_id]
    held = set(person.needs if person else workforce.needs_held(user_id, at) if work_item.needs else ())
    if work_item.second_id is not None and work_item.needs:
        held |= set(workforce.needs_held(work_item.second_id, at))
    missing = sorted(set(work_item.needs) - held)
    free = person.free if person else free_of([user_id], at)[user_id]
    over = [word for word, is_over in (
        (COMPETENCE, bool(missing)), (PLACES, load.held > limit), (HOURS, load.minutes > free)) if is_over]  # fmt: skip
    if not over:
        return None
    facts = {"over": over, "held": load.held - 1, "limit": limit, "free_minutes": free, "missing": missing,
             "load_minutes": load.minutes - work_item.remaining_minutes,
             "estimate_minutes": work_item.remaining_minutes}  # fmt: skip
    return DoesNotFit(_sentence(work_item, facts), facts=facts)


def _sentence(work_item: WorkItem, facts: dict[str, Any]) -> str:
    name = work_item.assignee.name if work_item.assignee else ""
    if COMPETENCE in facts["over"]:
        return _("%(number)s needs %(needs)s, which %(name)s does not hold today.") % {
            "number": work_item.record.number, "needs": needs_words(facts["missing"]), "name": name,
        }  # fmt: skip
    if PLACES in facts["over"]:
        return _("%(name)s has %(held)s of %(limit)s work items in progress. Finish, hold or hand back one first.") % {
            "name": name, "held": facts["held"], "limit": facts["limit"],
        }  # fmt: skip
    return _("%(name)s has %(free)s h in the next five working days and %(load)s h of work already.") % {
        "name": name, "free": facts["free_minutes"] // 60, "load": facts["load_minutes"] // 60,
    }  # fmt: skip


def park_top(cause: WorkItem, *, actor: Actor, at: datetime) -> WorkItem | None:
    """Interrupt what the assignee of a major incident's work was doing; it comes back when that work ends.

    Records locked out of order are never waited for: what somebody else holds right now is left, the next is parked.
    """
    place = Case(When(state="in_progress", then=Value(0)), default=Value(1), output_field=IntegerField())
    top = (
        WorkItem.objects.select_for_update(skip_locked=True, of=("record",), no_key=True)
        .select_related("record")
        .filter(assignee=cause.assignee_id, state__in=HELD, is_major=False)
        .order_by(place, F("top_at").desc(nulls_last=True), "pk")
        .first()
    )
    if top is None:
        return None
    at = max(at, top.record.last_at)
    change(top, at=at, state=WorkItem.State.WAITING, waiting_reason=PARKED, parked_by=cause)
    note(top, events.PARKED, actor=actor, at=at, cause=cause.record.number)
    return top
