"""Nothing is open unless it says so; what is refused is said in words."""

import re
from collections.abc import Callable

import pytest
from django.db import OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import path
from django.utils import timezone, translation

from accounts import doors
from accounts.context import count_badge
from accounts.models import User
from accounts.roles import Permission
from itsm import urls as site
from kernel.errors import Conflict, NotAllowed, NotFound, Stale
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def undeclared(request: HttpRequest) -> HttpResponse:
    return HttpResponse("secret")


@doors.public
def hello(request: HttpRequest) -> HttpResponse:
    return HttpResponse("hello")


@doors.signed_in
def here(request: doors.ActorRequest) -> HttpResponse:
    return HttpResponse(f"{translation.get_language()} {timezone.get_current_timezone_name()} {request.actor.name}")


@doors.allowed(Permission.SETTINGS_EDIT)
def admin(request: HttpRequest) -> HttpResponse:
    return HttpResponse("admin")


@doors.public
def named(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(User.objects.filter(name=request.POST.get("name", "")).exists()))


def raising(make: Callable[[], Exception]) -> Callable[[HttpRequest], HttpResponse]:
    @doors.public
    def view(request: HttpRequest) -> HttpResponse:
        raise make()

    return view


FAULTS = {
    "gone": lambda: NotFound("No record INC-9."),
    "mine": lambda: NotAllowed("Only the leader may."),
    "late": lambda: Conflict("It is taken."),
    "stale": lambda: Stale("It changed.", facts={"field": "title", "now": "their <b>text", "yours": "my text"}),
    "busy": lambda: OperationalError("canceling statement due to lock timeout"),
}
urlpatterns = [
    *site.urlpatterns,
    path("t/undeclared/", undeclared),
    path("t/hello/", hello),
    path("t/here/", here),
    path("t/admin/", admin),
    path("t/named/", named),
    path("t/named/<str:name>/", named),
    *[path(f"t/{name}/", raising(make)) for name, make in FAULTS.items()],
]


@pytest.fixture(autouse=True)
def _own_routes() -> object:
    with override_settings(ROOT_URLCONF=__name__):
        yield


def signed_in(*roles: str, **fields: object) -> Client:
    client = Client()
    client.force_login(make_user(*roles, **fields))
    return client


def test_a_view_that_declares_nothing_answers_nobody() -> None:
    for client in (Client(), signed_in("agent"), signed_in("coordinator")):
        answer = client.get("/t/undeclared/")
        assert answer.status_code == 404
        assert b"secret" not in answer.content


def test_public_signed_in_and_allowed() -> None:
    assert Client().get("/t/hello/").content == b"hello"
    answer = Client().get("/t/here/?a=1")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/login/?next=/t/here/%3Fa%3D1")
    assert Client().get("/t/here/", headers={"HX-Request": "true"}).status_code == 401
    assert signed_in("agent").get("/t/here/").status_code == 200
    refused = signed_in("agent").get("/t/admin/")
    assert refused.status_code == 403
    assert b"Your roles do not include this page." in refused.content
    with override_settings():
        make_user()
    assert signed_in("coordinator").get("/t/admin/").status_code == 403


def test_language_and_zone_are_the_persons() -> None:
    answer = signed_in(name="Mei", language="zh-hans", zone="Asia/Shanghai").get("/t/here/")
    assert answer.content == b"zh-hans Asia/Shanghai Mei"
    assert answer["Content-Language"] == "zh-hans"
    assert timezone.get_current_timezone_name() == "Europe/Stockholm"


def test_somebody_signed_in_costs_two_statements_and_nobody_none() -> None:
    client = signed_in("agent")
    client.get("/t/here/")
    with CaptureQueriesContext(connection) as asked:
        client.get("/t/here/")
    assert len(asked) == 2, [each["sql"] for each in asked]
    with CaptureQueriesContext(connection) as asked:
        Client().get("/t/hello/")
    assert len(asked) == 0


def test_refusals_have_their_status_and_sentence() -> None:
    client = signed_in("agent")
    statuses = {name: client.get(f"/t/{name}/").status_code for name in FAULTS}
    assert statuses == {"gone": 404, "mine": 403, "late": 409, "stale": 409, "busy": 503}
    assert b"Only the leader may." in client.get("/t/mine/").content
    both = client.get("/t/stale/").content
    assert b"their &lt;b&gt;text" in both
    assert b"my text" in both
    assert client.get("/t/busy/")["Retry-After"] == "3"


def test_text_that_no_database_holds_is_refused_and_not_a_fault() -> None:
    client = signed_in("agent")
    assert client.post("/t/named/", {"name": "Omar"}).status_code == 200
    refused = client.post("/t/named/", {"name": "Om\0ar"})
    assert refused.status_code == 422
    assert b"Null characters are not allowed." in refused.content
    assert client.get("/t/named/?name=Om%2500ar").status_code == 200
    assert client.get("/t/named/?name=Om%00ar").status_code == 404
    assert client.get("/t/named/Om%00ar/").status_code == 404
    answer = client.get("/api/v1/incidents/INC%00/")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert answer["Content-Type"] == "application/problem+json"


def test_json_that_is_nested_too_deeply_is_refused_and_not_a_fault() -> None:
    client = signed_in("administrator")
    answer = client.post("/api/v1/components/", b"[" * 100_000, content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (400, "unreadable")


def test_htmx_gets_the_fragment() -> None:
    answer = signed_in("agent").get("/t/late/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert b"<html" not in answer.content
    assert b"data-reason>It is taken." in answer.content


def test_hidden_and_nonexistent_are_the_same_page() -> None:
    client = signed_in("agent")
    pages = (client.get(url).content for url in ("/t/gone/", "/t/nowhere/", "/t/undeclared/"))
    hidden, missing, closed = (re.sub(rb'data-now="\d+"', b"", page) for page in pages)  # the second may have passed
    assert hidden == missing == closed


@pytest.mark.parametrize(("value", "shown"), [(None, ""), (0, ""), (7, "7"), (99, "99"), (100, "99+")])
def test_badges_are_capped(value: int | None, shown: str) -> None:
    assert count_badge(value) == shown
