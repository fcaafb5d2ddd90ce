"""The clocks of records at one moment, as pages and API show them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from operator import itemgetter
from typing import Self, TypeVar

from django.db.models import F
from django.utils.translation import gettext_lazy

from journal.units import database_now
from kernel.calendars import NeverOpen, WorkingCalendar
from kernel.clockface import ClockFace, ClockState
from sla.models import Clock, Metric, Party
from sla.queries.parties import ours_words, words_of
from workforce.queries import calendar_version

METRIC_NAMES = {Metric.RESPONSE.value: gettext_lazy("Response"), Metric.RESOLUTION.value: gettext_lazy("Resolution")}
REASONS = {
    "user": gettext_lazy("waiting for the user"),
    "supplier": gettext_lazy("waiting for the supplier"),
    "visit": gettext_lazy("waiting for the visit"),
    "change": gettext_lazy("waiting for a change"),
}
Opening = tuple[datetime | None, datetime | None]
"""When a clock next stops by its calendar, and when it goes on if it stands still now."""

C = TypeVar("C", bound=Clock)

SUPPLIER = "supplier"
"""The waiting reason in which a supplier's own time runs."""

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
    party: str
    whose: str
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
        """What is promised, in the reader's language: of a team or supplier, whose time it is."""
        return self.whose if not self.is_ours else str(METRIC_NAMES.get(self.metric, self.metric))

    @property
    def is_ours(self) -> bool:
        """Whether it is what we have promised to the customer."""
        return self.party == Party.CUSTOMER

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


def clocks_for(
    record_ids: Iterable[int], *, at: datetime | None = None, is_everybody: bool = False
) -> dict[int, list[ClockRow]]:
    """Every record's clocks at a moment (now, by the database), response first: one statement for any number.

    What is promised to customers alone; `is_everybody` adds the time of teams and suppliers, those of past turns too,
    after it.
    """
    read = Reading.of(record_ids, at or database_now(), is_everybody=is_everybody)
    return {record: [read.row(clock) for clock in clocks] for record, clocks in read.clocks.items()}


def nearest_faces(record_ids: Iterable[int], at: datetime) -> dict[int, ClockFace]:
    """The promise to the customer of each record that is broken or will break first; records whose clocks have stopped
    are left out."""  # fmt: skip
    read, found = Reading.of(record_ids, at), {}
    for record, clocks in read.clocks.items():
        left = [(read.left(clock), clock) for clock in clocks if clock.state != Clock.State.STOPPED]
        if left:
            found[record] = read.row(min(left, key=itemgetter(0))[1]).face
    return found


@dataclass(frozen=True, slots=True)
class Reading:
    """The clocks of some records, with the calendars of those that have not stopped, at one moment."""

    at: datetime
    clocks: Mapping[int, Sequence[Clock]]
    calendars: Mapping[int, WorkingCalendar]
    openings: dict[int, Opening] = field(default_factory=dict)
    whose: dict[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, record_ids: Iterable[int], at: datetime, *, is_everybody: bool = False) -> Self:
        """One statement; one more for each version of a calendar that this process has not seen yet."""
        found: dict[int, list[Clock]] = defaultdict(list)
        versions: dict[int, int] = {}
        rows = Clock.objects.filter(record__in=list(record_ids)).annotate(in_force=F("calendar__version"))
        rows = rows.select_related("record__requester", "team") if is_everybody else rows.filter(party=Party.CUSTOMER)
        for clock in in_order(rows):
            found[clock.record_id].append(clock)
            if clock.state != Clock.State.STOPPED:
                versions[clock.calendar_id] = clock.in_force
        calendars = {each: calendar_version(each, version) for each, version in versions.items()}
        whose = {clock.pk: whose_of(clock) for clocks in found.values() for clock in clocks} if is_everybody else {}
        return cls(at, found, calendars, whose=whose)

    def left(self, clock: Clock) -> int:
        """Working seconds until a clock that has not stopped is due."""
        return _left(clock, self.calendars[clock.calendar_id], self.at)

    def row(self, clock: Clock) -> ClockRow:
        """A clock at this moment; when its calendar opens and closes is found out once for all clocks on it."""
        calendar = self.calendars.get(clock.calendar_id) if clock.state != Clock.State.STOPPED else None
        opening: Opening = (None, None)
        if calendar is not None and clock.state == Clock.State.RUNNING:
            if clock.calendar_id not in self.openings:
                self.openings[clock.calendar_id] = opening_of(calendar, self.at)
            opening = self.openings[clock.calendar_id]
        return _row_of(clock, calendar, self.at, opening, self.whose.get(clock.pk, ""))


def in_order(clocks: Iterable[C]) -> list[C]:
    """What is promised to the customer first, response before resolution, then the turns as they came."""
    places = {party: place for place, party in enumerate(Party.values)}
    return sorted(clocks, key=lambda clock: (places[clock.party], clock.metric != Metric.RESPONSE, clock.pk))


def whose_of(clock: Clock) -> str:
    """Whose promise it is in words, to whom; the clock with its team and its record's requester."""
    requester = clock.record.requester
    return words_of(clock) or ours_words(requester.unit if requester is not None else "")


def row_of(clock: Clock, calendar: WorkingCalendar | None, at: datetime) -> ClockRow:
    """One clock at a moment; the calendar is needed only while it has not stopped."""
    if calendar is None or clock.state != Clock.State.RUNNING:
        return _row_of(clock, calendar, at, (None, None), whose_of(clock))
    return _row_of(clock, calendar, at, opening_of(calendar, at), whose_of(clock))


def _row_of(
    clock: Clock, calendar: WorkingCalendar | None, at: datetime, opening: Opening, whose: str
) -> ClockRow:  # fmt: skip
    promised = clock.target_minutes * 60
    has_stopped = clock.state == Clock.State.STOPPED or calendar is None
    left = None if has_stopped or calendar is None else _left(clock, calendar, at)
    used = clock.consumed_seconds if left is None else promised - left
    breached_at = clock.breached_at
    if clock.state == Clock.State.RUNNING and not has_stopped and clock.due_at is not None and clock.due_at < at:
        breached_at = clock.due_at
    return ClockRow(
        record_id=clock.record_id, clock_id=clock.pk, metric=clock.metric, party=clock.party,
        whose=whose, at=at, left=left, due_at=clock.due_at,
        state=_state(clock, used / promised, is_breached=breached_at is not None), target_minutes=clock.target_minutes,
        used_percent=used * 100 // promised, breached_at=breached_at, stopped_at=clock.stopped_at,
        stops_at=opening[0], opens_at=opening[1],
        paused_since=clock.since if clock.state == Clock.State.PAUSED else None, pause_reason=clock.pause_reason,
    )  # fmt: skip


def _left(clock: Clock, calendar: WorkingCalendar, at: datetime) -> int:
    if clock.state == Clock.State.PAUSED or clock.due_at is None:
        return clock.target_minutes * 60 - clock.consumed_seconds
    return int(calendar.elapsed(at, clock.due_at).total_seconds())


def _state(clock: Clock, share: float, *, is_breached: bool) -> ClockState:
    if is_breached:
        return "breach"
    if clock.state == Clock.State.STOPPED:
        return "met"
    if share >= SOON:
        return "risk"
    return "paused" if clock.state == Clock.State.PAUSED else "ok"


def opening_of(calendar: WorkingCalendar, at: datetime) -> Opening:
    """(when the clock next stops by its calendar, when it goes on if it stands still now)."""
    try:
        opens_at = calendar.next_open(at)
    except NeverOpen:
        return at, None
    if opens_at - at > timedelta():
        return at, opens_at
    return calendar.next_close(at), None
