"""Demand against capacity, per competence and week: evidence for hiring, buying, training or saying no (DOMAIN 2.5).

Weeks are seven days each, counted from this moment, so that the first is the period that limits what a person may be
given (ARCHITECTURE 7). Capacity of a line: schedule less absence, on-call and reserved time of everybody who holds the
competence at that level or above. Demand: the remaining minutes of open work that needs it at that level or above,
waiting and planned work included. Work belongs to the week of its latest date: when it is due, may start, or stops
waiting; work without any date, or whose dates are past, to the first week. A person with several competences counts in
each of their lines and once in the total, and so does work that needs several.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, DateTimeField, F, IntegerField, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Greatest
from django.utils import timezone
from django.utils.translation import gettext as _

from coordination.models import WorkItem
from coordination.queries.limits import PERIOD
from coordination.queries.people import planned_people, planned_work
from coordination.queries.words import need_words
from coordination.workflow import OPEN
from kernel.actor import Actor
from workforce import queries as workforce

SPANS = (4, 8, 12)
"""How many weeks a table may show."""

LEVELS = (1, 2, 3)


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from an instant."""

    number: int
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Cell:
    """One week, or all of them, of one line; minutes, people with any hours then, and work items."""

    free: int
    demanded: int
    people: int
    items: int

    @property
    def short(self) -> int:
        """Minutes that are missing; 0 when the work fits."""
        return max(0, self.demanded - self.free)


@dataclass(frozen=True, slots=True)
class Line:
    """A competence at a level and above; without a code the work that asks for none, or the total."""

    code: str
    name: Mapping[str, str]
    level: int
    cells: Sequence[Cell]
    whole: Cell
    holders: int

    @property
    def words(self) -> str:
        """The competence and level in the reader's language."""
        if not self.code:
            return _("No competence asked for")
        return need_words(self.name, self.code, self.level)

    @property
    def advice(self) -> str:
        """What to do about it, in a sentence; empty when everything fits."""
        if self.whole.demanded and not self.holders:
            return _("Nobody holds it: hire, buy, train somebody, or say no.")
        if self.whole.short:
            return _("More work than hours in these weeks together: hire, buy, train somebody, or say no.")
        if any(cell.short for cell in self.cells):
            return _("Too much in some weeks, enough hours in all: plan work for another week.")
        return ""


@dataclass(frozen=True, slots=True)
class Table:
    """Demand and capacity as one reader may see them; `later` is work that belongs to a week after the last."""

    at: datetime
    weeks: Sequence[Week]
    lines: Sequence[Line]
    total: Line
    later: Cell


@dataclass(frozen=True, slots=True)
class _Person:
    """Minutes by week, and the level of each competence with its last day."""

    minutes: Sequence[int]
    held: Mapping[int, tuple[int, date | None]]

    def able(self, competence: int, level: int, on: date) -> bool:
        """Whether the person holds the competence at that level on a day."""
        held, until = self.held.get(competence, (0, None))
        return held >= level and (until is None or until >= on)


@dataclass(frozen=True, slots=True)
class _Need:
    """Open work with the same needs in the same week; a week after the last one counts as later."""

    levels: Mapping[int, int]
    week: int
    minutes: int
    items: int


def weeks_from(at: datetime, count: int) -> list[Week]:
    """So many weeks from this moment."""
    return [Week(number, at + PERIOD * number, at + PERIOD * (number + 1)) for number in range(count)]


def demand_table(actor: Actor, count: int, at: datetime, work: QuerySet[WorkItem] | None = None) -> Table:
    """The whole table in six statements; `work` narrows what is counted."""
    weeks = weeks_from(at, count)
    people = _people([pk for pk, _name in planned_people(actor)], weeks)
    needs = _needs(planned_work(actor) if work is None else work, weeks)
    names = {pk: (code, name) for pk, code, name in workforce.all_competences().values_list("pk", "code", "name")}
    lines = [_line(people, needs, weeks, each, names[each[0]]) for each in _asked(people, needs)]
    if any(not need.levels for need in needs):
        lines.append(_line(people, needs, weeks, None, ("", {})))
    lines.sort(key=lambda line: (-line.whole.short, -max(cell.short for cell in line.cells), not line.whole.items,
                                 line.code, line.level))  # fmt: skip
    late = [need for need in needs if need.week >= count]
    later = Cell(0, sum(need.minutes for need in late), 0, sum(need.items for need in late))
    return Table(at, weeks, lines, _total(people, needs, weeks), later)


def dated(work: QuerySet[WorkItem]) -> QuerySet[WorkItem]:
    """Open work with `decides`: the latest of when it is due, may start and stops waiting; null without any."""
    waits = Case(When(state=WorkItem.State.WAITING, then=F("waiting_until")), output_field=DateTimeField())
    latest = Greatest(F("record__due_at"), F("earliest_at"), waits)  # PostgreSQL's passes over nulls
    return work.filter(state__in=OPEN).annotate(decides=latest)


def within(weeks: Sequence[Week]) -> Q:
    """Dated work that belongs to these weeks, which follow each other; the first of a table takes what is older."""
    before = Q(decides__lt=weeks[-1].end)
    return before | Q(decides=None) if weeks[0].number == 0 else before & Q(decides__gte=weeks[0].start)


def asking(competence: int | None, level: int) -> Q:
    """Work that needs the competence at that level or above; None: that asks for no competence."""
    if competence is None:
        return Q(needs=[])
    return Q(needs__overlap=[competence * 10 + each for each in LEVELS if each >= level])


def _needs(work: QuerySet[WorkItem], weeks: Sequence[Week]) -> list[_Need]:
    number = Case(
        *(When(within([week]), then=Value(week.number)) for week in weeks), default=Value(len(weeks)),
        output_field=IntegerField(),
    )  # fmt: skip
    rows = dated(work).annotate(week=number).order_by().values_list("needs", "week")
    return [_Need(_levels(needs), week, minutes, items)
            for needs, week, minutes, items in rows.annotate(Sum("remaining_minutes"), Count("pk"))]  # fmt: skip


def _levels(needs: Iterable[int]) -> dict[int, int]:
    """The highest level asked for by competence."""
    found: dict[int, int] = {}
    for need in needs:
        found[need // 10] = max(found.get(need // 10, 0), need % 10)
    return found


def _people(ids: Sequence[int], weeks: Sequence[Week]) -> list[_Person]:
    minutes = workforce.free_by_period(ids, [weeks[0].start, *(week.end for week in weeks)])
    held: dict[int, dict[int, tuple[int, date | None]]] = defaultdict(dict)
    for user, competence, level, until in workforce.levels_held(ids):
        held[user][competence] = (level, until)
    return [_Person(minutes[each], held[each]) for each in ids]


def _asked(people: Iterable[_Person], needs: Iterable[_Need]) -> list[tuple[int, int]]:
    """Competences and levels that some work asks for; of competences that only people hold, level 1."""
    asked = {pair for need in needs for pair in need.levels.items()}
    wanted = {competence for competence, _level in asked}
    spare = {competence for person in people for competence in person.held} - wanted
    return sorted(asked | {(competence, 1) for competence in spare})


def _line(
    people: Sequence[_Person], needs: Sequence[_Need], weeks: Sequence[Week], what: tuple[int, int] | None,
    known: tuple[str, Mapping[str, str]],
) -> Line:  # fmt: skip
    competence, level = what or (0, 0)
    days = [local_day(week.start) for week in weeks]
    able = [[person for person in people if what is None or person.able(competence, level, on)] for on in days]
    mine = [need for need in needs if (need.levels.get(competence, 0) >= level if what else not need.levels)]
    cells, whole = _cells(able, mine, len(weeks))
    return Line(known[0], known[1], level, cells, whole, len(able[0]))


def _total(people: Sequence[_Person], needs: Sequence[_Need], weeks: Sequence[Week]) -> Line:
    cells, whole = _cells([people for _week in weeks], needs, len(weeks))
    return Line("", {}, 0, cells, whole, len(people))


def _cells(able: Sequence[Sequence[_Person]], needs: Iterable[_Need], count: int) -> tuple[list[Cell], Cell]:
    """Each person once and each work item once; the last cell is all weeks together."""
    minutes, items = [0] * count, [0] * count
    for need in needs:
        if need.week < count:
            minutes[need.week] += need.minutes
            items[need.week] += need.items
    free = [[person.minutes[week] for person in able[week]] for week in range(count)]
    cells = [Cell(sum(free[week]), minutes[week], sum(1 for each in free[week] if each), items[week])
             for week in range(count)]  # fmt: skip
    there = {id(person) for week in range(count) for person in able[week] if person.minutes[week]}
    return cells, Cell(sum(map(sum, free)), sum(minutes), len(there), sum(items))


def local_day(at: datetime) -> date:
    """The day in the installation's zone, by which competences end."""
    return timezone.localtime(at, timezone.get_default_timezone()).date()
