"""What is set about promises, in plain sentences, and what a change would move."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.calendars import NeverOpen
from kernel.errors import NotFound
from kernel.templatetags.spindel import localname
from kernel.words import duration_words
from kernel.zones import MICROSECOND, tzdata_version
from records.models import Record
from sla.ledger import Entry, Kind, Promise, fold, measure
from sla.models import Clock, EscalationStep, Metric, PauseRule, Target
from sla.queries.clocks import METRIC_NAMES, REASONS
from sla.queries.explain import promise_words
from sla.queries.ledgers import entries_of
from sla.queries.rules import Now, Rules, TargetRule, now

Row = TypeVar("Row")
LOOKED_AT = 5000
"""A preview looks at so many running clocks."""

ACTIONS = {
    "notify_person": gettext_lazy("tell one person"),
    "notify_role": gettext_lazy("tell everybody with a role"),
    "notify_team": gettext_lazy("tell the team"),
    "raise_priority": gettext_lazy("raise the priority"),
    "boost": gettext_lazy("lift the work in the queue"),
    "offer_team": gettext_lazy("offer the work to another team"),
}
PEOPLE = {
    "contact_owner": gettext_lazy("who answers the requester"),
    "assignee": gettext_lazy("who works on it"),
    "lead": gettext_lazy("who leads the team"),
}


def targets() -> QuerySet[Target]:
    """Promises in force, those for everything first."""
    rows = Target.objects.filter(retired_at=None).select_related("calendar", "service__component")
    return rows.order_by("kind", "metric", "service__code", "priority")


def target(pk: int) -> Target:
    """A promise in force. NotFound."""
    return _found(targets().filter(pk=pk).first())


def steps() -> QuerySet[EscalationStep]:
    """Escalation steps in force."""
    rows = EscalationStep.objects.filter(retired_at=None).select_related("team")
    return rows.order_by("kind", "metric", "priority", "percent", "offset_minutes", "pk")


def step(pk: int) -> EscalationStep:
    """An escalation step in force. NotFound."""
    return _found(steps().filter(pk=pk).first())


def pause_rules() -> QuerySet[PauseRule]:
    """Waiting reasons that somebody has decided about."""
    return PauseRule.objects.filter(retired_at=None).order_by("kind", "reason")


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound(_("There is no such setting any more."))
    return row


# ---------------------------------------------------------------------------------------------- sentences


def target_sentence(row: Target) -> str:
    """A promise as one sentence."""
    return _("%(metric)s of %(records)s within %(promise)s.") % {
        "metric": METRIC_NAMES[row.metric], "records": _records(row.priority, row.service.code if row.service else ""),
        "promise": promise_words(row.minutes, localname(row.calendar.name)),
    }  # fmt: skip


def _records(priority: int | None, service: str = "") -> str:
    if priority is None and not service:
        return _("all incidents")
    if priority is None:
        return _("incidents of the service %(service)s") % {"service": service}
    if not service:
        return _("incidents with priority %(priority)s") % {"priority": priority}
    return _("incidents with priority %(priority)s of the service %(service)s") % {
        "priority": priority, "service": service,
    }  # fmt: skip


def step_sentence(row: EscalationStep) -> str:
    """An escalation step as one sentence."""
    said = _("%(when)s for %(records)s: %(action)s.") % {
        "when": _when(row), "records": _records(row.priority), "action": _action(row)
    }  # fmt: skip
    if not row.repeat_minutes or not row.repeat_count:
        return said
    again = _("Again after each %(time)s, %(count)s times.") % {
        "time": duration_words(row.repeat_minutes), "count": row.repeat_count
    }  # fmt: skip
    return f"{said} {again}"


def fired_words(data: Mapping[str, Any]) -> str:
    """The event of a step that fired (its data as `sla.step_fired` carries them) as one line."""
    row = EscalationStep(
        metric=data["metric"], percent=data.get("percent"), offset_minutes=data.get("offset_minutes"),
        action=data["action"], config=data.get("config") or {},
    )  # fmt: skip
    return _("%(when)s: %(action)s") % {"when": _when(row).rstrip(",，"), "action": _action(row)}


def overdue_words(data: Mapping[str, Any]) -> str:
    """The event of a broken promise (its data as `sla.breached` carries them) as one line."""
    return _("%(metric)s: the promise is broken") % {"metric": METRIC_NAMES[data["metric"]]}


def _when(row: EscalationStep) -> str:
    facts: dict[str, Any] = {"metric": METRIC_NAMES[row.metric], "percent": row.percent}
    if row.percent is not None:
        return _("%(metric)s, when %(percent)s %% of the time is used,") % facts
    facts["time"] = duration_words(row.offset_minutes or 0)
    if not row.offset_minutes:
        return _("%(metric)s, at the due time,") % facts
    if row.offset_minutes < 0:
        return _("%(metric)s, %(time)s before the due time,") % facts
    return _("%(metric)s, %(time)s after the due time,") % facts


def _action(row: EscalationStep) -> str:
    action = str(ACTIONS[row.action])
    config = row.config
    who = str(PEOPLE.get(config.get("person", ""), "")) or config.get("role", "")
    who = who or (localname(row.team.name) if row.team else "")
    return _("%(action)s (%(who)s)") % {"action": action, "who": who} if who else action


def pause_sentence(row: PauseRule) -> str:
    """A pause rule as one sentence."""
    reason = REASONS.get(row.reason, row.reason)
    if row.pauses:
        return _("Incidents %(reason)s: the clock is paused.") % {"reason": reason}
    return _("Incidents %(reason)s: the clock goes on.") % {"reason": reason}


# ---------------------------------------------------------------------------------------------- what if


@dataclass(frozen=True, slots=True)
class Impact:
    """What a change would do to running clocks: how many get another promise, how many are overdue by that."""

    looked_at: int
    moved: int
    overdue: int
    is_cut: bool


def impact(changed: TargetRule | None, *, without: int | None, at: datetime) -> Impact:
    """What it would move to have the target `changed`, and to have the one with the id `without` no longer."""
    current = now()
    kept = tuple(rule for rule in current.rules.targets if rule.id != without)
    after = replace(current.rules, targets=(*kept, changed) if changed else kept)
    clocks = list(Clock.objects.exclude(state=Clock.State.STOPPED).select_related("record").order_by("pk")[:LOOKED_AT])
    moved = [(clock, rule) for clock in clocks if (rule := _other(clock, after)) is not None]
    overdue = _overdue(moved, current, at)
    return Impact(len(clocks), len(moved), overdue, len(clocks) == LOOKED_AT)


def _other(clock: Clock, rules: Rules) -> TargetRule | None:
    """The promise that the clock would get, when it is another one. A clock that would stop counts as not moved."""
    record = clock.record
    rule = rules.target(record.kind, clock.metric, record.priority, record.service_id)
    if rule is None or (rule.minutes, rule.calendar) == (clock.target_minutes, clock.calendar_id):
        return None
    return rule


def _overdue(moved: Iterable[tuple[Clock, TargetRule]], current: Now, at: datetime) -> int:
    pairs = list(moved)
    ledgers = entries_of([clock.pk for clock, _rule in pairs])
    return sum(
        _becomes_overdue(clock, rule, ledgers[clock.pk], current, at)
        for clock, rule in pairs
        if clock.breached_at is None and (clock.due_at is None or clock.due_at >= at)
    )


def _becomes_overdue(clock: Clock, rule: TargetRule, entries: list[Entry], current: Now, at: datetime) -> bool:
    before = measure(fold(entries), current.calendar(clock.calendar_id), at)
    version = current.versions[rule.calendar]
    promise = Promise(rule.id, rule.minutes, rule.calendar, version, tzdata_version(), clock.record.priority)
    data = {name: getattr(promise, name) for name in ("target", "minutes", "calendar", "version", "tzdata", "priority")}
    data["carried"] = before.used // MICROSECOND
    state = fold([*entries, Entry(len(entries) + 1, Kind.RETARGETED, at, "", data)])
    due_at = measure(state, current.calendar(rule.calendar), at).due_at
    return due_at is not None and due_at <= at


@dataclass(frozen=True, slots=True)
class Tried:
    """What would be promised to a real record if it were opened now."""

    record: Record
    metric: str
    sentence: str
    due_at: datetime | None


def try_it(record: Record, *, at: datetime) -> list[Tried]:
    """Which promises cover the record, and when they would be due, were it opened at this moment."""
    current, found = now(), []
    rows = {row.pk: row for row in targets()}
    for metric in (Metric.RESPONSE, Metric.RESOLUTION):
        promise, name = current.promise(record, metric), str(METRIC_NAMES[metric])
        if promise is None or promise.target not in rows:
            found.append(Tried(record, name, _("No time is promised."), None))
            continue
        try:
            due_at = current.calendar(promise.calendar).add(at, promise.length)
        except NeverOpen:
            due_at = None
        found.append(Tried(record, name, target_sentence(rows[promise.target]), due_at))
    return found
