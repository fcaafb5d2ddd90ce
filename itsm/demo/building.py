"""Everything but the records, in the order in which it hangs together."""

from datetime import datetime

from accounts.commands import search as people
from accounts.models import User
from itsm.demo.hours import build_calendars, build_schedules
from itsm.demo.landscape import build_landscape
from itsm.demo.people import build_people
from itsm.demo.promises import build_promises
from itsm.demo.wiring import build_wiring
from itsm.demo.world import World
from journal.commands.search import upsert
from registry.commands import search as registry
from registry.models import Component


def build_world(at: datetime) -> World:
    """People, hours, components, promises and wiring, written inside the caller's unit of work."""
    world = World(at)
    for build in (build_people, build_calendars, build_schedules, build_landscape, build_promises, build_wiring):
        build(world)
    upsert(people.document_of(person) for person in User.objects.filter(kind=User.Kind.PERSON))
    components = Component.objects.select_related("type", "owner_team", "location", "holder")
    upsert(registry.document_of(component) for component in components)
    return world
