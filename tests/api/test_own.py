"""What is the caller's own, and what those who keep Spindel do: profile, views, choices, drafts, tokens, audit."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache

from accounts.models import IdempotencyKey, Token, User, UserSession
from accounts.queries.settings import forget_settings
from coordination.models import Ranking
from intake.models import AlertGroup, Source
from journal.units import database_now
from tests.api.test_records import headers_of, send
from tests.factories import bearer, make_team, make_user
from tests.incidents.help import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh() -> Any:
    """Settings and throttles of this test alone."""
    cache.clear()
    forget_settings()
    yield
    forget_settings()


@pytest.fixture
def world() -> World:
    return World()


def put(url: str, headers: dict[str, str], **changes: Any) -> Any:
    read = send("get", url, headers)
    assert read.status_code == 200
    assert send("put", url, headers, read.json() | changes).status_code == 428
    stale = send("put", url, headers, read.json() | changes, **{"If-Match": '"old"'})
    assert stale.status_code == 412
    return send("put", url, headers, read.json() | changes, **{"If-Match": read["ETag"]})


def test_the_own_profile(world: World) -> None:
    me = headers_of(world.agent.id)
    done = put("me/profile/", me, language="sv", key_map={"w": "b"}, quiet_from="22:00", quiet_to="06:00")
    assert done.status_code == 200, done.content
    person = User.objects.get(pk=world.agent.id)
    assert (person.language, person.keys["map"], person.quiet_hours) == (
        "sv", {"w": "b"}, {"from": "22:00", "to": "06:00"}
    )  # fmt: skip
    wrong = put("me/profile/", me, zone="Mars/Olympus", quiet_to=None)
    assert (wrong.status_code, sorted(wrong.json()["fields"])) == (422, ["quiet_to", "zone"])


def test_sessions_are_seen_and_ended(world: World) -> None:
    at = database_now()
    for key, user in (("a", world.agent.id), ("b", world.agent.id), ("c", world.caller.pk)):
        UserSession.objects.create(
            session_key=key, user_id=user, started_at=at, seen_at=at, expire_date=at + timedelta(hours=1)
        )
    me = headers_of(world.agent.id)
    assert len(send("get", "me/sessions/", me).json()["results"]) == 2
    assert send("post", "me/sessions/end/", me).json() == {"ended": 2}
    admin = bearer(make_user("administrator"), "records:read", "settings:write")
    assert len(send("get", f"people/{world.caller.pk}/sessions/", admin).json()["results"]) == 1
    assert send("post", f"people/{world.caller.pk}/sign-out/", admin).json() == {"ended": 1}
    assert send("get", f"people/{world.caller.pk}/sessions/", admin).json()["results"] == []


def test_views_are_kept_shared_and_forgotten(world: World) -> None:
    me, mate = headers_of(world.technician.id), headers_of(world.colleague.id)
    body = {"list": "incidents", "name": "Late", "query": "sla=breach", "team": "network"}
    made = send("post", "me/views/", me, body).json()
    assert send("post", f"me/views/{made['id']}/first/", me, {"first": True}).status_code == 204
    own, theirs = (send("get", "me/views/?list=incidents", who).json()["results"] for who in (me, mate))
    assert [(row["name"], row["is_own"], row["is_first"]) for row in (*own, *theirs)] == [
        ("Late", True, True), ("Late", False, False),
    ]  # fmt: skip
    assert send("delete", f"me/views/{made['id']}/", mate).status_code == 404
    assert send("delete", f"me/views/{made['id']}/", me).status_code == 204
    assert send("post", "me/views/", headers_of(world.caller.pk), body | {"team": None}).status_code == 403


def test_how_one_wants_to_be_told(world: World) -> None:
    me = headers_of(world.agent.id)
    rows = send("get", "notifications/choices/", me).json()["choices"]
    assert {row["mail"] for row in rows} == {"at_once"} or len({row["mail"] for row in rows}) == 1
    wanted = [{**rows[0], "mail": rows[0]["mail"], "is_listed": False}, *rows[1:]]
    assert put("notifications/choices/", me, choices=wanted).json()["choices"][0]["is_listed"] is False
    twice = [rows[0], rows[0], *rows[2:]]
    assert put("notifications/choices/", me, choices=twice).status_code == 422


def test_records_are_muted_by_number(world: World) -> None:
    number = world.opened(moment=database_now()).record.number
    me = headers_of(world.agent.id)
    assert send("post", "notifications/muted/", me, {"number": number}).status_code == 201
    assert [row["number"] for row in send("get", "notifications/muted/", me).json()["results"]] == [number]
    assert send("delete", f"notifications/muted/{number}/", me).status_code == 204
    assert send("get", "notifications/muted/", me).json()["results"] == []
    assert send("post", "notifications/muted/", me, {"number": "INC-999999"}).status_code == 422


def test_drafts_are_for_one_person(world: World) -> None:
    me, other = headers_of(world.agent.id), headers_of(world.technician.id)
    assert send("put", "me/drafts/new/incident/", me, {"values": {"about": "VPN dr"}}).status_code == 204
    assert send("get", "me/drafts/new/incident/", me).json()["values"] == {"about": "VPN dr"}
    assert send("get", "me/drafts/new/incident/", other).status_code == 404
    assert [row["start"] for row in send("get", "me/drafts/", me).json()["results"]] == ["VPN dr"]
    assert send("delete", "me/drafts/new/incident/", me).status_code == 204
    assert send("get", "me/drafts/", me).json()["results"] == []


def test_own_records_are_listed_for_requesters(world: World) -> None:
    number = world.opened(moment=database_now()).record.number
    world.opened(moment=database_now(), caller=make_user("requester"))
    rows = send("get", "me/records/", headers_of(world.caller.pk)).json()["results"]
    assert [row["number"] for row in rows] == [number]


def test_the_audit_is_for_those_who_read_it(world: World) -> None:
    number = world.opened(moment=database_now()).record.number
    agent = headers_of(world.agent.id)
    send("post", f"incidents/{number}/prioritise/", agent, {"impact": 1, "urgency": 1})
    auditor = headers_of(make_user("auditor").pk)
    rows = send("get", f"records/{number}/audit/", auditor).json()["results"]
    changed = [(row["before"], row["after"], row["source"], row["who"]) for row in rows if row["field"] == "priority"]
    assert ("4", "1", "api", world.agent.name) in changed
    assert send("get", f"records/{number}/audit/", agent).status_code == 403


def test_the_last_act_is_taken_back_by_who_did_it(world: World) -> None:
    record = world.opened(moment=database_now()).record
    agent, url = headers_of(world.agent.id), f"records/{record.number}/undo/"
    send("post", f"incidents/{record.number}/cancel/", agent, {"reason": "Twice."})
    assert send("post", url, headers_of(world.technician.id), {}).status_code == 404
    back = send("post", url, agent, {})
    assert (back.status_code, back.json()["state"], back["ETag"]) == (200, record.state, f'"{back.json()["version"]}"')
    send("post", f"incidents/{record.number}/cancel/", agent, {"reason": "Twice."})
    send("patch", f"incidents/{record.number}/", agent, {"tags": ["x"]}, **{"If-Match": "*"})


def test_a_call_is_looked_at_before_it_is_logged(world: World) -> None:
    number = world.opened(moment=database_now(), title="VPN drops every ten minutes").record.number
    body = {"title": "VPN drops", "caller": world.caller.pk, "impact": 1, "urgency": 1}
    seen = send("post", "incidents/preview/", headers_of(world.agent.id), body)
    assert (seen.json()["priority"], [row["number"] for row in seen.json()["open_records"]]) == (1, [number])
    assert send("post", "incidents/preview/", headers_of(world.caller.pk), body).status_code == 403


def test_callers_are_listed(world: World) -> None:
    number = world.opened(moment=database_now()).record.number
    agent = headers_of(world.agent.id)
    send("post", f"incidents/{number}/caller/", agent, {"caller": "Eva Lind"})
    assert [row["name"] for row in send("get", f"incidents/{number}/callers/", agent).json()["results"]] == ["Eva Lind"]
    assert send("get", f"incidents/{number}/callers/", headers_of(world.caller.pk)).status_code == 403


def test_alerts_behind_an_incident(world: World) -> None:
    record, at = world.opened(moment=database_now()).record, database_now()
    source = Source.objects.create(code="prometheus", name="Prometheus", format="alertmanager")
    group = AlertGroup.objects.create(
        source=source, fingerprint="x", incident_id=record.pk, title="Disk full", labels={"alertname": "DiskFull"},
        first_seen_at=at, last_seen_at=at,
    )  # fmt: skip
    agent = headers_of(world.agent.id)
    rows = send("get", f"records/{record.number}/alerts/", agent).json()["results"]
    seen = [(row["title"], row["source"], row["is_false_alarm"]) for row in rows]
    assert seen == [("Disk full", "prometheus", False)]
    assert send("post", f"alerts/{group.pk}/false/", agent).status_code == 204
    admin = bearer(make_user("administrator"), "settings:write")
    wrong = send("get", "settings/false-alarms/", admin).json()["results"]
    assert wrong == [{"name": "DiskFull", "alerts": 1, "wrong": 1}]
    assert send("get", f"records/{record.number}/alerts/", headers_of(world.caller.pk)).status_code == 403


def test_points_are_tried_changed_and_restored(world: World) -> None:
    world.opened(moment=database_now())
    assert Ranking.objects.exists()
    admin = bearer(make_user("administrator"), "records:read", "settings:write")
    points = send("get", "settings/ranking/", admin).json()
    del points["version"]
    tried = send("post", "settings/ranking/preview/", admin, points | {"major": 900})
    assert (tried.status_code, tried.json()["results"]) == (200, [])
    tag = send("get", "settings/ranking/", admin)["ETag"]
    changed = send("put", "settings/ranking/", admin, points | {"major": 900}, **{"If-Match": tag})
    assert changed.json()["major"] == 900
    assert [row["version"] for row in send("get", "settings/ranking/versions/", admin).json()["results"]] == [2]
    url = "settings/ranking/versions/1/"
    assert send("get", url, admin).json()["major"] == points["major"]
    assert send("post", f"{url}restore/", admin, {}, **{"If-Match": tag}).status_code == 412
    back = send("post", f"{url}restore/", admin, {}, **{"If-Match": changed["ETag"]})
    assert (back.status_code, back.json()["major"], back.json()["version"]) == (200, points["major"], 3)


def test_guests_become_people() -> None:
    guest = User.objects.create(kind=User.Kind.GUEST, name="Anna at the desk", phone="4412")
    person, admin = make_user("requester"), bearer(make_user("administrator"), "records:read", "settings:write")
    assert send("post", f"people/{guest.pk}/merge/", admin, {"into": person.pk}).json()["id"] == person.pk
    assert send("post", f"people/{guest.pk}/merge/", admin, {"into": person.pk}).status_code == 409


def test_sign_in_is_set() -> None:
    make_team("desk")
    admin = bearer(make_user("administrator"), "settings:write")
    assert put("settings/sign-in/", admin, idle_minutes=30).json()["idle_minutes"] == 30


def test_tokens_are_made_replaced_and_revoked() -> None:
    machine = User.objects.create(kind=User.Kind.INTEGRATION, name="Alertmanager")
    admin = bearer(make_user("administrator"), "settings:write", "alerts:write")
    body = {"user": machine.pk, "name": "Alertmanager", "scopes": ["alerts:write"]}
    made = send("post", "settings/tokens/", admin, body, **{"Idempotency-Key": "t"})
    text = made.json()["text"]
    assert send("get", "me/", {"Authorization": f"Bearer {text}"}).json()["name"] == "Alertmanager"
    again = send("post", "settings/tokens/", admin, body, **{"Idempotency-Key": "t"})
    assert (again.json()["id"], again.json()["text"]) == (made.json()["id"], None)
    assert text not in IdempotencyKey.objects.get(key="t").body
    assert text not in send("get", "settings/tokens/", admin).content.decode()
    new = send("post", f"settings/tokens/{made.json()['id']}/rotate/", admin)
    assert new.status_code == 201
    assert send("delete", f"settings/tokens/{new.json()['id']}/", admin).status_code == 204
    assert send("get", "me/", {"Authorization": f"Bearer {new.json()['text']}"}).status_code == 401


def test_a_token_gives_no_more_than_it_has() -> None:
    machine = User.objects.create(kind=User.Kind.INTEGRATION, name="Alertmanager")
    administrator = make_user("administrator")
    narrow = bearer(administrator, "settings:write")
    body = {"user": machine.pk, "name": "Wide", "scopes": ["settings:write", "records:write"]}
    assert send("post", "settings/tokens/", narrow, body).status_code == 403
    bearer(administrator, "settings:write", "records:write")
    wide = Token.objects.latest("pk")
    assert send("post", f"settings/tokens/{wide.pk}/rotate/", narrow).status_code == 403
    assert send("post", "settings/tokens/", narrow, body | {"scopes": ["settings:write"]}).status_code == 201


def test_a_repeated_alert_with_the_same_key_is_counted_once() -> None:
    Source.objects.create(code="own", name="Own", format="generic")
    make_team("desk", is_desk=True)
    machine = bearer(make_user("integration"), "alerts:write")
    alert = {"title": "Disk almost full", "key": "db-3:disk", "severity": "warning"}
    first, again = (send("post", "alerts/generic/", machine, alert, **{"Idempotency-Key": "a"}) for _each in range(2))
    assert (first.status_code, again.status_code, again["Idempotency-Replayed"]) == (202, 202, "true")
    assert (first.json(), AlertGroup.objects.get().count) == (again.json(), 1)
    assert send("post", "alerts/generic/", machine, alert).json()["repeated"] == 1
    assert AlertGroup.objects.get().count == 2
