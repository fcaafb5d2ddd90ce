"""Pick next: the first work item by rank that this person can do; two people never get the same (UX 3.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from coordination import events, policies
from coordination.commands.change import WrongState, note
from coordination.commands.claim import excess, hand_over, park_top
from coordination.models import Ranking, WorkItem
from coordination.queries.fit import Miss, candidates, misses_above
from coordination.queries.limits import Seeker, limits, seeker
from coordination.queries.work import of_person
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Conflict
from records import commands as records

TRIES = 25


class NothingForYou(Conflict):
    """The queue holds nothing that this person can take (409); `facts` say how many wait and what the first need."""

    code = "nothing_for_you"


class PlacesFull(Conflict):
    """Every place in progress is taken (409); `facts` name the work items: hold or hand back one."""

    code = "places_full"


@dataclass(frozen=True, slots=True)
class Picked:
    """What somebody got, the parts of its rank, and what stood above it and why they did not get that."""

    work_item: WorkItem
    score: int
    why: Sequence[Mapping[str, Any]]
    skipped: Sequence[Miss]
    parked: WorkItem | None = None


@command
def pick_next(*, actor: Actor, at: datetime) -> Picked:
    """Give the actor the best work item they are able to do, and start it.

    One transaction: a record that nobody holds, compare-and-set on the work item, then the person's limits. A major
    incident's work passes the limits and parks what the person was doing. PlacesFull or NothingForYou (409) otherwise.
    """
    policies.require_picker(actor)
    person = seeker(actor.id, actor.teams, at)
    tried: list[int] = []
    for _attempt in range(TRIES):
        ranking = candidates(actor, person, at).exclude(pk__in=tried).first()
        if ranking is None:
            break
        work_item = ranking.work_item
        work_item.record = ranking.record
        records.note_locked(ranking.record)
        moment = max(at, work_item.record.last_at)
        try:
            hand_over(work_item, user_id=actor.id, state=WorkItem.State.IN_PROGRESS, at=moment, started_at=moment)
        except WrongState:  # nothing was written: somebody was first
            tried.append(ranking.pk)
            continue
        return _picked(ranking, person, actor=actor, at=moment)
    raise _nothing(actor, person, at)


def _picked(ranking: Ranking, person: Seeker, *, actor: Actor, at: datetime) -> Picked:
    work_item = ranking.work_item
    refusal = excess(work_item, at=at, person=person)
    if refusal is not None:  # the same person picked elsewhere at the same moment
        raise refusal
    score, skipped = ranking.score, misses_above(actor, person, ranking.score, work_item.pk, at)
    note(work_item, events.PICKED, actor=actor, at=at, score=score, skipped=len(skipped),
         name=actor.name)  # fmt: skip
    parked = park_top(work_item, actor=actor, at=at) if work_item.is_major else None
    return Picked(work_item, score, ranking.parts, skipped, parked)


def _nothing(actor: Actor, person: Seeker, at: datetime) -> Conflict:
    limit = limits().work_in_progress
    if person.is_full(limit):
        mine = [{"work_item": each.pk, "number": each.record.number} for each in of_person(actor.id)[:limit]]
        sentence = _("You have %(held)s of %(limit)s work items in progress. Finish, hold or hand back one first.")
        return PlacesFull(sentence % {"held": person.load.held, "limit": limit}, facts={"mine": mine})
    skipped = misses_above(actor, person, None, None, at)
    if not skipped:
        return NothingForYou(_("Nothing waits in the queue."), facts={"waiting": 0})
    reasons = [miss.words for miss in skipped[:3]]
    sentence = _("Nothing in the queue is for you now. The first: %(reasons)s.")
    facts = {"waiting": len(skipped), "reasons": reasons}
    return NothingForYou(sentence % {"reasons": "; ".join(reasons)}, facts=facts)
