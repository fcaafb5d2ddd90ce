"""The verbs of the life of an incident (DOMAIN 4), one function a transition."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.queries import SYSTEM
from coordination import commands as work
from incidents import policies
from incidents.commands.undoing import UNDOING, offer_to_go_on
from incidents.models import Cause, Incident
from incidents.process import INCIDENTS
from incidents.queries import rules
from incidents.workflow import PENDING_REASONS, RESOLVED, TASK, WORKFLOW
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Conflict, Unprocessable
from processes.rules import require
from records import commands as records
from records.models import Undo


@command
def assign(incident: Incident, *, actor: Actor, at: datetime) -> None:
    """Somebody was given the work; coordination says who. Called by the reaction to work.assigned."""
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_assign, actor, incident)
    records.move(incident.record, WORKFLOW, "assign", actor=actor, at=at)


@command
def start(incident: Incident, *, actor: Actor, at: datetime) -> None:
    """Work begins, which is the first response if nobody answered before. Called by the reaction to work.picked."""
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_work, actor, incident)
    records.move(incident.record, WORKFLOW, "start", actor=actor, at=at)
    records.respond(incident.record, actor=actor, at=at)


@command
def release(incident: Incident, *, actor: Actor, at: datetime) -> None:
    """The work went back to the queue; the incident waits for the next person. Reaction to work.released."""
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_assign, actor, incident)
    records.move(incident.record, WORKFLOW, "release", actor=actor, at=at)


@command
def hold(incident: Incident, *, reason: str, actor: Actor, at: datetime, until: datetime | None = None) -> Undo | None:
    """Wait for user, supplier, change or visit; the work item waits with it, perhaps until a time."""
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_work, actor, incident)
    if reason not in PENDING_REASONS:
        message = _("Choose what it waits for: the user, a supplier, a change or a visit.")
        raise Unprocessable(message, fields={"reason": [message]})
    before = UNDOING.before_move(incident)
    records.move(incident.record, WORKFLOW, "hold", actor=actor, at=at, reason=reason)
    work.wait_for(incident.record, task=TASK, reason=reason, until=until, actor=actor, at=at)
    return UNDOING.offer_to_move_back(incident, before, actor=actor, at=at)


@command
def resume(incident: Incident, *, is_by_hand: bool = True, actor: Actor, at: datetime) -> Undo | None:
    """What it waited for has come: work goes on, and so do the clocks.

    Not `is_by_hand` when only the time has come that it waited for: that answers nobody.
    """
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_work, actor, incident)
    before = UNDOING.before_move(incident)
    records.move(incident.record, WORKFLOW, "resume", actor=actor, at=at)
    if is_by_hand:
        records.respond(incident.record, actor=actor, at=at)
    work.resume_for(incident.record, task=TASK, actor=actor, at=at)
    return UNDOING.offer_to_move_back(incident, before, actor=actor, at=at)


@command
def resolve(
    incident: Incident, *, cause: str, resolution: str, tell_callers: bool = True, actor: Actor, at: datetime
) -> Undo | None:
    """Service is restored: cause and what fixed it are kept, callers are told unless `tell_callers` is false.

    The work ends; it closes by itself after the working days of the rules (I11). Children follow, each on its own.
    """
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_work, actor, incident)
    before = UNDOING.before_end(incident)
    resolved(incident, cause=cause, resolution=resolution, tell_callers=tell_callers, actor=actor, at=at)
    work.finish(incident.record, task=TASK, actor=actor, at=at)
    return offer_to_go_on(incident, before, actor=actor, at=at)


def resolved(
    incident: Incident, *, cause: str, resolution: str, tell_callers: bool, actor: Actor, at: datetime,
    is_desk: bool | None = None, **data: Any,
) -> None:  # fmt: skip
    """The part of resolving that every way of resolving shares. Record locked, permission asked."""
    resolution = _checked_resolution(cause, resolution)
    incident.cause, incident.resolution = cause, resolution
    incident.resolved_at, incident.resolved_by_id = at, actor.id or None
    at_desk = incident.line == Incident.Line.DESK and actor.kind == "person"
    incident.resolved_at_desk = at_desk if is_desk is None else is_desk
    incident.closes_at = rules.closes_at(incident.record, at)
    incident.next_update_at = incident.remind_update_at = None
    incident.save()
    records.respond(incident.record, actor=actor, at=at)
    records.move(
        incident.record, WORKFLOW, "resolve", actor=actor, at=at, cause=cause, tell_callers=tell_callers, **data
    )
    if tell_callers:
        author = actor if actor.kind == "person" else SYSTEM  # what a machine reports is no answer of staff
        records.comment(incident.record, body=resolution, is_public=True, actor=author, at=at)


def _checked_resolution(cause: str, resolution: str) -> str:
    fields: dict[str, list[str]] = {}
    if cause not in Cause.values:
        fields["cause"] = [_("Choose the cause.")]
    if not resolution.strip():
        fields["resolution"] = [_("Say what fixed it.")]
    if fields:
        raise Unprocessable(next(iter(fields.values()))[0], fields=fields)
    return resolution.strip()


@command
def close(incident: Incident, *, actor: Actor, at: datetime) -> Undo | None:
    """Confirmed by the requester, closed by the desk, or by itself when its time has come (DOMAIN I11)."""
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_close, actor, incident)
    before = UNDOING.before_move(incident)
    _close(incident, actor=actor, at=at)
    return UNDOING.offer_to_move_back(incident, before, actor=actor, at=at)


@command
def close_if_due(incident: Incident, *, actor: Actor, at: datetime) -> bool:
    """Close a resolved incident when nobody objected in time (DOMAIN I11). False when it is not due. Swept."""
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_close, actor, incident)
    if incident.record.state != RESOLVED or incident.closes_at is None or incident.closes_at > at:
        return False
    _close(incident, actor=actor, at=at)
    return True


def _close(incident: Incident, *, actor: Actor, at: datetime) -> None:
    records.move(incident.record, WORKFLOW, "close", actor=actor, at=at, is_automatic=actor.is_system)
    incident.closes_at = None
    incident.save(update_fields=["closes_at"])


@command
def reopen(incident: Incident, *, reason: str, actor: Actor, at: datetime) -> None:
    """Not solved after all: back to work with its old clock. Conflict once the window is over (DOMAIN I11)."""
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_reopen, actor, incident)
    reason = _checked_reason(reason, _("Say what is still wrong."))
    if incident.resolved_at is not None and at > (until := rules.reopen_until(incident.resolved_at)):
        raise Conflict(
            _("%(number)s could be reopened until %(date)s. Log a new linked one instead.")
            % {"number": incident.record.number, "date": until.date().isoformat()},
            code="reopen_window_over", facts={"until": until},
        )  # fmt: skip
    records.move(incident.record, WORKFLOW, "reopen", actor=actor, at=at, reason=reason)
    incident.resolved_at = incident.resolved_by = incident.closes_at = None
    incident.resolved_at_desk = False
    incident.reopen_count += 1
    incident.save()
    team = incident.record.owner_team
    work.offer(
        incident.record,
        task=TASK,
        team=team,
        is_routed=team is not None,
        is_major=incident.is_major,
        actor=actor,
        at=at,
    )


@command
def cancel(incident: Incident, *, reason: str, actor: Actor, at: datetime) -> Undo | None:
    """Logged by mistake, or no longer wanted: the work is called off. The requester reads the reason."""
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_work, actor, incident)
    reason = _checked_reason(reason, _("Say why it is cancelled. The requester reads it."))
    before = UNDOING.before_end(incident)
    records.move(incident.record, WORKFLOW, "cancel", actor=actor, at=at, reason=reason)
    incident.next_update_at = incident.remind_update_at = None
    incident.save(update_fields=["next_update_at", "remind_update_at"])
    work.cancel(incident.record, actor=actor, at=at)
    return offer_to_go_on(incident, before, actor=actor, at=at)


def _checked_reason(reason: str, message: str) -> str:
    if not reason.strip():
        raise Unprocessable(message, fields={"reason": [message]})
    return reason.strip()
