"""Incident: what restoring service needs beyond the Record; the matrix as data (DOMAIN I3)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from accounts.models import User
from kernel.audit import audited
from records.models import ProcessRecord


@audited()
class MatrixCell(models.Model):
    """impact × urgency → priority; both run from 1 (everyone / stopped) to 4 (one person / can wait)."""

    impact = models.SmallIntegerField()
    urgency = models.SmallIntegerField()
    priority = models.SmallIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["impact", "urgency"], name="matrix_cell_once"),
            models.CheckConstraint(
                condition=Q(
                    impact__gte=1, impact__lte=4, urgency__gte=1, urgency__lte=4, priority__gte=1, priority__lte=4
                ),
                name="matrix_within_1_4",
            ),
        ]


@audited(exclude=("caller_count",))
class Incident(ProcessRecord):
    """An unplanned interruption or loss of quality. State, title, priority live on the Record.

    `cause` says whose it was and why, `resolution` what fixed it, in the words that callers may read.
    """

    class Channel(models.TextChoices):
        PHONE = "phone"
        PORTAL = "portal"
        EMAIL = "email"
        CHAT = "chat"
        ALERT = "alert"
        WALK_IN = "walk_in"

    class Line(models.TextChoices):
        DESK = "desk"
        OPERATIONS = "operations"
        SUPPLIER = "supplier"

    impact = models.SmallIntegerField(default=4)
    urgency = models.SmallIntegerField(default=3)
    priority_reason = models.CharField(max_length=200, blank=True)
    is_priority_overridden = models.BooleanField(default=False)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.PHONE)
    line = models.CharField(max_length=12, choices=Line.choices, default=Line.DESK)
    supplier = models.CharField(max_length=120, blank=True)
    supplier_reference = models.CharField(max_length=80, blank=True)
    caller_count = models.IntegerField(default=1)
    cause = models.CharField(max_length=30, blank=True)
    resolution = models.TextField(blank=True)
    workaround = models.TextField(blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    resolved_at_desk = models.BooleanField(default=False)
    closes_at = models.DateTimeField(null=True, blank=True)
    reopen_count = models.SmallIntegerField(default=0)
    is_major = models.BooleanField(default=False)
    major_leader = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    major_since = models.DateTimeField(null=True, blank=True)
    within_influence = models.BooleanField(null=True, blank=True)
    update_every_minutes = models.SmallIntegerField(null=True, blank=True)
    next_update_at = models.DateTimeField(null=True, blank=True)
    banner = models.CharField(max_length=300, blank=True)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(impact__gte=1, impact__lte=4, urgency__gte=1, urgency__lte=4),
                name="incident_impact_urgency_1_4",
            ),
            models.CheckConstraint(
                condition=Q(is_major=False) | Q(major_leader__isnull=False), name="major_incident_has_leader"
            ),
        ]
        indexes = [
            models.Index(fields=["closes_at"], condition=Q(closes_at__isnull=False), name="incident_closes"),
            models.Index(
                fields=["next_update_at"], condition=Q(next_update_at__isnull=False), name="incident_update_due"
            ),
            models.Index(fields=["is_major"], condition=Q(is_major=True), name="incident_major"),
        ]
