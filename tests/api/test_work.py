"""The queue through the API."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from incidents.process import INCIDENTS
from journal.units import database_now
from tests.factories import bearer, make_user
from tests.incidents.help import World

pytestmark = pytest.mark.django_db
LIST = "/api/v1/work/"


@pytest.fixture
def world(db: None) -> World:
    """The usual people."""
    cache.clear()
    return World()


def headers_of(user_id: int, *scopes: str) -> dict[str, str]:
    return bearer(User.objects.get(pk=user_id), *(scopes or ("records:read", "records:write", "work:write")))


def post(url: str, headers: dict[str, str], body: dict[str, Any] | None = None) -> Any:
    return Client().post(url, body or {}, content_type="application/json", headers=headers)


def test_rows_tell_their_rank_and_why(world: World) -> None:
    number = world.opened(moment=database_now()).record.number
    row = Client().get(LIST, headers=headers_of(world.agent.id)).json()["results"][0]
    assert row["number"] == number
    assert row["score"] == sum(part["points"] for part in row["parts"])
    assert all(part["words"] for part in row["parts"])
    assert Client().get(f"{LIST}?view=mine", headers=headers_of(world.agent.id)).json()["results"] == []
    assert Client().get(LIST, headers=headers_of(world.caller.pk)).status_code == 403


def test_pick_next_takes_the_best_and_says_why(world: World) -> None:
    world.opened(moment=database_now(), title="Later")
    urgent = world.opened(moment=database_now(), title="First", impact=1, urgency=1)
    technician = headers_of(world.technician.id)
    picked = post(f"{LIST}next/", technician).json()
    assert (picked["work"]["number"], picked["work"]["assignee_id"]) == (urgent.record.number, world.technician.id)
    assert picked["score"] == sum(part["points"] for part in picked["why"])
    mine = Client().get(f"{LIST}?view=mine", headers=technician).json()["results"]
    assert [row["number"] for row in mine] == [urgent.record.number]


def test_nothing_for_me_is_a_problem(world: World) -> None:
    answer = post(f"{LIST}next/", headers_of(world.technician.id))
    assert (answer.status_code, answer.json()["code"]) == (409, "nothing_for_you")
    assert answer["Content-Type"] == "application/problem+json"


def test_verbs_of_one_work_item(world: World) -> None:
    item = INCIDENTS.required_work_item(world.opened(moment=database_now()).record)
    url, technician, agent = f"{LIST}{item.pk}/", headers_of(world.technician.id), headers_of(world.agent.id)
    assert post(f"{url}take/", technician).json()["state"] == "in_progress"
    assert post(f"{url}wait/", technician, {"reason": "weather"}).status_code == 422
    assert post(f"{url}wait/", technician, {"reason": "supplier"}).json()["waiting_reason"] == "supplier"
    assert post(f"{url}resume/", technician).json()["state"] == "in_progress"
    assert post(f"{url}hand-back/", technician, {"reason": "shift_end"}).json()["assignee_id"] is None
    assert post(f"{url}skip/", technician, {"reason": "part"}).status_code == 200
    assert post(f"{url}assign/", technician, {"person": world.colleague.id}).status_code == 403
    assert post(f"{url}assign/", agent, {"person": world.colleague.id}).json()["assignee_id"] == world.colleague.id
    assert post(f"{url}start/", headers_of(world.colleague.id)).json()["state"] == "in_progress"
    boost = {"points": 20, "reason": "Ward.", "expires_at": "2099-01-01T00:00:00Z"}
    assert post(f"{url}boost/", agent, boost).status_code == 403


def test_foreign_and_absent_work_look_alike(world: World) -> None:
    item = INCIDENTS.required_work_item(world.opened(moment=database_now()).record)
    stranger = headers_of(make_user("technician").pk)
    foreign, absent = post(f"{LIST}{item.pk}/take/", stranger), post(f"{LIST}999999/take/", stranger)
    assert (foreign.status_code, foreign.content) == (404, absent.content)
    assert post(f"{LIST}{item.pk}/take/", headers_of(world.technician.id, "records:read")).status_code == 403
    assert post(f"{LIST}{item.pk}/take/", headers_of(world.technician.id)).status_code == 200


def test_one_row_costs_as_many_statements_as_three(world: World) -> None:
    agent, counted = headers_of(world.agent.id), []
    for more in (1, 2):
        for _each in range(more):
            world.opened(moment=database_now())
        Client().get(LIST, headers=agent)
        with CaptureQueriesContext(connection) as asked:
            Client().get(LIST, headers=agent)
        counted.append(len(asked))
    assert counted == [5, 5]
