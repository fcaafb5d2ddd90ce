"""The five columns of the board (UX 3.6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, IntegerField, Q, QuerySet, Value, Window
from django.utils.translation import gettext as _

from coordination.models import WorkItem
from coordination.queries.counts import Counts
from coordination.queries.filtering import WorkFilter
from coordination.queries.rows import Reader, Row, View, as_rows, held_by_people, ranked
from coordination.workflow import HELD
from journal.queries.kinds import states_under_review
from kernel.actor import Actor

CARDS = 25
REVIEWED = timedelta(days=14)
"""So long work that is done stands under review: the window in which it can come back (ARCHITECTURE 13)."""


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A column: its first cards in order, and how much there is in all."""

    key: str
    label: str
    count: int
    limit: int
    is_full: bool
    cards: Sequence[Row]
    card_template: str = "coordination/_card.html"


def board_columns(actor: Actor, chosen: WorkFilter, reader: Reader, found: Counts) -> list[BoardColumn]:
    """Unrouted, ready, in progress, waiting, review: three statements, and one for the promises of all cards."""
    at, needs = reader.at, reader.person.needs
    unrouted = list(ranked(actor, View.UNROUTED, chosen, needs, at).order_by("-score", "work_item_id")[:CARDS])
    ready = ranked(actor, View.EVERYTHING, chosen, needs, at).filter(work_item__is_routed=True)
    queued = list(ready.order_by("-score", "work_item_id")[:CARDS])
    held, waiting, done = _with_people(actor, chosen, at)
    rows = {row.id: row for row in as_rows([*unrouted, *queued, *held, *waiting, *done], reader)}
    columns = (
        ("unrouted", _("Unrouted"), found.unrouted, unrouted),
        ("ready", _("Ready"), found.everything - found.unrouted, queued),
        ("in_progress", _("In progress"), found.in_progress, held),
        ("waiting", _("Waiting"), found.waiting, waiting),
        ("review", _("Review"), _counted(done), done),
    )
    return [
        BoardColumn(key, label, count, 0, is_full=False, cards=[rows[each.pk] for each in cards])
        for key, label, count, cards in columns
    ]


def _with_people(actor: Actor, chosen: WorkFilter, at: datetime) -> tuple[list[WorkItem], ...]:
    """In progress by priority, waiting by when it goes on, under review by when it was done: in one statement."""
    held = held_by_people(actor, Q(state__in=HELD), chosen, at).order_by("record__priority", "pk")
    stopped = held_by_people(actor, Q(state=WorkItem.State.WAITING), chosen, at)
    stopped = stopped.order_by(F("waiting_until").asc(nulls_last=True), "pk")
    done = under_review(actor, chosen, at).annotate(all_in_all=Window(Count("pk")))
    nothing = Value(0, IntegerField())
    first, second = (rows.annotate(all_in_all=nothing)[:CARDS] for rows in (held, stopped))
    found = list(first.union(second, done[:CARDS], all=True))
    return (
        sorted((each for each in found if each.state in HELD), key=lambda each: (each.record.priority, each.pk)),
        sorted((each for each in found if each.state == WorkItem.State.WAITING),
               key=lambda each: (each.waiting_until is None, each.waiting_until or at, each.pk)),
        sorted((each for each in found if each.state == WorkItem.State.DONE),
               key=lambda each: (each.finished_at or at, each.pk), reverse=True),
    )  # fmt: skip


def _counted(done: Sequence[WorkItem]) -> int:
    return int(vars(done[0])["all_in_all"]) if done else 0


def under_review(actor: Actor, chosen: WorkFilter, at: datetime) -> QuerySet[WorkItem, Any]:
    """Work that is done while its record may still be confirmed or come back, what was done last first."""
    states = Q(pk__in=[])
    for kind, codes in states_under_review().items():
        states |= Q(record__kind=kind, record__state__in=codes)
    done = Q(state=WorkItem.State.DONE, record__phase="done", record__closed_at__gt=at - REVIEWED)
    return held_by_people(actor, done & states, chosen, at).order_by("-finished_at", "-pk")
