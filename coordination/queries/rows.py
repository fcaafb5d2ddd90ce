"""The lists of work: one statement for fifty rows, joined in Python with what lower rooms know (ARCHITECTURE 9)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from coordination.models import Ranking, WorkItem
from coordination.queries.filtering import WorkFilter
from coordination.queries.fit import miss_of, skipped_by
from coordination.queries.limits import Load, Seeker
from coordination.queries.reasons import WAIT, words_of
from coordination.queries.shown import shown_q
from coordination.queries.words import needs_words, spoken, summary
from coordination.workflow import LABELS, PARKED, SIZES, WITH_SOMEBODY
from kernel.actor import Actor
from kernel.clockface import ClockFace
from kernel.errors import NotFound
from kernel.paging import Key, Page, ordering, page_of
from records.models import Record
from records.queries import internal_q
from records.queries.faces import faces_of
from records.queries.page import url_of
from workforce.queries import Held


class View(StrEnum):
    """The tabs of the queue."""

    EVERYTHING = "everything"
    COMPETENT = "competences"
    UNROUTED = "unrouted"
    PLANNED = "planned"
    WAITING = "waiting"
    MINE = "mine"


QUEUED_VIEWS = (View.EVERYTHING, View.COMPETENT, View.UNROUTED)
RANK_KEYS = (Key("score", is_descending=True), Key("work_item_id"))
WAITING_KEYS = (Key("waiting_until", is_nullable=True), Key("id"))
PLANNED_KEYS = (Key("earliest_at"), Key("id"))
MINE_KEYS = (Key("top_at", is_descending=True, is_nullable=True), Key("id"))

_OF_WORK = (
    "state", "task", "title", "assignee", "second", "team__name", "needs", "site", "estimate_minutes",
    "remaining_minutes", "is_major", "is_routed", "offered_at", "earliest_at", "waiting_reason", "waiting_until",
    "record",
)  # fmt: skip
_OF_RECORD = ("kind", "number", "title", "priority", "due_at", "risk_at", "component__name")
SHOWN = ("score", "parts", "record_id", *(f"work_item__{name}" for name in _OF_WORK),
         *(f"record__{name}" for name in _OF_RECORD))  # fmt: skip
"""What a row of the queue shows; descriptions and what else the tables hold stay in the database."""


@dataclass(frozen=True, slots=True)
class Need:
    """A competence that the work needs, and whether the reader holds it."""

    words: str
    is_held: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A work item as pages and API show it to one reader."""

    id: int
    number: str
    title: str
    url: str
    priority: int
    state: str
    state_words: str
    task: str
    component: str
    site: str
    team: Mapping[str, str]
    assignee: str
    assignee_id: int | None
    second: str
    needs: tuple[Need, ...]
    size: str
    estimate_minutes: int
    is_major: bool
    is_routed: bool
    offered_at: datetime
    waiting_words: str
    waiting_until: datetime | None
    planned_at: datetime | None
    face: ClockFace
    score: int | None
    summary: str
    parts: tuple[Mapping[str, Any], ...]
    miss: str
    miss_words: str

    @property
    def miss_sentence(self) -> str:
        """Why pick next does not give it to the reader."""
        return _("Not yours because: %(reason)s.") % {"reason": self.miss_words}


def ranked(actor: Actor, view: View, chosen: WorkFilter, needs: Sequence[int], at: datetime) -> QuerySet[Ranking]:
    """Queued work in rank order, as far as the reader may see it."""
    rows = Ranking.objects.filter(internal_q(actor, "record__"), chosen.condition(at, "work_item__"))
    if view == View.COMPETENT:
        rows = rows.filter(work_item__is_routed=True, work_item__needs__contained_by=list(needs))
    if view == View.UNROUTED:
        rows = rows.filter(work_item__is_routed=False)
    skipped = Exists(skipped_by(actor.id, at).filter(work_item=OuterRef("work_item")))
    return rows.annotate(is_skipped=skipped).select_related("work_item__team", "record__component").only(*SHOWN)


def held_by_people(actor: Actor, which: Q, chosen: WorkFilter, at: datetime) -> QuerySet[WorkItem]:
    """Work that somebody has, or that waits, as far as the reader may see it."""
    rows = WorkItem.objects.filter(which, shown_q(actor), chosen.condition(at))
    return rows.select_related("team", "assignee", "second", "record__component")


def rows_page(
    actor: Actor, view: View, chosen: WorkFilter, reader: "Reader", *, cursor: str, is_backwards: bool
) -> tuple[list[Row], Page[Any]]:
    """Fifty rows of a tab, and the cursors around them."""
    found, keys = of_view(actor, view, chosen, reader)
    page: Page[Any] = page_of(found, keys, cursor=cursor, is_backwards=is_backwards)
    return list(as_rows(page.rows, reader)), page


def matching(actor: Actor, view: View, chosen: WorkFilter, reader: "Reader", most: int) -> list[int]:
    """Ids of all work items of a tab that match the filter, at most so many."""
    found, keys = of_view(actor, view, chosen, reader)
    return list(found.order_by(*ordering(keys)).values_list("pk", flat=True)[:most])


def of_view(actor: Actor, view: View, chosen: WorkFilter, reader: "Reader") -> tuple[QuerySet[Any], Sequence[Key]]:
    """The rows of a tab that match the filter, unread, and their ordering."""
    if view in QUEUED_VIEWS:
        return ranked(actor, view, chosen, reader.person.needs, reader.at), RANK_KEYS
    if view == View.MINE:
        mine = Q(assignee=actor.id, state__in=WITH_SOMEBODY)
        return held_by_people(actor, mine, chosen, reader.at), MINE_KEYS
    if view == View.PLANNED:
        return held_by_people(actor, Q(state=WorkItem.State.PLANNED), chosen, reader.at), PLANNED_KEYS
    return held_by_people(actor, Q(state=WorkItem.State.WAITING), chosen, reader.at), WAITING_KEYS


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads, when, and what rows are told by: the person as matching sees them, and every competence's name."""

    person: Seeker
    names: Mapping[int, Mapping[str, str]]
    at: datetime


def reader_of(actor: Actor, site: str, competences: Sequence[Held], load: Load, at: datetime) -> Reader:
    """Made from what the page has read anyway; how many hours are free is left out, pick next looks at that."""
    needs = tuple(sorted(need for each in competences for need in each.needs))
    person = Seeker(actor.id, tuple(sorted(actor.teams)), needs, site, load, free=10**9)
    return Reader(person, {each.id: each.name for each in competences}, at)


def row_of(actor: Actor, pk: int, reader: Reader) -> Row:
    """One work item as a row, ranked or not; NotFound when there is none or its record may not be seen."""
    nothing = WorkFilter()
    queued = ranked(actor, View.EVERYTHING, nothing, (), reader.at).filter(work_item=pk).first()
    found = queued or held_by_people(actor, Q(pk=pk), nothing, reader.at).first()
    if found is None:
        raise NotFound("No such work item.")
    return next(as_rows([found], reader))


def as_rows(found: Sequence[Ranking | WorkItem], reader: Reader) -> Iterator[Row]:
    """Frozen rows; one statement more for the promises of all of them."""
    pairs = [(each.work_item, each) if isinstance(each, Ranking) else (each, None) for each in found]
    for each in found:
        if isinstance(each, Ranking):
            each.work_item.record = each.record
    faces = faces_of([item.record for item, _ranking in pairs], reader.at)
    for item, ranking in pairs:
        yield _row(item, ranking, faces[item.record_id], reader)


def _row(item: WorkItem, ranking: Ranking | None, face: ClockFace, reader: Reader) -> Row:
    record = item.record
    parts = spoken(ranking.parts if ranking is not None else [])
    is_skipped = bool(getattr(ranking, "is_skipped", False))
    miss, words = ("", "") if ranking is None else miss_of(
        item, reader.person, reader.at, is_skipped=is_skipped, names=reader.names)  # fmt: skip
    held = set(reader.person.needs)
    return Row(
        id=item.pk, number=record.number, title=item.title or record.title, url=url_of(record),
        priority=record.priority, state=item.state, state_words=_(LABELS[item.state]), task=item.task,
        component=_component(record), site=item.site, team=item.team.name if item.team else {},
        assignee=item.assignee.name if item.assignee_id and item.assignee else "", assignee_id=item.assignee_id,
        second=item.second.name if item.second_id and item.second else "",
        needs=tuple(Need(needs_words([need], reader.names), need in held) for need in item.needs),
        size=size_of(item.estimate_minutes), estimate_minutes=item.estimate_minutes, is_major=item.is_major,
        is_routed=item.is_routed, offered_at=item.offered_at, waiting_words=_waiting(item),
        waiting_until=item.waiting_until, face=face,
        planned_at=item.earliest_at if item.state == WorkItem.State.PLANNED else None,
        score=ranking.score if ranking is not None else None,
        summary=summary(parts), parts=parts,
        miss=miss, miss_words=words,
    )  # fmt: skip


def _component(record: Record) -> str:
    return record.component.name if record.component is not None else ""


def _waiting(item: WorkItem) -> str:
    if item.state != WorkItem.State.WAITING:
        return ""
    return words_of(WAIT, item.waiting_reason or PARKED)


def size_of(minutes: int) -> str:
    """S, M or L; empty for another estimate."""
    return next((size for size, each in SIZES.items() if each == minutes), "")
