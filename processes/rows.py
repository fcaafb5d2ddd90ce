"""A process as a list: one page of records, then one read of each lower room, joined into frozen rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any, Generic, TypeVar

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value

from accounts.models import User
from coordination.queries.work import work_for
from journal.models import SearchDocument
from journal.queries.search import asked
from kernel.actor import Actor
from kernel.clockface import ClockFace
from kernel.paging import Key
from kernel.templatetags.spindel import localname
from processes.process import ROW_NAMES, Process
from records.models import ProcessRecord
from records.policies import internal_among
from sla.queries import ClockRow, clocks_for

P = TypeVar("P", bound=ProcessRecord)

OPEN_ONLY = ~Q(record__phase="done")
"""As the partial indexes of Record say it."""
COUNTED = 1000
RISK_STEP = 2
"""Record.risk_at holds the instants of 25, 50, 75, 90 and 100 %; due soon begins with the third."""
CHUNK = 500

SORTS: dict[str, tuple[Key, ...]] = {
    "due": (Key("record__due_at", is_nullable=True), Key("pk")),
    "priority": (Key("record__priority"), Key("record__due_at", is_nullable=True), Key("pk")),
    "opened": (Key("record__opened_at"), Key("pk")),
    "number": (Key("pk"),),
}
"""Sort keys of every list of records; a process adds its own."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list, for page, export and API alike. `own`, `words`, `marks` are what the process adds (`Own`)."""

    id: int
    number: str
    title: str
    priority: int
    state: str
    state_label: str
    phase: str
    face: ClockFace | None
    clocks: tuple[ClockRow, ...]
    requester: str
    component: str
    service: str
    team: str
    assignee: str
    assignee_id: int | None
    category: str
    opened_at: datetime
    last_at: datetime
    due_at: datetime | None
    closed_at: datetime | None
    is_internal: bool
    """Whether the reader may know what is for staff; without it the row holds what a requester reads."""
    own: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Own:
    """What a process adds to a row: values for the API, words by column for the page, marks behind the title."""

    values: Mapping[str, Any] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Listed(Generic[P]):
    """How a process is listed: what it adds to a row, its sort keys, its export.

    `public` names those own values that a requester reads; `header` and `line` are the columns of the export.
    """

    process: Process[P]
    own: Callable[[P], Own] = lambda _subject: Own()
    public: tuple[str, ...] = ()
    sorts: Mapping[str, tuple[Key, ...]] = field(default_factory=lambda: SORTS)
    header: tuple[str, ...] = ()
    line: Callable[[Row], Sequence[Any]] = lambda _row: ()

    def rows(self, actor: Actor) -> QuerySet[P]:
        """Those that the actor may see, with everything that a row names."""
        return self.process.visible_to(actor).select_related(*ROW_NAMES)

    def keys_of(self, sort: str) -> list[Key]:
        """The ordering of a sort key; `-` in front turns it round."""
        keys = self.sorts.get(sort.removeprefix("-"), self.sorts["due"])
        if not sort.startswith("-"):
            return list(keys)
        return [Key(key.field, is_descending=not key.is_descending, is_nullable=key.is_nullable) for key in keys]

    def rows_of(self, subjects: Sequence[P], at: datetime, *, actor: Actor) -> list[Row]:
        """The rows of these at a moment for a reader: four statements at most for any number.

        Of an own record that others handle, technicians too read the public part alone (DOMAIN X3).
        """
        ids = [subject.pk for subject in subjects]
        work, clocks = work_for(ids), clocks_for(ids, at=at)
        internal = internal_among(actor, (subject.record for subject in subjects))
        doing = {pk: item.assignee for pk, items in work.items() for item in items
                 if item.task == self.process.task and item.assignee is not None}  # fmt: skip
        return [
            self._row(each, doing.get(each.pk), tuple(clocks.get(each.pk, ())))
            if each.pk in internal
            else self._public(self._row(each, None, ()))
            for each in subjects
        ]

    def lines(self, subjects: QuerySet[P], at: datetime, *, actor: Actor) -> Iterator[Sequence[Any]]:
        """Every one as a line of the export, by number; four statements for each 500."""
        found = subjects.order_by("pk").iterator(chunk_size=CHUNK)
        while chunk := list(islice(found, CHUNK)):
            for row in self.rows_of(chunk, at, actor=actor):
                yield self.line(row)

    def _public(self, row: Row) -> Row:
        """What the requester reads of it; the caller is the reader or somebody with the same matter."""
        own = {name: row.own[name] for name in self.public}
        return replace(
            row, component="", service="", team="", category="", due_at=None, is_internal=False, own=own, words={},
            marks=(), state_label=self.process.state_words(row.state),
        )  # fmt: skip

    def _row(self, subject: P, assignee: User | None, clocks: tuple[ClockRow, ...]) -> Row:
        record, own = subject.record, self.own(subject)
        return Row(
            id=subject.pk, number=record.number, title=record.title, priority=record.priority, state=record.state,
            state_label=self.process.state_words(record.state, record.waiting_reason), phase=record.phase,
            face=_face(clocks), clocks=clocks, requester=record.requester.name if record.requester else "",
            component=record.component.name if record.component else "",
            service=record.service.component.name if record.service else "",
            team=localname(record.owner_team.name) if record.owner_team else "",
            assignee=assignee.name if assignee else "", assignee_id=assignee.pk if assignee else None,
            category=localname(record.category.name) if record.category else "", opened_at=record.opened_at,
            last_at=record.last_at, due_at=record.due_at, closed_at=record.closed_at, is_internal=True,
            own=own.values, words=own.words, marks=own.marks,
        )  # fmt: skip


def _face(clocks: tuple[ClockRow, ...]) -> ClockFace | None:
    """The promise that matters now: the worst of those that still run, else the last one kept or broken."""
    running = [clock for clock in clocks if clock.stopped_at is None]
    shown = min(running, key=lambda clock: (clock.due_at is None, clock.due_at), default=None)
    return (shown or clocks[-1]).face if clocks else None


def promise_is(what: str, at: datetime) -> Q:
    """Open records whose nearest promise is overdue, due soon, or whose clocks are paused."""
    if what == "breach":
        return OPEN_ONLY & Q(record__due_at__lt=at)
    if what == "risk":
        return OPEN_ONLY & Q(record__due_at__gte=at, **{f"record__risk_at__{RISK_STEP}__lte": at})
    return Q(record__phase="waiting")


def has_words(process: Process[Any], text: str) -> Q:
    """Records that the search box would find by these words, in the order of the list."""
    wanted = asked(text, [process.workflow.prefix])
    if wanted.is_empty:
        return Q()
    query = Func(Value(wanted.words), Value(wanted.beginning), Value(wanted.pairs), function="search_query")
    matches = Func(F("tsv"), query, template="%(expressions)s", arg_joiner=" @@ ", output_field=BooleanField())
    documents = SearchDocument.objects.filter(subject_kind=process.kind)
    return Q(pk__in=documents.filter(Q(matches) | Q(number__in=wanted.numbers)).values("subject_id"))


def count_of(rows: QuerySet[Any]) -> int:
    """How many there are; counting stops beyond a thousand."""
    return rows.order_by()[: COUNTED + 1].count()


def count_words(n: int) -> str:
    """The count as a page shows it."""
    return f"{COUNTED}+" if n > COUNTED else str(n)


def numbers(subjects: Iterable[ProcessRecord]) -> str:
    """Their numbers in a sentence."""
    return ", ".join(subject.record.number for subject in subjects)
