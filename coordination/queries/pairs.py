"""Who is asked to do work together with whom, and who could be asked (UX 3.6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q, QuerySet

from accounts.queries import actor_for
from accounts.queries.actors import people_with_rights
from coordination.models import PairAsk, WorkItem
from coordination.queries.people import takers
from coordination.workflow import OPEN, WITH_SOMEBODY
from kernel.actor import Actor
from kernel.errors import NotFound
from records import policies as record_policies
from records.queries import visible_q
from workforce import queries as workforce

MOST = 50

UNANSWERED = Q(answer=PairAsk.Answer.OPEN)
ACCEPTED = Q(answer=PairAsk.Answer.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Partner:
    """A colleague who could be asked."""

    id: int
    name: str


def partners(work_item: WorkItem, asker_id: int, at: datetime) -> list[Partner]:
    """Colleagues with whom the asker holds all that the work needs, and who may read its internal part; by name."""
    missing = set(work_item.needs) - set(workforce.needs_held(asker_id, at)) if work_item.needs else set()
    people = dict(takers().exclude(pk=asker_id).values_list("pk", "name"))
    if missing:
        held = workforce.needs_held_by(people, at)
        people = {pk: name for pk, name in people.items() if missing <= held.get(pk, set())}
    readers = set(_readers(work_item, list(people)[: MOST * 4]))
    return [Partner(pk, name) for pk, name in people.items() if pk in readers][:MOST]


def _readers(work_item: WorkItem, ids: Iterable[int]) -> Iterable[int]:
    """Those of the people who work with the record already: an ask opens no record to anybody."""
    for person in people_with_rights().filter(pk__in=ids):
        if record_policies.can_read_internal(actor_for(person), work_item.record):
            yield person.pk


def asks_about(work_item: WorkItem) -> list[PairAsk]:
    """Everything asked about the work item, newest first."""
    rows = PairAsk.objects.filter(work_item=work_item).select_related("asker", "colleague")
    return list(rows.order_by("-asked_at", "-pk")[:MOST])


def agreed(work_item: WorkItem, asker_id: int) -> int | None:
    """Who has agreed to do the work together with the asker; the last one."""
    rows = PairAsk.objects.filter(ACCEPTED, work_item=work_item, asker=asker_id, colleague__is_active=True)
    return rows.order_by("-answered_at", "-pk").values_list("colleague_id", flat=True).first()


def together(actor: Actor) -> QuerySet[PairAsk]:
    """What the person is asked now, first, and what they do beside somebody who has the work."""
    item = "work_item__"
    still = Q(**{f"{item}state__in": OPEN}) & (Q(**{f"{item}assignee": None}) | Q(**{f"{item}assignee": F("asker")}))
    beside = ACCEPTED & Q(**{f"{item}second": actor.id, f"{item}state__in": WITH_SOMEBODY})
    rows = PairAsk.objects.filter(visible_q(actor, f"{item}record__"), UNANSWERED & still | beside, colleague=actor.id)
    return rows.select_related("asker", "work_item__record").order_by("-answered_at", "asked_at", "pk")


def open_ask(work_item: WorkItem, pk: int) -> PairAsk:
    """One ask about the work item; NotFound when it is about another."""
    found = PairAsk.objects.filter(work_item=work_item, pk=pk).select_related("asker", "colleague").first()
    if found is None:
        raise NotFound("No such ask.")
    found.work_item = work_item
    return found


def beside(user_id: int) -> QuerySet[WorkItem]:
    """Open work that the person does beside somebody."""
    return WorkItem.objects.filter(second=user_id, state__in=OPEN).select_related("record", "assignee")
