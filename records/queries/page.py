"""What a record page needs beyond the record and its process: two statements and those of the time line."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from journal.queries.kinds import address, kind_of
from kernel.actor import Actor
from records import policies
from records.models import Draft, Record, Watcher
from records.queries.facts import Fact, facts
from records.queries.own import OwnAction, own_actions
from records.queries.timeline import Show, Timeline, timeline
from records.queries.visited import last_seen, note_seen, visit


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPage:
    """The frame of a record page for one reader: templates/records/page.html reads nothing else but the process."""

    record: Record
    url: str
    timeline: Timeline
    can_note: bool
    can_reply: bool
    can_edit: bool
    can_watch: bool
    is_internal: bool
    is_watching: bool
    callers: int
    seen: int
    draft_key: str
    draft_text: str
    draft_at: datetime | None
    merged_into: str
    state_label: str
    facts: list[Fact]

    @property
    def reader(self) -> str:
        """Who gets a public reply."""
        return self.record.requester.name if self.record.requester is not None else ""

    @property
    def others(self) -> int:
        """How many callers read it besides."""
        return max(self.callers - (self.record.requester is not None), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPage:
    """A requester's page of their own record: nothing that staff alone may read is in here."""

    record: Record
    timeline: Timeline
    state_label: str
    steps: list[dict[str, str]]
    can_reply: bool
    draft_key: str
    draft_text: str
    draft_at: datetime | None
    actions: list[OwnAction]


def draft_key_of(record: Record) -> str:
    """The key under which what is typed on this record is kept."""
    return f"record:{record.pk}:comment"


def record_page(
    actor: Actor, record: Record, *, show: Show = Show.ALL, before: int = 0, seen: int | None = None
) -> RecordPage:
    """Everything of the frame, for a record that the actor was found to see.

    `seen` is the last event that the reader had seen when the page was loaded; without it, it is loaded now.
    """
    visit(actor, record)
    had_seen = last_seen(actor, record) if seen is None else seen
    events = timeline(actor, record, show=show, before=before, seen=had_seen)
    if not before:
        note_seen(actor, record, events.last)
    beside = _beside(actor, record)
    is_here = record.merged_into_id is None  # words for a merged record are written on the one that took it over
    return RecordPage(
        record=record, url=url_of(record), timeline=events, seen=had_seen,
        can_note=is_here and policies.can_comment_internal(actor, record),
        can_reply=is_here and policies.can_reply(actor, record),
        can_edit=policies.can_edit(actor, record), can_watch=policies.can_watch(actor, record),
        is_internal=policies.can_read_internal(actor, record), is_watching=beside["is_watching"],
        callers=beside["others"] + (record.requester_id is not None), draft_key=draft_key_of(record),
        draft_text=(beside["draft"] or {}).get("text", ""), draft_at=beside["draft_at"],
        merged_into=beside["into"] or "", state_label=state_label(record), facts=facts(actor, record),
    )  # fmt: skip


def own_page(actor: Actor, record: Record) -> OwnPage:
    """The page of a record for its requester or a caller: public entries alone, whatever else the person may read."""
    beside = _beside(actor, record)
    return OwnPage(
        record=record, timeline=timeline(actor, record, is_public_only=True), state_label=state_label(record),
        steps=progress(record), can_reply=policies.can_reply(actor, record) and record.merged_into_id is None,
        draft_key=draft_key_of(record), draft_text=(beside["draft"] or {}).get("text", ""),
        draft_at=beside["draft_at"], actions=own_actions(actor, record),
    )  # fmt: skip


def progress(record: Record) -> list[dict[str, str]]:
    """Three steps in everyday words (UX 3.10)."""
    at = {"new": 0, "active": 1, "waiting": 1, "done": 2}[record.phase]
    words = (_("Received"), _("Being worked on"), _("Done"))
    states = [
        "done" if place < at or record.phase == "done" else "now" if place == at else "later" for place in range(3)
    ]
    return [{"label": word, "state": state} for word, state in zip(words, states, strict=True)]


def state_label(record: Record) -> str:
    """The record's state in the reader's language."""
    kind = kind_of(record.kind)
    return kind.state_label(record.state) if kind is not None else record.state


def url_of(record: Record) -> str:
    """The address of the record's page in its process."""
    return address(record.kind, number=record.number, subject_id=record.pk) or f"/records/{record.number}/"


def area_of(record: Record) -> str:
    """The place of the record's pages in the frame."""
    kind = kind_of(record.kind)
    return kind.area if kind is not None else ""


def _beside(actor: Actor, record: Record) -> dict[str, Any]:
    drafts = Draft.objects.filter(user=actor.id, key=draft_key_of(record))
    callers = Watcher.objects.filter(record=OuterRef("pk"), is_caller=True).exclude(user=OuterRef("requester"))
    counted = callers.order_by().values("record").annotate(n=Count("pk")).values("n")
    found = (
        Record.objects.filter(pk=record.pk)
        .annotate(
            others=Coalesce(Subquery(counted), 0),
            is_watching=Exists(Watcher.objects.filter(Q(record=OuterRef("pk")), user=actor.id)),
            draft=Subquery(drafts.values("values")[:1]), draft_at=Subquery(drafts.values("updated_at")[:1]),
            into=Subquery(Record.objects.filter(pk=OuterRef("merged_into")).values("number")[:1]),
        )
        .values("others", "is_watching", "draft", "draft_at", "into")
        .get()
    )  # fmt: skip
    return dict(found)
