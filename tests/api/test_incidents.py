"""Words on incidents through the API."""

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.factories import bearer
from tests.incidents.help import World

pytestmark = pytest.mark.django_db


def post(url: str, headers: dict[str, str], body: dict[str, Any]) -> int:
    return Client().post(url, body, content_type="application/json", headers=headers).status_code


def bodies(url: str, headers: dict[str, str]) -> list[str]:
    return [each["body"] for each in Client().get(url, headers=headers).json()["results"]]


def test_requesters_read_and_write_public_words_only() -> None:
    cache.clear()
    world = World()
    url = f"/api/v1/records/{world.opened().record.number}/comments/"
    agent, caller = (
        bearer(User.objects.get(pk=pk), "records:read", "records:write") for pk in (world.agent.id, world.caller.pk)
    )
    assert post(url, agent, {"body": "Ask Li."}) == 201
    assert post(url, agent, {"body": "We look at it.", "is_public": True}) == 201
    assert post(url, caller, {"body": "Internal?"}) == 403
    assert post(url, caller, {"body": "Thanks.", "is_public": True}) == 201
    assert post(url, caller, {"body": " "}) == 422
    assert bodies(url, agent) == ["Ask Li.", "We look at it.", "Thanks."]
    assert bodies(url, caller) == ["We look at it.", "Thanks."]
    assert Client().get("/api/v1/records/INC-999999/comments/", headers=caller).status_code == 404


def test_an_own_report_says_no_more_than_the_page_does() -> None:
    cache.clear()
    world, url = World(), "/api/v1/incidents/"
    caller = bearer(world.caller, "records:read", "records:write")
    sent = {"title": "My screen is black", "owner_team": "network", "tags": ["x"]}
    refused = Client().post(url, sent, content_type="application/json", headers=caller)
    assert (refused.status_code, sorted(refused.json()["fields"])) == (422, ["owner_team", "tags"])
    assert post(url, caller, {"title": "My screen is black", "impact": 4}) == 201
