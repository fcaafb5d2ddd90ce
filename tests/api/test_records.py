"""What hangs off a record, the search box, one's own notifications and the wall, through the API."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from incidents.process import INCIDENTS
from journal.units import database_now
from notifications.models import Notification
from records import commands as records
from records.models import Record
from registry.models import Component, ComponentType, RelationKind
from tests.factories import bearer, make_user
from tests.incidents.help import World
from workforce.models import Competence

pytestmark = pytest.mark.django_db
BASE = "/api/v1/"
SCOPES = ("records:read", "records:write", "work:write", "registry:write", "reports:read")


@pytest.fixture
def world(tmp_path: Path, settings: Any) -> World:
    """The usual people; files go into a directory of the test."""
    cache.clear()
    settings.SPINDEL_DATA = tmp_path
    return World()


def headers_of(user_id: int, *scopes: str) -> dict[str, str]:
    return bearer(User.objects.get(pk=user_id), *(scopes or SCOPES))


def send(method: str, path: str, headers: dict[str, str], body: Any = None, **more: str) -> Any:
    known = {} if body is None else {"data": body, "content_type": "application/json"}
    return getattr(Client(), method)(f"{BASE}{path}", **known, headers=headers | more)


def opened(world: World, **known: Any) -> Record:
    return world.opened(moment=database_now(), **known).record


def test_words_on_any_record(world: World) -> None:
    url = f"records/{opened(world).number}/"
    agent, caller = headers_of(world.agent.id), headers_of(world.caller.pk)
    head = send("get", url, agent)
    assert (head.json()["kind"], head["ETag"]) == ("incident", f'"{head.json()["version"]}"')
    assert send("post", f"{url}comments/", agent, {"body": "Ask Li."}).json()["author"]["name"] == world.agent.name
    assert send("post", f"{url}comments/", caller, {"body": "Thanks.", "is_public": True}).status_code == 201
    assert send("post", f"{url}comments/", caller, {"body": "Internal?"}).status_code == 403
    assert [row["body"] for row in send("get", f"{url}comments/", agent).json()["results"]] == ["Ask Li.", "Thanks."]
    assert [row["body"] for row in send("get", f"{url}comments/", caller).json()["results"]] == ["Thanks."]


def test_the_time_line_hides_from_requesters_what_is_for_staff(world: World) -> None:
    url = f"records/{opened(world).number}/"
    agent, caller = headers_of(world.agent.id), headers_of(world.caller.pk)
    send("post", f"{url}comments/", agent, {"body": "Ask Li."})
    told = send("get", f"{url}timeline/", agent).json()["results"]
    assert [each["html"] for each in told if each["audience"] == "internal"] == ["<p>Ask Li.</p>"]
    assert all(each["weight"] in ("message", "change", "noise") for each in told)
    assert "Ask Li." not in send("get", f"{url}timeline/", caller).content.decode()
    assert send("get", f"{url}timeline/?after=x", agent).status_code == 422


def test_files_internal_and_public(world: World) -> None:
    url = f"{BASE}records/{opened(world).number}/files/"
    agent, caller = headers_of(world.agent.id), headers_of(world.caller.pk)

    def attach(headers: dict[str, str], **more: Any) -> Any:
        return Client().post(url, {"files": SimpleUploadedFile("log.txt", b"line"), **more}, headers=headers)

    made = attach(agent)
    assert made.status_code == 201, made.content
    row = made.json()["results"][0]
    assert (row["name"], row["size"], row["is_public"]) == ("log.txt", 4, False)
    assert attach(caller).status_code == 403
    assert attach(caller, is_public="true").status_code == 201
    assert len(Client().get(url, headers=agent).json()["results"]) == 2
    assert len(Client().get(url, headers=caller).json()["results"]) == 1
    got = Client().get(f"{url}{row['id']}/", headers=agent)
    assert (b"".join(got), got["Content-Disposition"]) == (b"line", 'attachment; filename="log.txt"')
    assert Client().get(f"{url}{row['id']}/", headers=caller).status_code == 404
    assert send("post", url.removeprefix(BASE), agent, {}).status_code == 415
    assert Client().post(url, {"colour": "red"}, headers=agent).status_code == 400


def test_a_file_above_the_limit_is_refused(world: World, settings: Any) -> None:
    settings.SPINDEL_MAX_UPLOAD_MB = 1
    big = SimpleUploadedFile("big.bin", b"x" * (1024 * 1024 + 1))
    url = f"{BASE}records/{opened(world).number}/files/"
    answer = Client().post(url, {"files": big}, headers=headers_of(world.agent.id))
    assert (answer.status_code, answer.json()["code"]) == (422, "file_too_large")


def test_links_both_ways_and_gone(world: World) -> None:
    one, other = opened(world), opened(world)
    agent, url = headers_of(world.agent.id), f"records/{one.number}/links/"
    made = send("post", url, agent, {"kind": "caused_by", "number": other.number})
    assert (made.status_code, made.json()["record"]["number"]) == (201, other.number)
    back = send("get", f"records/{other.number}/links/", agent).json()["results"]
    assert [(row["words"], row["record"]["number"]) for row in back] == [("caused", one.number)]
    missing = send("post", url, agent, {"kind": "caused_by", "number": "INC-999999"})
    assert (missing.status_code, list(missing.json()["fields"])) == (422, ["number"])
    assert send("get", url, headers_of(world.caller.pk)).status_code == 403
    assert send("delete", f"{url}{made.json()['id']}/", agent).status_code == 204
    assert send("delete", f"{url}{made.json()['id']}/", agent).status_code == 404


def test_followers(world: World) -> None:
    record = opened(world)
    agent, url = headers_of(world.agent.id), f"records/{record.number}/watchers/"
    friend = make_user("requester")
    assert send("post", url, agent, {}).json()["person"]["id"] == world.agent.id
    assert send("post", url, headers_of(world.caller.pk), {"person": friend.pk}).status_code == 403
    assert send("get", f"records/{record.number}/", headers_of(friend.pk)).status_code == 404
    assert send("post", url, agent, {"person": friend.pk}).status_code == 201
    assert send("get", f"records/{record.number}/", headers_of(friend.pk)).status_code == 200
    assert send("delete", url, agent).status_code == 204
    assert [row["person"]["id"] for row in send("get", url, agent).json()["results"]] == [friend.pk]


def test_promises_are_for_staff(world: World) -> None:
    url = f"records/{opened(world).number}/promises/"
    assert send("get", url, headers_of(world.agent.id)).json()["results"] == []
    assert send("get", url, headers_of(world.caller.pk)).status_code == 403
    assert send("get", "records/INC-999999/promises/", headers_of(world.agent.id)).status_code == 404


def test_search_finds_what_one_may_see(world: World) -> None:
    record = opened(world, title="Kitten printer")
    stranger = headers_of(make_user("requester").pk)
    found = send("get", "search/?q=kitten", headers_of(world.agent.id)).json()["results"]
    assert [hit["number"] for hit in found] == [record.number]
    assert send("get", "search/?q=kitten", stranger).json()["results"] == []
    assert send("get", "search/", stranger).status_code == 422


def test_the_same_key_does_one_thing_and_another_body_is_refused(world: World) -> None:
    record = opened(world)
    url, agent = f"records/{record.number}/comments/", headers_of(world.agent.id)
    first, again = (send("post", url, agent, {"body": "Once."}, **{"Idempotency-Key": "k"}) for _each in range(2))
    assert (first.json(), again["Idempotency-Replayed"]) == (again.json(), "true")
    assert len(send("get", url, agent).json()["results"]) == 1
    clash = send("post", url, agent, {"body": "Twice."}, **{"Idempotency-Key": "k"})
    assert (clash.status_code, clash.json()["code"]) == (422, "idempotency_key_reused")
    elsewhere = send("post", f"records/{record.number}/watchers/", agent, {}, **{"Idempotency-Key": "k"})
    assert elsewhere.status_code == 422
    other = send("post", url, headers_of(world.technician.id), {"body": "Once."}, **{"Idempotency-Key": "k"})
    assert other.status_code == 201


def test_one_work_item_and_what_it_needs(world: World) -> None:
    item = INCIDENTS.required_work_item(opened(world))
    agent, url = headers_of(world.agent.id), f"work/{item.pk}/"
    Competence.objects.create(code="fibre", name={"en": "Fibre"})
    row = send("get", url, agent).json()
    assert row["score"] == sum(part["points"] for part in row["parts"])
    needs = {"needs": [{"competence": "fibre", "level": 2}], "size": "L", "site": "B"}
    assert send("post", f"{url}route/", headers_of(world.technician.id), needs).status_code == 403
    assert send("post", f"{url}route/", agent, needs).status_code == 200
    routed = send("get", url, agent).json()
    assert (routed["site"], routed["estimate_minutes"], len(routed["needs"])) == ("B", 960, 1)
    assert send("post", f"{url}route/", agent, {"team": None}).status_code == 200
    assert send("get", url, agent).json()["site"] == "B"
    stranger = headers_of(make_user("technician").pk)
    hidden, absent = (send("get", f"work/{pk}/", stranger) for pk in (item.pk, 999999))
    assert (hidden.status_code, hidden.content) == (404, absent.content)


def test_relations_and_services(world: World) -> None:
    kind = ComponentType.objects.create(code="server", name={"en": "Server"})
    RelationKind.objects.create(code="runs-on", verb={"en": "runs on"}, inverse={"en": "runs"})
    for tag in ("vpn", "host"):
        Component.objects.create(tag=tag, name=tag, type=kind, updated_at=database_now())
    admin = headers_of(make_user("administrator").pk)
    made = send("post", "components/vpn/relations/", admin, {"kind": "runs-on", "target": "host"})
    assert (made.status_code, made.json()["target"]["tag"]) == (201, "host")
    again = send("post", "components/vpn/relations/", admin, {"kind": "runs-on", "target": "host"})
    assert again.status_code == 409
    assert send("post", "services/", admin, {"component": "vpn", "code": "vpn", "users": 200}).status_code == 201
    hit = send("get", "components/host/impact/", admin).json()
    assert (hit["people"], [each["code"] for each in hit["services"]]) == (200, ["vpn"])
    assert send("get", "services/vpn/impact/", admin).status_code == 200
    seen = send("get", "services/vpn/", admin)
    changed = send("patch", "services/vpn/", admin, {"users": 9}, **{"If-Match": seen["ETag"]})
    assert (changed.status_code, changed.json()["users"]) == (200, 9)
    taken = send("post", "services/", admin, {"component": "host", "code": "vpn"})
    assert (taken.status_code, list(taken.json()["fields"])) == (422, ["code"])
    assert len(send("get", "components/host/relations/", admin).json()["results"]) == 1
    assert send("delete", f"components/host/relations/{made.json()['id']}/", admin).status_code == 204


def test_own_notifications_alone(world: World) -> None:
    record = opened(world)
    mine, theirs = (
        Notification.objects.create(
            user_id=user_id, event_id=number, subject_kind="incident", subject_id=record.pk, code="record.opened",
            title="Opened", why="assignee", at=database_now(),
        )
        for number, user_id in ((1, world.agent.id), (2, world.technician.id))
    )  # fmt: skip
    agent = headers_of(world.agent.id)
    rows = send("get", "notifications/", agent).json()["results"]
    assert [(row["id"], row["record"], row["read_at"]) for row in rows] == [(mine.pk, record.number, None)]
    assert send("post", f"notifications/{theirs.pk}/read/", agent, {}).status_code == 204
    assert send("post", "notifications/read/", agent, {"up_to": theirs.pk}).json() == {"changed": 1}
    assert [each.read_at is not None for each in Notification.objects.order_by("pk")] == [True, False]


def test_the_wall_counts_what_one_may_see(world: World) -> None:
    record = opened(world)
    manager = headers_of(make_user("manager").pk)
    body = send("get", "reports/wall/", manager).json()
    assert (body["today"]["opened"], body["now"]["oldest"]["number"]) == (1, record.number)
    behind = send("get", "reports/wall/opened/?period=month", manager).json()["results"]
    assert [row["number"] for row in behind] == [record.number]
    assert send("get", "reports/wall/", headers_of(world.technician.id)).status_code == 403
    assert send("get", "reports/wall/", headers_of(world.agent.id, "records:read")).status_code == 403
    assert send("get", "reports/wall/weather/", manager).status_code == 404


def add_comment(world: World, record: Record) -> None:
    records.comment(record, body="x", is_public=True, actor=world.agent, at=database_now())


def add_link(world: World, record: Record) -> None:
    records.link(record, opened(world), kind="follows", actor=world.agent, at=database_now())


def add_watcher(world: World, record: Record) -> None:
    records.watch(record, user=make_user(), actor=world.agent, at=database_now())


def add_caller(world: World, record: Record) -> None:
    records.add_caller(record, make_user(), actor=world.agent, at=database_now())


def add_record(world: World, record: Record) -> None:
    del record
    opened(world, title="Kitten printer")


SETTINGS = ("incidents_matrixcell", "sla_target", "sla_escalationstep", "sla_pauserule")
LISTS: list[tuple[str, Callable[[World, Record], None]]] = [
    ("records/{number}/comments/", add_comment), ("records/{number}/timeline/", add_comment),
    ("records/{number}/links/", add_link), ("records/{number}/watchers/", add_watcher),
    ("records/{number}/watchers/", add_caller), ("incidents/", add_record), ("work/", add_record),
    ("search/?q=kitten", add_record), ("reports/wall/opened/", add_record), ("reports/wall/", add_record),
]  # fmt: skip


@pytest.mark.parametrize(("path", "add"), LISTS, ids=lambda each: getattr(each, "__name__", each))
def test_lists_cost_the_same_for_one_row_and_three(
    path: str, add: Callable[[World, Record], None], world: World
) -> None:
    record, counted = opened(world, title="Kitten printer"), []
    reader = headers_of(make_user("coordinator").pk)
    url = path.format(number=record.number)
    for more in (1, 2):
        for _each in range(more):
            add(world, record)
        send("get", url, reader)
        with CaptureQueriesContext(connection) as asked:
            assert send("get", url, reader).status_code == 200
        counted.append(len(asked))
    assert counted[0] == counted[1]
    assert counted[0] <= (16 if path == "reports/wall/" else 10)


def test_opening_an_incident_costs_at_most_twenty_statements(world: World) -> None:
    """Beside the settings that are to be cached by version (PERFORMANCE 3): matrix, targets, steps, pauses."""
    agent = headers_of(world.agent.id)
    body = {"title": "VPN drops", "caller": world.caller.pk, "impact": 3, "urgency": 1}
    send("post", "incidents/", agent, body)
    with CaptureQueriesContext(connection) as asked:
        assert send("post", "incidents/", agent, body).status_code == 201
    apart = ("SAVEPOINT", "RELEASE", *(f'SELECT "{each}"' for each in SETTINGS))
    assert len([each for each in asked if not each["sql"].startswith(apart)]) <= 20


def test_pages_follow_each_other(world: World) -> None:
    record = opened(world)
    for _each in range(3):
        add_comment(world, record)
    agent, url = headers_of(world.agent.id), f"records/{record.number}/comments/?limit=2"
    first = send("get", url, agent).json()
    second = Client().get(first["next"], headers=agent).json()
    assert ([len(page["results"]) for page in (first, second)], second["next"]) == ([2, 1], None)
    assert Client().get(second["previous"], headers=agent).json()["results"] == first["results"]
    assert send("get", f"{url}0000", agent).status_code == 422
    assert send("get", f"{url}&after=nonsense", agent).status_code == 422
