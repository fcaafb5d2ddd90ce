"""Change opening hours: every edit moves the calendar's version and is a fact that clocks hear of (ARCHITECTURE 5)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from accounts.policies import require
from accounts.roles import Permission
from journal import commands as journal
from journal.units import command
from kernel.actor import Actor
from kernel.calendars import Hours, NeverOpen, WorkingCalendar
from kernel.errors import Unprocessable
from workforce import events
from workforce.models import Calendar, CalendarDay
from workforce.queries import hours_of


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDay:
    """An exception of one date: closed without hours."""

    hours: Hours = ()
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarContent:
    """Everything that a calendar says. `weekly` is (weekday 0-6, start minute, end minute)."""

    name: Mapping[str, str]
    zone: str = "Europe/Stockholm"
    weekly: tuple[tuple[int, int, int], ...] = ()
    country: str = ""
    always_open: bool = False
    days: Mapping[date, OwnDay] = field(default_factory=dict)


@command
def add_calendar(code: str, content: CalendarContent, *, actor: Actor, at: datetime) -> Calendar:
    """A new calendar. Unprocessable when it would never open or its hours are impossible."""
    require(actor, Permission.SETTINGS_EDIT)
    calendar = _written(Calendar(code=code), content)
    _checked(calendar, content, at)
    calendar.save()
    _write_days(calendar, content)
    return calendar


@command
def edit_calendar(calendar: Calendar, content: CalendarContent, *, actor: Actor, at: datetime) -> Calendar:
    """Replace what the calendar says, move its version, and tell the clocks. Unprocessable as in `add_calendar`."""
    row = Calendar.objects.select_for_update().get(pk=calendar.pk)
    require(actor, Permission.SETTINGS_EDIT)
    _written(row, content)
    _checked(row, content, at)
    row.version += 1
    row.save()
    CalendarDay.objects.filter(calendar=row).exclude(date__in=content.days).delete()
    _write_days(row, content)
    journal.note(("calendar", row.pk), events.CALENDAR_CHANGED, actor=actor, at=at, version=row.version)
    return row


def _written(calendar: Calendar, content: CalendarContent) -> Calendar:
    calendar.name, calendar.zone, calendar.country = dict(content.name), content.zone, content.country
    calendar.weekly = [list(entry) for entry in content.weekly]
    calendar.always_open = content.always_open
    return calendar


def _checked(calendar: Calendar, content: CalendarContent, at: datetime) -> WorkingCalendar:
    try:
        hours = hours_of(calendar, {on: day.hours for on, day in content.days.items()})
        hours.next_open(at)
    except NeverOpen:
        message = _("These hours never open. Give at least one weekday opening hours.")
        raise Unprocessable(message, fields={"weekly": [message]}) from None
    except ValueError as fault:
        message = _("These hours cannot be used: %(fault)s.") % {"fault": fault}
        raise Unprocessable(message, fields={"weekly": [message]}) from None
    return hours


def _write_days(calendar: Calendar, content: CalendarContent) -> None:
    rows = [
        CalendarDay(calendar=calendar, date=on, name=day.name, hours=[list(each) for each in day.hours])
        for on, day in content.days.items()
    ]
    CalendarDay.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["calendar", "date"], update_fields=["name", "hours"]
    )
