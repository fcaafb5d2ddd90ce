"""Two writers of one thing: the one that comes second hears 412, however close they are."""

import threading
from collections.abc import Callable

import pytest
from django.core.cache import cache
from django.db import connections
from django.test import Client

from registry.models import ComponentType
from tests.factories import bearer, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def race(*writers: Callable[[], int]) -> list[int]:
    """The answers of writers that start together."""
    answers: list[int] = []
    start = threading.Barrier(len(writers))

    def run(writer: Callable[[], int]) -> None:
        try:
            start.wait()
            answers.append(writer())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(writer,)) for writer in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(answers)


def patcher(url: str, body: dict[str, object], headers: dict[str, str]) -> Callable[[], int]:
    client = Client()
    return lambda: client.patch(url, body, content_type="application/json", headers=headers).status_code


def test_of_two_changes_of_a_component_one_wins() -> None:
    cache.clear()
    ComponentType.objects.create(code="server", name={"en": "Server"})
    admin = bearer(make_user("administrator"), "records:read", "registry:write")
    body = {"tag": "srv-1", "name": "Server", "type": "server"}
    url = "/api/v1/components/srv-1/"
    assert Client().post("/api/v1/components/", body, content_type="application/json", headers=admin).status_code == 201
    for _again in range(5):
        seen = admin | {"If-Match": Client().get(url, headers=admin)["ETag"]}
        assert race(*(patcher(url, {"name": name}, seen) for name in ("A", "B"))) == [200, 412]


def test_of_two_changes_of_a_setting_one_wins() -> None:
    cache.clear()
    admin = bearer(make_user("administrator"), "settings:write")
    made = Client().post(
        "/api/v1/settings/categories/", {"code": "mail", "name": {"en": "Mail"}}, content_type="application/json",
        headers=admin,
    )  # fmt: skip
    assert made.status_code == 201, made.content
    url = "/api/v1/settings/categories/mail/"
    for name in ("Post", "Letters"):
        seen = admin | {"If-Match": Client().get(url, headers=admin)["ETag"]}
        bodies: list[dict[str, object]] = [{"name": {"en": f"{name} {n}"}} for n in (1, 2)]
        assert race(*(patcher(url, body, seen) for body in bodies)) == [200, 412]
