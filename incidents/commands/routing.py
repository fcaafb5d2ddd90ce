"""Functional escalation: desk → operations → supplier, with history and reason (DOMAIN I2)."""

from collections.abc import Callable
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Team
from accounts.queries import SYSTEM
from coordination import commands as work
from coordination.models import WorkItem
from coordination.policies import can_assign as may_assign
from coordination.policies import can_handle as may_handle
from incidents import events, policies
from incidents.models import Incident
from incidents.process import INCIDENTS
from incidents.workflow import OPEN, TASK
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Conflict, Unprocessable
from processes.rules import require
from records import commands as records


@command
def escalate(
    incident: Incident, *, reason: str, team: Team | None = None, supplier: str = "", supplier_reference: str = "",
    actor: Actor, at: datetime,
) -> None:  # fmt: skip
    """Hand the work to another team, or put a supplier on it; the desk stays the contact of the caller.

    With `supplier` the incident is at third line while its present team keeps following the work. The clock runs on:
    holding it for the supplier is an act of its own. Handed to a team alone it has come back from the supplier.
    """
    at = INCIDENTS.lock(incident, at=at)
    require(policies.can_work, actor, incident)
    _check(incident, reason=reason, team=team, supplier=supplier)
    record, before, was_away = incident.record, _place(incident), incident.line == Incident.Line.SUPPLIER
    if team is not None:
        _move_to(incident, team, reason=reason.strip(), actor=actor, at=at)
    if supplier.strip():
        incident.line, incident.supplier = Incident.Line.SUPPLIER, supplier.strip()
        incident.supplier_reference = supplier_reference.strip()
    incident.save(update_fields=["line", "supplier", "supplier_reference"])
    records.note(
        record, events.ESCALATED, actor=actor, at=at, before=before, after=_place(incident), line=incident.line,
        team=team.pk if team else None, reason=reason.strip(),
    )  # fmt: skip
    if supplier.strip() or was_away:
        records.tell_supplier(record, supplier=supplier.strip(), actor=actor, at=at)


def _check(incident: Incident, *, reason: str, team: Team | None, supplier: str) -> None:
    if incident.record.state not in OPEN:
        raise Conflict(
            _("%(number)s has ended. Reopen it before you escalate it.") % {"number": incident.record.number},
            code="wrong_state", facts={"state": incident.record.state},
        )  # fmt: skip
    fields: dict[str, list[str]] = {}
    if not reason.strip():
        fields["reason"] = [_("Say why it is escalated.")]
    if team is None and not supplier.strip():
        fields["team"] = [_("Choose a team, or name the supplier.")]
    if team is not None and team.retired_at is not None:
        fields["team"] = [_("This team has retired. Choose another.")]
    if fields:
        raise Unprocessable(next(iter(fields.values()))[0], fields=fields)


def _place(incident: Incident) -> str:
    if incident.line == Incident.Line.SUPPLIER:
        return incident.supplier
    team = incident.record.owner_team
    return str(team.name.get("en") or team.code) if team else _("nobody")


def _move_to(incident: Incident, team: Team, *, reason: str, actor: Actor, at: datetime) -> None:
    """The team sees the record from now on and gets its work; who saw it before still does."""
    record = incident.record
    incident.line = Incident.Line.DESK if team.is_desk else Incident.Line.OPERATIONS
    records.share(record, teams=[team.pk])
    records.edit_fields(
        record, seen={}, values={"owner_team": team}, allowed={"owner_team"}, actor=actor, at=at, reason=reason
    )
    item = INCIDENTS.work_item(record)
    if item is None:
        return
    if item.assignee_id is not None:
        work.hand_back(item, reason="other", note_text=reason, actor=_by(actor, item, may_handle), at=at)
    work.route(record, task=TASK, team=team, actor=_by(actor, item, may_assign), at=at)


def _by(actor: Actor, item: WorkItem, may: Callable[[Actor, WorkItem], bool]) -> Actor:
    """Who works on an incident may escalate it, also without the right to hand out work: then Spindel routes it."""
    return actor if may(actor, item) else SYSTEM
