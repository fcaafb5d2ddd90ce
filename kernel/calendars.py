"""Working time: how much of it passes between two instants, and when a given amount of it has passed.

Opening hours are wall time of the calendar's zone; what is counted is time that really elapses while open. The weekly
pattern is laid over stretches of constant offset to UTC and nothing is ever added to a wall-clock time. So an opening
hour that the clock repeats counts twice, one that it skips counts nothing, and a skipped date has no hours
(RELIABILITY 2.2).

Decisions, each held by a test:
- An opening interval contains its start and not its end.
- `add` gives the earliest instant at which the amount has passed: work used up at closing time is due at closing time,
  not at the next opening. `subtract` gives the latest, so a warning lands in open time, never at a past closing.
- An amount of zero gives the instant itself, open or not.
- Nothing looks further than ten years; what is not reached by then raises `NeverOpen`.
- Pauses are not known here: whoever keeps the ledger adds what is left from the instant of resuming.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from kernel.zones import (
    DAY,
    EPOCH_ORDINAL,
    FIRST_INSTANT,
    LAST_INSTANT,
    MICROSECOND,
    MINUTE,
    month_bounds,
    month_of,
    month_spans,
    to_datetime,
    to_instant,
    zone,
)

Hours = tuple[tuple[int, int], ...]
"""Opening intervals of one local day as (start, end) in minutes of the wall clock; end may be 1440."""

Stretch = tuple[int, int]
"""An open stretch of UTC time as (start, end) in microseconds since 1970."""

HORIZON = timedelta(days=3653)
NEXT_CLOSE_HORIZON = timedelta(days=366)
DAY_MINUTES = 24 * 60
ZERO = timedelta()


class NeverOpen(ValueError):
    """The calendar does not open, or not for long enough, within ten years of the given instant."""

    def __init__(self, start: datetime, missing: timedelta) -> None:
        """`missing` is the working time that ten years do not yield; zero when only an opening was looked for."""
        self.start = start
        self.missing = missing
        super().__init__(
            f"The calendar lacks {missing} of working time within {HORIZON.days} days of {start.isoformat()}"
            if missing
            else f"The calendar does not open within {HORIZON.days} days of {start.isoformat()}"
        )


@dataclass(frozen=True)
class WorkingCalendar:
    """Weekly opening hours in a zone, with exceptions by date. Immutable, hashable, picklable; equal by content.

    `weekly` holds (weekday 0 = Monday, start minute, end minute); several intervals of a day leave breaks between
    them, and hours past midnight are two intervals. `exceptions` replaces the hours of a date: () is closed.
    `always_open` counts every second and therefore refuses weekly hours and exceptions, so that a legal 24-hour clock
    cannot lose a holiday by accident. Raises ValueError for hours outside a day, UnknownZone for the zone.
    """

    zone: str
    weekly: tuple[tuple[int, int, int], ...] = ()
    exceptions: Mapping[date, Hours] = field(default_factory=dict)
    always_open: bool = False
    _days: tuple[Hours, ...] = field(init=False, repr=False, compare=False)
    _dates: dict[int, Hours] = field(init=False, repr=False, compare=False)
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Check and normalise, so that equal hours make equal calendars however they were entered."""
        zone(self.zone)
        if self.always_open and (self.weekly or self.exceptions):
            raise ValueError("An always open calendar has no weekly hours and no exceptions")
        days = tuple(_hours((s, e) for day, s, e in self.weekly if day == weekday) for weekday in range(7))
        if strays := [entry for entry in self.weekly if entry[0] not in range(7)]:
            raise ValueError(f"Weekdays go from 0 for Monday to 6 for Sunday, not {strays[0][0]}")
        exceptions = {on: _hours(hours) for on, hours in sorted(self.exceptions.items())}
        weekly = tuple((day, s, e) for day, hours in enumerate(days) for s, e in hours)
        put = object.__setattr__  # the class is frozen
        put(self, "weekly", weekly)
        put(self, "exceptions", MappingProxyType(exceptions))
        put(self, "_days", days)
        put(self, "_dates", {on.toordinal() - EPOCH_ORDINAL: hours for on, hours in exceptions.items()})
        put(self, "_hash", hash((self.zone, weekly, tuple(exceptions.items()), self.always_open)))

    def __hash__(self) -> int:
        """Computed once: every look-up of a cached month needs it."""
        return self._hash

    def __reduce__(self) -> tuple[type["WorkingCalendar"], tuple[object, ...]]:
        """Pickle the four fields only; the rest is derived."""
        return WorkingCalendar, (self.zone, self.weekly, dict(self.exceptions), self.always_open)

    def hours_on(self, day: int) -> Hours:
        """Opening hours of a local day, counted from 1970-01-01."""
        hours = self._dates.get(day)
        return self._days[(day + 3) % 7] if hours is None else hours

    def open_between(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Open stretches in UTC within [start, end), in order, never touching each other."""
        first, last = to_instant(start), to_instant(end)
        for opened, closed in _stretches(self, first, last) if first < last else ():
            yield to_datetime(max(opened, first)), to_datetime(min(closed, last))

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Working time from start to end; negative when end is before start, so "due - now" tells overdue time."""
        first, last = to_instant(start), to_instant(end)
        return (_worked(self, first, last) if first <= last else -_worked(self, last, first)) * MICROSECOND

    def add(self, start: datetime, amount: timedelta) -> datetime:
        """The earliest instant at which `amount` of working time has passed since start. Raises NeverOpen."""
        return to_datetime(_advance(self, to_instant(start), _amount(amount)))

    def subtract(self, end: datetime, amount: timedelta) -> datetime:
        """The latest instant from which `amount` of working time passes until end. Raises NeverOpen."""
        return to_datetime(_go_back(self, to_instant(end), _amount(amount)))

    def is_open(self, at: datetime) -> bool:
        """Whether working time is passing at this instant: true at opening time, false at closing time."""
        instant = to_instant(at)
        return next(_pieces(self, instant, instant + 1), None) is not None

    def next_open(self, at: datetime) -> datetime:
        """The first open instant at or after this one. Raises NeverOpen."""
        instant = to_instant(at)
        for opened, _closed in _pieces(self, instant, _latest(instant)):
            return to_datetime(max(opened, instant))
        raise NeverOpen(at, ZERO)

    def next_close(self, at: datetime) -> datetime | None:
        """When the open stretch ends that holds this instant or comes next; None when nothing closes for a year."""
        if self.always_open:
            return None
        instant = to_instant(at)
        limit = min(instant + NEXT_CLOSE_HORIZON // MICROSECOND, LAST_INSTANT)
        for _opened, closed in _stretches(self, instant, limit):
            return to_datetime(closed) if closed < limit else None
        return None


class _Month(NamedTuple):
    """The open stretches of a UTC month, and how much working time of the month lies before each."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]
    before: tuple[int, ...]
    total: int

    def worked(self, until: int) -> int:
        """Working time of the month before an instant."""
        at = bisect_right(self.starts, until) - 1
        return self.before[at] + min(until, self.ends[at]) - self.starts[at] if at >= 0 else 0


@lru_cache(maxsize=2048)
def _open_month(calendar: WorkingCalendar, month: int) -> _Month:
    """Some forty numbers that serve every clock on the calendar in that month."""
    stretches = tuple(_merged(_opened(calendar, month)))
    before: list[int] = []
    total = 0
    for start, end in stretches:
        before.append(total)
        total += end - start
    return _Month(tuple(start for start, _ in stretches), tuple(end for _, end in stretches), tuple(before), total)


def _opened(calendar: WorkingCalendar, month: int) -> Iterator[Stretch]:
    """The hours of each local day, moved to UTC by the offset in force and cut where that offset ends."""
    if calendar.always_open:
        yield month_bounds(month)
        return
    for span in month_spans(calendar.zone, month):
        for day in range((span.start + span.offset) // DAY, (span.end + span.offset - 1) // DAY + 1):
            midnight = day * DAY - span.offset
            for first, last in calendar.hours_on(day):
                start, end = max(midnight + first * MINUTE, span.start), min(midnight + last * MINUTE, span.end)
                if start < end:
                    yield start, end


def _stretches(calendar: WorkingCalendar, start: int, end: int) -> Iterator[Stretch]:
    """Open stretches that overlap [start, end), joined where they touch; the outer two may reach beyond it."""
    return _merged(_pieces(calendar, start, end))


def _pieces(calendar: WorkingCalendar, start: int, end: int) -> Iterator[Stretch]:
    """The same, cut at the ends of months: the first comes without looking for where it ends."""
    for number in range(month_of(start), month_of(end) + 1):
        yield from _overlapping(_open_month(calendar, number), start, end)


def _overlapping(month: _Month, start: int, end: int) -> Iterator[Stretch]:
    first, last = bisect_right(month.ends, start), bisect_left(month.starts, end)
    return zip(month.starts[first:last], month.ends[first:last], strict=True)


def _merged(stretches: Iterable[Stretch]) -> Iterator[Stretch]:
    """Join ordered stretches that touch or overlap: across midnight, a change of offset, the end of a month."""
    held: Stretch | None = None
    for start, end in stretches:
        if held is not None and start <= held[1]:
            held = held[0], max(end, held[1])
            continue
        if held is not None:
            yield held
        held = start, end
    if held is not None:
        yield held


def _worked(calendar: WorkingCalendar, start: int, end: int) -> int:
    if calendar.always_open:
        return end - start
    first, last = month_of(start), month_of(end)
    whole_months = sum(_open_month(calendar, number).total for number in range(first, last))
    return whole_months + _open_month(calendar, last).worked(end) - _open_month(calendar, first).worked(start)


def _advance(calendar: WorkingCalendar, start: int, amount: int) -> int:
    limit = _latest(start)
    if amount == 0 or (calendar.always_open and start + amount <= limit):
        return start + amount
    first = month_of(start)
    left = amount + _open_month(calendar, first).worked(start)
    for number in range(first, month_of(limit) + 1):
        month = _open_month(calendar, number)
        if left <= month.total:
            at = bisect_left(month.before, left) - 1  # the earliest stretch that holds the amount, even at its end
            due = month.starts[at] + left - month.before[at]
            if due > limit:
                break
            return due
        left -= month.total
    raise NeverOpen(to_datetime(start), (amount - _worked(calendar, start, limit)) * MICROSECOND)


def _go_back(calendar: WorkingCalendar, end: int, amount: int) -> int:
    limit = _earliest(end)
    if amount == 0 or (calendar.always_open and end - amount >= limit):
        return end - amount
    last, left = month_of(end), amount
    for number in range(last, month_of(limit) - 1, -1):
        month = _open_month(calendar, number)
        ahead = (month.worked(end) if number == last else month.total) - left
        if ahead >= 0:
            at = bisect_right(month.before, ahead) - 1  # the latest stretch that holds the amount, even at its start
            start = month.starts[at] + ahead - month.before[at]
            if start < limit:
                break
            return start
        left = -ahead
    raise NeverOpen(to_datetime(end), (amount - _worked(calendar, limit, end)) * MICROSECOND)


def _latest(start: int) -> int:
    return min(start + HORIZON // MICROSECOND, LAST_INSTANT)


def _earliest(end: int) -> int:
    return max(end - HORIZON // MICROSECOND, FIRST_INSTANT)


def _amount(amount: timedelta) -> int:
    if amount < ZERO:
        raise ValueError(f"An amount of working time cannot be negative: {amount}")
    return amount // MICROSECOND


def _hours(intervals: Iterable[tuple[int, int]]) -> Hours:
    """The opening hours of a day in order, joined where they touch."""
    hours = sorted(intervals)
    for start, end in hours:
        if not 0 <= start < end <= DAY_MINUTES:
            raise ValueError(f"Opening hours lie between minute 0 and {DAY_MINUTES} of a day, not {start} to {end}")
    return tuple(_merged(hours))
