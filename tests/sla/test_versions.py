"""Escalation steps and pause rules keep every version; an earlier one is looked at and comes into force again."""

import pytest
from django.test import Client

from accounts.models import Setting
from accounts.queries import SYSTEM
from journal.units import door
from kernel.errors import NotAllowed, NotFound, Stale
from sla import commands as sla
from sla.commands.replan import replan
from sla.models import EscalationStep, PauseRule
from sla.queries import versions
from sla.queries.settings import steps
from tests.factories import bearer, make_actor, make_user, no_second_factor
from tests.sla.rooms import always, clock, move, open_at, pause, step, target, utc

pytestmark = pytest.mark.django_db
AT = utc("2026-03-04 07:00")


def save(percent: int, old: EscalationStep | None = None) -> EscalationStep:
    content = sla.StepContent(kind="incident", metric="resolution", action="notify_team", percent=percent)
    with door(SYSTEM):
        return sla.save_step(old, content, actor=SYSTEM, at=AT)


def percents() -> list[int | None]:
    return [row.percent for row in steps()]


def test_every_change_of_a_step_is_a_version_and_what_was_there_before_the_first_one_too() -> None:
    step(percent=10)
    first = save(50)
    save(60, old=first)
    save(90)
    with door(SYSTEM):
        sla.retire(first, actor=SYSTEM, at=AT)
    kept = [[row["percent"] for row in each.value["rows"]] for each in reversed(versions.versions(versions.STEPS))]
    assert kept == [[10], [10, 50], [10, 60], [10, 60, 90], [10, 90]]
    assert [row.percent for row in versions.steps_of(3)] == [10, 60]


def test_an_earlier_version_comes_into_force_as_a_new_one() -> None:
    first, second = save(50), save(75)
    save(60, old=first)
    with door(SYSTEM):
        sla.retire(second, actor=SYSTEM, at=AT)
    third = save(90)
    with door(SYSTEM):
        sla.restore(versions.STEPS, 2, seen=5, actor=SYSTEM, at=AT)
    assert percents() == [50, 75]
    assert Setting.objects.filter(key=versions.STEPS).count() == 6
    third.refresh_from_db()
    assert third.retired_at == AT
    with door(SYSTEM), pytest.raises(Stale):
        sla.restore(versions.STEPS, 5, seen=5, actor=SYSTEM, at=AT)
    with door(SYSTEM):
        sla.restore(versions.STEPS, 5, seen=6, actor=SYSTEM, at=AT)
    assert percents() == [60, 90]
    with door(SYSTEM), pytest.raises(NotFound):
        sla.restore(versions.STEPS, 99, actor=SYSTEM, at=AT)


def test_restored_pause_rules_take_hold_of_records_that_wait() -> None:
    target(always(), 240)
    pause("user")
    record = open_at(AT)
    move(record, "hold", utc("2026-03-04 08:00"), "user")
    with door(SYSTEM):
        sla.save_pause_rule(kind="incident", reason="user", pauses=False, actor=SYSTEM, at=utc("2026-03-04 08:30"))
    replan(utc("2026-03-04 08:30"))
    assert clock(record).due_at == utc("2026-03-04 11:30")
    with door(SYSTEM):
        sla.restore(versions.PAUSES, 1, actor=SYSTEM, at=utc("2026-03-04 09:00"))
    replan(utc("2026-03-04 09:00"))
    assert (clock(record).state, PauseRule.objects.get().pauses) == ("paused", True)


def test_only_who_may_edit_settings_restores() -> None:
    save(50)
    for role, refused in (("manager", True), ("administrator", False)):
        actor = make_actor(role)
        with door(actor):
            if refused:
                with pytest.raises(NotAllowed):
                    sla.restore(versions.STEPS, 1, actor=actor, at=AT)
            else:
                sla.restore(versions.STEPS, 1, actor=actor, at=AT)


def test_the_defaults_are_one_version_of_each() -> None:
    with door(SYSTEM) as at:
        sla.apply_defaults(actor=SYSTEM, at=at)
    assert [len(versions.versions(key)) for key in (versions.STEPS, versions.PAUSES)] == [1, 1]
    assert [row.reason for row in versions.pauses_of(1)] == ["user", "supplier", "visit", "change"]


def test_pages_show_versions_look_at_one_and_restore_it(client: Client) -> None:
    no_second_factor()
    client.force_login(make_user("administrator", "agent"))
    save(75, old=save(50))
    page = client.get("/settings/escalations/", {"from": "1"}).content.decode()
    assert "This is version 1. It is not in force." in page
    assert "when 50 % of the time is used" in page
    assert client.post("/settings/escalations/versions/1/restore/", {"seen": "2"}).status_code == 303
    page = client.get("/settings/escalations/").content.decode()
    assert "when 50 % of the time is used" in page
    assert "Version 3 by" in page
    assert client.post("/settings/escalations/versions/1/restore/", {"seen": "2"}).status_code == 409
    values = {"reason": "user", "pauses": "1"}
    client.post("/settings/pause-rules/set/", values)
    client.post("/settings/pause-rules/set/", values | {"pauses": "0"})
    assert "the clock is paused" in client.get("/settings/pause-rules/", {"from": "1"}).content.decode()
    assert client.post("/settings/pause-rules/versions/1/restore/", {"seen": "2"}).status_code == 303
    assert PauseRule.objects.get().pauses
    assert client.get("/settings/pause-rules/", {"from": "77"}).status_code == 404


def test_the_api_changes_a_pause_rule_only_as_it_was_seen(client: Client) -> None:
    admin = bearer(make_user("administrator"), "settings:write")
    url = "/api/v1/settings/pause-rules/user/"

    def put(pauses: bool, **headers: str) -> int:
        body = {"pauses": pauses}
        return client.put(url, body, content_type="application/json", headers=admin | headers).status_code

    assert client.get(url, headers=admin).status_code == 404
    assert put(True) == 200
    seen = client.get(url, headers=admin)
    assert (seen.json()["pauses"], put(False)) == (True, 428)
    assert put(False, **{"If-Match": seen["ETag"]}) == 200
    assert put(True, **{"If-Match": seen["ETag"]}) == 412
    assert not PauseRule.objects.get().pauses
