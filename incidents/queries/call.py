"""Everything beside the call form, from what is typed so far."""

from dataclasses import dataclass
from datetime import datetime

from accounts.models import User
from incidents.models import Incident
from incidents.queries import console, promises
from kernel.actor import Actor
from records.models import Record
from records.queries import choices
from registry import queries as registry
from registry.models import Component, Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What the form holds at this moment, finished or not."""

    look: str = ""
    caller_id: int | None = None
    about: str = ""
    look_component: str = ""
    component_id: int | None = None
    impact: int = 4
    urgency: int = 3
    priority: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """Who calls, what they have, what may be the same fault, what would be promised."""

    people: list[choices.Option]
    caller: User | None
    caller_detail: str
    open_records: list[Record]
    earlier: list[Record]
    components: list[choices.Option]
    component: Component | None
    services: list[registry.ServiceHit]
    similar: list[Incident]
    assessment: promises.Assessment
    looked: bool

    @property
    def similar_records(self) -> list[Record]:
        """The records of what may be the same fault."""
        return [each.record for each in self.similar]


def situation(actor: Actor, now: Typed, *, at: datetime) -> Situation:
    """Look everything up; a fixed number of statements however much is found."""
    found = choices.find_people(now.look)
    people = list(found.people)
    caller = next((each for each in people if each.pk == now.caller_id), None) or found.only
    if caller is None and now.caller_id is not None:
        caller = User.objects.filter(pk=now.caller_id, is_active=True).first()
        people = [*people, *([caller] if caller else [])]
    holder = caller.pk if caller else None
    component = Component.objects.filter(pk=now.component_id).first() if now.component_id else None
    look = choices.find_components(now.look_component) if now.look_component else []
    offered = look or console.suggested_components(now.about, holder)
    if component is not None and component not in offered:
        offered = [component, *offered]
    service = Service.objects.filter(pk=component.pk).values_list("pk", flat=True).first() if component else None
    return Situation(
        people=choices.person_options(people), caller=caller,
        caller_detail=choices.person_detail(caller) if caller else "",
        open_records=console.open_records_of(actor, caller.pk) if caller else [],
        earlier=console.recent_records_of(actor, caller.pk) if caller else [],
        components=choices.component_options(offered), component=component,
        services=registry.services_hit(component.pk)[:5] if component else [],
        similar=console.similar(actor, now.about, component_id=component.pk if component else None),
        assessment=promises.assess(
            now.impact, now.urgency, service_id=service, priority=now.priority, at=at,
            customer=caller.unit if caller else "",
        ),
        looked=bool(now.look.strip()),
    )  # fmt: skip
