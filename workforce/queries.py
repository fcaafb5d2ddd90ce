"""Read calendars and what people are able and free to do."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Any

import holidays
from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from accounts.models import Membership, User
from kernel.calendars import Hours, WorkingCalendar
from kernel.errors import NotFound
from kernel.zones import zone
from workforce.models import Absence, Calendar, CalendarDay, Competence, PersonCompetence, Schedule

Interval = tuple[datetime, datetime]

HOLIDAY_YEARS = range(2015, 2046)
"""Years whose public holidays are laid into a calendar; clocks look at most ten years ahead."""

OFFICE_HOURS = WorkingCalendar(
    "Europe/Stockholm", tuple((day, start, end) for day in range(5) for start, end in ((480, 720), (780, 1020)))
)
"""Hours of a person without any schedule: full time, Monday to Friday 8-12 and 13-17. Nobody is kept from work only
because no schedule was entered; entering one is how a person gets other hours, or none."""


def working_calendar(calendar_id: int) -> WorkingCalendar:
    """The calendar as it stands now; built once for each version. Calendar.DoesNotExist when there is none."""
    version = Calendar.objects.values_list("version", flat=True).get(pk=calendar_id)
    return calendar_version(calendar_id, version)


@lru_cache(maxsize=256)
def calendar_version(calendar_id: int, version: int) -> WorkingCalendar:
    """The calendar under a version that the caller has just read. Only the present version can be built."""
    row = Calendar.objects.get(pk=calendar_id)
    days = CalendarDay.objects.filter(calendar_id=calendar_id).values_list("date", "hours")
    return hours_of(row, {on: tuple((start, end) for start, end in hours) for on, hours in days})


def hours_of(calendar: Calendar, own_days: Mapping[date, Hours]) -> WorkingCalendar:
    """The opening hours that these rows mean: own days win over public holidays. ValueError when impossible."""
    if calendar.always_open:
        return WorkingCalendar(calendar.zone, always_open=True)
    closed: dict[date, Hours] = dict.fromkeys(public_holidays(calendar.country), ())
    weekly = tuple((day, start, end) for day, start, end in calendar.weekly)
    return WorkingCalendar(calendar.zone, weekly, {**closed, **own_days})


@lru_cache(maxsize=32)
def public_holidays(country: str) -> Mapping[date, str]:
    """Public holidays of a country ("SE") or part of it ("DE-BY"), with the days that offices close by custom there.

    Midsummer Eve, for example, is no public holiday in Sweden, but nobody answers. ValueError for an unknown country.
    """
    if not country:
        return {}
    code, _, part = country.partition("-")
    if not _is_known(code, part):
        raise ValueError(f"No public holidays are known for {country!r}")
    supported = getattr(holidays, code).supported_categories
    wanted = tuple(each for each in (holidays.PUBLIC, holidays.DE_FACTO) if each in supported)
    days = holidays.country_holidays(code, subdiv=part or None, years=HOLIDAY_YEARS, categories=wanted)
    return dict(sorted(days.items()))


def _is_known(code: str, part: str) -> bool:
    countries = holidays.list_supported_countries()
    return code in countries and (not part or part in countries[code])


def free_minutes(user_ids: Iterable[int], start: datetime, end: datetime) -> dict[int, int]:
    """Minutes each person can work in [start, end): schedule less absence, on-call and reserved time (DOMAIN T3)."""
    return {user: minutes for user, (minutes,) in free_by_period(user_ids, [start, end]).items()}


def free_by_period(user_ids: Iterable[int], bounds: Sequence[datetime]) -> dict[int, list[int]]:
    """`free_minutes` of each period between these rising instants; two statements for any number of them."""
    ids, (start, end) = list(user_ids), (bounds[0], bounds[-1])
    hours: dict[int, list[Hired]] = defaultdict(list)
    rows = Schedule.objects.filter(user__in=ids)
    columns = ("user_id", "valid_from", "calendar_id", "calendar__version", "percent")
    for user, valid_from, calendar, version, percent in rows.order_by("user", "valid_from").values_list(*columns):
        hours[user].append((valid_from, calendar_version(calendar, version), percent))
    away: dict[int, list[Interval]] = defaultdict(list)
    absences = Absence.objects.filter(user__in=ids, starts_at__lt=end, ends_at__gt=start).order_by("starts_at")
    for user, begins, ends in absences.values_list("user_id", "starts_at", "ends_at"):
        away[user].append((begins, ends))
    opened = Opened()
    return {
        user: [_free(hours.get(user, DEFAULT), _merged(away[user]), first, last, opened)
               for first, last in pairwise(bounds)]
        for user in ids
    }  # fmt: skip


Hired = tuple[date, WorkingCalendar, int]
"""Hours of a person from a date on: a calendar at a share of it."""

DEFAULT: list[Hired] = [(date.min, OFFICE_HOURS, 100)]


class Opened(dict[tuple[int, datetime, datetime], list[Interval]]):
    """Open stretches that many people share, worked out once."""

    def of(self, calendar: WorkingCalendar, first: datetime, last: datetime) -> list[Interval]:
        """The calendar's open stretches between these instants."""
        key = (id(calendar), first, last)
        if key not in self:
            self[key] = list(calendar.open_between(first, last))
        return self[key]


def _free(schedules: list[Hired], away: list[Interval], start: datetime, end: datetime, opened: Opened) -> int:
    free = 0.0
    for number, (valid_from, calendar, percent) in enumerate(schedules):
        later = schedules[number + 1 :]
        first = max(start, _midnight(valid_from, calendar))
        last = min(end, _midnight(later[0][0], later[0][1])) if later else end
        if first < last:
            worked = sum(_less(stretch, away) for stretch in opened.of(calendar, first, last))
            free += worked * percent / 100
    return int(free // 60)


def _midnight(on: date, calendar: WorkingCalendar) -> datetime:
    if on.year < 1971:
        return datetime(1971, 1, 1, tzinfo=UTC)
    return datetime(on.year, on.month, on.day, tzinfo=zone(calendar.zone))


def _merged(intervals: list[Interval]) -> list[Interval]:
    """Join overlapping absences, so that time away and on call is taken off once. Ordered by start."""
    joined: list[Interval] = []
    for begins, ends in intervals:
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((begins, ends))
    return joined


def _less(stretch: Interval, away: list[Interval]) -> float:
    """Seconds of the stretch that are not within an absence."""
    lost = (max(timedelta(), min(stretch[1], ends) - max(stretch[0], begins)) for begins, ends in away)
    return (stretch[1] - stretch[0] - sum(lost, timedelta())).total_seconds()


def needs_held(user_id: int, at: datetime) -> list[int]:
    """What the person can do, as competence × 10 + level with all lower levels; expired ones are left out.

    A competence counts through its last day, in the installation's zone.
    """
    return sorted(needs_held_by([user_id], at).get(user_id, ()))


def tops_held(user: OuterRef, at: datetime) -> QuerySet[PersonCompetence, Any]:
    """A subquery for a statement over people: each competence held with its highest level, as competence × 10 + level.

    `needs_of_tops` adds the lower levels.
    """
    held = PersonCompetence.objects.filter(_valid(at), user=user).order_by("competence_id")
    return held.values_list(F("competence_id") * 10 + F("level"))


def needs_of_tops(tops: Iterable[int]) -> list[int]:
    """What somebody with these highest levels can do, as `needs_held` tells it."""
    return sorted(top - lower for top in tops for lower in range(top % 10))


def needs_held_by(user_ids: Iterable[int], at: datetime) -> dict[int, set[int]]:
    """`needs_held` of many people in one statement; people who hold nothing are left out."""
    found: dict[int, set[int]] = defaultdict(set)
    held = PersonCompetence.objects.filter(_valid(at), user__in=list(user_ids))
    for user, competence, level in held.values_list("user_id", "competence_id", "level"):
        found[user] |= {competence * 10 + lower for lower in range(1, level + 1)}
    return dict(found)


def levels_held(user_ids: Iterable[int]) -> list[tuple[int, int, int, date | None]]:
    """(person, competence, level, last day or None) of competences in use, ended ones too; one statement."""
    rows = PersonCompetence.objects.filter(competence__retired_at=None, user__in=list(user_ids))
    return list(rows.values_list("user_id", "competence_id", "level", "valid_until"))


def _valid(at: datetime) -> Q:
    today = at.astimezone(timezone.get_default_timezone()).date()
    return Q(competence__retired_at=None) & (Q(valid_until=None) | Q(valid_until__gte=today))


def teams_able(needs: Iterable[int], at: datetime) -> list[int]:
    """Teams with at least one member who holds all of `needs` today; none when nothing is needed."""
    wanted = list(needs)
    if not wanted:
        return []
    members = Membership.objects.filter(team__retired_at=None, user__is_active=True)
    for need in wanted:
        competence, level = divmod(need, 10)
        held = PersonCompetence.objects.filter(_valid(at), competence=competence, level__gte=level)
        members = members.filter(user_id__in=held.values("user_id"))
    return sorted(set(members.values_list("team_id", flat=True)))


@dataclass(frozen=True, slots=True)
class Held:
    """A competence, and the level at which one person holds it today; 0 when not at all."""

    id: int
    code: str
    name: dict[str, str]
    level: int

    @property
    def needs(self) -> list[int]:
        """What this level covers, as competence × 10 + level."""
        return [self.id * 10 + lower for lower in range(1, self.level + 1)]


def competences_held(user_id: int, at: datetime) -> list[Held]:
    """Every competence with the person's level of it, in one statement."""
    held = PersonCompetence.objects.filter(_valid(at), user=user_id, competence=OuterRef("pk")).values("level")[:1]
    rows = Competence.objects.annotate(held=Coalesce(Subquery(held), 0)).order_by("code")
    return [Held(*row) for row in rows.values_list("pk", "code", "name", "held")]


def competence_names() -> dict[int, dict[str, str]]:
    """Every competence's name by id, retired ones too: what was needed once must stay readable."""
    return dict(Competence.objects.values_list("pk", "name"))


def calendars() -> QuerySet[Calendar]:
    """Calendars in use."""
    return Calendar.objects.filter(retired_at=None).order_by("code")


def calendar(code: str) -> Calendar:
    """The calendar with that code; NotFound when there is none."""
    found = calendars().filter(code=code).first()
    if found is None:
        raise NotFound("No such calendar.")
    return found


def own_days(found: Calendar) -> list[CalendarDay]:
    """Exceptions of a calendar by date."""
    return list(CalendarDay.objects.filter(calendar=found).order_by("date"))


def competences() -> list[tuple[Competence, int]]:
    """Competences and how many active people hold each, those in use first."""
    holders = Count("id", filter=Q(user__is_active=True))
    held = dict(PersonCompetence.objects.values_list("competence").annotate(holders=holders))
    return [(each, held.get(each.pk, 0)) for each in Competence.objects.order_by("retired_at", "code")]


def all_competences() -> QuerySet[Competence]:
    """Competences, retired ones too, as rows."""
    return Competence.objects.all()


def competences_in_use() -> QuerySet[Competence]:
    """Competences that can be held."""
    return Competence.objects.filter(retired_at=None)


def competence(code: str) -> Competence:
    """The competence with that code; NotFound when there is none."""
    found = Competence.objects.filter(code=code).first()
    if found is None:
        raise NotFound("No such competence.")
    return found


def person(pk: int) -> User:
    """A person; NotFound when there is none."""
    found = User.objects.filter(pk=pk, kind="person").first()
    if found is None:
        raise NotFound("No such person.")
    return found


def held(found: User) -> list[PersonCompetence]:
    """What the person can do."""
    return list(PersonCompetence.objects.filter(user=found).select_related("competence").order_by("competence__code"))


def held_row(found: User, pk: int) -> PersonCompetence:
    """One of the person's competences; NotFound when it is not theirs."""
    row = PersonCompetence.objects.filter(user=found, pk=pk).select_related("competence", "user").first()
    if row is None:
        raise NotFound("No such competence of this person.")
    return row


def schedules(found: User) -> list[Schedule]:
    """The person's hours, newest first."""
    return list(Schedule.objects.filter(user=found).select_related("calendar").order_by("-valid_from"))


def absences(found: User) -> list[Absence]:
    """The person's latest and coming absences, newest first."""
    return list(Absence.objects.filter(user=found).order_by("-starts_at")[:50])


def absence(found: User, pk: int) -> Absence:
    """One of the person's absences; NotFound when it is not theirs."""
    row = Absence.objects.filter(user=found, pk=pk).select_related("user").first()
    if row is None:
        raise NotFound("No such time of this person.")
    return row
