"""Times and durations in the reader's words. Pure functions; the caller passes the moments."""

from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from kernel.clockface import ClockFace


def absolute(local: datetime, now: datetime) -> str:
    """A local time as people write it: 09:14 today, 12 Nov 09:14 this year, else with the year."""
    clock = local.strftime("%H:%M")
    if local.date() == now.date():
        return clock
    if local.year == now.year:
        return day_and_clock(local)
    with_year = pgettext("date with year, Django format", "j M Y")
    return f"{date_format(local, with_year)} {clock}"


def day(local: date) -> str:
    """A day without its year as people write it: 12 Nov, 12 nov., 11月12日."""
    return date_format(local, pgettext("date without year, Django format", "j M"))


def day_and_clock(local: datetime) -> str:
    """A day without its year, and the time: 12 Nov 09:14."""
    return f"{day(local)} {local:%H:%M}"


def exact(local: datetime) -> str:
    """A local time with date, minute, zone and ISO week (Swedish offices plan by week)."""
    week = _("week %(week)s") % {"week": local.isocalendar().week}
    return f"{local.strftime('%Y-%m-%d %H:%M')} {local.tzname()} ({week})"


def relative(moment: datetime, now: datetime) -> str:
    """How far away a moment is, in its largest unit: "5 min ago", "in 2 h"."""
    seconds = int((moment - now).total_seconds())
    size = abs(seconds)
    if size < 60:
        return _("now")
    if size < 3600:
        amount = ngettext("%(n)s min", "%(n)s min", size // 60) % {"n": size // 60}
    elif size < 2 * 86400:
        amount = ngettext("%(n)s h", "%(n)s h", size // 3600) % {"n": size // 3600}
    else:
        amount = ngettext("%(n)s day", "%(n)s days", size // 86400) % {"n": size // 86400}
    return (_("%(amount)s ago") if seconds < 0 else _("in %(amount)s")) % {"amount": amount}


def duration_words(minutes: int) -> str:
    """A length of working time in whole words. Hours are not turned into days: a working day has no fixed length."""
    hours, rest = divmod(abs(minutes), 60)
    hour_part = ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    minute_part = ngettext("%(n)s minute", "%(n)s minutes", rest) % {"n": rest}
    if not hours:
        return minute_part
    if not rest:
        return hour_part
    return _("%(hours)s %(minutes)s") % {"hours": hour_part, "minutes": minute_part}


def duration_short(minutes: int) -> str:
    """A length of working time for a cell: "25 min", "1 h 20 min", "36 h"; negative with a minus sign."""
    hours, rest = divmod(abs(minutes), 60)
    sign = "\N{MINUS SIGN}" if minutes < 0 else ""
    if not hours:
        return sign + _("%(minutes)s min") % {"minutes": rest}
    if hours >= 10 or not rest:
        return sign + _("%(hours)s h") % {"hours": hours}
    return sign + _("%(hours)s h %(minutes)s min") % {"hours": hours, "minutes": rest}


def clock_number(face: ClockFace) -> str:
    """The number beside a clock's word: remaining or overdue working time, rounded towards zero; empty when none."""
    if face.left is None or face.state in ("met", "none"):
        return ""
    return duration_short(int(face.left / 60))


def initials(name: str) -> str:
    """Two letters for a person: "AB"; one character for names in Chinese."""
    parts = name.split()
    if not parts:
        return "?"
    if not parts[0].isascii() and parts[0][0] >= "\u2e80":
        return parts[0][0]
    return (parts[0][0] + (parts[-1][0] if len(parts) > 1 else "")).upper()
