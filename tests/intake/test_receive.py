"""Alerts become incidents: counted exactly, grouped, resolved and reopened by rule, refused with a reason."""

import json
import threading
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Any

import pytest
from django.conf import LazySettings
from django.db import connections, transaction
from django.test import Client

from accounts.models import User
from incidents.models import Incident, MatrixCell
from intake import commands, queries
from intake.api import alerts as api
from intake.commands import Delivery
from intake.models import AlertGroup, Inbox, SeverityRule, Source
from intake.signals import PARSERS
from journal.models import Event
from journal.units import door
from kernel.actor import Actor
from records.models import Record
from registry.models import Component, ComponentType, Service
from tests.factories import NOON, bearer, make_actor, make_team
from tests.sla.rooms import service


@pytest.fixture
def prometheus(db: None) -> Source:
    """A source with a team to fall back on, a rule for critical, one for noise."""
    source = Source.objects.create(
        code="prometheus", name="Prometheus", format="alertmanager", component_labels=["component", "instance"],
        default_team=make_team("net"),
    )  # fmt: skip
    SeverityRule.objects.create(label="severity", pattern="crit*", impact=1, urgency=1)
    SeverityRule.objects.create(label="severity", pattern="none", ignores=True)
    MatrixCell.objects.get_or_create(impact=1, urgency=1, defaults={"priority": 1})
    MatrixCell.objects.get_or_create(impact=3, urgency=3, defaults={"priority": 3})
    return source


@pytest.fixture
def machine(db: None) -> Actor:
    """The monitoring system."""
    return make_actor("integration", kind="integration")


def message(*alerts: dict[str, Any], group: str = "g") -> bytes:
    """An Alertmanager webhook."""
    return json.dumps({"version": "4", "groupKey": group, "status": "firing", "alerts": list(alerts)}).encode()


def alert(name: str = "Down", status: str = "firing", **labels: str) -> dict[str, Any]:
    """One alert of it."""
    labels = {"alertname": name, "severity": "critical", "instance": "vpn-gw-02:9100", **labels}
    return {"status": status, "fingerprint": name, "labels": labels, "annotations": {"summary": f"{name} happened"}}


def take(source: Source, raw: bytes, actor: Actor, minutes: int = 0) -> commands.Receipt:
    """What the API does with it, at NOON plus some minutes."""
    signals = PARSERS[source.format](json.loads(raw))
    with door(actor):
        return commands.receive(Delivery(source, raw, signals), actor=actor, at=NOON + timedelta(minutes=minutes))


def test_an_alert_becomes_one_incident_and_repeats_are_counted(prometheus: Source, machine: Actor) -> None:
    kind = ComponentType.objects.create(code="gateway", name={"en": "Gateway"})
    gateway = Component.objects.create(tag="vpn-gw-02", name="VPN gateway", type=kind, updated_at=NOON)
    first = take(prometheus, message(alert()), machine)
    for minute in range(1, 5):
        assert take(prometheus, message(alert()), machine, minute).repeated == 1
    incident, group = Incident.objects.select_related("record").get(), AlertGroup.objects.get()
    assert first.incidents == [incident.record.number]
    assert (first.opened, group.count, group.incident_id) == (1, 5, incident.pk)
    assert (incident.record.priority, incident.channel, incident.record.component_id) == (1, "alert", gateway.pk)
    assert incident.record.title == "Down happened · vpn-gw-02:9100"


def test_an_unknown_component_still_becomes_an_incident_of_the_sources_team(prometheus: Source, machine: Actor) -> None:
    take(prometheus, message(alert()), machine)
    record = Record.objects.get()
    assert (record.component_id, record.owner_team_id) == (None, prometheus.default_team_id)


def test_alerts_of_one_group_share_an_incident_while_it_is_open(prometheus: Source, machine: Actor) -> None:
    receipt = take(prometheus, message(alert("A"), alert("B")), machine)
    later = take(prometheus, message(alert("C")), machine, 5)
    other = take(prometheus, message(alert("D"), group="other"), machine, 6)
    assert (receipt.opened, receipt.grouped, later.grouped, other.opened) == (1, 1, 1, 1)
    assert Incident.objects.count() == 2


def test_the_last_cleared_alert_resolves_and_one_that_comes_back_reopens(prometheus: Source, machine: Actor) -> None:
    take(prometheus, message(alert("A"), alert("B")), machine)
    take(prometheus, message(alert("A", "resolved")), machine, 5)
    assert Record.objects.get().state != "resolved"
    take(prometheus, message(alert("B", "resolved")), machine, 6)
    assert Record.objects.get().state == "resolved"
    back = take(prometheus, message(alert("A")), machine, 30)
    assert (back.reopened, back.opened, Incident.objects.count()) == (1, 0, 1)
    assert Record.objects.get().phase != "done"
    take(prometheus, message(alert("A", "resolved")), machine, 40)
    late = take(prometheus, message(alert("A")), machine, 40 + 61)
    assert (late.reopened, late.opened, Incident.objects.count()) == (0, 1, 2)


@pytest.mark.parametrize(("rule", "state"), [("annotate", "new"), ("nothing", "new"), ("resolve", "resolved")])
def test_what_a_cleared_alert_does_is_the_sources_rule(
    prometheus: Source, machine: Actor, rule: str, state: str
) -> None:
    Source.objects.filter(pk=prometheus.pk).update(on_resolved=rule)
    prometheus.refresh_from_db()
    take(prometheus, message(alert()), machine)
    take(prometheus, message(alert(status="resolved")), machine, 5)
    assert Record.objects.get().state == state


def test_noise_is_dropped_and_an_unknown_clearing_is_harmless(prometheus: Source, machine: Actor) -> None:
    receipt = take(prometheus, message(alert(severity="none"), alert("X", "resolved")), machine)
    assert (receipt.dropped, receipt.unknown, Incident.objects.count(), Inbox.objects.count()) == (1, 1, 0, 1)


@pytest.mark.django_db(transaction=True)
def test_sixteen_equal_alerts_at_once_are_one_incident_with_count_sixteen(prometheus: Source, machine: Actor) -> None:
    gate, faults = threading.Barrier(16), []

    def send() -> None:
        gate.wait()
        try:
            take(prometheus, message(alert()), machine)
        except Exception as fault:  # noqa: BLE001  # whatever goes wrong is the finding
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=send) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert (Incident.objects.count(), AlertGroup.objects.get().count, Inbox.objects.count()) == (1, 16, 16)


def test_a_repeat_costs_few_statements(prometheus: Source, machine: Actor, django_assert_max_num_queries: Any) -> None:
    take(prometheus, message(alert()), machine)
    with django_assert_max_num_queries(6):  # two of them the savepoint that stands for the transaction here
        take(prometheus, message(alert()), machine, 1)


def test_a_service_named_by_a_label_gets_the_incident(prometheus: Source, machine: Actor) -> None:
    Source.objects.filter(pk=prometheus.pk).update(service_labels=["job"])
    prometheus.refresh_from_db()
    team, vpn = make_team("vpn"), service("vpn")
    Service.objects.filter(pk=vpn.pk).update(support_team=team)
    take(prometheus, message(alert(job="vpn")), machine)
    record = Record.objects.get()
    assert (record.service_id, record.owner_team_id) == (vpn.pk, team.pk)


def test_ten_thousand_repeats_are_one_incident_with_a_count(prometheus: Source, machine: Actor) -> None:
    for minute in range(10):
        take(prometheus, message(*[alert()] * 1000), machine, minute)
    assert (AlertGroup.objects.get().count, Incident.objects.count()) == (10_000, 1)
    told = Event.objects.filter(subject_id=Record.objects.get().pk, code="alert.firing").count()
    assert told <= 1, "repeats are counted, not told"


def test_an_alert_that_flaps_stays_one_incident(prometheus: Source, machine: Actor) -> None:
    for minute in range(0, 60, 4):
        take(prometheus, message(alert()), machine, minute)
        take(prometheus, message(alert(status="resolved")), machine, minute + 2)
    assert Incident.objects.count() == 1
    assert AlertGroup.objects.count() == 15


def test_false_alarms_are_counted_per_rule_whatever_the_sender_calls_it(prometheus: Source, machine: Actor) -> None:
    generic = Source.objects.create(code="script", name="Script", format="generic")
    take(prometheus, message(alert("Noise")), machine)
    take(generic, b'{"title": "Backup late"}', machine)
    for group in AlertGroup.objects.all():
        with door(actor := make_actor("coordinator")) as at:
            commands.mark_false_alarm(group, actor=actor, at=at)
    assert queries.false_alarms() == [("Backup late", 1, 1), ("Noise", 1, 1)]


BAD = [
    b"", b"{", b"[]", b'"x"', b"\xff\xfe", b'{"version": "3", "alerts": []}', b'{"version": "4"}',
    b'{"version": "4", "alerts": [1]}', b'{"version": "4", "alerts": [{"status": "gone"}]}',
    b'{"version": "4", "alerts": [{"status": "firing", "labels": {"a": {"b": 1}}}]}',
    b'{"version": "4", "alerts": [], "x": 1e400}', b'{"version": "4", "alerts": [], "x": NaN}',
    b'{"version": "4", "version": "4", "alerts": []}', b'{"a":' * 5000,
    b'{"version": "4", "alerts": [{"status": "firing", "labels": {"a": "\\u0000"}}]}',
    b'{"version": "4", "alerts": [{"status": "firing", "labels": {"a": "\\ud800"}}]}',
    b'{"version": "4", "alerts": [{"status": "firing", "labels": [1]}]}',
]  # fmt: skip


@pytest.fixture
def sender(prometheus: Source, machine: Actor) -> tuple[Client, dict[str, str]]:
    """A client with the token of the monitoring system."""
    return Client(), bearer(User.objects.get(pk=machine.id), "alerts:write")


URL = "/api/v1/alerts/alertmanager/"


@pytest.mark.parametrize("raw", BAD)
def test_what_cannot_be_read_is_refused_with_a_reason_and_kept(
    sender: tuple[Client, dict[str, str]], raw: bytes
) -> None:
    client, headers = sender
    answer = client.post(URL, raw, content_type="application/json", headers=headers)
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    kept = Inbox.objects.get()
    assert kept.status == 400
    assert kept.reason == answer.json()["detail"]
    assert bytes(kept.raw) == raw
    assert Incident.objects.count() == 0


def test_too_much_is_refused_with_413_and_its_beginning_kept(sender: tuple[Client, dict[str, str]]) -> None:
    client, headers = sender
    answer = client.post(URL, b" " * 1_000_001, content_type="application/json", headers=headers)
    assert answer.status_code == 413
    assert Inbox.objects.get().status == 413


def test_a_message_over_http_is_answered_with_the_incidents_number(sender: tuple[Client, dict[str, str]]) -> None:
    client, headers = sender
    answer = client.post(URL, message(alert()), content_type="application/json", headers=headers)
    assert answer.status_code == 202
    assert answer.json()["incidents"] == [Record.objects.get().number]


def test_overload_is_answered_with_503_and_nothing_is_half_taken(
    sender: tuple[Client, dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, headers = sender
    busy = BoundedSemaphore(1)
    busy.acquire()
    monkeypatch.setattr(api, "_room", busy)
    monkeypatch.setattr(api, "PATIENCE", 0)
    body: dict[str, Any] = {"data": message(alert()), "content_type": "application/json", "headers": headers}
    answer = client.post(URL, **body)
    assert (answer.status_code, answer["Retry-After"], answer.json()["code"]) == (503, "5", "busy")
    assert (Inbox.objects.count(), Incident.objects.count()) == (0, 0)
    busy.release()
    assert client.post(URL, **body).status_code == 202


@pytest.mark.django_db(transaction=True)
def test_a_database_that_makes_it_wait_too_long_is_answered_with_503(sender: tuple[Client, dict[str, str]]) -> None:
    client, headers = sender
    held, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connections["default"].cursor() as cursor:
            cursor.execute("LOCK TABLE intake_alertgroup IN ACCESS EXCLUSIVE MODE")
            held.set()
            let_go.wait(60)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(30)
    body: dict[str, Any] = {"data": message(alert()), "content_type": "application/json", "headers": headers}
    assert client.post(URL, **body).status_code == 503
    let_go.set()
    thread.join()
    assert client.post(URL, **body).status_code == 202
    assert Incident.objects.count() == 1


def test_accepted_means_stored_even_if_the_broker_is_down(
    sender: tuple[Client, dict[str, str]], settings: LazySettings
) -> None:
    nobody = "redis://127.0.0.1:1/0"
    settings.CELERY_BROKER_URL = nobody
    settings.CACHES = {**settings.CACHES, "default": {**settings.CACHES["default"], "LOCATION": nobody}}
    client, headers = sender
    answer = client.post(URL, message(alert()), content_type="application/json", headers=headers)
    assert answer.status_code == 202
    assert answer.json()["incidents"] == [Record.objects.get().number]


def test_much_too_much_is_refused_as_well(sender: tuple[Client, dict[str, str]]) -> None:
    client, headers = sender
    answer = client.post(URL, b"x" * 6_000_000, content_type="application/json", headers=headers)
    assert answer.status_code == 413
    kept = Inbox.objects.get()
    assert (kept.status, len(bytes(kept.raw))) == (413, 65_536)


def test_only_a_token_of_the_scope_may_knock(prometheus: Source, machine: Actor) -> None:
    body: dict[str, Any] = {"data": message(alert()), "content_type": "application/json"}
    assert Client().post(URL, **body).status_code == 401
    user = User.objects.get(pk=machine.id)
    assert Client().post(URL, **body, headers=bearer(user, "records:read")).status_code == 403
    assert Incident.objects.count() == 0
    assert Client().post(URL, **body, headers=bearer(user, "alerts:write")).status_code == 202
