"""One event becomes lines in people's lists, mails and webhook calls. Idempotent by event id (ARCHITECTURE 5)."""

import json
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User
from journal.units import command
from kernel.events import event_type
from kernel.reactions import Fact
from notifications import queries
from notifications.models import Delivery, Notification, Rule, Webhook
from records.models import Record

STORM_MAILS, STORM_MINUTES, DIGEST_MINUTES = 10, 10, 15
UNDO_SECONDS = 10
"""Outside messages wait until an undoable act can no longer be undone, except at P1."""


@command
def tell(fact: Fact) -> None:
    """Tell everybody whom a rule names, and every webhook that asked."""
    about = queries.record(fact.subject_id)
    if about is None or about.kind != fact.subject_kind:
        return
    people: dict[int, Rule] = {}
    mailed: dict[int, Rule] = {}
    for rule in queries.rules_for(fact.code):
        if about.priority <= rule.priority_at_most:
            found = queries.recipients(rule, about, fact.data) - {fact.actor.id}
            for user_id in found:
                (mailed if rule.channel == Rule.Channel.EMAIL else people).setdefault(user_id, rule)
    _list(fact, about, {**mailed, **people})
    _mail(fact, about, mailed)
    _call(fact, about)


@command
def tell_named(fact: Fact, user_ids: set[int]) -> None:
    """Tell the people that an escalation step names, in the list and by mail, at once."""
    about = queries.record(fact.subject_id)
    if about is None:
        return
    rule = Rule(code=fact.code, to=Rule.To.TEAM, channel=Rule.Channel.EMAIL, is_urgent=True)
    chosen = dict.fromkeys(user_ids, rule)
    _list(fact, about, chosen)
    _mail(fact, about, chosen)


def _list(fact: Fact, about: Record, people: dict[int, Rule]) -> None:
    rows = [
        Notification(
            user=user, event_id=fact.event_id, subject_kind=fact.subject_kind, subject_id=about.pk, code=fact.code,
            title=words(fact, about, user.language)[:300], why=people[user.pk].to, at=fact.at,
        )
        for user in queries.readers(about, people)
    ]  # fmt: skip
    Notification.objects.bulk_create(rows, ignore_conflicts=True)


def words(fact: Fact, about: Record, language: str) -> str:
    """One line that says what happened, in that language."""
    with translation.override(language):
        try:
            what = _(event_type(fact.code).label) % fact.data
        except (KeyError, TypeError, ValueError):
            what = _(event_type(fact.code).label)
        return f"{about.number} {about.title}: {what}"


def _mail(fact: Fact, about: Record, people: dict[int, Rule]) -> None:
    if not people or not settings.EMAIL_HOST:
        return
    for user in queries.readers(about, people):
        if user.email:
            _mail_one(fact, about, user, people[user.pk])


def _mail_one(fact: Fact, about: Record, user: User, rule: Rule) -> None:
    line, urgent = words(fact, about, user.language), rule.is_urgent or about.priority == 1
    since = fact.at - timedelta(minutes=STORM_MINUTES)
    if not urgent and queries.recent_mails(user.pk, since=since) >= STORM_MAILS:
        _gather(fact, about, user, line)
        return
    available = fact.at if urgent else queries.after_quiet_hours(user, fact.at + timedelta(seconds=UNDO_SECONDS))
    payload = {
        "subject": line[:180],
        "lines": [line],
        "url": f"/{about.number}",
        "language": user.language,
        "why": rule.to,
    }
    _queue(
        key=f"mail-{fact.event_id}-{user.pk}", channel=Delivery.Channel.EMAIL, user=user, address=user.email or "",
        fact=fact, about=about, payload=payload, available=available,
    )  # fmt: skip


def _gather(fact: Fact, about: Record, user: User, line: str) -> None:
    """At a storm the further mails of a person become one digest (RELIABILITY F9)."""
    digest = queries.open_digest(user.pk)
    if digest is not None:
        lines = digest.payload["lines"]
        if line not in lines:
            Delivery.objects.filter(pk=digest.pk).update(payload={**digest.payload, "lines": [*lines, line]})
        return
    with translation.override(user.language):
        subject = _("Several things happened")
    payload = {
        "subject": subject,
        "lines": [line],
        "url": "/notifications/",
        "language": user.language,
        "why": "digest",
    }
    available = queries.after_quiet_hours(user, fact.at + timedelta(minutes=DIGEST_MINUTES))
    _queue(
        key=f"digest-{fact.event_id}-{user.pk}", channel=Delivery.Channel.EMAIL, user=user, address=user.email or "",
        fact=fact, about=about, payload=payload, available=available,
    )  # fmt: skip


def _call(fact: Fact, about: Record) -> None:
    hooks = queries.webhooks_for(fact.code)
    if not hooks or about.confidential_class:
        return
    body = webhook_body(fact, about)
    delay = timedelta(seconds=0 if about.priority == 1 else UNDO_SECONDS)
    for hook in hooks:
        _queue(
            key=f"hook-{fact.event_id}-{hook.pk}", channel=Delivery.Channel.WEBHOOK, hook=hook, address=hook.url,
            fact=fact, about=about, payload=body, available=fact.at + delay,
        )  # fmt: skip


def webhook_body(fact: Fact, about: Record) -> dict[str, Any]:
    """What a webhook gets: type, time, and the record's facts; never words that only staff may read."""
    record = {
        "kind": about.kind, "number": about.number, "title": about.title, "state": about.state, "phase": about.phase,
        "priority": about.priority, "url": f"{settings.SPINDEL_URL}/{about.number}",
    }  # fmt: skip
    plain = ("old", "new", "reason", "metric", "step", "task", "before", "after")
    data = {key: value for key, value in fact.data.items() if key in plain}
    return {
        "type": fact.code,
        "timestamp": fact.at.isoformat(),
        "data": {"record": record, "event": fact.event_id, **data},
    }


def _queue(
    *, key: str, channel: str, address: str, fact: Fact, about: Record, payload: dict[str, Any], available: datetime,
    user: User | None = None, hook: Webhook | None = None,
) -> None:  # fmt: skip
    row = Delivery(
        key=key, channel=channel, user=user, webhook=hook, address=address, subject_kind=about.kind,
        subject_id=about.pk, payload=json.loads(json.dumps(payload)), created_at=fact.at, available_at=available,
    )  # fmt: skip
    Delivery.objects.bulk_create([row], ignore_conflicts=True)
