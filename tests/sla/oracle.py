"""The slow truth about a promise: walk its history minute by minute and ask whether this minute counts.

Shares nothing with `sla.ledger` and `kernel.calendars` but the zone rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
LONGEST = timedelta(days=40)


@dataclass(frozen=True)
class Hours:
    """Opening hours as a person would read them off the door."""

    zone: str
    weekly: tuple[tuple[int, int, int], ...] = ()
    closed: frozenset[date] = frozenset()
    always: bool = False

    @cache  # noqa: B019  # a handful of doors, asked about the same weeks again and again
    def open_at(self, at: datetime) -> bool:
        """Whether the minute that begins now is an open one."""
        if self.always:
            return True
        local = at.astimezone(ZoneInfo(self.zone))
        minute = local.hour * 60 + local.minute
        if local.date() in self.closed:
            return False
        return any(day == local.weekday() and start <= minute < end for day, start, end in self.weekly)


@dataclass
class Walk:
    """A promise on its way. Actions come at whole minutes, in order of time."""

    doors: Mapping[str, Hours]
    at: datetime
    minutes: int
    calendar: str
    state: str = "running"
    used: int = 0
    marks: list[datetime] = field(default_factory=list)
    carried: int = 0
    begun: datetime | None = None

    def __post_init__(self) -> None:
        self.begun = self.at

    def go_to(self, end: datetime) -> None:
        """Let the minutes pass."""
        while self.at < end:
            self._minute()

    def _minute(self) -> None:
        counts = self.state == "running" and self.doors[self.calendar].open_at(self.at)
        self.at += MINUTE
        if counts:
            self.used += 1
            self.marks.append(self.at)

    def pause(self) -> None:
        """Wait, or be done for a while."""
        self.state = "paused"

    def resume(self) -> None:
        """Go on."""
        self.state = "running"
        self.begun = self.begun or self.at

    def stop(self) -> None:
        """Done."""
        self.state = "stopped"

    def promise(self, minutes: int, calendar: str) -> None:
        """Something else from now on; under other hours the minutes used so far are kept as they were counted."""
        if calendar != self.calendar:
            self.carried, self.marks = self.used, []
            self.begun = self.at if self.state == "running" else None
        self.minutes, self.calendar = minutes, calendar

    def due(self) -> datetime | None:
        """When the promised minutes are used; None while the promise stands still before that."""
        missing = self.minutes - self.carried
        if missing <= 0:
            return self.begun
        if len(self.marks) >= missing:
            return self.marks[missing - 1]
        if self.state != "running":
            return None
        ahead = Walk(self.doors, self.at, self.minutes, self.calendar, used=self.used, carried=self.carried)
        ahead.marks = list(self.marks)
        while len(ahead.marks) < missing:
            assert ahead.at < self.at + LONGEST, "a case that never ends"
            ahead._minute()
        return ahead.at
