"""Working calendars, competences, schedules and absence (DOMAIN T1, T3)."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from accounts.models import Team, User
from kernel.audit import audited


class TsTzRange(Func):
    """PostgreSQL's tstzrange(from, to)."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


@audited(exclude=("version",))
class Calendar(models.Model):
    """Weekly opening hours with breaks in one zone, holidays of a country, own exceptions.

    `weekly` is a list of [weekday 0-6, start minute, end minute]; `version` moves with every edit of the calendar or
    its exceptions, and clocks remember the version they were planned with.
    """

    code = models.SlugField(max_length=40, unique=True)
    name = models.JSONField(default=dict)
    zone = models.CharField(max_length=40, default="Europe/Stockholm")
    weekly = models.JSONField(default=list)
    country = models.CharField(max_length=8, blank=True)
    always_open = models.BooleanField(default=False)
    version = models.IntegerField(default=1)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code


@audited()
class CalendarDay(models.Model):
    """An own exception: closed (no hours) or other hours on that date."""

    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+")
    date = models.DateField()
    name = models.CharField(max_length=80, blank=True)
    hours = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["calendar", "date"], name="calendar_day_once")]


@audited()
class Competence(models.Model):
    """Something people are able to do, for a product or a kind of component."""

    code = models.SlugField(max_length=60, unique=True)
    name = models.JSONField(default=dict)
    retired_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.code


@audited()
class PersonCompetence(models.Model):
    """A person holds a competence at level 1-3, perhaps until a date; expired ones do not match."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    competence = models.ForeignKey(Competence, models.PROTECT, related_name="+")
    level = models.SmallIntegerField(default=1)
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "competence"], name="person_competence_once"),
            models.CheckConstraint(condition=Q(level__gte=1, level__lte=3), name="competence_level_1_3"),
        ]


@audited()
class Schedule(models.Model):
    """The hours a person works: a calendar, from a date on, at a share of it (percent)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+")
    percent = models.SmallIntegerField(default=100)
    valid_from = models.DateField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "valid_from"], name="schedule_once")]


@audited()
class Absence(models.Model):
    """Time of a schedule that is not free for queue work: away, on call, or reserved for something else."""

    class Kind(models.TextChoices):
        AWAY = "away"
        ON_CALL = "on_call"
        RESERVED = "reserved"

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    note = models.CharField(max_length=120, blank=True)
    substitute = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="absence_has_length"),
            ExclusionConstraint(
                name="absence_no_overlap",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("kind", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at"), RangeOperators.OVERLAPS),
                ],
            ),
        ]


@audited()
class TeamCalendar(models.Model):
    """The hours a team answers within."""

    team = models.OneToOneField(Team, models.PROTECT, related_name="+")
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+")
