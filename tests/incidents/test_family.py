"""Further callers, duplicates, parent and parts (DOMAIN I1, I4)."""

from accounts.models import User
from accounts.queries import SYSTEM
from coordination import commands as work
from incidents import commands, reactions
from incidents.models import Incident
from incidents.process import INCIDENTS
from incidents.queries import detail
from journal.models import Event
from kernel.errors import Conflict, NotAllowed, NotFound, Unprocessable
from kernel.reactions import Fact
from records.models import Comment, Record, Watcher
from tests.factories import make_actor, make_user
from tests.incidents.help import RESOLUTION, World, happened, minutes, refuses, state


def test_me_too_adds_a_caller_and_no_record(world: World) -> None:
    incident, other = world.opened(), make_user("requester")
    assert commands.add_caller(incident, other, actor=world.agent, at=minutes(1)) == 2
    assert commands.add_caller(incident, other, actor=world.agent, at=minutes(2)) == 2
    assert Incident.objects.get().caller_count == 2
    assert -other.pk in Record.objects.get().audience


def test_me_too_of_a_stranger(world: World) -> None:
    incident = world.opened()
    assert commands.add_caller(incident, None, guest="Bo Ek", actor=world.agent, at=minutes(1)) == 2
    assert Watcher.objects.get(is_caller=True).user.kind == "guest"


def test_no_caller_joins_what_has_ended(world: World) -> None:
    incident = world.resolved()
    with refuses(Conflict, "wrong_state"):
        commands.add_caller(incident, make_user(), actor=world.agent, at=minutes(1))


def test_a_requester_adds_nobody(world: World) -> None:
    incident = world.opened()
    with refuses(NotAllowed):
        commands.add_caller(incident, make_user(), actor=world.requester, at=minutes(1))


def test_a_duplicate_gives_its_callers_away_and_its_work_up(world: World) -> None:
    target, other = world.opened(), make_user("requester")
    source = world.opened(caller=other)
    third = make_user("requester")
    commands.add_caller(source, third, actor=world.agent, at=minutes(1))
    commands.merge(source, target=target, actor=world.agent, at=minutes(2))
    stored = Record.objects.get(pk=source.pk)
    assert (stored.state, stored.merged_into_id, INCIDENTS.work_item(stored)) == ("cancelled", target.pk, None)
    assert Incident.objects.get(pk=target.pk).caller_count == 3
    callers = {watcher.user_id for watcher in detail.callers(INCIDENTS.by_id(target.pk))}
    assert callers == {other.pk, third.pk}
    assert {-other.pk, -third.pk} <= set(Record.objects.get(pk=target.pk).audience)


def test_nothing_is_merged_into_what_has_ended(world: World) -> None:
    source, target = world.opened(), world.resolved()
    with refuses(Conflict, "wrong_state"):
        commands.merge(source, target=target, actor=world.agent, at=minutes(2))
    with refuses(Unprocessable):
        commands.merge(source, target=source, actor=world.agent, at=minutes(2))


def test_parts_are_resolved_with_their_main_incident_each_in_its_own_act(world: World) -> None:
    main, parts = world.opened(), [world.opened(), world.opened()]
    done = world.resolved(title="Solved before")
    for part in parts:
        commands.set_parent(part, parent=main, actor=world.agent, at=minutes(1))
    commands.resolve(main, cause="network", resolution=RESOLUTION, actor=world.agent, at=minutes(5))
    run_reactions("incident.resolve", main)
    for part in parts:
        assert state(part) == "new"
        run_reactions("incident.parent_resolved", part, kind="incident_part")
        run_reactions("incident.parent_resolved", part, kind="incident_part")
        assert (state(part), INCIDENTS.work_item(part.record)) == ("resolved", None)
        assert Incident.objects.get(pk=part.pk).resolution == RESOLUTION
        assert Comment.objects.filter(record=part.pk, body=RESOLUTION, is_public=True).count() == 1
    assert happened(done).count("resolve") == 1


def test_a_part_taken_out_meanwhile_is_left_alone(world: World) -> None:
    main, part = world.opened(), world.opened()
    commands.set_parent(part, parent=main, actor=world.agent, at=minutes(1))
    commands.resolve(main, cause="network", resolution=RESOLUTION, actor=world.agent, at=minutes(5))
    run_reactions("incident.resolve", main)
    commands.set_parent(part, parent=None, actor=world.agent, at=minutes(6))
    run_reactions("incident.parent_resolved", part, kind="incident_part")
    assert state(part) == "new"


def test_no_circle_of_parents(world: World) -> None:
    main, part = world.opened(), world.opened()
    commands.set_parent(part, parent=main, actor=world.agent, at=minutes(1))
    with refuses(Unprocessable):
        commands.set_parent(main, parent=part, actor=world.agent, at=minutes(2))


def test_a_technician_of_another_team_merges_nothing(world: World) -> None:
    source, target, stranger = world.opened(), world.opened(), make_actor("technician")
    with refuses(NotFound):  # it is not there for strangers
        commands.merge(source, target=target, actor=stranger, at=minutes(1))
    commands.merge(source, target=target, actor=world.technician, at=minutes(1))
    assert state(source) == "cancelled"


def run_reactions(code: str, incident: Incident, kind: str = "incident") -> None:
    """Run our after-commit reactions to the incident's last event of that code, as the relay does."""
    event = Event.objects.filter(code=code, subject_kind=kind, subject_id=incident.pk).latest("id")
    fact = Fact(code, kind, event.subject_id, event.at, SYSTEM, event.data, None, event.pk)
    {"incident.resolve": reactions.resolve_parts, "incident.parent_resolved": reactions.resolve_part,
     "work.resumed": reactions.follow_waiting_work}[code](fact)  # fmt: skip


def test_an_incident_held_until_a_time_goes_on_when_it_comes_and_answers_nobody_by_that(world: World) -> None:
    incident = world.opened(owner_team=world.network)
    item = INCIDENTS.work_item(incident.record)
    assert item is not None
    work.assign(item, User.objects.get(pk=world.technician.id), actor=make_actor("coordinator"), at=minutes(1))
    commands.hold(incident, reason="supplier", until=minutes(60), actor=world.technician, at=minutes(2))
    assert work.wake(actor=SYSTEM, at=minutes(60)) == 1
    run_reactions("work.resumed", incident)
    assert state(incident) == "in_progress"
    assert Record.objects.get(pk=incident.pk).responded_at is None
