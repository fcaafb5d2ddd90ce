"""A requester's own records: what they reported or joined, open ones first."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Q

from journal.queries.kinds import kind_of
from kernel.actor import Actor
from records.models import Record, Watcher

MOST = 100


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """One line of My records."""

    number: str
    title: str
    state_label: str
    phase: str
    opened_at: datetime
    last_at: datetime


def own_records(actor: Actor) -> list[OwnRecord]:
    """Records that the person requested or called about, open ones first, newest first: one statement."""
    called = Watcher.objects.filter(user=actor.id, is_caller=True).values("record")
    own = Record.objects.filter(Q(requester=actor.id) | Q(pk__in=called), audience__contains=[-actor.id])
    rows = own.order_by(F("closed_at").desc(nulls_first=True), "-opened_at", "-pk")[:MOST]
    return [_line(row) for row in rows]


def _line(row: Record) -> OwnRecord:
    kind = kind_of(row.kind)
    label = kind.state_label(row.state) if kind else row.state
    return OwnRecord(row.number, row.title, label, row.phase, row.opened_at, row.last_at)
