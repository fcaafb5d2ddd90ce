"""Why a work item stands where it stands, beside another one; who could do it (UX 3.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from coordination import ranking
from coordination.models import Boost, Ranking, WorkItem
from coordination.queries.fit import miss_of, skipped_by
from coordination.queries.limits import free_of, limits, load_of, seeker
from coordination.queries.people import MOST, takers
from coordination.queries.words import needs_words, part_words, spoken
from kernel.actor import Actor
from records.queries import internal_q
from workforce import queries as workforce


@dataclass(frozen=True, slots=True)
class Gap:
    """How many points one row has more than another by one part, and what the part says of each."""

    points: int
    here: str
    there: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Another row of the queue, its place, and what makes the difference, largest first."""

    number: str
    place: int
    score: int
    difference: int
    gaps: Sequence[Gap]


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole sum, the place in the global order, why it is not the reader's next, and boosts with their reasons."""

    score: int | None
    place: int | None
    parts: Sequence[Mapping[str, Any]]
    rules_version: int
    miss: str
    boosts: Sequence[Boost]
    beside: Comparison | None


def explain(actor: Actor, work_item: WorkItem, at: datetime, *, beside: str = "") -> Explanation:
    """Everything about the rank of a work item that the reader may see; `beside` is another record's number."""
    row = Ranking.objects.filter(pk=work_item.pk).first()
    boosts = list(Boost.objects.filter(work_item=work_item, expires_at__gt=at).select_related("by").order_by("-at"))
    if row is None:
        return Explanation(None, None, (), 0, "", boosts, None)
    person = seeker(actor.id, actor.teams, at)
    is_skipped = skipped_by(actor.id, at).filter(work_item=work_item).exists()
    _code, words = miss_of(work_item, person, at, is_skipped=is_skipped, names=workforce.competence_names())
    parts = list(spoken(row.parts))
    other = _beside(actor, row, beside) if beside else None
    return Explanation(row.score, place_of(row), parts, row.rules_version, words, boosts, other)


def place_of(row: Ranking) -> int:
    """The row's place in the order that is the same for everybody; counting stops at 1,000."""
    above = Ranking.objects.filter(Q(score__gt=row.score) | Q(score=row.score, work_item_id__lt=row.pk))
    return above.values("pk")[:1000].count() + 1


def _beside(actor: Actor, row: Ranking, number: str) -> Comparison | None:
    visible = Ranking.objects.filter(internal_q(actor, "record__"), record__number__iexact=number.strip())
    other = visible.select_related("record").first()
    if other is None:
        return None
    gaps = [
        Gap(points, _words(row.parts, name), _words(other.parts, name))
        for name, points in ranking.difference(row.parts, other.parts)
    ]
    return Comparison(other.record.number, place_of(other), other.score, row.score - other.score, gaps)


def _words(parts: Sequence[Mapping[str, Any]], name: str) -> str:
    return next((part_words(part) for part in parts if part["name"] == name), _("nothing"))


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who takes work: what they have, what is left of their hours, what they lack for this work."""

    id: int
    name: str
    held: int
    limit: int
    room_minutes: int
    missing: str
    fits: bool


def colleagues(work_items: Sequence[WorkItem], at: datetime) -> list[Colleague]:
    """People who take work from the queue, those who fit first; four statements however many there are."""
    people = list(takers().only("pk", "name")[:MOST])
    ids = [each.pk for each in people]
    loads, free, limit = load_of(ids), free_of(ids, at), limits().work_in_progress
    held_by = workforce.needs_held_by(ids, at)
    needs = sorted({need for work_item in work_items for need in work_item.needs})
    minutes = sum(work_item.remaining_minutes for work_item in work_items)
    names = workforce.competence_names() if needs else {}
    found = []
    for each in people:
        missing = [need for need in needs if need not in held_by.get(each.pk, set())]
        room = max(0, free[each.pk] - loads[each.pk].minutes)
        fits = not missing and loads[each.pk].held + len(work_items) <= limit and minutes <= room
        lacks = needs_words(missing, names) if missing else ""
        found.append(Colleague(each.pk, each.name, loads[each.pk].held, limit, room, lacks, fits))
    return sorted(found, key=lambda each: (not each.fits, bool(each.missing), -each.room_minutes, each.name))
