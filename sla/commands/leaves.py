"""What one clock writes into an open book: stop, reopen, wait, promise something else, undo."""

from datetime import datetime
from typing import Any

from kernel.workflow import Phase
from sla.commands.book import Book, Leaf
from sla.ledger import Kind, State
from sla.models import Metric, Party
from sla.queries.clocks import SUPPLIER

NO_TARGET, RESPONDED, DONE = "no_target", "responded", "done"


def stop(book: Book, leaf: Leaf, reason: str) -> None:
    """The promise ends here, unless it has."""
    if leaf.state.state is not State.STOPPED:
        book.add(leaf, Kind.STOPPED, reason)


def reopen(book: Book, leaf: Leaf) -> None:
    """The resolution clock goes on; a response that was given, if only by the solution, stays given."""
    if leaf.clock.metric == Metric.RESOLUTION and leaf.state.state is State.STOPPED:
        book.add(leaf, Kind.REOPENED, "reopened")
        retarget(book, leaf, "reopened", "")


def follow_waiting(book: Book, leaf: Leaf) -> None:
    """Pause or go on as the record's phase and waiting reason say."""
    record, state = book.record, leaf.state
    pauses = record.phase == Phase.WAITING and _pauses(book, leaf)
    if state.is_running and pauses:
        book.add(leaf, Kind.PAUSED, record.waiting_reason)
    elif state.state is State.PAUSED and not pauses:
        book.add(leaf, Kind.RESUMED, "")
    elif state.state is State.PAUSED and state.pause_reason != record.waiting_reason:
        book.add(leaf, Kind.PAUSED, record.waiting_reason)


def _pauses(book: Book, leaf: Leaf) -> bool:
    """Waiting for the supplier is what a supplier's own time measures; it never stops that."""
    record = book.record
    if leaf.clock.party == Party.SUPPLIER and record.waiting_reason == SUPPLIER:
        return False
    return book.now.rules.pauses(record.kind, record.waiting_reason)


def start_late(book: Book, metric: str) -> None:
    """A promise that begins with a change of target runs from that change, not from the opening."""
    record = book.record
    promise = book.now.promise(record, metric)
    answered = metric == Metric.RESPONSE and record.responded_at is not None
    if promise is not None and record.phase != Phase.DONE and not answered:
        follow_waiting(book, book.start(metric, promise))


def retarget(book: Book, leaf: Leaf, reason: str, why: str) -> None:
    """Promise what the record asks for now; stop where nothing is promised any more, go on where it is again."""
    promise, state = book.now.promise(book.record, leaf.clock.metric, leaf.whose), leaf.state
    if state.state is State.STOPPED:
        if promise is None or state.stop_reason != NO_TARGET or book.record.phase == Phase.DONE:
            return
        book.add(leaf, Kind.REOPENED, reason)
        follow_waiting(book, leaf)
    if promise is None:
        book.add(leaf, Kind.STOPPED, NO_TARGET)
        return
    before = leaf.state.promise
    if (promise.minutes, promise.calendar, promise.target) != (before.minutes, before.calendar, before.target) or (
        promise.priority != before.priority and _has_other_steps(book, leaf, before.priority, promise.priority)
    ):
        said: dict[str, Any] = {"why": why} if why else {}
        book.retarget(leaf, promise, reason, **said)


def _has_other_steps(book: Book, leaf: Leaf, before: int, after: int) -> bool:
    kind, clock = book.record.kind, leaf.clock
    old, new = (book.now.rules.steps_for(kind, clock.metric, each, clock.party) for each in (before, after))
    return old != new or any(step.priority is not None for step in leaf.steps)


def undo(book: Book, leaf: Leaf, since: datetime) -> None:
    """Strike out what the undone act wrote, but not that somebody answered; a clock that it started stops."""
    if leaf.clock.started_at >= since and leaf.clock.started_at > book.record.opened_at:
        stop(book, leaf, "undone")
        return
    struck = [entry.seq for entry in leaf.entries[1:] if entry.at >= since and entry.reason != RESPONDED]
    if struck:
        leaf.add(Kind.UNDONE, book.at, "undone", undoes=struck)
        book.catch_up(leaf)
    retarget(book, leaf, "rules", "")
