"""A requester reports a problem (UX 3.10)."""

import re

import pytest
from django.test import Client

from incidents.models import Incident
from records.models import Draft, Record
from registry.models import Component, ComponentType
from tests.factories import NOON, make_user
from tests.incidents.help import World

VALUES = {"about": "My screen is black", "description": "Since nine.", "impact": "4", "urgency": "1"}


@pytest.fixture
def portal(world: World) -> Client:
    """The requester's browser."""
    browser = Client()
    browser.force_login(world.caller)
    return browser


def test_reported_and_followed_on_an_own_page(world: World, portal: Client) -> None:
    assert "What is wrong?" in portal.get("/my/report/").content.decode()
    answer = portal.post("/my/report/", VALUES)
    incident = Incident.objects.get()
    assert answer.headers["Location"] == f"/my/{incident.record.number}/"
    assert (incident.record.requester_id, incident.channel, incident.record.priority) == (world.caller.pk, "portal", 3)
    assert "My screen is black" in portal.get(answer.headers["Location"]).content.decode()


def test_nothing_typed_is_lost(portal: Client) -> None:
    answer = portal.post("/my/report/", {**VALUES, "about": ""})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Say in a few words what is wrong." in html
    assert "Since nine." in html
    assert not Record.objects.exists()


def test_sent_twice_reported_once_and_the_draft_is_spent(world: World, portal: Client) -> None:
    key = f"report:{world.caller.pk}"
    Draft.objects.create(user=world.caller, key=key, values={"text": "Half a story"}, updated_at=NOON)
    html = portal.get("/my/report/").content.decode()
    assert "Half a story" in html
    form_key = re.search(r'name="form_key" value="([^"]*)"', html)
    assert form_key is not None
    for _press in range(2):
        portal.post("/my/report/", {**VALUES, "form_key": form_key[1]})
    assert (Record.objects.count(), Draft.objects.count()) == (1, 0)


def test_only_own_things_are_offered(world: World, portal: Client) -> None:
    kind = ComponentType.objects.create(code="laptop")
    own = Component.objects.create(tag="PC-1", name="My laptop", type=kind, holder=world.caller, updated_at=NOON)
    other = Component.objects.create(tag="PC-2", name="Her laptop", type=kind, holder=make_user(), updated_at=NOON)
    html = portal.get("/my/report/").content.decode()
    assert "My laptop" in html
    assert "Her laptop" not in html
    assert portal.post("/my/report/", {**VALUES, "component": other.pk}).status_code == 422
    portal.post("/my/report/", {**VALUES, "component": own.pk})
    assert Record.objects.get().component_id == own.pk


def test_nobody_reports_without_signing_in(db: None) -> None:
    assert Client().get("/my/report/").status_code == 302
