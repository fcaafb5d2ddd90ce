"""What clocks do when something happens to their record. Called by reactions inside the record's transaction."""

from datetime import datetime

from journal.units import command
from kernel.actor import Actor
from kernel.workflow import Phase
from records.models import Record
from sla.commands import leaves, moves, turns
from sla.commands.book import Book
from sla.commands.leaves import RESPONDED
from sla.models import Metric, SupplierTurn
from sla.queries import rules
from sla.queries.clocks import SUPPLIER as SUPPLIER_REASON

__all__ = [
    "METRICS", "RESPONDED", "follow_owner", "follow_phase", "follow_supplier", "followed", "retarget", "retargeted",
    "start", "started", "stop", "stopped",
]  # fmt: skip
METRICS = (Metric.RESPONSE.value, Metric.RESOLUTION.value)


@command
def start(record: Record, *, actor: Actor, at: datetime) -> None:
    """Start the clocks that the record's most specific targets promise. Record locked, or new."""
    book = Book(record, rules.now(), actor=actor, at=at)
    started(book)
    book.save()


def started(book: Book) -> None:
    """What a new record's book begins with: what its customer is promised, and the turn of its team."""
    for metric in METRICS:
        promise = book.now.promise(book.record, metric)
        if promise is not None:
            book.start(metric, promise)
    turns.begun(book)


@command
def follow_phase(
    record: Record, *, old: str, waited: str = "", undoes: datetime | None = None, actor: Actor, at: datetime
) -> None:
    """Pause, resume, stop or reopen as the record's phase and waiting reason say (DOMAIN S2, I11). Record locked.

    `waited` is what it waited for before. `undoes` is the time of an act that is being undone: what it wrote counts as
    never written.
    """
    came_back = waited == SUPPLIER_REASON and record.waiting_reason != SUPPLIER_REASON
    if undoes is None and (came_back or (old == Phase.DONE and record.phase != Phase.DONE)):
        SupplierTurn.objects.filter(record=record, is_there=True).update(is_there=False)
    book = Book(record, rules.now(), actor=actor, at=at).read()
    followed(book, old=old, undoes=undoes)
    book.save()


def followed(book: Book, *, old: str, undoes: datetime | None = None) -> None:
    """What a change of phase writes into an open book."""
    for leaf in book.leaves:
        if undoes is not None:
            leaves.undo(book, leaf, undoes)
        elif book.record.phase == Phase.DONE:
            leaves.stop(book, leaf, leaves.DONE)
        elif old == Phase.DONE and leaf.is_ours:
            leaves.reopen(book, leaf)
        leaves.follow_waiting(book, leaf)
    turns.followed(book)


@command
def follow_owner(record: Record, *, undoes: datetime | None = None, actor: Actor, at: datetime) -> None:
    """Another team owns the record: the time of the one before ends, that of the next begins. Record locked."""
    book = Book(record, rules.now(), actor=actor, at=at).read()
    for leaf in book.leaves:
        if undoes is not None and leaf.clock.party == turns.TEAM:
            leaves.undo(book, leaf, undoes)
    turns.followed(book)
    book.save()


@command
def follow_supplier(record: Record, *, supplier: str, actor: Actor, at: datetime) -> None:
    """The record went to a supplier, or came back ("": from whichever it was at). Record locked."""
    if supplier:
        SupplierTurn.objects.update_or_create(record=record, defaults={"supplier": supplier, "is_there": True})
    else:
        SupplierTurn.objects.filter(record=record, is_there=True).update(is_there=False)
    book = Book(record, rules.now(), actor=actor, at=at).read()
    turns.followed(book)
    book.save()


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
            leaves.stop(book, leaf, reason)


@command
def retarget(
    record: Record, *, reason: str, why: str = "", undoes: datetime | None = None, actor: Actor, at: datetime
) -> None:
    """Promise what the record's priority and service now ask for; time used so far is kept. Record locked.

    `reason` is a code, `why` what a person gave as the cause; due times that move are told on the record.
    """
    book = Book(record, rules.now(), actor=actor, at=at).read()
    before = moves.due_times(book)
    retargeted(book, reason=reason, why=why, undoes=undoes)
    book.save()
    moves.tell(book, before, moves.Cause("changed", why=why if undoes is None else ""))


def retargeted(book: Book, *, reason: str, why: str = "", undoes: datetime | None = None) -> None:
    """What another priority or service writes into an open book."""
    for metric in METRICS:
        if book.leaf(metric) is None:
            leaves.start_late(book, metric)
    for leaf in list(book.leaves):
        if not leaf.written:
            continue
        if undoes is not None:
            leaves.undo(book, leaf, undoes)
        else:
            leaves.retarget(book, leaf, reason, why)
    turns.followed(book)
