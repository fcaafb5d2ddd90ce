"""The four columns of the board."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import F, Q
from django.utils.translation import gettext as _

from coordination.models import WorkItem
from coordination.queries.counts import Counts
from coordination.queries.filtering import WorkFilter
from coordination.queries.rows import Reader, Row, View, as_rows, held_by_people, ranked
from coordination.workflow import HELD
from kernel.actor import Actor

CARDS = 25


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
    """Unrouted, ready, in progress, waiting: four statements, and one for the promises of all cards."""
    at, needs = reader.at, reader.person.needs
    unrouted = list(ranked(actor, View.UNROUTED, chosen, needs, at).order_by("-score", "work_item_id")[:CARDS])
    ready = ranked(actor, View.EVERYTHING, chosen, needs, at).filter(work_item__is_routed=True)
    queued = list(ready.order_by("-score", "work_item_id")[:CARDS])
    held = list(held_by_people(actor, Q(state__in=HELD), chosen, at).order_by("record__priority", "pk")[:CARDS])
    stopped = held_by_people(actor, Q(state=WorkItem.State.WAITING), chosen, at)
    waiting = list(stopped.order_by(F("waiting_until").asc(nulls_last=True), "pk")[:CARDS])
    rows = {row.id: row for row in as_rows([*unrouted, *queued, *held, *waiting], reader)}
    columns = (
        ("unrouted", _("Unrouted"), found.unrouted, unrouted),
        ("ready", _("Ready"), found.everything - found.unrouted, queued),
        ("in_progress", _("In progress"), found.in_progress, held),
        ("waiting", _("Waiting"), found.waiting, waiting),
    )
    return [
        BoardColumn(key, label, count, 0, is_full=False, cards=[rows[each.pk] for each in cards])
        for key, label, count, cards in columns
    ]
