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


@dataclass(frozen=True)
class Told:
    """A step that somebody set: working minutes used when it is due, and for which priority (None: any)."""

    id: int
    percent: int | None = None
    offset: int | None = None
    priority: int | None = None
    repeat: int = 0
    times: int = 0

    def amount(self, minutes: int, cycle: int) -> int:
        """Minutes used when this repetition is due."""
        base = minutes * self.percent // 100 if self.percent is not None else minutes + (self.offset or 0)
        return max(0, base + self.repeat * cycle)


Promised = tuple[int, str]
"""Minutes of the hours with that name."""


class Life:
    """One promise from its start: what happened is kept, so that edited hours can be counted again from the start.

    `fired` and `breaches` only grow: what was said was said.
    """

    def __init__(
        self, doors: dict[str, Hours], at: datetime, promised: Promised, steps: list[Told], priority: int
    ) -> None:
        self.doors, self.began, self.first, self.steps, self.priority = doors, at, promised, steps, priority
        self.walk = Walk(dict(doors), at, *promised)
        self.acts: list[tuple[datetime, str, Promised | None, int]] = []
        self.fired: set[tuple[int, int]] = set()
        self.breaches = 0
        self.planned_at, self.is_armed = at, True
        self._look()

    def go_to(self, end: datetime) -> None:
        """Let the minutes pass, and see in each what becomes due."""
        while self.walk.at < end:
            self.walk.go_to(self.walk.at + MINUTE)
            self._look()

    def act(self, name: str, promised: Promised | None = None, priority: int | None = None) -> None:
        """Pause, resume, stop, or promise something else, now."""
        self.acts.append((self.walk.at, name, promised, self.walk.used))
        self.priority = self.priority if priority is None else priority
        _do(self.walk, name, promised)
        if name in ("resume", "promise"):
            self.planned()

    def count_again(self) -> None:
        """The hours were edited: they count for the whole time since they were promised."""
        walk = Walk(dict(self.doors), self.began, *self.first)
        for at, name, promised, used in self.acts:
            walk.go_to(at)
            if promised is not None and promised[1] != walk.calendar:
                walk.used = used  # counted until then as the hours were then
            _do(walk, name, promised)
        walk.go_to(self.walk.at)
        self.walk = walk
        self.planned()

    def planned(self) -> None:
        """Everything ahead is armed anew; the breach only when it lies ahead, or was never said."""
        self.planned_at = self.walk.at
        passed = self._passed()
        self.is_armed = self.breaches == 0 or passed is None or passed >= self.walk.at
        self._look()

    def _passed(self) -> datetime | None:
        missing = self.walk.minutes - self.walk.carried
        if missing <= 0:
            return self.walk.begun
        return self.walk.marks[missing - 1] if len(self.walk.marks) >= missing else None

    def _look(self) -> None:
        if self.walk.state != "running":
            return
        for step in self.steps:
            if step.priority in (None, self.priority):
                for cycle in range(step.times + 1):
                    if self._has_come(step.amount(self.walk.minutes, cycle)):
                        self.fired.add((step.id, cycle))
        passed = self._passed()
        if self.is_armed and passed is not None and self.walk.at > max(passed, self.planned_at):
            self.breaches, self.is_armed = self.breaches + 1, False

    def _has_come(self, amount: int) -> bool:
        """A warning at a closing comes with the next opening (S7); what is late comes at once."""
        used = self.walk.used
        counts_now = self.walk.doors[self.walk.calendar].open_at(self.walk.at)
        return used > amount or (used == amount and (amount >= self.walk.minutes or counts_now))


def _do(walk: Walk, name: str, promised: Promised | None) -> None:
    if promised is not None:
        walk.promise(*promised)
    elif name == "pause":
        walk.pause()
    elif name == "resume":
        walk.resume()
    else:
        walk.stop()
