"""A unit of work: events and late column writes are gathered and written once, just before the commit.

Doors (views, API, tasks, manage.py commands) open one with `door(actor)`; commands join it with `@command`.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from threading import Lock
from typing import Any, Generic, ParamSpec, TypeVar

import pghistory
from django.db import InterfaceError, OperationalError, connection, transaction

from journal.models import Event
from kernel.actor import Actor

P = ParamSpec("P")
R = TypeVar("R")
V = TypeVar("V")
Writer = Callable[[], None]


@dataclass(slots=True)
class Unit:
    """What one transaction has gathered: events in order, chain heads, writers and search documents for the end.

    `locked` holds the objects whose rows this transaction has locked, so that locking one again asks nothing;
    `versions` the versions of settings that its door has read; `once` what many reactions in one door all need.
    """

    events: list[Event] = field(default_factory=list)
    heads: dict[tuple[str, int], tuple[int, bytes]] = field(default_factory=dict)
    columns: dict[int, dict[str, object]] = field(default_factory=dict)
    writers: dict[object, Writer] = field(default_factory=dict)
    documents: dict[tuple[str, int], Callable[[], object]] = field(default_factory=dict)
    locked: dict[tuple[str, int], object] = field(default_factory=dict)
    versions: dict[str, Any] = field(default_factory=dict)
    once: dict[str, Any] = field(default_factory=dict)

    def copy(self) -> "Unit":
        """A copy deep enough to come back to after a savepoint is rolled back."""
        columns = {key: dict(values) for key, values in self.columns.items()}
        return Unit(list(self.events), dict(self.heads), columns, dict(self.writers), dict(self.documents))

    def restore(self, other: "Unit") -> None:
        """Forget everything gathered since `other` was copied."""
        self.events, self.heads = other.events, other.heads
        self.columns, self.writers, self.documents = other.columns, other.writers, other.documents
        self.locked = {}  # locks taken since are given back, and objects may hold what was never written


_current: ContextVar[Unit | None] = ContextVar("spindel_unit", default=None)
_flush: list[Callable[[Unit], None]] = []


def on_flush(function: Callable[[Unit], None]) -> Callable[[Unit], None]:
    """Register the function that writes a unit (journal.commands does)."""
    _flush.append(function)
    return function


def current() -> Unit:
    """The unit being gathered; outside a command this is a programming error."""
    unit = _current.get()
    if unit is None:
        message = "no unit of work: call this inside a command or a door"
        raise RuntimeError(message)
    return unit


def hold(kind: str, pk: int, row: object) -> None:
    """`row` is what this unit has read last of a row that it has locked; outside a unit nothing is noted."""
    unit = _current.get()
    if unit is not None:
        unit.locked[kind, pk] = row


def holds(kind: str, pk: int, row: object) -> bool:
    """Whether `row` is just that object, so that reading the row again would tell nothing new."""
    unit = _current.get()
    return unit is not None and unit.locked.get((kind, pk)) is row


def once(name: str, load: Callable[[], V]) -> V:
    """What `load` gives, asked once for this unit; outside a unit each time."""
    unit = _current.get()
    if unit is None:
        return load()
    if name not in unit.once:
        unit.once[name] = load()
    found: V = unit.once[name]
    return found


@contextmanager
def joined() -> Iterator[Unit]:
    """Join the unit being gathered, or gather a new one and write it at the end."""
    unit = _current.get()
    if unit is not None:
        yield unit
        return
    unit = Unit()
    token = _current.set(unit)
    try:
        yield unit
        for function in _flush:
            function(unit)
    finally:
        _current.reset(token)


def command(function: Callable[P, R]) -> Callable[P, R]:
    """One atomic verb: joins the door's transaction and unit, or opens its own when called alone."""

    @wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(savepoint=False), joined():
            return function(*args, **kwargs)

    return run


@contextmanager
def savepoint() -> Iterator[None]:
    """Try something that may fail: on an exception the database and the unit go back together."""
    unit = current()
    before = unit.copy()
    try:
        with transaction.atomic():
            yield
    except BaseException:
        unit.restore(before)
        raise


def database_now() -> datetime:
    """The database's clock: the only "now" that promises are measured by."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        row = cursor.fetchone()
    now: datetime = row[0]
    return now.astimezone(UTC)


_asked: dict[str, str] = {}


def ask_at_doors(name: str, sql: str) -> None:
    """Have every door read the version of something people set (a subquery with one value) beside the clock."""
    _asked[name] = sql


def version_at_door(name: str) -> Any:
    """The version as the door of this unit has read it, None for nothing; KeyError outside a door."""
    unit = _current.get()
    if unit is None:
        raise KeyError(name)
    return unit.versions[name]


def forget_version(name: str) -> None:
    """This unit edits what is kept under that version: what it reads from now on is nobody else's copy."""
    current().versions.pop(name, None)


class Kept(Generic[V]):
    """Something people set, loaded once in this process for each version that a door reads beside the clock.

    The version must never come back: an id of a sequence, by one writer at a time, so that it grows in the order of
    commits. A copy is never older than its version; outside a door nothing says how old it is, so it is loaded.
    """

    def __init__(self, name: str, sql: str, load: Callable[[], V]) -> None:
        self.name, self._load, self._lock = name, load, Lock()
        self._copy: tuple[Any, V] | None = None
        ask_at_doors(name, sql)

    def now(self) -> V:
        """As it is in force for this unit."""
        try:
            version = version_at_door(self.name)
        except KeyError:
            return self._load()
        if version is None:
            return self._load()
        with self._lock:
            if self._copy is None or self._copy[0] != version:
                self._copy = (version, self._load())
            return self._copy[1]


def _enter(unit: Unit) -> datetime:
    """The database's time, and the versions that this unit goes by: one statement."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT clock_timestamp(){''.join(f', ({sql})' for sql in _asked.values())}")
        now, *versions = cursor.fetchone()
    unit.versions.update(zip(_asked, versions, strict=True))
    at: datetime = now
    return at.astimezone(UTC)


AWAY = frozenset({"57P01", "57P02", "57P03"})
"""The server is going down, has crashed, or cannot take connections yet."""


def is_database_away(fault: BaseException) -> bool:
    """Whether a failure means that the database cannot be reached, and not that something is wrong with the work."""
    if isinstance(fault, InterfaceError):
        return True
    code = getattr(fault.__cause__, "pgcode", None)
    return isinstance(fault, OperationalError) and (code is None or code in AWAY or code.startswith("08"))


@contextmanager
def door(actor: Actor, *, source: str = "web") -> Iterator[datetime]:
    """One transaction around one command: yields the database's time, writes the unit, commits.

    Must be the outermost transaction. The audit rows written inside carry who and through what.
    """
    audit = pghistory.context(actor=actor.id, actor_kind=actor.kind, source=source)
    with audit, transaction.atomic(durable=True), joined() as unit:
        yield _enter(unit)
