"""What an unknown caller reported belongs to the person that the caller turns out to be."""

import pytest

from accounts import commands as accounts
from accounts.commands.guests import add_guest
from accounts.models import User
from accounts.queries import SYSTEM, actor_for
from journal import commands as journal
from journal.units import database_now, door
from records import commands as records
from records.models import Record, Watcher
from records.queries import by_number
from tests.factories import make_actor, make_user
from tests.incidents.help import World, state
from tests.records.flow import opened

pytestmark = pytest.mark.django_db(transaction=True)


def merge(guest: User, person: User) -> None:
    with door(SYSTEM) as at:
        accounts.merge_guest(guest, person, actor=SYSTEM, at=at)
    while journal.relay_due(database_now(), actor=SYSTEM):
        pass


def test_requester_and_caller_follow_and_are_seen_by_the_person() -> None:
    agent, anna, bo = make_actor("agent"), make_user("requester", name="Anna"), make_user("requester")
    with door(agent) as at:
        guest = add_guest(name="Somebody", phone="070", actor=agent, at=at)
    asked, called, others = opened(agent, requester=guest), opened(agent, requester=bo), opened(agent, requester=bo)
    with door(agent) as at:
        records.add_caller(called, guest, actor=agent, at=at)
    merge(guest, anna)
    assert Record.objects.get(pk=asked.pk).requester_id == anna.pk
    for record in (asked, called):
        assert by_number(actor_for(anna), record.number).pk == record.pk
        assert -guest.pk not in Record.objects.get(pk=record.pk).audience
    assert [(row.record_id, row.user_id, row.is_caller) for row in Watcher.objects.all()] == [
        (called.pk, anna.pk, True)
    ]
    assert Record.objects.get(pk=others.pk).requester_id == bo.pk
    with door(SYSTEM) as at:
        assert records.hand_over_guest(guest, anna, actor=SYSTEM, at=at) == 0


def test_a_closed_incident_follows_and_stays_closed() -> None:
    world = World()
    with door(world.agent) as at:
        guest = add_guest(name="Somebody", actor=world.agent, at=at)
    incident = world.closed(caller=guest)
    merge(guest, world.caller)
    assert Record.objects.get(pk=incident.record_id).requester_id == world.caller.pk
    assert state(incident) == "closed"
