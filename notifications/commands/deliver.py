"""Send what is due: leased in a transaction, sent outside any, marked in a third (RELIABILITY 6, relay)."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import formataddr
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import DatabaseError, transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import ngettext
from standardwebhooks import Webhook as Signer

from accounts.queries import SYSTEM
from journal.units import command, door
from kernel.actor import Actor
from kernel.errors import Refused
from notifications import events, queries
from notifications.commands import egress
from notifications.models import Delivery, Webhook
from records import commands as records

LEASE_SECONDS = 60
TOGETHER, MOST_LINES = 4, 50
"""So many mails due at once for one person go out as one, which spells out the first fifty."""
BATCH = 20
MOST_ATTEMPTS = 12
"""With 10 s doubling up to 6 h, the last attempt comes about two days after the first (RELIABILITY F14)."""
OPEN_AFTER, OPEN_SECONDS = 5, 60
"""A webhook that failed five times in a row is left alone for a minute, then tried once."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended; an empty error means delivered. `is_down`: the receiver itself could not be reached."""

    error: str = ""
    status: int | None = None
    is_final: bool = False
    is_down: bool = False


def deliver_due(at: datetime, *, limit: int = BATCH) -> int:
    """Send up to `limit` deliveries; returns how many were tried. Runs outside any transaction."""
    for user_id in queries.due_people(at, least=TOGETHER):
        put_together(user_id, at)
    tried, down = 0, set[int | None]()
    for pk, hook in queries.due_ids(at, limit):
        delivery = None if hook in down else _lease(pk, at)  # one that hangs is asked once a sweep, so others go on
        if delivery is not None:
            outcome = _send(delivery, at)
            _mark(delivery, outcome, at)
            down |= {hook} if outcome.is_down else set()
            tried += 1
    return tried


def put_together(user_id: int, at: datetime) -> None:
    """Make one mail of all that are due for the person: after an outage, quiet hours or a storm (RELIABILITY F9)."""
    with transaction.atomic():
        rows = queries.foldable(at).select_for_update(no_key=True, skip_locked=True)
        mails = list(rows.filter(user_id=user_id).order_by("pk"))
        if len(mails) <= 1:
            return
        digest = Delivery.objects.create(**_digest_of(mails, at))
        gone = Delivery.objects.filter(Q(pk__in=[mail.pk for mail in mails]) | Q(digest__in=mails))
        gone.update(digest=digest, sent_at=at, leased_until=None)


def _digest_of(mails: list[Delivery], at: datetime) -> dict[str, Any]:
    first = mails[0]
    lines = [line for mail in mails for line in mail.payload.get("lines", ()) or [_line_of(mail)]]
    language = first.payload["language"]
    with translation.override(language):
        subject = ngettext("%(n)s thing happened", "%(n)s things happened", len(lines)) % {"n": len(lines)}
    payload = {"subject": subject, "lines": lines, "url": "/notifications/", "language": language, "why": "digest"}
    return {
        "key": f"digest-{first.key}", "channel": first.channel, "user_id": first.user_id, "address": mails[-1].address,
        "subject_kind": first.subject_kind, "subject_id": first.subject_id, "payload": payload, "created_at": at,
        "available_at": at,
    }  # fmt: skip


def _line_of(mail: Delivery) -> dict[str, str]:
    return {"text": str(mail.payload["subject"]), "url": str(mail.payload["url"])}


def _lease(pk: int, at: datetime) -> Delivery | None:
    with transaction.atomic():
        free = Q(leased_until=None) | Q(leased_until__lt=at)
        taken = Delivery.objects.filter(free, pk=pk, sent_at=None, dead_at=None).update(
            leased_until=at + timedelta(seconds=LEASE_SECONDS), attempts=F("attempts") + 1
        )
    return Delivery.objects.select_related("webhook", "user").get(pk=pk) if taken else None


def _send(delivery: Delivery, at: datetime) -> Outcome:
    try:
        if delivery.channel == Delivery.Channel.EMAIL:
            return _send_mail(delivery)
        return _send_webhook(delivery, at)
    except Refused as error:
        return Outcome(error.message, is_final=True)
    except (SMTPRecipientsRefused, SMTPResponseException) as error:
        return Outcome(f"{type(error).__name__}: {error}"[:500])
    except (OSError, SMTPException) as error:
        return Outcome(f"{type(error).__name__}: {error}"[:500], is_down=True)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001  # whatever is wrong with one message, the others must go out
        return Outcome(f"{type(error).__name__}: {error}"[:500])


def _send_mail(delivery: Delivery) -> Outcome:
    payload = delivery.payload
    with translation.override(payload["language"]):
        body = render_to_string(
            "notifications/mail.txt", {"base": settings.SPINDEL_URL, "most": MOST_LINES, "lines": (), **payload}
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
    else:
        _tell_records(delivery, outcome, at)


def _tell_records(delivery: Delivery, outcome: Outcome, at: datetime) -> None:
    """A mail that went out, or was given up, stands on the time line of what it was about (DOMAIN X1)."""
    code = events.NOT_MAILED if outcome.error else events.MAILED
    if outcome.error and not Delivery.objects.filter(pk=delivery.pk, dead_at__isnull=False).exists():
        return
    mails = Delivery.objects.filter(Q(digest=delivery.pk) | Q(pk=delivery.pk, digest=None)).order_by("pk")
    about = {(mail.subject_kind, mail.subject_id): mail for mail in mails if not mail.payload.get("lines")}
    for mail in about.values():
        with door(SYSTEM, source="deliver"):
            note_mail(mail.subject_id, code, name=_receiver(delivery), about=str(mail.payload["subject"]),
                      error=outcome.error[:200], actor=SYSTEM, at=at)  # fmt: skip


def _receiver(delivery: Delivery) -> str:
    return delivery.user.name if delivery.user is not None else delivery.address


@command
def note_mail(record_id: int, code: str, /, *, name: str, about: str, error: str, actor: Actor, at: datetime) -> None:
    """Write on a record's time line what became of a mail about it."""
    record = queries.record(record_id)
    if record is not None:
        at = records.lock(record, at=at)
        facts = {"name": name, "error": error} if error else {"name": name, "about": about}
        records.note(record, code, actor=actor, at=at, **facts)


def _judge(hook_id: int, outcome: Outcome, at: datetime) -> None:
    hook = Webhook.objects.filter(pk=hook_id)
    if not outcome.error:
        hook.update(failing_since=None, open_until=None)
        return
    hook.filter(failing_since=None).update(failing_since=at)
    last = Delivery.objects.filter(webhook=hook_id, attempts__gt=0).order_by("-available_at")[:OPEN_AFTER]
    if len(last) == OPEN_AFTER and all(each.error for each in last):
        hook.update(open_until=at + timedelta(seconds=OPEN_SECONDS))
