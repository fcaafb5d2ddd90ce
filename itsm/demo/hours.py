"""When people and teams work: calendars, schedules, absence."""

from datetime import UTC, datetime, time, timedelta

from accounts.models import User
from accounts.queries import SYSTEM
from itsm.demo.world import World
from workforce.commands import CalendarContent, add_calendar
from workforce.models import Absence, Calendar, Schedule, TeamCalendar

WEEK = range(5)


def _days(*stretches: tuple[str, str]) -> tuple[tuple[int, int, int], ...]:
    return tuple((day, _minute(start), _minute(end)) for day in WEEK for start, end in stretches)


def _minute(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


CALENDARS = {
    "office-se": CalendarContent(
        name={"en": "Office hours, Sweden", "sv": "Kontorstid", "zh-hans": "瑞典办公时间"}, country="SE",
        weekly=_days(("7:30", "12:00"), ("13:00", "16:30")),
    ),
    "extended-se": CalendarContent(
        name={"en": "Extended hours, Sweden", "sv": "Utökad tid", "zh-hans": "瑞典延长时间"}, country="SE",
        weekly=(*_days(("6:00", "22:00")), (5, _minute("8:00"), _minute("16:00"))),
    ),
    "always": CalendarContent(
        name={"en": "Around the clock", "sv": "Dygnet runt", "zh-hans": "全天候"}, always_open=True
    ),
    "office-cn": CalendarContent(
        name={"en": "Office hours, China", "sv": "Kontorstid, Kina", "zh-hans": "中国办公时间"}, country="CN",
        zone="Asia/Shanghai", weekly=_days(("8:30", "12:00"), ("13:30", "17:30")),
    ),
}  # fmt: skip


def build_calendars(world: World) -> None:
    """Office hours with lunch, extended hours, around the clock, and the hours of Hangzhou."""
    known = {calendar.code: calendar for calendar in Calendar.objects.all()}
    for code, content in CALENDARS.items():
        world.calendars[code] = known.get(code) or add_calendar(code, content, actor=SYSTEM, at=world.at)


def build_schedules(world: World) -> None:
    """Everybody's hours, from a year ago; some work part time, some are away or on call in the coming weeks."""
    since = (world.at - timedelta(days=400)).date()
    schedules, absences = [], []
    for spec in world.region["teams"]:
        calendar = world.calendars["office-cn" if spec["code"] == "yunwei" else "office-se"]
        TeamCalendar.objects.create(team=world.teams[spec["code"]], calendar=world.calendars[spec["hours"]])
        for number, person in enumerate(world.staff[spec["code"]]):
            percent = world.chance.choices((100, 80, 75, 50), weights=(80, 10, 6, 4))[0] if number else 100
            schedules.append(Schedule(user=person, calendar=calendar, percent=percent, valid_from=since))
            is_known = person in world.roles.values()
            absences += [] if is_known else _absences(world, person, number)
    Schedule.objects.bulk_create(schedules)
    Absence.objects.bulk_create(absences)


def _absences(world: World, person: User, number: int) -> list[Absence]:
    today = datetime.combine(world.at.date(), time(), UTC)
    chance, found = world.chance.random(), []
    if chance < 0.10:
        start, days = today - timedelta(days=world.chance.randrange(3)), 2 + world.chance.randrange(8)
        found.append(_absence(person, Absence.Kind.AWAY, start, days, "Semester"))
    elif chance < 0.25:
        start = today + timedelta(days=5 + world.chance.randrange(30))
        found.append(_absence(person, Absence.Kind.AWAY, start, 5 + world.chance.randrange(10), "Semester"))
    if number == 1:
        found.append(_absence(person, Absence.Kind.ON_CALL, today - timedelta(days=today.weekday()), 7, "Beredskap"))
    if chance > 0.9:
        found.append(_absence(person, Absence.Kind.RESERVED, today + timedelta(days=1), 1, "Projekt"))
    return found


def _absence(person: User, kind: str, start: datetime, days: int, note: str) -> Absence:
    return Absence(user=person, kind=kind, starts_at=start, ends_at=start + timedelta(days=days), note=note)
