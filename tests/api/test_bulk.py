"""One verb for many rows: a result for each, a refused one stops none, a repeated request does nothing twice."""

from typing import Any

import pytest

from coordination.models import WorkItem
from incidents.process import INCIDENTS
from journal.models import Event
from journal.units import database_now
from records import commands as records
from records.models import Record, Undo
from registry.models import Component, ComponentType
from tests.api.test_records import headers_of, send
from tests.factories import bearer, make_user
from tests.incidents.help import World

pytestmark = pytest.mark.django_db
KEY = {"Idempotency-Key": "storm-1"}


@pytest.fixture
def world() -> World:
    return World()


def opened(world: World, **known: Any) -> Record:
    return world.opened(moment=database_now(), **known).record


def outcome(answer: Any) -> list[tuple[str, bool, str]]:
    assert answer.status_code == 200, answer.content
    return [(each["row"], each["is_done"], each["code"]) for each in answer.json()["results"]]


def test_each_row_has_its_result(world: World) -> None:
    first, second, done = opened(world), opened(world), opened(world)
    agent = headers_of(world.agent.id)
    send("post", f"incidents/{done.number}/cancel/", agent, {"reason": "Twice."})
    body = {"rows": [first.number, "INC-999999", done.number, second.number], "reason": "supplier"}
    answer = send("post", "incidents/bulk/hold/", agent, body)
    assert outcome(answer) == [
        (first.number, False, "wrong_state"), ("INC-999999", False, "not_found"), (done.number, False, "wrong_state"),
        (second.number, False, "wrong_state"),
    ]  # fmt: skip
    assessed = {"rows": [first.number, "INC-999999", second.number], "impact": 1, "urgency": 1}
    answer = send("post", "incidents/bulk/priority/", agent, assessed)
    assert (answer.json()["done"], answer.json()["refused"], answer.json()["is_cut"]) == (2, 1, False)
    assert list(Record.objects.filter(pk__in=[first.pk, second.pk]).values_list("priority", flat=True)) == [1, 1]


def test_what_a_row_offers_takes_it_back(world: World) -> None:
    record = opened(world)
    agent = headers_of(world.agent.id)
    body = {"rows": [record.number], "impact": 1, "urgency": 1}
    undo = send("post", "incidents/bulk/priority/", agent, body).json()["results"][0]["undo"]
    assert Undo.objects.get(pk=undo).record_id == record.pk
    before = record.priority
    assert send("post", f"records/{record.number}/undo/", agent, {"id": undo}).json()["priority"] == before
    assert send("post", f"records/{record.number}/undo/", agent, {}).status_code == 404


def test_all_that_match_are_changed_and_nothing_else(world: World) -> None:
    mine, other = opened(world, title="Kitten printer"), opened(world, title="Other")
    agent = headers_of(world.agent.id)
    answer = send("post", "incidents/bulk/tag/?q=kitten", agent, {"all_matching": True, "tags": "storm"})
    assert outcome(answer) == [(mine.number, True, "")]
    assert send("get", f"incidents/{other.number}/", agent).json()["tags"] == []
    for body in ({"tags": "storm"}, {"rows": [mine.number], "all_matching": True, "tags": "storm"}):
        assert send("post", "incidents/bulk/tag/", agent, body).status_code == 422
    assert send("post", "incidents/bulk/tag/", agent, {"rows": [mine.number], "colour": 1}).status_code == 400


def test_a_repeated_request_does_what_was_not_done(world: World) -> None:
    first, second = opened(world), opened(world)
    agent = headers_of(world.agent.id)
    body = {"rows": [first.number, second.number], "tags": "storm"}
    one = send("post", "incidents/bulk/tag/", agent, body, **KEY)
    told = Event.objects.count()
    again = send("post", "incidents/bulk/tag/", agent, body, **KEY)
    assert (one.json(), Event.objects.count()) == (again.json(), told)
    other = send("post", "incidents/bulk/tag/", agent, body | {"tags": "flood"}, **KEY)
    assert {code for _row, _done, code in outcome(other)} == {"idempotency_key_reused"}


def test_hidden_and_missing_rows_look_the_same(world: World) -> None:
    hidden = opened(world, confidential_class="security")
    agent = headers_of(make_user("agent").pk)
    answer = send("post", "incidents/bulk/tag/", agent, {"rows": [hidden.number, "INC-999999"], "tags": "x"})
    assert {each["code"] for each in answer.json()["results"]} == {"not_found"}


def test_work_is_taken_given_and_held(world: World) -> None:
    items = [INCIDENTS.required_work_item(opened(world)) for _each in range(2)]
    ids = [str(item.pk) for item in items]
    agent = headers_of(world.agent.id)
    send("post", "work/bulk/assign/", agent, {"rows": ids, "person": world.agent.id})
    assert set(WorkItem.objects.filter(pk__in=ids).values_list("assignee", flat=True)) == {world.agent.id}
    taken = send("post", "work/bulk/take/", agent, {"rows": [*ids, "x", "999999"]})
    assert [done for _row, done, _code in outcome(taken)] == [True, True, False, False]
    held = send("post", "work/bulk/wait/", agent, {"rows": ids, "reason": "supplier"})
    assert held.json()["done"] == 2
    assert set(WorkItem.objects.filter(pk__in=ids).values_list("state", flat=True)) == {"waiting"}


def test_components_are_changed_together_and_back(world: World) -> None:
    del world
    kind = ComponentType.objects.create(code="server", name={"en": "Server"})
    for tag in ("srv-1", "srv-2"):
        Component.objects.create(tag=tag, name=tag, type=kind, criticality=3, updated_at=database_now())
    admin = bearer(make_user("administrator"), "records:read", "registry:write")
    answer = send("post", "components/bulk/?q=srv", admin, {"all_matching": True, "criticality": 1})
    assert answer.json()["done"] == 2, answer.content
    version = answer.json()["results"][0]["undo"]
    back = send("post", "components/srv-1/undo/", admin, {"version": version})
    assert (back.status_code, back.json()["criticality"]) == (200, 3)
    assert Component.objects.get(tag="srv-2").criticality == 1
    assert send("post", "components/srv-2/undo/", admin, {"version": 99}).json()["code"] == "too_late"


def test_who_may_not_change_a_row_is_told_at_the_row(world: World) -> None:
    record = opened(world)
    technician = headers_of(world.technician.id)
    records.share(record, teams=[world.network.pk])
    answer = send("post", "incidents/bulk/close/", technician, {"rows": [record.number]})
    assert [done for _row, done, _code in outcome(answer)] == [False]
    assert send("post", "incidents/bulk/close/", headers_of(world.caller.pk), {"rows": []}).status_code == 403
