"""What a row of an incident tells, and to whom."""

import pytest
from django.core.cache import cache
from django.test import Client

from accounts.models import User
from accounts.queries import actor_for
from incidents import commands
from journal.units import database_now
from tests.factories import bearer, make_user
from tests.incidents.help import World

pytestmark = pytest.mark.django_db
LIST = "/api/v1/incidents/"
FOR_EVERYBODY = ["closed_at", "number", "opened_at", "phase", "priority", "resolved_at", "state", "title"]


@pytest.fixture
def world() -> World:
    """The usual people."""
    cache.clear()
    return World()


def headers_of(user_id: int) -> dict[str, str]:
    return bearer(User.objects.get(pk=user_id), "records:read", "records:write", "work:write")


def test_a_row_names_things_with_their_ids(world: World) -> None:
    number = world.opened(moment=database_now()).record.number
    technician = headers_of(world.technician.id)
    taken = Client().post(f"{LIST}{number}/take/", {}, content_type="application/json", headers=technician)
    assert taken.status_code == 200
    row = Client().get(LIST, headers=headers_of(world.agent.id)).json()["results"][0]
    assert row["requester"] == {"id": world.caller.pk, "name": "Anna Berg"}
    assert row["team"] == {"id": world.network.pk, "code": "network", "name": "network"}
    assert row["assignee"] == {"id": world.technician.id, "name": world.technician.name}
    assert row["contact_owner"] == {"id": world.agent.id, "name": world.agent.name}
    assert (row["component"], row["url"]) == (None, f"/incidents/{number}/")
    assert row["responded_at"].endswith("Z")


def test_of_an_own_report_a_technician_reads_what_a_requester_reads(world: World) -> None:
    reporter = make_user("technician")
    incident = world.opened(moment=database_now(), caller=reporter)
    commands.add_tags(incident, tags=["secret-tag"], actor=world.agent, at=database_now())
    own = headers_of(reporter.pk)
    rows = Client().get(LIST, headers=own).json()["results"]
    assert [sorted(row) for row in rows] == [FOR_EVERYBODY]
    page = Client()
    page.force_login(reporter)
    seen = page.get("/incidents/?col=tags&col=team")
    assert seen.status_code == 200
    assert b"secret-tag" not in seen.content
    assert b"secret-tag" not in b"".join(page.get("/incidents/export/?format=csv"))
    handling = headers_of(world.technician.id)
    assert Client().get(LIST, headers=handling).json()["results"][0]["tags"] == ["secret-tag"]


def test_callers_are_told_apart_without_a_statement_for_each(world: World) -> None:
    reporter = make_user("technician")
    for _each in range(3):
        incident = world.opened(moment=database_now())
        commands.add_caller(incident, reporter, guest="", actor=world.agent, at=database_now())
    rows = Client().get(LIST, headers=headers_of(reporter.pk)).json()["results"]
    assert [sorted(row) for row in rows] == [FOR_EVERYBODY] * 3
    assert actor_for(reporter).see_all is False


@pytest.mark.parametrize("step", ["resolve", "take", "escalate"])
def test_a_field_that_nobody_knows_is_named(world: World, step: str) -> None:
    number = world.opened(moment=database_now()).record.number
    answer = Client().post(
        f"{LIST}{number}/{step}/", {"colour": "red"}, content_type="application/json",
        headers=headers_of(world.agent.id),
    )  # fmt: skip
    assert (answer.status_code, answer.json()["code"], list(answer.json()["fields"])) == (
        400, "unknown_field", ["colour"],
    )  # fmt: skip


def test_what_the_page_ticks_by_itself_the_api_does_too(world: World) -> None:
    incident = world.started(moment=database_now())
    answer = Client().post(
        f"{LIST}{incident.record.number}/resolve/", {"cause": "network", "resolution": "Cable."},
        content_type="application/json", headers=headers_of(world.technician.id),
    )  # fmt: skip
    assert (answer.status_code, answer.json()["state"]) == (200, "resolved")
