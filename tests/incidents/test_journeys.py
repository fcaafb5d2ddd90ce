"""Journeys copied by hand from DOMAIN 4: new → assigned → in progress ⇄ pending → resolved → closed; …"""

import pytest

from accounts.models import User
from coordination import commands as work
from incidents import commands
from incidents.models import Incident
from incidents.process import INCIDENTS
from kernel.errors import Conflict, Unprocessable
from records.models import Comment, Record
from tests.factories import make_actor
from tests.incidents.help import RESOLUTION, World, fields_of, happened, minutes, refuses, state


def test_new_assigned_in_progress_pending_resolved_closed(world: World) -> None:
    incident = world.opened()
    assert state(incident) == "new"
    item = INCIDENTS.work_item(incident.record)
    assert item is not None
    assert (item.task, item.state, item.team_id) == ("resolve", "queued", world.network.pk)

    person = User.objects.get(pk=world.technician.id)
    work.assign(item, person, actor=make_actor("coordinator"), at=minutes(5))
    assert state(incident) == "assigned"

    work.start(item, actor=world.technician, at=minutes(10))
    assert state(incident) == "in_progress"
    assert Record.objects.get(pk=incident.pk).responded_at == minutes(10)

    commands.hold(incident, reason="supplier", actor=world.technician, at=minutes(20))
    stored = Record.objects.get(pk=incident.pk)
    assert (stored.state, stored.phase, stored.waiting_reason) == ("pending", "waiting", "supplier")
    item.refresh_from_db()
    assert (item.state, item.waiting_reason) == ("waiting", "supplier")

    commands.resume(incident, actor=world.technician, at=minutes(30))
    item.refresh_from_db()
    assert (state(incident), item.state) == ("in_progress", "in_progress")

    commands.resolve(incident, cause="network", resolution=RESOLUTION, actor=world.technician, at=minutes(40))
    item.refresh_from_db()
    assert (state(incident), item.state, item.assignee_id) == ("resolved", "done", world.technician.id)

    commands.close(incident, actor=world.agent, at=minutes(50))
    assert state(incident) == "closed"
    assert happened(incident) == ["assign", "start", "hold", "resume", "resolve", "close"]


@pytest.mark.parametrize("reason", ["user", "supplier", "change", "visit"])
def test_pending_for_each_reason_of_the_domain(world: World, reason: str) -> None:
    incident = world.started()
    commands.hold(incident, reason=reason, actor=world.technician, at=minutes(1))
    assert Record.objects.get(pk=incident.pk).waiting_reason == reason


def test_pending_for_no_other_reason(world: World) -> None:
    incident = world.started()
    with refuses(Unprocessable) as refused:
        commands.hold(incident, reason="lunch", actor=world.technician, at=minutes(1))
    assert "reason" in fields_of(refused.value)
    assert state(incident) == "in_progress"


def test_reopened_returns_to_assigned_with_work_in_the_queue(world: World) -> None:
    incident = world.closed()
    commands.reopen(incident, reason="It drops again.", actor=world.requester, at=minutes(60))
    assert state(incident) == "assigned"
    item = INCIDENTS.work_item(incident.record)
    assert item is not None
    assert (item.state, item.team_id) == ("queued", world.network.pk)
    stored = Incident.objects.get(pk=incident.pk)
    assert (stored.reopen_count, stored.resolved_at, stored.closes_at) == (1, None, None)
    world.take(incident, world.colleague, moment=minutes(61))
    assert state(incident) == "in_progress"


def test_cancelled_calls_its_work_off(world: World) -> None:
    incident = world.opened()
    commands.cancel(incident, reason="Logged twice.", actor=world.agent, at=minutes(1))
    assert (state(incident), INCIDENTS.work_item(incident.record)) == ("cancelled", None)
    with refuses(Conflict, "wrong_state"):
        commands.resolve(incident, cause="network", resolution="x", actor=world.agent, at=minutes(2))


def test_handed_back_waits_for_the_next_person(world: World) -> None:
    incident = world.started()
    item = INCIDENTS.work_item(incident.record)
    assert item is not None
    work.hand_back(item, reason="competence", actor=world.technician, at=minutes(20))
    assert (state(incident), happened(incident)[-1]) == ("assigned", "release")
    world.take(incident, world.colleague, moment=minutes(21))
    assert state(incident) == "in_progress"


def test_handed_back_while_pending_is_no_longer_pending(world: World) -> None:
    incident = world.started()
    commands.hold(incident, reason="user", actor=world.technician, at=minutes(5))
    item = INCIDENTS.work_item(incident.record)
    assert item is not None
    work.hand_back(item, reason="shift_end", actor=world.technician, at=minutes(20))
    stored = Record.objects.get(pk=incident.pk)
    assert (stored.state, stored.waiting_reason) == ("assigned", "")


def test_picking_shows_the_incident_to_the_picker(world: World) -> None:
    stranger = make_actor("technician")
    incident = world.opened(owner_team=None, needs=())
    item = INCIDENTS.work_item(incident.record)
    assert item is not None
    work.route(incident.record, needs=(), actor=make_actor("coordinator"), at=minutes(1))
    item.refresh_from_db()
    work.take(item, actor=stranger, at=minutes(2))
    assert -stranger.id in Record.objects.get(pk=incident.pk).audience


def test_resolving_tells_the_callers_unless_asked_not_to(world: World) -> None:
    told, silent = world.started(), world.started(title="Another one")
    commands.resolve(told, cause="network", resolution=RESOLUTION, actor=world.technician, at=minutes(1))
    commands.resolve(
        silent, cause="network", resolution=RESOLUTION, tell_callers=False, actor=world.technician, at=minutes(1)
    )
    assert list(Comment.objects.filter(is_public=True).values_list("record_id", "body")) == [(told.pk, RESOLUTION)]


def test_resolving_needs_cause_and_what_fixed_it(world: World) -> None:
    incident = world.started()
    with refuses(Unprocessable) as refused:
        commands.resolve(incident, cause="", resolution=" ", actor=world.technician, at=minutes(1))
    assert fields_of(refused.value) == ["cause", "resolution"]
    assert state(incident) == "in_progress"
