"""Take alerts in: one transaction from the message as it came to incidents; answered only after the commit."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from incidents import commands as incidents
from incidents.commands import IncidentOpening
from incidents.models import Cause, Incident
from intake import events, queries
from intake.models import AlertGroup, Inbox, SeverityRule, Source
from intake.signals import Signal
from journal.units import command
from kernel.actor import Actor
from kernel.workflow import gettext_noop
from records import commands as records
from registry.models import Component
from registry.queries import component_from_labels

MAX_KEPT = 64 * 1024
CLEARED = gettext_noop("The monitoring system reports that the fault has gone.")

UPSERT = """
INSERT INTO intake_alertgroup AS g (source_id, fingerprint, group_key, state, title, labels, annotations, url, count,
    starts_at, first_seen_at, last_seen_at, is_false_alarm)
SELECT %s, f, k, 'firing', t, l::jsonb, a::jsonb, u, n, s::timestamptz, %s, %s, false
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::int[], %s::text[])
    AS x(f, k, t, l, a, u, n, s)
ORDER BY f
ON CONFLICT (source_id, fingerprint) WHERE closed_at IS NULL
DO UPDATE SET count = g.count + excluded.count, last_seen_at = GREATEST(g.last_seen_at, excluded.last_seen_at),
    labels = excluded.labels, annotations = excluded.annotations
RETURNING g.id, g.fingerprint, g.incident_id, (xmax = 0) AS is_new
"""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message as it came, and what the parser made of it."""

    source: Source
    raw: bytes
    signals: Sequence[Signal] = ()


@dataclass(slots=True)
class Receipt:
    """What became of a message: numbers of the incidents, and counts that add up to its alerts."""

    incidents: list[str] = field(default_factory=list)
    opened: int = 0
    reopened: int = 0
    repeated: int = 0
    grouped: int = 0
    resolved: int = 0
    dropped: int = 0
    unknown: int = 0

    def as_json(self) -> dict[str, Any]:
        """The answer of the API and the result kept in the inbox."""
        return {name: getattr(self, name) for name in self.__slots__}


@command
def receive(delivery: Delivery, *, actor: Actor, at: datetime) -> Receipt:
    """Fold every signal into its group by fingerprint, open or reopen or resolve incidents, keep the message.

    Locks alert groups by fingerprint first, then records (ARCHITECTURE 5). A repeat costs one upsert for all.
    """
    source, receipt, acting = delivery.source, Receipt(), _acting(actor)
    rules = queries.rules_for(source)
    kept = [signal for signal in delivery.signals if not queries.weigh(signal.labels, rules).is_dropped]
    receipt.dropped = len(delivery.signals) - len(kept)
    firing, cleared = [s for s in kept if s.firing], [s for s in kept if not s.firing]
    if firing and cleared:
        _lock_groups(source, kept)
    fresh = _fold(source, firing, receipt, at)
    _place(source, fresh, rules, receipt, actor=acting, at=at)
    _clear(source, cleared, receipt, acting, at)
    _keep(source, delivery.raw, actor=actor, at=at, status=202, result=receipt.as_json())
    return receipt


def _acting(actor: Actor) -> Actor:
    """The monitoring system's right to raise alerts carries the verbs that an alert may cause, and no others."""
    return actor.with_permissions("record.see_all", "incident.log", "incident.work")


def _lock_groups(source: Source, signals: Sequence[Signal]) -> None:
    names = [signal.fingerprint for signal in signals]
    groups = AlertGroup.objects.select_for_update(no_key=True).filter(
        source=source, fingerprint__in=names, closed_at=None
    )
    list(groups.order_by("fingerprint").values_list("pk"))


def _fold(source: Source, firing: Sequence[Signal], receipt: Receipt, at: datetime) -> dict[int, Signal]:
    """Count every firing signal in its group; the groups that are new, by id, with their signal."""
    if not firing:
        return {}
    by_name: dict[str, list[Signal]] = {}
    for signal in firing:
        by_name.setdefault(signal.fingerprint, []).append(signal)
    last = [each[-1] for each in by_name.values()]
    counts = [len(each) for each in by_name.values()]
    columns: list[list[Any]] = [
        [s.fingerprint for s in last], [s.group_key for s in last], [s.title for s in last],
        [as_json(s.labels) for s in last], [as_json(s.annotations) for s in last], [s.url for s in last], counts,
        [s.starts_at.isoformat() if s.starts_at else None for s in last],
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(UPSERT, [source.pk, at, at, *columns])
        rows = cursor.fetchall()
    receipt.repeated = len(firing) - sum(1 for row in rows if row[3])
    return {pk: by_name[name][-1] for pk, name, _incident, is_new in rows if is_new}


def as_json(value: dict[str, str]) -> str:
    """Labels as PostgreSQL reads them."""
    return json.dumps(value, ensure_ascii=False)


def _place(
    source: Source, fresh: dict[int, Signal], rules: Sequence[SeverityRule], receipt: Receipt, *, actor: Actor,
    at: datetime,
) -> None:  # fmt: skip
    """Give every new group its incident: the one of its group key, the one it had before, or a new one."""
    if not fresh:
        return
    together, before = queries.nearest(source, fresh.values(), at=at)
    for pk, signal in fresh.items():
        component = component_from_labels(signal.labels, source.component_labels)
        sibling, earlier = together.get(signal.group_key), before.get(signal.fingerprint)
        if sibling is not None and sibling.incident is not None:
            incident, receipt.grouped = sibling.incident, receipt.grouped + 1
        elif earlier is not None and earlier.incident is not None and _reopen(earlier.incident, signal, actor, at):
            incident, receipt.reopened = earlier.incident, receipt.reopened + 1
        else:
            weighing = queries.weigh(signal.labels, rules)
            incident = _open(source, signal, component, weighing, actor, at)
            receipt.opened += 1
        AlertGroup.objects.filter(pk=pk).update(incident=incident, component=component)
        if signal.group_key:
            together.setdefault(signal.group_key, AlertGroup(pk=pk, incident=incident))
        _tell(incident, events.ALERT_FIRING, signal, actor, at)
        _name(receipt, incident)


def _reopen(incident: Incident, signal: Signal, actor: Actor, at: datetime) -> bool:
    """Bring an incident back whose alert came back; one that was never resolved just goes on."""
    records.lock(incident.record, at=at)
    if incident.record.state in ("resolved", "closed"):
        incidents.reopen(incident, reason=signal.title, actor=actor, at=at)
        return True
    return incident.record.phase != "done"


def _open(
    source: Source, signal: Signal, component: Component | None, weighing: queries.Weighing, actor: Actor, at: datetime
) -> Incident:
    service = queries.service_of(source, signal.labels)
    known = (component.owner_team if component else None) or (service.support_team if service else None)
    opening = IncidentOpening(
        title=signal.title, description=_description(signal), impact=weighing.impact, urgency=weighing.urgency,
        channel=Incident.Channel.ALERT, component=component, service=service,
        owner_team=known or source.default_team,
    )  # fmt: skip
    return incidents.open_incident(opening, actor=actor, at=at)


def _description(signal: Signal) -> str:
    labels = "\n".join(f"- {key}: {value}" for key, value in sorted(signal.labels.items()))
    return "\n\n".join(part for part in (signal.description, labels, signal.url) if part)


def _tell(incident: Incident, code: str, signal: Signal, actor: Actor, at: datetime) -> None:
    at = records.lock(incident.record, at=at)
    records.note(
        incident.record, code, actor=actor, at=at, title=signal.title, fingerprint=signal.fingerprint, url=signal.url
    )


def _name(receipt: Receipt, incident: Incident) -> None:
    if incident.record.number not in receipt.incidents:
        receipt.incidents.append(incident.record.number)


def _clear(source: Source, cleared: Sequence[Signal], receipt: Receipt, actor: Actor, at: datetime) -> None:
    """Close the groups whose alert cleared; when none of an incident fires any more, do what the source says."""
    by_name = {signal.fingerprint: signal for signal in cleared}
    groups = list(
        AlertGroup.objects.select_for_update(no_key=True, of=("self",))
        .filter(source=source, fingerprint__in=by_name, closed_at=None)
        .select_related("incident__record")
        .order_by("fingerprint")
    )
    receipt.unknown = len(by_name) - len(groups)
    receipt.resolved = len(groups)
    AlertGroup.objects.filter(pk__in=[group.pk for group in groups]).update(
        state=AlertGroup.State.RESOLVED, resolved_at=at, closed_at=at, last_seen_at=at
    )
    for group in groups:
        if group.incident is None:
            continue
        _name(receipt, group.incident)
        if source.on_resolved == Source.OnResolved.NOTHING:
            continue
        _tell(group.incident, events.ALERT_RESOLVED, by_name[group.fingerprint], actor, at)
        if source.on_resolved == Source.OnResolved.RESOLVE and not queries.firing_left(group.incident.pk):
            _resolve(group.incident, actor, at)


def _resolve(incident: Incident, actor: Actor, at: datetime) -> None:
    if incident.record.phase != "done":
        incidents.resolve(incident, cause=Cause.UNKNOWN, resolution=_(CLEARED), tell_callers=True, actor=actor, at=at)


def _keep(
    source: Source | None,
    raw: bytes,
    *,
    actor: Actor,
    at: datetime,
    status: int,
    result: dict[str, Any],
    reason: str = "",
) -> None:
    Inbox.objects.create(
        source=source, user_id=actor.id or None, received_at=at, status=status, reason=reason[:500],
        digest=hashlib.sha256(raw).hexdigest(), raw=raw[:MAX_KEPT], result=result,
    )  # fmt: skip


@command
def keep_refused(source: Source | None, raw: bytes, *, status: int, reason: str, actor: Actor, at: datetime) -> None:
    """Keep the beginning of a message that could not be used, with the reason, for an administrator to look at."""
    _keep(source, raw, actor=actor, at=at, status=status, result={}, reason=reason)
