"""What is due. Read without locks from the partial index; whoever acts on it locks and looks again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Min, Q, QuerySet

from sla.ledger import BREACH
from sla.models import Deadline


def due(at: datetime) -> QuerySet[Deadline]:
    """Deadlines that have come and may be tried. The breach comes after its instant, which still keeps the promise."""
    come = Q(due_at__lt=at) | Q(due_at=at, step__gt=BREACH)
    return Deadline.objects.filter(come, Q(next_try_at=None) | Q(next_try_at__lte=at), state=Deadline.State.ARMED)


def records_due(at: datetime, limit: int) -> list[int]:
    """Ids of the records of the `limit` deadlines that came first, in that order, each once."""
    rows = due(at).filter(due_at__lte=at).order_by("due_at", "pk").values_list("record_id", flat=True)
    return list(dict.fromkeys(rows[:limit]))


@dataclass(frozen=True, slots=True)
class Lateness:
    """Steps that have come and have not been fired, since when the oldest; steps given up."""

    overdue: int
    since: datetime | None
    parked: int


def lateness(at: datetime) -> Lateness:
    """How far the sweep is behind: two partial indexes, one statement each."""
    come = Deadline.objects.filter(due_at__lt=at, state=Deadline.State.ARMED)
    found = come.aggregate(n=Count("pk"), since=Min("due_at"))
    parked = Deadline.objects.filter(state=Deadline.State.PARKED).count()
    return Lateness(found["n"], found["since"], parked)


def due_of(record_ids: Iterable[int], at: datetime) -> list[Deadline]:
    """Deadlines of these records that have come, with their clocks, in the order of their due times."""
    rows = due(at).filter(record__in=list(record_ids), generation=F("clock__generation"))
    found = list(rows.select_related("clock").order_by("due_at", "pk"))
    clocks = {row.clock_id: row.clock for row in reversed(found)}
    for row in found:
        row.clock = clocks[row.clock_id]
    return found
