"""What is going on right now, done by commands like any other work: a major incident, work of the well-known people."""

from datetime import datetime, timedelta

from coordination import commands as work
from coordination.models import WorkItem
from incidents import commands as incidents
from incidents.models import Incident
from incidents.process import INCIDENTS
from itsm.demo.cast import Cast
from itsm.demo.world import World
from kernel.actor import Actor
from records import commands as records

CALLERS = 14


def play_today(world: World, cast: Cast) -> None:
    """The last hours before now."""
    _major(world, cast)
    _own_matters(world, cast)
    _lift(world, cast)


def _actor(world: World, cast: Cast, role: str) -> Actor:
    return cast.actor(world.roles[role])


def _ago(world: World, minutes: int) -> datetime:
    return world.at - timedelta(minutes=minutes)


def _major(world: World, cast: Cast) -> None:
    """Everybody calls about the health record; the manager of the day leads, updates come every half hour."""
    agent, service = _actor(world, cast, "agent"), world.services["journal"]
    opening = incidents.IncidentOpening(
        title="Journalsystemet svarar inte", lang="sv", caller=world.requesters[5], impact=1, urgency=2,
        description="Inloggning går bra, men ingen journal öppnas. Gäller alla kliniker sedan 20 minuter.",
        service=service, component=service.component, category=world.categories["health-records"],
        owner_team=world.teams["clinical"],
    )  # fmt: skip
    incident = incidents.open_incident(opening, actor=agent, at=_ago(world, 70))
    incidents.declare_major(
        incident, leader=world.roles["manager"], update_every_minutes=30, within_influence=True,
        banner="Journalsystemet svarar inte. Använd reservrutinen. Vi arbetar med felet.", actor=agent,
        at=_ago(world, 62),
    )  # fmt: skip
    for number in range(CALLERS):
        incidents.add_caller(incident, world.requesters[20 + number], actor=agent, at=_ago(world, 60 - 2 * number))
    lead = cast.actor(world.staff["clinical"][0])
    _take(incident, lead, _ago(world, 58))
    records.comment(incident.record, body="Databasens transaktionslogg är full, flyttar den till större yta.",
                    is_public=False, lang="sv", actor=lead, at=_ago(world, 41))  # fmt: skip
    for minutes, body in (
        (35, "Felet är hittat: en full disk i databasen. Nästa besked om en halvtimme."),
        (8, "Journalen öppnas igen för de flesta. Vi låter reservrutinen gälla tills allt är kontrollerat."),
    ):
        incidents.post_update(incident, body=body, actor=agent, at=_ago(world, minutes))
    for number, title in enumerate(("Kan inte öppna journalen på akuten", "Läkemedelslistan tom efter inloggning")):
        part = incidents.open_incident(
            incidents.IncidentOpening(
                title=title, lang="sv", caller=world.requesters[40 + number], impact=3, urgency=1, service=service,
                component=service.component, category=world.categories["health-records"],
                owner_team=world.teams["clinical"],
            ),
            actor=agent, at=_ago(world, 55 - number),
        )  # fmt: skip
        incidents.set_parent(part, parent=incident, actor=agent, at=_ago(world, 50 - number))


def _own_matters(world: World, cast: Cast) -> None:
    """What the people of the start-up message find under "Mine"."""
    requester, technician = world.roles["requester"], _actor(world, cast, "technician")
    mine = incidents.open_incident(
        incidents.IncidentOpening(
            title="Skrivaren på expeditionen skriver dubbelt", lang="sv", caller=requester, channel="portal",
            impact=4, urgency=3, component=world.components["printer"][3], category=world.categories["printing"],
            owner_team=world.teams["workplace"], description="Varje remiss kommer i två exemplar sedan i fredags.",
        ),
        actor=cast.actor(requester), at=_ago(world, 190),
    )  # fmt: skip
    records.comment(mine.record, body="Tack, vi ser det. Är det bara från journalen, eller från alla program?",
                    is_public=True, lang="sv", actor=_actor(world, cast, "agent"), at=_ago(world, 150))  # fmt: skip
    for minutes, title, lang, who, machine in (
        (240, "Backup agent on win-001 does not start", "en", technician, world.components["vm"][0]),
        (95, "lx-008 根分区使用率 96%", "zh-hans", _actor(world, cast, "yunwei"), world.components["vm"][7]),
    ):
        team = machine.owner_team
        incident = incidents.open_incident(
            incidents.IncidentOpening(
                title=title, lang=lang, channel="alert", impact=3, urgency=3, component=machine, owner_team=team,
                category=world.categories["server"],
            ),
            actor=cast.machine, at=_ago(world, minutes),
        )  # fmt: skip
        _take(incident, who, _ago(world, minutes - 30))


def _take(incident: Incident, who: Actor, at: datetime) -> None:
    item = INCIDENTS.work_item(incident.record)
    if item is not None:
        work.take(item, actor=who, at=at)


def _lift(world: World, cast: Cast) -> None:
    """A coordinator has lifted one item above its rank."""
    rows = WorkItem.objects.filter(state="queued", is_routed=True).select_related("record").order_by("-pk")
    item = rows.filter(record__priority=3).first()
    if item is not None:
        work.boost(
            item, points=60, reason="Upphandlingen stänger i morgon", expires_at=world.at + timedelta(hours=20),
            actor=_actor(world, cast, "coordinator"), at=_ago(world, 5),
        )  # fmt: skip
