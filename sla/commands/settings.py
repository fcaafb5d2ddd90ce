"""Set what is promised, what happens on the way, and what stops the time. Retired, never deleted (ARCHITECTURE 13)."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from django.db import IntegrityError
from django.utils.translation import gettext as _

from journal import commands as journal
from journal.units import command, savepoint
from kernel.actor import Actor
from kernel.errors import Unprocessable
from kernel.workflow import gettext_noop
from sla import events, policies
from sla.commands.replan import Cause, ask
from sla.commands.versions import kept
from sla.models import EscalationStep, Metric, Party, PauseRule, Target
from sla.queries.versions import PAUSES, STEPS

Row = TypeVar("Row", Target, EscalationStep, PauseRule)


TAKEN = gettext_noop("There is already a promise for these records. Change that one instead.")


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetContent:
    """A promise: None for priority or service means any, as does no customer (unit of the requester).

    `party` says whose it is; with "team" or "supplier" no `team_id` or `supplier` means each of them.
    """

    kind: str
    metric: str
    minutes: int
    calendar_id: int
    priority: int | None = None
    service_id: int | None = None
    customer: str = ""
    party: str = Party.CUSTOMER.value
    team_id: int | None = None
    supplier: str = ""
    name: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class StepContent:
    """An escalation step: exactly one of percent of the target and minutes before (negative) or after due."""

    kind: str
    metric: str
    action: str
    percent: int | None = None
    offset_minutes: int | None = None
    repeat_minutes: int | None = None
    repeat_count: int = 0
    priority: int | None = None
    team_id: int | None = None
    party: str = Party.CUSTOMER.value
    config: Mapping[str, Any] = field(default_factory=dict)
    name: Mapping[str, str] = field(default_factory=dict)


@command
def save_target(target: Target | None, content: TargetContent, *, actor: Actor, at: datetime) -> Target:
    """Add or change a promise; running clocks follow within seconds. Unprocessable when there is one like it."""
    policies.require_edit(actor)
    _check_party(content.party, content.metric)
    if (content.team_id is not None and content.party != Party.TEAM) or (
        content.supplier.strip() and content.party != Party.SUPPLIER
    ):
        message = _("Name a team only for a team's time, a supplier only for a supplier's.")
        raise Unprocessable(message, fields={"party": [message]})
    row = target or Target()
    for name in ("kind", "metric", "minutes", "calendar_id", "priority", "service_id", "customer", "party", "team_id"):
        setattr(row, name, getattr(content, name))
    row.supplier = content.supplier.strip()
    row.name = dict(content.name)
    return _save(row, _(TAKEN), actor, at)


def _check_party(party: str, metric: str) -> None:
    if party != Party.CUSTOMER and metric != Metric.RESOLUTION:
        message = _("The time of a team or a supplier is measured as a whole. Choose resolution.")
        raise Unprocessable(message, fields={"metric": [message]})


@command
def save_step(step: EscalationStep | None, content: StepContent, *, actor: Actor, at: datetime) -> EscalationStep:
    """Add or change an escalation step, as a new version of them. Running clocks keep those that they started with."""
    policies.require_edit(actor)
    with kept(STEPS, actor=actor, at=at):
        return put_step(step, content, actor=actor, at=at)


@command
def put_step(step: EscalationStep | None, content: StepContent, *, actor: Actor, at: datetime) -> EscalationStep:
    """The part of `save_step` that keeps no version: for several steps at once."""
    policies.require_edit(actor)
    if (content.percent is None) == (content.offset_minutes is None):
        message = _("Give either a percentage of the time or minutes before or after the due time.")
        raise Unprocessable(message, fields={"percent": [message]})
    _check_party(content.party, content.metric)
    row = step or EscalationStep()
    names = ("kind", "metric", "action", "percent", "offset_minutes", "repeat_minutes", "repeat_count", "priority")
    for name in (*names, "team_id", "party"):
        setattr(row, name, getattr(content, name))
    row.config, row.name = dict(content.config), dict(content.name)
    return _save(row, "", actor, at)


@command
def save_pause_rule(*, kind: str, reason: str, pauses: bool, actor: Actor, at: datetime) -> PauseRule:
    """Whether waiting for this reason stops the clocks of this kind, as a new version. Running clocks follow within
    seconds."""  # fmt: skip
    policies.require_edit(actor)
    with kept(PAUSES, actor=actor, at=at):
        return put_pause_rule(kind=kind, reason=reason, pauses=pauses, actor=actor, at=at)


@command
def put_pause_rule(*, kind: str, reason: str, pauses: bool, actor: Actor, at: datetime) -> PauseRule:
    """The part of `save_pause_rule` that keeps no version: for several rules at once."""
    policies.require_edit(actor)
    row = PauseRule.objects.filter(kind=kind, reason=reason).first() or PauseRule(kind=kind, reason=reason)
    row.pauses, row.retired_at = pauses, None
    return _save(row, "", actor, at)


@command
def retire(row: Row, *, actor: Actor, at: datetime) -> None:
    """No longer in force from now on; clocks that run by a retired target look for the next fitting one."""
    policies.require_edit(actor)
    if row.retired_at is not None:
        return
    has_versions = type(row) is EscalationStep
    with kept(STEPS, actor=actor, at=at) if has_versions else nullcontext():
        row.retired_at = at
        _save(row, "" if has_versions else TAKEN, actor, at)


def _save(row: Row, taken: str, actor: Actor, at: datetime) -> Row:
    """Refuse what is `taken`; of a kind that nothing can take, the caller holds the rules."""
    if taken:
        _write(row, taken)
    else:
        row.save()
    request = ask(Cause.RULES, is_locked=not taken, actor=actor, at=at)
    journal.note(
        ("sla_rules", 0), events.RULES_CHANGED, actor=actor, at=at, what=type(row).__name__, row=row.pk,
        is_retired=row.retired_at is not None, version=request.pk,
    )  # fmt: skip
    return row


def _write(row: Row, taken: str) -> None:
    try:
        with savepoint():
            row.save()
    except IntegrityError:
        raise Unprocessable(taken, code="taken") from None
