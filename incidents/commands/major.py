"""Major incidents: a leader, a promise of updates, a banner (DOMAIN I4; its room comes later)."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accounts.models import User
from coordination import commands as work
from incidents import events, policies
from incidents.commands.priority import assessed
from incidents.models import Incident
from incidents.process import INCIDENTS
from incidents.workflow import OPEN
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Conflict, Unprocessable
from processes.rules import require
from records import commands as records

CADENCE = range(5, 24 * 60 + 1)
"""Minutes between two updates to callers: at least 5, at most a day."""


@command
def declare_major(
    incident: Incident, *, leader: User, update_every_minutes: int = 60, within_influence: bool | None = None,
    banner: str = "", actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Make it a major incident: P1, led by a named person, with updates on a cadence. Again: change these facts."""
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_lead_major, actor, incident)
    _check_open(incident)
    if update_every_minutes not in CADENCE:
        message = _("Updates come every 5 minutes to every 24 hours.")
        raise Unprocessable(message, fields={"update_every_minutes": [message]})
    if not leader.is_active:
        message = _("%(name)s cannot sign in any more. Choose another leader.") % {"name": leader.name}
        raise Unprocessable(message, fields={"leader": [message]})
    incident.major_since = incident.major_since if incident.is_major else at
    incident.is_major, incident.major_leader, incident.within_influence = True, leader, within_influence
    incident.banner, incident.update_every_minutes = banner.strip(), update_every_minutes
    incident.next_update_at = incident.remind_update_at = at + timedelta(minutes=update_every_minutes)
    incident.save()
    records.share(incident.record, people=[leader.pk])
    records.note(
        incident.record, events.MAJOR_DECLARED, actor=actor, at=at, leader=leader.name, leader_id=leader.pk,
        update_every_minutes=update_every_minutes, within_influence=within_influence,
    )  # fmt: skip
    work.set_major(incident.record, is_major=True, actor=actor, at=at)
    if incident.record.priority != 1:
        assessed(incident, priority=1, reason=_("major incident"), actor=actor, at=at)


@command
def stand_down(incident: Incident, *, reason: str, actor: Actor, at: datetime) -> None:
    """It was not a major incident after all; the priority is assessed again from impact and urgency.

    A solved major incident is not stood down: it is resolved and counts.
    """
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_lead_major, actor, incident)
    _check_open(incident)
    if not incident.is_major:
        raise Conflict(_("%(number)s is not a major incident.") % {"number": incident.record.number}, code="not_major")
    if not reason.strip():
        message = _("Say why it is no longer a major incident.")
        raise Unprocessable(message, fields={"reason": [message]})
    incident.is_major, incident.banner = False, ""
    incident.next_update_at = incident.remind_update_at = incident.update_every_minutes = None
    incident.save()
    records.note(incident.record, events.MAJOR_ENDED, actor=actor, at=at, reason=reason.strip())
    work.set_major(incident.record, is_major=False, actor=actor, at=at)
    assessed(incident, reason=reason, actor=actor, at=at)


@command
def post_update(incident: Incident, *, body: str, actor: Actor, at: datetime) -> None:
    """Tell the callers how it stands; the next update is promised one cadence later."""
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_work, actor, incident)
    _check_open(incident)
    records.comment(incident.record, body=body, is_public=True, actor=actor, at=at)
    if incident.is_major and incident.update_every_minutes:
        incident.next_update_at = incident.remind_update_at = at + timedelta(minutes=incident.update_every_minutes)
        incident.save(update_fields=["next_update_at", "remind_update_at"])
    records.note(incident.record, events.UPDATE_POSTED, actor=actor, at=at, next_update_at=incident.next_update_at)


@command
def remind_of_update(incident: Incident, *, actor: Actor, at: datetime) -> bool:
    """Note that the promised update is due, once a cadence. False when it is not due any more. Swept."""
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_lead_major, actor, incident)
    due = incident.remind_update_at
    if due is None or due > at or incident.update_every_minutes is None or incident.record.state not in OPEN:
        return False
    every = timedelta(minutes=incident.update_every_minutes)
    incident.remind_update_at = due + every * ((at - due) // every + 1)
    incident.save(update_fields=["remind_update_at"])
    records.note(
        incident.record, events.UPDATE_DUE, actor=actor, at=at, promised_at=incident.next_update_at,
        leader_id=incident.major_leader_id,
    )  # fmt: skip
    return True


def _check_open(incident: Incident) -> None:
    if incident.record.state not in OPEN:
        raise Conflict(
            _("%(number)s has ended. Reopen it first.") % {"number": incident.record.number}, code="wrong_state",
            facts={"state": incident.record.state},
        )  # fmt: skip
