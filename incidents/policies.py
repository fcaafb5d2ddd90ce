"""Who may do what with an incident. Commands require, pages ask the same functions (ARCHITECTURE 8)."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from accounts.models import User
from accounts.roles import Permission
from incidents.models import Incident
from kernel.actor import Actor
from kernel.errors import NotAllowed
from records import policies as records

Rule = Callable[[Actor, Incident], bool]


def can_log(actor: Actor, caller: User | None) -> bool:
    """Log for anybody with the permission; everybody may report what they see themselves."""
    if actor.is_system or actor.may_somewhere(Permission.INCIDENT_LOG):
        return True
    may_write = actor.scopes is None or records.WRITE_SCOPE in actor.scopes
    return may_write and caller is not None and caller.pk == actor.id


def is_requester(actor: Actor, incident: Incident) -> bool:
    """Whether it is the person's own incident: requester or one of the callers."""
    may_write = actor.scopes is None or records.WRITE_SCOPE in actor.scopes
    return may_write and records.is_party(actor, incident.record)


def feeds(actor: Actor, incident: Incident) -> bool:
    """Whether a monitoring system raised it, and so may say that the fault has gone or come back (DOMAIN M4)."""
    raised = incident.channel == Incident.Channel.ALERT and -actor.id in incident.record.audience
    return raised and actor.kind == "integration" and actor.may_somewhere(Permission.ALERTS_WRITE)


def can_work(actor: Actor, incident: Incident) -> bool:
    """Start, hold, resolve, cancel, escalate: those who work on it."""
    return records.holds(actor, Permission.INCIDENT_WORK, incident.record) or feeds(actor, incident)


def can_assign(actor: Actor, incident: Incident) -> bool:
    """Give the work to somebody, or take it."""
    return can_work(actor, incident) or records.holds(actor, Permission.WORK_ASSIGN, incident.record)


def can_close(actor: Actor, incident: Incident) -> bool:
    """Close what is resolved: the desk, or the requester, who so confirms it (DOMAIN I11)."""
    return is_requester(actor, incident) or records.holds(actor, Permission.INCIDENT_CLOSE, incident.record)


def can_reopen(actor: Actor, incident: Incident) -> bool:
    """Say that it is not solved: the requester, and those who work on it."""
    return is_requester(actor, incident) or can_work(actor, incident)


def can_lead_major(actor: Actor, incident: Incident) -> bool:
    """Declare a major incident, change it, end it."""
    return records.holds(actor, Permission.INCIDENT_MAJOR, incident.record)


def can_edit(actor: Actor, incident: Incident) -> bool:
    """Change facts, callers, family, priority."""
    return records.can_edit(actor, incident.record)


def can_read_all_of(actor: Actor, incident: Incident) -> bool:
    """Read what is for staff: everything but the public part."""
    return records.can_read_internal(actor, incident.record)


RULES: dict[str, Rule] = {
    "assign": can_assign,
    "start": can_work,
    "release": can_work,
    "hold": can_work,
    "resume": can_work,
    "resolve": can_work,
    "close": can_close,
    "reopen": can_reopen,
    "cancel": can_work,
    "merge": can_edit,
}
"""Transition → who may, for buttons and API alike."""


def require_log(actor: Actor, caller: User | None) -> None:
    """NotAllowed (403) unless the actor may log an incident for that caller."""
    if not can_log(actor, caller):
        raise NotAllowed(_("Only the service desk logs incidents for others. Report it as your own instead."))
