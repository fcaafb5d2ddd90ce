"""The engine put to the oracle's questions, and wrong engines that the oracle must catch."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from hypothesis import HealthCheck, settings

from kernel.calendars import WorkingCalendar
from tests.kernel.oracle import Case, Interval, Pause, rules

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

# The same cases at each run; `tests.kernel.soak` looks further. Shrinking and a busy machine must not fail a run.
few = settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))

Hours = Callable[[Case, date], list[Interval]]
Clock = Callable[[datetime], datetime]


def calendar_of(case: Case) -> WorkingCalendar:
    """The calendar that the case describes."""
    return WorkingCalendar(case.zone, case.weekly, case.exceptions)


def due(case: Case) -> datetime:
    """What the engine answers."""
    return due_with_pauses(calendar_of(case), case.start, case.amount, case.pauses)


def due_with_pauses(
    calendar: WorkingCalendar, start: datetime, amount: timedelta, pauses: tuple[Pause, ...]
) -> datetime:
    """Use up the working time before each pause, then go on where it ends: what the owner of a ledger does."""
    for paused, resumed in sorted(pauses):
        if resumed <= start:
            continue
        worked = calendar.elapsed(start, max(start, paused))
        if amount <= worked:
            break
        amount -= worked
        start = resumed
    return calendar.add(start, amount)


def clamp(case: Case) -> datetime:
    """Ends of opening hours looked up on the wall clock: right on all days but the odd ones."""
    return _count(case, _days(case, rules(case.zone)))


def server_zone(case: Case) -> datetime:
    """The calendar read in the zone of the server."""
    return _count(case, _days(case, rules("Europe/Stockholm" if case.zone == "UTC" else "UTC")))


def todays_offset(case: Case) -> datetime:
    """Every day has 24 hours: the offset at the start holds for ever."""
    offset = case.start.astimezone(rules(case.zone)).utcoffset() or timedelta()
    return _count(case, _days(case, rules(case.zone), clock=lambda wall: wall - offset))


def wall_add(case: Case) -> datetime:
    """Counts on the wall clock and converts the answer."""
    zone = rules(case.zone)

    def wall(at: datetime) -> datetime:
        return at.astimezone(zone).replace(tzinfo=UTC)

    pauses = tuple((wall(paused), wall(resumed)) for paused, resumed in case.pauses)
    naive = case._replace(zone="UTC", start=wall(case.start), pauses=pauses)
    return _count(naive, _days(naive, UTC)).replace(tzinfo=zone).astimezone(UTC)


def no_breaks(case: Case) -> datetime:
    """Open from the first opening of a day to its last closing."""

    def hours(case: Case, day: date) -> list[Interval]:
        found = _hours(case, day)
        return [(found[0][0], found[-1][1])] if found else []

    return _count(case, _days(case, rules(case.zone), hours))


def no_exceptions(case: Case) -> datetime:
    """Holidays forgotten."""
    return due(case._replace(exceptions={}))


def late_at_closing(case: Case) -> datetime:
    """Work used up at closing time is due at the next opening."""
    found = due(case)
    return calendar_of(case).next_open(found) if case.amount else found


def pause_in_clock_time(case: Case) -> datetime:
    """A pause moves the due time by as long as it took, open or not."""
    credit = sum((resumed - paused for paused, resumed in case.pauses if paused >= case.start), timedelta())
    return calendar_of(case).add(case.start, case.amount + credit)


def minute_short(case: Case) -> datetime:
    """A day ends at 23:59."""
    return due(case._replace(weekly=tuple((day, start, min(end, 1439)) for day, start, end in case.weekly)))


WRONG_ENGINES = (
    clamp,
    server_zone,
    todays_offset,
    wall_add,
    no_breaks,
    no_exceptions,
    late_at_closing,
    pause_in_clock_time,
    minute_short,
)


def _hours(case: Case, day: date) -> list[Interval]:
    special = case.exceptions.get(day)
    return sorted(special if special is not None else [(s, e) for on, s, e in case.weekly if on == day.weekday()])


def _days(case: Case, zone: tzinfo, hours: Hours = _hours, clock: Clock | None = None) -> Iterator[Pause]:
    """Opening hours day by day, each end converted on its own."""
    clock = clock or (lambda wall: wall.replace(tzinfo=zone).astimezone(UTC))
    day = case.start.astimezone(zone).date() - DAY
    for _ in range(60):
        midnight = datetime.combine(day, time(), UTC)
        for first, last in hours(case, day):
            yield max(clock(midnight + first * MINUTE), case.start), clock(midnight + last * MINUTE)
        day += DAY


def _count(case: Case, stretches: Iterator[Pause]) -> datetime:
    left = case.amount
    for start, end in stretches if left else ():
        cuts = sorted({start, end, *(at for pause in case.pauses for at in pause if start < at < end)})
        for opened, closed in pairwise(cuts) if start < end else ():
            if any(paused <= opened < resumed for paused, resumed in case.pauses):
                continue
            if left <= closed - opened:
                return opened + left
            left -= closed - opened
    return case.start
