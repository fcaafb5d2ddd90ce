"""Settings pages of alerts: sources, rules with a box that changes nothing, refused messages; alerts of an incident."""

import json

import pytest
from django.test import Client

from incidents.models import Incident, MatrixCell
from intake.models import AlertGroup, Inbox, SeverityRule, Source
from kernel.actor import Actor
from records.models import Record
from tests.factories import bearer, make_actor, make_user, no_second_factor
from tests.intake.test_receive import alert, message, take
from tests.sla.rooms import service

pytestmark = pytest.mark.django_db
SOURCE = {
    "code": "zabbix", "name": "Zabbix", "format": "generic", "on_resolved": "annotate", "reopen_minutes": "30",
    "component_labels": "host, component", "service_labels": "service, job", "default_team": "",
}  # fmt: skip


@pytest.fixture
def admin(client: Client) -> Client:
    """An administrator's browser."""
    no_second_factor()
    MatrixCell.objects.get_or_create(impact=3, urgency=3, defaults={"priority": 3})
    client.force_login(make_user("administrator", "agent"))
    return client


def test_a_source_is_added_changed_and_used(admin: Client) -> None:
    assert admin.post("/settings/alert-sources/new/", SOURCE).status_code == 303
    source = Source.objects.get()
    assert (source.component_labels, source.service_labels) == (["host", "component"], ["service", "job"])
    page = admin.get("/settings/alert-sources/zabbix/").content.decode()
    assert 'value="service, job"' in page
    assert admin.post("/settings/alert-sources/zabbix/", {**SOURCE, "on_resolved": "resolve"}).status_code == 303
    page = admin.get("/settings/alert-sources/").content.decode()
    assert "/api/v1/alerts/generic/?source=zabbix" in page
    assert "resolve the incident" in page
    assert admin.post("/settings/alert-sources/new/", {**SOURCE, "code": "a b"}).status_code == 422


def test_a_code_is_given_once_even_after_its_source_is_no_longer_used(admin: Client) -> None:
    admin.post("/settings/alert-sources/new/", SOURCE)
    again = admin.post("/settings/alert-sources/new/", {**SOURCE, "name": "Another"})
    assert (again.status_code, "This code is in use." in again.content.decode()) == (422, True)
    admin.post("/settings/alert-sources/zabbix/retire/")
    assert admin.post("/settings/alert-sources/new/", SOURCE).status_code == 422
    assert admin.post("/settings/alert-sources/new/", {**SOURCE, "code": "zabbix-2"}).status_code == 303


def test_a_source_out_of_use_raises_nothing_and_takes_its_own_rules_with_it(admin: Client) -> None:
    admin.post("/settings/alert-sources/new/", SOURCE)
    source = Source.objects.get()
    SeverityRule.objects.create(source=source, label="severity", pattern="crit*")
    common = SeverityRule.objects.create(label="severity", pattern="warn*")
    headers = bearer(make_user("integration", kind="integration"), "alerts:write")

    def send() -> int:
        body = {"title": "Disk full", "severity": "warning", "key": "db-3", "status": "firing"}
        return Client().post(
            "/api/v1/alerts/generic/?source=zabbix", body, content_type="application/json", headers=headers
        ).status_code  # fmt: skip

    assert send() == 202
    assert "No longer use this source" in admin.get("/settings/alert-sources/zabbix/").content.decode()
    assert admin.post("/settings/alert-sources/zabbix/retire/").status_code == 303
    assert send() == 404
    assert admin.get("/settings/alert-sources/zabbix/").status_code == 404
    assert "zabbix" not in admin.get("/settings/alert-sources/").content.decode()
    assert [rule.pk for rule in SeverityRule.objects.filter(retired_at=None)] == [common.pk]
    assert AlertGroup.objects.get().state == AlertGroup.State.ACKNOWLEDGED
    assert Record.objects.get().phase == "new"


def test_rules_are_added_tried_and_switched_off_and_trying_changes_nothing(admin: Client) -> None:
    admin.post("/settings/alert-sources/new/", SOURCE)
    service("vpn")
    rule = {"source": "", "position": "1", "label": "severity", "pattern": "crit*", "impact": "1", "urgency": "2"}
    assert admin.post("/settings/severity-rules/new/", rule).status_code == 303
    text = json.dumps({"title": "Disk full", "severity": "CRITICAL", "labels": {"job": "vpn"}})
    page = admin.post("/settings/severity-rules/try/", {"source": "zabbix", "message": text}).content.decode()
    assert "impact 1, urgency 2" in page
    assert "vpn" in page
    assert (Incident.objects.count(), Inbox.objects.count(), AlertGroup.objects.count()) == (0, 0, 0)
    wrong = admin.post("/settings/severity-rules/try/", {"source": "zabbix", "message": "{"})
    assert (wrong.status_code, "The body is not JSON" in wrong.content.decode()) == (422, True)
    row = SeverityRule.objects.get()
    assert admin.post(f"/settings/severity-rules/{row.pk}/", {**rule, "ignores": "on"}).status_code == 303
    page = admin.post("/settings/severity-rules/try/", {"source": "zabbix", "message": text}).content.decode()
    assert "dropped, no incident" in page
    assert admin.post(f"/settings/severity-rules/{row.pk}/retire/").status_code == 303
    assert admin.get(f"/settings/severity-rules/{row.pk}/").status_code == 404


def test_a_refused_message_is_read_as_it_came_and_escaped(admin: Client) -> None:
    admin.post("/settings/alert-sources/new/", SOURCE)
    headers = bearer(make_user("integration", kind="integration"), "alerts:write")
    raw = b'{"title": "<script>alert(1)</script>", "status": "gone"}'
    answer = Client().post("/api/v1/alerts/generic/", raw, content_type="application/json", headers=headers)
    assert answer.status_code == 400
    page = admin.get("/settings/alert-inbox/").content.decode()
    assert "must be `firing` or `resolved`" in page
    kept = admin.get(f"/settings/alert-inbox/{Inbox.objects.get().pk}/").content.decode()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in kept


def test_an_incident_shows_its_alerts_with_counts_and_a_false_alarm_is_marked(admin: Client) -> None:
    source = Source.objects.create(code="prometheus", name="Prometheus", format="alertmanager")
    machine: Actor = make_actor("integration", kind="integration")
    for minute in range(3):
        take(source, message(alert(severity="x")), machine, minute)
    number = Record.objects.get().number
    assert "told 3 times" in admin.get(f"/records/{number}/alerts/").content.decode()
    assert admin.post(f"/alerts/{AlertGroup.objects.get().pk}/false/").status_code == 303
    assert "Marked as a false alarm." in admin.get(f"/records/{number}/alerts/").content.decode()
    assert "Down: 1 of 1" in admin.get("/settings/alert-sources/").content.decode()
