"""Targets, clocks as a ledger, deadlines that are swept (ARCHITECTURE 6, RELIABILITY 2 and 6)."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from accounts.models import Team, User
from kernel.audit import audited
from records.models import Record
from registry.models import Service
from workforce.models import Calendar


class Metric(models.TextChoices):
    """What a clock measures."""

    RESPONSE = "response"
    RESOLUTION = "resolution"


class Party(models.TextChoices):
    """With whom an agreement is: a customer (SLA), a team of ours (OLA), a supplier (UC) (DOMAIN S1)."""

    CUSTOMER = "customer"
    TEAM = "team"
    SUPPLIER = "supplier"


@audited()
class Target(models.Model):
    """A promise: kind × priority × service × customer (none = any) → minutes of a calendar. The most specific counts.

    `customer` is the unit of the requester. `party` says whose promise it is: ours to customers, a team's (`team`,
    none = each) while it owns the record, a supplier's (`supplier`, none = each) while the record is there. Of teams
    and suppliers only the whole turn is measured, under the metric "resolution".
    """

    kind = models.CharField(max_length=20)
    metric = models.CharField(max_length=12, choices=Metric.choices)
    priority = models.SmallIntegerField(null=True, blank=True)
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    customer = models.CharField(max_length=120, blank=True, default="")
    party = models.CharField(max_length=8, choices=Party.choices, default=Party.CUSTOMER, db_default=Party.CUSTOMER)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    supplier = models.CharField(max_length=120, blank=True, default="", db_default="")
    minutes = models.IntegerField()
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+")
    name = models.JSONField(default=dict)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "kind", "metric", "priority", "service", Lower("customer"), "party", "team", Lower("supplier"),
                name="target_once", nulls_distinct=False, condition=Q(retired_at__isnull=True),
            ),
            models.CheckConstraint(condition=Q(party="customer") | Q(metric="resolution"), name="target_turn_is_whole"),
            models.CheckConstraint(
                condition=Q(party="customer", team__isnull=True, supplier="") | Q(party="team", supplier="")
                | Q(party="supplier", team__isnull=True),
                name="target_of_its_party",
            ),
            models.CheckConstraint(condition=Q(minutes__gt=0), name="target_minutes_positive"),
        ]  # fmt: skip


@audited()
class PauseRule(models.Model):
    """Whether a clock stands still while a record waits for that reason (DOMAIN S2)."""

    kind = models.CharField(max_length=20)
    reason = models.CharField(max_length=30)
    pauses = models.BooleanField(default=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "reason"], name="pause_rule_once")]


@audited()
class EscalationStep(models.Model):
    """When (percent of the target used, or minutes before/after due) → what happens, to whom.

    Exactly one of `percent` and `offset_minutes` is set; a negative offset is before the due time. With
    `repeat_minutes` it comes again `repeat_count` times. Clocks of `party` have it. `action`: notify_person (contact
    owner, assignee, lead), notify_role, notify_team, raise_priority, boost, offer_team; `config` holds its parameters.
    """

    class Action(models.TextChoices):
        NOTIFY_PERSON = "notify_person"
        NOTIFY_ROLE = "notify_role"
        NOTIFY_TEAM = "notify_team"
        RAISE_PRIORITY = "raise_priority"
        BOOST = "boost"
        OFFER_TEAM = "offer_team"

    kind = models.CharField(max_length=20)
    metric = models.CharField(max_length=12, choices=Metric.choices)
    party = models.CharField(max_length=8, choices=Party.choices, default=Party.CUSTOMER, db_default=Party.CUSTOMER)
    priority = models.SmallIntegerField(null=True, blank=True)
    name = models.JSONField(default=dict)
    percent = models.SmallIntegerField(null=True, blank=True)
    offset_minutes = models.IntegerField(null=True, blank=True)
    repeat_minutes = models.IntegerField(null=True, blank=True)
    repeat_count = models.SmallIntegerField(default=0)
    action = models.CharField(max_length=20, choices=Action.choices)
    config = models.JSONField(default=dict)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__isnull=False, offset_minutes__isnull=True)
                | Q(percent__isnull=True, offset_minutes__isnull=False),
                name="step_percent_or_offset",
            ),
        ]


class Clock(models.Model):
    """One running promise of a record: a projection that can be rebuilt from its segments.

    A customer's clock is one for the whole life of a record; a team and a supplier get one for each of their turns.

    `generation` moves with every re-plan; `steps` are the escalation steps as they were when the clock started;
    `consumed_seconds` is working time used up to `since`; breach is judged by due_at against the event's time.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        PAUSED = "paused"
        STOPPED = "stopped"

    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    metric = models.CharField(max_length=12, choices=Metric.choices)
    party = models.CharField(max_length=8, choices=Party.choices, default=Party.CUSTOMER, db_default=Party.CUSTOMER)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    supplier = models.CharField(max_length=120, default="", db_default="")
    state = models.CharField(max_length=8, choices=State.choices, default=State.RUNNING)
    target = models.ForeignKey(Target, models.PROTECT, related_name="+")
    target_minutes = models.IntegerField()
    calendar = models.ForeignKey(Calendar, models.PROTECT, related_name="+")
    calendar_version = models.IntegerField()
    tzdata_version = models.CharField(max_length=10)
    generation = models.IntegerField(default=1)
    steps = models.JSONField(default=list)
    started_at = models.DateTimeField()
    since = models.DateTimeField()
    consumed_seconds = models.BigIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    risk_at = ArrayField(models.DateTimeField(), null=True)
    pause_reason = models.CharField(max_length=30, blank=True)
    stopped_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "metric"], condition=Q(party="customer"), name="one_clock_per_metric"
            ),
            models.UniqueConstraint(
                fields=["record", "party"],
                condition=~Q(party="customer") & ~Q(state="stopped"),
                name="one_turn_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(state="running", due_at__isnull=False) | ~Q(state="running"), name="running_clock_has_due"
            ),
        ]
        indexes = [
            models.Index(fields=["calendar", "calendar_version"], condition=~Q(state="stopped"), name="clock_calendar"),
            models.Index(fields=["stopped_at"], condition=Q(state="stopped"), name="clock_stopped"),
            models.Index(fields=["due_at"], condition=~Q(state="stopped"), name="clock_due"),
        ]


class SupplierTurn(models.Model):
    """Which supplier a record went to last, as the facts have said; `is_there` while it was handed over and not back.

    Whatever is promised: a promise made later knows whose turn it is.
    """

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="+")
    supplier = models.CharField(max_length=120)
    is_there = models.BooleanField(default=True)


class Segment(models.Model):
    """One entry of the ledger, append-only: what began at that instant, why, by whom."""

    class Kind(models.TextChoices):
        STARTED = "started"
        PAUSED = "paused"
        RESUMED = "resumed"
        RETARGETED = "retargeted"
        CALENDAR = "calendar"
        STOPPED = "stopped"
        REOPENED = "reopened"
        UNDONE = "undone"

    id = models.BigAutoField(primary_key=True)
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="+")
    seq = models.IntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    at = models.DateTimeField()
    reason = models.CharField(max_length=30, blank=True)
    actor_kind = models.CharField(max_length=12)
    actor_id = models.BigIntegerField()
    data = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["clock", "seq"], name="segment_once")]


class Deadline(models.Model):
    """An instant at which something must happen for a clock; swept, fired exactly once or superseded.

    `step` -1 is the breach itself, otherwise an index into Clock.steps.
    """

    class State(models.TextChoices):
        ARMED = "armed"
        FIRED = "fired"
        SUPERSEDED = "superseded"
        PARKED = "parked"

    id = models.BigAutoField(primary_key=True)
    clock = models.ForeignKey(Clock, models.PROTECT, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    step = models.SmallIntegerField()
    cycle = models.SmallIntegerField(default=0)
    generation = models.IntegerField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.ARMED)
    fired_at = models.DateTimeField(null=True)
    late_seconds = models.IntegerField(default=0)
    attempts = models.SmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["clock", "step", "cycle", "generation"], name="deadline_once"),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="armed"), name="deadline_due"),
            models.Index(fields=["clock"], condition=Q(state="armed"), name="deadline_clock_armed"),
            models.Index(fields=["fired_at"], condition=Q(state="fired"), name="deadline_fired"),
            models.Index(fields=["id"], condition=Q(state="parked"), name="deadline_parked"),
        ]


class Drift(models.Model):
    """What the nightly auditor found: a stored clock that its ledger does not explain."""

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="+")
    stored = models.JSONField()
    computed = models.JSONField()
    at = models.DateTimeField()
    accepted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")


class Replan(models.Model):
    """Running clocks that an edit may move, to be planned anew in chunks; `cursor` is the last clock looked at.

    The newest row of cause "rules" is also the version of targets, steps and pause rules.
    """

    class Cause(models.TextChoices):
        RULES = "rules"
        CALENDAR = "calendar"
        TZDATA = "tzdata"

    id = models.BigAutoField(primary_key=True)
    cause = models.CharField(max_length=10, choices=Cause.choices)
    calendar = models.ForeignKey(Calendar, models.PROTECT, null=True, related_name="+")
    cursor = models.BigIntegerField(default=0)
    moved = models.IntegerField(default=0)
    at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["id"], condition=Q(finished_at__isnull=True), name="replan_open"),
            models.Index(fields=["cause", "-id"], name="replan_newest"),
        ]
