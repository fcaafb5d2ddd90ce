"""How an incident comes to be: logged by the desk, reported by its requester, raised by an alert (DOMAIN I1, I3)."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from accounts.commands.guests import add_guest
from accounts.models import Team, User
from accounts.roles import CONFIDENTIAL_CLASSES, Permission
from coordination import commands as work
from incidents import policies
from incidents.commands.life import resolved
from incidents.models import Incident
from incidents.queries import rules
from incidents.workflow import TASK, WORKFLOW
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Unprocessable
from processes.rules import require
from records import commands as records
from records.models import Category, Record
from registry.models import Component, Service

LONGEST_TITLE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentOpening:
    """What is known when an incident is opened. Only `title` is needed; whoever logs for a person names the caller.

    Without `priority` the matrix decides; with it `priority_reason` says why the matrix does not. `owner_team` says
    who gets the work: otherwise the category's, component's or service's team, or the desk that logged it. `needs` are
    competence × 10 + level; without them what the component needs. `guest` is the name of a caller whom nobody knows
    yet. `call_key` names the form: the same form sent twice gives the incident of the first time; `draft_key`
    names what else was typed for it and is spent now. What is brought in from another tool has no taker of the call.
    """

    title: str
    description: str = ""
    lang: str = ""
    caller: User | None = None
    guest: str = ""
    channel: str = Incident.Channel.PHONE
    nature: str = Incident.Nature.FAULT
    impact: int = 4
    urgency: int = 3
    priority: int | None = None
    priority_reason: str = ""
    service: Service | None = None
    component: Component | None = None
    category: Category | None = None
    owner_team: Team | None = None
    needs: tuple[int, ...] | None = None
    estimate_minutes: int | None = None
    site: str = ""
    confidential_class: str = ""
    parent: Record | None = None
    tags: tuple[str, ...] = ()
    call_key: UUID | None = None
    draft_key: str = ""
    is_imported: bool = False


@command
def open_incident(opening: IncidentOpening, *, actor: Actor, at: datetime) -> Incident:
    """Open an incident and offer its work to the queue. NotAllowed for strangers' calls, Unprocessable without a title
    or for a priority without reason."""  # fmt: skip
    if (known := _logged_before(opening.call_key)) is not None:
        return known
    incident, team = _open(opening, actor=actor, at=at)
    work.offer(
        incident.record, task=TASK, needs=opening.needs, team=team, estimate_minutes=_estimate(opening),
        site=opening.site, is_routed=team is not None or bool(opening.needs), actor=actor, at=at,
    )  # fmt: skip
    return incident


@command
def log_and_resolve(
    opening: IncidentOpening, *, cause: str, resolution: str, tell_callers: bool = False, actor: Actor, at: datetime
) -> Incident:
    """First-contact fix: logged and solved in one go, so no work is offered; counted as solved at the desk (I2)."""
    if (known := _logged_before(opening.call_key)) is not None:
        return known
    incident, _team = _open(opening, actor=actor, at=at)
    require(policies.can_work, actor, incident)
    resolved(incident, cause=cause, resolution=resolution, tell_callers=tell_callers, actor=actor, at=at, is_desk=True)
    return incident


def _logged_before(call_key: UUID | None) -> Incident | None:
    """Wait for the same form if it is being saved right now, then look whether it was (lock order: form keys first)."""
    if call_key is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"call:{call_key}"])
    return Incident.objects.select_related("record").filter(call_key=call_key).first()


def _open(opening: IncidentOpening, *, actor: Actor, at: datetime) -> tuple[Incident, Team | None]:
    policies.require_log(actor, opening.caller)
    opening = _with_caller(opening, actor=actor, at=at)
    opening = _with_service(_checked(opening, actor))
    team = _team(opening, actor)
    priority = rules.priority_of(opening.impact, opening.urgency)
    is_overridden = opening.priority is not None and opening.priority != priority
    record = records.open_record(
        WORKFLOW,
        records.Opening(
            title=opening.title, description=opening.description, lang=opening.lang or actor.language,
            priority=opening.priority or priority, requester=opening.caller, owner_team=team,
            contact_owner=_contact_owner(opening, actor), service=opening.service, component=opening.component,
            category=opening.category, confidential_class=opening.confidential_class,
            class_audience=_class_audience(opening.confidential_class), parent=opening.parent,
        ),
        actor=actor, at=at,
    )  # fmt: skip
    incident = Incident.objects.create(
        record=record, impact=opening.impact, urgency=opening.urgency, channel=opening.channel,
        nature=opening.nature,
        is_priority_overridden=is_overridden, priority_reason=opening.priority_reason if is_overridden else "",
        line=Incident.Line.DESK if team is None or team.is_desk else Incident.Line.OPERATIONS,
        caller_count=int(opening.caller is not None), tags=sorted(set(opening.tags)), call_key=opening.call_key,
    )  # fmt: skip
    if actor.kind == "integration":
        records.share(record, people=[actor.id])  # it may resolve what it raised
    for draft in filter(None, (opening.draft_key, f"call:{opening.call_key}" if opening.call_key else "")):
        records.drop_draft(key=draft, actor=actor, at=at)
    return incident, team


def _with_caller(opening: IncidentOpening, *, actor: Actor, at: datetime) -> IncidentOpening:
    if opening.caller is None and opening.guest.strip():
        return replace(opening, caller=add_guest(name=opening.guest, actor=actor, at=at))
    return opening


def _checked(opening: IncidentOpening, actor: Actor) -> IncidentOpening:
    title, fields = " ".join(opening.title.split()), {}
    if not title:
        fields["about"] = [_("Say in a few words what it is about.")]
    if not (opening.impact in rules.SCALE and opening.urgency in rules.SCALE):
        fields["impact"] = [_("Impact and urgency go from 1 to 4.")]
    if opening.priority is not None:
        fields |= _priority_faults(opening, actor)
    if fields:
        raise Unprocessable(next(iter(fields.values()))[0], fields=fields)
    if len(title) <= LONGEST_TITLE:
        return replace(opening, title=title)
    cut, rest = title[: LONGEST_TITLE - 1].rstrip() + "…", opening.description
    return replace(opening, title=cut, description=f"{title}\n\n{rest}".rstrip())


def _priority_faults(opening: IncidentOpening, actor: Actor) -> dict[str, list[str]]:
    if opening.priority not in rules.SCALE:
        return {"priority": [_("Priority goes from 1 to 4.")]}
    if opening.priority == rules.priority_of(opening.impact, opening.urgency):
        return {}
    if not (actor.is_system or actor.may_somewhere(Permission.INCIDENT_LOG)):
        return {"priority": [_("The priority follows from impact and urgency.")]}
    if not opening.priority_reason.strip():
        return {"priority_reason": [_("Say why it is not the priority that impact and urgency give.")]}
    return {}


def _with_service(opening: IncidentOpening) -> IncidentOpening:
    """A fault on the component that is a service is a fault on that service."""
    if opening.service is None and opening.component is not None:
        service = Service.objects.filter(pk=opening.component.pk, retired_at=None).first()
        return replace(opening, service=service)
    return opening


def _team(opening: IncidentOpening, actor: Actor) -> Team | None:
    for team in (
        opening.owner_team,
        opening.category.team if opening.category else None,
        opening.component.owner_team if opening.component else None,
        opening.service.support_team if opening.service else None,
    ):
        if team is not None and team.retired_at is None:
            return team
    if opening.caller is not None and opening.caller.pk != actor.id:  # somebody took the call
        return Team.objects.filter(pk__in=actor.teams, is_desk=True, retired_at=None).order_by("pk").first()
    return None


def _contact_owner(opening: IncidentOpening, actor: Actor) -> User | None:
    """Who took the call answers the caller from then on, whoever does the work (DOMAIN I2)."""
    if actor.kind != "person" or opening.caller is None or opening.caller.pk == actor.id or opening.is_imported:
        return None
    return User(pk=actor.id, name=actor.name)  # only the key is stored; reading the person again would cost a statement


def _class_audience(confidential_class: str) -> tuple[int, ...]:
    return (CONFIDENTIAL_CLASSES[confidential_class][0],) if confidential_class else ()


def _estimate(opening: IncidentOpening) -> int | None:
    if opening.estimate_minutes is not None or opening.category is None:
        return opening.estimate_minutes
    return opening.category.estimate_minutes
