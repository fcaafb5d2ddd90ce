"""The invented region: whole, the same from its seed, and refused where real people are."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import Team, User
from accounts.queries import actor_for
from itsm.demo.building import build_world
from itsm.demo.people import LOGINS, PASSWORD
from itsm.demo.world import World
from itsm.management.commands.demo import Command
from journal.units import command
from registry.models import Component, Service
from registry.queries import impact, needs_of
from tests.factories import NOON, make_user
from workforce.queries import free_minutes


@command
def built() -> World:
    return build_world(NOON)


def test_the_region_is_whole_and_hangs_together(db: None) -> None:
    world = built()
    assert (Team.objects.count(), Service.objects.count(), Component.objects.count()) == (8, 40, 1500)
    assert sum(len(people) for people in world.staff.values()) == 60
    core = impact(Component.objects.get(tag="core-a").pk)
    assert core.total > 500
    assert len(core.services) > 30
    ward = impact(Component.objects.get(tag="sw-central-01-1").pk)
    assert 5 < ward.total < 40
    assert ward.services == ()
    technician = actor_for(world.roles["technician"])
    assert technician.may("work.pick", world.teams["servers"].pk)
    assert needs_of(Component.objects.get(tag="core-a").pk) == [world.competences["network"].pk * 10 + 3]
    assert free_minutes([world.roles["technician"].pk], world.at, world.at.replace(day=11))[technician.id] == 5 * 8 * 60


def test_the_same_region_comes_from_the_same_seed(db: None) -> None:
    def told(world: World) -> list[object]:
        components = [(each.tag, each.name, each.serial, each.criticality) for each in world.components["workstation"]]
        return [[person.name for person in world.requesters], components, world.chance.random()]

    first = told(build_aside())
    assert told(build_aside()) == first


def build_aside() -> World:
    """Build and take back."""
    kept: list[World] = []
    try:
        with transaction.atomic():
            kept.append(built())
            raise InterruptedError
    except InterruptedError:
        return kept[0]


def test_every_login_of_the_start_up_message_opens(db: None) -> None:
    built()
    out = StringIO()
    call_command(Command(), logins=True, stdout=out)
    for login in LOGINS:
        assert f"{login.address}@region.example" in out.getvalue()
    assert PASSWORD in out.getvalue()
    assert User.objects.get(email="agent@region.example").check_password(PASSWORD)


def test_a_database_with_people_is_left_alone(db: None) -> None:
    make_user("agent")
    with pytest.raises(CommandError, match="People are in this database already"):
        call_command(Command())
    assert Team.objects.count() == 0


def test_without_the_demo_no_logins_are_told(db: None) -> None:
    make_user("agent")
    out = StringIO()
    call_command(Command(), logins=True, stdout=out)
    assert out.getvalue().strip() == ""
