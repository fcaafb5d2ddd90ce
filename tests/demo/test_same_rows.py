"""The bulk path leaves what the commands leave: the same stories told once by each, all rows compared.

Not compared: ids (told as what they point to), salts and macs (random; the chains are verified instead), times at
which the database itself wrote, outbox rows, notifications and undo offers: nobody is told of the past, and nothing
of it can be undone.
"""

from datetime import datetime, timedelta

import pytest

from accounts.queries import SYSTEM, actor_for
from coordination import commands as work
from incidents.commands import IncidentOpening
from itsm.demo.building import build_world
from itsm.demo.cast import Cast
from itsm.demo.copying import reserve
from itsm.demo.history import write_history
from itsm.demo.known import Known
from itsm.demo.plots import Plots, in_order
from itsm.demo.rows import Contexts, sequences
from itsm.demo.scaling import rank_queue, write_chunk
from itsm.demo.stamps import Stamp
from itsm.demo.story import Act, Story
from itsm.demo.world import World
from journal.commands.note import note  # noqa: F401  # the unit's writer
from journal.models import Event
from journal.queries.verify import faults
from journal.units import door
from records.models import Record
from records.queries.heads import record_heads
from sla.models import EscalationStep
from tests.demo import by_commands
from tests.demo.leavings import differences
from tests.factories import NOON

pytestmark = pytest.mark.django_db(transaction=True)
DAY = timedelta(days=1)
UNTIL = NOON + 13 * DAY


def stories(world: World) -> dict[str, Story]:
    agent = actor_for(world.roles["agent"])
    technician = actor_for(world.roles["technician"])
    caller = world.requesters[3]
    requester = actor_for(caller)
    machine = actor_for(world.roles["integration"])
    server, servers = world.components["vm"][0], world.teams["servers"]
    journal, clinical = world.services["journal"], world.teams["clinical"]

    def story(*acts: tuple[str, timedelta, object, dict[str, object]], by: object = agent, **opening: object) -> Story:
        plain = {"title": "Skrivaren svarar inte", "description": "Sedan i morse.", "caller": caller, "lang": "sv",
                 "owner_team": servers, "component": server, "category": world.categories["server"]}  # fmt: skip
        told = [Act(verb, NOON + after, who, facts) for verb, after, who, facts in acts]
        return Story(NOON, by, IncidentOpening(**{**plain, **opening}), told)

    minute = timedelta(minutes=1)
    fix = {"cause": "hardware", "resolution": "Bytt."}
    solved = story(by=agent, impact=4, urgency=4)
    solved.fixed = ("use", "Visat hur.")
    return {
        "left in the queue": story(impact=3, urgency=2),
        "solved at the desk at once": solved,
        "taken, talked about, resolved, closed by itself": story(
            ("reply", 10 * minute, agent, {"body": "Vi tittar på det.", "lang": "sv"}),
            ("take", 60 * minute, technician, {}),
            ("write", 70 * minute, technician, {"body": "Disken är full."}),
            ("reply", 75 * minute, requester, {"body": "Tack!"}),
            ("resolve", 100 * minute, technician, fix),
            ("close", 9 * DAY, SYSTEM, {}),
        ),
        "assigned, started late, broken promise": story(
            ("assign", 5 * minute, agent, {"user": technician.id}),
            ("take", 9 * DAY, technician, {}),
            ("resolve", 12 * DAY, technician, {**fix, "tell_callers": False}),
            ("close", 12 * DAY + minute, agent, {}),
            impact=1, urgency=1,
        ),
        "held twice and still open": story(
            ("take", 30 * minute, technician, {}),
            ("hold", 40 * minute, technician, {"reason": "user"}),
            ("reply", DAY, requester, {"body": "Nu går det."}),
            ("resume", DAY + minute, technician, {}),
            ("hold", 2 * DAY, technician, {"reason": "supplier"}),
        ),
        "handed back, boosted, taken again": story(
            ("take", minute, technician, {}),
            ("hand_back", 2 * minute, technician, {"reason": ""}),
            ("take", 20 * minute, technician, {}),
            ("hand_back", 60 * minute, technician, {"reason": "no_time", "note_text": "Semester"}),
            impact=2, urgency=2,
        ),
        "assessed again, reopened, cancelled": story(
            ("set_priority", 3 * minute, agent, {"impact": 1, "urgency": 2}),
            ("take", 30 * minute, technician, {}),
            ("resolve", 50 * minute, technician, fix),
            ("reopen", DAY, requester, {"reason": "Samma sak igen."}),
            ("set_priority", 2 * DAY, agent, {"impact": 4, "urgency": 4}),
            ("cancel", 3 * DAY, agent, {"reason": "Dubblett."}),
        ),
        "of a service with its own promise": story(
            ("reply", 20 * minute, agent, {"body": "Vi ser det."}),
            service=journal, component=journal.component, owner_team=clinical, impact=2, urgency=2,
            category=world.categories["health-records"],
        ),
        "raised by a machine": story(by=machine, caller=None, channel="alert", impact=2, urgency=1),
    }  # fmt: skip


def test_bulk_stamps_and_commands_leave_the_same_rows() -> None:
    with door(SYSTEM, source="demo"):
        world = build_world(NOON)
        EscalationStep.objects.create(kind="incident", metric="resolution", percent=50, action="boost",
                                      config={"points": 30, "hours": 300})  # fmt: skip
        EscalationStep.objects.create(kind="incident", metric="response", percent=10, action="boost", config={},
                                      repeat_minutes=60, repeat_count=2)  # fmt: skip
    told = {**stories(world), **thought_up(world)}
    by_verbs = [by_commands.tell(story, UNTIL) for story in told.values()]
    while rerank(UNTIL):
        pass
    last = Record.objects.order_by("-pk")[0].pk
    with door(SYSTEM, source="demo"):
        write_history(list(told.values()), until=UNTIL)
    in_bulk = list(Record.objects.filter(pk__gt=last).order_by("pk"))
    last = in_bulk[-1].pk
    with door(SYSTEM, source="demo"):
        stamp(list(told.values()))
    rank_queue(UNTIL)
    stamped = list(Record.objects.filter(pk__gt=last).order_by("pk"))
    found = {name: differences(one, other) for name, one, other in zip(told, by_verbs, in_bulk, strict=True)}
    assert {name: lines for name, lines in found.items() if lines} == {}
    found = {name: differences(one, other) for name, one, other in zip(told, by_verbs, stamped, strict=True)}
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert [str(fault) for fault in faults({"incident": record_heads})] == []
    assert Event.objects.filter(subject_kind="incident", code="work.boosted").count() > 20


def stamp(told: list[Story]) -> None:
    """The third way: told once with slots, then filled in."""
    known, contexts = Known(), Contexts()
    numbers = iter(reserve("'record_number_incident'", len(told)))
    stamps = [Stamp(story, known, contexts, prefix="INC", until=UNTIL) for story in told]
    write_chunk(stamps, contexts, lambda: next(numbers), sequences())


def thought_up(world: World) -> dict[str, Story]:
    """Some of those that the demo thinks up by itself, which must be such that people could have done them."""
    plots = Plots(world, Cast(world, Known()))
    made = in_order(plots.year(12), plots.queue(6, 2 * DAY))
    return {f"number {number}: {story.opening.title}": story for number, story in enumerate(made)}


def rerank(at: datetime) -> int:
    with door(SYSTEM, source="sweep"):
        return work.sweep(actor=SYSTEM, at=at)
