"""Who hears of what: nobody of what they may not read, everybody as they chose; the list, the badge, muting."""

import pytest
from django.conf import LazySettings
from django.test import Client

from accounts.context import Frame
from accounts.models import User
from accounts.queries import actor_for
from journal.units import door
from kernel.actor import Actor
from kernel.reactions import When, reactions_to
from notifications import commands
from notifications.models import Choice, Delivery, Mute, Notification, Rule
from records import commands as records
from records.models import Record
from tests.factories import NOON, make_team, make_user, no_second_factor
from tests.notifications.test_deliver import a_record, fact_about

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def mailing(settings: LazySettings, db: None) -> None:
    """An installation that sends mail and asks nobody for a second factor."""
    settings.EMAIL_HOST = "127.0.0.1"
    no_second_factor()


def rule(code: str, to: str = "requester", channel: str = "in_app", **fields: object) -> None:
    Rule.objects.create(code=code, to=to, channel=channel, **fields)


def listed(person: User) -> list[str]:
    return list(Notification.objects.filter(user=person).order_by("pk").values_list("code", flat=True))


def browser(person: User) -> Client:
    client = Client()
    client.force_login(person)
    return client


def test_requesters_hear_of_public_words_and_not_of_internal_notes() -> None:
    rule("record.commented")
    rule("record.*", to="watchers")
    anna = make_user("requester")
    record = a_record(anna)
    with door(actor_for(make_user("agent"))):
        records.add_caller(record, anna, actor=actor_for(make_user("agent")), at=NOON)
    commands.tell(fact_about(record, "record.commented", event_id=1, is_public=False))
    commands.tell(fact_about(record, "record.field_changed", event_id=2, after={}))
    assert listed(anna) == []
    commands.tell(fact_about(record, "record.commented", event_id=3, is_public=True))
    assert listed(anna) == ["record.commented"]


def test_a_rule_does_not_show_a_team_what_it_may_not_see() -> None:
    net, other = make_team(), make_team()
    inside, outside = make_user("technician", team=net), make_user("technician", team=other)
    rule("incident.start", to="role", role="technician")
    record = a_record()
    Record.objects.filter(pk=record.pk).update(audience=[net.pk])
    commands.tell(fact_about(record, "incident.start"))
    assert (listed(inside), listed(outside)) == (["incident.start"], [])


def test_a_team_that_an_escalation_names_sees_the_record_from_then_on() -> None:
    team = make_team()
    member, record = make_user("technician", team=team), a_record()
    commands.tell_named(fact_about(record, "sla.step_fired"), {member.pk}, team=team.pk)
    assert listed(member) == ["sla.step_fired"]
    assert team.pk in Record.objects.get().audience


def test_an_opened_record_is_something_to_tell() -> None:
    assert any(each.__name__ == "tell" for each in reactions_to("record.opened", When.AFTER_COMMIT, {}))
    rule("record.opened")
    anna = make_user()
    commands.tell(fact_about(a_record(anna), "record.opened"))
    assert listed(anna) == ["record.opened"]


@pytest.mark.parametrize(
    ("mail", "is_listed", "lines", "mails"),
    [("at_once", True, 1, 1), ("never", True, 1, 0), ("never", False, 0, 0), ("at_once", False, 0, 1)],
)
def test_people_choose_how_they_are_told(mail: str, is_listed: bool, lines: int, mails: int) -> None:
    rule("incident.resolve", channel="email")
    anna = make_user()
    with door(actor_for(anna)):
        commands.choose({"requester": (mail, is_listed)}, actor=actor_for(anna), at=NOON)
    commands.tell(fact_about(a_record(anna)))
    assert (Notification.objects.count(), Delivery.objects.count()) == (lines, mails)


def test_an_urgent_rule_and_a_named_person_are_not_asked() -> None:
    rule("incident.resolve", channel="email", is_urgent=True)
    anna = make_user("agent")
    Choice.objects.bulk_create(
        [Choice(user=anna, why=why, mail="never", is_listed=False) for why in ("requester", "team", "contact_owner")]
    )
    record = a_record(anna)
    commands.tell(fact_about(record, event_id=1))
    commands.tell_named(fact_about(record, "sla.step_fired", event_id=2), {anna.pk})
    assert (listed(anna), Delivery.objects.count()) == (["incident.resolve", "sla.step_fired"], 2)


def test_gathered_mail_goes_out_together_within_the_hour() -> None:
    rule("incident.resolve", channel="email")
    anna = make_user()
    Choice.objects.create(user=anna, why="requester", mail="gathered")
    for event in (1, 2):
        commands.tell(fact_about(a_record(anna), event_id=event))
    times = set(Delivery.objects.values_list("available_at", "is_gathered"))
    assert times == {(NOON.replace(hour=NOON.hour + 1), True)}


def test_two_rules_for_one_person_are_one_line_and_one_mail() -> None:
    rule("incident.resolve")
    rule("incident.*", to="contact_owner", channel="email")
    anna = make_user("agent")
    record = a_record(anna)
    Record.objects.filter(pk=record.pk).update(contact_owner=anna)
    commands.tell(fact_about(record))
    assert (Notification.objects.count(), Delivery.objects.count()) == (1, 1)


def test_the_badge_counts_what_is_unread_and_opening_a_line_reads_the_record() -> None:
    rule("incident.resolve")
    rule("incident.start")
    anna = make_user("requester")
    first, second = a_record(anna), a_record(anna)
    for event, (record, code) in enumerate(
        [(first, "incident.start"), (second, "incident.start"), (first, "incident.resolve")], 1
    ):
        commands.tell(fact_about(record, code, event_id=event))
    assert badge(anna) == "3"
    client = browser(anna)
    page = client.get("/notifications/").content.decode()
    assert page.index(f"{first.number} VPN drops: Resolved") < page.index(f"{first.number} VPN drops: Work started")
    assert page.index(f"{first.number} VPN drops: Work started") < page.index(f"{second.number} VPN drops")
    newest = Notification.objects.get(event_id=3)
    answer = client.get(f"/notifications/{newest.pk}/")
    assert answer["Location"] == f"/{first.number}"
    assert badge(anna) == "1"
    stranger = browser(make_user("requester"))
    assert stranger.get(f"/notifications/{newest.pk}/").status_code == 404


def badge(person: User) -> object:
    actor: Actor = actor_for(person)
    return Frame(person, actor)["unread_count"]


def test_muting_can_be_taken_back() -> None:
    rule("incident.resolve")
    anna = make_user("requester")
    record, client = a_record(anna), browser(anna)
    client.post(f"/notifications/mute/{record.pk}/")
    commands.tell(fact_about(record, event_id=1))
    assert listed(anna) == []
    assert record.number in client.get("/notifications/choices/").content.decode()
    client.post(f"/notifications/unmute/{record.pk}/")
    commands.tell(fact_about(record, event_id=2))
    assert (listed(anna), Mute.objects.count()) == (["incident.resolve"], 0)


def test_choices_are_kept_by_the_page() -> None:
    anna = make_user("requester")
    client = browser(anna)
    page = client.get("/notifications/choices/").content.decode()
    assert "What you reported" in page
    reasons = ("requester", "callers", "watchers", "contact_owner", "assignee", "owner_team", "team", "role")
    values = {f"mail_{why}": "at_once" for why in reasons} | {"mail_requester": "never", "list_watchers": "on"}
    assert client.post("/notifications/choices/", values).status_code == 303
    kept = dict(Choice.objects.filter(user=anna).values_list("why", "mail"))
    assert (kept["requester"], kept["callers"], len(kept)) == ("never", "at_once", 8)
    assert list(Choice.objects.filter(is_listed=True).values_list("why", flat=True)) == ["watchers"]


def test_given_up_messages_are_sent_again_one_or_all_and_only_by_administrators() -> None:
    rule("incident.resolve", channel="email")
    for event in (1, 2, 3):
        commands.tell(fact_about(a_record(make_user()), event_id=event))
    Delivery.objects.update(dead_at=NOON, error="refused", attempts=12)
    manager, admin = browser(make_user("manager")), browser(make_user("administrator"))
    page = manager.get("/settings/deliveries/").content.decode()
    assert ("refused" in page, "Send again" in page) == (True, False)
    one = Delivery.objects.earliest("pk")
    assert manager.post(f"/settings/deliveries/{one.pk}/resend/").status_code == 403
    assert "Send 3 given-up messages again" in admin.get("/settings/deliveries/").content.decode()
    assert admin.post(f"/settings/deliveries/{one.pk}/resend/").status_code == 303
    assert Delivery.objects.filter(dead_at=None).count() == 1
    assert admin.post("/settings/deliveries/resend/").status_code == 303
    assert set(Delivery.objects.values_list("dead_at", "attempts", "error")) == {(None, 0, "")}


def test_there_are_rules_to_begin_with_and_they_come_once() -> None:
    for expected in (True, False):
        with door(actor_for(make_user("administrator"))) as at:
            assert commands.apply_defaults(actor=actor_for(make_user("administrator")), at=at) is expected
    assert Rule.objects.filter(code="incident.resolve", to="requester", channel="email").count() == 1
