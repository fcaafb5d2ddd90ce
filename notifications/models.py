"""Rules, in-app list, deliveries and webhooks; listens to events, is never called (ARCHITECTURE 2)."""

from django.db import models
from django.db.models import Q

from accounts.models import Team, User
from kernel.audit import audited


@audited()
class Rule(models.Model):
    """Who is told about which event, by which channel; `to` names a relation to the record or a team."""

    class To(models.TextChoices):
        REQUESTER = "requester"
        CALLERS = "callers"
        WATCHERS = "watchers"
        CONTACT_OWNER = "contact_owner"
        ASSIGNEE = "assignee"
        OWNER_TEAM = "owner_team"
        TEAM = "team"
        ROLE = "role"

    class Channel(models.TextChoices):
        IN_APP = "in_app"
        EMAIL = "email"

    code = models.CharField(max_length=60)
    to = models.CharField(max_length=15, choices=To.choices)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True, related_name="+")
    role = models.CharField(max_length=30, blank=True)
    priority_at_most = models.SmallIntegerField(default=4)
    is_urgent = models.BooleanField(default=False)
    retired_at = models.DateTimeField(null=True, blank=True)


class Notification(models.Model):
    """One line of a person's list, once per event and person; grouped per record on the page."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    event_id = models.BigIntegerField()
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    code = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    why = models.CharField(max_length=15)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "event_id"], name="notification_once")]
        indexes = [
            models.Index(fields=["user", "-id"], name="notification_list"),
            models.Index(fields=["user"], condition=Q(read_at__isnull=True), name="notification_unread"),
        ]


class Mute(models.Model):
    """A person does not want to hear of that record any more."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    record_id = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "record_id"], name="mute_once")]


class Choice(models.Model):
    """How a person wants to be told when they stand in that relation to a record; without one the rules decide.

    Urgent rules and escalation steps that name a person do not ask (they are for people on duty).
    """

    class Mail(models.TextChoices):
        AT_ONCE = "at_once"
        GATHERED = "gathered"
        NEVER = "never"

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    why = models.CharField(max_length=15)
    mail = models.CharField(max_length=8, choices=Mail.choices, default=Mail.AT_ONCE)
    is_listed = models.BooleanField(default=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "why"], name="choice_once")]


@audited(exclude=("secret",))
class Webhook(models.Model):
    """Where events are sent as signed POSTs; `codes` are event codes or families (`incident.*`)."""

    name = models.CharField(max_length=80)
    url = models.URLField(max_length=500)
    secret = models.CharField(max_length=200)
    codes = models.JSONField(default=list)
    allows_private = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    open_until = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)


class Delivery(models.Model):
    """One message to one outside address: leased, sent outside a transaction, retried, or dead with its error.

    `key` is stable over retries: Message-ID of a mail, webhook-id of a webhook. Mails of a person that are due at the
    same time go out as one: `digest` is the one that they went into.
    """

    class Channel(models.TextChoices):
        EMAIL = "email"
        WEBHOOK = "webhook"

    key = models.CharField(max_length=120, unique=True)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    webhook = models.ForeignKey(Webhook, models.PROTECT, null=True, related_name="+")
    address = models.CharField(max_length=500)
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    payload = models.JSONField()
    created_at = models.DateTimeField()
    available_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    attempts = models.SmallIntegerField(default=0)
    is_gathered = models.BooleanField(default=False)
    digest = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    last_status = models.SmallIntegerField(null=True)
    error = models.TextField(blank=True, default="")

    class Meta:
        indexes = [
            models.Index(fields=["available_at"], condition=Q(sent_at=None, dead_at=None), name="delivery_open"),
            models.Index(fields=["-created_at"], name="delivery_log"),
            models.Index(fields=["webhook", "-created_at"], name="delivery_webhook"),
            models.Index(fields=["user", "created_at"], condition=Q(channel="email"), name="delivery_person"),
            models.Index(fields=["-id"], condition=Q(dead_at__isnull=False), name="delivery_dead"),
        ]
