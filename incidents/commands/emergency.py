"""An incident that cannot be solved now starts its emergency plan (DOMAIN I2)."""

from datetime import datetime

from django.utils.translation import gettext as _

from incidents import events, policies
from incidents.models import Incident
from incidents.process import INCIDENTS
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Conflict, Unprocessable
from processes.rules import require
from records import commands as records


@command
def start_emergency(incident: Incident, *, plan: str, reason: str, actor: Actor, at: datetime) -> None:
    """Work by `plan` from now on, normally the service's own; it is kept as it is now. The clocks run on.

    Unprocessable without a plan or a reason, Conflict when one runs already or the incident has ended.
    """
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_work, actor, incident)
    _check_open(incident)
    if incident.emergency_since is not None:
        message = _("The emergency plan of %(number)s runs already.") % {"number": incident.record.number}
        raise Conflict(message, code="emergency_runs")
    fields: dict[str, list[str]] = {}
    if not plan.strip():
        fields["plan"] = [_("The service has no emergency plan. Write what is done until it works again.")]
    if not reason.strip():
        fields["reason"] = [_("Say why it cannot be solved now.")]
    if fields:
        raise Unprocessable(next(iter(fields.values()))[0], fields=fields)
    incident.emergency_since, incident.emergency_plan = at, plan.replace("\r\n", "\n").strip()
    incident.save(update_fields=["emergency_since", "emergency_plan"])
    records.touch(incident.record)
    records.note(incident.record, events.EMERGENCY_STARTED, actor=actor, at=at, reason=reason.strip(),
                 plan=incident.emergency_plan)  # fmt: skip


@command
def end_emergency(incident: Incident, *, reason: str, actor: Actor, at: datetime) -> None:
    """Back to normal: `reason` says what was done to return. Conflict when no plan runs."""
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_work, actor, incident)
    if incident.emergency_since is None:
        message = _("No emergency plan of %(number)s runs.") % {"number": incident.record.number}
        raise Conflict(message, code="no_emergency")
    if not reason.strip():
        message = _("Say how things went back to normal.")
        raise Unprocessable(message, fields={"reason": [message]})
    incident.emergency_since, incident.emergency_plan = None, ""
    incident.save(update_fields=["emergency_since", "emergency_plan"])
    records.touch(incident.record)
    records.note(incident.record, events.EMERGENCY_ENDED, actor=actor, at=at, reason=reason.strip())


def _check_open(incident: Incident) -> None:
    if incident.record.state not in INCIDENTS.open_states:
        raise Conflict(
            _("%(number)s has ended. Reopen it first.") % {"number": incident.record.number}, code="wrong_state",
            facts={"state": incident.record.state},
        )  # fmt: skip
