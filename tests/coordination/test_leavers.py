"""Whoever's account is switched off holds no work any more (X5)."""

from typing import Any

import pytest

from accounts import commands as accounts
from accounts.models import User
from accounts.queries import SYSTEM
from coordination import commands as work
from coordination.models import Ranking, WorkItem
from incidents.commands import hold
from incidents.models import Incident
from journal import commands as journal
from journal.models import Event
from journal.units import database_now, door
from kernel.actor import Actor
from tests.coordination.arrange import again, offer, technician
from tests.factories import NOON, make_actor
from tests.incidents.help import World

pytestmark = pytest.mark.django_db(transaction=True)


def switch_off(user: User) -> None:
    with door(make_actor("administrator")) as at:
        accounts.disable_person(user, actor=SYSTEM, at=at)


def relay() -> None:
    while journal.relay_due(database_now(), actor=SYSTEM):
        pass


def assigned(user: User, coordinator: Actor, **fields: Any) -> WorkItem:
    item = offer(**fields)
    with door(coordinator):
        work.assign(item, user, actor=coordinator, at=NOON, override_reason="test")
    return item


def test_work_of_a_leaver_goes_back_to_the_queue_with_its_reason() -> None:
    coordinator = make_actor("coordinator")
    (eva, _eva), (bo, _bo) = technician(name="Eva"), technician(name="Bo")
    mine, waiting, others = (assigned(user, coordinator) for user in (eva, eva, bo))
    with door(coordinator):
        work.wait(again(waiting), reason="supplier", actor=coordinator, at=NOON)
    switch_off(eva)
    relay()
    for item in (mine, waiting):
        assert (again(item).state, again(item).assignee, again(item).waiting_reason) == ("queued", None, "")
        assert Ranking.objects.filter(work_item=item.pk).exists()
    assert (again(others).state, again(others).assignee_id) == ("assigned", bo.pk)
    told = Event.objects.filter(subject_kind="task", subject_id=mine.record_id).order_by("seq")
    assert [(each.code, each.data.get("reason"), each.actor_kind) for each in told][-2:] == [
        ("work.left", None, "system"),
        ("work.released", "account_off", "system"),
    ]
    with door(SYSTEM):
        assert work.give_back_all(eva.pk, actor=SYSTEM, at=database_now()) == 0


def test_work_stays_when_the_account_is_on_again_before_anybody_looked() -> None:
    coordinator, (eva, _actor) = make_actor("coordinator"), technician()
    item = assigned(eva, coordinator)
    switch_off(eva)
    with door(SYSTEM) as at:
        accounts.enable_person(eva, actor=SYSTEM, at=at)
    relay()
    assert again(item).assignee_id == eva.pk


def test_an_incident_that_waits_goes_back_with_its_work() -> None:
    world = World()
    eva, incident = User.objects.get(pk=world.technician.id), world.started()
    with door(world.technician) as at:
        hold(incident, reason="supplier", actor=world.technician, at=at)
    switch_off(eva)
    relay()
    found = Incident.objects.select_related("record").get(pk=incident.pk)
    assert (found.record.state, found.record.waiting_reason) == ("assigned", "")
