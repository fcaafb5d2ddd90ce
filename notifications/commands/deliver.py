"""Send what is due: leased in a transaction, sent outside any, marked in a third (RELIABILITY 6, relay)."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import formataddr
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import translation
from standardwebhooks import Webhook as Signer

from kernel.errors import Refused
from notifications import queries
from notifications.commands import egress
from notifications.models import Delivery, Webhook

LEASE_SECONDS = 60
BATCH = 20
MOST_ATTEMPTS = 12
"""With 10 s doubling up to 6 h, the last attempt comes about two days after the first (RELIABILITY F14)."""
OPEN_AFTER, OPEN_SECONDS = 5, 60
"""A webhook that failed five times in a row is left alone for a minute, then tried once."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended; an empty error means delivered."""

    error: str = ""
    status: int | None = None
    is_final: bool = False


def deliver_due(at: datetime, *, limit: int = BATCH) -> int:
    """Send up to `limit` deliveries; returns how many were tried. Runs outside any transaction."""
    tried = 0
    for pk in queries.due_ids(at, limit):
        delivery = _lease(pk, at)
        if delivery is not None:
            _mark(delivery, _send(delivery, at), at)
            tried += 1
    return tried


def _lease(pk: int, at: datetime) -> Delivery | None:
    with transaction.atomic():
        free = Q(leased_until=None) | Q(leased_until__lt=at)
        taken = Delivery.objects.filter(free, pk=pk, sent_at=None, dead_at=None).update(
            leased_until=at + timedelta(seconds=LEASE_SECONDS), attempts=F("attempts") + 1
        )
    return Delivery.objects.select_related("webhook").get(pk=pk) if taken else None


def _send(delivery: Delivery, at: datetime) -> Outcome:
    try:
        if delivery.channel == Delivery.Channel.EMAIL:
            return _send_mail(delivery)
        return _send_webhook(delivery, at)
    except Refused as error:
        return Outcome(error.message, is_final=True)
    except (OSError, SMTPException) as error:
        return Outcome(f"{type(error).__name__}: {error}"[:500])


def _send_mail(delivery: Delivery) -> Outcome:
    payload = delivery.payload
    with translation.override(payload["language"]):
        body = render_to_string(
            "notifications/mail.txt", {"delivery": delivery, "base": settings.SPINDEL_URL, **payload}
        )
    message = EmailMessage(
        subject=" ".join(str(payload["subject"]).split()),
        body=body,
        from_email=formataddr(("Spindel", settings.DEFAULT_FROM_EMAIL)),
        to=[delivery.address],
        headers={
            "Message-ID": f"<{delivery.key}@{settings.SPINDEL_MAIL_DOMAIN}>",
            "Auto-Submitted": "auto-generated",
            "X-Auto-Response-Suppress": "All",
        },
    )
    with get_connection(timeout=10) as connection:
        message.connection = connection
        message.send()
    return Outcome()


def _send_webhook(delivery: Delivery, at: datetime) -> Outcome:
    hook = delivery.webhook
    if hook is None or not hook.is_active or hook.retired_at is not None:
        return Outcome("The webhook was switched off.", is_final=True)
    body = json.dumps(delivery.payload, separators=(",", ":"), ensure_ascii=False)
    headers = signed_headers(hook, delivery, body, at)
    status = egress.post(hook.url, body.encode(), headers, allows_private=hook.allows_private)
    if 200 <= status < 300:
        return Outcome(status=status)
    return Outcome(f"The receiver answered {status}.", status=status, is_final=status == 410)


def signed_headers(hook: Webhook, delivery: Delivery, body: str, moment: datetime) -> dict[str, str]:
    """Headers of the Standard Webhooks form: the id is the same at every retry, the time is the attempt's."""
    signature = Signer(hook.secret).sign(delivery.key, moment, body)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Spindel",
        "webhook-id": delivery.key,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": signature,
    }


def _mark(delivery: Delivery, outcome: Outcome, at: datetime) -> None:
    row = Delivery.objects.filter(pk=delivery.pk)
    if not outcome.error:
        row.update(sent_at=at, leased_until=None, last_status=outcome.status, error="")
    elif outcome.is_final or delivery.attempts >= MOST_ATTEMPTS:
        row.update(dead_at=at, leased_until=None, last_status=outcome.status, error=outcome.error)
    else:
        wait = min(10 * 2 ** (delivery.attempts - 1), 6 * 3600)
        available = at + timedelta(seconds=wait)
        row.update(available_at=available, leased_until=None, last_status=outcome.status, error=outcome.error)
    if delivery.webhook_id is not None:
        _judge(delivery.webhook_id, outcome, at)


def _judge(hook_id: int, outcome: Outcome, at: datetime) -> None:
    hook = Webhook.objects.filter(pk=hook_id)
    if not outcome.error:
        hook.update(failing_since=None, open_until=None)
        return
    hook.filter(failing_since=None).update(failing_since=at)
    last = Delivery.objects.filter(webhook=hook_id, attempts__gt=0).order_by("-available_at")[:OPEN_AFTER]
    if len(last) == OPEN_AFTER and all(each.error for each in last):
        hook.update(open_until=at + timedelta(seconds=OPEN_SECONDS))
