"""Are we keeping our promises: now, today, this month, and day by day (DOMAIN F5). Reads, never writes."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from coordination.models import WorkItem
from incidents.models import Incident
from kernel.actor import Actor
from records.models import Record
from records.queries import visible_to
from registry.models import Service
from reports.models import DayFigure
from sla.models import Clock

MOST = 1_000
TREND_DAYS = 14
ZONE = ZoneInfo(settings.TIME_ZONE)
"""Days of reports are the installation's, whoever reads them (ARCHITECTURE 13)."""

NOW_FIGURES = ("overdue", "due", "unrouted", "open")
PERIOD_FIGURES = ("opened", "resolved", "in_time", "late", "at_desk")


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


def _open(actor: Actor) -> QuerySet[Record]:
    return visible_to(actor).exclude(phase="done")


def _unrouted(actor: Actor) -> QuerySet[Record]:
    work = WorkItem.objects.filter(record=OuterRef("pk"), state="queued", is_routed=False)
    return _open(actor).filter(Exists(work))


def now(actor: Actor, at: datetime) -> Now:
    """What needs a manager's eye this minute."""
    running = _open(actor)
    overdue, soon = Q(due_at__lt=at), Q(due_at__gte=at, due_at__lt=at + timedelta(hours=1))
    counts = running.filter(due_at__lt=at + timedelta(hours=1)).aggregate(
        overdue=Count("pk", filter=overdue), due=Count("pk", filter=soon)
    )
    return Now(
        overdue=min(counts["overdue"], MOST),
        due=min(counts["due"], MOST),
        unrouted=_unrouted(actor)[:MOST].count(),
        oldest=running.order_by("opened_at", "pk").first(),
    )


def overdue(actor: Actor, at: datetime, limit: int = 20) -> list[Record]:
    """The most overdue records."""
    rows = _open(actor).filter(due_at__lt=at).select_related("service", "owner_team", "component")
    return list(rows.order_by("due_at", "pk")[:limit])


def period(actor: Actor, since: datetime) -> Period:
    """Everything that was opened and resolved since then, judged by the promise of resolution."""
    seen = visible_to(actor)
    opened = seen.filter(opened_at__gte=since).aggregate(n=Count("pk"))["n"]
    done = _done(actor, since).aggregate(
        n=Count("pk"),
        kept=Count("pk", filter=Q(breached_at=None)),
        broken=Count("pk", filter=Q(breached_at__isnull=False)),
    )
    resolved = seen.filter(closed_at__gte=since, phase="done").aggregate(n=Count("pk"))["n"]
    return Period(opened, resolved, done["kept"], done["broken"], at_desk=_at_desk(seen, since).count())


def _done(actor: Actor, since: datetime) -> QuerySet[Clock]:
    return Clock.objects.filter(
        metric="resolution", state="stopped", stopped_at__gte=since, record__in=visible_to(actor).filter(phase="done")
    )


def _at_desk(seen: QuerySet[Record], since: datetime) -> QuerySet[Record]:
    solved = Incident.objects.filter(record=OuterRef("pk"), resolved_at_desk=True)
    return seen.filter(Exists(solved), kind="incident", closed_at__gte=since, phase="done")


def behind(actor: Actor, figure: str, *, since: datetime | None, at: datetime) -> QuerySet[Record]:
    """The records behind a figure of the wall."""
    begin = since or start_of(day_of(at))
    clock = Clock.objects.filter(record=OuterRef("pk"), metric="resolution", state="stopped", stopped_at__gte=begin)
    ended = visible_to(actor).filter(closed_at__gte=begin, phase="done")
    chosen = {
        "overdue": lambda: _open(actor).filter(due_at__lt=at),
        "due": lambda: _open(actor).filter(due_at__gte=at, due_at__lt=at + timedelta(hours=1)),
        "unrouted": lambda: _unrouted(actor),
        "open": lambda: _open(actor),
        "opened": lambda: visible_to(actor).filter(opened_at__gte=begin),
        "resolved": lambda: ended,
        "in_time": lambda: ended.filter(Exists(clock.filter(breached_at=None))),
        "late": lambda: ended.filter(Exists(clock.filter(breached_at__isnull=False))),
        "at_desk": lambda: _at_desk(visible_to(actor), begin),
    }
    return chosen.get(figure, chosen["open"])().select_related("service", "owner_team", "component")


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
    """One day's figures for every service that had any, and for all together. Five statements."""
    begin, end = start_of(day), start_of(day + timedelta(days=1))
    rows = Record.objects.filter(kind=kind)
    clocks = Clock.objects.filter(
        metric="resolution",
        state="stopped",
        record__kind=kind,
        record__phase="done",
        stopped_at__gte=begin,
        stopped_at__lt=end,
    )
    desk = Incident.objects.filter(resolved_at_desk=True, resolved_at__gte=begin, resolved_at__lt=end)
    still = rows.filter(opened_at__lt=end).filter(Q(closed_at=None) | Q(closed_at__gte=end))
    parts = {
        "opened": _by_service(rows.filter(opened_at__gte=begin, opened_at__lt=end), "service"),
        "resolved": _by_service(rows.filter(closed_at__gte=begin, closed_at__lt=end), "service"),
        "in_time": _by_service(clocks.filter(breached_at=None), "record__service"),
        "late": _by_service(clocks.filter(breached_at__isnull=False), "record__service"),
        "open_at_end": _by_service(still, "service"),
        "solved_at_desk": _by_service(desk, "record__service"),
    }
    services = {service for counts in parts.values() for service in counts if service is not None}
    found: list[DayFigure] = [
        DayFigure(day=day, kind=kind, **{name: sum(counts.values()) for name, counts in parts.items()})
    ]
    for service in sorted(services):
        values = {name: counts.get(service, 0) for name, counts in parts.items()}
        found.append(DayFigure(day=day, kind=kind, service_id=service, **values))
    return found


def _by_service(rows: QuerySet[Any], path: str) -> dict[int | None, int]:
    return dict(rows.order_by().values_list(path).annotate(Count("pk")))
