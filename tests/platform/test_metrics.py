"""/metrics: what Prometheus reads, and who may."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from prometheus_client.parser import text_string_to_metric_families

from accounts.queries import SYSTEM
from incidents.commands import IncidentOpening, open_incident
from journal.commands import beat
from journal.models import Outbox
from journal.units import database_now, door
from sla import commands as promises
from tests.factories import NOON, make_actor

pytestmark = pytest.mark.django_db


def scraped(client: Client, **headers: Any) -> dict[tuple[str, str], float]:
    """Samples by name and the value of their first label, the rest of the labels added up."""
    answer = client.get("/metrics", **headers)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/plain; version=0.0.4; charset=utf-8")
    families = text_string_to_metric_families(answer.content.decode())
    seen: dict[tuple[str, str], float] = {}
    for each in (sample for one in families for sample in one.samples):
        key = (each.name, next(iter(each.labels.values()), ""))
        seen[key] = seen.get(key, 0) + each.value
    return seen


def test_an_empty_house(client: Client) -> None:
    seen = scraped(client)
    assert seen["spindel_database", ""] == 1
    assert seen["spindel_work_items", "queued"] == 0
    assert seen["spindel_sla_overdue_steps", ""] == seen["spindel_sla_oldest_overdue_seconds", ""] == 0
    assert seen["spindel_outbox_waiting", ""] == seen["spindel_outbox_oldest_seconds", ""] == 0
    assert [seen["spindel_given_up", what] for what in ("reactions", "steps", "deliveries")] == [0, 0, 0]


def test_what_waits_and_for_how_long(client: Client) -> None:
    at = database_now()
    for event, age in ((1, 300), (2, 20), (3, -600)):
        Outbox.objects.create(event_id=event, reaction="a", available_at=at - timedelta(seconds=age))
    Outbox.objects.create(event_id=4, reaction="a", available_at=at, dead_at=at)
    beat("engine:relay", at=at - timedelta(seconds=42), lag_seconds=1.5)
    beat("sweep:reports.day", at=at)
    seen = scraped(client)
    assert seen["spindel_outbox_waiting", ""] == 2
    assert 300 <= seen["spindel_outbox_oldest_seconds", ""] < 400
    assert seen["spindel_given_up", "reactions"] == 1
    assert 42 <= seen["spindel_last_alive_seconds", "engine:relay"] < 142
    assert seen["spindel_round_seconds", "engine:relay"] == 1.5
    assert ("spindel_last_alive_seconds", "sweep:reports.day") not in seen


def test_work_that_waits_and_promises_that_nobody_swept(client: Client) -> None:
    with door(SYSTEM, source="test"):
        promises.apply_defaults(actor=SYSTEM, at=NOON)
        open_incident(IncidentOpening(title="VPN drops"), actor=make_actor("agent"), at=NOON)
    seen = scraped(client)
    assert seen["spindel_work_items", "queued"] == 1
    assert seen["spindel_sla_overdue_steps", ""] > 0
    assert seen["spindel_sla_oldest_overdue_seconds", ""] > 3600
    promises.sweep(database_now())
    assert scraped(client)["spindel_sla_overdue_steps", ""] == 0


def test_requests_are_counted_by_area_and_never_by_address(client: Client) -> None:
    before = scraped(client)
    assert client.get("/queue/").status_code == 302
    assert client.get("/api/v1/incidents/INC-1/").status_code == 401
    assert client.get("/there/is/nothing").status_code == 404
    after = scraped(client)
    for area in ("coordination", "api", "none"):
        key = ("spindel_requests_total", area)
        assert after[key] == before.get(key, 0) + 1
    assert not [name for name, _label in after if "INC" in name]
    assert "INC-1" not in client.get("/metrics").content.decode()


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"REMOTE_ADDR": "10.0.0.7"}, 404),
        ({"HTTP_X_FORWARDED_FOR": "10.0.0.7"}, 404),  # a proxy on this machine, somebody else behind it
        ({"HTTP_AUTHORIZATION": "Bearer guessed", "REMOTE_ADDR": "10.0.0.7"}, 404),
    ],
)
def test_only_this_machine_reads_it(client: Client, headers: dict[str, str], status: int) -> None:
    assert client.get("/metrics", **headers).status_code == status


def test_others_read_it_with_the_token(client: Client, settings: Any) -> None:
    settings.SPINDEL_METRICS_TOKEN = "long-and-secret"
    there = {"REMOTE_ADDR": "10.0.0.7", "HTTP_X_FORWARDED_FOR": "10.0.0.7"}
    assert client.get("/metrics", **there, HTTP_AUTHORIZATION="Bearer long-and-secret").status_code == 200
    assert client.get("/metrics", **there, HTTP_AUTHORIZATION="Bearer long").status_code == 404
    assert client.get("/metrics").status_code == 404
    stranger, nowhere = client.get("/metrics", **there), client.get("/there/is/nothing", **there)
    assert stranger.content == nowhere.content
