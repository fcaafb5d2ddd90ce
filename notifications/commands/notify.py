"""One event becomes lines in people's lists, mails and webhook calls. Idempotent by event id (ARCHITECTURE 5)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import translation

from accounts.models import User
from journal.units import command
from kernel.events import event_type
from kernel.reactions import Fact
from notifications import events, queries
from notifications.models import Choice, Delivery, Notification, Rule, Webhook
from records import commands as records
from records.models import Record
from records.queries.words import in_words

STORM_MAILS, STORM_MINUTES, DIGEST_MINUTES = 10, 10, 15
"""After so many mails in so many minutes the person's further ones are gathered for so long."""
GATHER_MINUTES = 60
"""Those who asked for gathered mail get one in so many minutes."""
UNDO_SECONDS = 10
"""Outside messages wait until an undoable act can no longer be undone, except at P1."""
NAMED = "named"
"""Why somebody is told whom an escalation step names, or a colleague."""


@dataclass(frozen=True, slots=True)
class Telling:
    """How one person is told: why, whether also by mail, and whether nothing may hold it back."""

    why: str
    is_mailed: bool = False
    is_urgent: bool = False
    is_listed: bool = True
    is_gathered: bool = False

    def louder(self, other: "Telling") -> "Telling":
        """Both at once: a second rule adds a mail or urgency, it never takes one away."""
        return replace(
            self, is_mailed=self.is_mailed or other.is_mailed, is_urgent=self.is_urgent or other.is_urgent,
            is_listed=self.is_listed or other.is_listed, is_gathered=self.is_gathered and other.is_gathered,
        )  # fmt: skip


@command
def tell(fact: Fact) -> None:
    """Tell everybody whom a rule names, and every webhook that asked."""
    rules = queries.rules_for(fact.code)
    if not rules and not queries.webhooks_for(fact.code):
        return
    about = queries.record(fact.subject_id)
    if about is None or about.kind != fact.subject_kind:
        return
    named = [
        (rule, queries.recipients(rule, about, fact.data) - {fact.actor.id})
        for rule in rules
        if about.priority <= rule.priority_at_most
    ]
    _tell_people(fact, about, _as_chosen(named))
    _call(fact, about)


@command
def tell_named(fact: Fact, user_ids: set[int], *, team: int | None = None, is_urgent: bool = True) -> None:
    """Tell the people that an escalation step names, or a colleague, in the list and by mail; at once when urgent.

    A team that is named joins those who see the record: it could not act on what it cannot open.
    """
    about = queries.record(fact.subject_id)
    if about is None:
        return
    if team is not None and team not in about.audience and not about.confidential_class:
        records.lock(about, at=fact.at)
        records.share(about, teams=[team])
    telling = Telling(NAMED, is_mailed=True, is_urgent=is_urgent)
    _tell_people(fact, about, dict.fromkeys(user_ids, telling))


def _as_chosen(named: list[tuple[Rule, set[int]]]) -> dict[int, Telling]:
    """By person: what the rules say, as far as the person's own choices leave it. The first rule gives the reason."""
    choices = queries.choices_for({user for _rule, users in named for user in users})
    found: dict[int, Telling] = {}
    for rule, users in named:
        for user in users:
            telling = _as_wanted(rule, choices.get((user, rule.to)))
            found[user] = found[user].louder(telling) if user in found else telling
    return {user: telling for user, telling in found.items() if telling.is_listed or telling.is_mailed}


def _as_wanted(rule: Rule, choice: Choice | None) -> Telling:
    by_mail = rule.channel == Rule.Channel.EMAIL
    if choice is None or rule.is_urgent:
        return Telling(rule.to, is_mailed=by_mail, is_urgent=rule.is_urgent)
    return Telling(
        rule.to, is_mailed=by_mail and choice.mail != Choice.Mail.NEVER, is_listed=choice.is_listed,
        is_gathered=choice.mail == Choice.Mail.GATHERED,
    )  # fmt: skip


def _tell_people(fact: Fact, about: Record, people: Mapping[int, Telling]) -> None:
    readers = queries.readers(about, people, code=fact.code, data=fact.data)
    _list(fact, about, [(user, people[user.pk]) for user in readers if people[user.pk].is_listed])
    if settings.EMAIL_HOST and fact.code != events.NOT_MAILED:  # a mail about a mail that failed would fail as well
        for user in readers:
            if user.email and people[user.pk].is_mailed:
                _mail(fact, about, user, people[user.pk])


def _list(fact: Fact, about: Record, people: list[tuple[User, Telling]]) -> None:
    rows = [
        Notification(
            user=user, event_id=fact.event_id, subject_kind=fact.subject_kind, subject_id=about.pk, code=fact.code,
            title=words(fact, about, user.language)[:300], why=telling.why, at=fact.at,
        )
        for user, telling in people
    ]  # fmt: skip
    Notification.objects.bulk_create(rows, ignore_conflicts=True)


def words(fact: Fact, about: Record, language: str) -> str:
    """One line that says what happened, in that language; nothing of it is for staff only when the event is public."""
    kind = event_type(fact.code)
    data = {key: fact.data[key] for key in kind.public_keys if key in fact.data} if kind.public else fact.data
    with translation.override(language):
        return f"{about.number} {about.title}: {in_words(kind, data)}"


def _mail(fact: Fact, about: Record, user: User, telling: Telling) -> None:
    payload = {
        "subject": words(fact, about, user.language)[:180], "url": f"/{about.number}", "language": user.language,
        "why": telling.why,
    }  # fmt: skip
    available, is_gathered = _when(fact, about, user, telling)
    _queue(
        key=f"mail-{fact.event_id}-{user.pk}", channel=Delivery.Channel.EMAIL, user=user, address=user.email or "",
        fact=fact, about=about, payload=payload, available=available, is_gathered=is_gathered,
    )  # fmt: skip


def _when(fact: Fact, about: Record, user: User, telling: Telling) -> tuple[datetime, bool]:
    """When the mail may go, and whether it waits to go together with others (RELIABILITY F9)."""
    if telling.is_urgent:
        return fact.at, False
    is_p1, since = about.priority == 1, fact.at - timedelta(minutes=STORM_MINUTES)
    is_storm = queries.recent_mails(user.pk, since=since) >= STORM_MAILS
    if telling.is_gathered or (is_storm and not is_p1):
        together = queries.gathered_until(user.pk)
        wait = timedelta(minutes=GATHER_MINUTES if telling.is_gathered else DIGEST_MINUTES)
        return together or queries.after_quiet_hours(user, fact.at + wait), True
    if is_p1:
        return fact.at, False
    return queries.after_quiet_hours(user, fact.at + timedelta(seconds=UNDO_SECONDS)), False


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
    user: User | None = None, hook: Webhook | None = None, is_gathered: bool = False,
) -> None:  # fmt: skip
    row = Delivery(
        key=key, channel=channel, user=user, webhook=hook, address=address, subject_kind=about.kind,
        subject_id=about.pk, payload=json.loads(json.dumps(payload)), created_at=fact.at, available_at=available,
        is_gathered=is_gathered,
    )  # fmt: skip
    Delivery.objects.bulk_create([row], ignore_conflicts=True)
