"""How an incident opens: priority, routing, who may, and what the callers see of it (DOMAIN I1, I3)."""

from typing import Any
from uuid import UUID

import pytest

from incidents import commands
from incidents.models import Incident
from incidents.process import INCIDENTS
from incidents.queries import rules
from kernel.errors import NotAllowed, NotFound, Unprocessable
from records.models import Category, Comment, Draft, Record
from registry.models import Component, ComponentType, Service
from tests.factories import NOON, make_actor, make_team
from tests.incidents.help import World, codes, fields_of, minutes, refuses, state

MATRIX = """
          stopped slowed can-work can-wait
everyone  1       1      2        3
site      1       2      3        3
team      2       3      3        4
person    3       3      4        4
"""


def component(tag: str = "vpn-gw-02", **known: object) -> Component:
    """A component in use."""
    kind, _made = ComponentType.objects.get_or_create(code="gateway", defaults={"name": {"en": "Gateway"}})
    return Component.objects.create(tag=tag, name=tag, type=kind, updated_at=NOON, **known)


def test_the_matrix_that_every_installation_starts_with(db: None) -> None:
    rows = [line.split()[1:] for line in MATRIX.strip().splitlines()[1:]]
    literal = {(i, u): int(rows[i - 1][u - 1]) for i in range(1, 5) for u in range(1, 5)}
    assert rules.matrix() == literal


def test_priority_follows_from_impact_and_urgency(world: World) -> None:
    incident = world.opened(impact=3, urgency=1)
    assert (incident.record.priority, incident.is_priority_overridden) == (2, False)
    assert rules.priority_words(3, 1) == "a team + stopped"


def test_another_priority_needs_a_reason(world: World) -> None:
    with refuses(Unprocessable) as refused:
        world.opened(impact=4, urgency=3, priority=1)
    assert fields_of(refused.value) == ["priority_reason"]
    incident = world.opened(impact=4, urgency=3, priority=1, priority_reason="The director's speech is at one.")
    assert (incident.record.priority, incident.is_priority_overridden) == (1, True)


def test_only_the_title_is_needed(world: World) -> None:
    incident = commands.open_incident(commands.IncidentOpening(title=" VPN  drops "), actor=world.agent, at=NOON)
    assert (incident.record.title, incident.record.number[:4], incident.caller_count) == ("VPN drops", "INC-", 0)
    with refuses(Unprocessable) as refused:
        commands.open_incident(commands.IncidentOpening(title="  "), actor=world.agent, at=NOON)
    assert fields_of(refused.value) == ["about"]


def test_a_long_first_line_is_kept_whole_in_the_description(world: World) -> None:
    said = "The printer on the second floor " * 10
    incident = world.opened(title=said, description="It smells.")
    assert len(incident.record.title) <= 200
    assert incident.record.description == f"{' '.join(said.split())}\n\nIt smells."


@pytest.mark.parametrize("by", ["component", "category", "service", "team"])
def test_the_work_goes_to_the_team_that_owns_what_is_broken(world: World, by: str) -> None:
    team = make_team("owners")
    known: dict[str, Any] = {"owner_team": None}
    if by == "component":
        known["component"] = component(owner_team=team)
    if by == "category":
        known["category"] = Category.objects.create(kind="incident", code="mail", team=team, estimate_minutes=30)
    if by == "service":
        service = Service.objects.create(component=component("mail"), code="mail", support_team=team)
        known["service"] = service
    if by == "team":
        known["owner_team"] = team
    incident = world.opened(**known)
    item = INCIDENTS.work_item(incident.record)
    assert item is not None
    assert (item.team_id, item.is_routed, incident.line) == (team.pk, True, "operations")
    assert incident.record.owner_team_id == team.pk
    assert item.estimate_minutes == (30 if by == "category" else 60)


def test_a_call_about_nothing_known_stays_at_the_desk_that_took_it(world: World) -> None:
    incident = world.opened(owner_team=None)
    item = INCIDENTS.work_item(incident.record)
    assert item is not None
    assert (item.team_id, incident.line, incident.record.contact_owner_id) == (world.desk.pk, "desk", world.agent.id)


def test_what_nobody_owns_is_unrouted(world: World) -> None:
    opening = commands.IncidentOpening(title="x", caller=world.caller, channel="portal")
    incident = commands.open_incident(opening, actor=world.requester, at=NOON)
    item = INCIDENTS.work_item(incident.record)
    assert item is not None
    assert (item.team_id, item.is_routed, incident.record.contact_owner_id) == (None, False, None)


def test_a_fault_on_a_service_component_is_a_fault_on_the_service(world: World) -> None:
    service = Service.objects.create(component=component("payroll"), code="payroll")
    assert world.opened(component=service.component).record.service_id == service.pk


def test_a_requester_reports_for_nobody_else(world: World) -> None:
    other = make_actor("requester")
    opening = commands.IncidentOpening(title="x", caller=world.caller)
    with refuses(NotAllowed):
        commands.open_incident(opening, actor=other, at=NOON)
    assert commands.open_incident(opening, actor=world.requester, at=NOON).record.requester_id == world.caller.pk


def test_a_requester_chooses_no_priority(world: World) -> None:
    opening = commands.IncidentOpening(title="x", caller=world.caller, priority=1, priority_reason="I am in a hurry")
    with refuses(Unprocessable):
        commands.open_incident(opening, actor=world.requester, at=NOON)


def test_an_unknown_caller_becomes_a_guest(world: World) -> None:
    opening = commands.IncidentOpening(title="x", guest="Bo  Ek")
    incident = commands.open_incident(opening, actor=world.agent, at=NOON)
    guest = incident.record.requester
    assert guest is not None
    assert (guest.kind, guest.name, guest.email) == ("guest", "Bo Ek", None)


def test_the_same_form_sent_twice_logs_one_incident_and_spends_its_draft(world: World) -> None:
    key = UUID("8d7f1a52-0000-4000-8000-000000000001")
    Draft.objects.create(user_id=world.agent.id, key=f"call:{key}", values={"about": "VPN"}, updated_at=NOON)
    first, second = world.opened(call_key=key), world.opened(call_key=key, moment=minutes(1))
    assert first.pk == second.pk
    assert (Incident.objects.count(), Draft.objects.count()) == (1, 0)


def test_first_contact_fix_counts_as_solved_at_the_desk_and_offers_no_work(world: World) -> None:
    opening = commands.IncidentOpening(title="Forgot the password", caller=world.caller)
    incident = commands.log_and_resolve(opening, cause="use", resolution="Set a new one.", actor=world.agent, at=NOON)
    stored = Incident.objects.get(pk=incident.pk)
    assert (stored.record.state, stored.resolved_at_desk, stored.resolved_by_id) == ("resolved", True, world.agent.id)
    assert stored.record.responded_at == NOON
    assert "work.offered" not in codes(incident)


def test_a_confidential_incident_is_seen_by_its_class_and_its_people_only(world: World) -> None:
    incident = world.opened(confidential_class="security")
    audience = Record.objects.get(pk=incident.pk).audience
    assert audience == sorted([-world.caller.pk, -world.agent.id, 2_000_000_001])


def test_a_monitoring_system_resolves_and_reopens_what_it_raised_and_nothing_else(world: World) -> None:
    machine = make_actor("integration", kind="integration")
    opening = commands.IncidentOpening(title="Disk full", channel="alert", owner_team=world.network)
    raised = commands.open_incident(opening, actor=machine, at=NOON)
    called = world.opened()
    cleared = {"cause": "cleared", "resolution": "The alert has gone."}
    commands.resolve(raised, **cleared, actor=machine, at=minutes(5))
    commands.reopen(raised, reason="Disk full", actor=machine, at=minutes(6))
    assert state(raised) == "assigned"
    assert Comment.objects.get().author_id is None
    with refuses(NotFound):
        commands.resolve(called, **cleared, actor=machine, at=minutes(5))
