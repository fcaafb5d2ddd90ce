"""What a change of promises would do to running clocks, before anybody saves it; and what covers a real record."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from kernel.calendars import HORIZON, NeverOpen
from kernel.zones import MICROSECOND, tzdata_version
from records.models import Record
from sla.ledger import Entry, Kind, Promise, Step, fold, measure, reached_at
from sla.models import Clock, Metric, Party
from sla.queries.clocks import METRIC_NAMES, SUPPLIER
from sla.queries.ledgers import entries_of
from sla.queries.parties import team_words, words_of
from sla.queries.rules import OURS, Now, Rules, TargetRule, Whose, now
from sla.queries.settings import target_sentence, targets

LOOKED_AT = 5000
"""A preview looks at so many running clocks."""
SHOWN = 10
"""The clocks that move furthest are shown."""


@dataclass(frozen=True, slots=True)
class Move:
    """One clock that a change moves; None where it has no due time, because it is paused."""

    record: Record
    metric: str
    before: datetime | None
    after: datetime | None
    whose: str = ""

    @property
    def name(self) -> str:
        """What is promised, in the reader's language."""
        return self.whose or str(METRIC_NAMES[self.metric])

    @property
    def shift(self) -> timedelta:
        """How far the due time goes; the furthest of all when it appears or goes away."""
        if self.before is None or self.after is None:
            return HORIZON if self.before != self.after else timedelta()
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Impact:
    """What a change would do to running clocks: how many get another promise, and what comes of their due times."""

    looked_at: int
    moves: list[Move]
    overdue: int
    is_cut: bool

    @property
    def moved(self) -> int:
        """How many clocks change."""
        return len(self.moves)

    @property
    def earlier(self) -> int:
        """How many become due earlier."""
        return sum(move.before is not None and move.after is not None and move.after < move.before
                   for move in self.moves)  # fmt: skip

    @property
    def later(self) -> int:
        """How many become due later."""
        return sum(move.before is not None and move.after is not None and move.after > move.before
                   for move in self.moves)  # fmt: skip

    @property
    def furthest(self) -> list[Move]:
        """Those that move furthest."""
        return sorted(self.moves, key=lambda move: (-abs(move.shift), move.record.pk))[:SHOWN]


def _impact(clocks: list[Clock], moves: Iterable[Move], at: datetime) -> Impact:
    found = list(moves)
    overdue = sum(
        move.after is not None and move.after <= at and (move.before is None or move.before > at) for move in found
    )
    return Impact(len(clocks), found, overdue, len(clocks) == LOOKED_AT)


def _running(where: Q | None = None) -> list[Clock]:
    rows = Clock.objects.exclude(state=Clock.State.STOPPED).filter(where or Q())
    return list(rows.select_related("record__requester", "team").order_by("pk")[:LOOKED_AT])


def _moved(clocks: Iterable[Clock], after: Callable[[Clock, list[Entry]], datetime | None]) -> Iterable[Move]:
    rows = list(clocks)
    ledgers = entries_of([clock.pk for clock in rows])
    for clock in rows:
        yield Move(clock.record, clock.metric, clock.due_at, after(clock, ledgers[clock.pk]), words_of(clock))


def impact(changed: TargetRule | None, *, without: int | None, at: datetime) -> Impact:
    """What it would move to have the target `changed`, and to have the one with the id `without` no longer."""
    current = now()
    kept = tuple(rule for rule in current.rules.targets if rule.id != without)
    after = replace(current.rules, targets=(*kept, changed) if changed else kept)
    clocks = _running()
    others = {clock.pk: rule for clock in clocks if (rule := _other(clock, after)) is not None}
    moving = [clock for clock in clocks if clock.pk in others]
    moves = _moved(moving, lambda clock, entries: _due_by(clock, others[clock.pk], entries, current, at))
    return _impact(clocks, moves, at)


def _other(clock: Clock, rules: Rules) -> TargetRule | None:
    """The promise that the clock would get, when it is another one. A clock that would stop counts as not moved."""
    record = clock.record
    rule = rules.target(record, clock.metric, Whose(clock.party, clock.team_id, clock.supplier))
    if rule is None or (rule.minutes, rule.calendar) == (clock.target_minutes, clock.calendar_id):
        return None
    return rule


def _due_by(clock: Clock, rule: TargetRule, entries: list[Entry], current: Now, at: datetime) -> datetime | None:
    before = measure(fold(entries), current.calendar(clock.calendar_id), at)
    version = current.versions[rule.calendar]
    promise = Promise(rule.id, rule.minutes, rule.calendar, version, tzdata_version(), clock.record.priority)
    data = {name: getattr(promise, name) for name in ("target", "minutes", "calendar", "version", "tzdata", "priority")}
    data["carried"] = before.used // MICROSECOND
    state = fold([*entries, Entry(len(entries) + 1, Kind.RETARGETED, at, "", data)])
    return measure(state, current.calendar(rule.calendar), at).due_at


def pause_impact(*, kind: str, reason: str, pauses: bool, at: datetime) -> Impact:
    """What it would do to the clocks of records that wait for this reason now, if it paused them or did not."""
    waiting = Q(record__kind=kind, record__phase="waiting", record__waiting_reason=reason)
    state = Clock.State.RUNNING if pauses else Clock.State.PAUSED
    never = Q(party=Party.SUPPLIER) if reason == SUPPLIER else Q(pk__in=[])
    clocks, current = _running(waiting & Q(state=state) & ~never), now()

    def after(clock: Clock, entries: list[Entry]) -> datetime | None:
        entry = Entry(len(entries) + 1, Kind.PAUSED if pauses else Kind.RESUMED, at, reason)
        return measure(fold([*entries, entry]), current.calendar(clock.calendar_id), at).due_at

    return _impact(clocks, _moved(clocks, after), at)


@dataclass(frozen=True, slots=True)
class StepImpact:
    """What a step is for: running promises keep the steps that they began with, so it moves none of them.

    `fitting` run now and would have it had they begun under it; for `passed` of those its time has passed already.
    `instants` says for each promise after how many working minutes it comes.
    """

    fitting: int
    passed: int
    instants: list[tuple[str, int]]
    is_cut: bool


def step_impact(
    step: Step, *, kind: str, metric: str, party: str = Party.CUSTOMER.value, at: datetime
) -> StepImpact:  # fmt: skip
    """How many running promises such a step is for, and when it would come."""
    current = now()
    where = Q(record__kind=kind, metric=metric, party=party, state=Clock.State.RUNNING)
    if step.priority is not None:
        where &= Q(record__priority=step.priority)
    clocks = _running(where)
    ledgers = entries_of([clock.pk for clock in clocks])
    passed = 0
    for clock in clocks:
        state = fold(ledgers[clock.pk])
        due = reached_at(state, current.calendar(clock.calendar_id), step.amount(state.promise.length, 0))
        passed += due <= at
    rows = targets().filter(kind=kind, metric=metric, party=party)
    instants = [
        (target_sentence(row), int(step.amount(timedelta(minutes=row.minutes), 0).total_seconds()) // 60)
        for row in rows
        if row.priority is None or step.applies(row.priority)
    ]
    return StepImpact(len(clocks), passed, instants, len(clocks) == LOOKED_AT)


@dataclass(frozen=True, slots=True)
class Tried:
    """What would be promised to a real record if it were opened now."""

    record: Record
    metric: str
    sentence: str
    due_at: datetime | None


def try_it(record: Record, *, at: datetime) -> list[Tried]:
    """Which promises cover the record, and when they would be due, were it opened at this moment."""
    current, found = now(), []
    rows = {row.pk: row for row in targets()}
    asked = [(str(METRIC_NAMES[each]), each.value, OURS) for each in (Metric.RESPONSE, Metric.RESOLUTION)]
    if record.owner_team is not None and current.rules.has(Party.TEAM):
        team = Whose(Party.TEAM.value, team=record.owner_team_id)
        asked.append((team_words(record.owner_team.name), Metric.RESOLUTION.value, team))
    for name, metric, whose in asked:
        promise = current.promise(record, metric, whose)
        if promise is None or promise.target not in rows:
            found.append(Tried(record, name, _("No time is promised."), None))
            continue
        try:
            due_at = current.calendar(promise.calendar).add(at, promise.length)
        except NeverOpen:
            due_at = None
        found.append(Tried(record, name, target_sentence(rows[promise.target]), due_at))
    return found
