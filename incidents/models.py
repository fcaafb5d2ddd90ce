"""Incident: what restoring service needs beyond the Record; the matrix as data (DOMAIN I3)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

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


class Cause(models.TextChoices):
    """Whose it was and why: asked when an incident is resolved, counted in reports."""

    HARDWARE = "hardware", _("Equipment broke")
    SOFTWARE = "software", _("Fault in software")
    CONFIGURATION = "configuration", _("Wrong setting")
    CAPACITY = "capacity", _("Not enough capacity")
    NETWORK = "network", _("Network or power")
    CHANGE = "change", _("A change of ours")
    SUPPLIER = "supplier", _("A supplier or third party")
    USE = "use", _("How it was used, or missing instructions")
    CLEARED = "cleared", _("It went away by itself")
    NO_FAULT = "no_fault", _("No fault found")
    UNKNOWN = "unknown", _("Not known")


@audited(exclude=("caller_count", "remind_update_at", "call_key"))
class Incident(ProcessRecord):
    """An unplanned interruption or loss of quality. State, title, priority live on the Record.

    `next_update_at` is when callers were promised to hear more of a major incident, `remind_update_at` when its leader
    is reminded (again) of it. `call_key` is the form that it was logged with: one form logs one incident. `nature` is
    what the desk took the call for: a fault, a question, an order or a complaint. `cause` (a `Cause`) says whose it was
    and why, `resolution` what fixed it, in the words that callers may read. `emergency_since` is when the emergency
    plan was started that stands in `emergency_plan` as it was then, null once things are back to normal (DOMAIN I2).
    """

    class Channel(models.TextChoices):
        PHONE = "phone"
        PORTAL = "portal"
        EMAIL = "email"
        CHAT = "chat"
        ALERT = "alert"
        WALK_IN = "walk_in"

    class Nature(models.TextChoices):
        FAULT = "fault", _("Fault")
        QUESTION = "question", _("Question")
        ORDER = "order", pgettext_lazy("what a call is", "Order")
        COMPLAINT = "complaint", _("Complaint")

    class Line(models.TextChoices):
        DESK = "desk"
        OPERATIONS = "operations"
        SUPPLIER = "supplier"

    impact = models.SmallIntegerField(default=4)
    urgency = models.SmallIntegerField(default=3)
    priority_reason = models.CharField(max_length=200, blank=True)
    is_priority_overridden = models.BooleanField(default=False)
    channel = models.CharField(max_length=10, choices=Channel.choices, default=Channel.PHONE)
    nature = models.CharField(max_length=10, choices=Nature.choices, default=Nature.FAULT, db_default=Nature.FAULT)
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
    remind_update_at = models.DateTimeField(null=True, blank=True)
    banner = models.CharField(max_length=300, blank=True)
    emergency_since = models.DateTimeField(null=True, blank=True)
    emergency_plan = models.TextField(blank=True)
    call_key = models.UUIDField(null=True, blank=True, unique=True, editable=False)

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
                fields=["remind_update_at"], condition=Q(remind_update_at__isnull=False), name="incident_remind"
            ),
            models.Index(fields=["is_major"], condition=Q(is_major=True), name="incident_major"),
        ]
