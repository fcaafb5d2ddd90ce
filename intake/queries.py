"""Read sources, rules, groups and the inbox."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fnmatch import fnmatchcase

from django.db.models import Count, Q, QuerySet, TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce

from accounts.models import Team
from intake.models import AlertGroup, Inbox, SeverityRule, Source
from intake.signals import Signal
from kernel.actor import Actor
from kernel.errors import NotFound
from records.models import Record
from records.queries import visible_q
from registry.models import Service
from registry.queries import component_from_labels


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


def nearest(
    source: Source, signals: Collection[Signal], *, at: datetime
) -> tuple[dict[str, AlertGroup], dict[str, AlertGroup]]:
    """Two kinds of groups that a new alert may belong to, with their incidents, in one statement.

    By the sender's group key, an open group whose incident is still open; by fingerprint, the group closed last within
    the source's reopening time.
    """
    groups = AlertGroup.objects.filter(source=source).select_related("incident__record")
    keys = {signal.group_key for signal in signals if signal.group_key}
    running = groups.filter(group_key__in=keys, closed_at=None, incident__isnull=False)
    ended = groups.filter(
        fingerprint__in=[signal.fingerprint for signal in signals],
        closed_at__gte=at - timedelta(minutes=source.reopen_minutes),
    )
    found = list(running.exclude(incident__record__phase="done").union(ended, all=True))
    together = sorted((group for group in found if group.closed_at is None), key=lambda group: -group.pk)
    before = sorted((group for group in found if group.closed_at is not None), key=lambda group: group.closed_at or at)
    return {group.group_key: group for group in together}, {group.fingerprint: group for group in before}


def firing_left(incident_id: int) -> bool:
    """Whether some alert of the incident is still firing."""
    return AlertGroup.objects.filter(incident_id=incident_id, closed_at=None).exclude(state="resolved").exists()


def groups_of(record_id: int) -> QuerySet[AlertGroup]:
    """Alerts of an incident, newest first."""
    return AlertGroup.objects.filter(incident_id=record_id).select_related("source", "component").order_by("-pk")


def refused_deliveries() -> QuerySet[Inbox]:
    """Messages that were not taken in, newest first."""
    return Inbox.objects.filter(status__gte=400).select_related("source", "user").order_by("-pk")


def is_over(incident_id: int) -> bool:
    """Whether the incident has ended and has not come back since."""
    return AlertGroup.objects.filter(incident_id=incident_id, incident__record__phase="done").exists()


def merged_into(record_id: int) -> int | None:
    """The record that this one was merged into, at last."""
    return Record.objects.filter(pk=record_id).values_list("merged_into_id", flat=True).first()


def source(code: str) -> Source:
    """The source in use with that code; NotFound when there is none."""
    found = sources().filter(code=code).first()
    if found is None:
        raise NotFound("No such alert source.")
    return found


def rules() -> list[SeverityRule]:
    """All rules in use in the order in which they are tried."""
    found = SeverityRule.objects.filter(retired_at=None).select_related("source")
    return sorted(found, key=lambda rule: (rule.source_id is None, rule.source_id or 0, rule.position, rule.pk))


def rule_rows() -> QuerySet[SeverityRule]:
    """All rules in use, as rows."""
    return SeverityRule.objects.filter(retired_at=None).select_related("source")


def teams() -> QuerySet[Team]:
    """Teams that alerts without a component can go to."""
    return Team.objects.filter(retired_at=None)


def code_is_free(code: str, but_of: int | None) -> bool:
    """Whether no other source has the code."""
    return not Source.objects.filter(code=code).exclude(pk=but_of or 0).exists()


def rule(pk: int) -> SeverityRule:
    """A rule in use; NotFound when there is none."""
    found = SeverityRule.objects.filter(pk=pk, retired_at=None).select_related("source").first()
    if found is None:
        raise NotFound("No such rule.")
    return found


def group(actor: Actor, pk: int) -> AlertGroup:
    """An alert of an incident that the actor may see; NotFound otherwise."""
    seen = visible_q(actor, "incident__record__")
    found = AlertGroup.objects.filter(seen, pk=pk).select_related("incident__record").first()
    if found is None:
        raise NotFound("No such alert.")
    return found


def delivery(pk: int) -> Inbox:
    """A kept message; NotFound when there is none."""
    found = Inbox.objects.select_related("source", "user").filter(pk=pk).first()
    if found is None:
        raise NotFound("No such message.")
    return found


def false_alarms() -> list[tuple[str, int, int]]:
    """Alert names (titles where the sender has none): how many groups, how many false alarms; worst first."""
    name = Coalesce(KeyTextTransform("alertname", "labels"), "title", output_field=TextField())
    rows = (
        AlertGroup.objects.annotate(name=name)
        .values_list("name")
        .annotate(total=Count("id"), wrong=Count("id", filter=Q(is_false_alarm=True)))
        .filter(name__isnull=False)
    )
    return sorted(((n, total, false) for n, total, false in rows if false), key=lambda row: (-row[2], row[0]))[:50]


def service_of(source: Source, labels: dict[str, str]) -> Service | None:
    """The service that labels speak of: the first of the source's names whose value is a service's code."""
    codes = [labels[name] for name in source.service_labels if labels.get(name)]
    found = {service.code: service for service in Service.objects.filter(code__in=codes, retired_at=None)}
    return next((found[code] for code in codes if code in found), None) if codes else None


def tried(source: Source, signals: Iterable[Signal]) -> list[tuple[Signal, Weighing, str]]:
    """What rules and registry would make of signals: the weighing, and the component's or service's name or nothing."""
    rules = rules_for(source)
    found = []
    for signal in signals:
        component = component_from_labels(signal.labels, source.component_labels)
        service = service_of(source, signal.labels)
        named = component.name if component else service.code if service else ""
        found.append((signal, weigh(signal.labels, rules), named))
    return found
