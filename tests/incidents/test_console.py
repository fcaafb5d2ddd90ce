"""The agent console: three steps and a caller's number (UX T1, 3.4)."""

import re
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.queries import SYSTEM
from incidents import commands
from incidents.models import Incident
from journal.units import database_now, door
from records.models import Draft, Record
from registry.models import Component, ComponentType
from sla import commands as promises
from sla.models import Target
from tests.factories import NOON, make_user
from tests.incidents.help import World
from workforce.models import Calendar

HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(world: World) -> Client:
    """A browser in which the agent is signed in."""
    client = Client()
    client.force_login(User.objects.get(pk=world.agent.id))
    return client


def call(key: str = "") -> str:
    """A new call's address."""
    return f"/incidents/new/?call={key or uuid4()}"


def laptop(world: World, tag: str = "PC-8841") -> Component:
    """What the caller holds."""
    kind, _made = ComponentType.objects.get_or_create(code="laptop", defaults={"name": {"en": "Laptop"}})
    return Component.objects.create(
        tag=tag, name="Laptop of Anna", type=kind, holder=world.caller, owner_team=world.network, updated_at=NOON
    )


def test_each_call_has_its_own_address(desk: Client) -> None:
    first, second = (desk.get("/incidents/new/?from=4412").headers["Location"] for _call in range(2))
    assert first != second
    assert re.fullmatch(r"/incidents/new/\?from=4412&call=[0-9a-f-]{36}", first)


def test_the_number_of_the_phone_finds_caller_equipment_and_open_records(world: World, desk: Client) -> None:
    laptop(world)
    known = world.opened(title="Printer jams", moment=database_now())
    html = desk.get(call() + "&from=4412").content.decode()
    for words in ("Anna Berg", "Laptop of Anna", known.record.number, "Printer jams"):
        assert words in html


@pytest.mark.parametrize("typed", ["4412", "a100", "A100", "Anna Berg", "berg", "PC-8841", "anna@region.example"])
def test_caller_and_about_are_enough(world: World, desk: Client, typed: str) -> None:
    laptop(world)
    User.objects.filter(pk=world.caller.pk).update(email="anna@region.example")
    answer = desk.post(call(), {"look_caller": typed, "about": "VPN drops"})
    record = Record.objects.get()
    assert answer.headers["Location"] == f"/incidents/{record.number}/"
    assert (record.requester_id, record.title, record.priority) == (world.caller.pk, "VPN drops", 4)


@pytest.mark.parametrize(("said", "kept"), [("complaint", "complaint"), ("", "fault")])
def test_a_call_is_a_fault_a_question_an_order_or_a_complaint(world: World, desk: Client, said: str, kept: str) -> None:
    answer = desk.post(call(), {"look_caller": "4412", "about": "Nobody called back", "nature": said})
    assert answer.status_code == 303
    incident = Incident.objects.select_related("record").get()
    assert incident.nature == kept
    assert incident.record.number in desk.get(f"/incidents/?q=nature:{kept}").content.decode()
    assert incident.record.number not in desk.get("/incidents/?q=nature:question").content.decode()


def test_somebody_unknown_is_typed_and_kept_as_a_guest(desk: Client) -> None:
    desk.post(call(), {"look_caller": "Bo Ek", "about": "VPN drops"})
    guest = Record.objects.get().requester
    assert guest is not None
    assert (guest.kind, guest.name) == ("guest", "Bo Ek")


def test_two_annas_must_be_told_apart(world: World, desk: Client) -> None:
    other = make_user("requester", name="Anna Berg", phone="4499")
    answer = desk.post(call(), {"look_caller": "Anna Berg", "about": "VPN drops"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Several people fit" in html
    assert "VPN drops" in html
    assert "4499" in html
    desk.post(call(), {"look_caller": "Anna Berg", "caller": str(other.pk), "about": "VPN drops"})
    assert Record.objects.get().requester_id == other.pk


def test_nothing_typed_is_lost_when_something_is_missing(desk: Client) -> None:
    for headers in ({}, HTMX):
        answer = desk.post(
            call(), {"look_caller": "", "about": "VPN drops", "description": "Since nine."}, headers=headers
        )
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "There is a problem" in html
        assert "Say who calls" in html
        assert "VPN drops" in html
        assert "Since nine." in html
    assert not Record.objects.exists()


def test_the_same_call_cannot_be_logged_twice(world: World, desk: Client) -> None:
    address = call(str(uuid4()))
    answers = [desk.post(address, {"look_caller": "4412", "about": "VPN drops"}) for _press in range(3)]
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert Incident.objects.count() == 1


def test_log_and_resolve_is_a_first_contact_fix(world: World, desk: Client) -> None:
    values = {"look_caller": "4412", "about": "Password", "verb": "resolve"}
    refused = desk.post(call(), values)
    assert refused.status_code == 422
    assert "Say what fixed it." in refused.content.decode()
    assert not Record.objects.exists()
    desk.post(call(), {**values, "cause": "use", "resolution": "Set a new one."})
    incident = Incident.objects.get()
    assert (incident.record.state, incident.resolved_at_desk) == ("resolved", True)


def test_the_same_fault_gets_a_caller_instead_of_a_record(world: World, desk: Client) -> None:
    known = world.opened(title="VPN drops every ten minutes", moment=database_now())
    side = desk.get("/incidents/new/side/", {"about": "vpn drops evry ten minutes", "look_caller": ""}, headers=HTMX)
    assert f'value="same:{known.record.number}"' in side.content.decode()
    other = make_user("requester", name="Li Na", phone="4413")
    answer = desk.post(call(), {"look_caller": "4413", "about": "", "verb": f"same:{known.record.number}"})
    assert answer.headers["Location"] == f"/incidents/{known.record.number}/"
    assert Incident.objects.get().caller_count == 2
    assert -other.pk in Record.objects.get().audience


def test_suggestions_name_only_what_the_agent_may_see_and_is_open(world: World, desk: Client) -> None:
    world.opened(title="VPN drops in payroll", confidential_class="security", caller=None, moment=database_now())
    Record.objects.update(audience=[2_000_000_001])
    closed = world.opened(title="VPN drops at home", moment=database_now())
    commands.cancel(closed, reason="x", actor=world.agent, at=database_now())
    side = desk.get("/incidents/new/side/", {"about": "VPN drops"}, headers=HTMX)
    assert "No similar open incidents." in side.content.decode()


def test_priority_and_promise_can_be_read_aloud(world: World, desk: Client) -> None:
    calendar = Calendar.objects.create(code="always", always_open=True)
    Target.objects.create(kind="incident", metric="response", priority=2, minutes=30, calendar=calendar)
    side = desk.get("/incidents/new/side/", {"impact": "3", "urgency": "1"}, headers=HTMX).content.decode()
    assert "P2" in side
    assert "because a team + stopped." in side
    assert "We answer by" in side
    assert "No time is promised" in desk.get("/incidents/new/side/", headers=HTMX).content.decode()


def test_another_priority_with_its_reason(world: World, desk: Client) -> None:
    values = {"look_caller": "4412", "about": "VPN drops", "priority": "1"}
    assert "Say why it is not the priority" in desk.post(call(), values).content.decode()
    desk.post(call(), {**values, "priority_reason": "Board meeting."})
    assert (Record.objects.get().priority, Incident.objects.get().priority_reason) == (1, "Board meeting.")


def test_what_is_typed_is_kept_for_each_call_apart(world: World, desk: Client) -> None:
    one, two = str(uuid4()), str(uuid4())
    for key, text in ((one, "VPN"), (two, "Printer")):
        assert desk.post(f"/incidents/new/{key}/draft/about/", {"text": text}).status_code == 204
    desk.post(f"/incidents/new/{one}/draft/description/", {"text": "Since nine."})
    html = desk.get(call(one)).content.decode()
    assert 'value="VPN"' in html
    assert "Since nine." in html
    assert "Printer" in html  # the other call, a link away
    desk.post(call(one), {"look_caller": "4412", "about": "VPN"})
    assert [draft.key for draft in Draft.objects.all()] == [f"call:{two}"]
    assert desk.post(f"/incidents/new/{one}/draft/anything/", {"text": "x"}).status_code == 404


def test_searching_works_without_scripts(world: World, desk: Client) -> None:
    laptop(world)
    answer = desk.post(call(), {"look_caller": "berg", "about": "VPN", "look": "caller"})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f'name="caller" value="{world.caller.pk}" checked' in html
    assert 'value="VPN"' in html
    assert "Anna Berg" in desk.get("/incidents/new/people/", {"look_caller": "44 12"}, headers=HTMX).content.decode()


def test_a_requester_does_not_get_the_console(world: World) -> None:
    browser = Client()
    browser.force_login(world.caller)
    assert browser.get(call()).status_code == 403
    assert browser.post(call(), {"look_caller": "4412", "about": "x"}).status_code == 403
    assert not Record.objects.exists()


def test_a_busy_caller_costs_as_much_as_a_new_one(world: World, desk: Client) -> None:
    """With one and with four of everything: the same number of statements."""
    counts = []
    for more in (1, 3):
        for _each in range(more):
            laptop(world, f"PC-{uuid4()}")
            world.opened(moment=database_now())
        desk.get("/incidents/new/side/", {"look_caller": "4412"}, headers=HTMX)
        with CaptureQueriesContext(connection) as seen:
            desk.get("/incidents/new/side/", {"look_caller": "4412", "about": "VPN drops"}, headers=HTMX)
        counts.append(len(seen))
    assert counts == [15, 15]


@pytest.mark.parametrize(("caller", "most"), [("4412", 19), ("Somebody unknown", 20)])
def test_statements_of_logging_a_call(world: World, desk: Client, caller: str, most: int) -> None:
    """All that a call writes, clocks included, once this process has read the rules: two of the frame, and the call."""
    with door(SYSTEM, source="test") as at:
        promises.apply_defaults(actor=SYSTEM, at=at)
    desk.post(call(), {"look_caller": "4412", "about": "Scanner"})
    with CaptureQueriesContext(connection) as seen:
        desk.post(call(), {"look_caller": caller, "about": "Printer"})
    statements = [query["sql"].split("; ")[-1][:150] for query in seen]
    statements = [each for each in statements if not each.startswith(("SAVEPOINT", "RELEASE"))]
    assert len(statements) == most, "\n".join(statements)
