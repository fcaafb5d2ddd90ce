"""Incidents in a given state, arranged through commands."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from accounts.models import Team, User
from accounts.queries import actor_for
from coordination import commands as work
from incidents import commands
from incidents.models import Incident
from incidents.process import INCIDENTS
from journal.models import Event
from journal.units import door
from kernel.actor import Actor
from kernel.errors import Refused
from tests.factories import NOON, make_actor, make_team, make_user

RESOLUTION = "Restarted the gateway."


def minutes(number: int) -> datetime:
    """That many minutes after noon."""
    return NOON + timedelta(minutes=number)


@contextmanager
def at(moment: datetime, actor: Actor) -> Iterator[datetime]:
    """A door whose clock stands at the given moment."""
    with door(actor):
        yield moment


@contextmanager
def refuses(kind: type[Refused] = Refused, code: str = "") -> Iterator[pytest.ExceptionInfo[Refused]]:
    """The command says no, and leaves nothing behind."""
    with pytest.raises(kind) as refused, transaction.atomic():
        yield refused
    assert code in ("", refused.value.code)


class World:
    """A desk, a technical team, an agent, two technicians and a caller."""

    def __init__(self) -> None:
        self.desk: Team = make_team("desk", is_desk=True)
        self.network: Team = make_team("network")
        self.agent: Actor = make_actor("agent", team=self.desk)
        self.technician: Actor = make_actor("technician", team=self.network)
        self.colleague: Actor = make_actor("technician", team=self.network)
        self.caller: User = make_user("requester", name="Anna Berg", phone="4412", staff_number="a100")
        self.requester: Actor = actor_for(self.caller)

    def opened(self, *, moment: datetime = NOON, **known: Any) -> Incident:
        """An incident that the agent logged for the caller."""
        known = {"title": "VPN drops every ten minutes", "caller": self.caller, "owner_team": self.network, **known}
        return commands.open_incident(commands.IncidentOpening(**known), actor=self.agent, at=moment)

    def started(self, *, moment: datetime = NOON, **known: Any) -> Incident:
        """An incident that the technician works on."""
        incident = self.opened(moment=moment, **known)
        self.take(incident, self.technician, moment=moment)
        return incident

    def resolved(self, *, moment: datetime = NOON, **known: Any) -> Incident:
        """An incident that the technician has resolved."""
        incident = self.started(moment=moment, **known)
        commands.resolve(incident, cause="network", resolution=RESOLUTION, actor=self.technician, at=moment)
        return incident

    def closed(self, *, moment: datetime = NOON, **known: Any) -> Incident:
        """An incident that the desk has closed."""
        incident = self.resolved(moment=moment, **known)
        commands.close(incident, actor=self.agent, at=moment)
        return incident

    @staticmethod
    def take(incident: Incident, actor: Actor, *, moment: datetime = NOON) -> None:
        """The actor takes the incident's work."""
        item = INCIDENTS.work_item(incident.record)
        assert item is not None
        work.take(item, actor=actor, at=moment)
        incident.refresh_from_db()


def state(incident: Incident) -> str:
    """The stored state."""
    return INCIDENTS.by_id(incident.pk).record.state


def codes(incident: Incident) -> list[str]:
    """Codes on the incident's chain, in order."""
    rows = Event.objects.filter(subject_kind="incident", subject_id=incident.pk).order_by("seq")
    return list(rows.values_list("code", flat=True))


def happened(incident: Incident, prefix: str = "incident.") -> list[str]:
    """The codes of one room, in order, without the prefix."""
    return [code.removeprefix(prefix) for code in codes(incident) if code.startswith(prefix)]


def fields_of(refusal: Refused) -> list[str]:
    """The fields that a refusal names, sorted."""
    return sorted(refusal.facts.get("fields", {}))
