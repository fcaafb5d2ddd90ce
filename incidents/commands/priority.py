"""Impact, urgency and priority: the matrix decides, a person may overrule it with a reason (DOMAIN I3)."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from incidents import events, policies
from incidents.commands.undoing import ASSESSED, ASSESSMENT
from incidents.models import Incident
from incidents.process import INCIDENTS
from incidents.queries import rules
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Unprocessable
from processes.rules import require
from processes.undoing import columns_of
from records import commands as records
from records.models import Undo


@command
def set_priority(
    incident: Incident, *, impact: int | None = None, urgency: int | None = None, priority: int | None = None,
    reason: str = "", actor: Actor, at: datetime,
) -> Undo | None:  # fmt: skip
    """Assess again: impact and urgency give the priority, unless `priority` overrules them for a `reason`.

    Every clock is re-computed and keeps why. Changing impact or urgency alone ends an earlier override.
    """
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_edit, actor, incident)
    before = {"columns": columns_of(incident, ASSESSED), "priority": incident.record.priority}
    assessed(incident, impact=impact, urgency=urgency, priority=priority, reason=reason, actor=actor, at=at)
    return records.offer_undo(incident.record, ASSESSMENT, before=before, actor=actor, at=at)


def assessed(
    incident: Incident, *, impact: int | None = None, urgency: int | None = None, priority: int | None = None,
    reason: str, actor: Actor, at: datetime, **data: Any,
) -> None:  # fmt: skip
    """The part that a person's assessment, an escalation step and a major incident share. Record locked."""
    impact, urgency = impact or incident.impact, urgency or incident.urgency
    _check_scale(impact, urgency, priority)
    given = rules.priority_of(impact, urgency)
    is_overridden, reason = priority is not None and priority != given, reason.strip()
    if is_overridden and not reason:
        message = _("Say why it is not P%(priority)s, which impact and urgency give.") % {"priority": given}
        raise Unprocessable(message, fields={"reason": [message]})
    incident.impact, incident.urgency, incident.is_priority_overridden = impact, urgency, is_overridden
    incident.priority_reason = reason[:200] if is_overridden else ""
    incident.save(update_fields=["impact", "urgency", "is_priority_overridden", "priority_reason"])
    before, after = incident.record.priority, priority or given
    why = reason or rules.priority_words(impact, urgency)
    records.retarget(incident.record, actor=actor, at=at, reason=why, priority=after)
    records.note(
        incident.record, events.PRIORITISED, actor=actor, at=at, before=before, after=after, impact=impact,
        urgency=urgency, reason=why, **data,
    )  # fmt: skip


def _check_scale(impact: int, urgency: int, priority: int | None) -> None:
    if not {impact, urgency, priority or 1} <= set(rules.SCALE):
        message = _("Impact, urgency and priority go from 1 to 4.")
        raise Unprocessable(message, fields={"priority": [message]})


@command
def raise_priority(incident: Incident, *, deadline_id: int, actor: Actor, at: datetime) -> bool:
    """An escalation step lifts the priority by one, once for each deadline. False when there was nothing to do."""
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_edit, actor, incident)
    record = incident.record
    if record.phase == "done" or record.priority == 1 or rules.was_raised_by(record, deadline_id):
        return False
    assessed(
        incident, priority=record.priority - 1, reason=_("a promise is about to be missed or was missed"), actor=actor,
        at=at, deadline_id=deadline_id,
    )  # fmt: skip
    return True
