"""Which queued work fits a person, and why the rest does not. The global rank is the same for everybody."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from coordination.models import Ranking, Skip, WorkItem
from coordination.queries.limits import Seeker, limits
from coordination.queries.words import needs_words
from kernel.actor import Actor
from records.queries import internal_q
from workforce import queries as workforce

LOOKED_AT = 50
"""How many of the rows above a pick are explained."""

LOOKED = (
    "record__number", *(f"work_item__{name}" for name in (
        "record", "is_routed", "is_major", "needs", "team", "earliest_at", "site", "remaining_minutes")),
)  # fmt: skip
"""What the explanation reads of a row."""


@dataclass(frozen=True, slots=True)
class Miss:
    """A work item above the picked one, and the first reason why this person did not get it."""

    work_item_id: int
    number: str
    reason: str
    words: str


def candidates(actor: Actor, person: Seeker, at: datetime) -> QuerySet[Ranking]:
    """Queued work that the person can take now, best first; each row's record locked, those in use left out."""
    item = "work_item__"
    fits = Q(**{f"{item}state": WorkItem.State.QUEUED, f"{item}is_routed": True})
    fits &= Q(**{f"{item}needs__contained_by": list(person.needs)})
    fits &= Q(**{f"{item}earliest_at": None}) | Q(**{f"{item}earliest_at__lte": at})
    fits &= Q(**{f"{item}team": None}) | Q(**{f"{item}team__in": person.teams})
    fits &= Q(**{f"{item}site": ""}) | Q(**{f"{item}site__iexact": person.site})
    room = Q(**{f"{item}is_major": True})
    if not person.is_full(limits().work_in_progress):
        room |= Q(**{f"{item}remaining_minutes__lte": person.room})
    return (
        Ranking.objects.select_for_update(skip_locked=True, of=("record",), no_key=True)
        .select_related("work_item", "record")
        .filter(fits, room, internal_q(actor, "record__"))
        .exclude(work_item__in=skipped_by(person.id, at))
        .order_by("-score", "work_item_id")
    )


def skipped_by(user_id: int, at: datetime) -> QuerySet[Skip, Any]:
    """Ids of work items that the person has passed over lately."""
    since = at - timedelta(hours=limits().skip_hours)
    return Skip.objects.filter(user=user_id, at__gt=since).values_list("work_item_id", flat=True)


def misses_above(
    actor: Actor, person: Seeker, score: int | None, work_item_id: int | None, at: datetime
) -> Sequence[Miss]:
    """Why the person did not get what stands above (all of the queue when no score is given); the first fifty."""
    rows = Ranking.objects.filter(internal_q(actor, "record__")).select_related("work_item", "record").only(*LOOKED)
    if score is not None:
        rows = rows.filter(Q(score__gt=score) | Q(score=score, work_item_id__lt=work_item_id))
    skipped = Exists(skipped_by(person.id, at).filter(work_item=OuterRef("work_item")))
    found = list(rows.annotate(is_skipped=skipped).order_by("-score", "work_item_id")[:LOOKED_AT])
    held = set(person.needs)
    names = workforce.competence_names() if any(set(row.work_item.needs) - held for row in found) else {}
    missed = []
    for row in found:
        is_skipped = bool(vars(row)["is_skipped"])
        reason, words = miss_of(row.work_item, person, at, is_skipped=is_skipped, names=names)
        missed.append(Miss(row.pk, row.record.number, reason, words))
    return missed


def miss_of(
    work_item: WorkItem, person: Seeker, at: datetime, *, is_skipped: bool, names: Mapping[int, Mapping[str, str]]
) -> tuple[str, str]:
    """(code, words) of the first reason why pick next does not give the work item to the person; empty when it may."""
    code = _missed(work_item, person, at, is_skipped=is_skipped)
    return code, _words(code, work_item, person, names) if code else ""


def _missed(work_item: WorkItem, person: Seeker, at: datetime, *, is_skipped: bool) -> str:
    """The first of these that holds."""
    is_bounded = not work_item.is_major
    reasons = (
        ("unrouted", not work_item.is_routed),
        ("competence", not set(work_item.needs) <= set(person.needs)),
        ("team", work_item.team_id is not None and work_item.team_id not in person.teams),
        ("earliest", work_item.earliest_at is not None and work_item.earliest_at > at),
        ("site", bool(work_item.site) and work_item.site.casefold() != person.site.casefold()),
        ("skipped", is_skipped),
        ("places", is_bounded and person.is_full(limits().work_in_progress)),
        ("hours", is_bounded and work_item.remaining_minutes > person.room),
    )
    return next((code for code, is_missed in reasons if is_missed), "")


def _words(code: str, work_item: WorkItem, person: Seeker, names: Mapping[int, Mapping[str, str]]) -> str:
    if code == "competence":
        return _lacking(set(work_item.needs) - set(person.needs), person, names)
    if code == "site":
        return _("at %(site)s") % {"site": work_item.site}
    return _(_WORDS[code])


def _lacking(missing: set[int], person: Seeker, names: Mapping[int, Mapping[str, str]]) -> str:
    """What is missing, and the level at which the person holds it, if at any (UX 3.6)."""
    asked = {need // 10 for need in missing}
    held = [max(level for level in person.needs if level // 10 == each) for each in sorted(asked)
            if any(level // 10 == each for level in person.needs)]  # fmt: skip
    needs = needs_words(sorted(missing), names)
    if not held:
        return _("needs %(needs)s") % {"needs": needs}
    return _("needs %(needs)s, and you hold %(held)s") % {"needs": needs, "held": needs_words(held, names)}


_WORDS = {
    "unrouted": gettext_noop("not routed yet"),
    "team": gettext_noop("for another team"),
    "earliest": gettext_noop("starts later"),
    "skipped": gettext_noop("you passed it over"),
    "places": gettext_noop("your places are full"),
    "hours": gettext_noop("does not fit in your next five working days"),
}
