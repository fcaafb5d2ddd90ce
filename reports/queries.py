"""Are we keeping our promises: now, today, this month, and day by day (DOMAIN F5). Reads, never writes."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Subquery, Value

from coordination.models import WorkItem
from incidents.models import Incident
from incidents.workflow import CLOSED, RESOLVED
from kernel.actor import Actor
from kernel.localnames import local_name
from kernel.spreadsheets.writing import Cell
from records.models import Record
from records.queries import visible_to
from registry.models import Service
from reports.models import DayFigure
from sla.models import Clock

MOST = 1_000
SOLVED = (RESOLVED, CLOSED)
TREND_DAYS = 14
OURS = Clock.objects.filter(party="customer")
"""Promises kept and broken are those to customers; what teams and suppliers have promised us is not among them."""

ZONE = ZoneInfo(settings.TIME_ZONE)
"""Days of reports are the installation's, whoever reads them (ARCHITECTURE 13)."""

PERIODS = ("today", "month", "14d")
"""Today and this month so far; the last 14 ended days, as the trends show them."""


COUNTED = ("opened", "resolved", "in_time", "late", "at_desk")


@dataclass(frozen=True, slots=True)
class Span:
    """The records that a figure of a period is about: from `since`, before `until`, of one service or all."""

    since: datetime
    until: datetime | None = None
    service: str = ""


@dataclass(frozen=True, slots=True)
class Now:
    """The four numbers of the wall; each stops at 1,000."""

    overdue: int
    due: int
    unrouted: int
    oldest: Record | None


@dataclass(frozen=True, slots=True)
class Period:
    """What happened since an instant; `share` is in time ÷ resolved in percent, None without any."""

    opened: int
    resolved: int
    in_time: int
    late: int
    at_desk: int

    @property
    def share(self) -> int | None:
        """Percent of the resolved ones whose promise was kept."""
        total = self.in_time + self.late
        return round(100 * self.in_time / total) if total else None


@dataclass(frozen=True, slots=True)
class Trend:
    """One service over the last days: opened per day, and the share in time of all of them."""

    service: Service | None
    opened: list[int]
    in_time: int
    late: int

    @property
    def share(self) -> int | None:
        """Percent in time over the days shown."""
        total = self.in_time + self.late
        return round(100 * self.in_time / total) if total else None


def day_of(at: datetime) -> date:
    """The installation's day that an instant falls on."""
    return at.astimezone(ZONE).date()


def start_of(day: date) -> datetime:
    """The instant at which that day begins."""
    return datetime.combine(day, time(), ZONE)


def span_of(period: str, at: datetime, service: str = "") -> Span:
    """A period by its name."""
    today = day_of(at)
    if period == "14d":
        return Span(start_of(today - timedelta(days=TREND_DAYS)), start_of(today), service)
    return Span(start_of(today.replace(day=1) if period == "month" else today), None, service)


# ---------------------------------------------------------------------------------------------- now


def _open(actor: Actor) -> QuerySet[Record]:
    return visible_to(actor).exclude(phase="done")


def _unrouted(actor: Actor) -> QuerySet[Record]:
    work = WorkItem.objects.filter(record=OuterRef("pk"), state="queued", is_routed=False)
    return _open(actor).filter(Exists(work))


def _overdue(actor: Actor, at: datetime) -> QuerySet[Record]:
    """A broken promise that is not fulfilled yet; waiting for somebody does not hide it (UX 1.2)."""
    broken = OURS.filter(record=OuterRef("pk"), due_at__lt=at).exclude(state=Clock.State.STOPPED)
    missed_at = Subquery(broken.order_by("due_at").values("due_at")[:1])
    return _open(actor).annotate(missed_at=missed_at).filter(missed_at__isnull=False).order_by("missed_at", "pk")


def _due(actor: Actor, at: datetime) -> QuerySet[Record]:
    """What breaks within the hour if nobody fulfils it."""
    return _open(actor).filter(due_at__gte=at, due_at__lt=at + timedelta(hours=1))


def now(actor: Actor, at: datetime) -> Now:
    """What needs a manager's eye this minute. Two statements."""
    asked = {"overdue": _overdue(actor, at), "due": _due(actor, at), "unrouted": _unrouted(actor)}
    most = {name: Record.objects.filter(pk__in=rows.order_by().values("pk")[:MOST]) for name, rows in asked.items()}
    return Now(**counted(most), oldest=_open(actor).order_by("opened_at", "pk").first())


def counted(asked: Mapping[str, QuerySet[Record]]) -> dict[str, int]:
    """How many records each question finds. One statement for all."""
    first, *others = [
        rows.order_by().annotate(question=Value(name)).values("question").annotate(n=Count("pk"))
        .values_list("question", "n")
        for name, rows in asked.items()
    ]  # fmt: skip
    return dict.fromkeys(asked, 0) | dict(first.union(*others, all=True))


def overdue(actor: Actor, at: datetime, limit: int = 20) -> list[Record]:
    """The most overdue records, with `missed_at`."""
    return list(_overdue(actor, at).select_related("service__component", "owner_team", "component")[:limit])


# ---------------------------------------------------------------------------------------------- periods


def figures(actor: Actor, span: Span) -> dict[str, QuerySet[Record]]:
    """The records behind each figure of a period. What was cancelled or merged away is no result."""
    seen = visible_to(actor).filter(kind="incident")
    if span.service:
        seen = seen.filter(service__code=span.service)
    opened, ended = seen.filter(opened_at__gte=span.since), seen.filter(closed_at__gte=span.since)
    if span.until is not None:
        opened, ended = opened.filter(opened_at__lt=span.until), ended.filter(closed_at__lt=span.until)
    solved = ended.filter(phase="done", state__in=SOLVED)
    clock = OURS.filter(record=OuterRef("pk"), metric="resolution", state=Clock.State.STOPPED)
    return {
        "opened": opened,
        "resolved": solved,
        "judged": solved.filter(Exists(clock)),
        "in_time": solved.filter(Exists(clock.filter(breached_at=None))),
        "late": solved.filter(Exists(clock.filter(breached_at__isnull=False))),
        "at_desk": solved.filter(Exists(Incident.objects.filter(record=OuterRef("pk"), resolved_at_desk=True))),
    }


def periods(actor: Actor, spans: Mapping[str, Span]) -> dict[str, Period]:
    """How many stand behind each figure of each period: a number is the length of its list. One statement."""
    asked = {(name, figure): rows for name, span in spans.items() for figure, rows in figures(actor, span).items()}
    found = counted({"/".join(key): rows for key, rows in asked.items() if key[1] != "judged"})
    return {name: Period(**{key: found[f"{name}/{key}"] for key in COUNTED}) for name in spans}


def behind(actor: Actor, figure: str, *, span: Span, at: datetime) -> QuerySet[Record]:
    """The records behind a figure of the wall."""
    chosen = {
        "overdue": lambda: _overdue(actor, at), "due": lambda: _due(actor, at), "unrouted": lambda: _unrouted(actor),
        "open": lambda: _open(actor),
    }  # fmt: skip
    rows = chosen[figure]() if figure in chosen else figures(actor, span)[figure]
    if span.service and figure in chosen:
        rows = rows.filter(service__code=span.service)
    return rows.select_related("service__component", "owner_team", "component")


HEADER = ("number", "title", "priority", "state", "service", "team", "opened_at", "due_at", "closed_at")
MOST_LINES = 10_000


def lines(rows: QuerySet[Record]) -> Iterator[Sequence[Cell]]:
    """The list behind a figure as a table for spreadsheets, at most 10,000 lines."""
    for row in rows.order_by("opened_at", "pk")[:MOST_LINES].iterator(chunk_size=500):
        team = local_name(row.owner_team.name) if row.owner_team else ""
        yield (row.number, row.title, row.priority, row.state, row.service.code if row.service else "", team,
               row.opened_at, row.due_at, row.closed_at)  # fmt: skip


# ---------------------------------------------------------------------------------------------- trends


def trends(at: datetime, *, most: int = 12) -> list[Trend]:
    """The services with the most incidents in the last 14 days, from day figures."""
    today = day_of(at)
    days = [today - timedelta(days=n) for n in range(TREND_DAYS, 0, -1)]
    rows = list(DayFigure.objects.filter(day__in=days, kind="incident").select_related("service__component"))
    by_service: dict[int | None, list[DayFigure]] = {}
    for row in rows:
        by_service.setdefault(row.service_id, []).append(row)
    found = [_trend(figures, days) for figures in by_service.values()]
    whole = [trend for trend in found if trend.service is None]
    services = sorted((t for t in found if t.service), key=lambda t: (-sum(t.opened), str(t.service)))
    return whole + services[:most]


def _trend(figures: Iterable[DayFigure], days: list[date]) -> Trend:
    by_day = {figure.day: figure for figure in figures}
    first = next(iter(by_day.values()))
    return Trend(
        service=first.service,
        opened=[by_day[day].opened if day in by_day else 0 for day in days],
        in_time=sum(figure.in_time for figure in by_day.values()),
        late=sum(figure.late for figure in by_day.values()),
    )


def missing_days(at: datetime, *, most: int = 40) -> list[date]:
    """Ended days without figures, oldest first: from the first record on, at most `most` at a time."""
    first = Record.objects.aggregate(first=Min("opened_at"))["first"]
    if first is None:
        return []
    known = DayFigure.objects.filter(service=None, kind="incident").aggregate(last=Max("day"))["last"]
    day = known + timedelta(days=1) if known else day_of(first)
    today = day_of(at)
    found: list[date] = []
    while day < today and len(found) < most:
        found.append(day)
        day += timedelta(days=1)
    return found


def figures_of(day: date, kind: str = "incident") -> list[DayFigure]:
    """One day's figures for every service that had any, and for all together. Six statements.

    Confidential records are not in them: a number would tell of them (RELIABILITY 5.1).
    """
    begin, end = start_of(day), start_of(day + timedelta(days=1))
    rows = Record.objects.filter(kind=kind, confidential_class="")
    solved = rows.filter(closed_at__gte=begin, closed_at__lt=end, phase="done", state__in=SOLVED)
    clock = OURS.filter(record=OuterRef("pk"), metric="resolution", state=Clock.State.STOPPED)
    desk = Incident.objects.filter(record=OuterRef("pk"), resolved_at_desk=True)
    still = rows.filter(opened_at__lt=end).filter(Q(closed_at=None) | Q(closed_at__gte=end))
    parts = {
        "opened": _by_service(rows.filter(opened_at__gte=begin, opened_at__lt=end)),
        "resolved": _by_service(solved),
        "in_time": _by_service(solved.filter(Exists(clock.filter(breached_at=None)))),
        "late": _by_service(solved.filter(Exists(clock.filter(breached_at__isnull=False)))),
        "open_at_end": _by_service(still),
        "solved_at_desk": _by_service(solved.filter(Exists(desk))),
    }
    services = {service for counts in parts.values() for service in counts if service is not None}
    found: list[DayFigure] = [
        DayFigure(day=day, kind=kind, **{name: sum(counts.values()) for name, counts in parts.items()})
    ]
    for service in sorted(services):
        values = {name: counts.get(service, 0) for name, counts in parts.items()}
        found.append(DayFigure(day=day, kind=kind, service_id=service, **values))
    return found


def _by_service(rows: QuerySet[Record]) -> dict[int | None, int]:
    return dict(rows.order_by().values_list("service").annotate(Count("pk")))
