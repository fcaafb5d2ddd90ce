"""The base of the API: tokens, refusals as problems, pages, versions, repeated requests."""

import json
import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, connections
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import commands, rest
from accounts.doors import PUBLIC, SIGNED_IN, Access, Who, allowed
from accounts.models import IdempotencyKey, Team, Token, User
from accounts.queries import SYSTEM
from accounts.roles import Permission
from itsm import urls as site
from journal.models import Event
from journal.units import database_now
from kernel.errors import Conflict, NotFound, Unprocessable
from kernel.paging import Key
from tests.factories import make_team, make_user

pytestmark = pytest.mark.django_db


class TeamSerializer(serializers.ModelSerializer[Team]):
    class Meta:
        model = Team
        fields = ("id", "code")


class Teams(rest.ViewSet):
    access = {"list": SIGNED_IN, "create": Access(Who.ALLOWED, (Permission.INCIDENT_LOG,)), "update": SIGNED_IN}
    scope_read, scope_write = "records:read", "records:write"
    page_keys = (Key("code"), Key("id"))
    serializer_class = TeamSerializer

    def list(self, request: Any) -> Response:
        rows = self.paginate_queryset(Team.objects.all())
        return self.get_paginated_response(TeamSerializer(rows, many=True).data)

    def create(self, request: Any) -> Response:
        def work(at: datetime) -> Response:
            given = TeamSerializer(data=request.data)
            given.is_valid(raise_exception=True)
            if request.data["code"] == "taken":
                raise Conflict("Taken.", code="taken", facts={"owner": "Eva"})
            return Response(TeamSerializer(given.save()).data, status=201, headers={"Location": "/x/"})

        return self.act(work)

    def update(self, request: Any, pk: str) -> Response:
        rest.match(request, 7, is_required=True)
        return Response({"ok": True}, headers=rest.etag(8))


class Faults(rest.View):
    access = SIGNED_IN
    scope_read = "records:read"
    kinds = {
        "hidden": NotFound("No record INC-7."),
        "fields": Unprocessable("Cannot be used.", fields={"title": ["Write a title."]}),
    }

    def get(self, request: Any, kind: str) -> Response:
        raise self.kinds[kind]


class Undeclared(rest.View):
    def get(self, request: Any) -> Response:
        return Response("secret")


class Foreign(APIView):
    access = PUBLIC

    def get(self, request: Any) -> Response:
        return Response("secret")


urlpatterns = [
    path("api/t/undeclared/", Undeclared.as_view()),
    path("api/t/foreign/", Foreign.as_view()),
    path("api/t/fault/<str:kind>/", Faults.as_view()),
    path("api/t/teams/", Teams.as_view({"get": "list", "post": "create"})),
    path("api/t/teams/<str:pk>/", Teams.as_view({"put": "update"})),
    *site.urlpatterns,
]


@pytest.fixture(autouse=True)
def _own_routes() -> object:
    cache.clear()
    with override_settings(ROOT_URLCONF=__name__):
        yield


def bearer(user: User, *scopes: str, **fields: object) -> dict[str, str]:
    made = commands.make_token(user, name="test", scopes=scopes, actor=SYSTEM, at=database_now())
    Token.objects.filter(pk=made.token.pk).update(**fields)
    return {"Authorization": f"Bearer {made.text}"}


def post(headers: dict[str, str], body: dict[str, object], key: str = "") -> Any:
    extra = {"Idempotency-Key": key} if key else {}
    return Client().post("/api/t/teams/", body, content_type="application/json", headers=headers | extra)


def test_a_token_opens_what_its_scopes_and_its_user_allow() -> None:
    agent = make_user("agent")
    assert Client().get("/api/t/teams/", headers=bearer(agent, "records:read")).status_code == 200
    refused = Client().get("/api/t/teams/", headers=bearer(agent, "alerts:write"))
    assert (refused.status_code, refused.json()["code"], refused.json()["scope"]) == (
        403,
        "scope_missing",
        "records:read",
    )
    assert refused["Content-Type"] == "application/problem+json"
    assert post(bearer(agent, "records:write"), {"code": "a"}).status_code == 201
    requester = make_user("requester")
    assert post(bearer(requester, "records:write"), {"code": "b"}).status_code == 403


def test_who_is_not_let_in() -> None:
    agent = make_user("agent")
    good = bearer(agent, "records:read")
    assert Client().get("/api/t/teams/").status_code == 401
    assert "Bearer" in Client().get("/api/t/teams/")["WWW-Authenticate"]
    past = datetime(2020, 1, 1, tzinfo=UTC)
    for headers in (
        {"Authorization": good["Authorization"][:-1] + "x"},
        {"Authorization": "Bearer spd_nothing_here"},
        {"Authorization": "Bearer x"},
        bearer(agent, "records:read", revoked_at=past),
        bearer(agent, "records:read", expires_at=past),
    ):
        assert Client().get("/api/t/teams/", headers=headers).status_code == 401, headers
    assert Client().get("/api/t/teams/", headers=good).status_code == 200
    User.objects.filter(pk=agent.pk).update(is_active=False, disabled_at=past)
    assert Client().get("/api/t/teams/", headers=good).status_code == 401


def test_the_secret_is_not_in_the_database() -> None:
    made = commands.make_token(make_user(), name="x", scopes=["alerts:write"], actor=SYSTEM, at=database_now())
    secret = made.text.rpartition("_")[2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT (t.*)::text FROM accounts_token t")
        stored = str(cursor.fetchall())
        cursor.execute("SELECT data::text FROM journal_event")
        stored += str(cursor.fetchall())
    assert secret not in stored
    assert made.token.prefix in stored


def test_a_rotated_token_works_for_the_overlap() -> None:
    agent, at = make_user("agent"), database_now()
    first = commands.make_token(agent, name="x", scopes=["records:read"], actor=SYSTEM, at=at)
    second = commands.rotate_token(first.token, actor=SYSTEM, at=at)
    texts = (first.text, second.text)
    assert [Client().get("/api/t/teams/", headers={"Authorization": f"Bearer {t}"}).status_code for t in texts] == [
        200,
        200,
    ]
    Token.objects.filter(pk=first.token.pk).update(expires_at=at - timedelta(seconds=1))
    assert [Client().get("/api/t/teams/", headers={"Authorization": f"Bearer {t}"}).status_code for t in texts] == [
        401,
        200,
    ]
    commands.revoke_token(second.token, actor=SYSTEM, at=at)
    assert Client().get("/api/t/teams/", headers={"Authorization": f"Bearer {second.text}"}).status_code == 401
    codes = list(Event.objects.filter(subject_kind="user").order_by("id").values_list("code", flat=True))
    assert codes == ["accounts.token_made", "accounts.token_rotated", "accounts.token_revoked"]
    with pytest.raises(Conflict):
        commands.rotate_token(first.token, actor=SYSTEM, at=at)


def test_last_use_is_written_once_a_minute_and_costs_one_statement() -> None:
    headers = bearer(make_user("agent"), "records:read")
    Client().get("/api/t/teams/", headers=headers)
    first = Token.objects.get().last_used_at
    assert first is not None
    with CaptureQueriesContext(connection) as asked:
        Client().get("/api/t/teams/", headers=headers)
    assert len(asked) == 2  # the token with its user's rights, the rows
    assert Token.objects.get().last_used_at == first


def test_the_browsers_session_is_checked_against_forged_requests() -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(make_user("agent"))
    assert client.get("/api/t/teams/").status_code == 200
    forged = client.post("/api/t/teams/", {"code": "a"}, content_type="application/json")
    assert (forged.status_code, Team.objects.count()) == (403, 0)


def test_views_that_declare_nothing_or_bypass_the_base_answer_nobody() -> None:
    client = Client()
    client.force_login(make_user("agent", "coordinator"))
    assert client.get("/api/t/undeclared/").status_code == 404
    assert client.get("/api/t/foreign/").status_code == 404


def test_hidden_nonexistent_and_unknown_addresses_have_the_same_body() -> None:
    headers = bearer(make_user("agent"), "records:read")
    hidden = Client().get("/api/t/fault/hidden/", headers=headers)
    nowhere = Client().get("/api/nowhere/", headers=headers)
    assert (hidden.status_code, nowhere.status_code) == (404, 404)
    assert hidden.content == nowhere.content
    assert hidden["Content-Type"] == nowhere["Content-Type"] == "application/problem+json"
    assert "INC-7" not in hidden.content.decode()


def test_problems_name_their_fields() -> None:
    headers = bearer(make_user("agent"), "records:read", "records:write")
    own = Client().get("/api/t/fault/fields/", headers=headers).json()
    assert (own["status"], own["fields"]) == (422, {"title": ["Write a title."]})
    framework = post(headers, {})
    assert (framework.status_code, list(framework.json()["fields"])) == (422, ["code"])
    broken = Client().post("/api/t/teams/", "{", content_type="application/json", headers=headers)
    assert (broken.status_code, broken.json()["code"]) == (400, "parse_error")


def test_pages_by_keyset() -> None:
    headers = bearer(make_user("agent"), "records:read")
    for n in range(5):
        make_team(f"t{n}")
    first = Client().get("/api/t/teams/?limit=2", headers=headers).json()
    assert [row["code"] for row in first["results"]] == ["t0", "t1"]
    assert first["previous"] is None
    second = Client().get(first["next"], headers=headers).json()
    assert [row["code"] for row in second["results"]] == ["t2", "t3"]
    back = Client().get(second["previous"], headers=headers).json()
    assert [row["code"] for row in back["results"]] == ["t0", "t1"]
    assert Client().get("/api/t/teams/?after=zzz", headers=headers).status_code == 422
    assert Client().get("/api/t/teams/?limit=9999", headers=headers).status_code == 422


def test_versions() -> None:
    headers = bearer(make_user("agent"), "records:write")
    put = {name: Client().put("/api/t/teams/1/", {}, headers=headers | extra) for name, extra in {
        "missing": {}, "right": {"If-Match": '"7"'}, "wrong": {"If-Match": '"6"'}, "any": {"If-Match": "*"},
    }.items()}  # fmt: skip
    assert {name: answer.status_code for name, answer in put.items()} == {
        "missing": 428, "right": 200, "wrong": 412, "any": 200,
    }  # fmt: skip
    assert put["right"]["ETag"] == '"8"'
    assert put["wrong"].json()["version"] == 7


def test_a_repeated_request_gets_the_first_answer() -> None:
    headers = bearer(make_user("agent"), "records:write")
    first = post(headers, {"code": "a"}, "k1")
    again = post(headers, {"code": "a"}, "k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert (again["Location"], again["Idempotency-Replayed"]) == ("/x/", "true")
    assert Team.objects.count() == 1
    other = post(headers, {"code": "b"}, "k1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    assert post(bearer(make_user("agent"), "records:write"), {"code": "c"}, "k1").status_code == 201


def test_a_refusal_keeps_no_answer_and_a_day_ends_it() -> None:
    headers = bearer(make_user("agent"), "records:write")
    refused = post(headers, {"code": "taken"}, "k1")
    assert (refused.status_code, refused.json()["code"], refused.json()["owner"]) == (409, "taken", "Eva")
    assert not IdempotencyKey.objects.exists()
    assert post(headers, {"code": "free"}, "k1").status_code == 201
    IdempotencyKey.objects.update(at=database_now() - timedelta(hours=25))
    assert post(headers, {"code": "later"}, "k1").status_code == 201


def test_too_many_requests_are_told_when_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("accounts.rest.throttling.CallerThrottle.THROTTLE_RATES", {"caller": "2/min"})
    headers = bearer(make_user("agent"), "records:read")
    answers = [Client().get("/api/t/teams/", headers=headers) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) <= 61


def test_without_the_cache_the_api_works_on(settings: Any) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    headers = bearer(make_user("agent"), "records:read")
    assert Client().get("/api/t/teams/", headers=headers).status_code == 200


def test_schema_and_its_page() -> None:
    client = Client()
    client.force_login(make_user("requester"))
    schema = client.get("/api/v1/schema/?format=json")
    assert json.loads(schema.content)["openapi"] == "3.1.0"
    page = client.get("/api/docs/")
    assert page.status_code == 200
    assert b"<script>" not in page.content
    assert b"style=" not in page.content
    assert Client().get("/api/v1/schema/").status_code == 401


@pytest.mark.django_db(transaction=True)
def test_sixteen_equal_requests_at_once_do_one_thing() -> None:
    headers = bearer(make_user("agent"), "records:write")
    answers: list[int] = []

    def send() -> None:
        try:
            answers.append(post(headers, {"code": "once"}, "same").status_code)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [201] * 16
    assert Team.objects.count() == 1


def test_allowed_declares_for_functions_too() -> None:
    view = allowed(Permission.EXPORT)(lambda request: None)
    assert view.access == Access(Who.ALLOWED, ("export",))  # type: ignore[attr-defined]  # set by the decorator
