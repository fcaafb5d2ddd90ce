"""The rules that are data: the matrix, closing and reopening (DOMAIN I3, I11)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.queries import setting, setting_version
from incidents import events
from incidents.models import MatrixCell
from journal.models import Event
from journal.units import Kept
from kernel.calendars import NeverOpen, WorkingCalendar
from records.models import Record
from workforce.models import Calendar
from workforce.queries import working_calendar

IMPACTS: dict[int, object] = {
    4: gettext_lazy("one person"),
    3: gettext_lazy("a team"),
    2: gettext_lazy("a site"),
    1: gettext_lazy("everyone"),
}
URGENCIES: dict[int, object] = {
    4: gettext_lazy("can wait"),
    3: gettext_lazy("can work"),
    2: gettext_lazy("slowed down"),
    1: gettext_lazy("stopped"),
}
SCALE = range(1, 5)

DEFAULT_MATRIX: dict[tuple[int, int], int] = {
    (1, 1): 1, (1, 2): 1, (1, 3): 2, (1, 4): 3,
    (2, 1): 1, (2, 2): 2, (2, 3): 3, (2, 4): 3,
    (3, 1): 2, (3, 2): 3, (3, 3): 3, (3, 4): 4,
    (4, 1): 3, (4, 2): 3, (4, 3): 4, (4, 4): 4,
}  # fmt: skip
"""(impact, urgency) → priority, until somebody changes a cell."""

Matrix = Mapping[tuple[int, int], int]

RULES_KEY = "incidents.closing"
OFFICE_DAYS = tuple((day, 8 * 60, 17 * 60) for day in range(5))


@dataclass(frozen=True, slots=True)
class ClosingRules:
    """When a resolved incident closes by itself, and how long it may be reopened (ARCHITECTURE 13).

    `calendar` is the code of the calendar whose working days count where the service has none.
    """

    auto_close_working_days: int = 5
    reopen_calendar_days: int = 14
    calendar: str = ""


def closing_rules() -> ClosingRules:
    """The rules in force."""
    return setting(RULES_KEY, ClosingRules)


def closing_version() -> int:
    """The version of the rules in force, for whoever changes them."""
    return setting_version(RULES_KEY)


def matrix() -> Matrix:
    """The whole matrix: changed cells over the defaults. One statement, none inside a door while nobody changes it."""
    return _matrix.now()


def read_matrix() -> Matrix:
    """The same from the database, whatever is kept."""
    cells = MatrixCell.objects.values_list("impact", "urgency", "priority")
    return {**DEFAULT_MATRIX, **{(impact, urgency): priority for impact, urgency, priority in cells}}


MATRIX_SUBJECT = ("incident_matrix", 1)
_matrix = Kept(
    MATRIX_SUBJECT[0],
    "SELECT coalesce((SELECT id FROM journal_event WHERE subject_kind = 'incident_matrix' AND subject_id = 1"
    " ORDER BY seq DESC LIMIT 1), 0)",
    read_matrix,
)


def priority_of(impact: int, urgency: int) -> int:
    """Priority 1-4 of an impact and an urgency, each 1-4."""
    return matrix()[impact, urgency]


def priority_words(impact: int, urgency: int) -> str:
    """Why the matrix gives that priority, in words: "a team + stopped"."""
    return _("%(impact)s + %(urgency)s") % {"impact": IMPACTS[impact], "urgency": URGENCIES[urgency]}


def closes_at(record: Record, at: datetime) -> datetime:
    """When an incident resolved at `at` closes by itself: the same time of day, N working days later (DOMAIN I11)."""
    rules = closing_rules()
    return after_working_days(calendar_of(record, rules), at, rules.auto_close_working_days)


def after_working_days(calendar: WorkingCalendar, at: datetime, days: int) -> datetime:
    """The same time of day, that many working days later, in the calendar's zone."""
    local = at.astimezone(ZoneInfo(calendar.zone))
    day, left = local.date(), days
    while left > 0:
        day += timedelta(days=1)
        left -= _is_working_day(calendar, day)
        if day > local.date() + timedelta(days=366):
            raise NeverOpen(at, timedelta(days=left))
    return datetime.combine(day, local.time(), tzinfo=local.tzinfo).astimezone(UTC)


def _is_working_day(calendar: WorkingCalendar, day: date) -> bool:
    return calendar.always_open or bool(calendar.hours_on((day - date(1970, 1, 1)).days))


def calendar_of(record: Record, rules: ClosingRules) -> WorkingCalendar:
    """The calendar whose working days count: the service's, else the one of the rules, else weekdays."""
    if record.service is not None and record.service.calendar_id is not None:
        return working_calendar(record.service.calendar_id)
    named = (
        Calendar.objects.filter(code=rules.calendar).values_list("pk", flat=True).first() if rules.calendar else None
    )
    if named is not None:
        return working_calendar(named)
    return WorkingCalendar(timezone.get_default_timezone_name(), OFFICE_DAYS)


def reopen_until(resolved_at: datetime) -> datetime:
    """The last instant at which it may be reopened: the same time of day, N calendar days after it was resolved."""
    zone = timezone.get_default_timezone()
    return resolved_at.astimezone(zone) + timedelta(days=closing_rules().reopen_calendar_days)


def was_raised_by(record: Record, deadline_id: int) -> bool:
    """Whether the escalation step of that deadline has raised the priority already."""
    chain = Event.objects.filter(subject_kind=record.kind, subject_id=record.pk, code=events.PRIORITISED)
    return chain.filter(data__deadline_id=deadline_id).exists()
