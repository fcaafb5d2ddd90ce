"""What clocks do when something happens to their record. Called by reactions inside the record's transaction."""

from datetime import datetime
from typing import Any

from journal.units import command
from kernel.actor import Actor
from kernel.workflow import Phase
from records.models import Record
from sla.commands.book import Book, Leaf
from sla.ledger import Kind, State
from sla.models import Metric
from sla.queries import rules

METRICS = (Metric.RESPONSE.value, Metric.RESOLUTION.value)
NO_TARGET, RESPONDED = "no_target", "responded"


@command
def start(record: Record, *, actor: Actor, at: datetime) -> None:
    """Start the clocks that the record's most specific targets promise. Record locked, or new."""
    book = Book(record, rules.now(), actor=actor, at=at)
    started(book)
    book.save()


def started(book: Book) -> None:
    """What a new record's book begins with."""
    for metric in METRICS:
        promise = book.now.promise(book.record, metric)
        if promise is not None:
            book.start(metric, promise)


@command
def follow_phase(record: Record, *, old: str, undoes: datetime | None = None, actor: Actor, at: datetime) -> None:
    """Pause, resume, stop or reopen as the record's phase and waiting reason say (DOMAIN S2, I11). Record locked.

    `undoes` is the time of an act that is being undone: what it wrote counts as never written.
    """
    book = Book(record, rules.now(), actor=actor, at=at).read()
    followed(book, old=old, undoes=undoes)
    book.save()


def followed(book: Book, *, old: str, undoes: datetime | None = None) -> None:
    """What a change of phase writes into an open book."""
    for leaf in book.leaves:
        if undoes is not None:
            _undo(book, leaf, undoes)
        elif book.record.phase == Phase.DONE:
            _stop(book, leaf, "done")
        elif old == Phase.DONE:
            _reopen(book, leaf)
        _follow_waiting(book, leaf)


@command
def stop(record: Record, *, metric: str = "", reason: str, actor: Actor, at: datetime) -> None:
    """Stop one clock, or all: the first response was given, the record was merged. Record locked."""
    book = Book(record, rules.now(), actor=actor, at=at).read()
    stopped(book, metric=metric, reason=reason)
    book.save()


def stopped(book: Book, *, metric: str = "", reason: str) -> None:
    """What stopping writes into an open book."""
    for leaf in book.leaves:
        if metric in ("", leaf.clock.metric):
            _stop(book, leaf, reason)


@command
def retarget(
    record: Record, *, reason: str, why: str = "", undoes: datetime | None = None, actor: Actor, at: datetime
) -> bool:
    """Promise what the record's priority and service now ask for; time used so far is kept. Record locked.

    Returns whether anything changed. `reason` is a code, `why` what a person gave as the cause.
    """
    book = Book(record, rules.now(), actor=actor, at=at).read()
    retargeted(book, reason=reason, why=why, undoes=undoes)
    changed = any(len(leaf.entries) > leaf.written for leaf in book.leaves)
    book.save()
    return changed


def retargeted(book: Book, *, reason: str, why: str = "", undoes: datetime | None = None) -> None:
    """What another priority or service writes into an open book."""
    for metric in METRICS:
        leaf = book.leaf(metric)
        if leaf is None:
            _start_late(book, metric)
        elif undoes is not None:
            _undo(book, leaf, undoes)
        else:
            _retarget(book, leaf, reason, why)


def _stop(book: Book, leaf: Leaf, reason: str) -> None:
    if leaf.state.state is not State.STOPPED:
        book.add(leaf, Kind.STOPPED, reason)


def _reopen(book: Book, leaf: Leaf) -> None:
    """The resolution clock goes on; a response that was given, if only by the solution, stays given."""
    if leaf.clock.metric == Metric.RESOLUTION and leaf.state.state is State.STOPPED:
        book.add(leaf, Kind.REOPENED, "reopened")
        _retarget(book, leaf, "reopened", "")


def _follow_waiting(book: Book, leaf: Leaf) -> None:
    record, state = book.record, leaf.state
    pauses = record.phase == Phase.WAITING and book.now.rules.pauses(record.kind, record.waiting_reason)
    if state.is_running and pauses:
        book.add(leaf, Kind.PAUSED, record.waiting_reason)
    elif state.state is State.PAUSED and not pauses:
        book.add(leaf, Kind.RESUMED, "")
    elif state.state is State.PAUSED and state.pause_reason != record.waiting_reason:
        book.add(leaf, Kind.PAUSED, record.waiting_reason)


def _start_late(book: Book, metric: str) -> None:
    """A promise that begins with a change of target runs from that change, not from the opening."""
    record = book.record
    promise = book.now.promise(record, metric)
    answered = metric == Metric.RESPONSE and record.responded_at is not None
    if promise is not None and record.phase != Phase.DONE and not answered:
        _follow_waiting(book, book.start(metric, promise))


def _retarget(book: Book, leaf: Leaf, reason: str, why: str) -> None:
    promise, state = book.now.promise(book.record, leaf.clock.metric), leaf.state
    if state.state is State.STOPPED:
        if promise is None or state.stop_reason != NO_TARGET or book.record.phase == Phase.DONE:
            return
        book.add(leaf, Kind.REOPENED, reason)
        _follow_waiting(book, leaf)
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
    kind, metric = book.record.kind, leaf.clock.metric
    old, new = (book.now.rules.steps_for(kind, metric, priority) for priority in (before, after))
    return old != new or any(step.priority is not None for step in leaf.steps)


def _undo(book: Book, leaf: Leaf, since: datetime) -> None:
    """Strike out what the undone act wrote, but not that somebody answered; a clock that it started stops."""
    if leaf.clock.started_at >= since and leaf.clock.started_at > book.record.opened_at:
        _stop(book, leaf, "undone")
        return
    struck = [entry.seq for entry in leaf.entries[1:] if entry.at >= since and entry.reason != RESPONDED]
    if struck:
        leaf.add(Kind.UNDONE, book.at, "undone", undoes=struck)
        book.catch_up(leaf)
    _retarget(book, leaf, "rules", "")
