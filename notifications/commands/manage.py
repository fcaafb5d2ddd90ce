"""What people do with their list, and administrators with rules, webhooks and the log."""

import base64
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.policies import require
from accounts.roles import Permission
from journal import commands as journal
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Conflict, NotFound
from notifications.commands.egress import parts_of
from notifications.models import Choice, Delivery, Mute, Notification, Rule, Webhook


@command
def mark_read(notification_id: int, *, actor: Actor, at: datetime) -> None:
    """The person has seen this line and the older ones about the same record; others' lines stay as they are."""
    mine = Notification.objects.filter(user_id=actor.id)
    line = mine.filter(pk=notification_id).first()
    if line is not None:
        same = mine.filter(subject_id=line.subject_id, subject_kind=line.subject_kind)
        same.filter(pk__lte=line.pk, read_at=None).update(read_at=at)


@command
def mark_all_read(*, actor: Actor, at: datetime, up_to: int) -> int:
    """Everything up to the newest line shown is read; what came after stays unread. Returns how many."""
    return Notification.objects.filter(user_id=actor.id, read_at=None, pk__lte=up_to).update(read_at=at)


@command
def mute(record_id: int, *, actor: Actor, at: datetime) -> None:
    """The person hears no more of that record; what is listed about it is read."""
    Mute.objects.bulk_create([Mute(user_id=actor.id, record_id=record_id)], ignore_conflicts=True)
    Notification.objects.filter(user_id=actor.id, subject_id=record_id, read_at=None).update(read_at=at)


@command
def unmute(record_id: int, *, actor: Actor, at: datetime) -> None:
    """The person hears of that record again."""
    Mute.objects.filter(user_id=actor.id, record_id=record_id).delete()


@command
def choose(wanted: Mapping[str, tuple[str, bool]], *, actor: Actor, at: datetime) -> None:
    """How the person wants to be told from now on: by reason, (mail at once, gathered or never; listed or not)."""
    rows = [Choice(user_id=actor.id, why=why, mail=mail, is_listed=is_listed)
            for why, (mail, is_listed) in wanted.items()]  # fmt: skip
    Choice.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "why"], update_fields=["mail", "is_listed"]
    )


@command
def resend(delivery_id: int, *, actor: Actor, at: datetime) -> Delivery:
    """Try a dead or delivered message again, with the same key, so that the receiver can tell a repeat."""
    require(actor, Permission.SETTINGS_EDIT)
    delivery = Delivery.objects.select_for_update(no_key=True).filter(pk=delivery_id).first()
    if delivery is None:
        raise NotFound("No such message.")
    if delivery.sent_at is None and delivery.dead_at is None:
        raise Conflict(_("This message is still waiting to be sent."))
    delivery.sent_at = delivery.dead_at = delivery.leased_until = None
    delivery.attempts, delivery.available_at, delivery.error, delivery.digest = 0, at, "", None
    delivery.save()
    journal.note(("delivery", delivery.pk), "delivery.resent", actor=actor, at=at, key=delivery.key)
    return delivery


@command
def resend_dead(*, actor: Actor, at: datetime, limit: int = 1000) -> int:
    """Try every message that was given up again, oldest first, at most `limit`; returns how many."""
    require(actor, Permission.SETTINGS_EDIT)
    rows = Delivery.objects.select_for_update(no_key=True, skip_locked=True).filter(dead_at__isnull=False)
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:limit])
    Delivery.objects.filter(pk__in=ids).update(
        dead_at=None, leased_until=None, attempts=0, available_at=at, error="", digest=None
    )
    if ids:
        journal.note(("delivery", 0), "delivery.resent", actor=actor, at=at, deliveries=ids)
    return len(ids)


@command
def save_webhook(webhook: Webhook | None, values: dict[str, Any], *, actor: Actor, at: datetime) -> Webhook:
    """Add or change a webhook. A new one gets its secret, which is shown once. Forbidden for unfit addresses."""
    require(actor, Permission.SETTINGS_EDIT)
    parts_of(values["url"])
    webhook = webhook or Webhook(secret=new_secret())
    for name in ("name", "url", "codes", "allows_private", "is_active"):
        setattr(webhook, name, values[name])
    webhook.save()
    journal.note(("webhook", webhook.pk), "webhook.saved", actor=actor, at=at, name=webhook.name, url=webhook.url)
    return webhook


def new_secret() -> str:
    """A signing secret in the form that Standard Webhooks libraries read."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(24)).decode()


@command
def rotate_secret(webhook: Webhook, *, actor: Actor, at: datetime) -> Webhook:
    """A new signing secret from now on; shown once."""
    require(actor, Permission.SETTINGS_EDIT)
    webhook.secret = new_secret()
    webhook.save(update_fields=["secret"])
    journal.note(("webhook", webhook.pk), "webhook.secret_rotated", actor=actor, at=at)
    return webhook


@command
def retire_webhook(webhook: Webhook, *, actor: Actor, at: datetime) -> None:
    """Nothing more is sent there; its log stays."""
    require(actor, Permission.SETTINGS_EDIT)
    webhook.is_active, webhook.retired_at = False, at
    webhook.save(update_fields=["is_active", "retired_at"])
    journal.note(("webhook", webhook.pk), "webhook.retired", actor=actor, at=at, name=webhook.name)


@command
def send_test(webhook: Webhook, *, actor: Actor, at: datetime) -> Delivery:
    """Queue a message of type `webhook.test`, to see whether the receiver gets and verifies it."""
    require(actor, Permission.SETTINGS_EDIT)
    event = journal.note(("webhook", webhook.pk), "webhook.tested", actor=actor, at=at)
    payload = {"type": "webhook.test", "timestamp": at.isoformat(), "data": {"webhook": webhook.name}}
    return Delivery.objects.create(
        key=f"test-{webhook.pk}-{event.seq}", channel=Delivery.Channel.WEBHOOK, webhook=webhook, address=webhook.url,
        subject_kind="webhook", subject_id=webhook.pk, payload=payload, created_at=at, available_at=at,
    )  # fmt: skip


@command
def save_rule(rule: Rule | None, values: dict[str, Any], *, actor: Actor, at: datetime) -> Rule:
    """Add or change who is told about an event, and how."""
    require(actor, Permission.SETTINGS_EDIT)
    rule = rule or Rule()
    for name in ("code", "to", "channel", "team", "role", "priority_at_most", "is_urgent"):
        setattr(rule, name, values[name])
    rule.save()
    journal.note(("notification_rule", rule.pk), "notification_rule.saved", actor=actor, at=at, code=rule.code)
    return rule


@command
def retire_rule(rule: Rule, *, actor: Actor, at: datetime) -> None:
    """The rule tells nobody any more; it stays for the record."""
    require(actor, Permission.SETTINGS_EDIT)
    rule.retired_at = at
    rule.save(update_fields=["retired_at"])
    journal.note(("notification_rule", rule.pk), "notification_rule.retired", actor=actor, at=at, code=rule.code)
