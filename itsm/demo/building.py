"""Everything but the records, in the order in which it hangs together."""

from datetime import datetime

from itsm.demo.hours import build_calendars, build_schedules
from itsm.demo.landscape import build_landscape
from itsm.demo.people import build_people
from itsm.demo.promises import build_promises
from itsm.demo.wiring import build_wiring
from itsm.demo.world import World


def build_world(at: datetime) -> World:
    """People, hours, components, promises and wiring, written inside the caller's unit of work."""
    world = World(at)
    for build in (build_people, build_calendars, build_schedules, build_landscape, build_promises, build_wiring):
        build(world)
    return world
