"""What a record page needs beyond the record and its process: two statements and those of the time line."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from journal.queries.kinds import address
from kernel.actor import Actor
from records import policies
from records.models import Draft, Record, Watcher
from records.queries.timeline import Show, Timeline, timeline


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
    draft_key: str
    draft_text: str
    draft_at: datetime | None
    merged_into: str

    @property
    def reader(self) -> str:
        """Who gets a public reply."""
        return self.record.requester.name if self.record.requester is not None else ""

    @property
    def others(self) -> int:
        """How many callers read it besides."""
        return max(self.callers - (self.record.requester is not None), 0)


def draft_key_of(record: Record) -> str:
    """The key under which what is typed on this record is kept."""
    return f"record:{record.pk}:comment"


def record_page(actor: Actor, record: Record, *, show: Show = Show.ALL, before: int = 0) -> RecordPage:
    """Everything of the frame, for a record that the actor was found to see."""
    beside = _beside(actor, record)
    can_note = policies.can_comment_internal(actor, record)
    return RecordPage(
        record=record, url=url_of(record), timeline=timeline(actor, record, show=show, before=before),
        can_note=can_note, can_reply=policies.can_reply(actor, record),
        can_edit=policies.can_edit(actor, record), can_watch=policies.can_watch(actor, record),
        is_internal=policies.can_read_internal(actor, record), is_watching=beside["is_watching"],
        callers=beside["others"] + (record.requester_id is not None), draft_key=draft_key_of(record),
        draft_text=(beside["draft"] or {}).get("text", ""), draft_at=beside["draft_at"],
        merged_into=beside["into"] or "",
    )  # fmt: skip


def url_of(record: Record) -> str:
    """The address of the record's page in its process."""
    return address(record.kind, number=record.number, subject_id=record.pk) or f"/records/{record.number}/"


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
