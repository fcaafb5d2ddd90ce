"""Time zones from the packaged rules, never from the machine's.

Two installations with different `/usr/share/zoneinfo` must compute the same deadlines, and an operating system
update must not move a promise. So working time reads the `tzdata` wheel, whose version stands in the lock file and
is stored beside each deadline. A new version takes effect when the process restarts.
"""

import importlib.metadata
import importlib.resources
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

SECOND = 1_000_000  # instants are whole microseconds since 1970, so that arithmetic is exact
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EPOCH_ORDINAL = EPOCH.toordinal()
MICROSECOND = timedelta(microseconds=1)

FIRST_INSTANT = (datetime(1900, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
LAST_INSTANT = (datetime(3000, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND


class UnknownZone(ValueError):
    """The name is not in the IANA list of the packaged tzdata."""

    def __init__(self, name: str) -> None:
        """Keep the refused name for the message of a form."""
        self.name = name
        super().__init__(f"{name!r} is not a time zone of tzdata {tzdata_version()}")


class Span(NamedTuple):
    """A stretch of UTC time, in microseconds, in which the zone's offset does not change."""

    start: int
    end: int
    offset: int


@lru_cache(maxsize=1)
def tzdata_version() -> str:
    """Version of the zone rules in use, such as "2026.6"; stored with each clock (RELIABILITY 2.2)."""
    return importlib.metadata.version("tzdata")


def pin_tzdata() -> None:
    """Make every `ZoneInfo(name)` of this process read the packaged rules; called once, first thing in the settings.

    Deadlines do not depend on it (`zone` reads the package directly); it keeps the times shown on pages in step.
    """
    zoneinfo.reset_tzpath(to=())
    zoneinfo.ZoneInfo.clear_cache()


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """All zone names that a calendar may use."""
    return frozenset(importlib.resources.files("tzdata").joinpath("zones").read_text("ascii").split())


@lru_cache(maxsize=1024)
def zone(name: str) -> zoneinfo.ZoneInfo:
    """The zone as the packaged tzdata defines it. Raises UnknownZone."""
    if name not in zone_names():
        raise UnknownZone(name)
    rules = importlib.resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    with rules.open("rb") as stream:
        return zoneinfo.ZoneInfo.from_file(stream, key=name)


def to_instant(at: datetime) -> int:
    """Microseconds since 1970. Raises ValueError for a datetime without zone or outside the years 1900 to 2999."""
    if at.utcoffset() is None:
        raise ValueError(f"{at!r} has no time zone")
    # Through UTC first: Python subtracts datetimes that share a zone as wall times, wrong across a change of offset.
    instant = (at.astimezone(UTC) - EPOCH) // MICROSECOND
    if not FIRST_INSTANT <= instant < LAST_INSTANT:
        raise ValueError(f"{at!r} is outside the years 1900 to 2999")
    return instant


def to_datetime(instant: int) -> datetime:
    """The aware UTC datetime of a number of microseconds since 1970."""
    return EPOCH + timedelta(microseconds=instant)


def month_of(instant: int) -> int:
    """Number of the UTC month, counted from January of year 0."""
    at = to_datetime(instant)
    return at.year * 12 + at.month - 1


def month_bounds(month: int) -> tuple[int, int]:
    """First instant of a UTC month and of the next one."""
    start, end = (date(number // 12, number % 12 + 1, 1).toordinal() for number in (month, month + 1))
    return (start - EPOCH_ORDINAL) * DAY, (end - EPOCH_ORDINAL) * DAY


@lru_cache(maxsize=4096)
def month_spans(name: str, month: int) -> tuple[Span, ...]:
    """The UTC month cut where the zone changes its offset, in order and without gaps."""
    start, end = month_bounds(month)
    spans: list[Span] = []
    since, offset = start, _offset(name, start)
    for hour in range(start + HOUR, end + HOUR, HOUR):
        if (changed := _offset(name, hour)) != offset:
            turn = _turn(name, hour - HOUR, hour)
            spans.append(Span(since, turn, offset))
            since, offset = turn, changed
    if since < end:
        spans.append(Span(since, end, offset))
    return tuple(spans)


def _offset(name: str, instant: int) -> int:
    """Microseconds by which the zone's wall clock is ahead of UTC."""
    at = to_datetime(instant)
    return (at.astimezone(zone(name)).replace(tzinfo=UTC) - at) // MICROSECOND


def _turn(name: str, before: int, after: int) -> int:
    """The second at which the offset changes, somewhere in (before, after]; zones change on whole seconds."""
    old = _offset(name, before)
    while after - before > SECOND:
        middle = (before + after) // (2 * SECOND) * SECOND
        if _offset(name, middle) == old:
            before = middle
        else:
            after = middle
    return after
