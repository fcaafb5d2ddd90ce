"""Escalating an incident gives its teams and suppliers their turns, each with its own time (DOMAIN S1, I2)."""

import pytest
from django.test import Client

from accounts.models import User
from incidents import commands
from sla.models import Clock
from tests.factories import make_team, no_second_factor
from tests.incidents.help import World, minutes
from tests.sla.rooms import always, pause, target

pytestmark = pytest.mark.django_db


def turns(pk: int) -> list[tuple[str, str, object, str, int]]:
    """(party, supplier, team, state, minutes used) in the order of the turns."""
    rows = Clock.objects.filter(record=pk).exclude(party="customer").order_by("pk")
    return [(row.party, row.supplier, row.team_id, row.state, row.consumed_seconds // 60) for row in rows]


def test_an_incident_goes_to_a_team_to_a_supplier_and_back(world: World) -> None:
    calendar, storage = always("of-turns"), make_team("storage")
    target(calendar, 600, party="team")
    target(calendar, 300, party="supplier", supplier="telia")
    pause("supplier")
    incident, by = world.opened(), world.agent
    network = world.network.pk
    assert turns(incident.pk) == [("team", "", network, "running", 0)]
    began = Clock.objects.get(party="team").started_at
    first = int((minutes(10) - began).total_seconds()) // 60
    commands.escalate(incident, team=storage, reason="The disks are full.", actor=by, at=minutes(10))
    commands.escalate(incident, supplier="Telia", reason="Their line.", actor=by, at=minutes(15))
    assert turns(incident.pk) == [
        ("team", "", network, "stopped", first), ("team", "", storage.pk, "running", 0),
        ("supplier", "Telia", None, "running", 0),
    ]  # fmt: skip
    commands.escalate(incident, team=world.network, reason="Not theirs.", actor=by, at=minutes(40))
    assert turns(incident.pk)[1:] == [
        ("team", "", storage.pk, "stopped", 30), ("supplier", "Telia", None, "stopped", 25),
        ("team", "", network, "running", 0),
    ]  # fmt: skip
    commands.resolve(incident, cause="network", resolution="Fixed.", actor=by, at=minutes(50))
    assert turns(incident.pk)[3:] == [("team", "", network, "stopped", 10)]


def test_on_hold_for_the_supplier_its_time_runs_until_work_goes_on(world: World) -> None:
    calendar = always("of-turns")
    target(calendar, 300, party="supplier")
    pause("supplier")
    incident = world.started()
    commands.hold(incident, reason="supplier", actor=world.technician, at=minutes(10))
    assert turns(incident.pk) == [("supplier", "", None, "running", 0)]
    commands.resume(incident, actor=world.technician, at=minutes(30))
    assert turns(incident.pk) == [("supplier", "", None, "stopped", 20)]


def test_the_page_says_whose_time_it_is_and_leaves_past_turns_to_the_explanation(world: World, client: Client) -> None:
    calendar = always("of-turns")
    target(calendar, 600)
    target(calendar, 300, party="team")
    incident = world.opened()
    commands.escalate(incident, team=make_team("storage"), reason="The disks are full.", actor=world.agent,
                      at=minutes(10))  # fmt: skip
    no_second_factor()
    client.force_login(User.objects.get(pk=world.agent.id))
    page = client.get(f"/incidents/{incident.record.number}/").content.decode().replace("&#x27;", "'")
    assert ("Our promise" in page, "storage's own time" in page, "network's own time" in page) == (True, True, False)
    told = client.get(f"/records/{incident.record.number}/sla/").content.decode().replace("&#x27;", "'")
    assert "network's own time" in told
    assert "Another team owns the record now. The clock stops." in told
