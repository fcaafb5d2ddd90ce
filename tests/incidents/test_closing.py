"""Resolved means confirmed: closing by itself, confirming, reopening (DOMAIN I11, ARCHITECTURE 13)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from accounts.models import User
from accounts.queries import SYSTEM
from incidents import commands, tasks
from incidents.models import Incident
from kernel.errors import Conflict, NotAllowed, Unprocessable
from registry.models import Component, ComponentType, Service
from tests.factories import NOON, make_actor
from tests.incidents.help import RESOLUTION, World, happened, minutes, refuses, state
from workforce.models import Calendar

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def local(text: str) -> datetime:
    """A time in Stockholm."""
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


def swedish_service() -> Service:
    """A service on office hours with Swedish holidays."""
    hours = [[day, 480, 1020] for day in range(5)]
    calendar = Calendar.objects.create(code="office", zone="Europe/Stockholm", weekly=hours, country="SE")
    kind = ComponentType.objects.create(code="service")
    component = Component.objects.create(tag="mail", name="Mail", type=kind, updated_at=NOON)
    return Service.objects.create(component=component, code="mail", calendar=calendar)


def resolved_at(world: World, moment: datetime, **known: object) -> Incident:
    """An incident resolved at that time."""
    incident = world.opened(moment=moment, **known)
    commands.resolve(incident, cause="network", resolution=RESOLUTION, actor=world.agent, at=moment)
    return incident


def test_closes_itself_after_five_working_days(world: World) -> None:
    incident = resolved_at(world, local("2026-03-04T12:00"))  # a Wednesday
    assert incident.closes_at == local("2026-03-11T12:00")


def test_holidays_are_no_working_days(world: World) -> None:
    """Good Friday 3 April and Easter Monday 6 April 2026 do not count."""
    incident = resolved_at(world, local("2026-04-01T15:30"), service=swedish_service())
    assert incident.closes_at == local("2026-04-10T15:30")


def test_the_time_of_day_stays_when_the_clock_changes(world: World) -> None:
    """Summer time begins on 29 March 2026."""
    incident = resolved_at(world, local("2026-03-26T10:00"))
    assert incident.closes_at == local("2026-04-02T10:00")
    assert incident.closes_at.astimezone(UTC).hour == 8


@pytest.mark.django_db(transaction=True)
def test_the_sweep_closes_what_is_due_and_nothing_else() -> None:
    world = World()
    due = resolved_at(world, local("2026-03-04T12:00"))
    later = resolved_at(world, local("2026-03-05T12:00"))
    confirmed = resolved_at(world, local("2026-03-04T12:00"))
    commands.close(confirmed, actor=world.requester, at=local("2026-03-05T08:00"))
    assert tasks.close_due(local("2026-03-11T11:59")) == 0
    assert tasks.close_due(local("2026-03-11T12:00")) == 1
    assert tasks.close_due(local("2026-03-11T12:01")) == 0
    assert [state(each) for each in (due, later, confirmed)] == ["closed", "resolved", "closed"]
    assert happened(due)[-1] == "close"


def test_a_reopened_incident_does_not_close_itself(world: World) -> None:
    incident = resolved_at(world, NOON)
    assert incident.closes_at is not None
    due = incident.closes_at
    commands.reopen(incident, reason="Still broken.", actor=world.requester, at=minutes(5))
    assert commands.close_if_due(incident, actor=SYSTEM, at=due) is False
    assert state(incident) == "assigned"


def test_the_requester_confirms_and_a_stranger_does_not(world: World) -> None:
    incident = resolved_at(world, NOON)
    with refuses(NotAllowed):
        commands.close(incident, actor=world.technician, at=minutes(1))
    commands.close(incident, actor=world.requester, at=minutes(1))
    assert state(incident) == "closed"


def test_a_caller_who_has_the_same_fault_confirms_as_well(world: World) -> None:
    incident, other = world.opened(), make_actor("requester")
    commands.add_caller(incident, User.objects.get(pk=other.id), actor=world.agent, at=minutes(1))
    commands.resolve(incident, cause="network", resolution=RESOLUTION, actor=world.agent, at=minutes(2))
    commands.close(incident, actor=other, at=minutes(3))
    assert state(incident) == "closed"


@pytest.mark.parametrize("ended", ["resolved", "closed"])
def test_reopened_within_fourteen_days_to_the_minute(world: World, ended: str) -> None:
    """Over the change to summer time, fourteen calendar days are the same time of day."""
    moment, last = local("2026-03-20T16:00"), local("2026-04-03T16:00")
    on_time, late = resolved_at(world, moment), resolved_at(world, moment)
    if ended == "closed":
        for each in (on_time, late):
            commands.close(each, actor=world.agent, at=local("2026-03-27T16:00"))
    commands.reopen(on_time, reason="Again.", actor=world.requester, at=last)
    assert state(on_time) == "assigned"
    with refuses(Conflict, "reopen_window_over") as refused:
        commands.reopen(late, reason="Again.", actor=world.requester, at=last + timedelta(minutes=1))
    assert "Log a new linked one" in refused.value.message
    assert state(late) == ended


def test_reopening_says_what_is_wrong(world: World) -> None:
    incident = resolved_at(world, NOON)
    with refuses(Unprocessable):
        commands.reopen(incident, reason=" ", actor=world.requester, at=minutes(1))


def test_a_cancelled_incident_is_not_reopened(world: World) -> None:
    incident = world.opened()
    commands.cancel(incident, reason="Logged twice.", actor=world.agent, at=minutes(1))
    with refuses(Conflict, "wrong_state"):
        commands.reopen(incident, reason="Again.", actor=world.agent, at=minutes(2))
