"""Settings pages of promises: sentences, try it, what it would move, saving, retiring; who may."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from accounts.queries import SYSTEM
from journal.units import database_now, door
from sla import commands as sla
from sla.commands import replan
from sla.models import EscalationStep, PauseRule, Target
from tests.factories import make_team, make_user, no_second_factor
from tests.sla.rooms import always, move, open_at, step, target, utc

pytestmark = pytest.mark.django_db
FORM = {"metric": "resolution", "priority": "", "service": "", "hours": "2", "minutes": "30"}


@pytest.fixture
def admin(client: Client) -> Client:
    """An administrator's browser."""
    no_second_factor()
    client.force_login(make_user("administrator", "agent"))
    return client


def test_lists_say_everything_in_sentences(admin: Client) -> None:
    with door(SYSTEM) as at:
        sla.apply_defaults(actor=SYSTEM, at=at)
    page = admin.get("/settings/targets/").content.decode()
    assert "Resolution of incidents with priority 1 within 4 hours of “At all hours”." in page
    page = admin.get("/settings/escalations/").content.decode()
    assert "Resolution, when 75 % of the time is used, for all incidents: tell one person (who works on it)." in page
    assert "Again after each 1 hour, 3 times." in page
    page = admin.get("/settings/pause-rules/").content.decode()
    assert "Incidents waiting for a change: the clock goes on." in page


def test_a_promise_is_tried_on_a_real_record(admin: Client) -> None:
    target(always(), 60)
    record = open_at(utc("2026-03-04 07:00"))
    page = admin.get("/settings/targets/", {"number": record.number}).content.decode()
    assert f"Were {record.number} opened now:" in page
    assert "No time is promised." in page
    assert "within 1 hour of “always”" in page
    assert "INC-99999999" in admin.get("/settings/targets/", {"number": "INC-99999999"}).content.decode()


def test_a_change_says_what_it_would_move_and_saves_only_when_told(admin: Client) -> None:
    calendar = always()
    row = target(calendar, 480)
    at = database_now()
    for minutes in (10, 200):
        open_at(at - timedelta(minutes=minutes))
    answer = admin.post(f"/settings/targets/{row.pk}/", {**FORM, "calendar": calendar.pk, "check": "1"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "Saving this moves 2 running clocks." in page
    assert "1 of them becomes overdue by it." in page
    row.refresh_from_db()
    assert row.minutes == 480
    assert admin.post(f"/settings/targets/{row.pk}/", {**FORM, "calendar": calendar.pk}).status_code == 303
    row.refresh_from_db()
    assert row.minutes == 150


def test_a_change_says_which_records_move_furthest_and_to_when(admin: Client) -> None:
    row = target(always(), 480)
    opened = database_now() - timedelta(minutes=10)
    record = open_at(opened)
    values = {**FORM, "calendar": row.calendar_id, "check": "1"}
    page = admin.post(f"/settings/targets/{row.pk}/", values).content.decode()
    zone = ZoneInfo("Europe/Stockholm")
    for minutes in (480, 150):
        assert f"{(opened + timedelta(minutes=minutes)).astimezone(zone):%Y-%m-%d %H:%M}" in page
    assert record.number in page
    assert "Due earlier: 1. Due later: 0." in page


def test_a_pause_rule_says_what_it_would_move_before_it_is_saved(admin: Client) -> None:
    target(always(), 60)
    at = database_now()
    waiting, late = open_at(at - timedelta(minutes=30)), open_at(at - timedelta(minutes=90))
    for record in (waiting, late):
        move(record, "hold", at - timedelta(minutes=20), "user")
    open_at(at)
    values = {"reason": "user", "pauses": "1"}
    page = admin.post("/settings/pause-rules/set/", {**values, "check": "1"}).content.decode()
    assert "Saving this moves 2 running clocks." in page
    assert "paused" in page
    assert not PauseRule.objects.exists()
    admin.post("/settings/pause-rules/set/", values)
    while replan.replan(at):
        pass
    page = admin.post("/settings/pause-rules/set/", {"reason": "user", "pauses": "0", "check": "1"}).content.decode()
    assert "Saving this moves 2 running clocks." in page
    assert "Due earlier: 0. Due later: 0." in page


def test_a_step_says_how_many_it_is_for_and_when_it_comes(admin: Client) -> None:
    target(always(), 480)
    at = database_now()
    for minutes in (10, 450):
        open_at(at - timedelta(minutes=minutes))
    values = {"metric": "resolution", "percent": "75", "action": "boost", "check": "1"}
    page = admin.post("/settings/escalations/new/", values).content.decode()
    assert "Saving this moves no running clock" in page
    assert "2 running clocks are of the kind" in page
    assert "For 1 of them its time would have passed already." in page
    assert "The step comes when 6 hours are used." in page
    assert not EscalationStep.objects.exists()


def test_points_and_length_of_a_boost_are_data(admin: Client) -> None:
    values = {"metric": "resolution", "percent": "75", "action": "boost", "points": "35", "hours": "6"}
    assert admin.post("/settings/escalations/new/", values).status_code == 303
    row = EscalationStep.objects.get()
    assert row.config == {"points": 35, "hours": 6}
    page = admin.get("/settings/escalations/").content.decode()
    assert "lift the work in the queue (35 points for 6 hours)" in page
    assert 'value="35"' in admin.get(f"/settings/escalations/{row.pk}/").content.decode()
    assert admin.post("/settings/escalations/new/", {**values, "points": "101"}).status_code == 422


@pytest.mark.parametrize(
    ("values", "config"),
    [
        ({"action": "notify_person", "person": "assignee"}, {"person": "assignee"}),
        ({"action": "notify_role", "role": "manager"}, {"role": "manager"}),
        ({"action": "notify_team", "role": "manager"}, {}),
        ({"action": "raise_priority", "person": "assignee"}, {}),
        ({"action": "boost"}, {}),
    ],
)
@pytest.mark.parametrize("when", [{"percent": "75"}, {"offset_minutes": "-30"}, {"offset_minutes": "30"}])
def test_every_action_at_every_time_is_set_on_the_page(
    admin: Client, values: dict[str, str], config: dict[str, str], when: dict[str, str]
) -> None:
    assert admin.post("/settings/escalations/new/", {"metric": "resolution", **when, **values}).status_code == 303
    row = EscalationStep.objects.get()
    assert (row.action, row.config) == (values["action"], config)


def test_an_offer_to_a_team_names_it(admin: Client) -> None:
    team = make_team("network")
    values = {"metric": "resolution", "offset_minutes": "0", "action": "offer_team"}
    assert admin.post("/settings/escalations/new/", values).status_code == 422
    assert admin.post("/settings/escalations/new/", {**values, "team": team.pk}).status_code == 303
    assert EscalationStep.objects.get().team == team


def test_a_promise_to_a_customer_is_set_on_the_page(admin: Client) -> None:
    calendar = always()
    make_user(unit="Emergency ward")
    values = {**FORM, "calendar": calendar.pk, "customer": "Emergency ward", "priority": "2"}
    assert admin.post("/settings/targets/new/", values).status_code == 303
    page = admin.get("/settings/targets/").content.decode()
    assert "Resolution of incidents with priority 2 from Emergency ward within 2 hours 30 minutes" in page
    assert "already a promise" in admin.post("/settings/targets/new/", values).content.decode()
    assert admin.post("/settings/targets/new/", {**values, "customer": "Nobody"}).status_code == 422
    assert admin.post("/settings/targets/new/", {**values, "customer": ""}).status_code == 303


def test_what_is_wrong_is_said_at_the_form(admin: Client) -> None:
    calendar = always()
    empty = admin.post("/settings/targets/new/", {**FORM, "hours": "0", "minutes": "0", "calendar": calendar.pk})
    assert (empty.status_code, "Give at least one minute." in empty.content.decode()) == (422, True)
    target(calendar, 60)
    twice = admin.post("/settings/targets/new/", {**FORM, "calendar": calendar.pk})
    assert (twice.status_code, "already a promise" in twice.content.decode()) == (422, True)
    values = {"metric": "resolution", "percent": "50", "offset_minutes": "5", "action": "notify_role"}
    both = admin.post("/settings/escalations/new/", values).content.decode()
    assert "Give either" in both
    assert "Say who." in both


def test_steps_and_pause_rules_are_saved_and_retired(admin: Client) -> None:
    values = {"metric": "resolution", "offset_minutes": "-30", "action": "notify_role", "role": "manager"}
    assert admin.post("/settings/escalations/new/", values).status_code == 303
    row = EscalationStep.objects.get()
    assert (row.offset_minutes, row.config) == (-30, {"role": "manager"})
    assert admin.post(f"/settings/escalations/{row.pk}/", {**values, "offset_minutes": "-45"}).status_code == 303
    assert admin.post(f"/settings/escalations/{row.pk}/retire/").status_code == 303
    row.refresh_from_db()
    assert (row.offset_minutes, row.retired_at is not None) == (-45, True)
    assert admin.get(f"/settings/escalations/{row.pk}/").status_code == 404
    assert admin.post("/settings/pause-rules/set/", {"reason": "user", "pauses": "0"}).status_code == 303
    assert PauseRule.objects.get().pauses is False
    promise = target(always(), 60)
    assert admin.post(f"/settings/targets/{promise.pk}/retire/").status_code == 303
    assert not Target.objects.filter(retired_at=None).exists()


def test_managers_read_and_do_not_change(client: Client) -> None:
    row, promise = step(percent=50), target(always(), 60)
    client.force_login(make_user("manager"))
    for path in ("targets", "escalations", "pause-rules"):
        page = client.get(f"/settings/{path}/")
        assert page.status_code == 200
        assert 'class="btn primary"' not in page.content.decode()
    assert client.get(f"/settings/targets/{promise.pk}/").status_code == 403
    assert client.post(f"/settings/escalations/{row.pk}/retire/").status_code == 403


def test_an_agreement_with_a_team_is_made_in_the_browser_and_read_in_a_sentence(admin: Client) -> None:
    network, calendar = make_team("network"), always()
    values = {**FORM, "calendar": calendar.pk, "party": "team", "team": network.pk}
    refused = admin.post("/settings/targets/new/", {**values, "metric": "response"})
    assert (refused.status_code, "is measured as a whole" in refused.content.decode()) == (422, True)
    assert admin.post("/settings/targets/new/", {**values, "supplier": "Cisco"}).status_code == 422
    assert admin.post("/settings/targets/new/", values).status_code == 303
    assert admin.post("/settings/targets/new/", {**FORM, "calendar": calendar.pk}).status_code == 303
    values = {**FORM, "calendar": calendar.pk, "party": "supplier", "supplier": "Cisco", "priority": "1"}
    assert admin.post("/settings/targets/new/", values).status_code == 303
    page = admin.get("/settings/targets/").content.decode().replace("&#x27;", "'")
    assert "network's own time with all incidents: 2 hours 30 minutes of “always”." in page
    assert "Supplier Cisco with incidents with priority 1: 2 hours 30 minutes of “always”." in page
    assert "Resolution of all incidents within 2 hours 30 minutes of “always”." in page
