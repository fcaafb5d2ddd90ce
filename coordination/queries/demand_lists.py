"""What stands behind each number of the table of demand and capacity: work, and people with their hours."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.models import WorkItem
from coordination.queries.demand import SPANS, Cell, Line, Table, Week, asking, dated, local_day, weeks_from, within
from coordination.queries.limits import limits, load_of
from coordination.queries.people import planned_people, planned_work
from coordination.queries.words import need_words
from coordination.workflow import LABELS
from kernel.actor import Actor
from kernel.localnames import local_name
from kernel.paging import Key
from records.models import Record
from records.queries.page import url_of
from workforce import queries as workforce

WORK_KEYS = (Key("decides", is_nullable=True), Key("id"))
NONE = "none"
"""In place of a competence's code: work that asks for none."""


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of the table: a line, and one week of it or all of them (None).

    `competence` is the code, "none" for work that asks for none, empty for the total; `id` is the competence's.
    """

    competence: str
    id: int
    name: Mapping[str, str]
    level: int
    count: int
    week: int | None

    @property
    def words(self) -> str:
        """The line in the reader's language."""
        if not self.competence:
            return _("All work and all people")
        if self.competence == NONE:
            return _("No competence asked for")
        return need_words(self.name, self.competence, self.level)

    def weeks(self, at: datetime) -> list[Week]:
        """The one week, or all of the table."""
        weeks = weeks_from(at, self.count)
        return weeks if self.week is None else [weeks[self.week]]


def place_of(query: Mapping[str, str]) -> Place:
    """The cell that an address means; what is not a number is as if it were not there. NotFound for a competence
    that there is not."""  # fmt: skip
    count, week = span_of(query), _number(query.get("week", ""), -1)
    code = query.get("competence", "")
    pk, name = 0, {}
    if code and code != NONE:
        found = workforce.competence(code)
        pk, name = found.pk, found.name
    level = min(max(_number(query.get("level", ""), 1), 1), 3)
    return Place(code, pk, name, level, count, week if 0 <= week < count else None)


def span_of(query: Mapping[str, str]) -> int:
    """How many weeks an address asks for; four without it."""
    weeks = _number(query.get("weeks", ""), SPANS[0])
    return weeks if weeks in SPANS else SPANS[0]


def _number(text: str, otherwise: int) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else otherwise


def work_behind(actor: Actor, place: Place, at: datetime) -> QuerySet[WorkItem]:
    """The work items that a number of demanded hours adds up, unread; `decides` says by which date."""
    rows = dated(planned_work(actor)).filter(within(place.weeks(at)))
    if place.competence:
        rows = rows.filter(asking(place.id or None, place.level))
    return rows.select_related("record", "assignee")


@dataclass(frozen=True, slots=True)
class WorkBehind:
    """A work item that counts, as pages and API show it."""

    id: int
    number: str
    title: str
    url: str
    priority: int
    state: str
    state_words: str
    assignee: str
    remaining_minutes: int
    decides: datetime | None


def work_rows(found: list[Any]) -> list[WorkBehind]:
    """The rows of a page."""
    return [_work(item, item.record) for item in found]


def _work(item: Any, record: Record) -> WorkBehind:
    return WorkBehind(
        id=item.pk, number=record.number, title=item.title or record.title, url=url_of(record),
        priority=record.priority, state=item.state, state_words=_(LABELS[item.state]),
        assignee=item.assignee.name if item.assignee else "", remaining_minutes=item.remaining_minutes,
        decides=item.decides,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class PersonBehind:
    """Somebody whose hours count, with what they have already; minutes."""

    id: int
    name: str
    level: int
    free_minutes: int
    load_minutes: int
    held: int
    limit: int


def people_behind(actor: Actor, place: Place, at: datetime) -> list[PersonBehind]:
    """The people whose free hours a number adds up, most hours first; people without any are listed as well."""
    people = dict(planned_people(actor))
    weeks = place.weeks(at)
    levels = _levels(people, place)
    free = workforce.free_by_period(people, [weeks[0].start, *(week.end for week in weeks)])
    loads, limit = load_of(people), limits().work_in_progress
    found = []
    for pk, name in people.items():
        able = [_is_able(levels.get(pk), place, week) for week in weeks]
        if any(able):
            minutes = sum(free[pk][number] for number, is_able in enumerate(able) if is_able)
            level = levels[pk][0] if pk in levels else 0
            found.append(PersonBehind(pk, name, level, minutes, loads[pk].minutes, loads[pk].held, limit))
    return sorted(found, key=lambda each: (-each.free_minutes, each.name))


def _levels(people: Mapping[int, str], place: Place) -> dict[int, tuple[int, Any]]:
    if not place.id:
        return {}
    return {user: (level, until) for user, competence, level, until in workforce.levels_held(people)
            if competence == place.id}  # fmt: skip


def _is_able(held: tuple[int, Any] | None, place: Place, week: Week) -> bool:
    if not place.id:
        return True
    return held is not None and held[0] >= place.level and (held[1] is None or held[1] >= local_day(week.start))


EXPORT_HEADER = (
    gettext_lazy("Competence"), gettext_lazy("Level"), gettext_lazy("From"), gettext_lazy("Until"),
    gettext_lazy("People"), gettext_lazy("Free hours"), gettext_lazy("Needed hours"), gettext_lazy("Missing hours"),
    gettext_lazy("Work items"),
)  # fmt: skip


def export_lines(table: Table) -> Iterator[tuple[Any, ...]]:
    """One line for each competence, level and week, then the total of each week; hours with two decimals."""
    for line in table.lines:
        name = (local_name(line.name) or line.code) if line.code else line.words
        yield from _lines(table, line, name, line.level or None)
    yield from _lines(table, table.total, _("All work and all people"), None)


def _lines(table: Table, line: Line, name: str, level: int | None) -> Iterator[tuple[Any, ...]]:
    for week, cell in zip(table.weeks, line.cells, strict=True):
        yield (name, level, week.start, week.end, cell.people, *_hours(cell), cell.items)


def _hours(cell: Cell) -> tuple[float, float, float]:
    return round(cell.free / 60, 2), round(cell.demanded / 60, 2), round(cell.short / 60, 2)
