"""The clocks of records at one moment, as pages and API show them."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext_lazy

from journal.units import database_now
from kernel.calendars import NeverOpen, WorkingCalendar
from kernel.clockface import ClockFace, ClockState
from sla.models import Clock, Metric
from workforce.queries import calendar_version, calendar_versions

METRIC_NAMES = {Metric.RESPONSE.value: gettext_lazy("Response"), Metric.RESOLUTION.value: gettext_lazy("Resolution")}
REASONS = {
    "user": gettext_lazy("waiting for the user"),
    "supplier": gettext_lazy("waiting for the supplier"),
    "visit": gettext_lazy("waiting for the visit"),
    "change": gettext_lazy("waiting for a change"),
}
SOON = 0.75
"""Share of the target after which a promise is due soon (UX 1.2; the third of the risk instants)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockRow:
    """One promise of a record at `at`. Times of working time are in seconds; `left` is negative once overdue.

    `state` is the first that holds of breach, risk (due soon), paused, ok; met when it stopped in time (UX 1.2).
    """

    record_id: int
    clock_id: int
    metric: str
    state: ClockState
    at: datetime
    target_minutes: int
    left: int | None
    used_percent: int
    due_at: datetime | None
    breached_at: datetime | None
    stopped_at: datetime | None
    stops_at: datetime | None
    opens_at: datetime | None
    paused_since: datetime | None
    pause_reason: str

    @property
    def name(self) -> str:
        """What is promised, in the reader's language."""
        return str(METRIC_NAMES.get(self.metric, self.metric))

    @property
    def reason(self) -> str:
        """Why the clock is paused, in the reader's language."""
        return str(REASONS.get(self.pause_reason, self.pause_reason))

    @property
    def is_breached(self) -> bool:
        """Whether the promise was or is broken, whatever else is true."""
        return self.breached_at is not None

    @property
    def face(self) -> ClockFace:
        """What the page component draws."""
        return ClockFace(
            state=self.state, at=self.at, left=self.left, due_at=self.due_at, met_at=self.stopped_at,
            stops_at=self.stops_at, opens_at=self.opens_at, risk_left=int(self.target_minutes * 60 * (1 - SOON)),
            used_percent=self.used_percent, name=self.name, reason=self.reason, paused_since=self.paused_since,
        )  # fmt: skip


def clocks_for(record_ids: Iterable[int], *, at: datetime | None = None) -> dict[int, list[ClockRow]]:
    """Every record's clocks at a moment (now, by the database), response first: two statements for any number."""
    moment = at or database_now()
    rows = Clock.objects.filter(record__in=list(record_ids)).order_by("record_id", "-metric")
    found: dict[int, list[ClockRow]] = defaultdict(list)
    clocks = list(rows)
    versions = calendar_versions() if any(clock.state != Clock.State.STOPPED for clock in clocks) else {}
    for clock in clocks:
        calendar = None
        if clock.state != Clock.State.STOPPED:
            calendar = calendar_version(clock.calendar_id, versions[clock.calendar_id])
        found[clock.record_id].append(row_of(clock, calendar, moment))
    return dict(found)


def nearest_faces(record_ids: Iterable[int], at: datetime) -> dict[int, ClockFace]:
    """The promise of each record that is broken or will break first; records whose clocks have stopped are left out."""
    found = {}
    for record, rows in clocks_for(record_ids, at=at).items():
        going = [row for row in rows if row.left is not None]
        if going:
            found[record] = min(going, key=lambda row: row.left or 0).face
    return found


def row_of(clock: Clock, calendar: WorkingCalendar | None, at: datetime) -> ClockRow:
    """One clock at a moment; the calendar is needed only while it has not stopped."""
    promised = clock.target_minutes * 60
    left = _left(clock, calendar, at, promised)
    used = clock.consumed_seconds if left is None else promised - left
    is_running = clock.state == Clock.State.RUNNING and calendar is not None
    breached_at = clock.breached_at
    if is_running and clock.due_at is not None and clock.due_at < at:
        breached_at = clock.due_at
    stops_at, opens_at = _opening(calendar, at) if is_running and calendar is not None else (None, None)
    return ClockRow(
        record_id=clock.record_id, clock_id=clock.pk, metric=clock.metric, at=at, left=left, due_at=clock.due_at,
        state=_state(clock, used / promised, is_breached=breached_at is not None), target_minutes=clock.target_minutes,
        used_percent=used * 100 // promised, breached_at=breached_at, stopped_at=clock.stopped_at, stops_at=stops_at,
        opens_at=opens_at, paused_since=clock.since if clock.state == Clock.State.PAUSED else None,
        pause_reason=clock.pause_reason,
    )  # fmt: skip


def _left(clock: Clock, calendar: WorkingCalendar | None, at: datetime, promised: int) -> int | None:
    if clock.state == Clock.State.STOPPED or calendar is None:
        return None
    if clock.state == Clock.State.PAUSED or clock.due_at is None:
        return promised - clock.consumed_seconds
    return int(calendar.elapsed(at, clock.due_at).total_seconds())


def _state(clock: Clock, share: float, *, is_breached: bool) -> ClockState:
    if is_breached:
        return "breach"
    if clock.state == Clock.State.STOPPED:
        return "met"
    if share >= SOON:
        return "risk"
    return "paused" if clock.state == Clock.State.PAUSED else "ok"


def _opening(calendar: WorkingCalendar, at: datetime) -> tuple[datetime | None, datetime | None]:
    """(when the clock next stops by its calendar, when it goes on if it stands still now)."""
    try:
        opens_at = calendar.next_open(at)
    except NeverOpen:
        return at, None
    if opens_at - at > timedelta():
        return at, opens_at
    return calendar.next_close(at), None
