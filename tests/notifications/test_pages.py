"""Settings pages of rules, webhooks and the log."""

import re

import pytest
from django.test import Client

from notifications.models import Delivery, Rule, Webhook
from tests.factories import NOON, make_user, no_second_factor

pytestmark = pytest.mark.django_db
HOOK = {"name": "Chat", "url": "https://chat.example/hook", "codes": ["incident.*"], "is_active": "on"}


@pytest.fixture
def admin(client: Client) -> Client:
    """An administrator's browser."""
    no_second_factor()
    client.force_login(make_user("administrator"))
    return client


def test_a_rule_is_added_changed_and_switched_off(admin: Client) -> None:
    values = {"code": "incident.resolve", "to": "role", "channel": "email", "priority_at_most": "2"}
    missing = admin.post("/settings/notification-rules/new/", values)
    assert (missing.status_code, "Choose the role that is told." in missing.content.decode()) == (422, True)
    assert admin.post("/settings/notification-rules/new/", {**values, "role": "manager"}).status_code == 303
    row = Rule.objects.get()
    assert "P1–P2" in admin.get("/settings/notification-rules/").content.decode()
    changed = {**values, "to": "watchers", "is_urgent": "on"}
    assert admin.post(f"/settings/notification-rules/{row.pk}/", changed).status_code == 303
    row.refresh_from_db()
    assert (row.to, row.is_urgent) == ("watchers", True)
    admin.post(f"/settings/notification-rules/{row.pk}/retire/")
    assert "nobody is told about anything" in admin.get("/settings/notification-rules/").content.decode()


def test_facts_that_only_accompany_others_are_not_offered(admin: Client) -> None:
    page = admin.get("/settings/notification-rules/new/").content.decode()
    assert 'value="record.opened"' in page
    assert 'value="notification.not_mailed"' in page
    assert 'value="record.phase_changed"' not in page


def test_the_secret_of_a_webhook_is_shown_once_and_can_be_made_anew(admin: Client) -> None:
    page = admin.post("/settings/webhooks/new/", HOOK).content.decode()
    row = Webhook.objects.get()
    first = row.secret
    assert first in page
    assert first not in admin.get("/settings/webhooks/").content.decode()
    assert first not in admin.get(f"/settings/webhooks/{row.pk}/").content.decode()
    rotated = admin.post(f"/settings/webhooks/{row.pk}/rotate/").content.decode()
    row.refresh_from_db()
    assert row.secret != first
    assert row.secret in rotated
    strange = admin.post("/settings/webhooks/new/", {**HOOK, "url": "ftp://chat.example/"})
    assert (strange.status_code, "https://host/path" in strange.content.decode()) == (422, True)


def test_a_test_message_is_queued_and_a_retired_webhook_gets_nothing_more(admin: Client) -> None:
    admin.post("/settings/webhooks/new/", HOOK)
    row = Webhook.objects.get()
    assert admin.post(f"/settings/webhooks/{row.pk}/test/").status_code == 303
    assert Delivery.objects.get().payload["type"] == "webhook.test"
    assert "webhook.test" in admin.get("/settings/deliveries/").content.decode()
    admin.post(f"/settings/webhooks/{row.pk}/retire/")
    assert admin.get(f"/settings/webhooks/{row.pk}/").status_code == 404


def test_the_log_shows_what_was_sent_waits_and_was_given_up(admin: Client) -> None:
    person = make_user()
    common = {
        "channel": "email", "user": person, "subject_kind": "incident", "subject_id": 1, "created_at": NOON,
        "available_at": NOON, "address": "anna@region.example",
    }  # fmt: skip
    for key, fields in {
        "Waits": {},
        "Went": {"sent_at": NOON},
        "Died": {"dead_at": NOON, "error": "no such box"},
    }.items():
        Delivery.objects.create(key=key, payload={"subject": key}, **common, **fields)
    for state, shown in {"": "Waits|Went|Died", "waiting": "Waits", "sent": "Went", "dead": "Died"}.items():
        page = admin.get("/settings/deliveries/", {"state": state}).content.decode()
        assert set(re.findall(r"<td>(Waits|Went|Died)</td>", page)) == set(shown.split("|"))
    assert "no such box" in admin.get("/settings/deliveries/").content.decode()
