"""Inbox, sources, rules and alert groups: outside signals kept before they are believed (DOMAIN M1, M2, M4)."""

from django.db import models
from django.db.models import Q

from accounts.models import Team, User
from incidents.models import Incident
from kernel.audit import audited
from registry.models import Component


@audited()
class Source(models.Model):
    """One monitoring system: its format, its user, what happens when an alert clears or comes back.

    `on_resolved`: resolve the incident, only annotate it, or nothing. `reopen_minutes`: a fingerprint that fires again
    within that time reopens its incident, later it opens a new one.
    """

    class Format(models.TextChoices):
        ALERTMANAGER = "alertmanager"
        GENERIC = "generic"

    class OnResolved(models.TextChoices):
        RESOLVE = "resolve"
        ANNOTATE = "annotate"
        NOTHING = "nothing"

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=80)
    format = models.CharField(max_length=15, choices=Format.choices)
    on_resolved = models.CharField(max_length=10, choices=OnResolved.choices, default=OnResolved.RESOLVE)
    reopen_minutes = models.IntegerField(default=60)
    component_labels = models.JSONField(default=list)
    service_labels = models.JSONField(default=list)
    default_team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)


@audited()
class SeverityRule(models.Model):
    """First match by position: label = value (shell-style pattern) → impact and urgency, or drop as noise."""

    source = models.ForeignKey(Source, models.PROTECT, null=True, blank=True, related_name="+")
    position = models.SmallIntegerField(default=0)
    label = models.CharField(max_length=80)
    pattern = models.CharField(max_length=120)
    impact = models.SmallIntegerField(default=3)
    urgency = models.SmallIntegerField(default=3)
    ignores = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True, blank=True)


class Inbox(models.Model):
    """What came in, as it came: kept whether or not it could be read."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, models.PROTECT, null=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    received_at = models.DateTimeField()
    digest = models.CharField(max_length=64)
    raw = models.BinaryField()
    status = models.SmallIntegerField()
    reason = models.CharField(max_length=500, blank=True)
    result = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["-received_at"], name="inbox_recent"),
            models.Index(fields=["-id"], condition=Q(status__gte=400), name="inbox_refused"),
        ]


class AlertGroup(models.Model):
    """One fault as a monitoring system sees it, by fingerprint; `count` is how often it was told to us.

    `group_key` is the sender's own grouping: alerts of one key share an incident while it is open.
    """

    class State(models.TextChoices):
        FIRING = "firing"
        RESOLVED = "resolved"
        ACKNOWLEDGED = "acknowledged"
        SUPPRESSED = "suppressed"

    source = models.ForeignKey(Source, models.PROTECT, related_name="+")
    fingerprint = models.CharField(max_length=255)
    group_key = models.CharField(max_length=500, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.FIRING)
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="+")
    component = models.ForeignKey(Component, models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=200)
    labels = models.JSONField(default=dict)
    annotations = models.JSONField(default=dict)
    url = models.CharField(max_length=1000, blank=True)
    count = models.IntegerField(default=1)
    starts_at = models.DateTimeField(null=True)
    first_seen_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True)
    is_false_alarm = models.BooleanField(default=False)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["source", "fingerprint"], name="one_open_alert_group", condition=Q(closed_at__isnull=True)
            ),
        ]
        indexes = [
            models.Index(fields=["incident"], name="alert_group_incident"),
            models.Index(fields=["source", "group_key"], condition=Q(closed_at__isnull=True), name="alert_group_key"),
        ]
