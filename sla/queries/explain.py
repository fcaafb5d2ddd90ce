"""How a due time came about, to the minute: every stretch that counted, every pause, every change (DOMAIN S2)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.templatetags.spindel import localname
from kernel.words import duration_words
from records.models import Record
from sla.ledger import ClockState, Entry, Kind, fold, measure
from sla.models import Clock
from sla.queries.clocks import REASONS, ClockRow, in_order, row_of
from sla.queries.ledgers import actors_of, entries_of
from sla.queries.rules import Now, now
from workforce.models import Calendar

MOST = 400
"""More lines than anybody reads; a promise of months on short hours is cut here, and says so."""

STOPS = {
    "responded": gettext_lazy("Somebody answered. The clock stops."),
    "done": gettext_lazy("The record was finished. The clock stops."),
    "merged": gettext_lazy("The record was merged into another one. The clock stops."),
    "no_target": gettext_lazy("No time is promised for such a record any more. The clock stops."),
    "handed_on": gettext_lazy("Another team owns the record now. The clock stops."),
    "back": gettext_lazy("The record came back from the supplier. The clock stops."),
    "undone": gettext_lazy("The change that started this clock was undone. The clock stops."),
}

TOLD: dict[str, Any] = {
    Kind.RESUMED: gettext_lazy("The clock goes on."),
    Kind.REOPENED: gettext_lazy("The record was reopened. The time while it was finished does not count."),
    Kind.UNDONE: gettext_lazy("What was done before was undone and does not count."),
    Kind.CALENDAR: gettext_lazy("Opening hours or zone rules changed. The due time was counted again."),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One step of the explanation. `minutes` counted in [at, until), `total` used after it; None where nothing counts.

    `kind` is the ledger's word, "open" for a stretch that counted, "due" for the due time. `is_ahead`: not yet passed.
    `who` acted, where somebody did.
    """

    kind: str
    at: datetime
    text: str
    until: datetime | None = None
    minutes: int | None = None
    total: int | None = None
    is_ahead: bool = False
    who: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """One clock with its lines in order of time."""

    row: ClockRow
    promised: str
    zone: str
    lines: list[Line]
    is_cut: bool


def explain(record: Record, *, at: datetime) -> list[Explanation]:
    """Every clock of the record explained as of `at`: the customer's, response first, then those of every turn."""
    rows = Clock.objects.filter(record=record).select_related("calendar", "team", "record__requester")
    clocks = in_order(rows)
    ids = [clock.pk for clock in clocks]
    ledgers, actors, rules = entries_of(ids), actors_of(ids), now()
    names = {calendar.pk: localname(calendar.name) for calendar in Calendar.objects.all()}
    return [_explained(clock, _Story(ledgers[clock.pk], actors[clock.pk], rules, names, at)) for clock in clocks]


def _explained(clock: Clock, story: "_Story") -> Explanation:
    names, at = story.names, story.at
    calendar = story.rules.calendar(clock.calendar_id)
    lines = sorted(story.lines(), key=lambda line: line.at)
    promised = promise_words(clock.target_minutes, names[clock.calendar_id])
    return Explanation(row_of(clock, calendar, at), promised, calendar.zone, lines[:MOST], len(lines) > MOST)


def promise_words(minutes: int, calendar: str) -> str:
    """A length of working time with whose time it is: "8 hours of Office hours"."""
    return _("%(time)s of “%(calendar)s”") % {"time": duration_words(minutes), "calendar": calendar}


class _Story:
    """Retells a ledger. What was undone is told, and not counted."""

    def __init__(
        self, entries: list[Entry], actors: dict[int, str], rules: Now, names: dict[int, str], at: datetime
    ) -> None:
        self.entries, self.actors, self.rules, self.names, self.at = entries, actors, rules, names, at
        self.void = {seq for entry in entries for seq in entry.data.get("undoes", ())}
        self.valid = [entry for entry in entries if entry.seq not in self.void]

    def lines(self) -> Iterator[Line]:
        """Everything that happened and everything that counted, in no particular order of equal times."""
        for entry in self.valid:
            yield Line(str(entry.kind), entry.at, self._told(entry), who=self.actors.get(entry.seq, ""))
        for number, entry in enumerate(self.valid):
            following = self.valid[number + 1].at if number + 1 < len(self.valid) else None
            yield from self._counted(fold(self.valid[: number + 1]), entry.at, following)
        yield from self._due()

    def _counted(self, state: ClockState, begin: datetime, following: datetime | None) -> Iterator[Line]:
        """The open stretches from one entry to the next, or to the due time after the last one."""
        if not state.is_running:
            return
        calendar = self.rules.calendar(state.promise.calendar)
        due = measure(state, calendar, begin).due_at or begin
        end = following or due
        before = measure(state, calendar, begin).used
        for opened, closed in calendar.open_between(begin, max(begin, end)):
            after = before + (closed - opened)
            yield Line(
                "open", opened, _("Counted"), closed, _minutes(after) - _minutes(before), _minutes(after),
                is_ahead=closed > self.at,
            )  # fmt: skip
            before = after

    def _due(self) -> Iterator[Line]:
        state = fold(self.entries)
        calendar = self.rules.calendar(state.promise.calendar)
        due = measure(state, calendar, self.at).due_at
        if due is not None:
            text = _("%(time)s are used: due") % {"time": duration_words(state.promise.minutes)}
            yield Line("due", due, text, total=state.promise.minutes, is_ahead=due > self.at)

    def _told(self, entry: Entry) -> str:
        if entry.kind == Kind.STARTED:
            return _("The clock starts. Promised: %(promise)s") % {"promise": self._promise(entry)}
        if entry.kind == Kind.PAUSED:
            return _("The clock is paused: %(reason)s") % {"reason": REASONS.get(entry.reason, entry.reason)}
        if entry.kind == Kind.RETARGETED:
            return self._retargeted(entry)
        if entry.kind == Kind.STOPPED:
            return str(STOPS.get(entry.reason, _("The clock stops.")))
        return str(TOLD.get(entry.kind, entry.kind))

    def _retargeted(self, entry: Entry) -> str:
        said = _("Promised from here on: %(promise)s. Time used so far is kept.") % {"promise": self._promise(entry)}
        why = str(entry.data.get("why", ""))
        return _("%(said)s Reason given: %(why)s") % {"said": said, "why": why} if why else said

    def _promise(self, entry: Entry) -> str:
        words = promise_words(entry.data["minutes"], self.names.get(entry.data["calendar"], ""))
        return _("%(promise)s, priority %(priority)s") % {"promise": words, "priority": entry.data["priority"]}


def _minutes(used: timedelta) -> int:
    return int(used.total_seconds()) // 60
