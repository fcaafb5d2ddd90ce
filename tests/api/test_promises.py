"""Promises through the API: tried before they change, earlier versions restored, due times explained."""

from typing import Any

import pytest
from django.core.cache import cache

from accounts.queries.settings import forget_settings
from journal.units import database_now
from sla.models import Clock, EscalationStep
from tests.api.test_records import headers_of, send
from tests.factories import bearer, make_user
from tests.incidents.help import World
from workforce.models import Calendar

pytestmark = pytest.mark.django_db
TARGET = {"metric": "resolution", "minutes": 240, "calendar": "always"}
STEP = {"metric": "resolution", "percent": 50, "action": "notify_person", "person": "assignee"}


@pytest.fixture
def admin() -> Any:
    """An administrator's machine, and a calendar that is always open."""
    cache.clear()
    forget_settings()
    Calendar.objects.create(code="always", name={"en": "Always"}, always_open=True)
    yield bearer(make_user("administrator"), "records:read", "settings:write")
    forget_settings()


def test_promises_are_tried_and_explained(admin: dict[str, str]) -> None:
    made = send("post", "settings/targets/", admin, TARGET).json()
    world = World()
    record = world.opened(moment=database_now()).record
    assert Clock.objects.filter(record=record).count() == 1
    tried = send("post", "settings/targets/preview/", admin, TARGET | {"minutes": 60, "instead_of": made["id"]}).json()
    assert (tried["looked_at"], tried["moved"], tried["earlier"]) == (1, 1, 1)
    assert tried["furthest"][0]["number"] == record.number
    same = send("post", "settings/targets/preview/", admin, TARGET | {"instead_of": made["id"]}).json()
    assert same["moved"] == 0
    agent = headers_of(world.agent.id)
    told = send("get", f"records/{record.number}/promises/explained/", agent).json()["results"]
    assert [(each["metric"], each["lines"][0]["kind"]) for each in told] == [("resolution", "started")]
    reader = bearer(make_user("administrator", "coordinator"), "records:read", "settings:write")
    covered = send("get", f"settings/targets/try/{record.number}/", reader).json()["results"]
    assert len([each for each in covered if each["due_at"]]) == 1
    assert send("get", f"records/{record.number}/promises/explained/", headers_of(world.caller.pk)).status_code == 403


def test_steps_are_tried_and_restored(admin: dict[str, str]) -> None:
    send("post", "settings/targets/", admin, TARGET)
    tried = send("post", "settings/escalations/preview/", admin, STEP).json()
    assert ([each["minutes"] for each in tried["instants"]], EscalationStep.objects.count()) == ([120], 0)
    made = send("post", "settings/escalations/", admin, STEP).json()
    newest = send("get", "settings/escalations/versions/", admin).json()["results"][0]["version"]
    assert send("delete", f"settings/escalations/{made['id']}/", admin).status_code == 204
    url = f"settings/escalations/versions/{newest}/"
    assert [row["percent"] for row in send("get", url, admin).json()["results"]] == [50]
    assert send("post", f"{url}restore/", admin).status_code == 204
    assert [row["percent"] for row in send("get", "settings/escalations/", admin).json()["results"]] == [50]
    assert send("post", "settings/escalations/versions/999/restore/", admin).status_code == 404


def test_pauses_are_tried_and_restored(admin: dict[str, str]) -> None:
    tried = send("post", "settings/pause-rules/preview/", admin, {"reason": "supplier", "pauses": True}).json()
    assert (tried["looked_at"], tried["moved"]) == (0, 0)
    for pauses in (True, False):
        known = {"If-Match": "*"}
        assert send("put", "settings/pause-rules/supplier/", admin, {"pauses": pauses}, **known).status_code == 200
    older = send("get", "settings/pause-rules/versions/", admin).json()["results"][1]["version"]
    assert send("post", f"settings/pause-rules/versions/{older}/restore/", admin).status_code == 204
    assert send("get", "settings/pause-rules/supplier/", admin).json()["pauses"] is True
