"""Work items of records, and what a person has."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Case, F, IntegerField, QuerySet, When

from accounts.models import Team, User
from coordination.models import WorkItem
from coordination.queries.shown import shown_q
from coordination.workflow import HELD, OPEN, WITH_SOMEBODY
from kernel.actor import Actor
from kernel.errors import NotFound
from records.models import Record
from workforce.models import Competence


def open_work(record: Record, task: str | None = None) -> list[WorkItem]:
    """Unfinished work items of the record, oldest first; each carries this very `record` object."""
    rows = WorkItem.objects.filter(record=record, state__in=OPEN).select_related("assignee", "team").order_by("pk")
    found = [row for row in rows if task is None or row.task == task]
    for row in found:
        row.record = record
    return found


def work_for(record_ids: Iterable[int]) -> dict[int, list[WorkItem]]:
    """Unfinished work items with assignee and team by record, in one statement."""
    found: dict[int, list[WorkItem]] = defaultdict(list)
    rows = WorkItem.objects.filter(record__in=list(record_ids), state__in=OPEN).select_related("assignee", "team")
    for row in rows.order_by("pk"):
        found[row.record_id].append(row)
    return dict(found)


def visible_work(actor: Actor) -> QuerySet[WorkItem]:
    """Work items that the actor is shown (`shown_q`)."""
    return WorkItem.objects.filter(shown_q(actor))


def competences_in_use() -> QuerySet[Competence]:
    """Competences that work can need."""
    return Competence.objects.filter(retired_at=None)


def teams() -> QuerySet[Team]:
    """Teams that work can be routed to."""
    return Team.objects.filter(retired_at=None)


def work_item(actor: Actor, pk: int) -> WorkItem:
    """The work item with its record; NotFound when there is none or its record may not be seen."""
    found = visible_work(actor).select_related("record", "assignee", "second", "team").filter(pk=pk).first()
    if found is None:
        raise NotFound("No such work item.")
    return found


def work_items(actor: Actor, ids: Iterable[int]) -> list[WorkItem]:
    """Those of these work items that the actor may see, oldest first; unknown ids are left out."""
    rows = visible_work(actor).filter(pk__in=list(ids)).select_related("record", "assignee", "team")
    return list(rows.order_by("pk"))


def of_person(user_id: int) -> QuerySet[WorkItem]:
    """What a person has: in progress first, then assigned, then waiting; what came to the top last comes first."""
    place = Case(When(state="in_progress", then=0), When(state="assigned", then=1), default=2,
                 output_field=IntegerField())  # fmt: skip
    mine = WorkItem.objects.filter(assignee=user_id, state__in=WITH_SOMEBODY)
    mine = mine.select_related("record__component", "team", "assignee", "second")
    return mine.order_by(place, F("top_at").desc(nulls_last=True), "pk")


def planned_due(at: datetime, limit: int) -> list[int]:
    """Ids of records with planned work whose time has come, longest due first."""
    rows = WorkItem.objects.filter(state=WorkItem.State.PLANNED, earliest_at__lte=at).order_by("earliest_at")
    return list(rows.values_list("record_id", flat=True)[:limit])


def waiting_due(at: datetime, limit: int) -> list[int]:
    """Ids of records with work that waited until a time that has come, longest due first."""
    rows = WorkItem.objects.filter(state=WorkItem.State.WAITING, waiting_until__lte=at).order_by("waiting_until")
    return list(rows.values_list("record_id", flat=True)[:limit])


def next_planned(actor: Actor) -> WorkItem | None:
    """The planned work that enters the queue first, of what the actor may see."""
    rows = visible_work(actor).filter(state=WorkItem.State.PLANNED).select_related("record")
    return rows.order_by("earliest_at", "pk").first()


def parked_by(cause_id: int, within: list[WorkItem] | None = None) -> list[WorkItem]:
    """Work that this work item interrupted, once it has ended or left its assignee; none while it goes on.

    `within` gives the objects whose records are locked: only those are returned, read again.
    """
    rows = WorkItem.objects.filter(parked_by=cause_id, state=WorkItem.State.WAITING)
    rows = rows.exclude(parked_by__state__in=HELD, parked_by__assignee=F("assignee")).select_related("record")
    if within is None:
        return list(rows.order_by("pk"))
    locked = {each.pk: each.record for each in within}
    found = list(rows.filter(pk__in=locked).order_by("pk"))
    for row in found:
        row.record = locked[row.pk]
    return found


def record_with_work(record_id: int) -> tuple[Record, list[WorkItem]]:
    """The record and its open work, for reactions that come with an id."""
    record = Record.objects.get(pk=record_id)
    return record, open_work(record)


def team(pk: int) -> Team:
    """The team with that id."""
    return Team.objects.get(pk=pk)


def person(pk: int) -> User:
    """The person with that id; NotFound when there is none."""
    found = User.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound("No such person.")
    return found
