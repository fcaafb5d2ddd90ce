"""Record and what hangs off every record: comments, attachments, links, watchers, drafts (ARCHITECTURE 6)."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from accounts.models import Team, User
from kernel.audit import audited
from kernel.workflow import Phase
from registry.models import Component, Service

DERIVED = ("last_at", "due_at", "risk_at", "audience", "event_seq", "event_mac", "version", "responded_at")
"""Columns that follow from other facts: kept out of the field-level audit."""


@audited()
class Category(models.Model):
    """What a record is about, per kind; names are {en, sv, zh-hans}; a default size for the work."""

    kind = models.CharField(max_length=20)
    code = models.SlugField(max_length=60)
    name = models.JSONField(default=dict)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    estimate_minutes = models.IntegerField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "code"], name="category_once")]

    def __str__(self) -> str:
        return self.code


@audited(exclude=DERIVED)
class Record(models.Model):
    """One piece of work of any process, and the one lock for everything that hangs off it.

    `state` is written by `records.commands` only. `audience` holds team ids and negated person ids. `risk_at` are
    the instants at which 25, 50, 75, 90 and 100 % of the nearest target are used, null while paused.
    """

    kind = models.CharField(max_length=20)
    number = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    lang = models.CharField(max_length=10, default="en")
    state = models.CharField(max_length=30)
    phase = models.CharField(max_length=10, choices=[(phase.value, phase.name) for phase in Phase])
    waiting_reason = models.CharField(max_length=30, blank=True)
    priority = models.SmallIntegerField(default=3)
    requester = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    owner_team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    contact_owner = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    component = models.ForeignKey(Component, models.PROTECT, null=True, blank=True, related_name="+")
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="+")
    confidential_class = models.CharField(max_length=20, blank=True)
    audience = ArrayField(models.IntegerField(), default=list)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    opened_at = models.DateTimeField()
    responded_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    last_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True, blank=True)
    risk_at = ArrayField(models.DateTimeField(), null=True, blank=True)
    version = models.IntegerField(default=1)
    event_seq = models.IntegerField(default=0)
    event_mac = models.BinaryField(max_length=32, default=b"")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(phase="done", closed_at__isnull=False) | (~Q(phase="done") & Q(closed_at__isnull=True)),
                name="record_closed_iff_done",
            ),
            models.CheckConstraint(condition=Q(priority__gte=1, priority__lte=4), name="record_priority_1_4"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="record_not_its_own_parent"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "-opened_at", "-id"], name="record_recent"),
            models.Index(fields=["kind", "priority", "due_at", "id"], condition=~Q(phase="done"), name="record_open"),
            models.Index(fields=["due_at", "id"], condition=~Q(phase="done"), name="record_due"),
            models.Index(fields=["requester", "-opened_at"], name="record_requester"),
            models.Index(fields=["component", "-opened_at"], name="record_component"),
            models.Index(fields=["service", "-opened_at"], name="record_service"),
            models.Index(fields=["parent"], condition=Q(parent__isnull=False), name="record_parent"),
            models.Index(fields=["closed_at"], condition=Q(phase="done"), name="record_closed"),
            GinIndex(fields=["audience"], name="record_audience"),
            models.Index(fields=["id"], condition=~Q(confidential_class=""), name="record_confidential"),
        ]

    def __str__(self) -> str:
        return self.number


class ProcessRecord(models.Model):
    """Base of Incident, Problem, Change, ServiceRequest: shares its primary key with its Record."""

    record = models.OneToOneField(Record, models.PROTECT, primary_key=True, related_name="+")
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)

    class Meta:
        abstract = True


class Comment(models.Model):
    """Words on a record: public ones reach the requester, internal ones never do. Never edited afterwards."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    author = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    body = models.TextField()
    lang = models.CharField(max_length=10, default="en")
    is_public = models.BooleanField()
    channel = models.CharField(max_length=12, default="web")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["record", "id"], name="comment_record")]


class Attachment(models.Model):
    """A file on a record; the bytes lie under SPINDEL_DATA/files by their SHA-256, written before this row."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    comment = models.ForeignKey(Comment, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    content_type = models.CharField(max_length=100)
    is_public = models.BooleanField()
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["record", "id"], name="attachment_record"),
            models.Index(fields=["sha256"], name="attachment_file"),
        ]


@audited()
class Link(models.Model):
    """A typed link between two records: "source <kind> target" (duplicates, caused by, fixed by, follows from …)."""

    source = models.ForeignKey(Record, models.PROTECT, related_name="+")
    target = models.ForeignKey(Record, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "kind"], name="link_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="link_not_to_itself"),
        ]


class Watcher(models.Model):
    """Somebody follows a record; `is_caller` marks those who reported it too and are told when it is solved."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    is_caller = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["record", "user"], name="watcher_once")]


class Draft(models.Model):
    """What somebody typed and has not sent, by form key (for example `record:12:comment`, `call:<uuid>`)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    key = models.CharField(max_length=80)
    values = models.JSONField(default=dict)
    title = models.CharField(max_length=120, blank=True)
    url = models.CharField(max_length=300, blank=True)
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="draft_once")]


class Undo(models.Model):
    """A reversible act and how to reverse it; good for 60 s, for the same person, while nothing else changed."""

    record = models.ForeignKey(Record, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    code = models.CharField(max_length=60)
    version = models.IntegerField()
    before = models.JSONField(default=dict)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)
