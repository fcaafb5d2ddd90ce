"""Incidents over REST: the same commands, the same answers (DOMAIN X6)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.commands import make_token
from accounts.models import User
from incidents import commands
from incidents.models import Incident
from journal.units import database_now
from records.models import Record
from tests.factories import make_actor, make_user
from tests.incidents.help import World, state

JSON = "application/json"


def caller_of(user_id: int, *scopes: str) -> Callable[..., Any]:
    """A client with a token of that person: `call("post", path, {...})`."""
    made = make_token(
        User.objects.get(pk=user_id), name="test", scopes=scopes or ("records:read", "records:write", "work:write"),
        actor=make_actor("administrator"), at=database_now(),
    )  # fmt: skip
    client = Client(headers={"Authorization": f"Bearer {made.text}"})

    def call(method: str, path: str, body: object = None, **headers: str) -> Any:
        known = {} if body is None else {"data": body, "content_type": JSON}
        return getattr(client, method)(f"/api/v1/incidents/{path}", **known, headers=headers)

    return call


@pytest.fixture
def api(world: World) -> Callable[..., Any]:
    """The agent's client."""
    return caller_of(world.agent.id)


def test_opened_read_and_listed(world: World, api: Callable[..., Any]) -> None:
    made = api(
        "post", "", {"title": "VPN drops", "caller": world.caller.pk, "impact": 3, "urgency": 1, "tags": ["vpn"]}
    )
    assert made.status_code == 201, made.content
    body = made.json()
    assert (body["title"], body["priority"], body["state"], body["tags"]) == ("VPN drops", 2, "new", ["vpn"])
    read = api("get", f"{body['number']}/")
    assert (read.status_code, read.headers["ETag"]) == (200, f'"{body["version"]}"')
    rows = api("get", "?q=vpn&priority=2").json()["results"]
    assert [row["number"] for row in rows] == [body["number"]]
    assert api("get", "?priority=4").json()["results"] == []


def test_the_same_key_opens_one_incident(world: World, api: Callable[..., Any]) -> None:
    body = {"title": "VPN drops", "caller": world.caller.pk}
    numbers = [api("post", "", body, **{"Idempotency-Key": "k1"}).json()["number"] for _again in range(2)]
    assert len(set(numbers)) == 1
    assert Incident.objects.count() == 1


def test_steps_by_post(world: World, api: Callable[..., Any]) -> None:
    incident = world.opened(moment=database_now())
    number = incident.record.number
    worker = caller_of(world.technician.id)
    assert worker("post", f"{number}/take/", {}).json()["state"] == "in_progress"
    assert worker("post", f"{number}/hold/", {"reason": "supplier"}).json()["waiting_reason"] == "supplier"
    refused = worker("post", f"{number}/resolve/", {"cause": "", "resolution": ""})
    assert (refused.status_code, refused.headers["Content-Type"]) == (422, "application/problem+json")
    assert sorted(refused.json()["fields"]) == ["cause", "resolution"]
    solved = worker("post", f"{number}/resolve/", {"cause": "network", "resolution": "Cable.", "tell_callers": True})
    assert (solved.json()["state"], solved.json()["resolution"]) == ("resolved", "Cable.")
    assert worker("post", f"{number}/resolve/", {"cause": "use", "resolution": "x"}).status_code == 409
    assert api("post", f"{number}/close/", {}).json()["state"] == "closed"
    assert api("post", f"{number}/no_such_step/", {}).status_code == 404


def test_a_change_needs_the_version_that_was_seen(world: World, api: Callable[..., Any]) -> None:
    number = world.opened(moment=database_now()).record.number
    version = api("get", f"{number}/").headers["ETag"]
    change = {"title": "VPN is down", "workaround": "Use the phone."}
    assert api("patch", f"{number}/", change).status_code == 428
    done = api("patch", f"{number}/", change, **{"If-Match": version})
    assert (done.status_code, done.json()["title"], done.json()["workaround"]) == (200, *change.values())
    stale = api("patch", f"{number}/", {"title": "x"}, **{"If-Match": version})
    assert (stale.status_code, Record.objects.get().title) == (412, "VPN is down")


def test_a_requester_reads_the_public_part_of_own_incidents_only(world: World) -> None:
    incident = world.opened(moment=database_now())
    commands.edit_details(
        incident, seen={}, values={"workaround": "secret"}, actor=world.agent, at=incident.record.last_at
    )
    number, own = incident.record.number, caller_of(world.caller.pk)
    body = own("get", f"{number}/").json()
    assert sorted(body) == ["closed_at", "description", "number", "opened_at", "phase", "priority", "resolved_at",
                            "state", "title", "version"]  # fmt: skip
    assert own("get", "").status_code == 403
    assert own("post", f"{number}/resolve/", {"cause": "use", "resolution": "x"}).status_code == 403
    stranger = caller_of(make_user("requester").pk)
    hidden, absent = (stranger("get", f"{each}/") for each in (number, "INC-999999"))
    assert (hidden.status_code, hidden.content) == (
        absent.status_code,
        absent.content.replace(b"INC-999999", number.encode()),
    )
    assert own("post", "", {"title": "Mine"}).json()["state"] == "new"
    assert own("post", "", {"title": "Not mine", "caller": world.agent.id}).status_code == 403


def test_a_token_does_no_more_than_its_scopes(world: World) -> None:
    number = world.opened(moment=database_now()).record.number
    reader = caller_of(world.agent.id, "records:read")
    assert reader("get", f"{number}/").status_code == 200
    refused = reader("post", f"{number}/resolve/", {"cause": "use", "resolution": "x"})
    assert (refused.status_code, refused.json()["code"]) == (403, "scope_missing")
    assert state(Incident.objects.get()) == "new"


def test_one_row_costs_as_much_as_three(world: World, api: Callable[..., Any]) -> None:
    counts = []
    for more in (1, 2):
        for _each in range(more):
            world.opened(moment=database_now(), caller=make_user())
        api("get", "")
        with CaptureQueriesContext(connection) as seen:
            assert api("get", "").status_code == 200
        counts.append(len(seen))
    assert counts == [4, 4], "\n".join(query["sql"][:120] for query in seen)
