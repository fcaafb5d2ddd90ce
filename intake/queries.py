"""Read sources, rules, groups and the inbox."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from django.db.models import Q, QuerySet

from intake.models import AlertGroup, Inbox, SeverityRule, Source
from intake.signals import Signal
from kernel.errors import NotFound


def sources() -> QuerySet[Source]:
    """Sources in use, by name."""
    return Source.objects.filter(retired_at=None).select_related("default_team").order_by("name")


def source_for(format_code: str, code: str) -> Source:
    """The source with that code, or the only one of the format; NotFound says what to set up."""
    found = sources().filter(format=format_code)
    if code:
        found = found.filter(code=code)
    chosen = list(found.order_by("pk")[:1])
    if not chosen:
        raise NotFound("No such alert source. An administrator adds it under Settings, Alert sources.")
    return chosen[0]


@dataclass(frozen=True, slots=True)
class Weighing:
    """What the rules make of labels: impact and urgency 1-4, or drop; and the rule that decided (None: default)."""

    impact: int
    urgency: int
    is_dropped: bool
    rule: SeverityRule | None


DEFAULT = Weighing(3, 3, is_dropped=False, rule=None)


def rules_for(source: Source | None) -> list[SeverityRule]:
    """The rules that are tried for a source, in their order: its own first, then those for all."""
    mine = Q(source=None) if source is None else Q(source=source) | Q(source=None)
    rules = SeverityRule.objects.filter(mine, retired_at=None).select_related("source")
    return sorted(rules, key=lambda rule: (rule.source_id is None, rule.position, rule.pk))


def weigh(labels: dict[str, str], rules: Iterable[SeverityRule]) -> Weighing:
    """Impact and urgency by the first rule whose label matches its pattern (shell style, case ignored)."""
    for rule in rules:
        value = labels.get(rule.label)
        if value is not None and fnmatchcase(value.casefold(), rule.pattern.casefold()):
            return Weighing(rule.impact, rule.urgency, is_dropped=rule.ignores, rule=rule)
    return DEFAULT


def latest_closed(source: Source, signals: Iterable[Signal], *, at: datetime) -> dict[str, AlertGroup]:
    """By fingerprint, the group closed last within the source's reopening time, its incident loaded."""
    since = at - timedelta(minutes=source.reopen_minutes)
    groups = (
        AlertGroup.objects.filter(
            source=source, fingerprint__in=[signal.fingerprint for signal in signals], closed_at__gte=since
        )
        .select_related("incident__record")
        .order_by("closed_at")
    )
    return {group.fingerprint: group for group in groups}


def siblings(source: Source, group_keys: Iterable[str]) -> dict[str, AlertGroup]:
    """By the sender's group key, an open group whose incident is still open."""
    keys = {key for key in group_keys if key}
    if not keys:
        return {}
    groups = (
        AlertGroup.objects.filter(source=source, group_key__in=keys, closed_at=None, incident__isnull=False)
        .exclude(incident__record__phase="done")
        .select_related("incident__record")
        .order_by("-pk")
    )
    return {group.group_key: group for group in groups}


def firing_left(incident_id: int) -> bool:
    """Whether some alert of the incident is still firing."""
    return AlertGroup.objects.filter(incident_id=incident_id, closed_at=None).exclude(state="resolved").exists()


def groups_of(record_id: int) -> QuerySet[AlertGroup]:
    """Alerts of an incident, newest first."""
    return AlertGroup.objects.filter(incident_id=record_id).select_related("source", "component").order_by("-pk")


def refused_deliveries() -> QuerySet[Inbox]:
    """Messages that were not taken in, newest first."""
    return Inbox.objects.filter(status__gte=400).select_related("source", "user").order_by("-pk")
