"""Settings through the API: added, read, listed, changed with If-Match, taken out of use; one row costs as three."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.queries.settings import forget_settings
from tests.factories import bearer, make_team, make_user
from workforce.models import Calendar

pytestmark = pytest.mark.django_db
BASE = "/api/v1/"


@dataclass(frozen=True)
class Rows:
    """How rows of one kind are made: the body of the nth, its key, a change, what the change shows."""

    path: str
    body: Any
    key: str
    change: dict[str, Any]
    can_retire: bool = True
    scopes: tuple[str, ...] = field(default=("records:read", "registry:write", "settings:write"))


def names(n: int) -> dict[str, str]:
    return {"en": f"Name {n}"}


KINDS = [
    Rows("settings/categories/", lambda n: {"code": f"c{n}", "name": names(n)}, "code", {"estimate_minutes": 30}),
    Rows("settings/targets/", lambda n: {"metric": "response", "minutes": 15, "calendar": "office", "priority": n},
         "id", {"minutes": 30}),
    Rows("settings/escalations/", lambda n: {"metric": "response", "percent": 50 + n, "action": "notify_person",
                                             "person": "assignee"}, "id", {"percent": 99}),
    Rows("settings/notification-rules/", lambda n: {"code": "record.opened", "to": "team", "team": "desk",
                                                    "channel": "email", "priority_at_most": n}, "id",
         {"is_urgent": True}),
    Rows("settings/webhooks/", lambda n: {"name": f"Hook {n}", "url": f"https://hooks.example/{n}", "codes": ["*"]},
         "id", {"is_active": False}),
    Rows("settings/calendars/", lambda n: {"code": f"k{n}", "name": names(n),
                                           "weekly": [{"weekday": 0, "start": 480, "end": 960}],
                                           "days": [{"date": "2026-12-23", "hours": []}]}, "code",
         {"country": "SE"}, can_retire=False),
    Rows("settings/competences/", lambda n: {"code": f"n{n}", "name": names(n)}, "code", {"name": names(9)}),
    Rows("settings/alert-sources/", lambda n: {"code": f"s{n}", "name": f"Source {n}", "format": "generic"}, "code",
         {"reopen_minutes": 5}),
    Rows("settings/severity-rules/", lambda n: {"label": "severity", "pattern": f"crit{n}*", "position": n}, "id",
         {"impact": 1}),
    Rows("teams/", lambda n: {"code": f"t{n}", "name": names(n)}, "code", {"email": "team@region.example"}),
    Rows("people/", lambda n: {"name": f"Eva {n}", "email": f"eva{n}@region.example"}, "id", {"unit": "Ward 4"},
         can_retire=False),
    Rows("component-types/", lambda n: {"code": f"y{n}", "name": names(n), "own_fields": [
        {"key": "cpu", "type": "choice", "choices": ["arm", "x86"], "label": {"en": "Processor"}}]}, "code",
         {"icon": "server"}, can_retire=False),
]  # fmt: skip


@pytest.fixture
def admin() -> Iterator[dict[str, str]]:
    """An administrator's machine, a desk and office hours."""
    cache.clear()
    forget_settings()
    make_team("desk", is_desk=True)
    Calendar.objects.create(code="office", name={"en": "Office"}, weekly=[[0, 480, 960]])
    yield bearer(make_user("administrator"), "records:read", "registry:write", "settings:write")
    forget_settings()


def send(method: str, path: str, headers: dict[str, str], body: Any = None, **more: str) -> Any:
    known = {} if body is None else {"data": body, "content_type": "application/json"}
    return getattr(Client(), method)(f"{BASE}{path}", **known, headers=headers | more)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.path)
def test_rows_are_kept(kind: Rows, admin: dict[str, str]) -> None:
    made = send("post", kind.path, admin, kind.body(1))
    assert made.status_code == 201, made.content
    url = f"{kind.path}{made.json()[kind.key]}/"
    read = send("get", url, admin)
    assert read.status_code == 200
    body = read.json()
    assert {
        name: body[name] for name in body if name in kind.body(1) and name not in ("name", "own_fields", "days")
    } == {
        name: value
        for name, value in kind.body(1).items()
        if name in body and name not in ("name", "own_fields", "days")
    }
    assert send("patch", url, admin, kind.change).status_code == 428
    changed = send("patch", url, admin, kind.change, **{"If-Match": read["ETag"]})
    assert changed.status_code == 200, changed.content
    shown = changed.json()
    assert {name: shown[name] for name in kind.change if name != "name"} == {
        name: value for name, value in kind.change.items() if name != "name"
    }
    assert send("patch", url, admin, kind.change, **{"If-Match": read["ETag"]}).status_code == 412
    assert (
        send("patch", url, admin, {"colour": "red"}, **{"If-Match": changed["ETag"]}).json()["code"] == "unknown_field"
    )
    if not kind.can_retire:
        assert send("delete", url, admin).status_code == 405
        return
    assert send("delete", url, admin, **{"If-Match": read["ETag"]}).status_code == 412
    assert send("delete", url, admin, **{"If-Match": changed["ETag"]}).status_code == 204


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.path)
def test_one_row_costs_as_many_statements_as_three(kind: Rows, admin: dict[str, str]) -> None:
    counted = []
    for numbers in ((1,), (2, 3)):
        for number in numbers:
            with CaptureQueriesContext(connection) as asked:
                assert send("post", kind.path, admin, kind.body(number)).status_code == 201
            assert len(asked) <= 22  # a step is kept as a version of all steps as well
        send("get", kind.path, admin)
        with CaptureQueriesContext(connection) as asked:
            assert send("get", kind.path, admin).status_code == 200
        counted.append(len(asked))
    assert counted[0] == counted[1] <= 10


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.path)
def test_who_may_not_edit_settings_is_refused(kind: Rows, admin: dict[str, str]) -> None:
    agent = bearer(make_user("agent"), "records:read", "registry:write", "settings:write")
    assert send("post", kind.path, agent, kind.body(1)).status_code == 403
    assert send("post", kind.path, admin, kind.body(1)).status_code == 201
    blind = bearer(make_user("administrator"), "records:read")
    assert send("post", kind.path, blind, kind.body(2)).json()["code"] in ("scope_missing", "not_allowed")


OBJECTS = [
    ("settings/ranking/", {"major": 120}), ("settings/limits/", {"work_in_progress": 5}),
    ("settings/closing/", {"reopen_calendar_days": 20}),
]  # fmt: skip


@pytest.mark.parametrize(("path", "change"), OBJECTS)
def test_objects_are_put_whole(path: str, change: dict[str, Any], admin: dict[str, str]) -> None:
    seen = send("get", path, admin)
    whole = {name: value for name, value in seen.json().items() if name != "version"} | change
    assert send("put", path, admin, whole).status_code == 428
    done = send("put", path, admin, whole, **{"If-Match": seen["ETag"]})
    assert done.status_code == 200, done.content
    assert {name: done.json()[name] for name in change} == change
    assert send("put", path, admin, whole, **{"If-Match": seen["ETag"]}).status_code == 412
    assert send("put", path, admin, change, **{"If-Match": done["ETag"]}).status_code == 422


def test_the_matrix_has_sixteen_cells(admin: dict[str, str]) -> None:
    seen = send("get", "settings/matrix/", admin)
    cells = seen.json()["cells"]
    assert len(cells) == 16
    cells[0]["priority"] = 2
    done = send("put", "settings/matrix/", admin, {"cells": cells}, **{"If-Match": seen["ETag"]})
    assert (done.status_code, done.json()["cells"][0]) == (200, {"impact": 1, "urgency": 1, "priority": 2})
    assert send("put", "settings/matrix/", admin, {"cells": cells[1:]}, **{"If-Match": "*"}).status_code == 422


def test_reasons_of_the_queue(admin: dict[str, str]) -> None:
    seen = send("get", "settings/reasons/", admin)
    lists = seen.json()
    lists["skip"].append({"code": "ladder", "name": {"en": "No ladder"}})
    done = send("put", "settings/reasons/", admin, lists, **{"If-Match": seen["ETag"]})
    assert (done.status_code, done.json()["skip"][-1]["code"]) == (200, "ladder")


def test_waiting_pauses_or_not(admin: dict[str, str]) -> None:
    done = send("put", "settings/pause-rules/supplier/", admin, {"pauses": True})
    assert (done.status_code, done.json()["pauses"]) == (200, True)
    assert [row["reason"] for row in send("get", "settings/pause-rules/", admin).json()["results"]] == ["supplier"]
    assert send("put", "settings/pause-rules/weather/", admin, {"pauses": True}).status_code == 404


def test_a_secret_is_shown_once(admin: dict[str, str]) -> None:
    made = send("post", "settings/webhooks/", admin, KINDS[4].body(1))
    assert made.json()["secret"].startswith("whsec_")
    url = f"settings/webhooks/{made.json()['id']}/"
    assert "secret" not in send("get", url, admin).json()
    assert send("post", f"{url}rotate/", admin, {}).json()["secret"] != made.json()["secret"]
    tested = send("post", f"{url}test/", admin, {})
    assert (tested.status_code, tested.json()["state"]) == (201, "waiting")
    log = send("get", "deliveries/?state=waiting", admin).json()["results"]
    assert [row["id"] for row in log] == [tested.json()["id"]]
    assert send("post", f"deliveries/{tested.json()['id']}/resend/", admin, {}).status_code == 409
    assert send("post", "deliveries/999999/resend/", admin, {}).status_code == 404


def test_a_rule_names_whom_it_tells(admin: dict[str, str]) -> None:
    refused = send("post", "settings/notification-rules/", admin,
                   {"code": "record.opened", "to": "role", "channel": "email"})  # fmt: skip
    assert (refused.status_code, list(refused.json()["fields"])) == (422, ["role"])


def test_severity_rules_are_tried_without_effect(admin: dict[str, str]) -> None:
    for path, body in (("alert-sources", KINDS[7].body(1)), ("severity-rules", KINDS[8].body(1) | {"impact": 1})):
        assert send("post", f"settings/{path}/", admin, body).status_code == 201
    message = '{"title": "Disk", "severity": "crit1", "key": "a"}'
    tried = send("post", "settings/severity-rules/try/", admin, {"source": "s1", "message": message})
    assert (tried.status_code, tried.json()["results"][0]["impact"]) == (200, 1)
    wrong = send("post", "settings/severity-rules/try/", admin, {"source": "s1", "message": "{"})
    assert (wrong.status_code, list(wrong.json()["fields"])) == (422, ["message"])
    assert send("get", "settings/alert-inbox/", admin).json()["results"] == []


def test_what_a_person_can_do_and_when(admin: dict[str, str]) -> None:
    person = make_user("technician", name="Eva")
    url = f"people/{person.pk}/"
    assert (
        send("post", "settings/competences/", admin, {"code": "network", "name": {"en": "Network"}}).status_code == 201
    )
    held = send("post", f"{url}competences/", admin, {"competence": "network", "level": 2})
    assert (held.status_code, held.json()["level"]) == (201, 2)
    assert send("delete", f"{url}competences/{held.json()['id']}/", admin).status_code == 204
    assert send("get", f"{url}competences/", admin).json()["results"] == []
    hours = {"calendar": "office", "valid_from": "2026-03-02"}
    assert send("post", f"{url}schedules/", admin, hours).json()["percent"] == 100
    away = {"kind": "away", "starts_at": "2026-03-02T08:00:00Z", "ends_at": "2026-03-03T08:00:00Z"}
    noted = send("post", f"{url}absences/", admin, away)
    assert noted.status_code == 201
    assert send("post", f"{url}absences/", admin, away).status_code == 422
    assert send("delete", f"{url}absences/{noted.json()['id']}/", admin).status_code == 204
    assert send("delete", f"{url}absences/{noted.json()['id']}/", admin).status_code == 404


def test_teams_and_roles_of_a_person(admin: dict[str, str]) -> None:
    person = make_user(name="Eva")
    url = f"people/{person.pk}/"
    assert send("post", f"{url}teams/", admin, {"team": "desk", "is_lead": True}).status_code == 201
    assert send("get", f"{url}teams/", admin).json()["results"] == [{"team": "desk", "is_lead": True}]
    assert send("get", "teams/desk/members/", admin).json()["results"][0]["person"]["name"] == "Eva"
    given = send("post", f"{url}roles/", admin, {"role": "technician", "team": "desk"})
    assert (given.status_code, given.json()["results"][0]["role"]) == (201, "technician")
    assert send("post", f"{url}roles/", admin, {"role": "requester", "team": "desk"}).status_code == 422
    assert send("delete", f"{url}roles/{given.json()['results'][0]['id']}/", admin).status_code == 204
    assert send("delete", f"{url}teams/desk/", admin).status_code == 204
    assert send("post", f"{url}disable/", admin, {}).json()["is_active"] is False
    assert send("post", f"{url}enable/", admin, {}).json()["is_active"] is True
    assert len(send("get", "roles/", admin).json()["results"]) == 9


def test_who_is_calling(admin: dict[str, str]) -> None:
    body = send("get", "me/", admin).json()
    assert (body["scopes"], "settings.edit" in body["permissions"]) == (
        ["records:read", "registry:write", "settings:write"], True,
    )  # fmt: skip
