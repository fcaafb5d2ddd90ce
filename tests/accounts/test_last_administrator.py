"""Somebody always administers, whatever two administrators do to each other at the same moment (X5)."""

import threading
from collections.abc import Callable

import pytest
from django.db import connection, transaction

from accounts import commands
from accounts.models import Grant, User
from accounts.queries import actor_for
from journal.units import database_now, door
from kernel.actor import Actor
from kernel.errors import Conflict
from tests.factories import make_user


def switch_off(person: User, by: Actor) -> None:
    with door(by) as at:
        commands.disable_person(person, actor=by, at=at)


def take_away(person: User, by: Actor) -> None:
    with door(by) as at:
        commands.take_role(Grant.objects.get(user=person), actor=by, at=at)


@pytest.mark.django_db
def test_the_last_one_stays_and_the_last_but_one_may_go() -> None:
    anna, bo = make_user("administrator"), make_user("administrator")
    machine = make_user("administrator", kind="integration")
    at = database_now()
    commands.disable_person(bo, actor=actor_for(anna), at=at)
    with pytest.raises(Conflict, match="the last administrator"), transaction.atomic():
        commands.take_role(Grant.objects.get(user=anna), actor=actor_for(machine), at=at)
    commands.enable_person(bo, actor=actor_for(anna), at=at)
    commands.take_role(Grant.objects.get(user=anna), actor=actor_for(bo), at=at)
    with pytest.raises(Conflict, match="the last administrator"), transaction.atomic():
        commands.disable_person(bo, actor=actor_for(machine), at=at)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("deed", [switch_off, take_away])
def test_two_administrators_cannot_remove_each_other_at_once(deed: Callable[[User, Actor], None]) -> None:
    anna, bo = make_user("administrator", name="Anna"), make_user("administrator", name="Bo")
    together, refused = threading.Barrier(2), []

    def act(person: User, by: Actor) -> None:
        try:
            together.wait(10)
            deed(person, by)
        except Conflict:
            refused.append(by.name)
        finally:
            connection.close()

    pairs = (anna, actor_for(bo)), (bo, actor_for(anna))  # both requests came through their doors as administrators
    threads = [threading.Thread(target=act, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    left = User.objects.filter(is_active=True, pk__in=Grant.objects.values("user")).count()
    assert (left, len(refused)) == (1, 1)
