"""Lengths of working time as people type them, and in the parts that a template puts into words. Knows no calendar.

An hour is an hour everywhere, but a day is not: eight hours of a person's work, twenty-four of a legal clock, seven and
a half of some office. So a day means something only to a caller that says how many minutes it has.
"""

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple

from kernel.workflow import gettext_noop

MINUTE = timedelta(minutes=1)
LONGEST = 10 * 366 * 24 * 60  # as far as a calendar looks, in minutes

MINUTE_WORDS = frozenset({"m", "min", "mins", "minute", "minutes", "minut", "minuter", "分", "分钟"})
HOUR_WORDS = frozenset({"h", "hr", "hrs", "hour", "hours", "t", "tim", "timme", "timmar", "时", "小时"})
DAY_WORDS = frozenset({"d", "day", "days", "dag", "dagar", "dygn", "日", "天"})

_CLOCK = re.compile(r"(\d{1,6}):([0-5]\d)")
_PART = re.compile(r"(\d{1,9})(?:[.,](\d{1,4}))?\s*([^\W\d_]*)\.?(?:\s+|(?=\d)|$)")


class UnclearDuration(ValueError):
    """What was typed is not a length of time; `message` is a message id with `params`, ready for a form."""

    def __init__(self, message: str, **params: object) -> None:
        """Keep message and parameters apart, so that a form can translate the message."""
        self.message = message
        self.params: Mapping[str, object] = params
        super().__init__(message % params)


class Parts(NamedTuple):
    """A length of time split for words; all parts are negative or zero when the length is."""

    days: int
    hours: int
    minutes: int


def split(length: timedelta, *, day_minutes: int | None = None) -> Parts:
    """Whole minutes of a length, rounded towards zero, as (days, hours, minutes); no days unless a day has a length."""
    sign = -1 if length < timedelta() else 1
    minutes = abs(length) // MINUTE
    days, minutes = divmod(minutes, day_minutes) if day_minutes else (0, minutes)
    hours, minutes = divmod(minutes, 60)
    return Parts(sign * days, sign * hours, sign * minutes)


def parse_minutes(text: str, *, day_minutes: int | None = None) -> int:
    """Minutes of "4h", "30 m", "1 h 30 min", "1,5 h", "1:30", "2d", in English, Swedish or Chinese units.

    Raises UnclearDuration; also for days when the caller does not say how many minutes a day has.
    """
    typed = text.strip().casefold()
    if not typed:
        raise UnclearDuration(gettext_noop("Write a length of time, such as 4h or 30m."))
    if clock := _CLOCK.fullmatch(typed):
        return _in_range(text, int(clock[1]) * 60 + int(clock[2]))
    at, total, smallest = 0, 0, LONGEST
    while at < len(typed):
        part = _PART.match(typed, at)
        if part is None:
            raise UnclearDuration(
                gettext_noop("“%(text)s” is not a length of time. Write hours and minutes, such as 1h 30m."), text=text
            )
        unit = _unit_minutes(part[3], text, day_minutes)
        if unit >= smallest:
            raise UnclearDuration(
                gettext_noop("“%(text)s” names a unit twice or in the wrong order. Write days, hours, minutes."),
                text=text,
            )
        total += _whole_minutes(text, part[1], part[2] or "", unit)
        at, smallest = part.end(), unit
    return _in_range(text, total)


def _unit_minutes(unit: str, text: str, day_minutes: int | None) -> int:
    if unit in MINUTE_WORDS:
        return 1
    if unit in HOUR_WORDS:
        return 60
    if unit in DAY_WORDS and day_minutes:
        return day_minutes
    if unit in DAY_WORDS:
        raise UnclearDuration(gettext_noop("A working day has no fixed length here. Write hours instead of days."))
    if not unit:
        raise UnclearDuration(
            gettext_noop("“%(text)s” has a number without a unit. Add h for hours or m for minutes."), text=text
        )
    raise UnclearDuration(
        gettext_noop("“%(unit)s” is not a unit of time. Use h for hours, m for minutes, d for days."), unit=unit
    )


def _whole_minutes(text: str, whole: str, fraction: str, unit: int) -> int:
    scale: int = 10 ** len(fraction)
    minutes, rest = divmod(int(whole + fraction) * unit, scale)
    if rest:
        raise UnclearDuration(gettext_noop("“%(text)s” is not a whole number of minutes."), text=text)
    return minutes


def _in_range(text: str, minutes: int) -> int:
    if minutes > LONGEST:
        raise UnclearDuration(gettext_noop("“%(text)s” is longer than ten years."), text=text)
    return minutes
