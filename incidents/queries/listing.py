"""Incidents as a list: one page of records, then one read of each lower room, joined into frozen rows."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import BooleanField, F, Func, Q, QuerySet, Value
from django.utils.translation import gettext as _

from accounts.models import User
from coordination.queries.work import work_for
from incidents.models import Incident
from incidents.queries.detail import visible_to
from incidents.workflow import PENDING_REASONS, TASK, WORKFLOW
from journal.models import SearchDocument
from journal.queries.search import asked
from kernel.actor import Actor
from kernel.clockface import ClockFace
from kernel.paging import Key
from kernel.templatetags.spindel import localname
from records.policies import internal_among
from sla.queries import ClockRow, clocks_for

OPEN_ONLY = ~Q(record__phase="done")
"""As the partial indexes of Record say it."""
COUNTED = 1000
RISK_STEP = 2
"""Record.risk_at holds the instants of 25, 50, 75, 90 and 100 %; due soon begins with the third."""

SORTS: dict[str, tuple[Key, ...]] = {
    "due": (Key("record__due_at", is_nullable=True), Key("pk")),
    "priority": (Key("record__priority"), Key("record__due_at", is_nullable=True), Key("pk")),
    "opened": (Key("record__opened_at"), Key("pk")),
    "number": (Key("pk"),),
    "callers": (Key("caller_count"), Key("pk")),
}


@dataclass(frozen=True, slots=True)
class IncidentRow:
    """One line of the list, for page, export and API alike."""

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
    caller_count: int
    tags: tuple[str, ...]
    is_major: bool
    line: str
    cause: str
    opened_at: datetime
    last_at: datetime
    due_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    is_internal: bool
    """Whether the reader may know what is for staff; without it the row holds what a requester reads."""


def for_list(actor: Actor) -> QuerySet[Incident]:
    """Incidents that the actor may see, with everything that a row names."""
    return visible_to(actor).select_related(
        "record__requester", "record__component", "record__service__component", "record__owner_team",
        "record__category",
    )  # fmt: skip


def keys_of(sort: str) -> list[Key]:
    """The ordering of a sort key; `-` in front turns it round."""
    keys = SORTS.get(sort.removeprefix("-"), SORTS["due"])
    if not sort.startswith("-"):
        return list(keys)
    return [Key(key.field, is_descending=not key.is_descending, is_nullable=key.is_nullable) for key in keys]


def rows_of(incidents: Sequence[Incident], at: datetime, *, actor: Actor) -> list[IncidentRow]:
    """The rows of these incidents at a moment for a reader: four statements at most for any number.

    Of an own report that others handle, technicians too read the public part alone (DOMAIN X3).
    """
    ids = [incident.pk for incident in incidents]
    work, clocks = work_for(ids), clocks_for(ids, at=at)
    internal = internal_among(actor, (incident.record for incident in incidents))
    doing = {pk: item.assignee for pk, items in work.items() for item in items
             if item.task == TASK and item.assignee is not None}  # fmt: skip
    return [
        _row(each, doing.get(each.pk), tuple(clocks.get(each.pk, ())))
        if each.pk in internal
        else _public(_row(each, None, ()))
        for each in incidents
    ]


def _public(row: IncidentRow) -> IncidentRow:
    """What the requester reads of it; the caller is the reader or somebody with the same fault."""
    return replace(
        row, component="", service="", team="", category="", caller_count=0, tags=(), is_major=False, line="",
        cause="", state_label=_(WORKFLOW.state(row.state).label), due_at=None, is_internal=False,
    )  # fmt: skip


def _row(incident: Incident, assignee: User | None, clocks: tuple[ClockRow, ...]) -> IncidentRow:
    record = incident.record
    return IncidentRow(
        id=incident.pk, number=record.number, title=record.title, priority=record.priority, state=record.state,
        state_label=state_words(record.state, record.waiting_reason), phase=record.phase, face=_face(clocks),
        clocks=clocks, requester=record.requester.name if record.requester else "",
        component=record.component.name if record.component else "",
        service=record.service.component.name if record.service else "",
        team=localname(record.owner_team.name) if record.owner_team else "",
        assignee=assignee.name if assignee else "", assignee_id=assignee.pk if assignee else None,
        category=localname(record.category.name) if record.category else "", caller_count=incident.caller_count,
        tags=tuple(incident.tags), is_major=incident.is_major, line=incident.line, cause=incident.cause,
        opened_at=record.opened_at, last_at=record.last_at, due_at=record.due_at, resolved_at=incident.resolved_at,
        closed_at=record.closed_at, is_internal=True,
    )  # fmt: skip


def _face(clocks: tuple[ClockRow, ...]) -> ClockFace | None:
    """The promise that matters now: the worst of those that still run, else the last one kept or broken."""
    running = [clock for clock in clocks if clock.stopped_at is None]
    shown = min(running, key=lambda clock: (clock.due_at is None, clock.due_at), default=None)
    return (shown or clocks[-1]).face if clocks else None


def state_words(state: str, reason: str = "") -> str:
    """A state in the reader's language, with what it waits for."""
    label = _(WORKFLOW.state(state).label)
    return f"{label}: {_(PENDING_REASONS[reason])}" if reason in PENDING_REASONS else label


def promise_is(what: str, at: datetime) -> Q:
    """Open incidents whose nearest promise is overdue, due soon, or whose clocks are paused."""
    if what == "breach":
        return OPEN_ONLY & Q(record__due_at__lt=at)
    if what == "risk":
        return OPEN_ONLY & Q(record__due_at__gte=at, **{f"record__risk_at__{RISK_STEP}__lte": at})
    return Q(record__phase="waiting")


def has_words(text: str) -> Q:
    """Incidents that the search box would find by these words, in the order of the list."""
    wanted = asked(text, [WORKFLOW.prefix])
    if wanted.is_empty:
        return Q()
    query = Func(Value(wanted.words), Value(wanted.beginning), Value(wanted.pairs), function="search_query")
    matches = Func(F("tsv"), query, template="%(expressions)s", arg_joiner=" @@ ", output_field=BooleanField())
    documents = SearchDocument.objects.filter(subject_kind="incident")
    return Q(pk__in=documents.filter(Q(matches) | Q(number__in=wanted.numbers)).values("subject_id"))


def count_of(rows: QuerySet[Incident]) -> int:
    """How many there are; counting stops beyond a thousand."""
    return rows.order_by()[: COUNTED + 1].count()


def count_words(n: int) -> str:
    """The count as a page shows it."""
    return f"{COUNTED}+" if n > COUNTED else str(n)


def by_ids(actor: Actor, ids: Iterable[int]) -> list[Incident]:
    """These incidents, as far as the actor may see them, in the order of their numbers."""
    rows = visible_to(actor).select_related("record__service", "record__owner_team", "record__parent")
    return list(rows.filter(pk__in=list(ids)).order_by("pk"))
