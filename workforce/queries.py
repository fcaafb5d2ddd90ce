"""Read calendars and what people are able and free to do."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import holidays

from kernel.calendars import Hours, WorkingCalendar
from workforce.models import Calendar, CalendarDay

HOLIDAY_YEARS = range(2015, 2046)
"""Years whose public holidays are laid into a calendar; clocks look at most ten years ahead."""


def working_calendar(calendar_id: int) -> WorkingCalendar:
    """The calendar as it stands now; built once for each version. Calendar.DoesNotExist when there is none."""
    version = Calendar.objects.values_list("version", flat=True).get(pk=calendar_id)
    return calendar_version(calendar_id, version)


def calendar_versions() -> dict[int, int]:
    """Present version of every calendar, in one statement."""
    return dict(Calendar.objects.values_list("pk", "version"))


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
