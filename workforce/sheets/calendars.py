"""Working calendars and their own days as lists."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from kernel.actor import Actor
from kernel.spreadsheets.columns import (
    Column,
    Given,
    day,
    folded,
    name_columns,
    name_values,
    names_of,
    row_of,
    slug,
    words,
    yes_no,
)
from kernel.spreadsheets.planning import PlannedRow
from kernel.spreadsheets.sheets import Key, Sheet, merged, named_in
from workforce.commands.calendar import CalendarContent, OwnDay, add_calendar, edit_calendar
from workforce.forms import clock, spans_of, weekly_of, weekly_text
from workforce.models import Calendar, CalendarDay
from workforce.queries import calendars, hours_of

CLOSED = "closed"
Week = tuple[tuple[int, int, int], ...]
Spans = tuple[tuple[int, int], ...]


def _week(text: str, given: Given) -> Week:
    del given
    try:
        return weekly_of(text.replace(";", "\n"))
    except ValidationError as fault:
        raise ValueError(" ".join(fault.messages)) from None


def _week_text(week: Week) -> str:
    return "; ".join(weekly_text(Calendar(weekly=[list(each) for each in week])).splitlines())


def _spans(text: str, given: Given) -> Spans:
    del given
    if folded(text) == CLOSED:
        return ()
    try:
        return spans_of(text)
    except ValidationError as fault:
        raise ValueError(" ".join(fault.messages)) from None


def _spans_text(spans: Spans) -> str:
    return ", ".join(f"{clock(start)}-{clock(end)}" for start, end in spans) or CLOSED


def _upper(text: str, given: Given) -> str:
    return str(words(8)(text.upper(), given))


def _days(calendar: Calendar | None) -> dict[Any, OwnDay]:
    rows = CalendarDay.objects.filter(calendar=calendar) if calendar else ()
    return {row.date: OwnDay(hours=tuple((s, e) for s, e in row.hours), name=row.name) for row in rows}


class CalendarsSheet(Sheet):
    """Weekly hours."""

    code = "calendars"
    label = gettext_lazy("Working calendars")
    about = gettext_lazy("Opening hours of a week, and whose public holidays close.")
    note = gettext_lazy("Running clocks are planned anew within a minute. Own days are a list of their own.")
    edit = Permission.SETTINGS_EDIT
    readers = (Permission.SETTINGS_READ, Permission.REGISTRY_READ)
    page = "workforce:calendars"
    plain_columns = (
        Column(name="code", about=gettext_lazy("Code"), read=slug(40), example="office", is_key=True, is_needed=True),
        *name_columns(),
        Column(name="zone", about=gettext_lazy("Time zone"), read=words(40), empty="Europe/Stockholm"),
        Column(name="country", about=gettext_lazy("Closed on public holidays of: SE, CN …"), read=_upper,
               may_clear=True),
        Column(name="always_open", about=gettext_lazy("Open at all hours: true or false"), read=yes_no, empty=False),
        Column(name="weekly", about=gettext_lazy("Hours such as Mon-Fri 08:00-12:00, 13:00-17:00; Sat 10:00-14:00"),
               read=_week, show=_week_text, may_clear=True, empty=()),
    )  # fmt: skip

    def all(self, actor: Actor) -> Iterable[Calendar]:
        """In use, by code."""
        del actor
        return calendars()

    def find(self, keys: Sequence[Key]) -> QuerySet[Calendar]:
        """By code."""
        return named_in(calendars(), "code", (key[0] for key in keys))

    def values(self, found: Calendar) -> Mapping[str, Any]:
        """What the calendar's page says, without its own days."""
        own = {name: getattr(found, name) for name in ("code", "zone", "country", "always_open")}
        week = tuple(sorted((day, start, end) for day, start, end in found.weekly))
        return own | name_values(found.name) | {"weekly": week}

    def faults(self, row: PlannedRow) -> Iterable[str]:
        """Hours, zone and country must make a calendar that opens."""
        values = merged(row, self)
        names = ("zone", "country", "always_open", "weekly")
        try:
            hours_of(Calendar(**{name: values[name] for name in names}), {})
        except ValueError as fault:
            return [_("These hours cannot be used: %(fault)s.") % {"fault": fault}]
        if not values["always_open"] and not values["weekly"]:
            return [_("These hours never open. Give at least one weekday opening hours.")]
        return ()

    def save(self, row: PlannedRow, *, actor: Actor, at: datetime) -> None:
        """As on the calendar's page; own days stay."""
        values = merged(row, self)
        content = CalendarContent(
            name=names_of(values), zone=values["zone"], weekly=values["weekly"], country=values["country"],
            always_open=values["always_open"], days=_days(row.found),
        )  # fmt: skip
        if row.found is None:
            add_calendar(values["code"], content, actor=actor, at=at)
        else:
            edit_calendar(row.found, content, actor=actor, at=at)


class HolidaysSheet(Sheet):
    """Own days of calendars."""

    code = "holidays"
    label = gettext_lazy("Own days of calendars")
    about = gettext_lazy("Dates on which a working calendar is closed or has other hours.")
    note = gettext_lazy("Public holidays need no rows: a calendar names a country. A day is taken away on its page.")
    edit = Permission.SETTINGS_EDIT
    readers = (Permission.SETTINGS_READ, Permission.REGISTRY_READ)
    page = "workforce:calendars"
    plain_columns = (
        Column(name="calendar", about=gettext_lazy("Code of a working calendar"), is_key=True, is_needed=True,
               read=row_of("calendar", gettext_lazy("calendar")), show=lambda calendar: calendar.code),
        Column(name="date", about=gettext_lazy("Date such as 2026-12-23"), read=day, is_key=True, is_needed=True),
        Column(name="hours", about=gettext_lazy("closed, or hours such as 08:00-12:00"), read=_spans,
               show=_spans_text, empty=()),
        Column(name="name", about=gettext_lazy("Name of the day"), read=words(80), may_clear=True),
    )  # fmt: skip

    def known(self, rows: Sequence[Mapping[str, str]], actor: Actor) -> Mapping[str, Mapping[str, Any]]:
        """Calendars in use."""
        del rows, actor
        return {"calendar": {folded(each.code): each for each in calendars()}}

    def all(self, actor: Actor) -> Iterable[CalendarDay]:
        """By calendar and date."""
        del actor
        rows = CalendarDay.objects.select_related("calendar").filter(calendar__retired_at=None)
        return rows.order_by("calendar__code", "date")

    def find(self, keys: Sequence[Key]) -> QuerySet[CalendarDay]:
        """Those of the calendars that are named."""
        rows = CalendarDay.objects.select_related("calendar").filter(calendar__retired_at=None)
        return named_in(rows, "calendar__code", {key[0] for key in keys})

    def values(self, found: CalendarDay) -> Mapping[str, Any]:
        """The day."""
        hours = tuple((start, end) for start, end in found.hours)
        return {"calendar": found.calendar, "date": found.date, "hours": hours, "name": found.name}

    def save(self, row: PlannedRow, *, actor: Actor, at: datetime) -> None:
        """The calendar with this day in it."""
        values = merged(row, self)
        calendar = calendars().select_for_update().get(pk=values["calendar"].pk)
        days = _days(calendar) | {values["date"]: OwnDay(hours=values["hours"], name=values["name"])}
        content = CalendarContent(
            name=calendar.name, zone=calendar.zone, country=calendar.country, always_open=calendar.always_open,
            weekly=tuple((day, start, end) for day, start, end in calendar.weekly), days=days,
        )  # fmt: skip
        edit_calendar(calendar, content, actor=actor, at=at)
