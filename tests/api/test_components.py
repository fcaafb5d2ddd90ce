"""Components through the API."""

from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registry.models import Component, ComponentType
from tests.factories import bearer, make_user

pytestmark = pytest.mark.django_db
LIST = "/api/v1/components/"


@pytest.fixture
def admin() -> dict[str, str]:
    """Somebody who keeps the registry."""
    cache.clear()
    ComponentType.objects.create(code="server", name={"en": "Server"})
    return bearer(make_user("administrator"), "records:read", "registry:write")


def post(headers: dict[str, str], tag: str, **more: Any) -> Any:
    body = {"tag": tag, "name": f"Server {tag}", "type": "server", **more}
    return Client().post(LIST, body, content_type="application/json", headers=headers)


def patch(headers: dict[str, str], tag: str, body: dict[str, Any], **more: str) -> Any:
    return Client().patch(f"{LIST}{tag}/", body, content_type="application/json", headers=headers | more)


def test_added_read_listed_and_changed(admin: dict[str, str]) -> None:
    made = post(admin, "srv-1.region", criticality=1)
    assert (made.status_code, made.json()["version"], made.json()["criticality"]) == (201, 1, 1)
    read = Client().get(f"{LIST}srv-1.region/", headers=admin)
    assert (read.json()["tag"], read["ETag"]) == ("srv-1.region", '"1"')
    assert [row["tag"] for row in Client().get(f"{LIST}?q=srv", headers=admin).json()["results"]] == ["srv-1.region"]
    assert patch(admin, "srv-1.region", {"name": "New"}).status_code == 428
    assert patch(admin, "srv-1.region", {"name": "New"}, **{"If-Match": '"1"'}).json()["name"] == "New"
    assert patch(admin, "srv-1.region", {"name": "Old"}, **{"If-Match": '"1"'}).status_code == 412
    assert Component.objects.get().name == "New"
    again = post(admin, "SRV-1.REGION")
    assert (again.status_code, list(again.json()["fields"])) == (422, ["tag"])


def test_the_same_key_adds_one(admin: dict[str, str]) -> None:
    answers = [post(admin | {"Idempotency-Key": "k"}, "srv-1").status_code for _again in range(2)]
    assert (answers, Component.objects.count()) == ([201, 201], 1)


def test_reading_is_not_changing(admin: dict[str, str]) -> None:
    agent = bearer(make_user("agent"), "records:read", "registry:write")
    assert post(agent, "srv-1").status_code == 403
    assert post(bearer(make_user("administrator"), "records:read"), "srv-1").status_code == 403
    assert post(admin, "srv-1").status_code == 201
    assert Client().get(f"{LIST}srv-1/", headers=agent).status_code == 200
    assert Client().get(f"{LIST}srv-1/impact/", headers=agent).json() == {
        "services": [], "components": [], "total": 0, "people": 0,
    }  # fmt: skip
    assert Client().get(LIST, headers=bearer(make_user("requester"), "records:read")).status_code == 403
    assert Client().get(f"{LIST}srv-9/", headers=agent).status_code == 404


def test_one_row_costs_as_many_statements_as_three(admin: dict[str, str]) -> None:
    counted = []
    for tags in (("a",), ("b", "c")):
        for tag in tags:
            post(admin, tag)
        with CaptureQueriesContext(connection) as asked:
            assert Client().get(LIST, headers=admin).status_code == 200
        counted.append(len(asked))
    assert counted == [2, 2]
