"""The page says how a due time came about, to the minute."""

import re

import pytest
from django.test import Client

from accounts.queries import SYSTEM, actor_for
from journal.units import door
from records import commands as records
from records.models import Record
from sla.queries import Explanation, explain
from tests.factories import make_user
from tests.sla.rooms import always, locked, move, office, open_at, pause, retarget, target, utc

pytestmark = pytest.mark.django_db


def told(record: Record, at: str = "2026-03-05 12:00") -> list[tuple[str, str, int | None, int | None]]:
    """(kind, time of day in UTC, minutes counted, total) of the first clock's lines."""
    explanation: Explanation = explain(record, at=utc(at))[0]
    return [(line.kind, f"{line.at:%d %H:%M}", line.minutes, line.total) for line in explanation.lines]


def test_open_stretches_pauses_and_the_due_time_add_up() -> None:
    target(office(), 8 * 60)
    pause("user")
    record = open_at(utc("2026-03-04 07:30"))
    move(record, "hold", utc("2026-03-04 12:30"), "user")
    move(record, "start", utc("2026-03-05 07:00"))
    assert told(record) == [
        ("started", "04 07:30", None, None),
        ("open", "04 07:30", 210, 210),
        ("open", "04 12:00", 30, 240),
        ("paused", "04 12:30", None, None),
        ("resumed", "05 07:00", None, None),
        ("open", "05 07:00", 240, 480),
        ("due", "05 11:00", None, 480),
    ]
    lines = explain(record, at=utc("2026-03-05 08:00"))[0].lines
    assert [line.is_ahead for line in lines] == [False] * 5 + [True, True]
    assert lines[3].text == "The clock is paused: waiting for the user"
    assert lines[0].text == "The clock starts. Promised: 8 hours of “office”, priority 3"


def test_a_change_of_target_keeps_what_was_used_and_says_why() -> None:
    target(office(), 8 * 60, priority=3)
    target(always(), 4 * 60, priority=1)
    record = open_at(utc("2026-03-04 07:00"), priority=3)
    retarget(record, utc("2026-03-04 09:00"), priority=1)
    assert told(record) == [
        ("started", "04 07:00", None, None),
        ("open", "04 07:00", 120, 120),
        ("retargeted", "04 09:00", None, None),
        ("open", "04 09:00", 120, 240),
        ("due", "04 11:00", None, 240),
    ]
    text = explain(record, at=utc("2026-03-04 09:00"))[0].lines[2].text
    assert text.endswith("priority 1. Time used so far is kept. Reason given: test")


def test_what_was_undone_is_told_and_not_counted() -> None:
    target(always(), 60)
    record = open_at(utc("2026-03-04 07:00"))
    before = records.state_of(record)
    move(record, "resolve", utc("2026-03-04 07:10"))
    with locked(record, utc("2026-03-04 07:11")) as at:
        records.move_back(record, before, done_at=utc("2026-03-04 07:10"), actor=SYSTEM, at=at)
    assert told(record) == [
        ("started", "04 07:00", None, None),
        ("open", "04 07:00", 11, 11),
        ("undone", "04 07:11", None, None),
        ("open", "04 07:11", 49, 60),
        ("due", "04 08:00", None, 60),
    ]


def test_each_act_names_the_person(client: Client) -> None:
    calendar = always()
    target(calendar, 480, priority=3)
    target(calendar, 240, priority=1)
    agent = make_user("agent", name="Ana Agent")
    record = open_at(utc("2026-03-04 07:00"), priority=3)
    actor = actor_for(agent)
    with door(actor):
        at = records.lock(record, at=utc("2026-03-04 08:00"))
        records.retarget(record, actor=actor, at=at, reason="Many callers", priority=1)
    lines = explain(record, at=utc("2026-03-04 09:00"))[0].lines
    assert [(line.kind, line.who) for line in lines] == [
        ("started", "Spindel"), ("open", ""), ("retargeted", "Ana Agent"), ("open", ""), ("due", ""),
    ]  # fmt: skip
    client.force_login(agent)
    page = client.get(f"/records/{record.number}/sla/").content.decode()
    assert re.search(r"Reason given: Many callers.*?</td><td[^>]*>Ana Agent</td>", page, re.DOTALL)


def test_the_page_is_for_staff_and_works_without_scripts(client: Client) -> None:
    target(office(), 8 * 60)
    requester = make_user("requester")
    record = open_at(utc("2026-03-04 07:30"), requester=requester)
    client.force_login(make_user("agent"))
    page = client.get(f"/records/{record.number}/sla/")
    assert page.status_code == 200
    assert "How the due time came about" in page.content.decode()
    fragment = client.get(f"/records/{record.number}/sla/", headers={"HX-Request": "true"})
    assert b"<html" not in fragment.content
    assert client.get("/records/INC-99999999/sla/").status_code == 404
    client.force_login(requester)
    assert client.get(f"/records/{record.number}/sla/").status_code == 403
