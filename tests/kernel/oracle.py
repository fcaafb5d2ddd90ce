"""The slow truth about working time: walk minute by minute and ask the clock on the wall.

Shares nothing with `kernel.calendars` but the zone rules. Also makes the random cases, biased to what goes wrong:
starts in closed time, night hours, and the hours around real changes of offset.
"""

import importlib.resources
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from random import Random
from typing import NamedTuple
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
LONGEST = timedelta(days=60)

Interval = tuple[int, int]
Weekly = tuple[tuple[int, int, int], ...]
Pause = tuple[datetime, datetime]

# (zone, an instant in UTC at or near which its offset or date jumps); each is a real one
TURNS = (
    ("Europe/Stockholm", "2026-03-29T01:00"),
    ("Europe/Stockholm", "2026-10-25T01:00"),
    ("America/New_York", "2026-03-08T07:00"),
    ("America/New_York", "2026-11-01T06:00"),
    ("America/Santiago", "2026-04-05T03:00"),  # ends at midnight: 23:00 to 24:00 comes twice
    ("America/Santiago", "2026-09-06T04:00"),  # starts at midnight: the day begins at 01:00
    ("America/Sao_Paulo", "2018-11-04T03:00"),
    ("America/Sao_Paulo", "2019-02-17T02:00"),
    ("America/Havana", "2026-03-08T05:00"),
    ("Asia/Beirut", "2026-03-28T22:00"),
    ("Asia/Beirut", "2026-10-24T21:00"),
    ("Africa/Cairo", "2026-04-23T22:00"),
    ("Africa/Cairo", "2026-10-29T21:00"),
    ("Africa/Casablanca", "2026-02-15T02:00"),  # leaves summer time for Ramadan
    ("Africa/Casablanca", "2026-03-22T02:00"),
    ("Australia/Lord_Howe", "2026-04-04T15:00"),  # half an hour
    ("Australia/Lord_Howe", "2026-10-03T15:30"),
    ("Pacific/Chatham", "2026-09-26T14:00"),
    ("Pacific/Apia", "2011-12-30T10:00"),  # 30 December 2011 does not exist
    ("Pacific/Kwajalein", "1993-08-21T12:00"),
    ("Antarctica/Troll", "2026-03-29T01:00"),  # two hours
    ("Antarctica/Troll", "2026-10-25T01:00"),
    ("Europe/Dublin", "2026-03-29T01:00"),  # winter is the exception, with a negative saving
    ("Europe/Dublin", "2026-10-25T01:00"),
    ("America/St_Johns", "2010-11-07T02:31"),  # at one minute past midnight
    ("Asia/Tehran", "2022-03-21T20:30"),
    ("Asia/Pyongyang", "2015-08-14T15:00"),
    ("Asia/Kathmandu", "2026-01-01T00:00"),  # never
    ("UTC", "2028-02-29T00:00"),
)

OFFICE: Weekly = tuple((day, *hours) for day in range(5) for hours in ((480, 720), (780, 1020)))
NIGHT: Weekly = tuple((day, *hours) for day in range(7) for hours in ((0, 360), (1320, 1440)))
AROUND_MIDNIGHT: Weekly = tuple((day, *hours) for day in range(7) for hours in ((0, 90), (150, 210), (1410, 1440)))
HALF_HOURS: Weekly = tuple((day, 60 * hour + 7, 60 * hour + 37) for day in range(7) for hour in range(24))
ALWAYS: Weekly = tuple((day, 0, 1440) for day in range(7))


class Case(NamedTuple):
    """One question: when has `amount` of open, not paused time passed since `start`?"""

    zone: str
    weekly: Weekly
    exceptions: Mapping[date, tuple[Interval, ...]]
    start: datetime
    amount: timedelta
    pauses: tuple[Pause, ...] = ()


@cache
def rules(zone: str) -> ZoneInfo:
    """Read the zone from the packaged tzdata."""
    with importlib.resources.files("tzdata").joinpath("zoneinfo", zone).open("rb") as stream:
        return ZoneInfo.from_file(stream, key=zone)


def open_at(case: Case, at: datetime) -> bool:
    """Look at the wall clock."""
    local = at.astimezone(rules(case.zone))
    minute = local.hour * 60 + local.minute
    hours = case.exceptions.get(local.date())
    if hours is not None:
        return any(start <= minute < end for start, end in hours)
    return any(day == local.weekday() and start <= minute < end for day, start, end in case.weekly)


def counts(case: Case, at: datetime) -> bool:
    """Open and not paused."""
    return open_at(case, at) and not any(start <= at < end for start, end in case.pauses)


def due(case: Case, *, step: timedelta = MINUTE) -> datetime:
    """Count down, a step at a time."""
    at, left = case.start, case.amount
    for _ in range(LONGEST // step):
        if left <= timedelta():
            return at
        if counts(case, at):
            left -= step
        at += step
    raise AssertionError(f"not due within {LONGEST}: {case}")


def warn(case: Case) -> datetime:
    """Count down from `start` into the past."""
    at, left = case.start, case.amount
    for _ in range(LONGEST // MINUTE):
        if left <= timedelta():
            return at
        at -= MINUTE
        if counts(case, at):
            left -= MINUTE
    raise AssertionError(f"no warning within {LONGEST}: {case}")


def elapsed(case: Case, end: datetime) -> timedelta:
    """Count the minutes from `start` to `end` that are open and not paused."""
    steps = (end - case.start) // MINUTE
    return sum(counts(case, case.start + step * MINUTE) for step in range(steps)) * MINUTE


def random_case(rng: Random, turns: Sequence[tuple[str, str]] = TURNS) -> Case:
    """Make a case near one of the turns; every other one starts in closed time if there is any."""
    zone, text = rng.choice(turns)
    turn = datetime.fromisoformat(text).replace(tzinfo=UTC)
    weekly = rng.choice((OFFICE, NIGHT, AROUND_MIDNIGHT, ALWAYS, _random_weekly(rng)))
    exceptions = {
        (turn + timedelta(days=rng.randint(-2, 4))).date(): rng.choice(
            ((), (), ((0, 1440),), ((600, 840),), ((60, 180),))
        )
        for _ in range(rng.choice((0, 0, 1, 3)))
    }
    minutes = rng.choice((0, 1, rng.randint(2, 90), rng.randint(2, 480), rng.randint(2, 1500)))
    case = Case(zone, weekly, exceptions, turn, minutes * MINUTE)
    want_closed = rng.random() < 0.5
    for _ in range(8):
        case = case._replace(start=turn + rng.randint(-2200, 900) * MINUTE)
        if not (want_closed and open_at(case, case.start)):
            break
    if rng.random() < 0.2:
        case = case._replace(amount=_until_closing(case))
    return case._replace(pauses=_random_pauses(rng, case.start))


def _random_weekly(rng: Random) -> Weekly:
    weekly = [(2, 600, 660)]  # opens at least once a week
    for day in range(7):
        marks = sorted(rng.sample(range(0, 1441, rng.choice((1, 15, 30))), rng.choice((0, 2, 2, 4))))
        weekly += [(day, start, end) for start, end in zip(marks[::2], marks[1::2], strict=True) if start < end]
    return tuple(weekly)


def _until_closing(case: Case) -> timedelta:
    total, at = timedelta(), case.start
    while total < timedelta(days=1) and (open_at(case, at) or not total):
        total += MINUTE if open_at(case, at) else timedelta()
        at += MINUTE
    return total


def _random_pauses(rng: Random, start: datetime) -> tuple[Pause, ...]:
    pauses: list[Pause] = []
    at = start + rng.randint(-300, 1000) * MINUTE
    for _ in range(rng.choice((0, 0, 1, 3))):
        end = at + rng.randint(1, 900) * MINUTE
        pauses.append((at, end))
        at = end + rng.randint(0, 600) * MINUTE
    return tuple(pauses)
