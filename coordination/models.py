"""Work items, their rank, boosts and skips: the one queue (ARCHITECTURE 6 and 7)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from accounts.models import Team, User
from kernel.audit import audited
from records.models import Record

OPEN_STATES = ("queued", "planned", "assigned", "in_progress", "waiting")


@audited(exclude=("last_at", "top_at"))
class WorkItem(models.Model):
    """Somebody has to do something about a record. The only place that says who.

    `needs` are competence × 10 + level; `site` is a location that the person must be at (empty: anywhere);
    `is_major` work passes the limits of a person and parks what that person was doing; `parked_by` is the major
    incident's work item that interrupted this one; `top_at` is when this last came to the top of its assignee's list.
    `second` works on it beside the assignee, who asked for it (PairAsk); it fills none of their places or hours.
    """

    class State(models.TextChoices):
        QUEUED = "queued"
        PLANNED = "planned"
        ASSIGNED = "assigned"
        IN_PROGRESS = "in_progress"
        WAITING = "waiting"
        DONE = "done"
        CANCELLED = "cancelled"

    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    task = models.CharField(max_length=30)
    title = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=12, choices=State.choices, default=State.QUEUED)
    assignee = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    second = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    needs = ArrayField(models.IntegerField(), default=list)
    site = models.CharField(max_length=60, blank=True)
    estimate_minutes = models.IntegerField(default=60)
    remaining_minutes = models.IntegerField(default=60)
    is_routed = models.BooleanField(default=True)
    is_major = models.BooleanField(default=False)
    earliest_at = models.DateTimeField(null=True, blank=True)
    offered_at = models.DateTimeField()
    picked_at = models.DateTimeField(null=True, blank=True)
    top_at = models.DateTimeField(null=True, blank=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    waiting_reason = models.CharField(max_length=30, blank=True)
    waiting_until = models.DateTimeField(null=True, blank=True)
    parked_by = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    last_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["record", "task"], name="one_open_work_item_per_task", condition=Q(state__in=OPEN_STATES)
            ),
            models.CheckConstraint(
                condition=Q(state__in=("queued", "planned"), assignee__isnull=True)
                | Q(state__in=("assigned", "in_progress", "waiting"), assignee__isnull=False)
                | Q(state__in=("done", "cancelled"))
                | Q(state="waiting"),
                name="assignee_fits_state",
            ),
        ]
        indexes = [
            models.Index(fields=["assignee", "state"], condition=Q(state__in=OPEN_STATES), name="work_of_person"),
            models.Index(fields=["record"], name="work_of_record"),
            models.Index(fields=["record"], condition=Q(state="queued", is_routed=False), name="work_unrouted"),
            models.Index(fields=["earliest_at"], condition=Q(state="planned"), name="work_planned"),
            models.Index(fields=["waiting_until"], condition=Q(state="waiting"), name="work_waking"),
            models.Index(fields=["second"], condition=Q(second__isnull=False), name="work_second"),
            models.Index(fields=["parked_by"], condition=Q(parked_by__isnull=False), name="work_parked_by"),
            GinIndex(fields=["needs"], name="work_needs"),
        ]


class Ranking(models.Model):
    """Where a queued work item stands and why: `parts` is a list of {name, points, facts}; score is their sum.

    Exists only while the work item is queued. `next_rank_at` is the next instant at which a part changes. `risk_at` is
    the record's as it was ranked by: a sweep finds promises that were planned anew since.
    """

    work_item = models.OneToOneField(WorkItem, models.CASCADE, primary_key=True, related_name="+")
    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    parts = models.JSONField(default=list)
    score = models.IntegerField()
    next_rank_at = models.DateTimeField(null=True)
    risk_at = ArrayField(models.DateTimeField(), null=True)
    rules_version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["-score", "work_item"], name="rank_order"),
            models.Index(fields=["next_rank_at"], condition=Q(next_rank_at__isnull=False), name="rank_next"),
        ]


@audited()
class Boost(models.Model):
    """A coordinator lifts or lowers a work item by at most 100 points, with a reason, until it expires.

    `source` is what caused it once and only once, such as a deadline of the SLA (`deadline:12`); empty for people.
    """

    work_item = models.ForeignKey(WorkItem, models.PROTECT, related_name="+")
    points = models.SmallIntegerField()
    reason = models.CharField(max_length=200)
    source = models.CharField(max_length=40, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    expires_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(points__gte=-100, points__lte=100), name="boost_within_100"),
            models.UniqueConstraint(fields=["source"], name="boost_once_per_source", condition=~Q(source="")),
        ]
        indexes = [models.Index(fields=["work_item", "expires_at"], name="boost_running")]


class Skip(models.Model):
    """Somebody passed a work item over, and why: feeds the review of the weights, not a league table (UX 3.6)."""

    work_item = models.ForeignKey(WorkItem, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20)
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["user", "-at"], name="skip_of_person"),
            models.Index(fields=["at"], name="skip_lately"),
        ]


@audited()
class PairAsk(models.Model):
    """Somebody asks a colleague to do a work item together, and what the colleague answered (UX 3.6).

    What both hold counts once the colleague has accepted; whoever asked takes the work and has it.
    """

    class Answer(models.TextChoices):
        OPEN = ""
        ACCEPTED = "accepted"
        DECLINED = "declined"

    work_item = models.ForeignKey(WorkItem, models.PROTECT, related_name="+")
    asker = models.ForeignKey(User, models.PROTECT, related_name="+")
    colleague = models.ForeignKey(User, models.PROTECT, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=10, choices=Answer.choices, default=Answer.OPEN, blank=True)
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["work_item", "asker", "colleague"], name="pair_asked_once", condition=Q(answer="")
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True) | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="pair_answered_at",
            ),
        ]
        indexes = [models.Index(fields=["colleague"], condition=Q(answer=""), name="pair_of_colleague")]
