"""Tell on the record which of its due times moved, from when to when, and because of what (DOMAIN I3, X1)."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from records import commands as records
from sla import events
from sla.commands.book import Book, Leaf
from sla.commands.firing import whose_words
from sla.models import Clock

DueTimes = Mapping[int, datetime | None]


@dataclass(frozen=True, slots=True)
class Cause:
    """Why: "changed" (priority, service or requester), "rules", "calendar" or "tzdata", and which version of it.

    `calendar` is the edited one's name in every language, `why` what a person gave as the reason.
    """

    cause: str
    version: str = ""
    calendar: Mapping[str, str] | None = None
    why: str = ""


def due_times(book: Book) -> DueTimes:
    """When the running promises of an open book are due now: take it before anything is written into the book."""
    return {id(leaf): _due(leaf) for leaf in book.leaves}


def tell(book: Book, before: DueTimes, cause: Cause, note: Callable[..., object] = records.note) -> None:
    """One event for all due times that differ from `before` in the saved book; none when nothing moved."""
    moved = [_move(leaf, before.get(id(leaf))) for leaf in book.leaves if before.get(id(leaf)) != _due(leaf)]
    if moved:
        said = {**asdict(cause), "moves": moved}
        note(book.record, events.REPLANNED, actor=book.actor, at=book.at, **said)


def _due(leaf: Leaf) -> datetime | None:
    return leaf.clock.due_at if leaf.clock.state == Clock.State.RUNNING else None


def _move(leaf: Leaf, old: datetime | None) -> dict[str, Any]:
    clock = leaf.clock
    said = {"metric": clock.metric, "old": old, "new": _due(leaf), "state": clock.state}
    return said if leaf.is_ours else said | whose_words(clock)
