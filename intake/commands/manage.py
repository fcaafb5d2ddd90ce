"""Keep sources and rules, mark false alarms, let go of groups whose incident ended."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.policies import require
from accounts.roles import Permission
from intake import events
from intake.models import AlertGroup, SeverityRule, Source
from journal import commands as journal
from journal.units import command
from kernel.actor import Actor
from records import commands as records

SOURCE_FIELDS = (
    "code", "name", "format", "on_resolved", "reopen_minutes", "component_labels", "service_labels", "default_team",
)  # fmt: skip
RULE_FIELDS = ("source", "position", "label", "pattern", "impact", "urgency", "ignores")


@command
def save_source(source: Source | None, values: dict[str, Any], *, actor: Actor, at: datetime) -> Source:
    """Add or change a monitoring system."""
    require(actor, Permission.SETTINGS_EDIT)
    source = source or Source()
    for name in SOURCE_FIELDS:
        if name in values:
            setattr(source, name, values[name])
    source.save()
    journal.note(("alert_source", source.pk), events.SOURCE_SAVED, actor=actor, at=at, source=source.code)
    return source


@command
def retire_source(source: Source, *, actor: Actor, at: datetime) -> None:
    """It may raise nothing any more; its own rules go with it, its alerts are left to the incidents they opened."""
    require(actor, Permission.SETTINGS_EDIT)
    source.retired_at = at
    source.save(update_fields=["retired_at"])
    for rule in SeverityRule.objects.filter(source=source, retired_at=None):
        retire_rule(rule, actor=actor, at=at)
    groups = AlertGroup.objects.filter(source=source, closed_at=None)
    list(groups.select_for_update(no_key=True).order_by("fingerprint").values_list("pk"))  # the order of `receive`
    _end(groups, at)
    journal.note(("alert_source", source.pk), events.SOURCE_RETIRED, actor=actor, at=at, source=source.code)


@command
def save_rule(rule: SeverityRule | None, values: dict[str, Any], *, actor: Actor, at: datetime) -> SeverityRule:
    """Add or change what a label's value means."""
    require(actor, Permission.SETTINGS_EDIT)
    rule = rule or SeverityRule()
    for name in RULE_FIELDS:
        if name in values:
            setattr(rule, name, values[name])
    rule.save()
    _tell(rule, actor, at)
    return rule


@command
def retire_rule(rule: SeverityRule, *, actor: Actor, at: datetime) -> None:
    """The rule decides nothing any more."""
    require(actor, Permission.SETTINGS_EDIT)
    rule.retired_at = at
    rule.save(update_fields=["retired_at"])
    _tell(rule, actor, at)


def _tell(rule: SeverityRule, actor: Actor, at: datetime) -> None:
    subject = ("severity_rule", rule.pk)
    journal.note(subject, events.RULE_SAVED, actor=actor, at=at, label=rule.label, pattern=rule.pattern)


@command
def mark_false_alarm(group: AlertGroup, *, actor: Actor, at: datetime) -> None:
    """The alert was wrong: counted per rule name, so that the monitoring gets better (DOMAIN M2)."""
    require(actor, Permission.INCIDENT_WORK)
    if group.incident is not None:
        at = records.lock(group.incident.record, at=at)
        records.note(group.incident.record, events.ALERT_FALSE, actor=actor, at=at, title=group.title)
    AlertGroup.objects.filter(pk=group.pk).update(is_false_alarm=True)


@command
def let_go(incident_id: int, *, actor: Actor, at: datetime) -> int:
    """The incident ended: its open groups end too, so that the same alert later is judged anew. Idempotent."""
    return _end(AlertGroup.objects.filter(incident_id=incident_id, closed_at=None), at)


def _end(groups: "QuerySet[AlertGroup]", at: datetime) -> int:
    return groups.update(closed_at=at, state=AlertGroup.State.ACKNOWLEDGED)


@command
def hand_over(incident_id: int, target_id: int, *, actor: Actor, at: datetime) -> int:
    """The incident was merged: its alerts belong to the other one from now on. Idempotent."""
    return AlertGroup.objects.filter(incident_id=incident_id).update(incident_id=target_id)
