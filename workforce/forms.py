"""Input of the workforce pages; never saves."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.forms import NamedChoice
from workforce.commands import CalendarContent, OwnDay
from workforce.models import Absence, Calendar, CalendarDay, Competence

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})")
LINE = re.compile(r"(\w{3})(?:\s*[-–]\s*(\w{3}))?\s+(.+)")


def spans_of(text: str) -> tuple[tuple[int, int], ...]:
    """ "08:00-12:00, 13:00-17:00" as minutes of the day; ValidationError says what to write."""
    found = []
    for part in (each.strip() for each in text.split(",") if each.strip()):
        match = SPAN.fullmatch(part)
        if match is None:
            raise forms.ValidationError(_("“%(part)s” is not a time span. Write 08:00-17:00.") % {"part": part})
        start, end = (int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4]))
        if not 0 <= start < end <= 24 * 60:
            raise forms.ValidationError(_("“%(part)s” must end after it begins, by 24:00.") % {"part": part})
        found.append((start, end))
    return tuple(sorted(found))


def weekly_of(text: str) -> tuple[tuple[int, int, int], ...]:
    """Lines such as "Mon-Fri 08:00-12:00, 13:00-17:00" as (weekday, start, end)."""
    found: list[tuple[int, int, int]] = []
    for line in (each.strip() for each in text.splitlines() if each.strip()):
        match = LINE.fullmatch(line)
        first, last = (match[1].lower(), (match[2] or match[1]).lower()) if match else ("", "")
        if match is None or first not in DAYS or last not in DAYS or DAYS.index(first) > DAYS.index(last):
            raise forms.ValidationError(_("“%(line)s” cannot be read. Write Mon-Fri 08:00-17:00.") % {"line": line})
        days = range(DAYS.index(first), DAYS.index(last) + 1)
        found += [(day, start, end) for day in days for start, end in spans_of(match[3])]
    return tuple(sorted(found))


def days_of(text: str) -> dict[date, OwnDay]:
    """Lines such as "2026-12-23 closed Day before" or "2026-12-30 08:00-12:00 Short day"."""
    found: dict[date, OwnDay] = {}
    for line in (each.strip() for each in text.splitlines() if each.strip()):
        day, _space, rest = line.partition(" ")
        try:
            on = date.fromisoformat(day)
        except ValueError as error:
            message = _("“%(line)s” must begin with a date such as 2026-12-23.") % {"line": line}
            raise forms.ValidationError(message) from error
        if rest.startswith("closed"):
            found[on] = OwnDay(name=rest.removeprefix("closed").strip())
        else:
            spans = SPAN.findall(rest)
            hours = spans_of(", ".join(f"{a}:{b}-{c}:{d}" for a, b, c, d in spans))
            if not hours:
                message = _("“%(line)s”: write closed, or opening hours, behind the date.") % {"line": line}
                raise forms.ValidationError(message)
            found[on] = OwnDay(hours=hours, name=SPAN.sub("", rest).strip(" ,"))
    return found


def clock(minute: int) -> str:
    """A minute of the day as 08:00."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def weekly_text(calendar: Calendar) -> str:
    """The weekly hours as the form writes them, equal days together."""
    by_day = {day: [(s, e) for d, s, e in calendar.weekly if d == day] for day in range(7)}
    lines, day = [], 0
    while day < 7:
        last = day
        while last < 6 and by_day[last + 1] == by_day[day]:
            last += 1
        if by_day[day]:
            spans = ", ".join(f"{clock(s)}-{clock(e)}" for s, e in by_day[day])
            name = DAYS[day].title() + (f"-{DAYS[last].title()}" if last > day else "")
            lines.append(f"{name} {spans}")
        day = last + 1
    return "\n".join(lines)


def days_text(days: list[CalendarDay]) -> str:
    """Own days as the form writes them."""
    lines = []
    for day in days:
        hours = ", ".join(f"{clock(s)}-{clock(e)}" for s, e in day.hours) or "closed"
        lines.append(f"{day.date.isoformat()} {hours} {day.name}".strip())
    return "\n".join(lines)


class CalendarForm(forms.Form):
    """Opening hours: a week, public holidays of a country, own days."""

    code = forms.SlugField(label=_("Code"), max_length=40)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    name_sv = forms.CharField(label=_("Name in Swedish"), max_length=80, required=False)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80, required=False)
    zone = forms.CharField(label=_("Time zone"), max_length=40, initial="Europe/Stockholm")
    always_open = forms.BooleanField(label=_("Open at all hours"), required=False)
    weekly = forms.CharField(
        label=_("Week"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One line for days with the same hours: Mon-Fri 08:00-12:00, 13:00-17:00. "
                    "Mon Tue Wed Thu Fri Sat Sun."),
    )  # fmt: skip
    country = forms.CharField(
        label=_("Closed on public holidays of"), max_length=8, required=False, help_text=_("SE, CN … or empty.")
    )
    days = forms.CharField(
        label=_("Own days"), required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("One a line: 2026-12-23 closed, or 2026-12-30 08:00-12:00 Short day."),
    )  # fmt: skip

    def clean_weekly(self) -> tuple[tuple[int, int, int], ...]:
        """The week as numbers."""
        return weekly_of(self.cleaned_data["weekly"])

    def clean_days(self) -> dict[date, OwnDay]:
        """Own days by date."""
        return days_of(self.cleaned_data["days"])

    def content(self) -> CalendarContent:
        """What the command takes."""
        data = self.cleaned_data
        name = names(data)
        return CalendarContent(
            name=name, zone=data["zone"].strip(), weekly=data["weekly"], country=data["country"].strip().upper(),
            always_open=data["always_open"], days=data["days"],
        )  # fmt: skip


def names(data: dict[str, Any]) -> dict[str, str]:
    """{en, sv, zh-hans} from three fields, English where one is empty."""
    english = data["name_en"]
    return {"en": english, "sv": data["name_sv"] or english, "zh-hans": data["name_zh"] or english}


class CompetenceForm(forms.Form):
    """A competence and its names."""

    code = forms.SlugField(label=_("Code"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    name_sv = forms.CharField(label=_("Name in Swedish"), max_length=80, required=False)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80, required=False)
    is_retired = forms.BooleanField(label=_("No longer used"), required=False)


class HoldForm(forms.Form):
    """A competence that a person holds."""

    competence = NamedChoice(Competence.objects.filter(retired_at=None), label=_("Competence"))
    level = forms.TypedChoiceField(label=_("Level"), coerce=int, choices=[(1, "1"), (2, "2"), (3, "3")])
    valid_until = forms.DateField(
        label=_("Valid until"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )


class ScheduleForm(forms.Form):
    """The hours a person works."""

    calendar = NamedChoice(Calendar.objects.filter(retired_at=None), label=_("Hours"))
    percent = forms.IntegerField(label=_("Share of full time, percent"), min_value=1, max_value=100, initial=100)
    valid_from = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}))


class AbsenceForm(forms.Form):
    """Time away, on call or reserved."""

    kind = forms.ChoiceField(label=_("What"), choices=[
        (Absence.Kind.AWAY, _("Away")), (Absence.Kind.ON_CALL, _("On call")), (Absence.Kind.RESERVED, _("Reserved")),
    ])  # fmt: skip
    starts_at = forms.DateTimeField(label=_("From"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    ends_at = forms.DateTimeField(label=_("To"), widget=forms.DateTimeInput(attrs={"type": "datetime-local"}))
    note = forms.CharField(label=_("Note"), max_length=120, required=False)
