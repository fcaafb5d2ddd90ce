"""Every action of an escalation step, from the due time through the relay to what it does (DOMAIN S3)."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.queries import SYSTEM
from coordination.models import Boost
from incidents.models import Incident
from incidents.process import INCIDENTS
from journal.commands.relay import relay_due
from journal.models import Event, Outbox
from journal.units import database_now
from notifications.models import Notification
from records.models import Record
from sla.commands import sweep
from tests.factories import NOON, make_team, make_user
from tests.incidents.help import World
from tests.sla.rooms import always, step, target

pytestmark = pytest.mark.django_db


def escalated(**values: Any) -> Incident:
    """An incident of the network team whose step has come half an hour into its hour."""
    target(always(), 60)
    step(percent=50, **values)
    incident = World().opened()
    for _twice in range(2):
        sweep(NOON + timedelta(minutes=31))
    while relay_due(database_now() + timedelta(days=1), actor=SYSTEM):
        pass
    assert not Outbox.objects.exists()
    assert Event.objects.filter(code="sla.step_fired", subject_id=incident.pk).count() == 1
    return incident


def told() -> set[str]:
    """Who was told of the step."""
    return set(Notification.objects.filter(code="sla.step_fired").values_list("user__name", flat=True))


def test_the_lead_of_the_team_is_told() -> None:
    target_team = make_team("network-2")
    lead = make_user("technician", team=target_team, lead=True, name="Lena Lead")
    make_user("technician", team=target_team, name="Olle Other")
    target(always(), 60)
    step(percent=50, action="notify_person", config={"person": "lead"})
    incident = World().opened(owner_team=target_team)
    sweep(NOON + timedelta(minutes=31))
    while relay_due(database_now() + timedelta(days=1), actor=SYSTEM):
        pass
    assert incident.record.owner_team == target_team
    assert told() == {lead.name}


def test_everybody_with_the_role_is_told() -> None:
    make_user("manager", name="Mona Manager")
    make_user("agent", name="Arne Agent")
    escalated(action="notify_role", config={"role": "manager"})
    assert told() == {"Mona Manager"}


def test_the_named_team_is_told_and_sees_it() -> None:
    team = make_team()
    make_user("technician", team=team, name="Tora Technician")
    incident = escalated(action="notify_team", team=team)
    assert told() == {"Tora Technician"}
    assert team.pk in Record.objects.get(pk=incident.pk).audience


def test_the_priority_goes_up_by_one() -> None:
    incident = escalated(action="raise_priority")
    said = Event.objects.get(code="incident.prioritised", subject_id=incident.pk).data
    assert said["after"] == said["before"] - 1
    assert Record.objects.get(pk=incident.pk).priority == said["after"]


def test_the_work_is_lifted_by_the_points_that_are_set_and_for_the_hours() -> None:
    escalated(action="boost", config={"points": 35, "hours": 6})
    boost = Boost.objects.get()
    assert (boost.points, boost.expires_at - boost.at) == (35, timedelta(hours=6))


def test_the_work_is_offered_to_another_team() -> None:
    team = make_team()
    incident = escalated(action="offer_team", team=team)
    item = INCIDENTS.work_item(incident.record)
    assert item is not None
    assert item.team_id == team.pk
